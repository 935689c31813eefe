"""The tables of the selected concepts and of their mentions. A mention is a pair of an article and a concept in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.rows import FORMS
from kg.annotate.text.normal_form import normal_form
from kg.base.arrays import Bools, Floats, Ints
from kg.base.languages import bare_language, commonest_language
from kg.base.model import Origin
from kg.base.tables import CONCEPTS_FOUND, MENTIONS, OCCURRENCE
from kg.concepts.linking.disambiguation import LinkedTerms
from kg.concepts.linking.lexicon import Lexicon
from kg.concepts.linking.skos_mapping import Match, matches
from kg.concepts.selection.labels import Casing, Forms, Labels, collect_forms, split_alternatives
from kg.concepts.selection.merged_labels import concept_labels, tell_apart
from kg.concepts.terms.candidate_store import starts_of
from kg.concepts.terms.corpus import Corpus, rows_of, texts
from kg.concepts.terms.variants import Variants

Names = dict[str, dict[str, int]]
"""Key: a concept. Value: its names (the terms that denote it), each with a count.

The same type is used for the spellings of terms. Key: a term. Value: its spellings, each with a count.
"""

ABOUT: Final = 0.5
"""An article is about a concept if the concept's salience is at least this. Otherwise it only mentions the concept."""


@dataclass(slots=True)
class Pairs:
    """The selected pairs of an article and a concept, in parallel arrays.

    The origin of a pair is the source of the statement that the article has the concept, such as the author of the
    article. For each origin, a mask tells which pairs have it.
    """

    file: Ints
    term: Ints
    row: Ints  # row in the table of candidates; -1 for a keyword that is not in the text
    salience: Floats
    author: Bools
    extracted: Bools
    curated: Bools
    vocabulary: Bools

    @property
    def origins(self) -> tuple[tuple[Origin, Bools], ...]:
        """The origins in the order of `kg.base.model.Origin`, each with a mask of the pairs that have this origin."""
        return tuple((origin, getattr(self, origin.value)) for origin in Origin)

    def take(self, chosen: Ints | Bools) -> Pairs:
        """Return the pairs at the indices `chosen`, or, if `chosen` is a mask, the pairs where it is True."""
        return Pairs(*(getattr(self, name)[chosen] for name in self.__slots__))


@dataclass(frozen=True)
class Selection:
    """The result of the selection: the concepts of each article.

    The methods `mentions` and `concepts` build one table each, since some steps need only the table of mentions.
    """

    pairs: Pairs
    terms: Mapping[int, str]
    """Key: the number of a selected concept, as in `Pairs.term`. Value: its normal form."""
    slugs: Mapping[int, str]
    """Key: the number of a selected concept, as in `Pairs.term`. Value: its slug, from which its IRI is made."""
    corpus: Corpus
    candidates: pa.Table
    """A table with one row for each of `pairs`: the columns `frequency` and `occurrences` of the candidate.

    Both are null if the concept is not in the text of the article, but only in its keywords.
    """
    spellings: Names
    """Key: the normal form of an author's keyword. Value: its spellings, each with the number of its uses."""
    known: Names
    """Key: a concept with several names (the terms that denote it). Value: its names with their numbers of occurrences.

    See `kg.concepts.terms.merge_candidates.names`.
    """
    variants: Variants
    lexicon: Lexicon
    recognised: LinkedTerms

    def mentions(self) -> pa.Table:
        """Build the table `kg.base.tables.MENTIONS`."""
        return _mentions(self.pairs, self.slugs, self.corpus.articles, self.candidates)

    def concepts(self) -> pa.Table:
        """Build the table `kg.base.tables.CONCEPTS_FOUND`, with the labels and the matches in vocabularies."""
        languages = self._languages()
        labels = _labels(self.terms, self.corpus, self.spellings, self.known, self.variants, self._written_acronyms())
        labels = tell_apart(labels, self.terms, languages)
        matched = matches(self.recognised, self.lexicon, [self.terms[number] for number in labels])
        return _concepts(self.pairs, self.terms, self.slugs, labels, languages, matched, self.candidates)

    def _languages(self) -> dict[int, str]:
        """Return the language of each concept's labels: the language of most articles that have the concept."""
        tags = self.corpus.articles["language"].combine_chunks().dictionary_encode()
        known = [bare_language(tag) for tag in tags.dictionary.to_pylist()]
        codes = tags.indices.to_numpy()[_article(self.pairs, self.corpus.articles)]
        keys, found = np.unique(self.pairs.term.astype(np.int64) * len(known) + codes, return_counts=True)
        counts: dict[int, Counter[str]] = defaultdict(Counter)
        for key, count in zip(keys.tolist(), found.tolist(), strict=True):
            counts[key // len(known)][known[key % len(known)]] += count
        return {term: commonest_language(languages) for term, languages in counts.items()}

    def _written_acronyms(self) -> dict[str, Forms]:
        """Return the written forms of those concepts whose terms are acronyms of other concepts in other articles.

        The table of forms has the sums over all articles, including those in which "ACID" is the acronym. In contrast,
        the concept "acid" gets only the forms in its own articles.
        """
        variants = self.variants
        acronyms = variants.acronymic & variants.expansions.keys()
        own = {number: name for number, name in self.terms.items() if name in acronyms}
        result = {name: Forms() for name in own.values()}
        rows = np.flatnonzero(np.isin(self.pairs.term, [*own]))
        terms = self.pairs.term[rows].tolist()
        here = {(file, own[term]) for file, term in zip(self.pairs.file[rows].tolist(), terms, strict=True)}
        for file, name, label in _rows(self.corpus.keywords, "file", "form", "label"):
            if (file, name) in here:
                result[name].author[label] = result[name].author.get(label, 0) + 1
        rows = rows[self.pairs.row[rows] >= 0]
        parts = texts(self.corpus.articles, self.pairs.file[rows].tolist())
        places = self.candidates["occurrences"].take(rows).to_pylist()
        keys = zip(self.pairs.file[rows].tolist(), self.pairs.term[rows].tolist(), places, strict=True)
        for file, number, occurrences in keys:
            running = result[own[number]].running
            for place in occurrences:
                form = parts[file][place["part"]][place["start"] : place["end"]]
                if normal_form(form) == own[number]:  # not "$ac$", with delimiters of mathematics
                    running[form] = running.get(form, 0) + 1
        return result


def place_in_file(file: Ints) -> Ints:
    """Return, for each entry of `file`, its position among the entries with the same file number, from 0.

    `file` must be sorted.
    """
    starts = starts_of(file)
    return np.arange(len(file)) - np.repeat(starts, np.diff(np.r_[starts, len(file)]))


def _labels(
    terms: Mapping[int, str],
    corpus: Corpus,
    spellings: Names,
    known: Names,
    variants: Variants,
    acronyms: Mapping[str, Forms],
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
        number: concept_labels(
            concept, known.get(concept, {}), collected, casing, variants, acronyms.get(concept, Forms())
        )
        for number, concept in terms.items()
    }


def _rows(table: pa.Table, *columns: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in columns), strict=True)


def _concepts(
    pairs: Pairs,
    terms: Mapping[int, str],
    slugs: Mapping[int, str],
    labels: Mapping[int, Labels],
    languages: Mapping[int, str],
    matched: Mapping[str, Sequence[Match]],
    candidates: pa.Table,
) -> pa.Table:
    size = 1 + max(terms, default=0)
    articles = np.bincount(pairs.term, minlength=size)
    frequency = np.bincount(pairs.term, weights=_frequency(candidates), minlength=size).astype(np.int64)
    numbers = sorted(slugs, key=slugs.__getitem__)
    others = [split_alternatives(labels[number]) for number in numbers]
    said = [np.bincount(pairs.term, weights=by_origin, minlength=size)[numbers] > 0 for _, by_origin in pairs.origins]
    columns = {
        "slug": [slugs[number] for number in numbers],
        "normal_form": [terms[number] for number in numbers],
        "pref_label": [labels[number].preferred for number in numbers],
        "alt_labels": [alternative for alternative, _ in others],
        "hidden_labels": [hidden for _, hidden in others],
        "language": [languages[number] for number in numbers],
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
    """Return, for each pair of article and concept, the index of the row of its article in `articles`."""
    files = articles["file"].to_numpy()
    order = np.argsort(files)
    place: Ints = order[np.searchsorted(files, pairs.file, sorter=order)]
    return place


def _origins(columns: Sequence[Bools]) -> pa.ListArray:
    """Return, for each row, the list of the names of its origins.

    Args:
        columns: for each `kg.base.model.Origin`, a mask of the rows that have this origin.
    """
    said = np.column_stack(columns)
    names = pa.array([origin.value for origin in Origin], pa.string())
    offsets = pa.array(np.r_[0, np.cumsum(said.sum(axis=1))], pa.int32())
    return pa.ListArray.from_arrays(offsets, names.take(np.nonzero(said)[1]))


def _occurrences(article: Ints, articles: pa.Table, candidates: pa.Table) -> pa.ListArray:
    """Return, for each pair of article and concept, the list of the occurrences of the concept in the article.

    In `candidates`, the part of the article is an index. In the result, it is the name of the part, such as "answer".

    Args:
        article: for each pair, the index of the row of its article in `articles`.
        articles: rows of `kg.annotate.rows.ARTICLES`.
        candidates: for each pair, the row of its candidate.
    """
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
