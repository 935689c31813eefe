"""A Hugo site: pages and page bundles below its content folders, in one or more languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath
from typing import Any, Final

import msgspec

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.base.paths import is_folder
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place
from kg.read.dialects.paths import folder_url, prefixed, subject, words
from kg.read.dialects.project import (
    find_file,
    globs_below,
    is_article,
    mapping_at,
    projects,
    read_configuration,
    roots_below,
    text_at,
    where,
)
from kg.read.files import entries, files_below, text_of
from kg.read.frontmatter import FrontMatterError, split
from kg.read.syntax.web_addresses import BARE_ADDRESS

_NAMES: Final = ("hugo", "config")
_SUFFIXES: Final = ("toml", "yaml", "yml", "json")
_CONFIGURATION: Final = tuple(f"{stem}.{suffix}" for stem in _NAMES for suffix in _SUFFIXES)
_FOLDER: Final = "config/_default"
_LIST: Final = "_index"
"""Name of the file with the text of a section's list page."""
_NOT_CONTENT: Final = ("archetypes", "public", "resources/_gen", "themes")
_NOT_IN_ADDRESS = re.compile(r"[^\w.\-+~@/]")
_TAXONOMIES: Final = "tags categories"
"""The default taxonomies. Hugo generates a list page for each of their terms."""
_TOKEN = re.compile(r":(\w+)")


@dataclass(frozen=True, slots=True)
class _Site:
    """The configuration of a site: the folder and the file where it is, and its values. Its keys are in lower case."""

    folder: Path
    file: Path
    values: Mapping[str, Any]

    @property
    def languages(self) -> dict[str, str]:
        """Key: a language of the site. Value: the first step of its addresses; "" for the default language."""
        tables = mapping_at(self.values, "languages")
        default = (text_at(self.values, "defaultcontentlanguage") or next(iter(tables), "en")).lower()
        in_folder = text_at(self.values, "defaultcontentlanguageinsubdir") == "true"
        found = {key.lower(): key.lower() for key in tables if text_at(tables, key, "disabled") != "true"}
        return {default: default if in_folder else ""} | {key: key for key in found if key != default}

    def roots(self) -> list[ContentRoot]:
        """Return the content folders, relative to the folder of the site."""
        prefixes = self.languages
        default = next(iter(prefixes))
        content = text_at(self.values, "contentdir") or "content"
        if mounts := list(self._mounts(default)):
            return mounts
        tables = mapping_at(self.values, "languages")
        own = {key: folder for key in tables if (folder := text_at(tables, key, "contentdir"))}
        roots = [
            _root(folder, prefixes.get(key.lower(), key.lower()), key.lower())
            for key, folder in sorted(own.items(), key=lambda item: item[0].lower() != default)
        ]
        if default not in {key.lower() for key in own}:
            roots.insert(0, _root(content, prefixes[default], default if len(prefixes) > 1 else None))
        return roots

    def _mounts(self, default: str) -> Iterator[ContentRoot]:
        mounts = mapping_at(self.values, "module").get("mounts")
        for mount in mounts if isinstance(mounts, list) else []:
            source, target = (text_at(mount, name) or "" for name in ("source", "target"))
            first, *steps = PurePosixPath(target).parts or ("",)
            if first == "content" and source and not PurePosixPath(source).suffix:
                language = self._language(mount) or default
                prefix = "/".join(step for step in (self.languages.get(language, language), *steps) if step)
                yield _root(source, prefix, language if len(self.languages) > 1 else None)

    def _language(self, mount: Mapping[str, Any]) -> str | None:
        """Return the language of a mount, from `lang` or from the globs in `sites.matrix`."""
        if language := text_at(mount, "lang"):
            return language.lower()
        written = mapping_at(mount, "sites", "matrix").get("languages")
        globs = [str(glob).lower() for glob in (written if isinstance(written, list) else [written])]
        return next((found for found in self.languages if any(fnmatchcase(found, glob) for glob in globs)), None)


def _root(folder: str, prefix: str, language: str | None) -> ContentRoot:
    return ContentRoot(folder=folder.removeprefix("./").strip("/"), prefix=prefix, language=language)


def _site(folder: Path) -> _Site | None:
    """Return the site that contains a folder, or None if there is no such site."""
    for project in projects(folder):
        main = find_file([project], *_CONFIGURATION)
        more = [path for suffix in _SUFFIXES for path in entries(project / _FOLDER) if path.suffix == f".{suffix}"]
        file = main or next(iter(more), None)
        if file is None:
            continue
        values = _lower_keys(read_configuration(main)) if main else {}
        for path in more:
            part = _lower_keys(read_configuration(path))
            name, _, language = path.stem.lower().partition(".")
            if name in _NAMES:
                values |= part
            elif language and name == "languages":
                values[name] = {**mapping_at(values, name), language: part}
            elif not language:
                values[name] = {**mapping_at(values, name), **part}
        site = _Site(project, file, values)
        is_zola = "base_url" in values and "baseurl" not in values
        if not is_zola and any(is_folder(project / root.folder) for root in site.roots()):
            return site if roots_below(folder, project, site.roots()) else None
    return None


def _lower_keys(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with keys in lower case, since Hugo ignores their case."""
    result: dict[str, Any] = {}
    for key, part in value.items():
        if isinstance(part, Mapping):
            part = _lower_keys(part)
        elif isinstance(part, list):
            part = [_lower_keys(item) if isinstance(item, Mapping) else item for item in part]
        result[str(key).lower()] = part
    return result


def _recognise(folder: Path) -> str | None:
    site = _site(folder)
    if site is None:
        return None
    return where(site.file, folder)


def _settings(folder: Path) -> ToolSettings:
    site = _site(folder)
    if site is None:
        return ToolSettings()
    languages = site.languages
    default = mapping_at(site.values, "languages", next(iter(languages)))
    options = {
        "languages": " ".join(languages) if len(languages) > 1 else "",
        "prefixes": " ".join(f"{key}={prefix}" for key, prefix in languages.items()),
        "ugly": text_at(site.values, "uglyurls") or "",
        "keeps_case": text_at(site.values, "disablepathtolower") or "",
    }
    if "taxonomies" in site.values:
        options["taxonomies"] = " ".join(map(str, mapping_at(site.values, "taxonomies").values()))
    roots = roots_below(folder, site.folder, site.roots())
    return ToolSettings(
        title=text_at(default, "title") or text_at(site.values, "title"),
        site=text_at(default, "baseurl") or text_at(site.values, "baseurl"),
        roots=roots,
        exclude=(*globs_below(folder, site.folder, _NOT_CONTENT), *_resources(folder, roots), *_parts(folder, roots)),
        permalinks=tuple(_permalinks(mapping_at(site.values, "permalinks"))),
        options=tuple((name, value) for name, value in options.items() if value and value != "false"),
    )


def _permalinks(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a section and the pattern for the addresses of its pages, such as `posts` and `/:year/:slug/`.

    The pattern for the list of the section has `posts/_index` instead of `posts`.
    """
    of_lists = {f"{name}/{_LIST}": pattern for name, pattern in mapping_at(values, "section").items()}
    for name, pattern in {**values, **mapping_at(values, "page"), **of_lists}.items():
        if isinstance(pattern, str):
            yield name, pattern


def _files_called(name: str, articles: Path, roots: tuple[ContentRoot, ...]) -> list[Path]:
    return [path for root in roots for path in sorted(files_below(articles / root.folder)) if path.name == name]


def _resources(articles: Path, roots: tuple[ContentRoot, ...]) -> Iterator[str]:
    """Yield the Markdown files in the folder of an `index.md` and below. They are resources of its page, not pages."""
    tops = {articles / root.folder for root in roots}
    for index in _files_called("index.md", articles, roots):
        if index.parent in tops:
            continue
        for path in filter(is_article, sorted(files_below(index.parent))):
            if path.stem.partition(".")[0] != "index" or path.parent != index.parent:
                yield path.relative_to(articles).as_posix()


def _parts(articles: Path, roots: tuple[ContentRoot, ...]) -> Iterator[str]:
    """Yield the folders whose `_index.md` says that their files are not published as pages, but are parts of pages."""
    for index in _files_called("_index.md", articles, roots):
        text = text_of(index)
        if "cascade" not in text:
            continue
        try:
            cascade = split(text, below_empty_lines=True).values.get("cascade")
        except FrontMatterError:
            continue
        for values in cascade if isinstance(cascade, list) else [cascade]:
            has_target = isinstance(values, Mapping) and not values.keys().isdisjoint({"target", "_target"})
            if isinstance(values, Mapping) and _is_unpublished(values) and not has_target:
                yield index.parent.relative_to(articles).as_posix()


@lru_cache(maxsize=8)
def _prefixes(settings: ToolSettings) -> dict[str, str]:
    pairs = (settings.option("prefixes") or "").split()
    return {key: prefix for key, _, prefix in (pair.partition("=") for pair in pairs)}


def _stem(name: str, settings: ToolSettings) -> tuple[str, str | None]:
    """Return the name of a file without its suffix, and the language that is a part of the name, as in `a.de.md`."""
    stem, _, language = PurePosixPath(name).stem.rpartition(".")
    if stem and language.lower() in (settings.option("languages") or "").split():
        return stem, language.lower()
    return PurePosixPath(name).stem, None


def _root_of(path: str, root: ContentRoot, settings: ToolSettings) -> ContentRoot:
    """Return the content root of a file, in the language that is a part of the file's name."""
    language = _stem(PurePosixPath(path).name, settings)[1]
    if language is None or language == root.language:
        return root
    prefixes = _prefixes(settings)
    without = root.prefix.removeprefix(prefixes.get(root.language or "", "")).strip("/")
    prefix = "/".join(step for step in (prefixes.get(language, language), without) if step)
    return msgspec.structs.replace(root, prefix=prefix, language=language)


def _translations(path: str, language: str, settings: ToolSettings) -> Iterator[str]:
    file = PurePosixPath(path)
    stem, written = _stem(file.name, settings)
    yield str(file.with_name(f"{stem}.{language}{file.suffix}"))
    if written and language == next(iter(_prefixes(settings)), None):
        yield str(file.with_name(f"{stem}{file.suffix}"))


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a page.

    `posts/My trip.md` is at `/posts/my-trip/`, and so is the bundle `posts/My trip/index.md`. On a site with several
    languages, `posts/My trip.de.md` is at `/de/posts/my-trip/`.
    """
    file, root = page.file, _root_of(page.file.name, page.root, settings)
    stem = _stem(file.name, settings)[0]
    steps = file.parent.parts if stem in {"index", _LIST} else (*file.parent.parts, stem)
    above = steps if stem == _LIST else steps[:-1]
    title = words(steps[-1] if steps else stem)
    patterns = dict(settings.permalinks)
    section = above[0] if above else "/"
    pattern = patterns.get(f"{section}/{_LIST}" if stem == _LIST else section)
    if pattern:
        written = [step for step in _expanded(pattern, page, above, steps).split("/") if step]
    else:
        written = [_step(step, settings) for step in steps]
        if page.slug and written:
            written[-1] = page.slug
    path = prefixed(root.prefix, [step for step in written if step])
    is_ugly = settings.option("ugly") == "true" and stem != _LIST and path
    url = "/" + "/".join(path) + ".html" if is_ugly else folder_url(path)
    return Place(url, title, subject(above), language=root.language, addresses=tuple(_aliases(page, url, settings)))


def _aliases(page: Page, url: str, settings: ToolSettings) -> Iterator[str]:
    """Yield the addresses of the relative aliases. A relative alias begins at the folder that contains the page."""
    above = dirname((_own_address(page, settings) if page.url else url).rstrip("/"))
    for alias in page.aliases:
        if not alias.startswith("/"):
            yield normpath(join("/", above, alias))


def _step(name: str, settings: ToolSettings) -> str:
    step = _NOT_IN_ADDRESS.sub("", re.sub(r"\s+", "-", name)).replace("/", "")
    return step if settings.option("keeps_case") == "true" else step.lower()


def _expanded(pattern: str, page: Page, sections: tuple[str, ...], steps: tuple[str, ...]) -> str:
    """Expand a pattern for addresses, such as `/:year/:month/:slug/`."""
    name = steps[-1] if steps else ""
    title = page.title or name
    date = page.date or dt.date(1, 1, 1)
    values = {
        "year": f"{date:%Y}",
        "month": f"{date:%m}",
        "monthname": f"{date:%B}",
        "day": f"{date:%d}",
        "weekday": f"{date:%w}",
        "weekdayname": f"{date:%A}",
        "yearday": str(date.timetuple().tm_yday),
        "section": sections[0] if sections else "",
        "sections": "/".join(sections),
        "title": title,
        "slug": page.slug or title,
        "filename": name,
        "contentbasename": name,
        "slugorfilename": page.slug or name,
        "slugorcontentbasename": page.slug or name,
    }
    written = _TOKEN.sub(lambda token: values.get(token[1].lower(), token[0]), pattern)
    return _NOT_IN_ADDRESS.sub("", re.sub(r"\s+", "-", written)).lower()


def _own_address(page: Page, settings: ToolSettings) -> str:
    """Return the address in the front matter.

    If it does not begin with a slash, the prefix of the language is put before it.
    """
    url = page.url or ""
    if _TOKEN.search(url):
        url = _expanded(url, page, page.file.parent.parts, page.file.with_suffix("").parts)
    if "://" in url or url.startswith("/"):
        return url
    return "/" + "/".join(prefixed(page.root.prefix, [url]))


def _other_addresses(address: str, root: ContentRoot, settings: ToolSettings) -> Iterator[str]:
    """Yield the address in the language of the page that has the link, then the address as written."""
    prefix = _prefixes(settings).get(root.language or "", "")
    if prefix and not address.startswith(f"/{prefix}/"):
        yield f"/{prefix}{address}"
    yield address


def _other_paths(address: str, path: str | None, root: ContentRoot, settings: ToolSettings) -> Iterator[str]:
    """Yield the path from the top of the content, which Hugo tries if there is no page at the relative path."""
    if not address.startswith(("/", ".")):
        yield f"{root.folder}/{address}".lstrip("/")


def _is_elsewhere(address: str, settings: ToolSettings, exists: Callable[[str], bool]) -> bool:
    """Return whether there is a page without text at an address, or a page in HTML.

    A page without text is the list of a section, or that of a taxonomy, such as `/tags/frost/`.
    """
    if PurePosixPath(address).suffix == ".md":
        return False
    taxonomies = (settings.option("taxonomies") or _TAXONOMIES).split()
    for root in settings.roots:
        below = address.removeprefix(f"/{root.prefix}") if f"{address}/".startswith(f"/{root.prefix}/") else address
        path = f"{root.folder}/{below}".replace("//", "/").strip("/")
        steps = below.strip("/").split("/")
        if steps[0] in taxonomies or (steps[0] and any(exists(f"{path}{end}") for end in ("", ".md", ".html"))):
            return True
    return False


def _left_out(values: Mapping[str, object]) -> str | None:
    return "is not published, as its front matter says; it is left out" if _is_unpublished(values) else None


def _is_unpublished(values: Mapping[str, object]) -> bool:
    """Return whether a front matter, or the part of it that it passes on to other pages, marks pages as unpublished."""
    build = {str(key).lower(): value for key, value in values.items()}
    options = build.get("build", build.get("_build"))
    is_headless = str(build.get("headless")).lower() == "true"
    return is_headless or (isinstance(options, Mapping) and str(options.get("render")).lower() in {"never", "false"})


DIALECT = Dialect(
    name="hugo",
    title="a Hugo site",
    precedence=20,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    matter_below_empty_lines=True,
    only_content=True,
    root_of=_root_of,
    translations=_translations,
    own_address=_own_address,
    other_addresses=_other_addresses,
    other_paths=_other_paths,
    is_elsewhere=_is_elsewhere,
    left_out=_left_out,
    extensions=(BARE_ADDRESS,),
    empty_article=EmptyArticle.LAYOUT,
    links_by_address=True,
    ignores_case=True,
    resolves=frozenset({LinkKind.PATH, LinkKind.REFERENCE}),
)
