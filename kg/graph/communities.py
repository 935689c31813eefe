"""Communities: densely connected groups of articles and concepts.

They are found by the Leiden algorithm, which maximises modularity, as implemented by graspologic-native (V. A. Traag,
L. Waltman, N. J. van Eck, "From Louvain to Leiden: guaranteeing well-connected communities", 2019).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import graspologic_native as leiden
import numpy as np

from kg.base.arrays import Floats, Ints
from kg.graph.network import Network

_SEED: Final = 1
_ITERATIONS: Final = 3
_MIN_SIZE: Final = 2


@dataclass(frozen=True, slots=True)
class Community:
    """A community; `articles` and `concepts` are node numbers of a `Network`.

    The concepts are sorted by how well they represent the community, the best first. The community has the slug of its
    first concept. Slugs are therefore unique: a concept belongs to at most one community.
    """

    slug: str
    articles: tuple[int, ...]
    concepts: tuple[int, ...]


def communities(graph: Network) -> list[Community]:
    """Return all communities with at least two articles and two concepts; those with the most articles come first."""
    if not len(graph.source):
        return []
    edges = zip(graph.source.tolist(), graph.target.tolist(), graph.weight.tolist(), strict=True)
    _, found = leiden.leiden([(str(a), str(b), weight) for a, b, weight in edges], iterations=_ITERATIONS, seed=_SEED)
    group = np.full(graph.size, -1, np.int64)
    group[[int(node) for node in found]] = list(found.values())
    leading = _leading(graph, group)
    members: dict[int, list[int]] = defaultdict(list)
    for node in np.flatnonzero(group >= 0).tolist():
        members[int(group[node])].append(node)
    result: list[Community] = []
    first_concept = len(graph.articles)
    for nodes in members.values():
        articles = tuple(node for node in nodes if node < first_concept)
        concepts = sorted((node for node in nodes if node >= first_concept), key=lambda node: (-leading[node], node))
        if len(articles) >= _MIN_SIZE and len(concepts) >= _MIN_SIZE:
            result.append(Community(graph.concepts[concepts[0] - first_concept], articles, tuple(concepts)))
    return sorted(result, key=lambda community: (-len(community.articles), community.slug))


def _leading(graph: Network, group: Ints) -> Floats:
    """Return a score for each node that tells how well it represents its group.

    `group` has the number of each node's group. The score is w * w / W, where w is the summed weight of the node's
    edges to nodes of the same group, and W is the summed weight of all its edges.
    """
    inside = group[graph.source] == group[graph.target]
    total, within = (
        np.bincount(np.r_[graph.source[edges], graph.target[edges]], np.tile(graph.weight[edges], 2), graph.size)
        for edges in (slice(None), inside)
    )
    score: Floats = (within**2 / np.maximum(total, 1e-12)).round(9)
    return score


def membership(found: list[Community], size: int) -> Ints:
    """Return for each of `size` nodes the index in `found` of its community, or -1 if it is in no community."""
    of_node = np.full(size, -1, np.int64)
    for index, community in enumerate(found):
        of_node[[*community.articles, *community.concepts]] = index
    return of_node
