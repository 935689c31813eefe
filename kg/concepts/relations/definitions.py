"""Definitions: for each concept, the sentence that defines it best, if the articles have such a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.extract.statement_types import Pattern
from kg.base.tables import each_row
from kg.concepts.relations.concept_index import ConceptIndex

_WEIGHTS: Final = {
    Pattern.TYPE_OF: 2.0,
    Pattern.IS_A: 2.0,
    Pattern.REFERS_TO: 2.0,
    Pattern.IS_THE: 1.5,
    Pattern.ARE: 1.0,
}
_OPENING: Final = 2.0
"""Bonus in the score of a sentence that is the first one in its part of an article, such as the answer.

The second sentence gets 1/2 of this bonus, the third sentence 1/3, and so on.
"""
_ABOUT: Final = 1.5
_BARE: Final = 0.5
_HANDY: Final = range(9, 41)
"""Range of lengths, in words, for which a sentence gets a bonus, since it is not too short and not too long."""
_LEAST: Final = 2.5


@dataclass(frozen=True, slots=True)
class Defined:
    """The definition of a concept: a sentence without line breaks, and the URL of the article that contains it."""

    text: str
    article: str


def definitions(
    vocabulary: ConceptIndex, found: pa.Table, urls: Mapping[int, str], texts: pa.Table
) -> dict[int, Defined]:
    """Return a mapping from the number of each concept that has a definition to its best definition.

    Args:
        vocabulary: the concepts.
        found: the sentences that define something, as rows of `kg.annotate.rows.DEFINITIONS`.
        urls: the URL of each article, by file number.
        texts: `url` and `parts` of each article, as in `kg.base.tables.ARTICLES`.
    """
    best: dict[int, tuple[float, dict[str, Any]]] = {}
    for row in each_row(found):
        number = vocabulary.numbers.get(row["term"])
        if number is None or (not row["bare"] and " " not in row["term"]):
            continue
        score = _score(row, vocabulary.is_about(number, urls[row["file"]]))
        if score >= _LEAST and (number not in best or score > best[number][0]):
            best[number] = score, row
    wanted: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for number, (_, row) in best.items():
        wanted[urls[row["file"]]].append((number, row))
    result: dict[int, Defined] = {}
    for url, parts in parts_of(texts, wanted):
        for number, row in wanted[url]:
            result[number] = Defined(_one_line(parts[row["part"]]["text"][row["start"] : row["end"]]), url)
    return result


def parts_of(texts: pa.Table, urls: Iterable[str]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Yield the URL and the parts of each article in `urls`. A part is a dictionary with the keys "name" and "text".

    Only a few articles are converted to Python objects at a time, to save memory.

    Args:
        texts: `url` and `parts` of all articles.
        urls: the URLs of the wanted articles.
    """
    wanted = pa.array(sorted(urls), pa.string())
    for row in each_row(texts.select(["url", "parts"]).filter(pc.is_in(texts["url"], wanted))):
        yield row["url"], row["parts"]


def _score(row: dict[str, Any], about: bool) -> float:
    """Return a score that tells how well a sentence defines its concept.

    Args:
        row: the sentence, as a row of `kg.annotate.rows.DEFINITIONS`.
        about: whether the article of the sentence is about the concept.
    """
    score: float = _WEIGHTS[Pattern(row["pattern"])] + _OPENING / (1 + row["position"]) + _ABOUT * about
    score += _BARE * row["bare"] + _BARE * (row["words"] in _HANDY)
    return score


def _one_line(text: str) -> str:
    return " ".join(text.split())
