"""What the graph's nodes and edges have in graph.graphml, graph.gexf, nodes.csv, edges.csv and networkx.

All of them have the same attributes with the same values, which are text and numbers and nothing else: any program that
reads or writes one of these formats can hold them. An attribute without a value is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kg.graph.property_graph import EdgeKind, GraphEdge, GraphNode, NodeKind, graph_edges, graph_nodes
from kg.iris import Minter
from kg.publish.colours import OTHER_COLOUR, community_colour
from kg.publish.xml import NOT_IN_XML
from kg.tables import Tables

Value = str | int | float
LIST_SEPARATOR: Final = ";"

_LINE_BREAK: Final = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


class Type(Enum):
    """What an attribute's values are."""

    TEXT = "text"
    DATE = "date"
    """As text: 2024-02-29."""
    LIST = "list"
    """Texts without a semicolon, as one text with semicolons between them."""
    INTEGER = "integer"
    NUMBER = "number"


NODE_ATTRIBUTES: Final = {
    "kind": Type.TEXT,  # see `kg.graph.property_graph.NodeKind`
    "label": Type.TEXT,
    "url": Type.TEXT,
    "date": Type.DATE,
    "subject": Type.TEXT,
    "community": Type.TEXT,
    "articles": Type.INTEGER,
    "centrality": Type.NUMBER,
    "x": Type.NUMBER,
    "y": Type.NUMBER,
    "size": Type.NUMBER,
    "colour": Type.TEXT,  # #rrggbb, of its community
}
EDGE_ATTRIBUTES: Final = {
    "kind": Type.TEXT,  # see `kg.graph.property_graph.EdgeKind`
    "weight": Type.NUMBER,
    "salience": Type.NUMBER,
    "frequency": Type.INTEGER,
    "origins": Type.LIST,
    "articles": Type.INTEGER,  # of two concepts, how many articles have both
    "npmi": Type.NUMBER,
}


@dataclass(frozen=True, slots=True)
class Node:
    """A node; `id` is its IRI."""

    id: str
    kind: NodeKind
    attributes: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Edge:
    """A directed edge; no two edges have the same source and target."""

    source: str
    target: str
    kind: EdgeKind
    attributes: dict[str, Value]


def nodes(tables: Tables, minter: Minter) -> Iterator[Node]:
    """The nodes with the attributes `NODE_ATTRIBUTES`, in the order of `graph_nodes`."""
    colours = community_colours(tables)
    for node in graph_nodes(tables, minter):
        yield as_node(node, colours)


def edges(tables: Tables, minter: Minter) -> Iterator[Edge]:
    """The edges with the attributes `EDGE_ATTRIBUTES`, in the order of `graph_edges`."""
    return map(as_edge, graph_edges(tables, minter))


def as_node(node: GraphNode, colours: Mapping[str, str]) -> Node:
    """A node with its attributes; `colours` are those of `community_colours`."""
    values: dict[str, Value | None] = {
        "kind": node.kind.value,
        "label": _one_line(node.label).strip() or node.id,
        "url": node.url and _one_line(node.url),
        "date": node.date.isoformat() if node.date is not None else None,
        "subject": node.subject and _one_line(node.subject),
        "community": node.community,
        "articles": node.articles,
        "centrality": node.centrality,
        "x": node.x,
        "y": node.y,
        "size": node.size,
        "colour": OTHER_COLOUR if node.community is None else colours[node.community],
    }
    return Node(node.id, node.kind, _there(values))


def as_edge(edge: GraphEdge) -> Edge:
    """An edge with its attributes."""
    values: dict[str, Value | None] = {
        "kind": edge.kind.value,
        "weight": edge.weight,
        "salience": edge.weight if edge.kind in {EdgeKind.ABOUT, EdgeKind.MENTIONS} else None,
        "frequency": edge.frequency,
        "origins": LIST_SEPARATOR.join(edge.origins),
        "articles": edge.articles,
        "npmi": edge.weight if edge.kind is EdgeKind.RELATED else None,
    }
    return Edge(edge.source, edge.target, edge.kind, _there(values))


def community_colours(tables: Tables) -> dict[str, str]:
    """The colour of each community by its slug; they are numbered by size, the largest first."""
    sizes = zip(tables.communities["slug"].to_pylist(), tables.communities["article_count"].to_pylist(), strict=True)
    by_size = sorted(sizes, key=lambda community: (-community[1], community[0]))
    return {slug: community_colour(index) for index, (slug, _) in enumerate(by_size)}


def _there(values: dict[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _one_line(value: str) -> str:
    """`value` as every format can hold it: Neo4j reads no line breaks, and XML has no place for other controls."""
    return NOT_IN_XML.sub("", _LINE_BREAK.sub(" ", value))
