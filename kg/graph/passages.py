"""The sentence that shows best that an article has a concept, and what a reader sees of it, its words marked.

Everything that shows or publishes one occurrence of several asks here which one it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from kg.base.model import PartName

Occurrence = Mapping[str, Any]
"""A row of `kg.base.tables.OCCURRENCE`."""

SHOWN: Final = 260
"""Code points of a sentence that a reader is shown."""
_READABLE: Final = range(40, SHOWN + 1)
_LONGEST: Final = 4000
"""A longer sentence is a text without full stops; to look at all of it for each of its words would take long."""
_NO_FAULTS: Final = (0, 0)
_FEWEST_WORDS: Final = 5
_LONGEST_LABEL: Final = 60
_SPACE: Final = re.compile(r"\s+")
_CLOSING: Final = "\"'”’»)]*_"
_BEYOND_A_WORD: Final = 24


def best_occurrence(texts: Mapping[str, str], occurrences: Sequence[Occurrence]) -> Occurrence | None:
    """The occurrence that proves best that an article has a concept; None where there is none.

    A whole sentence of the answer or the body comes before one of the question, which says again what the title says,
    and this before headings, table cells and labels; of these, what is easier to read; of equals, the earliest.

    Args:
        texts: the text of each part of the article by the part's name.
        occurrences: in the order of the text.
    """
    if len(occurrences) < 2:
        return occurrences[0] if occurrences else None
    faults: list[tuple[int, int]] = []
    for found in occurrences:
        faults.append(sentence_faults(texts[found["part"]], found))
        if faults[-1] == _NO_FAULTS:  # no later one is better
            break
    return occurrences[faults.index(min(faults))]


def best_first(texts: Mapping[str, str], occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """One occurrence of each sentence, in the order in which `best_occurrence` would choose them."""
    ordered = sorted(occurrences, key=lambda found: sentence_faults(texts[found["part"]], found))
    of_sentence: dict[tuple[str, int], Occurrence] = {}
    for found in ordered:
        of_sentence.setdefault((found["part"], found["sentence_start"]), found)
    return list(of_sentence.values())


def sentence_faults(text: str, found: Occurrence) -> tuple[int, int]:
    """How bad the sentence around an occurrence is as a proof: first its kind, then what makes it hard to read.

    Kinds are 0 for a whole sentence, 1 for one of the question, and 2 for what is no sentence. Hard to read are what is
    too short or too long, what only leads to a list or asks, what has markup in it, and an occurrence that stands in
    the label before the sentence ("Data drift: the input changes.") and not in what is said.
    """
    if found["sentence_end"] - found["sentence_start"] > _LONGEST:
        return 2, 1
    sentence = text[found["sentence_start"] : found["sentence_end"]].rstrip()
    bare = sentence.rstrip(_CLOSING)
    whole = bare.endswith((".", "!", "?", "…", ":")) and _has_words(sentence)
    faults = (
        (len(sentence) not in _READABLE)
        + bare.endswith((":", "?"))
        + ("\\" in sentence or "|" in sentence or "\n\n" in sentence)
        + _is_in_label(text, found)
    )
    if not whole:
        return 2, faults
    return int(found["part"] == PartName.QUESTION), faults


def _has_words(sentence: str) -> bool:
    return len(sentence.split(None, _FEWEST_WORDS - 1)) == _FEWEST_WORDS


def _is_in_label(text: str, found: Occurrence) -> bool:
    start = found["sentence_start"]
    colon = text.find(": ", start, min(found["sentence_end"], start + _LONGEST_LABEL))
    end: int = found["end"]
    return colon >= end


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence in one line; `marked` where it is the words that matter."""

    text: str
    marked: bool


def excerpt(text: str, start: int, end: int, marks: Iterable[tuple[int, int]], most: int = SHOWN) -> tuple[Piece, ...]:
    """The sentence from `start` to `end` in one line, cut to about `most` code points around its first mark.

    Args:
        text: of the part.
        start: where the sentence begins, in code points of `text`.
        end: where it ends.
        marks: the words that matter, as code points of `text`; those outside of the sentence are left out.
        most: where the sentence is longer, an ellipsis stands for what is left out.
    """
    inside = _united((first, last) for first, last in marks if start <= first < last <= end)
    first, last = start, end
    if end - start > most:
        mark = inside[0][0] if inside else start
        first = _word_start(text, max(start, min(mark - most // 3, end - most)), mark)
        last = _word_end(text, min(end, first + most), max(mark_end for _, mark_end in [(0, first), *inside[:1]]), end)
    ends = [first, *(place for mark in inside if mark[1] <= last for place in mark), last]
    pieces = [
        Piece(_SPACE.sub(" ", text[one:other]), number % 2 == 1) for number, (one, other) in enumerate(pairwise(ends))
    ]
    return _trimmed(pieces, "…" if first > start else "", "…" if last < end else "")


def _united(marks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Marks in order; what overlaps is one."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _word_start(text: str, at: int, most: int) -> int:
    """Where the next word begins, unless that is too far or behind `most`."""
    for place in range(at, min(at + _BEYOND_A_WORD, most)):
        if text[place - 1 : place].isspace() or place == 0:
            return place
    return at


def _word_end(text: str, at: int, least: int, end: int) -> int:
    """Where the last whole word before `at` ends, unless that is too far or before `least`."""
    if at < end:
        for place in range(at, max(at - _BEYOND_A_WORD, least), -1):
            if text[place : place + 1].isspace():
                return place
    return max(at, least)


def _trimmed(pieces: list[Piece], before: str, after: str) -> tuple[Piece, ...]:
    kept = [piece for piece in pieces if piece.text]
    if kept:
        kept[0] = Piece(kept[0].text.lstrip(), kept[0].marked)
        kept[-1] = Piece(kept[-1].text.rstrip(), kept[-1].marked)
    ends = [Piece(before, False), *kept, Piece(after, False)]
    return tuple(piece for piece in ends if piece.text)
