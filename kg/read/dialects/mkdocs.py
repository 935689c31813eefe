"""MkDocs documentation: pages below the folder that mkdocs.yml names as `docs_dir`."""

from __future__ import annotations

from pathlib import Path

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place
from kg.read.dialects.paths import folder_url, prefixed, subject, words
from kg.read.dialects.project import find_file, projects, read_configuration, roots_below, text_at
from kg.read.syntax.wiki_links import WIKI_LINK


def _configuration(folder: Path) -> Path | None:
    """Return the mkdocs.yml of the project to which a folder belongs, or None if it belongs to no project."""
    for project in projects(folder):
        path = find_file([project], "mkdocs.yml", "mkdocs.yaml")
        if path and (project / _root(path).folder).is_dir():
            return path if roots_below(folder, project, [_root(path)]) else None
    return None


def _root(configuration: Path) -> ContentRoot:
    docs = text_at(read_configuration(configuration), "docs_dir") or "docs"
    return ContentRoot(folder=docs.removeprefix("./").strip("/"))


def _recognise(folder: Path) -> str | None:
    path = _configuration(folder)
    return f"{path.name} lies {'in it' if path.parent == folder else 'beside it'}" if path else None


def _settings(folder: Path) -> ToolSettings:
    path = _configuration(folder)
    if path is None:
        return ToolSettings()
    configuration = read_configuration(path)
    return ToolSettings(
        title=text_at(configuration, "site_name"),
        site=text_at(configuration, "site_url"),
        roots=roots_below(folder, path.parent, [_root(path)]),
    )


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a page.

    `guide/install.md` is at `/guide/install/`, and `guide/index.md` or `guide/README.md` is at `/guide/`.
    """
    file = page.file
    steps = file.parent.parts if file.stem in {"index", "README"} else file.with_suffix("").parts
    title = words(steps[-1] if steps else file.stem)
    return Place(folder_url(prefixed(page.root.prefix, steps)), title, subject(file.parts[:-1]))


DIALECT = Dialect(
    name="mkdocs",
    title="MkDocs documentation",
    precedence=30,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    extensions=(WIKI_LINK,),
    empty_article=EmptyArticle.LAYOUT,
    links_by_address=True,
    resolves=frozenset({LinkKind.PATH}),
)
