"""Which sentence is the best proof, and what is shown of it."""

import time
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph.passages import SHOWN, Piece, best_first, best_occurrence, excerpt, sentences

QUESTION = "What is data drift, and why does it matter to anybody?"
HEADING = "Data drift"
LEAD_IN = "There are several kinds of data drift that one meets:"
LABELLED = "Data drift: the distribution of the inputs has moved since training."
SENTENCE = "In production, data drift makes a model worse with every week."
LATER = "Nobody notices data drift before the customers have noticed it."
LONG = f"It is {'very ' * 80}likely that data drift comes."
CELL = "data drift | 7"


def places(part: str, *sentences: str) -> tuple[str, list[dict[str, Any]]]:
    """A text of these sentences, and where each says data drift."""
    text, found = "", []
    for sentence in sentences:
        start = len(text) + sentence.lower().index("data drift")
        place = {
            "start": start,
            "end": start + 10,
            "sentence_start": len(text),
            "sentence_end": len(text) + len(sentence),
        }
        found.append({"part": part, **place})
        text += f"{sentence}\n\n"
    return text, found


def best(*sentences: str) -> str:
    """The sentence that is chosen; the question is one of its own part."""
    asked, in_question = places("question", QUESTION)
    text, in_answer = places("answer", *sentences)
    texts = {"question": asked, "answer": text}
    found = best_occurrence(texts, [*in_question, *in_answer])
    assert found is not None
    return texts[found["part"]][found["sentence_start"] : found["sentence_end"]]


@pytest.mark.parametrize(
    ("sentences", "chosen"),
    [
        ([HEADING, CELL, SENTENCE], SENTENCE),
        ([SENTENCE, LATER], SENTENCE),
        ([LATER, SENTENCE], LATER),
        ([LEAD_IN, LABELLED, LATER], LATER),
        ([LEAD_IN, CELL], LEAD_IN),
        ([LONG, SENTENCE], SENTENCE),
        ([LONG, HEADING], LONG),
        ([HEADING, CELL], QUESTION),
        (["Data drift?", "Why data drift?"], QUESTION),
        (["Where $\\lambda$ is the rate of all data drift in it.", SENTENCE], SENTENCE),
        ([f"(So they said: {SENTENCE})", SENTENCE], f"(So they said: {SENTENCE})"),
    ],
)
def test_the_best_is_a_sentence_that_can_be_read(sentences: list[str], chosen: str) -> None:
    assert best(*sentences) == chosen


@pytest.mark.parametrize("sentences", [*permutations([HEADING, LEAD_IN, SENTENCE, LATER, LONG])])
def test_the_best_is_the_first_of_all_in_order(sentences: tuple[str, ...]) -> None:
    text, found = places("answer", *sentences)
    assert best_occurrence({"answer": text}, found) == best_first({"answer": text}, found)[0]


def test_the_words_stand_in_what_is_said_and_not_in_its_label() -> None:
    text = "Data drift: without a monitor, data drift is found by customers."
    first = {"part": "body", "start": 0, "end": 10, "sentence_start": 0, "sentence_end": len(text)}
    second = {**first, "start": 31, "end": 41}
    assert best_occurrence({"body": text}, [first, second]) == second


def test_a_text_without_full_stops_is_no_sentence_and_not_read_for_each_word() -> None:
    text = "data drift and " * 20_000
    found = [
        {"part": "body", "start": at, "end": at + 10, "sentence_start": 0, "sentence_end": len(text)}
        for at in range(0, len(text), 15)
    ]
    start = time.perf_counter()
    assert best_occurrence({"body": text}, found) == found[0]
    assert time.perf_counter() - start < 1


def test_sentences_are_in_the_order_of_their_best_occurrence() -> None:
    labelled = "Data drift: without a monitor, data drift is found by customers."
    text = f"{labelled} Why data drift, of all things that can happen?"
    place = {"part": "body", "sentence_start": 0, "sentence_end": len(labelled)}
    label, said = {**place, "start": 0, "end": 10}, {**place, "start": 31, "end": 41}
    asked = {"part": "body", "sentence_start": 65, "sentence_end": len(text), "start": 69, "end": 79}
    assert best_first({"body": text}, [label, said, asked]) == [said, asked]
    assert best_first({"body": text}, [label, asked]) == [label, asked]


def test_a_keyword_that_the_text_does_not_say_has_none() -> None:
    assert best_occurrence({"body": "Nothing."}, []) is None


def shown(text: str, *words: str, most: int = SHOWN) -> str:
    marks = [(text.index(word), text.index(word) + len(word)) for word in words]
    pieces = excerpt(text, 0, len(text), marks, most)
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "words", "wanted"),
    [
        ("So data drift hurts.", ["data drift"], "So [data drift] hurts."),
        ("Data drift and\n concept  drift.", ["Data drift", "concept  drift"], "[Data drift] and [concept drift]."),
        ("Data drift.", [], "Data drift."),
        ("machine learning model", ["learning model", "machine learning"], "[machine learning model]"),
        ("  data drift ", ["data drift"], "[data drift]"),
        (
            "😀 cafe\u0301 \U0001d538\U0001d540",
            ["cafe\u0301", "\U0001d538\U0001d540"],
            "😀 [cafe\u0301] [\U0001d538\U0001d540]",
        ),
    ],
)
def test_a_sentence_is_one_line_with_its_words_marked(text: str, words: list[str], wanted: str) -> None:
    assert shown(text, *words) == wanted


def test_a_long_sentence_is_cut_between_words_around_the_first_mark() -> None:
    text = f"{'before ' * 60}the data drift {'after ' * 60}end."
    line = shown(text, "data drift")
    assert line.startswith("…before ")
    assert "the [data drift] after" in line
    assert line.endswith("after…")
    assert len(line) <= SHOWN + 4
    assert shown(text, "before").startswith("[before] before")
    assert shown(text, "end.").endswith("after [end.]")


def test_marks_longer_than_what_is_shown_are_shown() -> None:
    assert shown("x" * 300 + " y", "x" * 300, most=40) == f"[{'x' * 300}]…"


def test_marks_outside_of_the_sentence_are_left_out() -> None:
    text = "Data drift. A model. Data drift."
    assert excerpt(text, 12, 20, [(0, 10), (14, 19), (18, 30)]) == (
        Piece("A ", False),
        Piece("model", True),
        Piece(".", False),
    )


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=120), st.data())
def test_nothing_is_lost_or_added(text: str, data: st.DataObject) -> None:
    place = st.integers(0, len(text))
    marks = data.draw(st.lists(st.tuples(place, place), max_size=4))
    whole = "".join(piece.text for piece in excerpt(text, 0, len(text), marks))
    assert whole.split() == text.split()
    cut = "".join(piece.text for piece in excerpt(text, 0, len(text), marks, 20)).strip("…")
    assert "".join(cut.split()) in "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   ", ["   "]),
        ("One sentence", ["One sentence"]),
        ("It drifts. Nobody sees it! Why?", ["It drifts.", "Nobody sees it!", "Why?"]),
        (
            "It drifts, e.g. here and\nthere, in 2024. Then it stops.",
            ["It drifts, e.g. here and\nthere, in 2024.", "Then it stops."],
        ),
        ('He says "It drifts." Nobody hears.', ['He says "It drifts."', "Nobody hears."]),
        (
            "What to check\n\n- Structure: types.\n- Values\n\nIt ends.",
            ["What to check", "- Structure: types.", "- Values", "It ends."],
        ),
        ("1. First comes this. And that.\n2. Second", ["1. First comes this.", "And that.", "2. Second"]),
        ("Über alles. Älteres folgt. über", ["Über alles.", "Älteres folgt. über"]),
    ],
)
def test_sentences_of_a_text(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(st.text('ab.!? \n-1)"', max_size=60))
def test_sentences_are_in_order_and_lose_only_white_space(text: str) -> None:
    ends = [0, *(place for pair in sentences(text) for place in pair), len(text)]
    assert ends == sorted(ends)
    assert all(not text[one:other].strip() for one, other in zip(ends[::2], ends[1::2], strict=True))
