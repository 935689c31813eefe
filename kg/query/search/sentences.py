"""The sentence of an article that fits the words of a query best."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from math import fsum
from typing import Final, NamedTuple

from kg.graph.passages import Occurrence, Piece, excerpt, sentence_faults, sentences
from kg.query.search.database import Database
from kg.query.search.words import any_of

_KIND_WEIGHTS: Final = (1.0, 0.5, 0.5)
"""Weights of a sentence of an answer or body, of a sentence of a question, and of a text that is no whole sentence."""
_DIGITS: Final = 6
_START: Final = "\x02"
_END: Final = "\x03"
_CONTROLS: Final = dict.fromkeys(range(32), " ")
_MARK: Final = re.compile(f"{_START}([^{_END}]*){_END}")


class _Candidate(NamedTuple):
    """A sentence of an article: its part, and its start and end in the text of the part."""

    url: str
    part: str
    start: int
    end: int

    def occurrence(self) -> Occurrence:
        """Return the whole sentence in the form in which the occurrence of a concept is given."""
        ends = {"start": self.start, "end": self.end}
        return {"part": self.part, **ends, "sentence_start": self.start, "sentence_end": self.end}


def best_sentences(
    database: Database, texts: Mapping[str, Mapping[str, str]], words: Collection[str], weights: Mapping[str, float]
) -> dict[str, tuple[Piece, ...]]:
    """Return for each article the sentence that fits some words best, with these words highlighted.

    The best sentence is the one whose different words weigh most. Whole sentences count more than headings, and those
    of an answer count more than those of a question.

    Args:
        database: the index, whose tokenizer finds the words in the sentences.
        texts: the texts of each part of each article; the keys are urls, and names of parts.
        words: the words of the query.
        weights: the weights of the stems of these words.

    Returns:
        The keys are urls. An article whose texts have none of the words has no entry.
    """
    candidates = [*_candidates(texts)]
    database.load(texts[one.url][one.part][one.start : one.end].translate(_CONTROLS) for one in candidates)
    found: dict[int, list[float]] = defaultdict(list)
    for stem, weight in weights.items():
        for (number,) in database.rows("SELECT DISTINCT doc FROM scratch_word WHERE term = ?", stem):
            found[number].append(weight)
    best: dict[str, tuple[float, int, int]] = {}
    for number, has in found.items():
        one = candidates[number]
        kind, faults = sentence_faults(texts[one.url][one.part], one.occurrence())
        rank = (-round(fsum(has) * _KIND_WEIGHTS[kind], _DIGITS), faults, number)
        best[one.url] = min(rank, best.get(one.url, rank))
    marked = "SELECT highlight(scratch, 0, ?, ?) FROM scratch WHERE scratch MATCH ? AND rowid = ?"
    pieces: dict[str, tuple[Piece, ...]] = {}
    for url, (_, _, number) in best.items():
        one = candidates[number]
        marks = _marks(database.one(marked, _START, _END, any_of(words), number), one.start)
        pieces[url] = excerpt(texts[url][one.part], one.start, one.end, marks)
    return pieces


def _candidates(texts: Mapping[str, Mapping[str, str]]) -> Iterator[_Candidate]:
    for url, parts in texts.items():
        for part, text in parts.items():
            for start, end in sentences(text):
                yield _Candidate(url, part, start, end)


def _marks(marked: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each mark in a sentence that begins at `start`.

    `marked` is the sentence with a character before and after each mark. These characters are not counted.
    """
    for number, found in enumerate(_MARK.finditer(marked)):
        first = start + found.start() - 2 * number
        yield first, first + len(found[1])
