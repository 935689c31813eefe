"""Addresses, titles and subjects that several dialects derive from a path in the same way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from kg.base.iris import slug

_LANGUAGES: Final = frozenset(
    "af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn "
    "ko lt lv mk ml mn mr ms my nb ne nl nn no pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh".split()
)
"""The languages into which the texts of sites are usually translated."""
_DATED = re.compile(r"(\d{4})[-_.](\d{1,2})[-_.](\d{1,2})(?:[-_ .]+(.*))?", re.DOTALL)


def article_url(file: PurePosixPath) -> str:
    """Return the address of a file that is not a page of a site.

    For example, `drift/Data Drift.md` is at `article/drift/data-drift`.
    """
    return "article/" + "/".join(slug(step) for step in file.with_suffix("").parts)


def folder_url(steps: Sequence[str]) -> str:
    """Return the address, such as `/guide/install/`, of a page that is a folder; `steps` are the names in its path.

    The address of the front page, which has no steps, is `/index.html`.
    """
    return "/" + "".join(f"{step}/" for step in steps) if steps else "/index.html"


def prefixed(prefix: str, steps: Sequence[str]) -> list[str]:
    """Return the steps of the prefix of a content root, followed by the steps of an address."""
    return [*(step for step in prefix.split("/") if step), *steps]


def words(name: str) -> str:
    """Return a file name with single spaces in place of hyphens and underscores."""
    return " ".join(name.replace("-", " ").replace("_", " ").split()) or name


def subject(folders: Sequence[str]) -> str | None:
    """Return the subject of an article: the name of the topmost of its folders, or None if it is in no folder.

    Hyphens inside the name become spaces, unless the name has spaces already.
    """
    if not folders:
        return None
    name = folders[0]
    return name if " " in name else " ".join(name.replace("-", " ").split()) or name


def folder_title(file: PurePosixPath, stem: str) -> str:
    """Return the title that follows from the path of a file: the file's name, or the folder's name for an index file.

    `stem` is the name of the file without its suffix and without a date before it.
    """
    is_index = stem.lower() in {"readme", "index", "_index"} and file.parent.name
    return words(file.parent.name if is_index else stem)


def is_language(name: str) -> bool:
    """Return whether the name of a folder is that of a language, such as `de` or `pt-BR`."""
    language, _, region = name.lower().replace("_", "-").partition("-")
    return language in _LANGUAGES and (not region or region.isalpha())


def dated(stem: str) -> tuple[dt.date | None, str]:
    """Return the date at the beginning of a file's name, and the rest of the name.

    The rest is the whole name if it does not begin with a date, or if it has nothing after the date.

    >>> dated("2024-01-31-frost"), dated("2024-02-30"), dated("frost")
    ((datetime.date(2024, 1, 31), 'frost'), (None, '2024-02-30'), (None, 'frost'))
    """
    found = _DATED.fullmatch(stem)
    if found is None:
        return None, stem
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])), found[4] or stem
    except ValueError:
        return None, stem
