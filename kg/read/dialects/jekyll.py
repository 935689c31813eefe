"""A Jekyll site: posts, whose file names begin with a date, pages and collections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kg.base.config import ToolSettings
from kg.base.model import LinkKind
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place
from kg.read.dialects.paths import dated, folder_url, prefixed, subject, words
from kg.read.dialects.project import find_file, read_configuration, text_at
from kg.read.syntax.extension import Extension, Markup, Piece, Target, line_breaks
from kg.read.syntax.wiki_links import WIKI_LINK

_ADDRESS = re.compile(
    r"""\{\{-?\s*(?:["']([^"']*)["']\s*\|\s*(?:relative|absolute)_url|site\.(?:baseurl|url))\s*-?\}\}"""
)


def _recognise(folder: Path) -> str | None:
    for sign in ("_config.yml", "_posts"):
        if (folder / sign).exists():
            return f"it has {sign}"
    return "it is called _posts" if folder.name == "_posts" else None


def _settings(folder: Path) -> ToolSettings:
    path = find_file([folder, folder.parent], "_config.yml", "_config.yaml", "_config.toml")
    configuration = read_configuration(path)
    site = text_at(configuration, "url")
    base = text_at(configuration, "baseurl") or ""
    return ToolSettings(
        title=text_at(configuration, "title"), site=site and f"{site.rstrip('/')}/{base.strip('/')}".rstrip("/")
    )


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a page.

    The post `_posts/2024-01-31-title.md` is at `/2024/01/31/title.html`. If it has categories, they precede the year.
    Other pages keep their paths: `about.md` is at `/about.html`. The name of a collection loses its underscore:
    `_docs/setup.md` is at `/docs/setup.html`.
    """
    file = page.file
    folders = [folder for folder in file.parts[:-1] if folder not in {"_posts", "_drafts"}]
    date, stem = dated(file.stem)
    if date and stem != file.stem:
        first = dict.fromkeys(part.strip().lower() for part in (*folders, *page.categories))
        name = page.slug or re.sub(r"\s+", "-", stem)
        steps = [*first, f"{date.year}", f"{date.month:02}", f"{date.day:02}", name]
        url = "/" + "/".join(prefixed(page.root.prefix, steps)) + ".html"
        return Place(url, words(stem), subject(folders), date)
    folders = [folder.removeprefix("_") for folder in folders]
    if file.stem == "index":
        title = words(folders[-1] if folders else file.stem)
        return Place(folder_url(prefixed(page.root.prefix, folders)), title, subject(folders))
    url = "/" + "/".join(prefixed(page.root.prefix, [*folders, page.slug or file.stem])) + ".html"
    return Place(url, words(file.stem), subject(folders))


def _output(match: re.Match[str]) -> Iterator[Piece]:
    """Read an output tag, such as `{{ "/about/" | relative_url }}`.

    The address in it, if there is one, is the target of a link. The address of the site counts as an empty address. The
    tag itself is not published.
    """
    address = _ADDRESS.fullmatch(match[0])
    target = Target(address[1] or "", LinkKind.PATH, None) if address else None
    yield Markup(match.start(), match.end(), line_breaks(match[0]), target)


DIALECT = Dialect(
    name="jekyll",
    title="a Jekyll site",
    precedence=40,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    generated=("_includes", "_layouts", "_site", "vendor"),
    draft_folders=frozenset({"_drafts"}),
    extensions=(WIKI_LINK, Extension("output", "{", r"\{\{[^{}]*\}\}", _output)),
    keywords_end_at_spaces=True,
    empty_article=EmptyArticle.LAYOUT,
    links_by_address=True,
    resolves=frozenset({LinkKind.PATH, LinkKind.REFERENCE}),
)
