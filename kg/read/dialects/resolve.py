"""Recognise the dialect of a folder, complete the configuration with it, and find the places of articles."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

import msgspec

from kg.base.config import FILE_NAME, Config, ContentRoot, Read, ToolSettings
from kg.base.errors import ConfigError
from kg.base.paths import is_folder, real_path
from kg.read.dialects.dialect import Dialect, Page, Place
from kg.read.dialects.project import roots_below
from kg.read.dialects.registry import dialects, get_dialect
from kg.read.files import find_articles
from kg.read.language import language_tag

_OF_DATE = re.compile(r":(?:year|month|day|week|y_day|short_year|i_)", re.IGNORECASE)


def resolve_config(root: Path, config: Config, source: Path | None = None) -> Config:
    """Return `config`, completed with the dialect of the folder `root` and with the settings of the folder's tool.

    Files that tools of this dialect generate, such as `_site`, are also excluded.

    Args:
        root: the articles folder.
        config: the configuration as loaded. Values that it has are kept.
        source: the file from which `config` was loaded, for error messages.

    Raises:
        ConfigError: if `config` names a dialect or a content folder that does not exist.
        UsageError: if `root` is not a readable folder.
    """
    read = config.read
    names = [dialect.name for dialect in dialects()]
    if read.tool is not None and read.tool not in names:
        raise ConfigError(f'{source or FILE_NAME}: read.tool: "{read.tool}" is not one of {", ".join(names)}')
    dialect = recognise(root, read)[0] if read.tool is None else get_dialect(read.tool)
    settings = read.settings if read.settings is not None else _settings(root, dialect, config, source)
    content = settings.roots[0].folder if settings.roots else ""
    exclude = dict.fromkeys([*read.exclude, *dialect.generated, *settings.exclude])
    return msgspec.structs.replace(
        config,
        read=msgspec.structs.replace(
            read, tool=dialect.name, content=content, exclude=tuple(exclude), settings=settings
        ),
    )


def _settings(root: Path, dialect: Dialect, config: Config, source: Path | None) -> ToolSettings:
    """Return the settings of the folder's tool, with the content folder that `config` names, if it names one.

    If kg.toml is in a folder above the articles folder, it may also name the articles folder or a folder around it.

    Raises:
        ConfigError: there is no such folder.
    """
    folder = real_path(root)
    settings = msgspec.structs.replace(dialect.settings(folder), only_content=dialect.only_content)
    content = (config.read.content or "").strip("/")
    if config.read.content is None or any(found.folder == content for found in settings.roots):
        return settings
    if is_folder(folder / content):
        return msgspec.structs.replace(settings, roots=(ContentRoot(folder=content),))
    outer = real_path(source.parent) if source else folder
    if is_folder(outer / content) and roots_below(folder, outer, [ContentRoot(folder=content)]):
        return settings
    raise ConfigError(f'{source or FILE_NAME}: read.content: {root} has no folder "{content}"')


def recognise(root: Path, read: Read) -> tuple[Dialect, str]:
    """Return the dialect of the folder `root`, and the reason why it has this dialect.

    The tools' own files are looked for first, then the texts of the articles are examined. A folder without a sign of
    any tool is plain.

    Raises:
        UsageError: if `root` is not a readable folder.
    """
    folder = real_path(root)
    for dialect in dialects():
        if reason := dialect.recognise(folder):
            return dialect, reason
    files, _ = find_articles(root, read)
    for dialect in dialects():
        if reason := dialect.recognise_text(folder, files):
            return dialect, reason
    return get_dialect(None), "no sign of another tool is there"


def place(path: str, read: Read, page: Page | None = None) -> Place:
    """Return the place of an article: its address, and the metadata that follow from its path.

    A file outside the content roots is not a page of the site. It gets the place that it has in a plain folder.

    Args:
        path: path of the article's file, relative to the articles folder, with forward slashes.
        read: the table `[read]` of the configuration, as completed by `resolve_config`.
        page: the fields of the front matter on which the place can depend. Its `file` and `root` are ignored. If None,
            they are not known, and patterns with dates are not used for the address.
    """
    settings = read.settings or ToolSettings()
    if page is None:
        known = tuple((section, pattern) for section, pattern in settings.permalinks if not _OF_DATE.search(pattern))
        settings = msgspec.structs.replace(settings, permalinks=known)
    root = content_root(path, read)
    dialect = get_dialect(read.tool if root is not None else None)
    root = root or ContentRoot()
    file = PurePosixPath(path).relative_to(root.folder)
    page = replace(page or Page(file=file), file=file, root=root)
    found = dialect.place(page, settings)
    language, _ = language_tag(found.language or root.language or "")
    url = dialect.own_address(page, settings) if page.url and dialect.own_address else found.url
    return replace(found, url=url, language=language)


def content_root(path: str, read: Read) -> ContentRoot | None:
    """Return the content root of a file, or None if the file is in none.

    If content roots are inside each other, the innermost one that contains the file is its content root.
    """
    settings = read.settings or ToolSettings()
    for root in _innermost_first(settings):
        if not root.folder or path.startswith(f"{root.folder}/"):
            return get_dialect(read.tool).root_of(path, root, settings)
    return None


@lru_cache(maxsize=8)
def _innermost_first(settings: ToolSettings) -> tuple[ContentRoot, ...]:
    return tuple(sorted(settings.roots, key=lambda root: -len(root.folder)))
