"""Conversion of the graph into a networkx graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, Literal

import networkx as nx

from kg.base.errors import UsageError
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


def network_of(
    nodes: Iterable[NodeAttributes], edges: Iterable[EdgeAttributes], layers: Collection[Layer], weights: Weights
) -> nx.MultiDiGraph:
    """Return a networkx graph of those nodes and edges that belong to the given layers.

    A node is identified by its IRI, and the key of an edge is its kind. `kg.api.graph.Graph.to_networkx` describes the
    layers and the weights.

    Raises:
        UsageError: if `weights` or an element of `layers` is not one of the known values.
    """
    for given, known, what in ((layers, tuple(_EDGES), "layer"), ((weights,), _WEIGHTS, "weight")):
        if unknown := [name for name in given if name not in known]:
            raise UsageError(f'there is no {what} "{unknown[0]}"; there are: {", ".join(known)}')
    node_kinds = {kind for layer in layers for kind in _NODES[layer]}
    edge_kinds = {kind for layer in layers for kind in _EDGES[layer]}
    graph = nx.MultiDiGraph()
    graph.add_nodes_from((node.id, node.attributes) for node in nodes if node.kind in node_kinds)
    for edge in edges:
        if edge.kind in edge_kinds:
            attributes = dict(edge.attributes)
            if weights == "none":
                del attributes["weight"]
            elif weights == "frequency":
                attributes["weight"] = float(attributes.get("frequency", attributes["weight"]))
            graph.add_edge(edge.source, edge.target, key=edge.kind.value, **attributes)
    return graph
