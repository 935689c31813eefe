"""The best paths between two articles or concepts, and the weights of the steps on these paths.

A path leads over related links, in both directions, over mentions, and over broader and related concepts. It visits no
article and no concept twice. Its weight is the product of the weights of its steps, which are in (0, 1]:

- A related link has the weight `LINK_STEP`, whichever of its two articles has the link.
- A mention has the salience of the concept in the article, multiplied by the specificity of the concept
  (`kg.graph.network.specificity`). Two articles have little to do with each other if they share only a concept that
  half of all articles have, although it may be salient in both.
- A broader relation has `BROADER_STEP`, multiplied by the specificity of the broader concept, for the same reason:
  two concepts below "system" need not be similar.
- Two related concepts have their NPMI (normalised pointwise mutual information).

If the two articles or concepts are neighbours, the path of one step comes first, whatever its weight. All other paths
are sorted by weight, then by the number of steps, then by the IRIs on the path.

Method: J. Y. Yen, "Finding the K Shortest Loopless Paths in a Network", Management Science 17 (1971), with the
partition of E. L. Lawler, "A Procedure for Computing the K Best Solutions to Discrete Optimization Problems",
Management Science 18 (1972). The shortest path of each part is found by the recurrence of R. Bellman, "On a Routing
Problem", Quarterly of Applied Mathematics 16 (1958), with one round for each step, so that the limit on the number of
steps holds exactly. The cost of a step is the negative logarithm of its weight. Costs are integers, so that the cost of
a path does not depend on the order in which they are added.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from kg.base.arrays import Bools, Floats, Ints

MOST_STEPS: Final = 6
"""Maximum number of steps of a path."""
MOST_PATHS: Final = 3
"""Maximum number of paths between two articles or concepts."""
LINK_STEP: Final = 0.5
"""Weight of a related link. A path over an article that links to both ends so is as good as a path over a concept whose
weight is 0.5 in both."""
BROADER_STEP: Final = 0.5
"""Weight of the step from a concept to a broader concept that no other article has, and back."""
_LEAST: Final = 0.0001
"""Least weight of a step. It is the smallest salience above 0 in the tables."""
_UNIT: Final = 2.0**40
"""Number of units of cost for a weight of 1/e. A path of six steps of the least weight stays far below `_FAR`."""
_FAR: Final = np.int64(2**60)
"""Cost of a path that does not exist."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Undirected edges between numbered nodes; at most one edge joins two nodes, and none joins a node to itself.

    `source` and `target` have the node numbers of the two ends of each edge, and `weight` has its weight, in (0, 1].
    """

    source: Ints
    target: Ints
    weight: Floats

    @classmethod
    def joined(cls, parts: Iterable[Edges]) -> Edges:
        """Return the edges of all parts."""
        columns = [(part.source, part.target, part.weight) for part in parts]
        return cls(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def link_edges(source: Ints, target: Ints) -> Edges:
    """Return one edge for each pair of linked articles; links from an article to itself are left out.

    Args:
        source: the node number of the linking article of each link.
        target: the node number of the linked article of each link.
    """
    apart = source != target
    low, high = np.minimum(source, target)[apart], np.maximum(source, target)[apart]
    pairs = np.unique(np.stack([low, high]), axis=1)
    return Edges(pairs[0], pairs[1], np.full(pairs.shape[1], LINK_STEP))


def mention_edges(article: Ints, concept: Ints, salience: Floats, specificity: Floats) -> Edges:
    """Return an edge for each mention.

    Args:
        article: the node number of the article of each mention.
        concept: the node number of the concept of each mention.
        salience: the salience of each mention.
        specificity: the specificity of the concept of each mention.
    """
    return Edges(article, concept, np.clip(salience * specificity, _LEAST, 1.0))


def relation_edges(source: Ints, target: Ints, npmi: Floats, is_broader: Bools, specificity: Floats) -> Edges:
    """Return an edge for each relation between two concepts.

    Args:
        source: the node number of the first concept of each relation.
        target: the node number of the second concept; of a broader relation, that of the broader concept.
        npmi: the NPMI of each pair of related concepts. Values of broader relations are ignored.
        is_broader: whether each relation is a broader relation.
        specificity: the specificity of the second concept of each relation.
    """
    return Edges(source, target, np.clip(np.where(is_broader, BROADER_STEP * specificity, npmi), _LEAST, 1.0))


class BestPath(NamedTuple):
    """A path: the numbers of its nodes, from the first to the last, and the weight of each of its steps."""

    nodes: tuple[int, ...]
    weights: tuple[float, ...]


class PathNetwork:
    """The neighbours of each node, with the costs of the steps to them, prepared for searches.

    Args:
        size: the number of nodes.
        edges: the edges between the nodes.
    """

    def __init__(self, size: int, edges: Edges) -> None:
        node = np.concatenate([edges.source, edges.target])
        other = np.concatenate([edges.target, edges.source])
        order = np.lexsort((other, node))
        self._first = np.searchsorted(node[order], np.arange(size + 1))
        self._other: Ints = other[order]
        self._weight: Floats = np.tile(edges.weight, 2)[order]
        self._cost: Ints = np.rint(-np.log(self._weight) * _UNIT).astype(np.int64)
        self._joined = np.flatnonzero(np.diff(self._first))  # reduceat cannot reduce the empty rows of other nodes

    def best_paths(
        self,
        start: int,
        goal: int,
        order: Callable[[int], Any],
        most: int = MOST_PATHS,
        steps: int = MOST_STEPS,
    ) -> list[BestPath]:
        """Return the best paths without loops from `start` to `goal`, the best first.

        The module docstring defines which path is better. Memory: `steps` + 1 integers for each node.

        Args:
            start: the number of the first node.
            goal: the number of the last node, which is not `start`.
            order: returns the value of a node by which paths of equal weight and length are sorted, such as its IRI.
            most: maximum number of paths, at least 1.
            steps: maximum number of steps of a path, at least 1.

        Returns:
            At most `most` paths; an empty list if no path has at most `steps` steps.
        """
        search = _Search(self, goal, order, steps)
        is_direct = goal in self._others(start)
        found: list[tuple[int, ...]] = [(start, goal)] if is_direct else []
        queue: list[tuple[_Rank, int, frozenset[int]]] = []
        search.push(queue, (start,), frozenset({goal} if is_direct else ()))
        while queue and len(found) < most:
            rank, fixed, forbidden = heappop(queue)
            path = rank.nodes
            found.append(path)
            # The other paths of this part, divided by the node after which they leave the path that was found.
            for last in range(fixed - 1, len(path) - 1):
                left_out = {path[last + 1], *(forbidden if last == fixed - 1 else ())}
                search.push(queue, path[: last + 1], frozenset(left_out))
        return [
            BestPath(path, tuple(self._weight[self._edge(*step)].item() for step in pairwise(path))) for path in found
        ]

    def costs_to(self, goal: int, steps: int, blocked: Sequence[int]) -> list[Ints]:
        """Return the costs of the cheapest walks from every node to `goal`.

        Element n of the list has an array with the costs of walks of at most n steps, for n from 0 to `steps`. The cost
        is `_FAR` if there is no such walk. Walks through one of the nodes in `blocked` do not count.
        """
        cost = np.full(len(self._first) - 1, _FAR)
        cost[goal] = 0
        rounds = [cost]
        for _ in range(steps):
            through = cost[self._other]
            through += self._cost
            cost = cost.copy()
            if len(self._joined):
                best = np.minimum.reduceat(through, self._first[self._joined])
                cost[self._joined] = np.minimum(cost[self._joined], best)
            cost[list(blocked)] = _FAR
            rounds.append(cost)
        return rounds

    def steps_from(self, node: int, forbidden: Collection[int] = ()) -> tuple[Ints, Ints]:
        """Return the neighbours of a node that are not in `forbidden`, and the costs of the steps to them."""
        others, cost = self._others(node), self._cost[self._first[node] : self._first[node + 1]]
        allowed = np.isin(others, list(forbidden), invert=True)
        return others[allowed], cost[allowed]

    def cost_of(self, node: int, other: int) -> int:
        """Return the cost of the step from a node to its neighbour `other`."""
        cost: int = self._cost[self._edge(node, other)].item()
        return cost

    def _edge(self, node: int, other: int) -> int:
        edge: int = (self._first[node] + np.searchsorted(self._others(node), other)).item()
        return edge

    def _others(self, node: int) -> Ints:
        return self._other[self._first[node] : self._first[node + 1]]


class _Rank(NamedTuple):
    """The order of paths: the cost, the number of steps, and the values of the nodes that `order` returns."""

    cost: int
    steps: int
    keys: tuple[Any, ...]
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Search:
    network: PathNetwork
    goal: int
    order: Callable[[int], Any]
    steps: int

    def push(
        self, queue: list[tuple[_Rank, int, frozenset[int]]], root: tuple[int, ...], forbidden: frozenset[int]
    ) -> None:
        """Add to `queue` the best path that begins with `root`, and then does not step to a node in `forbidden`."""
        left = self.steps - len(root)  # after the next step
        if left < 0:
            return
        rounds = self.network.costs_to(self.goal, left, root)
        others, cost = self.network.steps_from(root[-1], forbidden)
        total = cost + rounds[left][others]
        least = total.min(initial=_FAR)
        if least >= _FAR:
            return
        # Of all walks of the least cost, one with the fewest steps. It has no loop: without the loop, it were shorter.
        best = others[total == least]
        short = next(n for n, costs in enumerate(rounds) if (costs[best] == rounds[left][best]).any())
        best = best[rounds[short][best] == rounds[left][best]]
        path = [*root, self._lowest(best)]
        for remaining in range(short, 0, -1):
            others, cost = self.network.steps_from(path[-1])
            fits = cost + rounds[remaining - 1][others] == rounds[remaining][path[-1]]
            path.append(self._lowest(others[fits]))
        whole = tuple(path)
        spent = sum(self.network.cost_of(*step) for step in pairwise(root))
        rank = _Rank(spent + int(least), len(whole) - 1, tuple(map(self.order, whole)), whole)
        heappush(queue, (rank, len(root), forbidden))

    def _lowest(self, nodes: Ints) -> int:
        found: int = min(nodes.tolist(), key=self.order)
        return found
