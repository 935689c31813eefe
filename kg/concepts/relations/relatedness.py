"""Which concepts are related: those that stand in the same articles far more often than chance would have it.

The measure is normalised pointwise mutual information, G. Bouma, "Normalized (pointwise) mutual information in
collocation extraction", GSCL 2009, over articles. It is 1 where two concepts stand in the same articles only, and 0
where they have nothing to do with each other.
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
"""Related concepts of one concept."""
LEAST_SHARED: Final = 3
"""Articles that two related concepts are both in."""
LEAST_NPMI: Final = 0.45
"""What the measure must be with one shared article less, since one may be chance."""
_MOST_OF_ARTICLE: Final = 150
"""Concepts of an article that are paired with each other, the most salient."""


@dataclass(frozen=True, slots=True)
class Related:
    """Two related concepts, `one` < `other`, as numbers of a `ConceptIndex`."""

    one: int
    other: int
    npmi: float


def related(vocabulary: ConceptIndex, above: Mapping[int, Sequence[int]]) -> list[Related]:
    """The related concepts: of each, at most `MOST_RELATED`; neither is broader than the other, at any distance.

    Args:
        vocabulary: the concepts.
        above: the broader concepts of each (skos:related is disjoint with skos:broaderTransitive: SKOS, S27).
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
    """Each pair of concepts that share at least `LEAST_SHARED` articles, and how many they share."""
    common = vocabulary.articles[vocabulary.concept] >= LEAST_SHARED
    concept, article, rank = vocabulary.concept[common], vocabulary.article[common], vocabulary.rank[common]
    order = np.lexsort((rank, article))
    keys: list[Ints] = []
    size = len(vocabulary)
    concepts = concept[order]
    starts = np.flatnonzero(np.diff(article[order], prepend=-1, append=-1))
    right, left = np.tril_indices(_MOST_OF_ARTICLE, -1)  # of which those of fewer concepts come first
    for start, end in pairwise(starts.tolist()):
        members = np.sort(concepts[start : min(end, start + _MOST_OF_ARTICLE)])
        pairs = len(members) * (len(members) - 1) // 2
        keys.append(members[left[:pairs]] * size + members[right[:pairs]])
    every = np.concatenate(keys or [np.empty(0, np.int64)])
    del keys
    every.sort()  # in its place: there are hundreds of pairs for each article
    first = np.flatnonzero(np.append(True, every[1:] != every[:-1])[: len(every)])
    shared = np.diff(first, append=len(every))
    often = shared >= LEAST_SHARED
    found = every[first[often]]
    return found // max(size, 1), found % max(size, 1), shared[often]


def _npmi(shared: Ints, one: Ints, other: Ints, articles: int) -> Floats:
    """The normalised pointwise mutual information, from counts of articles; 1 for what is in all of them."""
    together = np.asarray(shared, np.float64) / max(articles, 1)
    independent = one.astype(np.float64) * other / max(articles, 1) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(together / independent) / -np.log(together)
    result: Floats = np.where(together >= 1, 1.0, np.nan_to_num(value, nan=-1.0, posinf=-1.0, neginf=-1.0))
    return result


def _is_telling(vocabulary: ConceptIndex, one: int, other: int) -> bool:
    """Whether two terms are more than two names: none has all words of the other."""
    words, others = set(vocabulary.terms[one].split()), set(vocabulary.terms[other].split())
    return not (words <= others or others <= words)
