"""graph.graphml: the graph for networkx, Cytoscape, yEd, igraph and Gephi (http://graphml.graphdrawing.org/specification.html)."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TextIO

from kg.iris import Minter
from kg.publish import xml
from kg.publish.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Type, Value, edges, nodes
from kg.tables import Tables

_TYPES: Final = {
    Type.TEXT: "string",
    Type.DATE: "string",
    Type.LIST: "string",
    Type.INTEGER: "int",
    Type.NUMBER: "double",
}


def write_graphml(tables: Tables, minter: Minter, path: Path) -> None:
    """Write the graph as GraphML, node by node and edge by edge. An edge has no id: its nodes say which it is."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for domain, attributes in (("node", NODE_ATTRIBUTES), ("edge", EDGE_ATTRIBUTES)):
            for name, type_ in attributes.items():
                id_ = _key(domain, name)
                out.write(f'<key id="{id_}" for="{domain}" attr.name="{name}" attr.type="{_TYPES[type_]}"/>\n')
        out.write('<graph edgedefault="directed">\n')
        for node in nodes(tables, minter):
            out.write(f"<node id={xml.attribute(node.id)}>")
            _write_data(out, "node", node.attributes)
            out.write("</node>\n")
        for edge in edges(tables, minter):
            out.write(f"<edge source={xml.attribute(edge.source)} target={xml.attribute(edge.target)}>")
            _write_data(out, "edge", edge.attributes)
            out.write("</edge>\n")
        out.write("</graph>\n</graphml>\n")


def _key(domain: str, name: str) -> str:
    """A key's id, which is unique in the file: nodes and edges both have a kind."""
    return f"{domain}-{name}"


def _write_data(out: TextIO, domain: str, attributes: dict[str, Value]) -> None:
    for name, value in attributes.items():
        out.write(f'<data key="{_key(domain, name)}">{xml.text(str(value))}</data>')
