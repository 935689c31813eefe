"""nodes.csv and edges.csv: the graph for Neo4j, Gephi, Cytoscape and spreadsheets.

Neo4j's importer wants headers such as `:ID` and `centrality:double`, Gephi and Cytoscape want columns named `id`,
`source` and `target`. So what a node and an edge are is there twice, once for each; see
docs/decisions/0011-exports-and-python.md. https://neo4j.com/docs/operations-manual/current/import/,
https://gephi.org/users/supported-graph-formats/spreadsheet/
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from kg.graph.property_graph import EdgeKind, NodeKind
from kg.iris import Minter
from kg.publish.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Type, edges, nodes
from kg.tables import Tables

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


def write_nodes_csv(tables: Tables, minter: Minter, path: Path) -> None:
    """Write the nodes, one a line."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([":ID", ":LABEL", "id", *_headers(NODE_ATTRIBUTES)])
        for node in nodes(tables, minter):
            values = (node.attributes.get(name, "") for name in NODE_ATTRIBUTES)
            writer.writerow([node.id, _LABELS[node.kind], node.id, *values])


def write_edges_csv(tables: Tables, minter: Minter, path: Path) -> None:
    """Write the edges, one a line."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([":START_ID", ":END_ID", ":TYPE", "source", "target", *_headers(EDGE_ATTRIBUTES)])
        for edge in edges(tables, minter):
            values = (edge.attributes.get(name, "") for name in EDGE_ATTRIBUTES)
            writer.writerow([edge.source, edge.target, _TYPES[edge.kind], edge.source, edge.target, *values])


def _headers(attributes: dict[str, Type]) -> list[str]:
    # Gephi knows the weight by its bare name only; Neo4j has it as salience:double.
    return [name if name == "weight" else name + _SUFFIXES[type_] for name, type_ in attributes.items()]
