"""The graph as nodes and edges that have a kind and properties.

The networkx graph, GraphML, GEXF and the CSV files are made from these nodes and edges.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.iris import Minter
from kg.base.model import LinkStatus
from kg.base.tables import Tables, each_row, map_unique
from kg.graph.layout import diameter

_BLOCK: Final = 10_000
"""Number of rows in a block: large enough that work on whole columns is fast, small enough to take little memory."""

NODES: Final = pa.schema(
    [
        ("id", pa.string()),  # see `GraphNode`
        ("kind", pa.string()),
        ("label", pa.string()),
        ("url", pa.string()),
        ("date", pa.date32()),
        ("subject", pa.string()),
        ("community", pa.string()),
        ("articles", pa.int32()),
        ("centrality", pa.float64()),
        ("x", pa.float64()),
        ("y", pa.float64()),
        ("size", pa.float64()),
    ]
)
EDGES: Final = pa.schema(
    [
        ("source", pa.string()),  # see `GraphEdge`
        ("target", pa.string()),
        ("kind", pa.string()),
        ("weight", pa.float64()),
        ("frequency", pa.int32()),
        ("origins", pa.list_(pa.string())),
        ("articles", pa.int32()),
    ]
)


class NodeKind(StrEnum):
    """The kind of a node."""

    ARTICLE = "article"
    MISSING = "missing"
    """An article that does not exist, although other articles link to it."""
    CONCEPT = "concept"
    SUBJECT = "subject"
    """A topic under which articles are filed, such as "Data quality"."""


class EdgeKind(StrEnum):
    """The kind of an edge.

    An article and a concept that it mentions have one edge between them: `ABOUT` if the article is about the concept,
    otherwise `MENTIONS`.
    """

    RELATION = "relation"
    """From an article to an article that it links to."""
    ABOUT = "about"
    MENTIONS = "mentions"
    BROADER = "broader"
    """From a concept to a broader concept."""
    RELATED = "related"
    """Between two related concepts; holds in both directions, but is listed only once."""
    SUBJECT = "subject"
    """From an article to its subject."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node. `id` is its IRI; `size` is its diameter, in the unit of `x` and `y`."""

    id: str
    kind: NodeKind
    label: str
    url: str | None
    date: dt.date | None
    subject: str | None
    community: str | None
    articles: int | None
    """For a concept or a subject, the number of articles that have it; None for all other nodes."""
    centrality: float | None
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """An edge; `source` and `target` are the IRIs of its nodes.

    `weight` is the salience if the edge is a mention, the NPMI (normalised pointwise mutual information) if it is
    between related concepts, and 1 for all other edges.
    """

    source: str
    target: str
    kind: EdgeKind
    weight: float
    frequency: int | None = None
    origins: tuple[str, ...] = ()
    articles: int | None = None
    """For an edge between concepts, the number of articles that have both concepts; None for all other edges."""


def graph_nodes(tables: Tables, minter: Minter) -> Iterator[GraphNode]:
    """Yield all nodes: first the articles, then the missing articles, the concepts, and the subjects.

    Articles are sorted by url and concepts by slug. Missing articles and subjects are sorted by IRI.
    """
    for block in node_blocks(tables, minter):
        for row in block.to_pylist():
            yield GraphNode(**row | {"kind": NodeKind(row["kind"])})


def graph_edges(tables: Tables, minter: Minter) -> Iterator[GraphEdge]:
    """Yield all edges: links between articles, then mentions, relations between concepts, and edges to subjects.

    Each of these four groups of edges has the order of the rows in the table that it is made from.
    """
    for block in edge_blocks(tables, minter):
        for row in block.to_pylist():
            yield GraphEdge(**row | {"kind": EdgeKind(row["kind"]), "origins": tuple(row["origins"])})


def node_block(nodes: Iterable[GraphNode]) -> pa.RecordBatch:
    """Return the nodes as a record batch with the schema `NODES`."""
    return pa.RecordBatch.from_pylist([asdict(node) for node in nodes], NODES)


def edge_block(edges: Iterable[GraphEdge]) -> pa.RecordBatch:
    """Return the edges as a record batch with the schema `EDGES`."""
    return pa.RecordBatch.from_pylist([asdict(edge) for edge in edges], EDGES)


def node_blocks(tables: Tables, minter: Minter) -> Iterator[pa.RecordBatch]:
    """Yield the nodes in the order of `graph_nodes`, as record batches with the schema `NODES`."""
    for batch in tables.articles.drop_columns(["parts"]).to_batches(_BLOCK):
        same = {name: batch[name] for name in ("url", "date", "subject", "community", "centrality", "x", "y")}
        iris = map_unique(batch["url"], minter.article)
        yield _block(
            NODES, id=iris, kind=NodeKind.ARTICLE, label=batch["title"], size=_sizes(batch["centrality"]), **same
        )
    urls, subjects, x, y = (tables.articles[name].to_pylist() for name in ("url", "subject", "x", "y"))
    places = list(zip(x, y, strict=True))
    yield node_block(_missing(tables, minter, dict(zip(urls, places, strict=True))))
    for batch in tables.concepts.to_batches(_BLOCK):
        same = {name: batch[name] for name in ("community", "centrality", "x", "y")}
        yield _block(
            NODES,
            id=map_unique(batch["slug"], minter.concept),
            kind=NodeKind.CONCEPT,
            label=batch["pref_label"],
            articles=batch["article_count"],
            size=_sizes(batch["centrality"]),
            **same,
        )
    yield node_block(_subjects(minter, zip(subjects, places, strict=True)))


def edge_blocks(tables: Tables, minter: Minter) -> Iterator[pa.RecordBatch]:
    """Yield the edges in the order of `graph_edges`, as record batches with the schema `EDGES`."""
    for batch in tables.links.to_batches(_BLOCK):
        source, target = (map_unique(batch[name], minter.article) for name in ("source", "target"))
        yield _block(EDGES, source=source, target=target, kind=EdgeKind.RELATION, weight=1.0, origins=[])
    for batch in tables.mentions.drop_columns(["occurrences"]).to_batches(_BLOCK):
        yield _block(
            EDGES,
            source=map_unique(batch["article"], minter.article),
            target=map_unique(batch["concept"], minter.concept),
            kind=pc.if_else(batch["about"], EdgeKind.ABOUT.value, EdgeKind.MENTIONS.value),
            weight=batch["salience"],
            frequency=batch["frequency"],
            origins=batch["origins"],
        )
    for batch in tables.relations.to_batches(_BLOCK):
        source, target = (map_unique(batch[name], minter.concept) for name in ("source", "target"))
        yield _block(
            EDGES,
            source=source,
            target=target,
            kind=batch["kind"],
            weight=batch["npmi"].fill_null(1.0),
            origins=batch["origins"],
            articles=batch["article_count"],
        )
    filed = tables.articles.select(["url", "subject"]).filter(pc.is_valid(tables.articles["subject"]))
    for batch in filed.to_batches(_BLOCK):
        source, target = map_unique(batch["url"], minter.article), map_unique(batch["subject"], minter.subject)
        yield _block(EDGES, source=source, target=target, kind=EdgeKind.SUBJECT, weight=1.0, origins=[])


def _block(schema: pa.Schema, **columns: Any) -> pa.RecordBatch:
    """Return a record batch with the schema `schema` and the values in `columns`.

    A value that is not an array is repeated in all rows. A column that is not in `columns` is null in all rows.
    """
    count = max(len(column) for column in columns.values() if isinstance(column, pa.Array))
    return pa.record_batch(
        [
            column
            if isinstance(column := columns.get(field.name), pa.Array)
            else pa.repeat(pa.scalar(column, field.type), count)
            for field in schema
        ],
        schema,
    )


def _sizes(centrality: pa.Array) -> pa.Array:
    return pa.array(diameter(centrality.to_numpy()).round(2))


def _missing(tables: Tables, minter: Minter, places: dict[str, tuple[float, float]]) -> Iterator[GraphNode]:
    sources: dict[str, list[tuple[float, float]]] = defaultdict(list)
    titles: dict[str, tuple[str, str]] = {}
    for row in each_row(tables.links.filter(pc.equal(tables.links["status"], LinkStatus.MISSING.value))):
        iri = minter.article(row["target"])
        sources[iri].append(places[row["source"]])
        titles.setdefault(iri, (row["target_title"] or row["target"], row["target"]))
    for iri, found in sorted(sources.items()):
        label, url = titles[iri]
        yield _node_at_mean(iri, NodeKind.MISSING, label, url, found, None, 0.6)


def _subjects(minter: Minter, filed: Iterable[tuple[str | None, tuple[float, float]]]) -> Iterator[GraphNode]:
    members: dict[str, list[tuple[float, float]]] = defaultdict(list)
    labels: dict[str, str] = {}
    iri_of = cache(minter.subject)
    for subject, place in filed:
        if subject is not None:
            iri = iri_of(subject)
            members[iri].append(place)
            labels.setdefault(iri, subject)
    for iri, found in sorted(members.items()):
        size = float(diameter(np.array(float(len(found)))))
        yield _node_at_mean(iri, NodeKind.SUBJECT, labels[iri], None, found, len(found), size)


def _node_at_mean(
    iri: str,
    kind: NodeKind,
    label: str,
    url: str | None,
    around: list[tuple[float, float]],
    articles: int | None,
    size: float,
) -> GraphNode:
    """Return a node for which the tables have no position: a missing article or a subject.

    Its position is the mean of `around`, which has the positions of the articles that are connected with it.
    """
    x, y = np.mean(around, axis=0).round(2).tolist()
    return GraphNode(iri, kind, label, url, None, None, None, articles, None, x, y, round(size, 2))
