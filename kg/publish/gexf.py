"""graph.gexf: the graph for Gephi and sigma.js, with colours, sizes and places (GEXF 1.3, https://gexf.net)."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TextIO

from kg.iris import Minter
from kg.publish import xml
from kg.publish.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Edge, Node, Type, Value, edges, nodes
from kg.tables import Tables

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


def write_gexf(tables: Tables, minter: Minter, path: Path) -> None:
    """Write the graph as GEXF 1.3, node by node and edge by edge, without a date."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(_START)
        for class_, attributes, own in (("node", NODE_ATTRIBUTES, _NODE_OWN), ("edge", EDGE_ATTRIBUTES, _EDGE_OWN)):
            out.write(f'<attributes class="{class_}">\n')
            for name, type_ in attributes.items():
                if name not in own:
                    out.write(f'<attribute id="{name}" title="{name}" type="{_TYPES[type_]}"/>\n')
            out.write("</attributes>\n")
        out.write("<nodes>\n")
        for node in nodes(tables, minter):
            _write_node(out, node)
        out.write("</nodes>\n<edges>\n")
        for edge in edges(tables, minter):
            _write_edge(out, edge)
        out.write("</edges>\n</graph>\n</gexf>\n")


def _write_node(out: TextIO, node: Node) -> None:
    has = node.attributes
    red, green, blue = bytes.fromhex(str(has["colour"]).removeprefix("#"))
    out.write(f"<node id={xml.attribute(node.id)} label={xml.attribute(str(has['label']))}>")
    _write_values(out, has, _NODE_OWN)
    # Our size is a diameter; Gephi's is a radius. A place without z was no place in GEXF 1.2.
    out.write(
        f'<viz:color r="{red}" g="{green}" b="{blue}"/><viz:position x="{has["x"]}" y="{has["y"]}" z="0.0"/>'
        f'<viz:size value="{float(has["size"]) / 2}"/></node>\n'
    )


def _write_edge(out: TextIO, edge: Edge) -> None:
    has = edge.attributes
    ends = f"source={xml.attribute(edge.source)} target={xml.attribute(edge.target)}"
    out.write(f'<edge {ends} weight="{has["weight"]}" kind="{edge.kind}">')
    _write_values(out, has, _EDGE_OWN)
    out.write("</edge>\n")


def _write_values(out: TextIO, attributes: dict[str, Value], own: set[str]) -> None:
    out.write("<attvalues>")
    for name, value in attributes.items():
        if name not in own:
            out.write(f'<attvalue for="{name}" value={xml.attribute(str(value))}/>')
    out.write("</attvalues>")
