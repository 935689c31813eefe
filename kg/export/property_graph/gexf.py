"""graph.gexf: the graph for Gephi and sigma.js, with colours, sizes and places (GEXF 1.3, https://gexf.net)."""

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
    Type.INTEGER: "integer",
    Type.NUMBER: "double",
}
_START: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    "<meta><creator>kg</creator></meta>\n"
    '<graph mode="static" defaultedgetype="directed">\n'
)
# Attributes for which GEXF has its own XML element or XML attribute. All other attributes are declared in the file.
_NODE_OWN: Final = {"label", "x", "y", "size", "colour"}
_EDGE_OWN: Final = {"weight"}


class GexfWriter:
    """A writer of GEXF 1.3. All nodes must be written before the first edge. The file has no date of creation."""

    def __init__(self, out: BinaryIO) -> None:
        self._write = out.write
        self._write(_START.encode())
        for class_, attributes, own in (("node", NODE_ATTRIBUTES, _NODE_OWN), ("edge", EDGE_ATTRIBUTES, _EDGE_OWN)):
            self._write(f'<attributes class="{class_}">\n'.encode())
            for name, type_ in attributes.items():
                if name not in own:
                    self._write(f'<attribute id="{name}" title="{name}" type="{_TYPES[type_]}"/>\n'.encode())
            self._write(b"</attributes>\n")
        self._write(b"<nodes>\n")

    def nodes(self, block: pa.RecordBatch) -> None:
        """Write the nodes of a block, a record batch that `attributes.node_columns` returned."""
        id_, label = (map_unique(block[name], xml.attribute) for name in ("id", "label"))
        x, y = (map_unique(block[name], str) for name in ("x", "y"))
        start = ["<node id=", id_, " label=", label, ">"]
        # GEXF 1.2 requires the coordinate z.
        place = ['<viz:position x="', x, '" y="', y, '" z="0.0"/>']
        looks = [map_unique(block["colour"], _colour), *place, map_unique(block["size"], _size)]
        self._write(joined(*start, *_values(block, NODE_ATTRIBUTES, _NODE_OWN), *looks, "</node>\n"))

    def end_nodes(self) -> None:
        """Write the markup between the nodes and the edges."""
        self._write(b"</nodes>\n<edges>\n")

    def edges(self, block: pa.RecordBatch) -> None:
        """Write the edges of a block, a record batch that `attributes.edge_columns` returned."""
        source, target, weight, kind = (
            map_unique(block[name], _quoted) for name in ("source", "target", "weight", "kind")
        )
        start = ["<edge source=", source, " target=", target, " weight=", weight, " kind=", kind, ">"]
        self._write(joined(*start, *_values(block, EDGE_ATTRIBUTES, _EDGE_OWN), "</edge>\n"))

    def end(self) -> None:
        """Write the markup after the edges."""
        self._write(b"</edges>\n</graph>\n</gexf>\n")


def _values(block: pa.RecordBatch, attributes: Iterable[str], own: set[str]) -> Iterator[str | pa.Array]:
    yield "<attvalues>"
    for name in attributes:
        if name not in own:
            yield map_unique(block[name], partial(_value, name))
    yield "</attvalues>"


def _value(name: str, value: Value) -> str:
    return f'<attvalue for="{name}" value={_quoted(value)}/>'


def _quoted(value: Value) -> str:
    return xml.attribute(str(value))


def _colour(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


def _size(diameter: float) -> str:
    """Return the XML element for the size of a node, given the diameter. Gephi expects the radius."""
    return f'<viz:size value="{diameter / 2}"/>'
