"""Merging of variants: candidate terms of an article that denote the same concept become one candidate.

The statistics and the occurrences of the merged candidates are combined.
"""

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

COUNTED: Final = ("alone", "proper", "bold", "heading", "section_name", "item_start")
"""Columns of `kg.annotate.rows.CANDIDATES` that count certain occurrences of a candidate, such as those in headings.

When candidates are merged, the values of each of these columns are added up. If the sum is larger than the number of
occurrences of the merged candidate, this number is used instead.
"""


def merge_variants(read: ReadRows, variants: Variants, concerned: pa.Table) -> Iterator[pa.Table]:
    """Replace each candidate term with the concept that it denotes, and merge rows of the same article and concept.

    A row stays as it is if its term is already the concept and no other row is merged with it. Each other row gets the
    number of words and the shape (a code of word classes, see `_shapes_of`) of the concept.

    Args:
        read: reads the table of candidates, which has one row per article and term.
        variants: maps terms to concepts.
        concerned: the result of `of_several_names` for the same `read` and `variants`.

    Yields:
        Rows of `kg.annotate.rows.CANDIDATES`, one table for each table that `read` yields.
    """
    touched = frozenset(concerned["term"].unique().to_pylist())
    shapes = _shapes(concerned)
    for part in read(CANDIDATES.names):
        yield _merge_part(part, variants, touched, shapes)


def without_other_words(candidates: pa.Table, variants: Variants) -> pa.Table:
    """Return `candidates` without the rows of words that are an acronym in other articles, see `Variants`."""
    terms = {term for _, term in variants.other_words}
    rows = np.flatnonzero(are_among(candidates["term"], terms)) if terms else np.empty(0, np.int64)
    if not len(rows):
        return candidates
    keys = zip(*(candidates[name].take(rows).to_pylist() for name in ("file", "term")), strict=True)
    kept = np.ones(candidates.num_rows, np.bool_)
    kept[rows] = [key not in variants.other_words for key in keys]
    return candidates.filter(pa.array(kept))


def of_several_names(read: ReadRows, variants: Variants) -> pa.Table:
    """Read the candidates that denote a concept with several names, such as "ML" and "machine learning".

    The result has the columns `file`, `term`, `shape` and `frequency`.
    """
    moved = {*variants.acronymic, *variants.everywhere, *variants.curation.concepts}
    touched = {*moved, *(variants.concept(-1, term) for term in moved)}
    touched |= {variants.curation.concept(concept) for concept in variants.inside.values()}
    return rows_of(read, touched, ["file", "term", "shape", "frequency"])


def _merge_part(
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
    made = _merge_rows(candidates.take(members), start, [term for _, term in changed], shapes)
    gone = np.zeros(candidates.num_rows, np.bool_)
    gone[members] = True
    kept = np.flatnonzero(~gone)
    order = np.argsort(np.concatenate([kept, members[start]]), kind="stable")  # merged row: at its first row
    places = np.concatenate([kept, candidates.num_rows + np.arange(len(start))])[order]
    return pa.concat_tables([candidates, made]).take(places).combine_chunks()


def _shapes(candidates: pa.Table) -> dict[str, str]:
    """Return the shape (a code of word classes) that each term has in most articles.

    If several shapes are equally frequent, the first one in alphabetical order is taken.
    """
    counted = candidates.group_by(["term", "shape"]).aggregate([("file", "count")])
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    columns = (counted[name].to_pylist() for name in ("term", "shape", "file_count"))
    for term, shape, count in zip(*columns, strict=True):
        counts[term][shape] += count
    return {term: min(found, key=lambda shape: (-found[shape], shape)) for term, found in counts.items()}


def _merge_rows(rows: pa.Table, start: Ints, terms: Sequence[str], shapes: Mapping[str, str]) -> pa.Table:
    """Merge each group of consecutive rows into one row.

    The group with the number i begins at row `start[i]`. Its merged row has the term `terms[i]`.
    """
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
    """Return the shape of each of `terms`. A shape is a code of word classes, such as "an" (adjective and noun).

    `terms[i]` is the new term of the group of rows that begins at row `start[i]`. Its shape is the first of these that
    exists:

    1. the shape of the row in the group that already has the new term before the merging;
    2. the shape of the new term in `shapes`, which has the most frequent shape of each term;
    3. the shape of the row in the group that has the most occurrences.
    """
    columns = (rows[name].to_pylist() for name in ("term", "frequency", "shape"))
    given = list(zip(*columns, strict=True))
    result: list[str] = []
    for term, (at, end) in zip(terms, pairwise([*start.tolist(), len(given)]), strict=True):
        own = next((shape for name, _, shape in given[at:end] if name == term), shapes.get(term))
        result.append(own or min((-frequency, name, shape) for name, frequency, shape in given[at:end])[2])
    return result


def _outermost(places: pa.ListArray, group: Ints, groups: int) -> pa.ListArray:
    """Return, for each group of rows, the list of the occurrences of these rows in text order.

    An occurrence that lies inside another occurrence of the same group is left out.

    Args:
        places: the occurrences of each row.
        group: the number of each row's group.
        groups: the number of groups.
    """
    flat = places.flatten()
    group = np.repeat(group, places.value_lengths().to_numpy())
    part, start, end = (flat.field(name).to_numpy().astype(np.int64) for name in ("part", "start", "end"))
    text = group * (part.max(initial=0) + 1) + part
    order = np.lexsort((-end, start, text))
    end = text[order] * (end.max(initial=0) + 1) + end[order]  # one number for text and offset
    outside = np.r_[True, end[1:] > np.maximum.accumulate(end)[:-1]][: len(end)]
    kept = order[outside]
    lengths = np.bincount(group[kept], minlength=groups)
    return pa.ListArray.from_arrays(pa.array(np.r_[0, np.cumsum(lengths)], pa.int32()), flat.take(pa.array(kept)))


def names(concerned: pa.Table, variants: Variants) -> dict[str, dict[str, int]]:
    """Count the occurrences of each name of a concept. The names are the terms that denote the concept.

    Args:
        concerned: candidates before merging, see `of_several_names`.
        variants: maps terms to concepts.

    Returns:
        A mapping from each concept to its names, each with its number of occurrences. Concepts whose only name is their
        own normal form are left out.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    columns = (concerned[name].to_pylist() for name in ("file", "term", "frequency"))
    for file, term, count in zip(*columns, strict=True):
        found[variants.concept(file, term)][term] += count
    return {concept: dict(counts) for concept, counts in found.items() if counts.keys() != {concept}}
