"""Related concepts: pairs of concepts that occur in the same articles far more often than expected by chance.

The measure is normalised pointwise mutual information (NPMI), computed from numbers of articles. It is 1 if two
concepts occur only together, and 0 if they are independent. See G. Bouma, "Normalized (pointwise) mutual information in
collocation extraction", GSCL 2009.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from kg.base.arrays import Floats, Ints
from kg.concepts.relations.concept_index import ConceptIndex
from kg.concepts.relations.hierarchy import ancestors

MOST_RELATED: Final = 10
"""Maximum number of related concepts that one concept may have."""
LEAST_SHARED: Final = 3
"""Minimum number of articles that must have both of two related concepts."""
LEAST_NPMI: Final = 0.45
"""Minimum normalised pointwise mutual information (NPMI) of two related concepts.

For this test, NPMI is computed as if one article less had both concepts, since one such article may be due to chance.
"""
_MOST_OF_ARTICLE: Final = 150
"""Maximum number of concepts of an article that are combined into pairs. They are the most salient ones."""


@dataclass(frozen=True, slots=True)
class Related:
    """Two related concepts, given as their numbers in a `ConceptIndex`, and their NPMI. `one` is less than `other`."""

    one: int
    other: int
    npmi: float


def related(vocabulary: ConceptIndex, above: Mapping[int, Sequence[int]]) -> list[Related]:
    """Compute the pairs of related concepts, at most `MOST_RELATED` for each concept.

    Pairs in which one concept is broader than the other, at any distance, are left out, since skos:related is disjoint
    with skos:broaderTransitive (SKOS, S27).

    Args:
        vocabulary: the concepts.
        above: for each concept number, the numbers of the directly broader concepts.
    """
    one, other, shared = _together(vocabulary)
    npmi = _npmi(shared, vocabulary.articles[one], vocabulary.articles[other], vocabulary.article_count)
    doubted = _npmi(shared - 1, vocabulary.articles[one], vocabulary.articles[other], vocabulary.article_count)
    order = np.lexsort((other, one, -doubted.round(6)))
    count: dict[int, int] = defaultdict(int)
    beyond: dict[int, set[int]] = {}
    found: list[Related] = []
    for at in order[doubted[order] >= LEAST_NPMI].tolist():
        pair = int(one[at]), int(other[at])
        if max(count[pair[0]], count[pair[1]]) >= MOST_RELATED or not _is_telling(vocabulary, *pair):
            continue
        for number in pair:
            if number not in beyond:
                beyond[number] = ancestors(above, number)
        if pair[0] in beyond[pair[1]] or pair[1] in beyond[pair[0]]:
            continue
        for number in pair:
            count[number] += 1
        found.append(Related(*pair, round(float(npmi[at]), 4)))
    return sorted(found, key=lambda edge: (edge.one, edge.other))


def _together(vocabulary: ConceptIndex) -> tuple[Ints, Ints, Ints]:
    """Count, for each pair of concepts, the articles that have both concepts.

    Returns:
        Three arrays with one entry for each pair that has at least `LEAST_SHARED` such articles: the number of the
        first concept, the number of the second concept, and the number of articles that have both.
    """
    common = vocabulary.articles[vocabulary.concept] >= LEAST_SHARED
    concept, article, rank = vocabulary.concept[common], vocabulary.article[common], vocabulary.rank[common]
    order = np.lexsort((rank, article))
    keys: list[Ints] = []
    size = len(vocabulary)
    concepts = concept[order]
    starts = np.flatnonzero(np.diff(article[order], prepend=-1, append=-1))
    right, left = np.tril_indices(_MOST_OF_ARTICLE, -1)  # the pairs of n members are a prefix of these
    for start, end in pairwise(starts.tolist()):
        members = np.sort(concepts[start : min(end, start + _MOST_OF_ARTICLE)])
        pairs = len(members) * (len(members) - 1) // 2
        keys.append(members[left[:pairs]] * size + members[right[:pairs]])
    every = np.concatenate(keys or [np.empty(0, np.int64)])
    del keys
    every.sort()  # in place, since there are hundreds of pairs per article
    first = np.flatnonzero(np.append(True, every[1:] != every[:-1])[: len(every)])
    shared = np.diff(first, append=len(every))
    often = shared >= LEAST_SHARED
    found = every[first[often]]
    return found // max(size, 1), found % max(size, 1), shared[often]


def _npmi(shared: Ints, one: Ints, other: Ints, articles: int) -> Floats:
    """Compute the normalised pointwise mutual information (NPMI) of each pair of concepts from numbers of articles.

    If all articles have both concepts, the NPMI is 1.

    Args:
        shared: for each pair, the number of articles that have both concepts.
        one: for each pair, the number of articles that have the first concept.
        other: for each pair, the number of articles that have the second concept.
        articles: the number of all articles.
    """
    together = np.asarray(shared, np.float64) / max(articles, 1)
    independent = one.astype(np.float64) * other / max(articles, 1) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(together / independent) / -np.log(together)
    result: Floats = np.where(together >= 1, 1.0, np.nan_to_num(value, nan=-1.0, posinf=-1.0, neginf=-1.0))
    return result


def _is_telling(vocabulary: ConceptIndex, one: int, other: int) -> bool:
    """Whether a relation between two concepts is informative: neither of them contains all words of the other."""
    words, others = set(vocabulary.terms[one].split()), set(vocabulary.terms[other].split())
    return not (words <= others or others <= words)
