"""The best paths of random graphs are those that networkx finds, and those of a search through all paths."""

import math
from itertools import islice, pairwise

import networkx as nx
import numpy as np
import pytest

from kg.graph.best_paths import BROADER_STEP, LINK_STEP, Edges, PathNetwork, link_edges, mention_edges, relation_edges

STEPS = 6


def random_graph(seed: int, weights: list[float] | None) -> tuple[int, Edges]:
    """A graph of 9 to 20 nodes; its weights are drawn from `weights`, or from (0, 1] if None."""
    random = np.random.default_rng(seed)
    size = int(random.integers(9, 21))
    one, other = np.triu_indices(size, 1)
    there = random.random(len(one)) < random.uniform(0.1, 0.35)
    weight = 1 - random.random(there.sum()) if weights is None else random.choice(weights, there.sum())
    return size, Edges(one[there], other[there], weight)


def in_networkx(size: int, edges: Edges) -> nx.Graph:
    graph = nx.empty_graph(size)
    for one, other, weight in zip(edges.source.tolist(), edges.target.tolist(), edges.weight.tolist(), strict=True):
        graph.add_edge(one, other, weight=weight, cost=-math.log(weight))
    return graph


def product(graph: nx.Graph, path: tuple[int, ...]) -> float:
    return math.prod(graph.edges[step]["weight"] for step in pairwise(path))


@pytest.mark.parametrize("seed", range(40))
def test_weights_are_those_of_networkx(seed: int) -> None:
    size, edges = random_graph(seed, None)
    graph = in_networkx(size, edges)
    found = PathNetwork(size, edges).best_paths(0, size - 1, int, 3, STEPS)
    if graph.has_edge(0, size - 1):
        assert found.pop(0).nodes == (0, size - 1)
        graph.remove_edge(0, size - 1)
    most = 3 - (size - 1 in {int(n) for n in edges.target[edges.source == 0]})
    if nx.has_path(graph, 0, size - 1):
        every = nx.shortest_simple_paths(graph, 0, size - 1, weight="cost")
        expected = list(islice((tuple(path) for path in every if len(path) <= STEPS + 1), most))
    else:
        expected = []
    assert [path.nodes for path in found] == expected
    for path in found:
        assert math.prod(path.weights) == pytest.approx(product(graph, path.nodes))


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("steps", [2, 6])
def test_ties_are_broken_by_length_and_then_by_the_order_of_nodes(seed: int, steps: int) -> None:
    size, edges = random_graph(seed, [1.0, 0.5])
    graph = in_networkx(size, edges)
    every = [tuple(path) for path in nx.all_simple_paths(graph, 0, size - 1, cutoff=steps)]

    def rank(path: tuple[int, ...]) -> tuple[bool, float, int, tuple[int, ...]]:
        return len(path) > 2, -product(graph, path), len(path), tuple(-node for node in path)

    found = PathNetwork(size, edges).best_paths(0, size - 1, lambda node: -node, 3, steps)
    assert [path.nodes for path in found] == sorted(every, key=rank)[:3]


def test_a_node_without_edges_has_no_path() -> None:
    edges = Edges(np.array([0]), np.array([1]), np.array([0.5]))
    network = PathNetwork(4, edges)
    assert network.best_paths(0, 3, int) == []
    assert network.best_paths(2, 3, int) == []
    nothing = Edges(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    assert PathNetwork(2, nothing).best_paths(0, 1, int) == []


def test_links_in_both_directions_are_one_edge() -> None:
    edges = link_edges(np.array([3, 1, 1, 2, 2]), np.array([1, 3, 3, 2, 1]))
    assert list(zip(edges.source.tolist(), edges.target.tolist(), strict=True)) == [(1, 2), (1, 3)]
    assert edges.weight.tolist() == [LINK_STEP, LINK_STEP]


def test_what_most_articles_have_says_little() -> None:
    edges = mention_edges(np.array([0, 1]), np.array([2, 2]), np.array([0.8, 0.0]), np.array([0.1, 0.1]))
    assert edges.weight.tolist() == pytest.approx([0.08, 0.0001])
    one, other = np.array([0, 0]), np.array([1, 2])
    relations = relation_edges(one, other, np.array([np.nan, 0.7]), np.array([True, False]), np.array([0.4, 0.9]))
    assert relations.weight.tolist() == pytest.approx([BROADER_STEP * 0.4, 0.7])
