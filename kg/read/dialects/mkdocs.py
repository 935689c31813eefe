"""MkDocs documentation: pages below the folder that mkdocs.yml names as `docs_dir`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any, Final

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.base.paths import is_folder
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place
from kg.read.dialects.paths import folder_url, prefixed, subject, words
from kg.read.dialects.project import (
    find_file,
    globs_below,
    mapping_at,
    projects,
    read_configuration,
    roots_below,
    text_at,
    where,
)
from kg.read.files import files_below
from kg.read.frontmatter import FrontMatter
from kg.read.globs import matcher
from kg.read.syntax.extension import Extension, omit
from kg.read.syntax.wiki_links import WIKI_LINK

_POSTS: Final = "blog"
_TOKEN = re.compile(r"\{(\w+)\}")
_DATE_PART = re.compile(r"y+|M+|d+")
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


def _configuration(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """Return the mkdocs.yml of the project to which a folder belongs, and its values; None if there is none."""
    for project in projects(folder):
        path = find_file([project], "mkdocs.yml", "mkdocs.yaml")
        if path is None:
            continue
        values = read_configuration(path)
        if parent := text_at(values, "INHERIT"):
            values = read_configuration(path.parent / parent) | values
        roots = _roots(values)
        if is_folder(project / roots[0].folder):
            return (path, values) if roots_below(folder, project, roots) else None
    return None


def _roots(values: Mapping[str, Any]) -> list[ContentRoot]:
    """Return the content roots: `docs_dir`, the posts of the blog, and the folders of languages."""
    docs = (text_at(values, "docs_dir") or "docs").removeprefix("./").strip("/")
    roots = [ContentRoot(folder=docs)]
    plugins = _plugins(values)
    if "blog" in plugins:
        blog = text_at(plugins["blog"], "blog_dir") or "blog"
        posts = (text_at(plugins["blog"], "post_dir") or "{blog}/posts").replace("{blog}", blog)
        roots.append(ContentRoot(folder=f"{docs}/{posts}", prefix=blog.strip("./"), kind=_POSTS))
    if text_at(plugins.get("i18n", {}), "docs_structure") == "folder":
        for language, is_default in _languages(plugins["i18n"]).items():
            prefix = "" if is_default else language
            roots.append(ContentRoot(folder=f"{docs}/{language}", prefix=prefix, language=language))
    return roots


def _plugins(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the plugins of a project and their settings, without the prefix of a theme (`material/blog`)."""
    written = values.get("plugins")
    items = (
        written if isinstance(written, list) else [{name: part} for name, part in mapping_at(values, "plugins").items()]
    )
    found: dict[str, Mapping[str, Any]] = {}
    for item in items:
        for name in item if isinstance(item, Mapping) else [item]:
            found[str(name).rpartition("/")[2]] = mapping_at(item, name) if isinstance(item, Mapping) else {}
    return found


def _languages(plugin: Mapping[str, Any]) -> dict[str, bool]:
    """Return the languages of the plugin mkdocs-static-i18n. Value: whether the language is the default."""
    languages = plugin.get("languages")
    if isinstance(languages, Mapping):  # of older versions
        return {str(name): text_at(plugin, "default_language") == name for name in languages}
    tables = [table for table in languages if isinstance(table, Mapping)] if isinstance(languages, list) else []
    return {text_at(table, "locale") or "": text_at(table, "default") == "true" for table in tables}


def _recognise(folder: Path) -> str | None:
    found = _configuration(folder)
    return where(found[0], folder) if found else None


def _settings(folder: Path) -> ToolSettings:
    found = _configuration(folder)
    if found is None:
        return ToolSettings()
    path, values = found
    plugins, roots = _plugins(values), _roots(values)
    by_suffix = "i18n" in plugins and text_at(plugins["i18n"], "docs_structure") != "folder"
    languages = _languages(plugins["i18n"]) if by_suffix else {}
    blog = plugins.get("blog", {})
    options = {
        "directory_urls": text_at(values, "use_directory_urls") or "",
        "languages": " ".join(languages),
        "default": next((language for language, is_default in languages.items() if is_default), ""),
        "post_url": text_at(blog, "post_url_format") or "",
        "post_date": text_at(blog, "post_url_date_format") or "",
        "post_categories": text_at(blog, "post_url_max_categories") or "",
    }
    excluded = [f"{roots[0].folder}/{glob}" for glob in _excluded(path.parent / roots[0].folder, values)]
    return ToolSettings(
        title=text_at(values, "site_name"),
        site=text_at(values, "site_url"),
        roots=roots_below(folder, path.parent, roots),
        exclude=globs_below(folder, path.parent, [*excluded, (text_at(values, "site_dir") or "site").strip("/")]),
        options=tuple((name, value) for name, value in options.items() if value),
    )


def _excluded(docs: Path, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield globs, relative to the folder of documents, of the files that are not published.

    These are the files that match `exclude_docs`, whose patterns are like those of .gitignore, those that match a glob
    of the plugin mkdocs-exclude, and each README beside an index.md.
    """
    lines = (line.strip() for line in (text_at(values, "exclude_docs") or "").split("\n"))
    patterns = ["/templates/", *(line for line in lines if line and not line.startswith("#"))]
    globs = [(_glob(pattern.removeprefix("!")), pattern.startswith("!")) for pattern in patterns]
    files = sorted(path.relative_to(docs).as_posix() for path in files_below(docs))
    if any(is_kept for _, is_kept in globs):  # the last pattern that a file matches decides
        rules = [(matcher([glob]), is_kept) for glob, is_kept in globs]
        for file in files:
            if not next((is_kept for rule, is_kept in reversed(rules) if rule.fullmatch(file)), True):
                yield file
    else:
        yield from (glob for glob, _ in globs)
    written = _plugins(values).get("exclude", {}).get("glob")
    of_plugin = [str(glob) for glob in (written if isinstance(written, list) else [written]) if glob]
    yield from (file for file in files if any(fnmatchcase(file, glob) for glob in of_plugin))
    indexes = {file for file in files if PurePosixPath(file).name == "index.md"}
    for file in files:
        if PurePosixPath(file).name == "README.md" and str(PurePosixPath(file).with_name("index.md")) in indexes:
            yield file


def _glob(pattern: str) -> str:
    return pattern.strip("/") if "/" in pattern.rstrip("/") else f"**/{pattern.rstrip('/')}"


def _front_matter(matter: FrontMatter, settings: ToolSettings) -> FrontMatter:
    """Use the date of creation if a post of the blog has several dates."""
    dates = matter.values.get("date")
    if not isinstance(dates, Mapping):
        return matter
    created = dates.get("created")
    values = {name: value for name, value in matter.values.items() if name != "date"}
    return replace(matter, values=values | ({"date": created} if created else {}))


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a page.

    `guide/install.md` is at `/guide/install/`, and `guide/index.md` or `guide/README.md` is at `/guide/`. Without
    directory urls, they are at `/guide/install.html` and `/guide/index.html`. A post of the blog is at
    `/blog/2024/01/31/a-title/`.
    """
    file, prefix, language = page.file, page.root.prefix, page.root.language
    stem, _, suffix = file.stem.rpartition(".")
    if stem and suffix in (settings.option("languages") or "").split():
        language = suffix
        prefix = "" if suffix == settings.option("default") else suffix
    else:
        stem = file.stem
    is_index = stem in {"index", "README"}
    steps = file.parent.parts if is_index else (*file.parent.parts, stem)
    title = _title(steps[-1]) if steps else "Home"
    if page.root.kind == _POSTS and page.date:
        steps = tuple(_post_address(page, page.date, stem, settings).split("/"))
    path = prefixed(prefix, steps)
    if settings.option("directory_urls") == "false" and not is_index:
        url = "/" + "/".join(path) + ".html"
    else:
        url = folder_url(path)
    return Place(url, title, subject(file.parts[:-1]), language=language)


def _title(name: str) -> str:
    """Return the title of a page without a title and without a heading at its beginning."""
    title = words(name)
    return title.capitalize() if title.islower() else title


def _post_address(page: Page, date: dt.date, stem: str, settings: ToolSettings) -> str:
    """Return the address of a post, relative to the address of the blog, such as `2024/01/31/a-title`."""
    number = settings.option("post_categories") or "1"
    categories = page.categories[: int(number) if number.isdecimal() else 1]
    values = {
        "date": _DATE_PART.sub(lambda part: _date_part(part[0], date), settings.option("post_date") or "yyyy/MM/dd"),
        "categories": "/".join(map(_slug, categories)),
        "file": stem,
        "slug": page.slug or _slug(page.title or page.heading or stem),
    }
    written = _TOKEN.sub(lambda token: values.get(token[1], token[0]), settings.option("post_url") or "{date}/{slug}")
    return normpath(written.strip("/"))


def _date_part(pattern: str, date: dt.date) -> str:
    """Return a part of a date in the notation of the Unicode consortium, such as `MM` for the month."""
    match pattern[0], len(pattern):
        case "y", 2:
            return f"{date:%y}"
        case "M", 3:
            return f"{date:%b}"
        case "M", 4:
            return f"{date:%B}"
        case sign, length:
            return str({"y": date.year, "M": date.month, "d": date.day}[sign]).zfill(length)


def _slug(text: str) -> str:
    return _NOT_IN_SLUG.sub("", text).strip().lower().replace(" ", "-")


DIALECT = Dialect(
    name="mkdocs",
    title="MkDocs documentation",
    precedence=30,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    only_content=True,
    front_matter=_front_matter,
    extensions=(
        WIKI_LINK,
        Extension("snippet", "-", r"-{1,3}8<-{1,3}[^\n]*"),
        Extension("macro", "{", r"\{\{[^{}\n]*\}\}", omit),
    ),
    empty_article=EmptyArticle.LAYOUT,
    links_by_address=True,
    resolves=frozenset({LinkKind.PATH}),
)
