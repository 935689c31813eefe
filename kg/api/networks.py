"""Conversion of the graph into a networkx graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, Literal

import networkx as nx

from kg.base.errors import UsageError
from kg.base.memory import gc_paused
from kg.export.property_graph.attributes import EdgeAttributes, NodeAttributes
from kg.graph.property_graph import EdgeKind, NodeKind

Layer = Literal["relation", "mentions", "about", "broader", "related", "subject"]
Weights = Literal["salience", "frequency", "none"]

_EDGES: Final[dict[str, frozenset[EdgeKind]]] = {
    "relation": frozenset({EdgeKind.RELATION}),
    "mentions": frozenset({EdgeKind.ABOUT, EdgeKind.MENTIONS}),
    "about": frozenset({EdgeKind.ABOUT}),
    "broader": frozenset({EdgeKind.BROADER}),
    "related": frozenset({EdgeKind.RELATED}),
    "subject": frozenset({EdgeKind.SUBJECT}),
}
_NODES: Final[dict[str, frozenset[NodeKind]]] = {
    "relation": frozenset({NodeKind.ARTICLE, NodeKind.MISSING}),
    "mentions": frozenset({NodeKind.ARTICLE, NodeKind.CONCEPT}),
    "about": frozenset({NodeKind.ARTICLE, NodeKind.CONCEPT}),
    "broader": frozenset({NodeKind.CONCEPT}),
    "related": frozenset({NodeKind.CONCEPT}),
    "subject": frozenset({NodeKind.ARTICLE, NodeKind.SUBJECT}),
}
_WEIGHTS: Final = ("salience", "frequency", "none")


def kinds_in(layers: Collection[Layer]) -> tuple[set[NodeKind], set[EdgeKind]]:
    """Return the kinds of nodes and the kinds of edges that belong to some layers.

    `kg.api.graph.Graph.to_networkx` describes the layers.

    Raises:
        UsageError: if an element of `layers` is not a layer.
    """
    _check("layer", layers, _EDGES)
    return {kind for layer in layers for kind in _NODES[layer]}, {kind for layer in layers for kind in _EDGES[layer]}


def network_of(
    nodes: Iterable[NodeAttributes], edges: Iterable[EdgeAttributes], weights: Weights = "salience"
) -> nx.MultiDiGraph:
    """Return a networkx graph of the given nodes and edges.

    A node is identified by its IRI, and the key of an edge is its kind. `kg.api.graph.Graph.to_networkx` describes the
    weights.

    Raises:
        UsageError: if `weights` is not one of the known values.
    """
    _check("weight", (weights,), _WEIGHTS)
    graph = nx.MultiDiGraph()
    with gc_paused():
        graph.add_nodes_from((node.id, node.attributes) for node in nodes)
        for edge in edges:
            attributes = dict(edge.attributes)
            if weights == "none":
                del attributes["weight"]
            elif weights == "frequency":
                attributes["weight"] = float(attributes.get("frequency", attributes["weight"]))
            graph.add_edge(edge.source, edge.target, key=edge.kind.value, **attributes)
    return graph


def _check(what: str, given: Iterable[str], known: Iterable[str]) -> None:
    if unknown := [name for name in given if name not in known]:
        raise UsageError(f'there is no {what} "{unknown[0]}"; there are: {", ".join(known)}')
