"""The graph as typed nodes and edges with properties: what networkx, GraphML, GEXF and the CSV files hold."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from kg.graph.layout import diameter
from kg.iris import Minter
from kg.model import LinkStatus
from kg.tables import Tables, rows


class NodeKind(StrEnum):
    """What a node is."""

    ARTICLE = "article"
    MISSING = "missing"
    """An article that links lead to and that is not there."""
    CONCEPT = "concept"
    SUBJECT = "subject"


class EdgeKind(StrEnum):
    """What an edge says; about is a subset of what the articles mention, so each such pair is one edge."""

    RELATION = "relation"
    ABOUT = "about"
    MENTIONS = "mentions"
    BROADER = "broader"
    """From a concept to a broader one."""
    RELATED = "related"
    """Between two concepts, in both directions; it is there once."""
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node; `id` is its IRI, `size` its diameter in the unit of `x` and `y`."""

    id: str
    kind: NodeKind
    label: str
    url: str | None
    date: dt.date | None
    subject: str | None
    community: str | None
    articles: int | None
    """Of a concept or a subject, how many articles have it."""
    centrality: float | None
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """An edge; `weight` is the salience of a mention, the NPMI of related concepts, and 1 of everything else."""

    source: str
    target: str
    kind: EdgeKind
    weight: float
    frequency: int | None = None
    origins: tuple[str, ...] = ()
    articles: int | None = None
    """Of two concepts, how many articles have both."""


def graph_nodes(tables: Tables, minter: Minter) -> Iterator[GraphNode]:
    """Articles by url, missing articles by url, concepts by slug, subjects by IRI."""
    places: dict[str, tuple[float, float]] = {}
    by_subject: dict[str, list[tuple[float, float]]] = defaultdict(list)
    labels: dict[str, str] = {}
    for row, size in _sized(tables.articles.drop_columns(["parts"])):
        place = places[row["url"]] = (row["x"], row["y"])
        if row["subject"] is not None:
            iri = minter.subject(row["subject"])
            by_subject[iri].append(place)
            labels.setdefault(iri, row["subject"])
        yield GraphNode(
            id=minter.article(row["url"]),
            kind=NodeKind.ARTICLE,
            label=row["title"],
            articles=None,
            size=size,
            **{name: row[name] for name in ("url", "date", "subject", "community", "centrality", "x", "y")},
        )
    yield from _missing(tables, minter, places)
    for row, size in _sized(tables.concepts):
        yield GraphNode(
            id=minter.concept(row["slug"]),
            kind=NodeKind.CONCEPT,
            label=row["pref_label"],
            url=None,
            date=None,
            subject=None,
            articles=row["article_count"],
            size=size,
            **{name: row[name] for name in ("community", "centrality", "x", "y")},
        )
    for iri, members in sorted(by_subject.items()):
        size = float(diameter(np.array(float(len(members)))))
        yield _placed(iri, NodeKind.SUBJECT, labels[iri], None, members, len(members), size)


def graph_edges(tables: Tables, minter: Minter) -> Iterator[GraphEdge]:
    """Related links, what the articles mention, how concepts hang together, subjects; each in its table's order."""
    for row in rows(tables.links.select(["source", "target"])):
        yield GraphEdge(minter.article(row["source"]), minter.article(row["target"]), EdgeKind.RELATION, 1.0)
    for row in rows(tables.mentions.drop_columns(["occurrences"])):
        yield GraphEdge(
            minter.article(row["article"]),
            minter.concept(row["concept"]),
            EdgeKind.ABOUT if row["about"] else EdgeKind.MENTIONS,
            row["salience"],
            row["frequency"],
            tuple(row["origins"]),
        )
    for row in rows(tables.relations.select(["source", "target", "kind", "npmi", "origins", "article_count"])):
        yield GraphEdge(
            minter.concept(row["source"]),
            minter.concept(row["target"]),
            EdgeKind(row["kind"]),
            1.0 if row["npmi"] is None else row["npmi"],
            origins=tuple(row["origins"]),
            articles=row["article_count"],
        )
    for row in rows(tables.articles.select(["url", "subject"])):
        if row["subject"] is not None:
            yield GraphEdge(minter.article(row["url"]), minter.subject(row["subject"]), EdgeKind.SUBJECT, 1.0)


def _sized(table: Any) -> Iterator[tuple[dict[str, Any], float]]:
    sizes = diameter(table["centrality"].to_numpy()).round(2).tolist()
    return zip(rows(table), sizes, strict=True)


def _missing(tables: Tables, minter: Minter, places: dict[str, tuple[float, float]]) -> Iterator[GraphNode]:
    sources: dict[str, list[tuple[float, float]]] = defaultdict(list)
    titles: dict[str, tuple[str, str]] = {}
    for row in rows(tables.links):
        if row["status"] == LinkStatus.MISSING:
            iri = minter.article(row["target"])
            sources[iri].append(places[row["source"]])
            titles.setdefault(iri, (row["target_title"] or row["target"], row["target"]))
    for iri, found in sorted(sources.items()):
        label, url = titles[iri]
        yield _placed(iri, NodeKind.MISSING, label, url, found, None, 0.6)


def _placed(
    iri: str,
    kind: NodeKind,
    label: str,
    url: str | None,
    around: list[tuple[float, float]],
    articles: int | None,
    size: float,
) -> GraphNode:
    """A node that the layout does not know, in the middle of those that it belongs to."""
    x, y = np.mean(around, axis=0).round(2).tolist()
    return GraphNode(iri, kind, label, url, None, None, None, articles, None, x, y, round(size, 2))
