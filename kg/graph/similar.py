"""Similar articles: for each article, the articles that are most like it, with the concepts that they share.

Two things count. The first is the similarity of the content: the cosine of two vectors, whose entries are the concepts
of an article and the words of these concepts, weighted by salience, frequency and rarity (after G. Salton and
C. Buckley, "Term-weighting approaches in automatic text retrieval", 1988). The second is how the articles are filed,
see `kg.graph.filing`.

Links between articles are not used. So the result can be compared with the links that authors set, and can suggest
links that are missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from kg.base.arrays import Floats, Ints
from kg.base.tables import SIMILAR
from kg.graph.filing import filings

MOST: Final = 10
"""Largest number of similar articles that one article has."""
_SHARED: Final = 5
"""Largest number of shared concepts that are given as the reason of a similarity."""
_CANDIDATES: Final = 50
"""Number of articles with the most similar content among which the similar articles of an article are chosen."""
_NEAREST: Final = 3
"""Number of articles with the most similar content that tell how much the filing of articles says."""
_COMMON: Final = 1000
"""Largest number of articles with a concept or word for which it makes an article a candidate.

More frequent ones count in the similarity, but are not searched. Otherwise the time would grow with the square of the
number of articles.
"""
_ROWS: Final = 500
"""Number of articles that are compared with all others at a time."""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of articles, given by their numbers, sorted by `one`, and the similarity of their content from 0 to 1."""

    one: Ints
    other: Ints
    similarity: Floats

    def best(self, score: Floats, most: int) -> Ints:
        """Return the numbers of the pairs with the highest score, at most `most` for each article `one`."""
        order = np.lexsort((self.other, -self.similarity, -score, self.one))
        return order[_places(self.one[order]) < most]


def similar_articles(articles: pa.Table, concepts: pa.Table, mentions: pa.Table) -> pa.Table:
    """Return the articles that are most like each article, at most `MOST`, as a table of `kg.base.tables.SIMILAR`.

    The score of a pair is s / (1 + s), where s is the similarity of the content times the square root of the product of
    the likelihood ratios of the filing. The root gives the content twice the weight. Only articles that share a concept
    are similar.

    Args:
        articles: a table with the columns url, id, date and subject of `kg.base.tables.ARTICLES_FOUND`.
        concepts: a table with the columns slug and normal_form of `kg.base.tables.CONCEPTS_FOUND`.
        mentions: rows of `kg.base.tables.MENTIONS`.
    """
    urls, slugs = articles["url"].combine_chunks(), concepts["slug"].combine_chunks()
    weights = _weights(urls, slugs, mentions)
    by_concept = _unit_rows(_with_rarity(weights))
    by_word = _unit_rows(_with_rarity(_by_word(weights, concepts["normal_form"].to_pylist())))
    pairs = _close_pairs(by_concept, by_word)
    nearest = pairs.best(pairs.similarity, _NEAREST)
    log_ratio = np.zeros(len(pairs.one))
    for filing in filings(articles):
        ratios = filing.log_ratios(pairs.one[nearest], pairs.other[nearest])
        log_ratio += ratios[filing.classes(pairs.one, pairs.other)]
    strength = pairs.similarity * np.exp(log_ratio / 2)
    score = (strength / (1 + strength)).round(4)
    chosen = pairs.best(score, MOST)
    one, other = pairs.one[chosen], pairs.other[chosen]
    columns = [
        urls.take(pa.array(one)),
        pa.array(_places(one) + 1, pa.int32()),
        urls.take(pa.array(other)),
        pa.array(score[chosen]),
        pa.array(pairs.similarity[chosen]),
        _shared(by_concept, one, other, slugs),
    ]
    return pa.Table.from_arrays(columns, schema=SIMILAR)


def _weights(urls: pa.Array, slugs: pa.Array, mentions: pa.Table) -> sp.csr_array:
    """Return the weight of each concept (column) in each article (row), without its rarity."""
    article, concept = (
        pc.index_in(mentions[name], value_set=keys).to_numpy() for name, keys in (("article", urls), ("concept", slugs))
    )
    weight = np.sqrt(mentions["salience"].to_numpy()) * (1 + np.log1p(mentions["frequency"].to_numpy()))
    return sp.csr_array((weight, (article, concept)), shape=(len(urls), len(slugs)))


def _by_word(weights: sp.csr_array, forms: Sequence[str]) -> sp.csr_array:
    """Return the weight of each word in each article; `forms` has the words of each concept, separated by spaces."""
    words: dict[str, int] = {}
    parts = [(row, words.setdefault(word, len(words))) for row, form in enumerate(forms) for word in form.split()]
    rows, columns = np.array(parts, np.int64).reshape(-1, 2).T
    has_word = sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(forms), len(words)))
    return (weights @ has_word).tocsr()


def _with_rarity(weights: sp.csr_array) -> sp.csr_array:
    """Multiply each entry by the inverse document frequency (IDF) of its column."""
    rarity = np.log((weights.shape[0] + 1) / np.maximum(_counts(weights), 1))
    return sp.csr_array((weights.data * rarity[weights.indices], weights.indices, weights.indptr), weights.shape)


def _counts(weights: sp.csr_array) -> Ints:
    return np.bincount(weights.indices, minlength=weights.shape[1])


def _unit_rows(weights: sp.csr_array) -> sp.csr_array:
    """Scale each row to length 1 and sort its columns; a row of zeros stays as it is."""
    weights.sort_indices()
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    scale = np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(weights.indptr))
    return sp.csr_array((weights.data / scale, weights.indices, weights.indptr), weights.shape)


def _close_pairs(by_concept: sp.csr_array, by_word: sp.csr_array) -> _Pairs:
    """Return for each article the articles with the most similar content that share a concept with it."""
    content = (sp.hstack([by_concept, by_word]) * np.sqrt(0.5)).tocsr()
    is_common = _counts(content) > _COMMON
    searched = content[:, ~is_common].tocsr()
    transposed = searched.T.tocsr()
    common = content[:, is_common].tocsr()
    found = []
    for start in range(0, max(content.shape[0], 1), _ROWS):
        products = searched[start : start + _ROWS] @ transposed
        one, other, similarity = _largest(products, start)
        similarity = (similarity + common[one].multiply(common[other]).sum(axis=1)).round(6)
        shares = np.diff(by_concept[one].multiply(by_concept[other]).tocsr().indptr) > 0
        found.append((one[shares], other[shares], similarity[shares]))
    return _Pairs(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _largest(products: sp.csr_array, start: int) -> tuple[Ints, Ints, Floats]:
    """Return row number, column number and value of the largest entries of each row.

    The rows are numbered from `start`. The entries in which both numbers are equal are left out. Of equally large
    entries, those of the first columns are kept.
    """
    kept = [np.empty(0, np.int64)]
    for row, (first, last) in enumerate(zip(products.indptr[:-1], products.indptr[1:], strict=True), start):
        values = np.where(products.indices[first:last] == row, 0.0, products.data[first:last])
        places = np.arange(len(values))
        if len(values) > _CANDIDATES:
            least = np.partition(values, -_CANDIDATES)[-_CANDIDATES]
            above, equal = np.flatnonzero(values > least), np.flatnonzero(values == least)
            equal = equal[np.argsort(products.indices[first:last][equal])]
            places = np.sort(np.append(above, equal[: _CANDIDATES - len(above)]))
        kept.append(first + places[values[places] > 0])
    chosen = np.concatenate(kept)
    rows = np.repeat(np.arange(start - 1, start - 1 + len(kept)), [len(places) for places in kept])
    return rows, products.indices[chosen].astype(np.int64), products.data[chosen]


def _places(ordered: Ints) -> Ints:
    """Return the place of each entry within its run of equal entries, from 0; equal entries are adjacent."""
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    return np.arange(len(ordered)) - np.repeat(starts, np.diff(starts, append=len(ordered)))


def _shared(by_concept: sp.csr_array, one: Ints, other: Ints, slugs: pa.Array) -> pa.Array:
    """Return for each pair of articles the slugs of the concepts that contribute most to its similarity."""
    products = by_concept[one].multiply(by_concept[other]).tocsr()
    pair = np.repeat(np.arange(len(one)), np.diff(products.indptr))
    order = np.lexsort((products.indices, -products.data.round(6), pair))
    order = order[_places(pair[order]) < _SHARED]
    counts = np.bincount(pair[order], minlength=len(one))
    offsets = pa.array(np.append(0, np.cumsum(counts)), pa.int32())
    return pa.ListArray.from_arrays(offsets, slugs.take(pa.array(products.indices[order])))
