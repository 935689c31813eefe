"""What was chosen, as the tables of concepts and mentions."""

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
from kg.concepts.selection.naming import concept_labels
from kg.concepts.terms.candidate_store import starts_of
from kg.concepts.terms.corpus import Corpus, rows_of
from kg.concepts.terms.variants import Variants

Names = dict[str, dict[str, int]]

ABOUT: Final = 0.5
"""The least salience of what an article is about, and not merely mentions."""
LANGUAGE: Final = "en"


@dataclass(slots=True)
class Pairs:
    """One entry for each article and concept that were chosen for each other."""

    file: Ints
    term: Ints
    row: Ints  # in the candidates; -1 for a keyword that stands nowhere in the text
    salience: Floats
    author: Bools
    extracted: Bools
    curated: Bools
    vocabulary: Bools

    @property
    def origins(self) -> tuple[tuple[Origin, Bools], ...]:
        """Who says so, in the order of `kg.base.model.Origin`."""
        return tuple((origin, getattr(self, origin.value)) for origin in Origin)

    def take(self, chosen: Ints | Bools) -> Pairs:
        """Some of them, by their places or by a mask."""
        return Pairs(*(getattr(self, name)[chosen] for name in self.__slots__))


@dataclass(frozen=True)
class Selection:
    """What was chosen. Its two tables are made one by one, since other work can begin with the mentions alone."""

    pairs: Pairs
    terms: Mapping[int, str]
    """Those that were chosen."""
    slugs: Mapping[int, str]
    corpus: Corpus
    candidates: pa.Table
    """Of each pair the candidate's `frequency` and `occurrences`, null where it stands nowhere in the text."""
    spellings: Names
    known: Names
    variants: Variants
    lexicon: Lexicon
    recognised: LinkedTerms

    def mentions(self) -> pa.Table:
        """The table `kg.base.tables.MENTIONS`."""
        return _mentions(self.pairs, self.slugs, self.corpus.articles, self.candidates)

    def concepts(self) -> pa.Table:
        """The table `kg.base.tables.CONCEPTS_FOUND`, with how each is written."""
        labels = _labels(self.terms, self.corpus, self.spellings, self.known, self.variants)
        matched = matches(self.recognised, self.lexicon, [self.terms[number] for number in labels])
        return _concepts(self.pairs, self.terms, self.slugs, labels, matched, self.candidates)


def place_in_file(file: Ints) -> Ints:
    """The place of each entry among those of its file, from 0; `file` is sorted."""
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
    """The place of each pair's article in its table."""
    files = articles["file"].to_numpy()
    order = np.argsort(files)
    place: Ints = order[np.searchsorted(files, pairs.file, sorter=order)]
    return place


def _origins(columns: Sequence[Bools]) -> pa.ListArray:
    """The names of the origins that say so, of each row; a column for each of `kg.base.model.Origin`."""
    said = np.column_stack(columns)
    names = pa.array([origin.value for origin in Origin], pa.string())
    offsets = pa.array(np.r_[0, np.cumsum(said.sum(axis=1))], pa.int32())
    return pa.ListArray.from_arrays(offsets, names.take(np.nonzero(said)[1]))


def _occurrences(article: Ints, articles: pa.Table, candidates: pa.Table) -> pa.ListArray:
    """The chosen candidates' occurrences, with the names of parts for their numbers."""
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
