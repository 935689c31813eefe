"""Guess how to read a folder of articles: its dialect, its title and address, and the meaning of its fields.

`kg init` writes the guess into a kg.toml. Without a kg.toml, a build uses the guess as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from kg.base.config import Config, Fields, Read
from kg.base.errors import ConfigError
from kg.base.iris import check_site
from kg.base.model import Problem
from kg.base.paths import real_path
from kg.read.dates import read_date
from kg.read.dialects.dialect import Dialect
from kg.read.dialects.resolve import recognise, resolve_config
from kg.read.failure import failure
from kg.read.fields import clean, is_empty
from kg.read.files import find_articles, spread
from kg.read.frontmatter import FrontMatter, FrontMatterError, split
from kg.read.language import language_tag

_MOST: Final = 250
"""Maximum number of files that are examined. If a folder has more, a sample is taken evenly from the whole folder."""
_SHARE_ON_SITE: Final = 0.8
"""If at least this share of the examined articles have a url on the same host, this is the host of the site."""

_MORE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "url": ("uri",),
    "id": ("uid", "uuid", "guid"),
    "title": ("headline", "name"),
    "authors": ("writer", "by", "byline"),
    "language": ("locale",),
    "subject": ("section", "topic", "area"),
    "keywords": ("topics", "page_keywords", "labels", "subjects"),
    "answer": ("content", "text", "body"),
    "links": ("related_posts", "related_pages", "related_notes", "see_also", "seealso", "see"),
    "draft": ("wip", "unfinished"),
}
"""Maps roles, such as "keywords", to names that fields for this role often have, such as "topics".

The names in `kg.base.config.Fields` are not repeated here. The names are in lower case with underscores.
"""
_MAY_BE_NESTED: Final = frozenset({"authors", "date", "keywords", "language", "subject"})
"""Roles whose value may be in a nested field, that is, in a field inside another field.

`url` and `title`, for example, are not among these roles: inside another field, they describe a part such as a picture,
and not the article.
"""


@dataclass(frozen=True, slots=True)
class FieldGuess:
    """The front-matter fields that were found for a role of `kg.base.config.Fields`, such as "title".

    The fields are in the order in which they are tried.

    `counts` has, for each field in `names`, the number of files with it.
    """

    role: str
    names: tuple[str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FolderGuess:
    """The guess about how to read a folder.

    Attributes:
        dialect: the dialect of the folder.
        reason: the reason for this dialect, as a phrase for users.
        files: paths of the articles, relative to the folder.
        looked_at: number of articles that were examined.
        fields: the front-matter fields that were found, one item for each role that has a field.
        config: the guessed configuration. It is not completed by `resolve_config`.
        failures: problems of files on which kg failed with an unexpected error. Key: the path of the file.
    """

    dialect: Dialect
    reason: str
    files: list[str]
    looked_at: int
    fields: tuple[FieldGuess, ...]
    config: Config
    failures: dict[str, Problem]


def guess_folder(root: Path) -> FolderGuess:
    """Examine the articles folder `root`, and return the guess about it. A kg.toml is ignored.

    Raises:
        UsageError: `root` is not a readable folder.
    """
    dialect, reason = recognise(root, Read())
    options = resolve_config(root, Config(read=Read(tool=dialect.name))).read
    files, _ = find_articles(root, options)
    failures: dict[str, Problem] = {}
    matters = [_front_matter(root, file, failures) for file in spread(files, _MOST)]
    counts = Counter(name for matter in matters for name in _names(matter))
    fields = tuple(guess for role in Fields.__struct_fields__ if (guess := _field(role, counts)) is not None)
    settings = options.settings
    config = Config(
        title=clean((settings and settings.title) or real_path(root).name.replace("-", " ")),
        site=(settings and _web_address(settings.site)) or _site_of(matters),
        read=msgspec.structs.replace(options, settings=None),
        fields=msgspec.structs.replace(Fields(), **{guess.role: guess.names for guess in fields}),
    )
    return FolderGuess(dialect, reason, files, len(matters), fields, config, failures)


def _field(role: str, counts: Mapping[tuple[str, str], int]) -> FieldGuess | None:
    """Return the fields that the files have for a role, or None if they have none.

    If no field has one of the names in `Fields`, fields with the names in `_MORE_NAMES` are used.
    """
    known: tuple[str, ...] = getattr(Fields(), role)
    of_kind: Counter[str] = Counter()
    for (name, kind), count in counts.items():
        if kind in _KINDS[role] and ("." not in name or name in known or role in _MAY_BE_NESTED):
            of_kind[name] += count
    names = list(known) if any(_fits(name, written) for name in known for written in of_kind) else []
    if not names:
        wanted = {name.rpartition(".")[2] for name in known} | set(_MORE_NAMES.get(role, ()))
        others = [name for name in of_kind if _plain(name.rpartition(".")[2]) in wanted]
        names = sorted(others, key=lambda name: ("." in name, -of_kind[name], name))
    counted = [max((count for written, count in of_kind.items() if _fits(name, written)), default=0) for name in names]
    return FieldGuess(role, tuple(names), tuple(counted)) if names else None


def _fits(name: str, written: str) -> bool:
    return written.startswith(name[:-1]) if name.endswith("*") else written == name


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")


_YEAR = re.compile(r"\d{4}")
"""Matches a part of every date that `read_date` accepts.

It is a quick test, since `read_date` is slow and most texts are not dates.
"""
_TEXT: Final = frozenset({"text", "date", "flag"})
_KINDS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(Fields.__struct_fields__, frozenset({"text", "date"})),
    "id": _TEXT,
    "date": frozenset({"date"}),
    "authors": frozenset({"text", "list"}),
    "keywords": frozenset({"text", "list"}),
    "categories": frozenset({"text", "list"}),
    "aliases": frozenset({"text", "list"}),
    "redirects": frozenset({"text", "list"}),
    "links": frozenset({"text", "list", "mapping"}),
    "no_index": frozenset({"flag"}),
    "draft": frozenset({"flag"}),
}
"""Maps each role to the kinds of value that its field may have."""


def _front_matter(root: Path, file: str, failures: dict[str, Problem]) -> FrontMatter:
    """Return the front matter of a file; it is empty if it cannot be read. Add an unexpected error to `failures`."""
    try:
        return split((root / file).read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError, FrontMatterError):
        return FrontMatter()
    except Exception as error:
        failures[file] = failure(file, error)
        return FrontMatter()


def _names(matter: FrontMatter) -> set[tuple[str, str]]:
    """Return a pair of a name and a kind of value for each field of a file, including nested fields.

    Fields without a value are left out.
    """
    values = matter.values
    found = {(name, _kind(value)) for name, value in values.items() if isinstance(name, str)}
    for name, value in values.items():
        if isinstance(value, Mapping) and isinstance(name, str):
            parts = ((key, part) for key, part in value.items() if isinstance(key, str))
            found |= {(f"{name}.{key}", _kind(part)) for key, part in parts if not _is_of_code(key, part)}
    return {(name, kind) for name, kind in found if kind and name == clean(name)}


def _is_of_code(name: str, value: object) -> bool:
    """Return whether a nested field is a programming language, as `language: python` in a notebook's `kernelspec`."""
    is_language = _plain(name) in {*Fields().language, *_MORE_NAMES["language"]}
    return is_language and isinstance(value, str) and language_tag(value)[0] is None


def _kind(value: object) -> str:
    match value:
        case str() if value.strip().lower() in {"true", "false"}:
            return "flag"
        case str() if is_empty(value):
            return ""
        case str():
            return "date" if _is_date(value) else "text"
        case list() if value:
            return "list"
        case Mapping() if value:
            return "mapping"
        case _:
            return ""


def _is_date(text: str) -> bool:
    if not _YEAR.search(text):
        return False
    try:
        read_date(text)
    except ValueError:
        return False
    return True


def _site_of(matters: Iterable[FrontMatter]) -> str | None:
    """Return the address of the site if almost all articles have a url of their own on the same host."""
    urls = [next((url for name in Fields().url if isinstance(url := m.values.get(name), str)), "") for m in matters]
    found = [urlsplit(url) for url in urls if re.match(r"https?://[\w.-]+/", url)]
    hosts = Counter(f"{url.scheme}://{url.netloc}" for url in found)
    site, count = max(hosts.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    paths = {url.path for url in found if f"{url.scheme}://{url.netloc}" == site}
    return site if count and len(paths) == count >= _SHARE_ON_SITE * len(urls) else None


def _web_address(site: str | None) -> str | None:
    try:
        return check_site(site).rstrip("/") if site else None
    except ConfigError:
        return None
