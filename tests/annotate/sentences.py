"""Articles of one text whose tags are given by hand, so that a test depends on no trained model."""

from dataclasses import dataclass

from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.annotate.extract.columns import Found
from kg.annotate.extract.noun_phrases import find_candidates
from kg.annotate.extract.tokens import Tokens
from kg.annotate.extract.view import View, tagger_view
from kg.base.model import ParsedArticle, PartName
from kg.read.markdown import to_part
from tests.annotate.spans import ranges


def article(*sources: str) -> ParsedArticle:
    """An article of one Markdown text, or of a question and an answer."""
    names = [PartName.BODY] if len(sources) == 1 else [PartName.QUESTION, PartName.ANSWER]
    parts = tuple(to_part(name, source) for name, source in zip(names, sources, strict=True))
    return ParsedArticle(url="/x", path="x.md", line=1, sha256="0" * 64, title="A title", parts=parts)


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


@dataclass(frozen=True)
class Occurrence:
    """Where a term stands: the part's number and code points in its published text; the sentence around it likewise."""

    part: int
    start: int
    end: int
    sentence_start: int
    sentence_end: int


@dataclass(frozen=True)
class Candidate:
    """A row of what was found."""

    term: str
    shape: str
    words: int
    first: int
    last: int
    alone: int
    proper: int
    bold: int
    heading: int
    section_name: int
    item_start: int
    frequency: int
    occurrences: list[Occurrence]
    spans: list[tuple[int, int]]


def candidates(found: Found) -> dict[str, Candidate]:
    """What was found, by normal form, a row a candidate."""
    places = {name: column.tolist() for name, column in found.places.items()}
    rows = [Occurrence(**dict(zip(places, row, strict=True))) for row in zip(*places.values(), strict=True)]
    columns = {name: column.tolist() for name, column in found.columns.items()}
    result = {}
    for number, (term, shape, spans) in enumerate(zip(found.terms, found.shapes, ranges(found.spans), strict=True)):
        start = int(found.spans.starts[number])
        values = {name: column[number] for name, column in columns.items()}
        result[term] = Candidate(term, shape, **values, occurrences=rows[start : start + len(spans)], spans=spans)
    return result


def find_all(tags: str, *sources: str, keywords: frozenset[str] = frozenset()) -> Found:
    """What is found in an article of the texts `sources`, tagged as `tags` says."""
    view = tagger_view(article(*sources))
    return find_candidates(Tokens(tagged(view, tags), view), view, keywords)


def find(tags: str, *sources: str, keywords: frozenset[str] = frozenset()) -> dict[str, Candidate]:
    """The candidates of an article of the texts `sources`, tagged as `tags` says."""
    return candidates(find_all(tags, *sources, keywords=keywords))


def quotes(candidate: Candidate, *sources: str) -> list[str]:
    """The published words of each occurrence."""
    parts = article(*sources).parts
    return [parts[o.part].text[o.start : o.end] for o in candidate.occurrences]


def sentences(candidate: Candidate, *sources: str) -> list[str]:
    """The published sentence around each occurrence."""
    parts = article(*sources).parts
    return [parts[o.part].text[o.sentence_start : o.sentence_end] for o in candidate.occurrences]
