"""`kg init`: guess how to read a folder of articles, and write a kg.toml."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.base.config import FILE_NAME, Config, Fields
from kg.base.errors import UsageError
from kg.base.model import ParsedArticle, Problem
from kg.read.article import read_article
from kg.read.dialects.dialect import Dialect
from kg.read.dialects.registry import dialects
from kg.read.dialects.resolve import resolve_config
from kg.read.failure import INTERNAL
from kg.read.files import spread
from kg.read.guess import FieldGuess, guess_folder

_PREVIEWED: Final = 5
"""Maximum number of articles in the preview, which shows the user how a build would read them."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The guess about how to read a folder.

    Attributes:
        dialect: the dialect of the folder (the conventions of the tool that manages it).
        reason: the reason why this dialect was chosen, as a phrase for users.
        files: number of articles in the folder.
        looked_at: number of articles that were examined.
        fields: the front-matter fields that were found, one item for each role, such as "title".
        config: the guessed configuration.
        preview: some articles, as a build with this configuration would read them.
        failures: problems of files on which kg failed with an unexpected error.
    """

    dialect: Dialect
    reason: str
    files: int
    looked_at: int
    fields: tuple[FieldGuess, ...]
    config: Config
    preview: tuple[ParsedArticle, ...]
    failures: tuple[Problem, ...]


def write_guess(articles: str | Path, *, force: bool = False) -> tuple[Guess, Path]:
    """Guess how to read a folder of articles, and write a kg.toml into it.

    Args:
        articles: the folder.
        force: whether to replace an existing kg.toml.

    Returns:
        The guess, and the path of the kg.toml.

    Raises:
        UsageError: if `articles` is not a folder or has no articles, or if a kg.toml exists and `force` is false.
    """
    path = Path(articles) / FILE_NAME
    if path.exists() and not force:
        raise UsageError(f"{path} exists already; replace it with --force")
    guess = look(articles)
    path.write_text(as_toml(guess), encoding="utf-8")
    return guess, path


def look(articles: str | Path) -> Guess:
    """Examine a folder of articles, and return a guess about how to read it. An existing kg.toml is ignored.

    Raises:
        UsageError: if `articles` is not a folder, or has no articles.
    """
    root = Path(articles)
    guess = guess_folder(root)
    if not guess.files:
        raise UsageError(f"{root} has no article in it: no file ends in {' or '.join(guess.config.read.suffixes)}")
    settings = resolve_config(root, guess.config)
    read: list[ParsedArticle] = []
    failures = dict(guess.failures)
    for file in spread(guess.files, _PREVIEWED * 20):
        article, problems = read_article(root, file, settings)
        failures |= {problem.file: problem for problem in problems if problem.code == INTERNAL}
        if article is not None:
            read.append(article)
    return Guess(
        guess.dialect,
        guess.reason,
        len(guess.files),
        guess.looked_at,
        guess.fields,
        guess.config,
        tuple(spread(read, _PREVIEWED)),
        tuple(failures.values()),
    )


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
    """Return a phrase that tells how many files have each field in `field.names`: "3 of 5 files have `tags`".

    `files` is the number of files that were examined.
    """
    counted = zip(field.names, field.counts, strict=True)
    return ", ".join(f"{count:,} of {files:,} files have `{name}`" for name, count in counted if count)


def _toml(value: object) -> str:
    """Return a string or a tuple of strings in TOML syntax."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value or "", ensure_ascii=False).replace("\x7f", "\\u007f")
