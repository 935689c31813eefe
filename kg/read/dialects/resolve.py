"""Recognise the dialect of a folder, complete the configuration with it, and find the places of articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import msgspec

from kg.base.config import FILE_NAME, Config, Read
from kg.base.errors import ConfigError
from kg.read.dialects.dialect import Dialect, Place
from kg.read.dialects.registry import dialects, get_dialect
from kg.read.files import find_articles


def resolve_config(root: Path, config: Config, source: Path | None = None) -> Config:
    """Return `config`, completed with the dialect of the folder `root` and with the content folder of this dialect.

    The folders that tools of this dialect generate, such as `_site`, are added to those that `config` excludes.

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
    content = read.content
    if content is None:
        content = dialect.content_folder(root.resolve()) if dialect.content_folder else ""
    content = content.strip("/")
    # If the tool has a content folder but there is none below `root`, then `root` itself is the content folder. In this
    # case generated files are outside of `root`.
    generated = dialect.generated if content or dialect.content_folder is None else ()
    exclude = (*read.exclude, *(folder for folder in generated if folder not in read.exclude))
    return msgspec.structs.replace(
        config, read=msgspec.structs.replace(read, tool=dialect.name, content=content, exclude=exclude)
    )


def recognise(root: Path, read: Read) -> tuple[Dialect, str]:
    """Return the dialect of the folder `root`, and the reason why it has this dialect.

    The tools' own files are looked for first, then the texts of the articles are examined. A folder without a sign of
    any tool is plain.

    Raises:
        UsageError: if `root` is not a readable folder.
    """
    folder = root.resolve()
    for dialect in dialects():
        if reason := dialect.recognise(folder):
            return dialect, reason
    files, _ = find_articles(root, read)
    for dialect in dialects():
        if reason := dialect.recognise_text(folder, files):
            return dialect, reason
    return get_dialect(None), "no sign of another tool is there"


def place(
    path: str, read: Read, *, url: str | None = None, name: str | None = None, categories: Sequence[str] = ()
) -> Place:
    """Return the place of an article: its address, and the title, subject and date that its path tells.

    A file outside the content folder is not a page of the site. It gets the place that it has in a plain folder.

    Args:
        path: path of the article's file, relative to the articles folder, with forward slashes.
        read: the table `[read]` of the configuration, as completed by `resolve_config`.
        url: the address of the article, if the front matter has it.
        name: the last step of the address, if the front matter has it (`slug`).
        categories: the categories in the front matter.
    """
    file = PurePosixPath(path)
    dialect = get_dialect(read.tool)
    if read.content:
        if file.is_relative_to(read.content):
            file = file.relative_to(read.content)
        else:
            dialect = get_dialect(None)
    found = dialect.place(file, name, categories)
    return replace(found, url=url) if url else found
