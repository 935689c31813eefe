"""The tagger's view of an article, and the way back into the published text."""

import re
from itertools import cycle

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from kg.annotate.extract.noun_phrases import find_candidates
from kg.annotate.extract.tokens import Tokens
from kg.annotate.extract.view import MASK, MAX_MARKS, MAX_RUN, View, tagger_view
from kg.annotate.text.normal_form import normal_form
from kg.base.model import MarkKind, ParsedArticle, SegmentKind
from kg.read.fields import clean
from tests.annotate.sentences import Candidate, article, candidates

WORDS = "data drift models Bayes' café naïve k-fold A/B 😀 model’s APIs 漢字 the of . , ? 3 Régression".split()
TAGS = ["NN", "NNS", "NNP", "JJ", "VBG", "VBN", "POS", "DT", "IN", "."]


def test_segments_stand_below_each_other() -> None:
    view = tagger_view(article("What is drift?", "# One\n\nTwo\nthree.\n\n- Four\n\n| a | b |\n|---|---|\n| c | d |"))
    assert view.text.split("\n") == ["What is drift?", "One", "Two three.", "Four", "a", "b", "c", "d", ""]
    assert [segment.part for segment in view.segments] == [0, 1, 1, 1, 1, 1, 1, 1]
    assert [segment.kind for segment in view.segments[:4]] == [
        SegmentKind.PROSE,
        SegmentKind.HEADING,
        SegmentKind.PROSE,
        SegmentKind.ITEM,
    ]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Use `while` here", "Use while here"),
        ("Use `a.b()` here", f"Use {MASK} here"),
        ("Use $x$ here", "Use x here"),
        (r"Use \(n\) here", "Use n here"),
        (r"Use $\alpha + 1$ here", f"Use {MASK} here"),
        ("It’s here", "It's here"),
        ("```\nx = 1\n```", ""),
        ("$$x$$", ""),
    ],
)
def test_mathematics_and_code_are_masked(source: str, shown: str) -> None:
    assert tagger_view(article(source)).text.strip() == shown


@pytest.mark.parametrize(
    "written",
    [
        *("https://example.org/frost?x=1#y", "www.example.org", "example.org/frost/report", "grower@example.org"),
        *("/usr/local/bin/prune", "./run.sh", "~/frost", r"C:\frost\data.txt", "docs/frost.md", "a/b-c/frost.tar.gz"),
        *("3f5a9c1d2b4e6f708192a3b4c5d6e7f809a1b2c3", "a1b2c3d", "0xdeadbeef1", "sha256:9f86d081884c7d65"),
        "550e8400-e29b-41d4-a716-446655440000",
    ],
)
def test_addresses_paths_and_hash_values_are_masked(written: str) -> None:
    part = article(f"See ({written}), pears.")
    view = tagger_view(part)
    assert view.text.strip() == f"See ({MASK}), pears."
    assert [part.parts[0].text[slice(*view.published(*mask))] for mask in view.masked] == [written]


@pytest.mark.parametrize(
    "written",
    [
        *(
            "Node.js",
            "TCP/IP",
            "and/or",
            "CI/CD",
            "pears/plums/figs",
            "1/2/2024",
            "e.g. x",
            "v1.2.3",
            "README.md",
            "10:30",
        ),
        *(
            "@grower",
            "decade",
            "20240102",
            "3d",
            "facade",
            "Vue.js/React",
            "word.Next",
            "A/B test",
            "#12",
            "well-known",
        ),
    ],
)
def test_words_are_not_masked(written: str) -> None:
    assert tagger_view(article(f"See {written} here")).text.strip() == f"See {written} here"


def test_masks_map_back_to_all_that_they_stand_for() -> None:
    source = r"Before $\alpha$ and `code()` after."
    read = article(source)
    view = tagger_view(read)
    text = read.parts[0].text
    assert [text[slice(*view.published(*mask))] for mask in view.masked] == [r"$\alpha$", "code()"]
    after = view.text.index("after")
    assert text[slice(*view.published(after, after + 5))] == "after"


def test_bold_is_marked_in_the_views_offsets() -> None:
    view = tagger_view(article(r"A $\alpha$ **bold $\beta$ end** and `x.y` **two**."))
    assert [view.text[start:end] for start, end in view.bold] == [f"bold {MASK} end", "two"]


LONG_RUNS = {
    "emoji": "😀" * 1_000,
    "quotes": '"' * 1_000,
    "two kinds": "(:" * 500,
    "possessives": "'s" * 500,
    "dollars": r"US\$" * 400,
    "letters and colons": "a:" * 1_500,
    "letters": "a" * 3_000,
}


@pytest.mark.parametrize("run", LONG_RUNS.values(), ids=LONG_RUNS)
def test_a_long_run_is_cut_and_its_offsets_hold(run: str) -> None:
    read = article(f"Before {run} after, **bold** {run}.\n\n# Heading {run}\n\nUse `x.y` {run} at $\\beta$ the end")
    view = tagger_view(read)
    text = read.parts[0].text
    assert run.replace("\\", "") in text
    assert max(map(len, view.text.split())) <= MAX_RUN
    assert [len(line.replace(" ", "")) for line in view.text.split("\n")] == [
        len(line.replace(" ", "")) for line in uncut(read).text.split("\n")
    ]
    for found in re.finditer(r"\S+", view.text):
        if MASK not in found[0]:
            assert text[slice(*view.published(*found.span()))] == found[0]
    assert [view.text[start:end] for start, end in view.bold] == ["bold"]
    assert [text[slice(*view.published(*mask))] for mask in view.masked] == ["x.y", r"$\beta$"]
    shown = [view.text[one.start : one.end].split()[0] for one in view.segments]
    assert shown == ["Before", "Heading", "Use"]
    assert all(view.text[one.end] == "\n" for one in view.segments)


def uncut(read: ParsedArticle) -> View:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.annotate.extract.view._cut", lambda view: view)
        return tagger_view(read)


@pytest.mark.parametrize("mark", ["😀", '"', "[", "'s", "_"])
def test_only_a_run_with_more_marks_than_the_limit_is_cut(mark: str) -> None:
    times = MAX_MARKS // len(mark)
    assert tagger_view(article(f"x{mark * times}y")).text.count(" ") == 0
    assert tagger_view(article(f"x{mark * times * 3}y")).text.count(" ") == 2


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/" + "a/b-c_d.e?f=g&h=" * 50,
        "[" + "[1,0,0]," * 100 + "]",
        "漢字" * 400,
        "-" * MAX_MARKS,
        "a" * MAX_RUN,
        "Data drift, " * 1_000,
    ],
)
def test_a_text_without_a_run_that_takes_long_stays_as_it_is(text: str) -> None:
    read = article(f"`{text[:3]}` x {text}")
    assert tagger_view(read) == uncut(read)


def test_runs_that_go_on_over_masks_are_cut_too() -> None:
    view = tagger_view(article("'$s$" * 1_000))
    assert max(map(len, view.text.split())) <= MAX_MARKS


phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
inline = st.one_of(
    phrases,
    phrases.map(lambda text: f"**{text}**"),
    phrases.map(lambda text: f"*{text}*"),
    phrases.map(lambda text: f"[{text}](https://example.org)"),
    phrases.map(lambda text: f"`{text}`"),
    st.sampled_from(["`while` loop", "$x$-intercepts", r"$\alpha$ particle", r"\(k\)-fold", "<b>bold</b>", "&amp;"]),
)
lines = st.lists(inline, min_size=1, max_size=4).map(" ".join)
blocks = st.one_of(
    lines,
    lines.map(lambda line: f"## {line}"),
    lines.map(lambda line: f"- {line}"),
    lines.map(lambda line: f"1. **{line}**: {line}"),
    lines.map(lambda line: f"> {line}"),
    lines.map(lambda line: f"| a | b |\n|---|---|\n| {line} | {line} |"),
    lines.map(lambda line: f"```\n{line}\n```"),
    st.just("$$\nx = 1\n$$"),
)
markdown = st.lists(blocks, min_size=1, max_size=5).map("\n\n".join)


@pytest.fixture(scope="module")
def tokenizer() -> Language:
    return spacy.blank("en")


def candidates_of(read: ParsedArticle, tokenizer: Language, tags: list[str]) -> dict[str, Candidate]:
    """The article's candidates if its words had the tags `tags`, again and again."""
    view = tagger_view(read)
    doc = tokenizer(view.text)
    for token, tag in zip(doc, cycle(tags)):
        token.tag_ = "_SP" if token.is_space else "HYPH" if token.text in "-/" else tag
    return candidates(find_candidates(Tokens(doc, view), view, frozenset({"data drift", "the"})))


@settings(max_examples=100, deadline=None)
@given(markdown, markdown, st.lists(st.sampled_from(TAGS), min_size=1, max_size=12))
def test_every_occurrence_is_the_words_of_its_term(
    tokenizer: Language, question: str, answer: str, tags: list[str]
) -> None:
    read = article(question, answer)
    for candidate in candidates_of(read, tokenizer, tags).values():
        for o in candidate.occurrences:
            part = read.parts[o.part]
            assert 0 <= o.sentence_start <= o.start < o.end <= o.sentence_end <= len(part.text)
            masked = any(
                mark.start < o.end and o.start < mark.end for mark in part.marks if mark.kind is not MarkKind.BOLD
            )
            if not masked:
                assert normal_form(part.text[o.start : o.end]) == candidate.term


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.lists(st.sampled_from(TAGS), min_size=1, max_size=5))
def test_any_text_gives_offsets_inside_it(tokenizer: Language, source: str, tags: list[str]) -> None:
    read = article(clean(source))
    for candidate in candidates_of(read, tokenizer, tags).values():
        assert candidate.occurrences
        for o in candidate.occurrences:
            text = read.parts[o.part].text
            assert 0 <= o.sentence_start <= o.start < o.end <= o.sentence_end <= len(text)
            assert text[o.start : o.end].strip()
