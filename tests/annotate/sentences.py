"""Articles of one text whose tags are given by hand, so that a test depends on no trained model."""

from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.annotate.candidates import Candidate, Found, find_candidates
from kg.annotate.view import View, tagger_view
from kg.model import Article, PartName
from kg.read.markdown import to_part


def article(*sources: str) -> Article:
    """An article of one Markdown text, or of a question and an answer."""
    names = [PartName.BODY] if len(sources) == 1 else [PartName.QUESTION, PartName.ANSWER]
    parts = tuple(to_part(name, source) for name, source in zip(names, sources, strict=True))
    return Article(url="/x", path="x.md", line=1, sha256="0" * 64, title="A title", parts=parts)


def tagged(view: View, tags: str) -> Doc:
    """`view.text` as a Doc. `tags` are the tokens, "word/TAG" with a space between, in the order of the text."""
    words: list[str] = []
    spaces: list[bool] = []
    names: list[str] = []
    position = 0
    for pair in tags.split():
        word, _, tag = pair.rpartition("/")
        while not view.text.startswith(word, position):
            assert view.text[position] == "\n", f"{word!r} is not at {view.text[position:]!r}"
            words.append("\n")
            names.append("_SP")
            spaces.append(False)
            position += 1
        position += len(word)
        spaces.append(view.text.startswith(" ", position))
        position += spaces[-1]
        words.append(word)
        names.append(tag)
    doc = Doc(Vocab(), words=words, tags=names, spaces=spaces)
    assert view.text.startswith(doc.text)
    return doc


def find(tags: str, *sources: str, keywords: frozenset[str] = frozenset()) -> Found:
    """The candidates of an article of the texts `sources`, tagged as `tags` says."""
    view = tagger_view(article(*sources))
    return find_candidates(tagged(view, tags), view, keywords)


def quotes(candidate: Candidate, *sources: str) -> list[str]:
    """The published words of each occurrence."""
    parts = article(*sources).parts
    return [parts[o.part].text[o.start : o.end] for o in candidate.occurrences]


def sentences(candidate: Candidate, *sources: str) -> list[str]:
    """The published sentence around each occurrence."""
    parts = article(*sources).parts
    return [parts[o.part].text[o.sentence_start : o.sentence_end] for o in candidate.occurrences]
