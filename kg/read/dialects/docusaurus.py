"""A Docusaurus site: documents, blog posts and pages in the folders that docusaurus.config.js names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from os.path import commonpath
from pathlib import Path, PurePosixPath
from posixpath import join, normpath, relpath
from typing import Any, Final

import msgspec

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.base.paths import is_folder
from kg.base.plural import counted
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place
from kg.read.dialects.javascript import read_object
from kg.read.dialects.paths import dated, prefixed, subject, words
from kg.read.dialects.project import find_file, mapping_at, projects, roots_below, text_at, where
from kg.read.files import entries, text_of

_CONFIGURATION: Final = tuple(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs", "mts", "cts"))
_KEYS: Final = (("baseUrl", "presets", "plugins"), ("title", "url"))
"""Keys by which the configuration object is recognised: it has at least one key of each group."""
_CURRENT: Final = "current"

_DOCS: Final = "docs"
_DOCS_WITH_NUMBERS: Final = "docs with numbers"
"""Documents that keep the numbers before their names in their addresses."""
_BLOG: Final = "blog"
_PAGES: Final = "pages"
_FOLDERS: Final = {_DOCS: "docs", _BLOG: "blog", _PAGES: "src/pages"}
_BASES: Final = {_DOCS: "docs", _BLOG: "blog", _PAGES: ""}

_NUMBERED = re.compile(r"(?!\d+[-_.]\d)\d+\s*[-_.]+\s*([^-_.\s].*)", re.DOTALL)
_POST = re.compile(r"(?P<folder>.*)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<text>.*?)(?:/index)?", re.DOTALL)
_GENERATED: Final = {
    _DOCS: re.compile(r"(?:tags|category)(?:/|$)"),
    _BLOG: re.compile(r"(?:tags|page|authors)(?:/|$)|archive$|$"),
    _PAGES: re.compile(r"search$"),
}
"""For each kind of content, matches the addresses of generated pages, relative to the base of the plugin."""
_SCRIPTS: Final = tuple(f"{end}.{suffix}" for end in ("", "/index") for suffix in ("js", "jsx", "ts", "tsx"))
_MAX_NAMES: Final = 3
"""Maximum number of folders that are named in a note to the user."""
_NOWHERE: Final = "/0/1/2/3/4/5/6/7/8/9"
"""Imaginary absolute path of the folder with the site and the articles, for calculations with paths."""


@dataclass(frozen=True, slots=True)
class _Version:
    """A folder from which a plugin makes pages. The documents of one plugin can have several versions.

    Attributes:
        folder: path of the folder, relative to the folder of the site.
        base: the first steps of the addresses of its pages.
        translated: path of the folder with its translations, relative to the folder of a language.
        is_read: whether its pages are read. Pages of old versions are not read.
    """

    folder: str
    base: str
    translated: str
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class _Source:
    """A content root of the site, relative to the folder of the site.

    Attributes:
        root: the content root.
        exclude: globs of files in the root that are not pages.
        original: the folder with the original files, if the files of this root are translations.
    """

    root: ContentRoot
    exclude: tuple[str, ...]
    original: str | None = None


@dataclass(slots=True)
class _Site:
    """What the configuration of a site says about addresses.

    Attributes:
        folder: the folder with the configuration.
        configuration: the literal values in the configuration.
        sources: the folders from which pages are made.
        locales: for each language that has translations, its folder and the first steps of its addresses.
        left_out: folders with pages that are not read, relative to the folder of the site.
        old: the first steps of the addresses of the pages that are not read.
        rewritten: pairs of address prefixes. The first prefix belongs to the last version of documents, the second to
            the next version.
    """

    folder: Path
    configuration: Mapping[str, Any]
    sources: list[_Source]
    locales: dict[str, str]
    left_out: list[str]
    old: list[str]
    rewritten: list[tuple[str, str]]


def _find_site(folder: Path) -> _Site | None:
    """Return the site that contains a folder, or None if there is no such site."""
    for project in projects(folder):
        if path := find_file([project], *_CONFIGURATION):
            site = _read_site(path, folder)
            if roots_below(folder, project, (source.root for source in site.sources)):
                return site
    return None


def _read_site(path: Path, articles: Path) -> _Site:
    """Read the configuration of a site.

    An old version of the documents is read only if it contains the articles folder.
    """
    configuration = read_object(path, _KEYS)
    site = _Site(path.parent, configuration, [], {}, [], [], [])
    default = text_at(configuration, "i18n", "defaultLocale")
    translations = normpath(text_at(configuration, "i18n", "path") or "i18n")
    for name, folder in _locales(site.folder / translations, configuration):
        if name == default:
            site.left_out.append(join(translations, folder))
        else:
            base = text_at(configuration, "i18n", "localeConfigs", name, "baseUrl") or name
            site.locales[join(translations, folder)] = base.strip("/")
    for kind, options in _plugins(configuration):
        given = options.get("exclude")
        exclude = tuple(glob for glob in given if isinstance(glob, str)) if isinstance(given, list) else ("**/_*",)
        shown_kind = _DOCS_WITH_NUMBERS if kind == _DOCS and options.get("numberPrefixParser") == "false" else kind
        for version in _versions(site, kind, options):
            copies = {join(folder, version.translated): base for folder, base in site.locales.items()}
            if not version.is_read and not articles.is_relative_to(site.folder / version.folder):
                site.left_out += [version.folder, *copies]
                site.old.append(version.base)
                continue
            root = ContentRoot(folder=version.folder, prefix=version.base, kind=shown_kind, language=default)
            site.sources.append(_Source(root, exclude))
            for folder, base in copies.items():
                prefix = "/".join(prefixed(base, [version.base] if version.base else []))
                copy = ContentRoot(folder=folder, prefix=prefix, kind=shown_kind, language=base)
                site.sources.append(_Source(copy, exclude, version.folder))
    site.sources = [source for source in site.sources if is_folder(site.folder / source.root.folder)]
    return site


def _locales(folder: Path, configuration: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the languages of a site, each with the name of the folder, below `folder`, that has its translations."""
    names = mapping_at(configuration, "i18n").get("locales")
    folders = [entry.name for entry in entries(folder) if is_folder(entry)]
    for name in names if isinstance(names, list) else folders:
        if isinstance(name, str):
            path = text_at(configuration, "i18n", "localeConfigs", name, "path") or name
            if path in folders:
                yield name, path


def _plugins(configuration: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the kind and the options of each plugin that makes pages. Plugins of the preset come first.

    If the configuration does not say which presets there are, the usual one is assumed.
    """
    presets = configuration.get("presets")
    for _, options in _named(presets if isinstance(presets, list) else ["classic"]):
        for kind in (_DOCS, _BLOG, _PAGES):
            given = options.get(kind)
            if given != "false":
                yield kind, given if isinstance(given, Mapping) else {}
    plugins = configuration.get("plugins")
    for name, options in _named(plugins if isinstance(plugins, list) else []):
        for kind in (_DOCS, _BLOG, _PAGES):
            if name.endswith(f"content-{kind}") or (kind == _BLOG and _BLOG in name and "path" in options):
                yield kind, options


def _named(written: list[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name and the options of each plugin or preset in a list of the configuration."""
    for entry in written:
        name, options = (*entry, {}, {})[:2] if isinstance(entry, list) else (entry, {})
        if isinstance(name, str):
            yield name, options if isinstance(options, Mapping) else {}


def _versions(site: _Site, kind: str, options: Mapping[str, Any]) -> Iterator[_Version]:
    """Yield the folders of which a plugin makes pages.

    If documents have versions, the addresses of the last version have no name of a version. Apart from it, only the
    next version, which is still being written, is read.
    """
    given = options.get("routeBasePath")
    base = given.strip("/") if isinstance(given, str) else _BASES[kind]
    folder = normpath(text_at(options, "path") or _FOLDERS[kind])
    identity = text_at(options, "id") or "default"
    plugin = f"docusaurus-plugin-content-{kind}" + ("" if identity == "default" else f"-{identity}")
    if kind != _DOCS:
        yield _Version(folder, base, plugin)
        return
    before = "" if identity == "default" else f"{identity}_"
    names = [] if options.get("disableVersioning") == "true" else _version_names(site.folder, before)
    only = options.get("onlyIncludeVersions")
    listed = [name for name in names if not isinstance(only, list) or name in only]
    last = text_at(options, "lastVersion") or next(iter(listed), _CURRENT)
    for name in dict.fromkeys([_CURRENT, *names]):
        usual = "" if name == last else "next" if name == _CURRENT else name
        step = text_at(options, "versions", name, "path") or usual
        steps = "/".join(prefixed(base, prefixed(step, [])))
        if name == _CURRENT:
            if steps != base:
                site.rewritten.append((base, steps))
            yield _Version(folder, steps, f"{plugin}/{_CURRENT}")
        else:
            below = f"version-{name}"
            yield _Version(f"{before}versioned_docs/{below}", steps, f"{plugin}/{below}", is_read=name == last)


def _version_names(site: Path, before: str) -> list[str]:
    """Return the names of the versions, newest first, then the names of folders that the list of versions lacks."""
    folder = site / f"{before}versioned_docs"
    try:
        listed = json.loads(text_of(site / f"{before}versions.json"))
    except (ValueError, RecursionError):
        return []
    found = [entry.name.removeprefix("version-") for entry in entries(folder) if is_folder(entry)]
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    return [*(name for name in names if name in found), *sorted(set(found) - set(names))] if names else []


def _recognise(folder: Path) -> str | None:
    site = _find_site(folder)
    if site is None:
        return None
    path = find_file([site.folder], *_CONFIGURATION)
    return where(path, folder) if path else None


def _settings(folder: Path) -> ToolSettings:
    site = _find_site(folder)
    if site is None:
        return ToolSettings()
    shared = Path(commonpath((folder, site.folder)))
    folders = {
        name: path.relative_to(shared).as_posix() for name, path in (("articles", folder), ("site", site.folder))
    }
    from_site = partial(_from_site, options=folders)
    read = [(source, root) for source in site.sources for root in roots_below(folder, site.folder, [source.root])]
    exclude = [from_site(name) for name in ("build", "static", *site.left_out)]
    exclude += [join(root.folder, glob) for source, root in read for glob in source.exclude]
    options = [*folders.items(), *_options(folder, site, read, from_site)]
    old = [from_site(name) for name in site.left_out if "version-" in name and is_folder(site.folder / name)]
    url, base = text_at(site.configuration, "url"), text_at(site.configuration, "baseUrl") or "/"
    return ToolSettings(
        title=text_at(site.configuration, "title"),
        site=url and url.rstrip("/") + "/" + base.strip("/"),
        roots=tuple(msgspec.structs.replace(root, prefix=source.root.prefix) for source, root in read),
        exclude=tuple(glob for glob in exclude if not glob.startswith("../")),
        options=tuple(dict.fromkeys(options)),
        notes=_notes([name for name in old if not name.startswith("../")]),
    )


def _options(
    folder: Path, site: _Site, read: list[tuple[_Source, ContentRoot]], from_site: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Yield the settings, besides the content roots, that the addresses of a site depend on.

    Args:
        folder: the articles folder.
        site: the site.
        read: the sources of the site that are read. Each is given in two forms: as written in the configuration, and
            relative to the articles folder.
        from_site: function that converts a path relative to the site into a path relative to the articles folder.
    """
    yield "base", text_at(site.configuration, "baseUrl") or "/"
    if slash := text_at(site.configuration, "trailingSlash"):
        yield "trailing slash", slash
    for source, root in read:
        if root.prefix != source.root.prefix:
            yield "inside", folder.relative_to(normpath(site.folder / source.root.folder)).as_posix()
        if source.original is not None:
            yield "original", f"{root.folder}:{from_site(source.original)}"
    read_bases = [source.root.prefix for source, _ in read]
    for source in site.sources:
        if all(source is not other for other, _ in read):
            yield "elsewhere", source.root.prefix
        yield _DOCS if source.root.kind == _DOCS_WITH_NUMBERS else source.root.kind, source.root.prefix
        if source.root.kind == _PAGES:
            yield "scripts", source.root.folder
    yield from (("locale", base) for base in site.locales.values())
    yield from (("elsewhere", base) for base in site.old)
    for last, step in site.rewritten:
        if last not in read_bases and step in read_bases:
            yield "next", f"{last}:{step}"


def _notes(left_out: list[str]) -> tuple[str, ...]:
    if not left_out:
        return ()
    named = ", ".join(left_out[:_MAX_NAMES]) + (", ..." if len(left_out) > _MAX_NAMES else "")
    are = "is" if len(left_out) == 1 else "are"
    return (f"{counted(len(left_out), 'folder')} with old versions of the documentation {are} left out ({named})",)


def _from_site(path: str, options: Mapping[str, str]) -> str:
    """Convert a path relative to the folder of the site into a path relative to the articles folder.

    `options` has the paths of both folders, relative to a folder that contains both.
    """
    site = join(_NOWHERE, options.get("site", "."))
    found = relpath(normpath(join(site, path)), normpath(join(_NOWHERE, options.get("articles", "."))))
    return "" if found == "." else found


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a page; its address follows from its kind, and begins with the prefix of its content root."""
    inside = settings.option("inside")
    file = PurePosixPath(inside, page.file) if inside and not page.root.folder else page.file
    match page.root.kind:
        case "blog":
            place = _post(page, file)
        case "pages":
            place = _page(page, file)
        case kind:
            place = _document(page, file, str if kind == _DOCS_WITH_NUMBERS else _without_number)
    steps = prefixed(page.root.prefix, prefixed(place.url, []))
    written = "/" if place.url.endswith("/") else ""
    ending = {"true": "/", "false": ""}.get(settings.option("trailing slash") or "", written)
    return replace(place, url="/" + "/".join(steps) + ending if steps else "/index.html")


def _document(page: Page, file: PurePosixPath, shown: Callable[[str], str]) -> Place:
    """Return the place of a document, with an address without the prefix of its content root.

    The pages `index.md`, `README.md` and `guides/guides.md` are at the address of their folder.

    Args:
        page: the page.
        file: path of its file.
        shown: function that converts the name of a file or folder into a step of an address.
    """
    folders = [shown(step) for step in file.parent.parts]
    name = page.id or shown(file.stem)
    is_index = file.stem.lower() in {"index", "readme", file.parent.name.lower()}
    if page.slug and page.slug.startswith("/"):
        url = page.slug
    elif is_index and not page.slug:
        url = "/" + "".join(f"{step}/" for step in folders)
    else:
        url = normpath(join("/", *folders, page.slug or name)) + ("/" if (page.slug or "").endswith("/") else "")
    return Place(url, words(folders[-1] if is_index and folders else name), subject(folders))


def _without_number(name: str) -> str:
    """Return a name without the number for sorting before it: "intro" for "01-intro". "1.2-a" is unchanged."""
    found = _NUMBERED.fullmatch(name)
    return found[1] if found else name


def _post(page: Page, file: PurePosixPath) -> Place:
    """Return the place of a blog post, such as `2024-01-31-frost.md` or `2024/01/31/frost/index.md`."""
    name = file.with_suffix("").as_posix()
    found = _POST.fullmatch(name)
    date = None
    if found:
        date, _ = dated(found["date"].replace("/", "-"))
        text = found["text"]
        url = "/".join(("", found["date"].replace("-", "/"), found["folder"] + text))
    else:
        text = name.removesuffix("/index")
        url = f"/{text}"
    title = words(text.rpartition("/")[2] or file.stem)
    return Place(page.slug or url, title, words(page.root.prefix.rpartition("/")[2]), date)


def _page(page: Page, file: PurePosixPath) -> Place:
    """Return the place of a page that is neither a document nor a blog post."""
    folders = file.parent.parts
    is_index = file.stem.lower() == "index"
    url = "/" + "".join(f"{step}/" for step in folders) + ("" if is_index else file.stem)
    return Place(page.slug or url, words(folders[-1] if is_index and folders else file.stem), subject(folders))


def _values(settings: ToolSettings, name: str) -> Iterator[str]:
    return (value for key, value in settings.options if key == name)


def _other_addresses(address: str, root: ContentRoot, settings: ToolSettings) -> Iterator[str]:
    """Yield the addresses that a link to an address can mean, in the order in which Docusaurus looks for them.

    A link on a translated page leads to a translated page or, if there is none, to the original. An address in the last
    version of documents leads to the next version if only the next version is in the articles folder.
    """
    base = (settings.option("base") or "").strip("/")
    without_base = _without(address, base) or address
    bases = [locale for locale in _values(settings, "locale") if locale]
    own = next((locale for locale in bases if _without(root.prefix, locale) is not None), None)
    original = next((found for locale in bases if (found := _without(without_base, locale))), None)
    translated = f"/{own}{without_base}" if own and original is None else None
    for found in (translated, address, without_base, original):
        if found is not None:
            yield found
            for pair in _values(settings, "next"):
                last, _, step = pair.partition(":")
                if (below := _without(found, last)) is not None:
                    yield f"/{step}{below}"


def _without(address: str, base: str) -> str | None:
    """Return an address without the steps `base` at its beginning, or None if it does not begin with them."""
    steps = "/" + address.strip("/") + "/"
    if not steps.startswith(f"/{base}/" if base else "/"):
        return None
    return "/" + address.lstrip("/")[len(base) :].lstrip("/")


def _other_paths(address: str, path: str | None, root: ContentRoot, settings: ToolSettings) -> Iterator[str]:
    """Yield alternative paths for a link to a file, in addition to the path relative to the linking file.

    If a file has no translation, the original is meant. Unless the path begins with `./` or `../`, it can also be
    relative to the content root or to the folder of the site.
    """
    if not re.search(r"\.mdx?$", address, re.IGNORECASE):
        return
    folder, _, original = next(
        (pair.partition(":") for pair in _values(settings, "original") if pair.startswith(f"{root.folder}:")),
        ("", "", ""),
    )
    if original and path and path.startswith(f"{folder}/"):
        yield join(original, path[len(folder) + 1 :])
    if not address.startswith(("./", "../")):
        below = address.lstrip("/")
        yield join(root.folder, below)
        if original:
            yield join(original, below)
        yield _from_site(below, dict(settings.options))


def _written_out(address: str, settings: ToolSettings) -> str:
    """Return an address that begins with `@site/` as a path that is relative to the articles folder."""
    if not address.startswith("@site/"):
        return address
    return "~/" + _from_site(address.removeprefix("@site/"), dict(settings.options))


def _is_elsewhere(address: str, settings: ToolSettings, exists: Callable[[str], bool]) -> bool:
    """Return whether Docusaurus publishes something other than an article at an address.

    These are the lists of posts and tags, pages written in JavaScript, files that are published as they are, and pages
    of folders that are not read, such as old versions.
    """
    from_site = partial(_from_site, options=dict(settings.options))
    for locale in ("", *_values(settings, "locale")):
        below = _without(_without(address, (settings.option("base") or "").strip("/")) or address, locale)
        if below is None:
            continue
        if _longest(below, _values(settings, "elsewhere")) > _longest(below, (root.prefix for root in settings.roots)):
            return True
        if any(exists(from_site(f"static{below}{end}")) for end in ("", ".html", "/index.html")):
            return True
        for kind, pattern in _GENERATED.items():
            for base in _values(settings, kind):
                found = _without(below, base)
                if found is not None and pattern.match(found.strip("/")):
                    return True
        for folder in _values(settings, "scripts"):
            page = join(folder, below.strip("/"))
            if any(exists(from_site(page + end)) for end in _SCRIPTS):
                return True
    return False


def _longest(address: str, bases: Iterable[str]) -> int:
    """Return the length of the longest of `bases` that is a prefix of an address; -1 if there is none."""
    return max((len(base) for base in bases if _without(address, base) is not None), default=-1)


DIALECT = Dialect(
    name="docusaurus",
    title="a Docusaurus site",
    precedence=15,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    only_content=True,
    extensions=(),
    is_mdx=lambda text: True,
    empty_article=EmptyArticle.LAYOUT,
    links_by_address=True,
    resolves=frozenset({LinkKind.PATH}),
    other_addresses=_other_addresses,
    other_paths=_other_paths,
    written_out=_written_out,
    is_elsewhere=_is_elsewhere,
)
