"""A Hugo site: pages and page bundles below `content`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place
from kg.read.dialects.paths import folder_url, prefixed, subject, words
from kg.read.dialects.project import find_file, globs_below, projects, read_configuration, roots_below, text_at

_CONFIGURATION: Final = tuple(
    f"{stem}.{suffix}" for stem in ("hugo", "config") for suffix in ("toml", "yaml", "yml", "json")
)
_NOT_IN_ADDRESS = re.compile(r"[^\w.\-+~@]")


def _configuration(folder: Path) -> Path | None:
    """Return the configuration file of the site to which a folder belongs, or None if it belongs to no site."""
    for project in projects(folder):
        path = find_file([project], *_CONFIGURATION)
        if path and any((project / root.folder).is_dir() for root in _roots(path)):
            return path if roots_below(folder, project, _roots(path)) else None
    return None


def _roots(configuration: Path) -> list[ContentRoot]:
    return [ContentRoot(folder=text_at(read_configuration(configuration), "contentDir") or "content")]


def _recognise(folder: Path) -> str | None:
    path = _configuration(folder)
    return f"{path.name} lies {'in it' if path.parent == folder else 'beside it'}" if path else None


def _settings(folder: Path) -> ToolSettings:
    path = _configuration(folder)
    if path is None:
        return ToolSettings()
    configuration = read_configuration(path)
    return ToolSettings(
        title=text_at(configuration, "title"),
        site=text_at(configuration, "baseURL"),
        roots=roots_below(folder, path.parent, _roots(path)),
        exclude=globs_below(folder, path.parent, ("archetypes", "public", "resources/_gen", "themes")),
    )


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a page.

    `posts/My trip.md` is at `/posts/my-trip/`, and so is the bundle `posts/My trip/index.md`.
    """
    file = page.file
    is_bundle = file.stem in {"index", "_index"}
    steps = file.parent.parts if is_bundle else file.with_suffix("").parts
    written = [_NOT_IN_ADDRESS.sub("", re.sub(r"\s+", "-", step)).lower() for step in steps]
    if page.slug and written:
        written[-1] = page.slug
    above = steps if file.stem == "_index" else steps[:-1]
    title = words(steps[-1] if steps else file.stem)
    return Place(folder_url(prefixed(page.root.prefix, written)), title, subject(above))


DIALECT = Dialect(
    name="hugo",
    title="a Hugo site",
    precedence=20,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    empty_article=EmptyArticle.LAYOUT,
    links_by_address=True,
    ignores_case=True,
    resolves=frozenset({LinkKind.PATH, LinkKind.REFERENCE}),
)
