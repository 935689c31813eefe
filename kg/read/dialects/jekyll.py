"""A Jekyll site: posts, whose file names begin with a date, pages and collections."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.base.paths import exists, is_folder
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place
from kg.read.dialects.paths import dated, folder_url, prefixed, subject, words
from kg.read.dialects.project import (
    find_file,
    globs_below,
    mapping_at,
    only_inner,
    read_configuration,
    roots_below,
    text_at,
    where,
)
from kg.read.frontmatter import FrontMatter
from kg.read.syntax.extension import Extension
from kg.read.syntax.template_tags import output_reader
from kg.read.syntax.wiki_links import WIKI_LINK

_CONFIGURATION: Final = ("_config.yml", "_config.yaml", "_config.toml")
_OF_HEXO: Final = "scaffolds"
"""A folder that exists in a Hexo site, but not in a Jekyll site.

Both have the same configuration file and folder of posts.
"""
_ADDRESS = re.compile(
    r"""\{\{-?\s*(?:["']([^"']*)["']\s*\|\s*(?:relative|absolute)_url|site\.(?:baseurl|url))\s*-?\}\}"""
)
"""Matches an output tag with an address. A tag for the address of the site itself has an empty address."""
_TOKEN = re.compile(r":(\w+)")
_POSTS: Final = "posts"
_PAGES: Final = "pages"
_STYLES: Final = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
"""Maps the names of Jekyll's permalink styles to their patterns for posts."""


def _recognise(folder: Path) -> str | None:
    if any(is_folder(path / _OF_HEXO) for path in (folder, *list(folder.parents)[:2])):
        return None
    for sign in (*_CONFIGURATION, "_posts"):
        if exists(folder / sign):
            return f"it has {sign}"
    if folder.name == "_posts":
        return "it is called _posts"
    path = find_file(_inside(folder), *_CONFIGURATION)
    return where(path, folder) if path and not is_folder(path.parent / _OF_HEXO) else None


def _inside(folder: Path) -> Iterator[Path]:
    """Yield the folders inside the articles folder that can contain the configuration."""
    yield folder / "docs"
    inner = only_inner(folder)
    if inner is not None:
        yield inner


def _settings(folder: Path) -> ToolSettings:
    path = find_file([folder, folder.parent, *_inside(folder)], *_CONFIGURATION)
    configuration = read_configuration(path)
    project = path.parent if path else folder
    site, base = text_at(configuration, "url"), (text_at(configuration, "baseurl") or "").strip("/")
    source = (text_at(configuration, "source") or "").strip("./")
    above = "/".join(step for step in (source, (text_at(configuration, "collections_dir") or "").strip("/")) if step)
    roots = [ContentRoot(folder=source)]
    for name, collection in _collections(configuration).items():
        pattern = text_at(collection, "permalink") or ""
        roots.append(ContentRoot(folder=f"{above}/_{name}".lstrip("/"), kind=name, permalink=pattern))
    excluded = configuration.get("exclude")
    globs = [glob.strip("/") for glob in excluded if isinstance(glob, str)] if isinstance(excluded, list) else []
    unpublished = [root for root in roots if root.kind and not _has_pages(configuration, root.kind)]
    globs += (root.folder for root in unpublished)
    return ToolSettings(
        title=text_at(configuration, "title"),
        site=site and f"{site.rstrip('/')}/{base}".rstrip("/"),
        roots=roots_below(folder, project, roots) or (ContentRoot(),),
        exclude=globs_below(folder, project, filter(None, globs)),
        permalinks=tuple(_permalinks(configuration)),
        notes=tuple(
            f"the collection {root.kind} is not read, because the site has no pages of it (output is not true)"
            for root in roots_below(folder, project, unpublished)
        ),
        options=(("base", base),) if base else (),
    )


def _collections(configuration: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the collections of a site and their settings, without the posts."""
    found = configuration.get("collections")
    if isinstance(found, list):
        return {name: {} for name in found if isinstance(name, str) and name != _POSTS}
    tables = mapping_at(configuration, "collections")
    return {str(name): mapping_at(tables, name) for name in tables if name != _POSTS}


def _has_pages(configuration: Mapping[str, Any], collection: str) -> bool:
    return text_at(configuration, "collections", collection, "output") == "true"


def _front_matter(matter: FrontMatter, settings: ToolSettings) -> FrontMatter:
    """Add the field `category`. Like the items of `categories`, it is part of the address of a post."""
    category, more = matter.values.get("category"), matter.values.get("categories")
    if not category:
        return matter
    first = category if isinstance(category, list) else [category]
    others = more if isinstance(more, list) else str(more or "").replace(",", " ").split()
    lines = {"categories": matter.lines.get("category", 1), **matter.lines}
    return replace(matter, values={**matter.values, "categories": [*first, *others]}, lines=lines)


def _permalinks(configuration: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a scope and the pattern for the addresses in it. A scope is a type, a colon and a path."""
    if pattern := text_at(configuration, "permalink"):
        yield ":", pattern
    if pattern := text_at(configuration, "collections", _POSTS, "permalink"):
        yield f"{_POSTS}:", pattern
    defaults = configuration.get("defaults")
    for entry in defaults if isinstance(defaults, list) else []:
        pattern = text_at(entry, "values", "permalink") if isinstance(entry, Mapping) else None
        if pattern:
            scope = [text_at(entry, "scope", name) or "" for name in ("type", "path")]
            yield f"{scope[0]}:{scope[1].strip('/')}", pattern


def _pattern(page: Page, kind: str, settings: ToolSettings) -> tuple[str, bool]:
    """Return the pattern for the address of a page, and whether it is made for pages of this kind.

    The permalink of the whole site is a pattern for posts. For other pages, only its style, such as `pretty`, is used.
    """
    path = f"{page.root.folder}/{page.file}".lstrip("/")
    found = ("", page.root.permalink)
    for scope, pattern in settings.permalinks:
        of_kind, _, below = scope.partition(":")
        is_in_scope = of_kind in {"", kind} and f"{path}/".startswith(below) and len(scope) >= len(found[0])
        if is_in_scope and (scope != ":" or not found[1]):
            found = (scope, pattern)
    return found[1], found[0] not in {"", ":"} or bool(page.root.permalink)


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a page.

    By default, the post `_posts/2024-01-31-title.md` is at `/2024/01/31/title.html`. If it has categories, they precede
    the year. Other pages keep their paths: `about.md` is at `/about.html`, and `setup.md` in the collection `docs` is
    at `/docs/setup.html`. The configuration can have other patterns.
    """
    file, kind = page.file, page.root.kind
    folders = [folder for folder in file.parts[:-1] if folder not in {"_posts", "_drafts"}]
    date, stem = dated(file.stem)
    is_post = date is not None and stem != file.stem and not kind
    pattern, is_own = _pattern(page, _POSTS if is_post else kind or _PAGES, settings)
    if is_post:
        pattern = _STYLES.get(pattern or "date", pattern)
        return Place(_expanded(pattern, page, date, stem), words(stem), subject(folders), date)
    folders = [*([kind] if kind else []), *(folder.removeprefix("_") for folder in folders)]
    title = words(folders[-1] if file.stem == "index" and folders else stem)
    if is_own and pattern not in _STYLES:
        return Place(_expanded(pattern, page, date, stem), title, subject(folders), date)
    steps = prefixed(page.root.prefix, folders)
    if file.stem == "index":
        return Place(folder_url(steps), title, subject(folders))
    steps.append(file.stem)
    is_folder = pattern == "pretty" or (pattern not in _STYLES and pattern.endswith("/"))
    return Place(folder_url(steps) if is_folder else "/" + "/".join(steps) + ".html", title, subject(folders), date)


def _expanded(pattern: str, page: Page, date: dt.date | None, stem: str) -> str:
    """Expand a pattern for addresses, such as `/:categories/:year/:title/`."""
    folders = [folder for folder in page.file.parts[:-1] if folder not in {"_posts", "_drafts"}]
    date = page.date or date or dt.date(1, 1, 1)
    name = re.sub(r"\s+", "-", stem)
    values = {
        "categories": "/".join(_categories(folders, page.categories)),
        "year": f"{date.year}",
        "short_year": f"{date:%y}",
        "month": f"{date.month:02}",
        "i_month": str(date.month),
        "day": f"{date.day:02}",
        "i_day": str(date.day),
        "y_day": f"{date.timetuple().tm_yday:03}",
        "title": page.slug or name,
        "slug": (page.slug or name).lower(),
        "name": name,
        "basename": name,
        "collection": page.root.kind,
        "path": PurePosixPath(*folders, page.file.stem).as_posix(),
        "output_ext": ".html",
    }
    written = _TOKEN.sub(lambda token: values.get(token[1], token[0]), pattern)
    steps = prefixed(page.root.prefix, [step for step in written.split("/") if step])
    if not steps or written.endswith("/") or steps[-1] == "index.html":
        return folder_url([step for step in steps if step != "index.html"])
    return "/" + "/".join(steps)


def _categories(folders: Sequence[str], categories: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(part.strip().lower() for part in (*folders, *categories)))


def _own_address(page: Page, settings: ToolSettings) -> str:
    """Return the address in the front matter, which can be a style or a pattern."""
    pattern = page.url or ""
    if pattern not in _STYLES and not _TOKEN.search(pattern):
        return pattern
    date, stem = dated(page.file.stem)
    return _expanded(_STYLES.get(pattern, pattern), page, date, stem)


def _other_addresses(address: str, root: ContentRoot, settings: ToolSettings) -> Iterator[str]:
    base = settings.option("base")
    if base and address.startswith(f"/{base}/"):
        yield address.removeprefix(f"/{base}")


def _other_paths(address: str, path: str | None, root: ContentRoot, settings: ToolSettings) -> Iterator[str]:
    """Yield an alternative path for a link on a page of a collection.

    There, `/notes/a.md` is relative to the source of the site.
    """
    if address.startswith("/"):
        source = next((one.folder for one in settings.roots if not one.kind), "")
        yield str(PurePosixPath(source, address.lstrip("/")))


DIALECT = Dialect(
    name="jekyll",
    title="a Jekyll site",
    precedence=40,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    front_matter=_front_matter,
    own_address=_own_address,
    other_addresses=_other_addresses,
    other_paths=_other_paths,
    generated=("_includes", "_layouts", "_site", "vendor"),
    draft_folders=frozenset({"_drafts"}),
    extensions=(WIKI_LINK, Extension("output", "{", r"\{\{[^{}]*\}\}", output_reader(_ADDRESS))),
    keywords_end_at_spaces=True,
    empty_article=EmptyArticle.LAYOUT,
    links_by_address=True,
    resolves=frozenset({LinkKind.PATH, LinkKind.REFERENCE}),
)
