"""Definitions: for each concept, the best sentence in the articles that defines it."""

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
"""Bonus for the first sentence of a part of an article. The second sentence gets 1/2 of it, the third 1/3, etc."""
_ABOUT: Final = 1.5
_BARE: Final = 0.5
_HANDY: Final = range(9, 41)
"""A sentence gets a bonus if its number of words is in this range, since it is neither too short nor too long."""
_LEAST: Final = 2.5


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition in one line, and the URL of its article."""

    text: str
    article: str


def definitions(
    vocabulary: ConceptIndex, found: pa.Table, urls: Mapping[int, str], texts: pa.Table
) -> dict[int, Defined]:
    """Return, by concept number, the best definition of each concept that has one.

    Args:
        vocabulary: the concepts.
        found: rows of `kg.annotate.rows.DEFINITIONS`.
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
    """Yield the URL and the parts of some articles. Only few articles at a time are Python objects, to save memory.

    Args:
        texts: `url` and `parts` of all articles.
        urls: the URLs of the articles to yield.
    """
    wanted = pa.array(sorted(urls), pa.string())
    for row in each_row(texts.select(["url", "parts"]).filter(pc.is_in(texts["url"], wanted))):
        yield row["url"], row["parts"]


def _score(row: dict[str, Any], about: bool) -> float:
    """Score how well a sentence defines its concept. If scores are equal, the caller takes the first sentence."""
    score: float = _WEIGHTS[Pattern(row["pattern"])] + _OPENING / (1 + row["position"]) + _ABOUT * about
    score += _BARE * row["bare"] + _BARE * (row["words"] in _HANDY)
    return score


def _one_line(text: str) -> str:
    return " ".join(text.split())
