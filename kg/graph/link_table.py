"""The table of edges between articles, which is made from the related links of all articles.

A link in the front matter gives a url, or an id and a title. A link in the text gives a path, or, if it is a wiki link,
the name of a file. All these links become edges of one kind. The links in the front matter of an article come first.
The links in its text follow, in the order of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kg.base.config import Read
from kg.base.iris import url_path
from kg.base.model import Link, LinkKind, LinkStatus, Problem
from kg.base.tables import LINKS
from kg.graph.link_resolution import LinkNode, Missing, Resolver
from kg.graph.unresolved_links import UnresolvedLink, UnresolvedLinks
from kg.read.dialects.dialect import EmptyArticle
from kg.read.dialects.registry import get_dialect
from kg.read.dialects.resolve import place


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    position: int
    status: LinkStatus
    target_title: str | None
    property: str | None


def resolve_links(
    articles: Iterable[Mapping[str, Any]],
    links: Iterable[Mapping[str, Any]],
    options: Read | None = None,
    *,
    exists: Callable[[str], bool] = lambda path: False,
    left_out: Mapping[str, str | None] | None = None,
) -> tuple[pa.Table, list[Problem]]:
    """Return the table of links, and a warning for each link that leads to no article.

    If an article links to another article several times, the table has only the first of these links.

    Args:
        articles: rows of `kg.annotate.rows.ARTICLES`, in the order of their files.
        links: rows of `kg.annotate.rows.LINKS`, in the order of files and positions.
        options: the options with which the folder is read, resolved.
        exists: tells whether there is a file or folder at a path relative to the articles folder. If a link in a text
            leads to a file or folder that is not an article, the link is ignored: it is not an edge, and there is no
            warning.
        left_out: maps the path of each file that looks like an article but was left out to the reason. If the reason is
            None, links to the file are ignored.
    """
    options = options or Read()
    reasons = left_out or {}
    dialect = get_dialect(options.tool)
    sources = {row["file"]: _node(row) for row in articles}
    others = [_left_out_node(path, options) for path in reasons]
    filled = _filled(others, reasons, sources.values()) if dialect.empty_article is EmptyArticle.LAYOUT else []
    not_read = {node.path for node in filled}
    resolver = Resolver([*sources.values(), *filled], options)
    not_articles = Resolver(others, options)
    edges = _Edges()
    unresolved = UnresolvedLinks(dialect.resolves, dialect.missing_severity)
    for row in links:
        source = sources.get(row["file"])
        if source is None:
            continue
        link, position = _link(row), row["position"]
        node, status = resolver.resolve(link, source)
        if node is not None:
            unresolved.count_resolved(link, resolver.first_step(link, source))
            is_of_page_to_itself = node is source and link.kind is not LinkKind.FIELD
            if node.path not in not_read and not is_of_page_to_itself:
                edges.add(_Edge(source.url, node.url, position, status, node.title, link.property))
            continue
        if link.kind is LinkKind.TAG:
            continue
        other, _ = not_articles.resolve(link, source)
        missing = resolver.missing(link, source, exists) if other is None else _missing_file(other, reasons)
        if missing is None:
            continue
        if other is None and resolver.is_label(link):
            unresolved.add_label(link.url or "", f"{source.path}:{link.line or 1}")
        else:
            step = resolver.first_step(link, source) if other is None else None
            unresolved.add(UnresolvedLink(source.url, source.path, link, position, missing.url, missing.reason, step))
    edges.add_missing(unresolved.with_targets())
    return edges.table(), unresolved.problems()


class _Edges:
    """The edges between articles. Only the first edge from one article to another is kept."""

    def __init__(self) -> None:
        self._edges: dict[tuple[str, str], _Edge] = {}

    def add(self, edge: _Edge) -> None:
        self._edges.setdefault((edge.source, edge.target), edge)

    def add_missing(self, links: Iterable[UnresolvedLink]) -> None:
        """Add edges to missing articles.

        The title of a missing article is taken from the first link that has a title.
        """
        dangling = [(link, link.target) for link in links if link.target]
        titles: dict[str, str] = {}
        for found, target in dangling:
            if found.link.title:
                titles.setdefault(target, found.link.title)
        for found, target in dangling:
            title, name = titles.get(target), found.link.property
            self.add(_Edge(found.source, target, found.position, LinkStatus.MISSING, title, name))

    def table(self) -> pa.Table:
        rows = [edge for _, edge in sorted(self._edges.items())]
        columns = [[getattr(row, name) for row in rows] for name in LINKS.names]
        arrays = [pa.array(values, column.type) for values, column in zip(columns, LINKS, strict=True)]
        return pa.Table.from_arrays(arrays, schema=LINKS)


def _filled(
    left_out: Iterable[LinkNode], reasons: Mapping[str, str | None], articles: Iterable[LinkNode]
) -> list[LinkNode]:
    """Return the files that are pages of the site but are not meant to be articles, such as pages that a layout fills.

    A link to such a page must not lead to another page instead.
    """
    urls = {node.url for node in articles}
    return [node for node in left_out if reasons[node.path] is None and node.url not in urls]


def _missing_file(node: LinkNode, reasons: Mapping[str, str | None]) -> Missing | None:
    """Describe a left-out file as a missing article. Return None if the file is not meant to be an article."""
    reason = reasons[node.path]
    return None if reason is None else Missing("/" + url_path(node.url), f"{node.path} {reason}")


def _link(row: Mapping[str, Any]) -> Link:
    kind = LinkKind(row.get("kind") or LinkKind.FIELD)
    return Link(row["url"], row["id"], row["title"], row["subject"], row["line"], kind, row.get("property"))


def _left_out_node(path: str, options: Read) -> LinkNode:
    found = place(path, options)
    return LinkNode(found.url, None, found.title, None, path, names=found.names)


def _node(row: Mapping[str, Any]) -> LinkNode:
    lists = (tuple(row.get(name) or ()) for name in ("aliases", "names"))
    return LinkNode(row["url"], row["id"], row["title"], row["subject"], row["path"], *lists)
