"""Search for the article that a related link leads to.

The rules for paths and names of files are in `kg.graph.paths`. Rules that depend on the tool that manages the folder
are in the modules of `kg.read.dialects`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from typing import Final

from kg.base.config import ContentRoot, Read, ToolSettings
from kg.base.iris import slug, url_path
from kg.base.model import Link, LinkKind, LinkStatus
from kg.graph.paths import Files
from kg.read.dialects.paths import is_language
from kg.read.dialects.registry import get_dialect
from kg.read.dialects.resolve import content_root, place

_OTHER_PAGES: Final = tuple(
    ".html .njk .liquid .webc .11ty.js .hbs .ejs .pug .haml .astro .vue .svelte .jsx .tsx .js .ts .rst .ipynb "
    ".yml".split()
)
"""Suffixes of files other than Markdown files from which tools make pages."""
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
"""Usual names of the folder with the pages of a site."""
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
class Missing:
    """A missing article: its `url`, if the link to it has one, and the `reason` why it is missing, for users."""

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

        The result is None, for example, if the link leads to a picture or to a file that is not an article.

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
        """Return whether a link from `file` leads to a folder, or to a file that is not an article.

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
        """Return the article at one of the alternative paths that the folder's dialect has for a link from `file`."""
        root = content_root(file, self._options) or ContentRoot()
        paths = self._dialect.other_paths(address, self.files.inside(file, address), root, self._settings)
        return next((self._by_path[found] for path in paths if (found := self.files.at(path))), None)

    def _by_general_rules(self, file: str, address: str) -> LinkNode | None:
        """Return the article to which most tools would lead a link from `file`.

        This is used only if the rules of the tool are unknown. A path that begins with a slash is tried relative to
        each folder that contains `file`, and to folders with the usual names for pages of a site, since any of them may
        be the published one. If a page is not translated, the link leads to the original. If there is no folder `docs`,
        the articles folder may be this folder. Any other path is relative to the address of the page, which is treated
        as a folder.
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
        page = url_path(_PAGE_ENDING.sub("", url))
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


def _comparable(text: str) -> str:
    return " ".join(text.split()).casefold()
