"""Recognise the dialect of a folder, complete the configuration with it, and find the places of articles."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

import msgspec

from kg.base.config import FILE_NAME, Config, ContentRoot, Read, ToolSettings
from kg.base.errors import ConfigError
from kg.base.paths import real_path
from kg.read.dialects.dialect import Dialect, Page, Place
from kg.read.dialects.registry import dialects, get_dialect
from kg.read.files import find_articles
from kg.read.language import language_tag


def resolve_config(root: Path, config: Config, source: Path | None = None) -> Config:
    """Return `config`, completed with the dialect of the folder `root` and with the settings of the folder's tool.

    Files that tools of this dialect generate, such as `_site`, are added to those that `config` excludes.

    Args:
        root: the articles folder.
        config: the configuration as loaded. Values that it has are kept.
        source: the file from which `config` was loaded, for error messages.

    Raises:
        ConfigError: if `config` names a dialect that does not exist.
        UsageError: if `root` is not a readable folder.
    """
    read = config.read
    names = [dialect.name for dialect in dialects()]
    if read.tool is not None and read.tool not in names:
        raise ConfigError(f'{source or FILE_NAME}: read.tool: "{read.tool}" is not one of {", ".join(names)}')
    dialect = recognise(root, read)[0] if read.tool is None else get_dialect(read.tool)
    settings = read.settings if read.settings is not None else dialect.settings(real_path(root))
    if read.content is not None:
        content = read.content.strip("/")
        if all(found.folder != content for found in settings.roots):
            settings = msgspec.structs.replace(settings, roots=(ContentRoot(folder=content),))
    else:
        content = settings.roots[0].folder if settings.roots else ""
    exclude = dict.fromkeys([*read.exclude, *dialect.generated, *settings.exclude])
    return msgspec.structs.replace(
        config,
        read=msgspec.structs.replace(
            read, tool=dialect.name, content=content, exclude=tuple(exclude), settings=settings
        ),
    )


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
    """Return the place of an article: its address, and what else its path tells.

    A file outside the content roots is not a page of the site. It gets the place that it has in a plain folder.

    Args:
        path: path of the article's file, relative to the articles folder, with forward slashes.
        read: the table `[read]` of the configuration, as completed by `resolve_config`.
        page: the fields of the front matter on which the place can depend. Its `file` and `root` are ignored.
    """
    settings = read.settings or ToolSettings()
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
