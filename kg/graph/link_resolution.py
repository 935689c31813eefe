"""Search for the articles that related links lead to. The result is a table of edges between articles.

A link in the front matter gives a url, or an id and a title. A link in the text gives a path, or, if it is a wiki link,
the name of a file (see `kg.graph.paths`). All these links become edges of one kind. Of the links of an article, those
in the front matter come first. The links in the text follow, in the order of the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from typing import Any, Final

import pyarrow as pa

from kg.base.config import ContentRoot, Read, ToolSettings
from kg.base.iris import slug, url_path
from kg.base.model import Link, LinkKind, LinkStatus, Problem
from kg.base.tables import LINKS
from kg.graph.paths import Files
from kg.graph.unresolved_links import UnresolvedLink, UnresolvedLinks
from kg.read.dialects.dialect import EmptyArticle
from kg.read.dialects.paths import is_language
from kg.read.dialects.registry import get_dialect
from kg.read.dialects.resolve import content_root, place

_OTHER_PAGES: Final = tuple(
    ".html .njk .liquid .webc .11ty.js .hbs .ejs .pug .haml .astro .vue .svelte .jsx .tsx .js .ts .rst .ipynb "
    ".yml".split()
)
"""Suffixes of files that are not Markdown and of which tools make pages."""
_CONTENT_FOLDERS: Final = (
    "src/content/docs",
    "src/content",
    "content",
    "docs",
    "src/pages",
    "pages",
    "src",
    "source",
)
"""Folders in which several tools have the pages of a site."""
_PAGE_ENDING = re.compile(r"(?:(?:^|/)index\.html?|\.html?|/)$")


@dataclass(frozen=True, slots=True)
class LinkNode:
    """An article as a target of links, with the fields by which a link can refer to the article."""

    url: str
    id: str | None
    title: str
    subject: str | None
    path: str = ""
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    position: int
    status: LinkStatus
    target_title: str | None
    property: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A missing article: its `url` if the link to it gives one, and the `reason` for users why it is missing."""

    url: str | None
    reason: str


class Resolver:
    """A resolver, which finds the article to which a link leads.

    A link in a field of the front matter is matched by its url, else by its id and title. If several articles have this
    id and title, those with the subject of the link are preferred. If several articles remain, the one whose url sorts
    first is chosen.

    A link in a text is read as the path of a file. If there is no such file, the link is read as the address of a page.
    The order is reversed if the link begins with a slash, or if the tool that manages the folder reads links as
    addresses, as Hugo does. A wiki link, such as `[[Note]]`, is matched by file name; if no file has this name, it is
    matched by alias.
    """

    def __init__(self, nodes: Iterable[LinkNode], options: Read | None = None) -> None:
        self._options = options or Read()
        self._settings = self._options.settings or ToolSettings()
        self._dialect = get_dialect(self._options.tool)
        self._by_url: dict[str, LinkNode] = {}
        self._by_id: dict[tuple[str, str], list[LinkNode]] = defaultdict(list)
        self._by_page: dict[str, LinkNode] = {}
        self._by_alias: dict[str, list[LinkNode]] = defaultdict(list)
        self._by_path: dict[str, LinkNode] = {}
        in_order = sorted(nodes, key=lambda node: node.url)
        for node in in_order:
            self._by_url[url_path(node.url)] = node
            self._by_page.setdefault(self._page(node.url), node)
            self._by_path[node.path] = node
            if node.id:
                self._by_id[node.id, _comparable(node.title)].append(node)
        for node in in_order:
            for alias in node.aliases:
                if alias.startswith("/"):
                    self._by_page.setdefault(self._page(alias), node)
                self._by_alias[_comparable(alias)].append(node)
        self._folders = {step for path in self._by_path for step in PurePosixPath(path).parts[:-1]}
        self.files = Files(self._by_path, self._options, {node.path: node.names for node in in_order if node.names})

    def resolve(self, link: Link, source: LinkNode | None = None) -> tuple[LinkNode | None, LinkStatus]:
        """Return the article that `link` leads to, and a `LinkStatus` that tells how the article was found.

        If `link` leads to no article, return None and `LinkStatus.MISSING`.

        Args:
            link: the link.
            source: the article that contains the link.
        """
        address = self._address(link)
        file = source.path if source else ""
        match link.kind:
            case LinkKind.ADDRESS:
                if node := self._by_url.get(url_path(address)) or self._by_page.get(self._page(address)):
                    return node, LinkStatus.URL
                root = content_root(file, self._options)
                if root is not None and root.language is not None:  # a path could lead to a translation
                    return None, LinkStatus.MISSING
                return self.resolve(replace(link, kind=LinkKind.PATH), source)
            case LinkKind.FIELD:
                if found := self._by_field(link):
                    return found
                node = self._by_page.get(self._page(address)) if address else None
                if node is not None:
                    return node, LinkStatus.URL
                node = self._at(file, address) if address else None
            case LinkKind.PATH if address.startswith("/"):
                if (node := self._on_site(file, address)) is not None:
                    return node, LinkStatus.URL
                node = self._at(file, address) or self._at_another_path(file, address)
                node = node or self._by_general_rules(file, address)
            case LinkKind.PATH:
                node = self._at(file, address) or self._labelled(file, address)
                page = self._beside(source, address) if source else None
                is_address = self._dialect.links_by_address and not self.files.is_article(address)
                if page is not None and (node is None or is_address):
                    return page, LinkStatus.URL
                node = node or self._at_another_path(file, address) or self._by_general_rules(file, address)
                if node is None and self._dialect.links_by_name:
                    node = self._named(file, address)
            case LinkKind.REFERENCE:
                node = self._at(file, address) or self._named(file, address)
            case LinkKind.LABEL:
                node = self._labelled(file, address)
                return (node, LinkStatus.NAME) if node else (None, LinkStatus.MISSING)
            case LinkKind.NAME | LinkKind.TAG:
                node = self._named(file, address)
                return (node, LinkStatus.NAME) if node else (None, LinkStatus.MISSING)
        return (node, LinkStatus.PATH) if node else (None, LinkStatus.MISSING)

    def missing(self, link: Link, source: LinkNode, exists: Callable[[str], bool]) -> Missing | None:
        """Return the missing article to which a link leads, or None if no article is missing.

        None is missing if the link leads to a picture, for example, or to a file that is no article.

        Args:
            link: a link for which `resolve` finds no article.
            source: the article that contains the link.
            exists: tells whether there is a file or folder at a path relative to the articles folder.
        """
        if link.kind is LinkKind.ADDRESS:
            link = replace(link, kind=LinkKind.PATH)
        address = self._address(link)
        if link.kind is LinkKind.LABEL:
            return Missing(None, "no such label") if self._settings.has_labels else None
        if link.kind is LinkKind.FIELD:
            # the same url, however the links to it are spelled
            own = url_path(address) or "article/" + slug(link.title or link.id or address)
            return Missing("/" + own, "no such article")
        is_relative = link.kind is LinkKind.PATH or address.startswith(("./", "../", "/"))
        if link.kind is LinkKind.NAME and self._dialect.missing_file:
            path: str | None = self._dialect.missing_file(address, self._settings)
        else:
            path = self.files.inside(source.path, address if is_relative else f"/{address}")
        opened = self._opened(source, address) if link.kind is LinkKind.PATH else None
        if opened and self._dialect.is_elsewhere(opened, self._settings, exists):
            return None
        if path is None:
            outside = normpath(address[2:] if address.startswith("~/") else join(dirname(source.path), address))
            return None if not self.files.is_page(address) or exists(outside) else Missing(None, "no such file")
        if any(exists(self.files.stem(path) + suffix) for suffix in self._dialect.other_suffixes):
            return None
        is_file = link.kind is LinkKind.PATH and not self.files.is_article(path)
        if not path or (is_file and not self.files.is_page(path)):
            return None
        if link.kind is LinkKind.PATH and self._exists(path, source.path, address, exists):
            return None
        is_address = is_file and address.startswith("/")
        is_page = content_root(self.files.as_file(path), self._options) is not None
        # outside the content folders there is no page, so the link can only be an address
        if is_file and opened and not is_page and self._dialect.links_by_address and not opened.startswith("/.."):
            address = f"{opened.rstrip('/')}/" if address.endswith("/") else opened
            is_address = True
        if self._settings.only_content and not (is_page or is_address):
            return Missing(None, "no such file")
        url = url_path(address if is_address else place(self.files.as_file(path), self._options).url)
        if node := self._by_url.get(url):
            return Missing(None, f"no such article; the name of {node.path} is only similar")
        return Missing("/" + url if url and link.kind in self._dialect.resolves else None, "no such article")

    def is_label(self, link: Link) -> bool:
        """Return whether a link may name a label, or an object of a program such as `package.Class`."""
        name = link.url or ""
        is_name = link.kind is LinkKind.PATH and "/" not in name and not self.files.is_article(name)
        return self._settings.has_labels and (is_name or link.kind is LinkKind.LABEL)

    def first_step(self, link: Link, source: LinkNode) -> str | None:
        """Return the first step of the address or path that a link leads to; None for a name and for the front page."""
        address = self._address(link)
        if link.kind in {LinkKind.NAME, LinkKind.TAG, LinkKind.LABEL}:
            return None
        if link.kind is LinkKind.FIELD or address.startswith("/"):
            path = url_path(address)
        else:
            root = content_root(source.path, self._options)
            folder = root.folder if root else ""
            path = (self.files.inside(source.path, address) or "").removeprefix(folder).lstrip("/")
        return path.partition("/")[0] or None

    def _address(self, link: Link) -> str:
        address = link.url or ""
        return self._dialect.written_out(address, self._settings) if link.kind is LinkKind.PATH else address

    def _exists(self, path: str, file: str, address: str, exists: Callable[[str], bool]) -> bool:
        """Return whether a link from `file` leads to a file that is no article, or to a folder.

        A page without text, for example, is not an article.
        """
        if LinkKind.PATH in self._dialect.resolves:
            below_articles = [address.lstrip("/")] if address.startswith("/") else []
            return any(map(exists, (*self.files.possible(path), *below_articles)))
        paths = (path, *self._general_paths(file, address))
        return any(exists(found) for start in paths for found in self.files.possible(start, _OTHER_PAGES))

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

    def _on_site(self, file: str, address: str) -> LinkNode | None:
        """Return the page at an address that begins with a slash, linked to from `file`."""
        root = content_root(file, self._options) or ContentRoot()
        others = tuple(self._dialect.other_addresses(address, root, self._settings))
        for found in others if address in others else (address, *others):
            if node := self._by_url.get(url_path(found)) or self._by_page.get(self._page(found)):
                return node
        return None

    def _at_another_path(self, file: str, address: str) -> LinkNode | None:
        """Return the article at another path that, in the folder's dialect, a link from `file` can mean."""
        root = content_root(file, self._options) or ContentRoot()
        paths = self._dialect.other_paths(address, self.files.inside(file, address), root, self._settings)
        return next((self._by_path[found] for path in paths if (found := self.files.at(path))), None)

    def _by_general_rules(self, file: str, address: str) -> LinkNode | None:
        """Return the article to which most tools would lead a link from `file`.

        Only used where the rules of the tool are not known. A path that begins with a slash is relative to one of the
        folders that contain `file`, or to one that usually has the pages of a site: any of them may be the one that is
        published. A page that is not translated is read in the original. If there is no folder `docs`, the articles
        folder may be this folder. Another path is relative to the address of the page, which is that of a folder.
        """
        if LinkKind.PATH in self._dialect.resolves:
            return None
        for path in self._general_paths(file, address):
            if not path.strip("/."):
                continue
            if found := self.files.at(path):
                return self._by_path[found]
            if node := self._by_page.get(self._page(f"/{path}")):
                return node
        return None

    def _general_paths(self, file: str, address: str) -> Iterator[str]:
        at = PurePosixPath(file)
        if not address.startswith(("/", "~/")):
            if not self.files.is_article(address) and not self.files.is_index(file):
                yield normpath(join(at.with_suffix(""), address))
            return
        address = address.removeprefix("~")
        root = content_root(file, self._options) or ContentRoot()
        steps = {step for step in at.parts[:-1] if is_language(step)} | ({"docs"} - self._folders)
        without = (address.removeprefix(f"/{step}") for step in sorted(steps) if address.startswith(f"/{step}/"))
        for meant in (address, *self._dialect.other_addresses(address, root, self._settings), *without):
            for folder in (*map(str, reversed(at.parents)), *_CONTENT_FOLDERS):
                yield normpath(join(folder, meant.lstrip("/")))

    def _beside(self, source: LinkNode, address: str) -> LinkNode | None:
        """Return the article whose page a browser opens if a link on the page of `source` has the address `address`."""
        opened = self._opened(source, address)
        return self._on_site(source.path, opened) if opened else None

    def _opened(self, source: LinkNode, address: str) -> str | None:
        """Return the address to which a link on the page of `source` leads, or None if this page has no address.

        An address above the front page of the site, which may be part of another site, begins with `/../`.
        """
        if address.startswith("/"):
            return address
        folder = source.url.rpartition("/")[0].lstrip("/")
        if not source.url.startswith("/"):
            return None
        opened = normpath(join(folder, address))
        return "/" if opened == "." else f"/{opened}"

    def _page(self, url: str) -> str:
        """Return the normal form of a page's url: it is equal for `/a/`, `/a`, `/a.html` and `/a/index.html`."""
        page = _PAGE_ENDING.sub("", url_path(url))
        return page.casefold() if self._dialect.ignores_case or self._settings.ignores_case else page

    def _at(self, source: str, target: str) -> LinkNode | None:
        path = self.files.inside(source, target)
        file = None if path is None else self.files.at(path)
        return self._translated(source, self._by_path[file]) if file else None

    def _translated(self, source: str, node: LinkNode) -> LinkNode:
        """Return an article in the language of the file `source`, or `node` if it is not translated."""
        root = content_root(source, self._options)
        if root is None or root.language is None:
            return node
        paths = self._dialect.translations(node.path, root.language, self._settings)
        return next((self._by_path[path] for path in paths if path in self._by_path), node)

    def _named(self, source: str, name: str) -> LinkNode | None:
        for other in (name, *self._dialect.other_names(name, self._settings)):
            if file := self.files.named(source, other):
                return self._translated(source, self._by_path[file])
        return self._with_alias(source, name)

    def _labelled(self, source: str, label: str) -> LinkNode | None:
        """Return the article that has a label in its text, if links in the folder can name labels."""
        return self._with_alias(source, label) if self._settings.has_labels else None

    def _with_alias(self, source: str, name: str) -> LinkNode | None:
        aliases = {node.path: node for node in self._by_alias.get(_comparable(name), [])}
        nearest = self.files.nearest(source, aliases)
        return aliases[nearest] if nearest is not None else None


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
        left_out: maps the path of each file that is not an article, though it looks like one, to the reason. If the
            reason is None, links to the file are ignored.
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
    """The edges between articles. Of several edges from one article to another, the first is kept."""

    def __init__(self) -> None:
        self._edges: dict[tuple[str, str], _Edge] = {}

    def add(self, edge: _Edge) -> None:
        self._edges.setdefault((edge.source, edge.target), edge)

    def add_missing(self, links: Iterable[UnresolvedLink]) -> None:
        """Add edges to missing articles. The title of a missing article is that of the first link that has a title."""
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
    """Return the files that are pages of the site and not meant to be articles, such as those that a layout fills.

    A link to such a page must not be taken for one to another page.
    """
    urls = {node.url for node in articles}
    return [node for node in left_out if reasons[node.path] is None and node.url not in urls]


def _missing_file(node: LinkNode, reasons: Mapping[str, str | None]) -> Missing | None:
    """Return a file that was left out as a missing article, or None if the file is not meant to be an article."""
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


def _comparable(text: str) -> str:
    return " ".join(text.split()).casefold()
