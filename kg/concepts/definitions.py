"""The sentence that defines a concept, where an article has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from kg.annotate.statements import Pattern
from kg.concepts.vocabulary import Vocabulary

_WEIGHTS: Final = {
    Pattern.TYPE_OF: 2.0,
    Pattern.IS_A: 2.0,
    Pattern.REFERS_TO: 2.0,
    Pattern.IS_THE: 1.5,
    Pattern.ARE: 1.0,
}
_OPENING: Final = 2.0
"""What the first sentence of an article has on one in the middle of it; the next ones have less."""
_ABOUT: Final = 1.5
_BARE: Final = 0.5
_HANDY: Final = range(9, 41)
"""Words of a sentence that one reads at a glance."""
_LEAST: Final = 2.5


@dataclass(frozen=True, slots=True)
class Defined:
    """What defines a concept, in one line, and the url of the article that says so."""

    text: str
    article: str


def definitions(vocabulary: Vocabulary, found: pa.Table, articles: pa.Table) -> dict[int, Defined]:
    """The best definition of each concept that has one, by its number.

    Args:
        vocabulary: the concepts.
        found: rows of `kg.annotate.rows.DEFINITIONS`.
        articles: rows of `kg.annotate.rows.ARTICLES`.
    """
    best: dict[int, tuple[float, dict[str, Any]]] = {}
    urls = dict(zip(articles["file"].to_pylist(), articles["url"].to_pylist(), strict=True))
    for row in found.to_pylist():
        number = vocabulary.numbers.get(row["term"])
        if number is None or (not row["bare"] and " " not in row["term"]):
            continue
        score = _score(row, vocabulary.is_about(number, urls[row["file"]]))
        if score >= _LEAST and (number not in best or score > best[number][0]):
            best[number] = score, row
    wanted = {row["file"] for _, row in best.values()}
    chosen = articles.filter(pa.array([file in wanted for file in articles["file"].to_pylist()], pa.bool_()))
    texts = {
        file: [part["text"] for part in parts]
        for file, parts in zip(chosen["file"].to_pylist(), chosen["parts"].to_pylist(), strict=True)
    }
    return {
        number: Defined(_one_line(texts[row["file"]][row["part"]][row["start"] : row["end"]]), urls[row["file"]])
        for number, (_, row) in sorted(best.items())
    }


def _score(row: dict[str, Any], about: bool) -> float:
    """How good a definition a sentence is; of equals the first of the first article is taken."""
    score: float = _WEIGHTS[Pattern(row["pattern"])] + _OPENING / (1 + row["position"]) + _ABOUT * about
    score += _BARE * row["bare"] + _BARE * (row["words"] in _HANDY)
    return score


def _one_line(text: str) -> str:
    return " ".join(text.split())
