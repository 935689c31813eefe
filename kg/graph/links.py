"""From related links as written to edges: which article each link means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from kg.iris import slug, url_path
from kg.model import Link, LinkStatus, Problem, Severity
from kg.tables import LINKS


@dataclass(frozen=True, slots=True)
class Node:
    """What a link can be matched with: an article's identity, and what editors copy when they link to it."""

    url: str
    id: str | None
    title: str
    subject: str | None


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    position: int
    status: LinkStatus
    target_title: str | None


class Resolver:
    """Finds the article that a link means: by its url, else by its id where the title agrees.

    Of several with that id and title, the one in the link's subject, else the first by url.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._by_url: dict[str, Node] = {}
        self._by_id: dict[tuple[str, str], list[Node]] = defaultdict(list)
        for node in sorted(nodes, key=lambda node: node.url):
            self._by_url[url_path(node.url)] = node
            if node.id:
                self._by_id[node.id, _comparable(node.title)].append(node)

    def resolve(self, link: Link) -> tuple[Node | None, LinkStatus]:
        """The article, or None and `LinkStatus.MISSING`."""
        if link.url and (node := self._by_url.get(url_path(link.url))):
            return node, LinkStatus.URL
        if link.id and link.title:
            nodes = self._by_id.get((link.id, _comparable(link.title)), [])
            subject = _comparable(link.subject or "")
            same = [node for node in nodes if _comparable(node.subject or "") == subject]
            if same or nodes:
                return (same or nodes)[0], LinkStatus.ID
        return None, LinkStatus.MISSING


def resolve_links(
    articles: Iterable[Mapping[str, Any]], links: Iterable[Mapping[str, Any]]
) -> tuple[pa.Table, list[Problem]]:
    """The edges between articles, one for each pair, and a warning for each link that leads nowhere.

    Args:
        articles: rows of `kg.annotate.rows.ARTICLES`, in the order of their files.
        links: rows of `kg.annotate.rows.LINKS`, in the order of files and positions.
    """
    sources = {row["file"]: row for row in articles}
    resolver = Resolver(Node(row["url"], row["id"], row["title"], row["subject"]) for row in sources.values())
    edges: dict[tuple[str, str], _Edge] = {}
    missing_titles: dict[str, str] = {}
    problems: list[Problem] = []
    for row in links:
        source = sources.get(row["file"])
        if source is None:
            continue
        link = Link(row["url"], row["id"], row["title"], row["subject"], row["line"])
        node, status = resolver.resolve(link)
        target = node.url if node else _missing_url(link)
        title = node.title if node else link.title
        if node is None:
            if title:
                missing_titles.setdefault(target, title)
            problems.append(_dangling(source["path"], link))
        edge = _Edge(source["url"], target, row["position"], status, title)
        edges.setdefault((edge.source, edge.target), edge)
    rows = [
        replace(edge, target_title=missing_titles.get(target, edge.target_title))
        if edge.status is LinkStatus.MISSING
        else edge
        for (_, target), edge in sorted(edges.items())
    ]
    columns = [[getattr(row, name) for row in rows] for name in LINKS.names]
    return pa.Table.from_arrays(
        [pa.array(values, column.type) for values, column in zip(columns, LINKS, strict=True)], schema=LINKS
    ), problems


def _missing_url(link: Link) -> str:
    if link.url and url_path(link.url):
        return "/" + url_path(link.url)  # one spelling for one target, whichever way the links spell it
    return "/article/" + slug(link.title or link.id or link.url or "")


def _dangling(path: str, link: Link) -> Problem:
    what = link.url or (f'"{link.title}"' if link.title else f"id {link.id}")
    return Problem(
        Severity.WARNING, "missing-target", path, link.line, None, f"related link to {what}: no such article"
    )


def _comparable(text: str) -> str:
    return " ".join(text.split()).casefold()
