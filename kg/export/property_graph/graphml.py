"""graph.graphml: the graph for networkx, Cytoscape, yEd, igraph and Gephi.

http://graphml.graphdrawing.org/specification.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO, Final

import pyarrow as pa

from kg.base.tables import map_unique
from kg.export.property_graph import xml_text as xml
from kg.export.property_graph.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Type, Value
from kg.export.rdf.line_columns import joined

_TYPES: Final = {
    Type.TEXT: "string",
    Type.DATE: "string",
    Type.LIST: "string",
    Type.INTEGER: "int",
    Type.NUMBER: "double",
}
_START: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'


class GraphmlWriter:
    """A writer of GraphML. All nodes must be written before the first edge.

    Edges have no ids, since their source and target identify them.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._write = out.write
        self._write(_START.encode())
        for domain, attributes in (("node", NODE_ATTRIBUTES), ("edge", EDGE_ATTRIBUTES)):
            for name, type_ in attributes.items():
                id_ = _key(domain, name)
                key = f'<key id="{id_}" for="{domain}" attr.name="{name}" attr.type="{_TYPES[type_]}"/>\n'
                self._write(key.encode())
        self._write(b'<graph edgedefault="directed">\n')

    def nodes(self, block: pa.RecordBatch) -> None:
        """Write the nodes of a block, a record batch that `attributes.node_columns` returned."""
        id_ = map_unique(block["id"], xml.attribute)
        self._write(joined("<node id=", id_, ">", *_data("node", block, NODE_ATTRIBUTES), "</node>\n"))

    def end_nodes(self) -> None:
        """Do nothing: there is no markup between nodes and edges."""

    def edges(self, block: pa.RecordBatch) -> None:
        """Write the edges of a block, a record batch that `attributes.edge_columns` returned."""
        source, target = (map_unique(block[name], xml.attribute) for name in ("source", "target"))
        start = ["<edge source=", source, " target=", target, ">"]
        self._write(joined(*start, *_data("edge", block, EDGE_ATTRIBUTES), "</edge>\n"))

    def end(self) -> None:
        """Write the markup after the edges."""
        self._write(b"</graph>\n</graphml>\n")


def _key(domain: str, name: str) -> str:
    """Return the id of the GraphML element `<key>` that declares the attribute `name`.

    `domain` is "node" or "edge". It is part of the id, since nodes and edges may have attributes of the same name.
    """
    return f"{domain}-{name}"


def _data(domain: str, block: pa.RecordBatch, attributes: Iterable[str]) -> Iterator[pa.Array]:
    for name in attributes:
        yield map_unique(block[name], partial(_datum, _key(domain, name)))


def _datum(key: str, value: Value) -> str:
    return f'<data key="{key}">{xml.text(str(value))}</data>'
