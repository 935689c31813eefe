"""Attributes of nodes and edges in graph.graphml, graph.gexf, nodes.csv, edges.csv and networkx.

All formats have the same attributes with the same values. A value is a text or a number, because every program that
reads one of these formats supports these types. If a node or edge has no value for an attribute, the attribute is left
out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.base.iris import Minter
from kg.base.tables import Tables, map_unique
from kg.export.property_graph.xml_text import NOT_IN_XML
from kg.graph.colours import OTHER_COLOUR, community_colour
from kg.graph.property_graph import EdgeKind, NodeKind, edge_blocks, node_blocks

Value = str | int | float
LIST_SEPARATOR: Final = ";"

_LINE_BREAK: Final = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


class Type(Enum):
    """The type of an attribute's values."""

    TEXT = "text"
    DATE = "date"
    """A date as text, such as 2024-02-29."""
    LIST = "list"
    """Several texts, joined by semicolons; none of them contains a semicolon."""
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
    "colour": Type.TEXT,  # #rrggbb, the colour of the node's community
}
EDGE_ATTRIBUTES: Final = {
    "kind": Type.TEXT,  # see `kg.graph.property_graph.EdgeKind`
    "weight": Type.NUMBER,
    "salience": Type.NUMBER,
    "frequency": Type.INTEGER,
    "origins": Type.LIST,
    "articles": Type.INTEGER,  # number of articles that have both concepts
    "npmi": Type.NUMBER,
}


@dataclass(frozen=True, slots=True)
class NodeAttributes:
    """A node with its attributes; `id` is its IRI."""

    id: str
    kind: NodeKind
    attributes: dict[str, Value]


@dataclass(frozen=True, slots=True)
class EdgeAttributes:
    """A directed edge with its attributes; no two edges have both the same source and the same target."""

    source: str
    target: str
    kind: EdgeKind
    attributes: dict[str, Value]


def nodes(tables: Tables, minter: Minter, kinds: Collection[NodeKind] = tuple(NodeKind)) -> Iterator[NodeAttributes]:
    """Yield the nodes of these kinds with the attributes `NODE_ATTRIBUTES`.

    They have the order of `kg.graph.property_graph.graph_nodes`.
    """
    colours = community_colours(tables)
    for block in node_blocks(tables, minter):
        yield from as_nodes(_of_kinds(block, kinds), colours)


def edges(tables: Tables, minter: Minter, kinds: Collection[EdgeKind] = tuple(EdgeKind)) -> Iterator[EdgeAttributes]:
    """Yield the edges of these kinds with the attributes `EDGE_ATTRIBUTES`.

    They have the order of `kg.graph.property_graph.graph_edges`.
    """
    for block in edge_blocks(tables, minter):
        yield from as_edges(_of_kinds(block, kinds))


def _of_kinds(block: pa.RecordBatch, kinds: Collection[NodeKind] | Collection[EdgeKind]) -> pa.RecordBatch:
    return block.filter(pc.is_in(block["kind"], pa.array([kind.value for kind in kinds], pa.string())))


def as_nodes(block: pa.RecordBatch, colours: Mapping[str, str]) -> Iterator[NodeAttributes]:
    """Yield the nodes in a record batch that `node_blocks` yielded; `colours` is the result of `community_colours`."""
    for row in node_columns(block, colours).to_pylist():
        yield NodeAttributes(row.pop("id"), NodeKind(row["kind"]), _without_none(row))


def as_edges(block: pa.RecordBatch) -> Iterator[EdgeAttributes]:
    """Yield the edges in a record batch that `edge_blocks` yielded."""
    for row in edge_columns(block).to_pylist():
        yield EdgeAttributes(row.pop("source"), row.pop("target"), EdgeKind(row["kind"]), _without_none(row))


def node_columns(block: pa.RecordBatch, colours: Mapping[str, str]) -> pa.RecordBatch:
    """Return the ids and attributes of nodes as columns; a missing value is null.

    Args:
        block: rows with the schema `kg.graph.property_graph.NODES`.
        colours: the result of `community_colours`.
    """
    columns = {
        "kind": block["kind"],
        "label": pc.coalesce(map_unique(block["label"], _label), block["id"]),
        "url": map_unique(block["url"], _one_line),
        "date": map_unique(block["date"], dt.date.isoformat),
        "subject": map_unique(block["subject"], _one_line),
        "community": block["community"],
        "articles": block["articles"],
        "centrality": block["centrality"],
        "x": block["x"],
        "y": block["y"],
        "size": block["size"],
        "colour": map_unique(block["community"], colours.__getitem__).fill_null(OTHER_COLOUR),
    }
    return pa.RecordBatch.from_pydict({"id": block["id"], **columns})


def edge_columns(block: pa.RecordBatch) -> pa.RecordBatch:
    """Return the sources, targets and attributes of edges as columns; a missing value is null.

    Args:
        block: rows with the schema `kg.graph.property_graph.EDGES`.
    """
    is_mention = pc.is_in(block["kind"], pa.array([EdgeKind.ABOUT.value, EdgeKind.MENTIONS.value]))
    is_related = pc.equal(block["kind"], EdgeKind.RELATED.value)
    columns = {
        "kind": block["kind"],
        "weight": block["weight"],
        "salience": pc.if_else(is_mention, block["weight"], None),
        "frequency": block["frequency"],
        "origins": map_unique(pc.binary_join(block["origins"], LIST_SEPARATOR), lambda origins: origins or None),
        "articles": block["articles"],
        "npmi": pc.if_else(is_related, block["weight"], None),
    }
    return pa.RecordBatch.from_pydict({"source": block["source"], "target": block["target"], **columns})


def community_colours(tables: Tables) -> dict[str, str]:
    """Return the colour of each community; the keys are the slugs of the communities.

    Colours are assigned by the number of articles: the community with the most articles gets the first colour.
    """
    sizes = zip(tables.communities["slug"].to_pylist(), tables.communities["article_count"].to_pylist(), strict=True)
    by_size = sorted(sizes, key=lambda community: (-community[1], community[0]))
    return {slug: community_colour(index) for index, (slug, _) in enumerate(by_size)}


def _without_none(values: dict[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def _one_line(value: str) -> str | None:
    """Return `value` as one line of text, or None if the result would be empty.

    Line breaks and tabs, which Neo4j cannot read, become spaces. Characters that XML does not allow are removed.
    """
    return NOT_IN_XML.sub("", _LINE_BREAK.sub(" ", value)) or None


def _label(value: str) -> str | None:
    return (_one_line(value) or "").strip() or None
