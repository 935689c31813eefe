"""One candidate for each article and concept: its variants' statistics and occurrences united."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kg.annotate.extract.token_model import FEATURES as TOKEN_FEATURES
from kg.annotate.rows import CANDIDATES
from kg.base.arrays import Ints
from kg.concepts.terms.corpus import ReadRows, rows_of
from kg.concepts.terms.term_index import are_among
from kg.concepts.terms.variants import Variants

COUNTED: Final = ("alone", "proper", "bold", "heading", "item_start")
"""Columns of `kg.annotate.rows.CANDIDATES` that count occurrences: their sum, at most the frequency."""


def merge_variants(read: ReadRows, variants: Variants, concerned: pa.Table) -> Iterator[pa.Table]:
    """The candidates with each term's concept in its place, one row for each article and concept, in the parts that
    they are read in.

    Args:
        read: reads candidates, each article and term once.
        variants: which concept a term means.
        concerned: of these candidates, see `of_several_names`.

    Rows that nothing is united with stay as they are. A row that takes another name has the name's number of words, and
    the shape that the name mostly has in the corpus.
    """
    touched = frozenset(concerned["term"].unique().to_pylist())
    shapes = _shapes(concerned)
    for part in read(CANDIDATES.names):
        yield _united_part(part, variants, touched, shapes)


def of_several_names(read: ReadRows, variants: Variants) -> pa.Table:
    """The candidates that mean a concept of several names: their file, term, shape and frequency."""
    moved = {*variants.acronymic, *variants.everywhere, *variants.curation.concepts}
    touched = {*moved, *(variants.concept(-1, term) for term in moved)}
    touched |= {variants.curation.concept(concept) for concept in variants.inside.values()}
    return rows_of(read, touched, ["file", "term", "shape", "frequency"])


def _united_part(
    candidates: pa.Table, variants: Variants, touched: frozenset[str], shapes: Mapping[str, str]
) -> pa.Table:
    rows = np.flatnonzero(are_among(candidates["term"], touched))
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    some = candidates.select(["file", "term"]).take(rows)
    names = some["term"].to_pylist()
    for place, (file, term) in enumerate(zip(some["file"].to_pylist(), names, strict=True)):
        groups[file, variants.concept(file, term)].append(place)
    changed = {key: places for key, places in groups.items() if len(places) > 1 or names[places[0]] != key[1]}
    if not changed:
        return candidates
    members = rows[[place for places in changed.values() for place in places]]
    start = np.cumsum([0, *map(len, changed.values())])[:-1]
    made = _united(candidates.take(members), start, [term for _, term in changed], shapes)
    gone = np.zeros(candidates.num_rows, np.bool_)
    gone[members] = True
    kept = np.flatnonzero(~gone)
    order = np.argsort(np.concatenate([kept, members[start]]), kind="stable")  # in the place of the first of each
    places = np.concatenate([kept, candidates.num_rows + np.arange(len(start))])[order]
    return pa.concat_tables([candidates, made]).take(places).combine_chunks()


def _shapes(candidates: pa.Table) -> dict[str, str]:
    """The commonest shape of each term, the first in the alphabet between equals."""
    counted = candidates.group_by(["term", "shape"]).aggregate([("file", "count")])
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    columns = (counted[name].to_pylist() for name in ("term", "shape", "file_count"))
    for term, shape, count in zip(*columns, strict=True):
        counts[term][shape] += count
    return {term: min(found, key=lambda shape: (-found[shape], shape)) for term, found in counts.items()}


def _united(rows: pa.Table, start: Ints, terms: Sequence[str], shapes: Mapping[str, str]) -> pa.Table:
    """A row for each of `terms`: those of term i are united, which begin at `start[i]` in `rows`."""
    group = np.repeat(np.arange(len(start)), np.diff(np.r_[start, rows.num_rows]))
    occurrences = _outermost(rows["occurrences"].combine_chunks(), group, len(start))
    frequency = occurrences.value_lengths().to_numpy()

    def column(name: str) -> npt.NDArray[Any]:
        values: npt.NDArray[Any] = rows[name].to_numpy()
        return values

    columns = {
        "file": column("file")[start],
        "term": terms,
        "shape": _shapes_of(rows, start, terms, shapes),
        "words": [len(term.split(" ")) for term in terms],
        "frequency": frequency,
        "first": np.minimum.reduceat(column("first"), start),
        "last": np.maximum.reduceat(column("last"), start),
        **{name: np.minimum(np.add.reduceat(column(name), start), frequency) for name in COUNTED},
        "in_title": np.logical_or.reduceat(column("in_title"), start),
        **{name: np.maximum.reduceat(column(name), start) for name in TOKEN_FEATURES},
        "occurrences": occurrences,
    }
    return pa.table(columns, schema=rows.schema)


def _shapes_of(rows: pa.Table, start: Ints, terms: Sequence[str], shapes: Mapping[str, str]) -> list[str]:
    """The shape of each of `terms`: its own, else the one that it mostly has, else that of its commonest name."""
    columns = (rows[name].to_pylist() for name in ("term", "frequency", "shape"))
    given = list(zip(*columns, strict=True))
    result: list[str] = []
    for term, (at, end) in zip(terms, pairwise([*start.tolist(), len(given)]), strict=True):
        own = next((shape for name, _, shape in given[at:end] if name == term), shapes.get(term))
        result.append(own or min((-frequency, name, shape) for name, frequency, shape in given[at:end])[2])
    return result


def _outermost(places: pa.ListArray, group: Ints, groups: int) -> pa.ListArray:
    """The occurrences of each of `groups` of rows in order, without those that lie inside another one."""
    flat = places.flatten()
    group = np.repeat(group, places.value_lengths().to_numpy())
    part, start, end = (flat.field(name).to_numpy().astype(np.int64) for name in ("part", "start", "end"))
    text = group * (part.max(initial=0) + 1) + part
    order = np.lexsort((-end, start, text))
    end = text[order] * (end.max(initial=0) + 1) + end[order]  # of all that is before, counted over all texts
    outside = np.r_[True, end[1:] > np.maximum.accumulate(end)[:-1]][: len(end)]
    kept = order[outside]
    lengths = np.bincount(group[kept], minlength=groups)
    return pa.ListArray.from_arrays(pa.array(np.r_[0, np.cumsum(lengths)], pa.int32()), flat.take(pa.array(kept)))


def names(concerned: pa.Table, variants: Variants) -> dict[str, dict[str, int]]:
    """Of each concept that has several the terms that mean it, with the occurrences of each in that sense.

    Args:
        concerned: candidates, not yet united, see `of_several_names`.
        variants: which concept a term means.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    columns = (concerned[name].to_pylist() for name in ("file", "term", "frequency"))
    for file, term, count in zip(*columns, strict=True):
        found[variants.concept(file, term)][term] += count
    return {concept: dict(counts) for concept, counts in found.items() if counts.keys() != {concept}}
