"""Choice of the sentence that best proves that an article has a concept, and excerpts with highlighted words.

All code that shows or publishes only one of the occurrences of a concept in an article chooses it with this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from kg.base.model import PartName

Occurrence = Mapping[str, Any]
"""An occurrence of a concept, with the fields of `kg.base.tables.OCCURRENCE`.

They are the name of the part of the article, and the offsets of the words and of their sentence in its text.
"""

SHOWN: Final = 260
"""Maximum length of a sentence that is shown to a reader, in code points."""
_READABLE: Final = range(40, SHOWN + 1)
_LONGEST: Final = 4000
"""Maximum length, in code points, of a sentence that is examined.

A longer sentence is usually a text without full stops, and examining it would take long.
"""
_NO_FAULTS: Final = (0, 0)
_FEWEST_WORDS: Final = 5
_LONGEST_LABEL: Final = 60
_SPACE: Final = re.compile(r"\s+")
_CLOSING: Final = "\"'”’»)]*_"
_BEYOND_A_WORD: Final = 24
# An empty line, the start of an item of a list, or white space after the punctuation that ends a sentence.
_BREAK: Final = re.compile(r"\n\s*\n\s*|\n\s*(?=[-*+•]\s|\d+[.)]\s)|(?<=[.!?…])[\"'”’»)\]*_]*(\s+)")
_FEWEST_LETTERS: Final = 5


def best_occurrence(texts: Mapping[str, str], occurrences: Sequence[Occurrence]) -> Occurrence | None:
    """Return the occurrence that best proves that an article has a concept, or None if there are no occurrences.

    Occurrences in a whole sentence of an article's answer or body are best. Next are occurrences in a whole sentence of
    its question, which often repeats the title. Last are occurrences in text that is not a whole sentence, such as a
    heading or a table cell. Within each of these three kinds, the occurrence whose sentence has the fewest faults is
    best (see `sentence_faults`); among equals, it is the earliest one.

    Args:
        texts: maps the name of each part of the article ("question", "answer" or "body") to the text of this part.
        occurrences: the occurrences of the concept in the article, in the order of the text.
    """
    if len(occurrences) < 2:
        return occurrences[0] if occurrences else None
    faults: list[tuple[int, int]] = []
    for found in occurrences:
        faults.append(sentence_faults(texts[found["part"]], found))
        if faults[-1] == _NO_FAULTS:  # no later occurrence can be better
            break
    return occurrences[faults.index(min(faults))]


def best_first(texts: Mapping[str, str], occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """Return the best occurrence from each sentence that has one; the list begins with the best of all.

    The docstring of `best_occurrence` describes which of two occurrences is better.
    """
    ordered = sorted(occurrences, key=lambda found: sentence_faults(texts[found["part"]], found))
    of_sentence: dict[tuple[str, int], Occurrence] = {}
    for found in ordered:
        of_sentence.setdefault((found["part"], found["sentence_start"]), found)
    return list(of_sentence.values())


def sentence_faults(text: str, found: Occurrence) -> tuple[int, int]:
    """Return two penalties for the sentence around the occurrence `found`: a number for its kind, and a fault count.

    `text` is the text of the part of the article that contains the occurrence. The kind is 0 for a whole sentence of
    the answer or the body, 1 for a whole sentence of the question, and 2 for text that is not a whole sentence. Each of
    the following is a fault: the sentence is too short or too long; it ends in a colon or a question mark; it contains
    markup; the occurrence is in a label at the beginning of the sentence ("Data drift" in "Data drift: the input
    changes.").
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
    """A piece of the text of an excerpt; `marked` tells whether the piece is to be highlighted."""

    text: str
    marked: bool


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and the end (exclusive) of each sentence of a text, in code points.

    This only looks at punctuation and line breaks, for texts whose sentences the tables do not have. Full stops in
    numbers of list items and before lower-case letters end no sentence.
    """
    start = 0
    for found in _BREAK.finditer(text):
        end = found.start(1) if found[1] else found.start()
        is_inside = found[1] and text[found.end() : found.end() + 1].islower()
        if is_inside or end - start < _FEWEST_LETTERS:
            continue
        yield start, end
        start = found.end()
    if start < len(text):
        yield start, len(text)


def excerpt(text: str, start: int, end: int, marks: Iterable[tuple[int, int]], most: int = SHOWN) -> tuple[Piece, ...]:
    """Return the sentence from `start` to `end` as one line of text, divided into highlighted and other pieces.

    A sentence of more than `most` code points is cut to about that length, around the first range to highlight.

    Args:
        text: the text that contains the sentence.
        start: the start of the sentence, in code points of `text`.
        end: the end of the sentence (exclusive).
        marks: start and end of each range of `text` to highlight, in code points; ranges outside the sentence are
            ignored.
        most: the approximate maximum length, in code points; an ellipsis replaces the text that was cut.
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
    """Return the ranges `marks`, pairs of start and end, sorted by position; ranges that overlap are merged."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _word_start(text: str, at: int, most: int) -> int:
    """Return the first position in `text`, at or after `at`, where a word starts.

    Only positions near `at` and before `most` are tried. If no word starts at any of them, return `at`.
    """
    for place in range(at, min(at + _BEYOND_A_WORD, most)):
        if text[place - 1 : place].isspace() or place == 0:
            return place
    return at


def _word_end(text: str, at: int, least: int, end: int) -> int:
    """Return the last position in `text`, at or before `at`, where a word ends.

    Only positions near `at` and after `least` are tried. If no word ends at any of them, or if `at` is not before
    `end` (the end of the sentence), return `at` or `least`, whichever is larger.
    """
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
