"""graph.gexf: the graph for Gephi and sigma.js, with colours, sizes and places (GEXF 1.3, https://gexf.net)."""

from __future__ import annotations

from typing import Final, TextIO

from kg.publish import xml
from kg.publish.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Edge, Node, Type, Value

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
# What GEXF itself has a place for; the others are declared.
_NODE_OWN: Final = {"label", "x", "y", "size", "colour"}
_EDGE_OWN: Final = {"weight"}


class GexfWriter:
    """Writes the graph as GEXF 1.3, without a date: all nodes, then all edges."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        out.write(_START)
        for class_, attributes, own in (("node", NODE_ATTRIBUTES, _NODE_OWN), ("edge", EDGE_ATTRIBUTES, _EDGE_OWN)):
            out.write(f'<attributes class="{class_}">\n')
            for name, type_ in attributes.items():
                if name not in own:
                    out.write(f'<attribute id="{name}" title="{name}" type="{_TYPES[type_]}"/>\n')
            out.write("</attributes>\n")
        out.write("<nodes>\n")

    def node(self, node: Node) -> None:
        """Write a node."""
        has = node.attributes
        red, green, blue = bytes.fromhex(str(has["colour"]).removeprefix("#"))
        # Our size is a diameter; Gephi's is a radius. A place without z was no place in GEXF 1.2.
        self._out.write(
            f"<node id={xml.attribute(node.id)} label={xml.attribute(str(has['label']))}>{_values(has, _NODE_OWN)}"
            f'<viz:color r="{red}" g="{green}" b="{blue}"/><viz:position x="{has["x"]}" y="{has["y"]}" z="0.0"/>'
            f'<viz:size value="{float(has["size"]) / 2}"/></node>\n'
        )

    def end_nodes(self) -> None:
        """What stands between nodes and edges."""
        self._out.write("</nodes>\n<edges>\n")

    def edge(self, edge: Edge) -> None:
        """Write an edge."""
        has = edge.attributes
        ends = f"source={xml.attribute(edge.source)} target={xml.attribute(edge.target)}"
        start = f'<edge {ends} weight="{has["weight"]}" kind="{edge.kind}">'
        self._out.write(f"{start}{_values(has, _EDGE_OWN)}</edge>\n")

    def end(self) -> None:
        """What stands behind the edges."""
        self._out.write("</edges>\n</graph>\n</gexf>\n")


def _values(attributes: dict[str, Value], own: set[str]) -> str:
    values = [
        f'<attvalue for="{name}" value={xml.attribute(str(value))}/>'
        for name, value in attributes.items()
        if name not in own
    ]
    return f"<attvalues>{''.join(values)}</attvalues>"
