"""One candidate for each article and concept: its variants' statistics and occurrences united."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.token_model import FEATURES as TOKEN_FEATURES
from kg.concepts.variants import Variants

Row = dict[str, Any]

COUNTED: Final = ("alone", "proper", "bold", "heading", "item_start")
"""Columns of `kg.annotate.rows.CANDIDATES` that count occurrences: their sum, at most the frequency."""


def unite(candidates: pa.Table, variants: Variants) -> pa.Table:
    """The candidates with each term's concept in its place, one row for each article and concept.

    Args:
        candidates: rows of `kg.annotate.rows.CANDIDATES`, each article and term once.
        variants: which concept a term means.

    Rows that nothing is united with stay as they are. A row that takes another name has the name's number of words, and
    the shape that the name mostly has in the corpus.
    """
    moved = {*variants.acronymic, *variants.everywhere, *variants.curation.concepts}
    touched = {*moved, *(variants.concept(-1, term) for term in moved)}
    touched |= {variants.curation.concept(concept) for concept in variants.inside.values()}
    rows = np.flatnonzero(pc.is_in(candidates["term"], pa.array(sorted(touched), pa.string())).to_numpy())
    if not len(rows):
        return candidates
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    some = candidates.take(rows)
    for place, (file, term) in enumerate(zip(some["file"].to_pylist(), some["term"].to_pylist(), strict=True)):
        groups[file, variants.concept(file, term)].append(place)
    names = some["term"].to_pylist()
    changed = {key: places for key, places in groups.items() if len(places) > 1 or names[places[0]] != key[1]}
    return _replaced(candidates, rows, some, changed)


def _replaced(
    candidates: pa.Table, rows: Any, some: pa.Table, changed: Mapping[tuple[int, str], Sequence[int]]
) -> pa.Table:
    """`candidates` with one row in the place of the first of each group of `changed`, whose places are in `some`."""
    shapes = _shapes(some)
    order = [place for places in changed.values() for place in places]
    values = iter(some.take(pa.array(order, pa.int64())).to_pylist())
    made = [_united(term, [next(values) for _ in places], shapes) for (_, term), places in changed.items()]
    gone = np.zeros(candidates.num_rows, np.bool_)
    gone[rows[order]] = True
    kept = np.flatnonzero(~gone)
    first = np.array([rows[places[0]] for places in changed.values()], np.int64)
    order_of_all = np.argsort(np.concatenate([kept, first]), kind="stable")
    places = np.concatenate([kept, candidates.num_rows + np.arange(len(made))])[order_of_all]
    table = pa.concat_tables([candidates, pa.Table.from_pylist(made, schema=candidates.schema)])
    return table.take(places).combine_chunks()


def _shapes(candidates: pa.Table) -> dict[str, str]:
    """The commonest shape of each term, the first in the alphabet between equals."""
    counted = candidates.group_by(["term", "shape"]).aggregate([("file", "count")])
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    columns = (counted[name].to_pylist() for name in ("term", "shape", "file_count"))
    for term, shape, count in zip(*columns, strict=True):
        counts[term][shape] += count
    return {term: min(found, key=lambda shape: (-found[shape], shape)) for term, found in counts.items()}


def _united(term: str, rows: Sequence[Row], shapes: Mapping[str, str]) -> Row:
    places = occurrences(place for row in rows for place in row["occurrences"])
    own = [row["shape"] for row in rows if row["term"] == term]
    fallback = min(rows, key=lambda row: (-row["frequency"], row["term"]))["shape"]
    return {
        "file": rows[0]["file"],
        "term": term,
        "shape": own[0] if own else shapes.get(term, fallback),
        "words": len(term.split(" ")),
        "frequency": len(places),
        "first": min(row["first"] for row in rows),
        "last": max(row["last"] for row in rows),
        **{name: min(sum(row[name] for row in rows), len(places)) for name in COUNTED},
        "in_title": any(row["in_title"] for row in rows),
        **{name: max(row[name] for row in rows) for name in TOKEN_FEATURES},
        "occurrences": places,
    }


def occurrences(places: Iterable[Row]) -> list[Row]:
    """The occurrences of one concept in order, without those that lie inside another one."""
    kept: list[Row] = []
    for place in sorted(places, key=lambda place: (place["part"], place["start"], -place["end"])):
        if not (kept and kept[-1]["part"] == place["part"] and place["end"] <= kept[-1]["end"]):
            kept.append(place)
    return kept


def names(candidates: pa.Table, variants: Variants) -> dict[str, dict[str, int]]:
    """Of each concept that has several the terms that mean it, with the occurrences of each in that sense.

    Args:
        candidates: rows of `kg.annotate.rows.CANDIDATES`, not yet united.
        variants: which concept a term means.
    """
    moved = {*variants.acronymic, *variants.everywhere, *variants.curation.concepts}
    places = {variants.concept(-1, term) for term in moved}
    places |= {variants.curation.concept(concept) for concept in variants.inside.values()}
    rows = candidates.filter(pc.is_in(candidates["term"], pa.array(sorted(moved | places), pa.string())))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    columns = (rows[name].to_pylist() for name in ("file", "term", "frequency"))
    for file, term, count in zip(*columns, strict=True):
        found[variants.concept(file, term)][term] += count
    return {concept: dict(counts) for concept, counts in found.items() if counts.keys() != {concept}}
