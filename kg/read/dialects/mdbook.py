"""An mdBook: chapters below the folder that book.toml names, in the order of SUMMARY.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from posixpath import join, normpath
from typing import Final
from urllib.parse import unquote

import msgspec

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.base.paths import is_file
from kg.read.dialects.dialect import Dialect, Page, Place, TitleHeading
from kg.read.dialects.paths import prefixed, subject, words
from kg.read.dialects.project import (
    find_file,
    globs_below,
    projects,
    read_configuration,
    roots_below,
    text_at,
    where,
)
from kg.read.files import files_below, text_of
from kg.read.syntax.extension import Extension

_CONFIGURATION: Final = "book.toml"
_SUMMARY: Final = "SUMMARY.md"
_INDEX: Final = frozenset({"index", "readme"})
_CHAPTER = re.compile(r"\]\(<?([^)<>\n]+\.(?:md|markdown))>?\)")
_LEVELS: Final = 2
"""Maximum depth of the folders that are searched for further books."""


def _books(folder: Path) -> list[Path]:
    """Return the configuration files of the book to which a folder belongs, and of books in its folders.

    The list is empty if the folder belongs to no book.
    """
    for project in projects(folder):
        path = find_file([project], _CONFIGURATION)
        root = _root(path) if path else None
        if path and root and is_file(project / root.folder / _SUMMARY):
            if not roots_below(folder, project, [root]):
                return []
            found = [one for one in files_below(folder, levels=_LEVELS) if one.name == _CONFIGURATION]
            inner = sorted((len(one.parts), one) for one in found if one.parent != folder)
            return list(dict.fromkeys([path, *(one for _, one in inner)]))
    return []


def _root(configuration: Path) -> ContentRoot:
    book = read_configuration(configuration)
    folder = normpath(text_at(book, "book", "src") or "src")
    return ContentRoot(folder=folder, language=text_at(book, "book", "language"))


def _recognise(folder: Path) -> str | None:
    books = _books(folder)
    return where(books[0], folder) if books else None


def _settings(folder: Path) -> ToolSettings:
    books = _books(folder)
    if not books:
        return ToolSettings()
    roots: dict[str, ContentRoot] = {}
    exclude: list[str] = []
    options: list[tuple[str, str]] = []
    for path in books:
        above = path.parent.relative_to(folder).parts if path.parent.is_relative_to(folder) else ()
        source = _root(path)
        for root in roots_below(folder, path.parent, [source]):
            prefix = "/".join(prefixed(root.prefix, [])) if path == books[0] else "/".join(above)
            roots.setdefault(root.folder, msgspec.structs.replace(root, prefix=prefix))
            if first := _first_chapter(path.parent / source.folder / _SUMMARY):
                page = Page(file=PurePosixPath(first), root=roots[root.folder])
                options.append(("/" + "/".join(prefixed(prefix, ["index.html"])), _place(page, ToolSettings()).url))
            exclude.append(join(root.folder, _SUMMARY))
        built = text_at(read_configuration(path), "build", "build-dir") or "book"
        exclude += globs_below(folder, path.parent, () if built.startswith("..") else [normpath(built)])
    configuration = read_configuration(books[0])
    base = text_at(configuration, "output", "html", "site-url") or "/"
    is_web = base.startswith(("http://", "https://"))
    if not is_web:
        options.append(("base", base))
    return ToolSettings(
        title=text_at(configuration, "book", "title"),
        site=base if is_web else None,
        roots=tuple(roots.values()),
        exclude=tuple(dict.fromkeys(exclude)),
        options=tuple(options),
    )


def _first_chapter(summary: Path) -> str | None:
    """Return the path of the first chapter in a SUMMARY.md, whose page is also the front page of the book."""
    found = _CHAPTER.search(text_of(summary))
    return normpath(unquote(found[1])) if found else None


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a chapter: `guide/intro.md` is at `/guide/intro.html`, and a README is the folder's index."""
    file = page.file
    is_index = file.stem.lower() in _INDEX
    above = file.parent.parts
    steps = prefixed(page.root.prefix, [*above, "index" if is_index else file.stem])
    title = words(above[-1] if is_index and above else file.stem)
    return Place("/" + "/".join(steps) + ".html", title, subject(above))


def _other_addresses(address: str, root: ContentRoot, settings: ToolSettings) -> Iterator[str]:
    """Yield an address without the path at which the book is published; for the front page also the first chapter."""
    base = (settings.option("base") or "/").rstrip("/")
    if base and address.startswith(f"{base}/"):
        address = address.removeprefix(base)
        yield address
    if first := settings.option(address + "index.html" if address.endswith("/") else address):
        yield first


def _is_elsewhere(address: str, settings: ToolSettings, exists: Callable[[str], bool]) -> bool:
    """Return whether an address leads out of the book, as `../std/index.html` leads to another book beside it."""
    return address.startswith("/../")


DIALECT = Dialect(
    name="mdbook",
    title="an mdBook",
    precedence=35,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    only_content=True,
    extensions=(Extension("directive", "{\\", r"\\?\{\{#[^{}\n]*\}\}"),),
    title_heading=TitleHeading.ANY_LEVEL,
    links_by_address=True,
    resolves=frozenset({LinkKind.PATH}),
    other_addresses=_other_addresses,
    is_elsewhere=_is_elsewhere,
)
