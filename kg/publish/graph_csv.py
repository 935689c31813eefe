"""nodes.csv and edges.csv: the graph for Neo4j, Gephi, Cytoscape and spreadsheets.

Neo4j's importer wants headers such as `:ID` and `centrality:double`, Gephi and Cytoscape want columns named `id`,
`source` and `target`. So what a node and an edge are is there twice, once for each; see
docs/decisions/0011-exports-and-python.md. https://neo4j.com/docs/operations-manual/current/import/,
https://gephi.org/users/supported-graph-formats/spreadsheet/
"""

from __future__ import annotations

import csv
from typing import Final, TextIO

from kg.graph.property_graph import EdgeKind, NodeKind
from kg.publish.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Edge, Node, Type

_SUFFIXES: Final = {
    Type.TEXT: "",
    Type.DATE: ":date",
    Type.LIST: ":string[]",
    Type.INTEGER: ":int",
    Type.NUMBER: ":double",
}
_LABELS: Final = {
    NodeKind.ARTICLE: "Article",
    NodeKind.MISSING: "MissingArticle",
    NodeKind.CONCEPT: "Concept",
    NodeKind.SUBJECT: "Subject",
}
_TYPES: Final = {
    EdgeKind.RELATION: "RELATION",
    EdgeKind.ABOUT: "ABOUT",
    EdgeKind.MENTIONS: "MENTIONS",
    EdgeKind.BROADER: "BROADER",
    EdgeKind.RELATED: "RELATED",
    EdgeKind.SUBJECT: "SUBJECT",
}


class CsvWriter:
    """Writes the nodes into one file and the edges into another, one a line."""

    def __init__(self, nodes: TextIO, edges: TextIO) -> None:
        self._node = csv.writer(nodes, lineterminator="\n").writerow
        self._edge = csv.writer(edges, lineterminator="\n").writerow
        self._node([":ID", ":LABEL", "id", *_headers(NODE_ATTRIBUTES)])
        self._edge([":START_ID", ":END_ID", ":TYPE", "source", "target", *_headers(EDGE_ATTRIBUTES)])

    def node(self, node: Node) -> None:
        """Write a node."""
        value = node.attributes.get
        self._node([node.id, _LABELS[node.kind], node.id, *[value(name, "") for name in NODE_ATTRIBUTES]])

    def end_nodes(self) -> None:
        """Edges have a file of their own."""

    def edge(self, edge: Edge) -> None:
        """Write an edge."""
        value, ends = edge.attributes.get, (edge.source, edge.target)
        self._edge([*ends, _TYPES[edge.kind], *ends, *[value(name, "") for name in EDGE_ATTRIBUTES]])

    def end(self) -> None:
        """Nothing stands behind the edges."""


def _headers(attributes: dict[str, Type]) -> list[str]:
    # Gephi knows the weight by its bare name only; Neo4j has it as salience:double.
    return [name if name == "weight" else name + _SUFFIXES[type_] for name, type_ in attributes.items()]
