"""nodes.csv and edges.csv: the graph for Neo4j, Gephi, Cytoscape and spreadsheets.

Neo4j's importer requires headers such as `:ID` and `centrality:double`. Gephi and Cytoscape require columns named `id`,
`source` and `target`. The columns that identify a node or an edge are therefore written twice, once with each kind of
header; see docs/decisions/0011-exports-and-python.md. A text that a spreadsheet program could take for a formula has an
apostrophe before it (see `text_cells`); the ids of nodes are never changed. The formats are described at
https://neo4j.com/docs/operations-manual/current/import/ and
https://gephi.org/users/supported-graph-formats/spreadsheet/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

import pyarrow as pa

from kg.base.tables import map_unique
from kg.export.property_graph.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Type, Value
from kg.export.property_graph.text_cells import text_cell
from kg.export.rdf.line_columns import joined
from kg.graph.property_graph import EdgeKind, NodeKind

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
_QUOTED: Final = re.compile(r'[",\r\n]')
"""A pattern for special characters. A field that contains one of them must be quoted (RFC 4180)."""


class CsvWriter:
    """A writer of two CSV files: one with a line for each node, and one with a line for each edge."""

    def __init__(self, nodes: BinaryIO, edges: BinaryIO) -> None:
        self._nodes = nodes
        self._edges = edges
        nodes.write(_header([":ID", ":LABEL", "id"], NODE_ATTRIBUTES))
        edges.write(_header([":START_ID", ":END_ID", ":TYPE", "source", "target"], EDGE_ATTRIBUTES))

    def nodes(self, block: pa.RecordBatch) -> None:
        """Write the nodes of a block, a record batch that `attributes.node_columns` returned."""
        id_, label = map_unique(block["id"], _field), map_unique(block["kind"], _LABELS.__getitem__)
        self._nodes.write(_lines(id_, label, id_, *_fields(block, NODE_ATTRIBUTES)))

    def end_nodes(self) -> None:
        """Do nothing: edges are written to another file."""

    def edges(self, block: pa.RecordBatch) -> None:
        """Write the edges of a block, a record batch that `attributes.edge_columns` returned."""
        ends = [map_unique(block[name], _field) for name in ("source", "target")]
        type_ = map_unique(block["kind"], _TYPES.__getitem__)
        self._edges.write(_lines(*ends, type_, *ends, *_fields(block, EDGE_ATTRIBUTES)))

    def end(self) -> None:
        """Do nothing: nothing follows the last line of a CSV file."""


def _header(ids: list[str], attributes: dict[str, Type]) -> bytes:
    # Gephi recognises the weight only in a column named "weight", without a type. Neo4j reads this column as text, but
    # finds the weights of mentions as numbers in the column "salience:double".
    names = [name if name == "weight" else name + _SUFFIXES[type_] for name, type_ in attributes.items()]
    return (",".join([*ids, *names]) + "\n").encode()


def _fields(block: pa.RecordBatch, attributes: Iterable[str]) -> Iterator[pa.Array]:
    return (map_unique(block[name], _attribute) for name in attributes)


def _attribute(value: Value) -> str:
    return _field(text_cell(value)) if isinstance(value, str) else str(value)


def _field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _lines(first: pa.Array, *others: pa.Array) -> pa.Buffer:
    return joined(first, *(part for other in others for part in (",", other)), "\n")
