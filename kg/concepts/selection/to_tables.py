"""The selected concepts as tables: concepts and mentions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.rows import FORMS
from kg.base.arrays import Bools, Floats, Ints
from kg.base.model import Origin
from kg.base.tables import CONCEPTS_FOUND, MENTIONS, OCCURRENCE
from kg.concepts.linking.disambiguation import LinkedTerms
from kg.concepts.linking.lexicon import Lexicon
from kg.concepts.linking.skos_mapping import Match, matches
from kg.concepts.selection.labels import Casing, Labels, collect_forms
from kg.concepts.selection.merged_labels import concept_labels
from kg.concepts.terms.candidate_store import starts_of
from kg.concepts.terms.corpus import Corpus, rows_of
from kg.concepts.terms.variants import Variants

Names = dict[str, dict[str, int]]
"""Counts of names by concept, or counts of spellings by term.

The outer keys are concepts, and the inner keys the names of each; or terms, and the spellings of each.
"""

ABOUT: Final = 0.5
"""An article is about a concept if the concept's salience is at least this. Otherwise it only mentions the concept."""
LANGUAGE: Final = "en"


@dataclass(slots=True)
class Pairs:
    """The selected pairs of article and concept, in parallel arrays.

    For each origin, such as `author`, a mask tells which pairs come from it.
    """

    file: Ints
    term: Ints
    row: Ints  # row of the candidate; -1 for a keyword that is not in the text
    salience: Floats
    author: Bools
    extracted: Bools
    curated: Bools
    vocabulary: Bools

    @property
    def origins(self) -> tuple[tuple[Origin, Bools], ...]:
        """The origins in the order of `kg.base.model.Origin`, each with the mask of the pairs that come from it."""
        return tuple((origin, getattr(self, origin.value)) for origin in Origin)

    def take(self, chosen: Ints | Bools) -> Pairs:
        """Return the pairs at the given indices, or where a mask is True."""
        return Pairs(*(getattr(self, name)[chosen] for name in self.__slots__))


@dataclass(frozen=True)
class Selection:
    """The result of the selection. Its two tables are made separately, since some steps need only the mentions."""

    pairs: Pairs
    terms: Mapping[int, str]
    """The normal form of each selected concept, by term number."""
    slugs: Mapping[int, str]
    """The slug of each selected concept, by term number."""
    corpus: Corpus
    candidates: pa.Table
    """For each pair, `frequency` and `occurrences` of its candidate; both are null if the text lacks the concept."""
    spellings: Names
    """For each keyword, by its normal form, the count of each of its spellings."""
    known: Names
    """For each concept with several names, the count of each; see `kg.concepts.terms.merge_candidates.names`."""
    variants: Variants
    lexicon: Lexicon
    recognised: LinkedTerms

    def mentions(self) -> pa.Table:
        """Build the table `kg.base.tables.MENTIONS`."""
        return _mentions(self.pairs, self.slugs, self.corpus.articles, self.candidates)

    def concepts(self) -> pa.Table:
        """Build the table `kg.base.tables.CONCEPTS_FOUND`, with labels and matches."""
        labels = _labels(self.terms, self.corpus, self.spellings, self.known, self.variants)
        matched = matches(self.recognised, self.lexicon, [self.terms[number] for number in labels])
        return _concepts(self.pairs, self.terms, self.slugs, labels, matched, self.candidates)


def place_in_file(file: Ints) -> Ints:
    """Return, for each entry, its position among the entries of the same file, from 0; `file` must be sorted."""
    starts = starts_of(file)
    return np.arange(len(file)) - np.repeat(starts, np.diff(np.r_[starts, len(file)]))


def _labels(
    terms: Mapping[int, str],
    corpus: Corpus,
    spellings: Names,
    known: Names,
    variants: Variants,
) -> dict[int, Labels]:
    written = sorted({name for concept in terms.values() for name in (concept, *known.get(concept, ()))})
    forms = rows_of(corpus.read_forms, written, FORMS.names)
    summed = forms.group_by(["term", "form", "running"]).aggregate([("count", "sum")])
    collected = collect_forms(_rows(summed, "term", "form", "running", "count_sum"))
    words = corpus.words.group_by("word").aggregate([("count", "sum")])
    casing = Casing(dict(_rows(words, "word", "count_sum")))
    for name in sorted(spellings.keys() & set(written)):
        collected[name].author = spellings[name]
    return {
        number: concept_labels(concept, known.get(concept, {}), collected, casing, variants)
        for number, concept in terms.items()
    }


def _rows(table: pa.Table, *columns: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in columns), strict=True)


def _concepts(
    pairs: Pairs,
    terms: Mapping[int, str],
    slugs: Mapping[int, str],
    labels: Mapping[int, Labels],
    matched: Mapping[str, Sequence[Match]],
    candidates: pa.Table,
) -> pa.Table:
    size = 1 + max(terms, default=0)
    articles = np.bincount(pairs.term, minlength=size)
    frequency = np.bincount(pairs.term, weights=_frequency(candidates), minlength=size).astype(np.int64)
    numbers = sorted(slugs, key=slugs.__getitem__)
    said = [np.bincount(pairs.term, weights=by_origin, minlength=size)[numbers] > 0 for _, by_origin in pairs.origins]
    columns = {
        "slug": [slugs[number] for number in numbers],
        "normal_form": [terms[number] for number in numbers],
        "pref_label": [labels[number].preferred for number in numbers],
        "alt_labels": [labels[number].alternative for number in numbers],
        "language": [LANGUAGE] * len(numbers),
        "article_count": articles[numbers],
        "frequency": frequency[numbers],
        "origins": _origins(said),
        "matches": [matched.get(terms[number], []) for number in numbers],
    }
    return pa.table(columns, schema=CONCEPTS_FOUND)


def _frequency(candidates: pa.Table) -> Ints:
    counts: Ints = pc.fill_null(candidates["frequency"], 0).to_numpy().astype(np.int64)
    return counts


def _mentions(pairs: Pairs, slugs: Mapping[int, str], articles: pa.Table, candidates: pa.Table) -> pa.Table:
    article = _article(pairs, articles)
    numbers = np.array(sorted(slugs), np.int64)
    names = pa.array([slugs[number] for number in numbers.tolist()], pa.string())
    table = pa.Table.from_arrays(
        [
            articles["url"].combine_chunks().take(article),
            pa.array(place_in_file(pairs.file) + 1, pa.int32()),
            names.take(np.searchsorted(numbers, pairs.term)),
            pa.array(pairs.salience, pa.float64()),
            pa.array(_frequency(candidates), pa.int32()),
            pa.array(pairs.salience >= ABOUT),
            _origins([by_origin for _, by_origin in pairs.origins]),
            _occurrences(article, articles, candidates),
        ],
        schema=MENTIONS,
    )
    return table.sort_by([("article", "ascending"), ("rank", "ascending")])


def _article(pairs: Pairs, articles: pa.Table) -> Ints:
    """Return the row of each pair's article in `articles`."""
    files = articles["file"].to_numpy()
    order = np.argsort(files)
    place: Ints = order[np.searchsorted(files, pairs.file, sorter=order)]
    return place


def _origins(columns: Sequence[Bools]) -> pa.ListArray:
    """Return the names of the origins of each row; `columns` has one mask for each `kg.base.model.Origin`."""
    said = np.column_stack(columns)
    names = pa.array([origin.value for origin in Origin], pa.string())
    offsets = pa.array(np.r_[0, np.cumsum(said.sum(axis=1))], pa.int32())
    return pa.ListArray.from_arrays(offsets, names.take(np.nonzero(said)[1]))


def _occurrences(article: Ints, articles: pa.Table, candidates: pa.Table) -> pa.ListArray:
    """Return, for each pair, the occurrences of its candidate, with part names instead of part numbers."""
    chosen = candidates["occurrences"].combine_chunks()
    lengths = pc.fill_null(pc.list_value_length(chosen), 0).to_numpy().astype(np.int64)
    flat = chosen.flatten()
    parts = articles["parts"]
    names = pc.struct_field(pc.list_flatten(parts), "name").combine_chunks()
    count = pc.fill_null(pc.list_value_length(parts), 0).to_numpy().astype(np.int64)
    first = np.cumsum(count) - count
    places = pa.StructArray.from_arrays(
        [
            names.take(np.repeat(first[article], lengths) + flat.field("part").to_numpy()),
            *(flat.field(name) for name in ("start", "end", "sentence_start", "sentence_end")),
        ],
        fields=list(OCCURRENCE),
    )
    return pa.ListArray.from_arrays(pa.array(np.r_[0, np.cumsum(lengths)], pa.int32()), places)
