"""graph.graphml: the graph for networkx, Cytoscape, yEd, igraph and Gephi (http://graphml.graphdrawing.org/specification.html)."""

from __future__ import annotations

from typing import Final, TextIO

from kg.publish import xml
from kg.publish.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Edge, Node, Type, Value

_TYPES: Final = {
    Type.TEXT: "string",
    Type.DATE: "string",
    Type.LIST: "string",
    Type.INTEGER: "int",
    Type.NUMBER: "double",
}


class GraphmlWriter:
    """Writes the graph as GraphML: all nodes, then all edges. An edge has no id: its nodes say which it is."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for domain, attributes in (("node", NODE_ATTRIBUTES), ("edge", EDGE_ATTRIBUTES)):
            for name, type_ in attributes.items():
                id_ = _key(domain, name)
                out.write(f'<key id="{id_}" for="{domain}" attr.name="{name}" attr.type="{_TYPES[type_]}"/>\n')
        out.write('<graph edgedefault="directed">\n')

    def node(self, node: Node) -> None:
        """Write a node."""
        self._out.write(f"<node id={xml.attribute(node.id)}>{_data(_NODE_DATA, node.attributes)}</node>\n")

    def end_nodes(self) -> None:
        """Nothing stands between nodes and edges."""

    def edge(self, edge: Edge) -> None:
        """Write an edge."""
        ends = f"source={xml.attribute(edge.source)} target={xml.attribute(edge.target)}"
        self._out.write(f"<edge {ends}>{_data(_EDGE_DATA, edge.attributes)}</edge>\n")

    def end(self) -> None:
        """What stands behind the edges."""
        self._out.write("</graph>\n</graphml>\n")


def _key(domain: str, name: str) -> str:
    """A key's id, which is unique in the file: nodes and edges both have a kind."""
    return f"{domain}-{name}"


_NODE_DATA: Final = {name: f'<data key="{_key("node", name)}">' for name in NODE_ATTRIBUTES}
_EDGE_DATA: Final = {name: f'<data key="{_key("edge", name)}">' for name in EDGE_ATTRIBUTES}


def _data(starts: dict[str, str], attributes: dict[str, Value]) -> str:
    return "".join([f"{starts[name]}{xml.text(str(value))}</data>" for name, value in attributes.items()])
