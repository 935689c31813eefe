"""`kg init`: detect the dialect of a folder of articles and its front-matter fields, and write a kg.toml."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from kg.base.config import FILE_NAME, Config, Fields, Read
from kg.base.errors import ConfigError, UsageError
from kg.base.iris import check_site
from kg.base.model import ParsedArticle, Problem
from kg.read.article import read_article
from kg.read.dialects.dialect import Dialect
from kg.read.dialects.registry import dialects
from kg.read.dialects.resolve import recognise, resolve_config
from kg.read.failure import INTERNAL, failure
from kg.read.fields import clean
from kg.read.files import find_articles
from kg.read.frontmatter import FrontMatterError, split

_T = TypeVar("_T")

_MOST: Final = 2_000
"""Maximum number of files that are examined. If a folder has more, a sample is taken evenly from the whole folder."""
_PREVIEWED: Final = 5
"""Maximum number of articles that are shown as they would be read."""

_MORE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "url": ("uri",),
    "id": ("uid", "uuid", "guid"),
    "title": ("headline", "name"),
    "date": ("pubdate", "publishdate", "publish_date", "date_published", "published_at", "created_at", "date_created"),
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

`url` and `title`, for example, are not among them: inside another field, they describe that field's value, such as a
picture, and not the article.
"""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T\s]|$)")


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
class Guess:
    """The guess about how to read a folder.

    Attributes:
        dialect: the dialect of the folder.
        reason: the reason for this dialect, as a phrase for users.
        files: number of articles in the folder.
        looked_at: number of articles that were examined.
        fields: the front-matter fields that were found, one item for each role.
        config: the resulting configuration.
        preview: some articles as they would be read.
        failures: problems of files on which kg failed with an unexpected error.
    """

    dialect: Dialect
    reason: str
    files: int
    looked_at: int
    fields: tuple[FieldGuess, ...]
    config: Config
    preview: tuple[ParsedArticle, ...]
    failures: tuple[Problem, ...] = ()


def write_guess(articles: str | Path, *, force: bool = False) -> tuple[Guess, Path]:
    """Guess how to read a folder of articles, and write a kg.toml into it.

    Args:
        articles: the folder.
        force: whether to replace an existing kg.toml.

    Returns:
        The guess, and the path of the kg.toml.

    Raises:
        UsageError: `articles` is not a folder or has no articles, or a kg.toml exists and `force` is false.
    """
    path = Path(articles) / FILE_NAME
    if path.exists() and not force:
        raise UsageError(f"{path} exists already; replace it with --force")
    guess = look(articles)
    path.write_text(as_toml(guess), encoding="utf-8")
    return guess, path


def look(articles: str | Path) -> Guess:
    """Examine a folder of articles, and return the guess about it. An existing kg.toml is ignored.

    Raises:
        UsageError: `articles` is not a folder, or has no articles.
    """
    root = Path(articles)
    dialect, reason = recognise(root, Read())
    options = resolve_config(root, Config(read=Read(tool=dialect.name))).read
    files, _ = find_articles(root, options)
    if not files:
        raise UsageError(f"{root} has no article in it: no file ends in {' or '.join(options.suffixes)}")
    chosen = _spread(files, _MOST)
    failures: dict[str, Problem] = {}
    counts = Counter(name for file in chosen for name in _names(root, file, failures))
    fields = tuple(guess for role in Fields.__struct_fields__ if (guess := _field(role, counts)) is not None)
    mapping = msgspec.structs.replace(Fields(), **{guess.role: guess.names for guess in fields})
    title, site = _title_and_site(root.resolve(), dialect)
    title = clean(title or root.resolve().name.replace("-", " "))
    config = Config(title=title, site=site, read=options, fields=mapping)
    read: list[ParsedArticle] = []
    for file in _spread(files, _PREVIEWED * 20):
        article, problems = read_article(root, file, config)
        failures |= {problem.file: problem for problem in problems if problem.code == INTERNAL}
        if article is not None:
            read.append(article)
    preview = tuple(_spread(read, _PREVIEWED))
    return Guess(dialect, reason, len(files), len(chosen), fields, config, preview, tuple(failures.values()))


def as_toml(guess: Guess) -> str:
    """Return the guess as the text of a kg.toml with comments."""
    return "\n".join([*_head(guess), "", *_read(guess), "", *_fields(guess), "", *_CONCEPTS]) + "\n"


def _head(guess: Guess) -> Iterator[str]:
    yield "# How `kg build` reads this folder, as `kg init` guessed it. Everything here is optional."
    yield ""
    yield f"title = {_toml(guess.config.title)}"
    yield '# base = "https://graph.example.org/"    # the beginning of every IRI of the graph'
    if guess.config.site:
        yield f"site = {_toml(guess.config.site)}"
    else:
        yield '# site = "https://example.org"           # where the articles are on the web'
    yield '# license = "CC-BY-4.0"                  # licence of the articles: an SPDX identifier or an IRI'


def _read(guess: Guess) -> Iterator[str]:
    options = guess.config.read
    yield "[read]"
    names = ", ".join(dialect.name for dialect in dialects())
    yield f"tool = {_toml(guess.dialect.name)}    # one of {names}; {guess.reason}"
    yield f"content = {_toml(options.content)}    # the folder, below this one, whose paths are the addresses"
    yield f"include = {_toml(options.include)}"
    yield f"exclude = {_toml(options.exclude)}    # globs; hidden files and folders are never read"
    yield "drafts = false"


def _fields(guess: Guess) -> Iterator[str]:
    yield "# Names of front-matter fields by role: the first one that a file has is used."
    yield "[fields]"
    found = {field.role: field for field in guess.fields}
    for role in Fields.__struct_fields__:
        if field := found.get(role):
            yield f"{role} = {_toml(field.names)}    # {said(field, guess.looked_at)}"
        else:
            yield f"# {role} = {_toml(getattr(Fields(), role))}    # not found in any file"


_CONCEPTS: Final = (
    "[concepts]",
    'per_article = "auto"    # or a number: that many of the best concepts of every article',
)


def said(field: FieldGuess, files: int) -> str:
    """Return a phrase that tells for each field how many files have it, such as "3 of 5 files have `tags`".

    `files` is the number of files that were examined.
    """
    counted = zip(field.names, field.counts, strict=True)
    return ", ".join(f"{count:,} of {files:,} files have `{name}`" for name, count in counted)


def _field(role: str, counts: Mapping[tuple[str, str], int]) -> FieldGuess | None:
    """Return the fields that the files have for a role, or None if they have none.

    If no field has one of the names in `Fields`, fields with the names in `_MORE_NAMES` are taken.
    """
    known: tuple[str, ...] = getattr(Fields(), role)
    of_kind: Counter[str] = Counter()
    for (name, kind), count in counts.items():
        if kind in _KINDS[role] and ("." not in name or name in known or role in _MAY_BE_NESTED):
            of_kind[name] += count
    names = [name for name in known if any(_fits(name, written) for written in of_kind)]
    if not names:
        wanted = {name.rpartition(".")[2] for name in known} | set(_MORE_NAMES.get(role, ()))
        others = [name for name in of_kind if _plain(name.rpartition(".")[2]) in wanted]
        names = sorted(others, key=lambda name: ("." in name, -of_kind[name], name))
    totals = {name: max(count for written, count in of_kind.items() if _fits(name, written)) for name in names}
    return FieldGuess(role, tuple(names), tuple(totals.values())) if names else None


def _fits(name: str, written: str) -> bool:
    return written.startswith(name[:-1]) if name.endswith("*") else written == name


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")


_TEXT: Final = frozenset({"text", "date", "flag"})
_KINDS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(Fields.__struct_fields__, frozenset({"text", "date"})),
    "id": _TEXT,
    "date": frozenset({"date"}),
    "authors": frozenset({"text", "list"}),
    "keywords": frozenset({"text", "list"}),
    "categories": frozenset({"text", "list"}),
    "aliases": frozenset({"text", "list"}),
    "links": frozenset({"text", "list", "mapping"}),
    "no_index": frozenset({"flag"}),
    "draft": frozenset({"flag"}),
}
"""Maps each role to the kinds of value that its field may have."""


def _names(root: Path, file: str, failures: dict[str, Problem]) -> set[tuple[str, str]]:
    """Return a pair of a name and a kind of value for each field of a file, including nested fields.

    Fields without a value, and those with a control character in their names, are left out. A file that cannot be read
    has no fields. An unexpected error is added to `failures`, whose keys are files.
    """
    try:
        values = split((root / file).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")).values
    except (OSError, UnicodeDecodeError, FrontMatterError):
        return set()
    except Exception as error:
        failures[file] = failure(file, error)
        return set()
    found = {(name, _kind(value)) for name, value in values.items() if isinstance(name, str)}
    for name, value in values.items():
        if isinstance(value, Mapping) and isinstance(name, str):
            found |= {(f"{name}.{key}", _kind(part)) for key, part in value.items() if isinstance(key, str)}
    return {(name, kind) for name, kind in found if kind and name == clean(name)}


def _kind(value: object) -> str:
    match value:
        case str() if value.strip().lower() in {"true", "false"}:
            return "flag"
        case str() if _DATE.match(value.strip()):
            return "date"
        case str() if value.strip():
            return "text"
        case list() if value:
            return "list"
        case Mapping() if value:
            return "mapping"
        case _:
            return ""


def _title_and_site(folder: Path, dialect: Dialect) -> tuple[str | None, str | None]:
    """Return the title and the address of the site.

    They are read from the configuration file of the dialect's tool, in the folder or beside it.
    """
    if dialect.site is None:
        return None, None
    for place in (folder, folder.parent):
        for name in dialect.site.files:
            try:
                text = (place / name).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            site = "".join((_setting(text, key) or "").rstrip("/") for key in dialect.site.address)
            return _setting(text, dialect.site.title), site if _is_site(site) else None
    return None, None


def _is_site(text: str) -> bool:
    try:
        check_site(text)
    except ConfigError:
        return False
    return True


def _setting(text: str, key: str) -> str | None:
    value = r"""(?:"([^"\n]*)"|'([^'\n]*)'|([^"'#\n]+))"""
    found = re.search(rf"^{key}[ \t]*[:=][ \t]*{value}", text, re.MULTILINE | re.IGNORECASE)
    return next((group.strip() for group in found.groups() if group), None) if found else None


def _spread(items: Sequence[_T], most: int) -> Sequence[_T]:
    """Return at most `most` of the items, taken at even distances."""
    if len(items) <= most:
        return items
    return [items[index * len(items) // most] for index in range(most)]


def _toml(value: object) -> str:
    """Return a string or a tuple of strings in TOML syntax."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value or "", ensure_ascii=False).replace("\x7f", "\\u007f")
