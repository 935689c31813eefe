"""Resolution of related links to edges between articles.

A link in the front matter names a url, or an id and a title. A link in the text names a path or a note (see
`kg.graph.paths`). All of them become edges of one kind. The links in the front matter come first, then the links in the
text, in the order of the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from posixpath import join, normpath
from typing import Any

import pyarrow as pa

from kg.base.config import Read
from kg.base.iris import slug, url_path
from kg.base.model import Link, LinkKind, LinkStatus, Problem, Severity
from kg.base.tables import LINKS
from kg.graph.paths import Files
from kg.read.dialects.registry import get_dialect
from kg.read.dialects.resolve import place

_PAGE_ENDING = re.compile(r"(?:(?:^|/)index\.html?|\.html?|/)$")


@dataclass(frozen=True, slots=True)
class LinkNode:
    """An article as a target of links.

    It has the fields that identify the article, and those that editors copy into a link to it.
    """

    url: str
    id: str | None
    title: str
    subject: str | None
    path: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    position: int
    status: LinkStatus
    target_title: str | None
    property: str | None


class Resolver:
    """Resolves links to articles.

    A link in a field of the front matter is matched by its url, else by its id and title. If several articles have this
    id and title, those with the subject of the link are preferred. Of those that remain, the one whose url sorts
    first is chosen.

    A link in a text is matched by the path of a file, else by an address of the site. The address comes first if the
    link begins with a slash, or if the tool that the folder is written for takes links as addresses. A wiki link,
    such as `[[Note]]`, is matched by name; if no article has this name, it is matched by alias.
    """

    def __init__(self, nodes: Iterable[LinkNode], options: Read | None = None) -> None:
        self._options = options or Read()
        self._dialect = get_dialect(self._options.tool)
        self._by_url: dict[str, LinkNode] = {}
        self._by_id: dict[tuple[str, str], list[LinkNode]] = defaultdict(list)
        self._by_page: dict[str, LinkNode] = {}
        self._by_alias: dict[str, list[LinkNode]] = defaultdict(list)
        self._by_path: dict[str, LinkNode] = {}
        in_order = sorted(nodes, key=lambda node: node.url)
        for node in in_order:
            self._by_url[url_path(node.url)] = node
            self._by_page.setdefault(_page(node.url), node)
            self._by_path[node.path] = node
            if node.id:
                self._by_id[node.id, _comparable(node.title)].append(node)
        for node in in_order:
            for alias in node.aliases:
                if alias.startswith("/"):
                    self._by_page.setdefault(_page(alias), node)
                self._by_alias[_comparable(alias)].append(node)
        self.files = Files(self._by_path, self._options)

    def resolve(self, link: Link, source: LinkNode | None = None) -> tuple[LinkNode | None, LinkStatus]:
        """Return the article that `link` leads to, and a `LinkStatus` that tells how the article was found.

        If there is no such article, return None and `LinkStatus.MISSING`.

        Args:
            link: the link.
            source: the article that contains the link.
        """
        address = link.url or ""
        file = source.path if source else ""
        match link.kind:
            case LinkKind.FIELD:
                if found := self._by_field(link):
                    return found
                node = self._by_page.get(_page(address)) if address else None
                if node is not None:
                    return node, LinkStatus.URL
                node = self._at(file, address) if address else None
            case LinkKind.PATH if address.startswith("/"):
                node = self._by_url.get(url_path(address)) or self._by_page.get(_page(address))
                if node is not None:
                    return node, LinkStatus.URL
                node = self._at(file, address)
            case LinkKind.PATH:
                node = self._at(file, address)
                page = self._beside(source.url, address) if source else None
                is_address = self._dialect.links_by_address and not self.files.is_article(address)
                if page is not None and (node is None or is_address):
                    return page, LinkStatus.URL
                if node is None and self._dialect.links_by_name:
                    node = self._named(file, address)
            case LinkKind.REFERENCE:
                node = self._at(file, address) or self._named(file, address)
            case LinkKind.NAME:
                node = self._named(file, address)
                return (node, LinkStatus.NAME) if node else (None, LinkStatus.MISSING)
        return (node, LinkStatus.PATH) if node else (None, LinkStatus.MISSING)

    def missing_url(self, link: Link, source: LinkNode, exists: Callable[[str], bool]) -> str | None:
        """Return the url that the missing target of `link` would have if it were an article.

        Return None if the target cannot be a missing article: for example, if it is a picture, if `exists` finds a file
        or folder there, or if it is outside of the articles folder.
        """
        address = link.url or ""
        if link.kind is LinkKind.FIELD:
            if url_path(address):
                return "/" + url_path(address)  # the same url, however the links to it are spelled
            return "/article/" + slug(link.title or link.id or address)
        is_relative = link.kind is LinkKind.PATH or address.startswith(("./", "../", "/"))
        path = self.files.inside(source.path, address if is_relative else f"/{address}")
        is_file = link.kind is LinkKind.PATH and not self.files.is_article(path or "")
        if not path or (is_file and (not self.files.is_page(path) or exists(path))):
            return None
        is_address = is_file and address.startswith("/")
        url = url_path(address if is_address else place(self.files.as_file(path), self._options).url)
        return None if url in self._by_url or not url else "/" + url

    def _by_field(self, link: Link) -> tuple[LinkNode, LinkStatus] | None:
        if link.url and (node := self._by_url.get(url_path(link.url))):
            return node, LinkStatus.URL
        if link.id and link.title:
            nodes = self._by_id.get((link.id, _comparable(link.title)), [])
            subject = _comparable(link.subject or "")
            same = [node for node in nodes if _comparable(node.subject or "") == subject]
            if same or nodes:
                return (same or nodes)[0], LinkStatus.ID
        return None

    def _beside(self, url: str, address: str) -> LinkNode | None:
        """Return the page that a browser opens if a link on the page `url` has the address `address`."""
        found = normpath(join(url.rpartition("/")[0] + "/", address))
        return self._by_page.get(_page(found)) if url.startswith("/") else None

    def _at(self, source: str, target: str) -> LinkNode | None:
        path = self.files.inside(source, target)
        file = None if path is None else self.files.at(path)
        return self._by_path[file] if file else None

    def _named(self, source: str, name: str) -> LinkNode | None:
        if file := self.files.named(source, name):
            return self._by_path[file]
        aliases = {node.path: node for node in self._by_alias.get(_comparable(name), [])}
        nearest = self.files.nearest(source, aliases)
        return aliases[nearest] if nearest is not None else None


def resolve_links(
    articles: Iterable[Mapping[str, Any]],
    links: Iterable[Mapping[str, Any]],
    options: Read | None = None,
    *,
    exists: Callable[[str], bool] = lambda path: False,
) -> tuple[pa.Table, list[Problem]]:
    """Return the table of links and the warnings about links without a target.

    If an article links to another several times, the table has only the first of these links.

    Args:
        articles: rows of `kg.annotate.rows.ARTICLES`, in the order of their files.
        links: rows of `kg.annotate.rows.LINKS`, in the order of files and positions.
        options: the options with which the folder is read, resolved.
        exists: tells whether there is a file or folder at a path below the articles folder. If a link in a text
            leads to a file or folder that is not an article, the link is ignored: it is not an edge, and there is no
            warning.
    """
    sources = {row["file"]: _node(row) for row in articles}
    resolver = Resolver(sources.values(), options)
    edges: dict[tuple[str, str], _Edge] = {}
    missing_titles: dict[str, str] = {}
    problems: list[Problem] = []
    for row in links:
        source = sources.get(row["file"])
        if source is None:
            continue
        kind = LinkKind(row.get("kind") or LinkKind.FIELD)
        link = Link(row["url"], row["id"], row["title"], row["subject"], row["line"], kind, row.get("property"))
        node, status = resolver.resolve(link, source)
        if node is source and kind is not LinkKind.FIELD:
            continue  # a page that links to itself
        target = node.url if node else resolver.missing_url(link, source, exists)
        if target is None:
            continue
        title = node.title if node else link.title
        if node is None:
            if title:
                missing_titles.setdefault(target, title)
            problems.append(_dangling(source.path, link))
        edge = _Edge(source.url, target, row["position"], status, title, link.property)
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


def _node(row: Mapping[str, Any]) -> LinkNode:
    return LinkNode(row["url"], row["id"], row["title"], row["subject"], row["path"], tuple(row.get("aliases") or ()))


def _dangling(path: str, link: Link) -> Problem:
    what = link.url or (f'"{link.title}"' if link.title else f"id {link.id}")
    name = "related link" if link.kind is LinkKind.FIELD else "link"
    message = f"{name} to {what}: no such article"
    return Problem(Severity.WARNING, "missing-target", path, link.line, link.property, message)


def _page(url: str) -> str:
    """Return the normal form of a page's url: it is equal for `/a/`, `/a`, `/a.html` and `/a/index.html`."""
    return _PAGE_ENDING.sub("", url_path(url))


def _comparable(text: str) -> str:
    return " ".join(text.split()).casefold()
