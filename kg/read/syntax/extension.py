"""The type of an extension, a construct beyond Markdown, and of the pieces that an occurrence is read as."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kg.base.model import LinkKind
from kg.read.mathematics import SourceSpan


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a link as written; `line` is its 0-based line in the text."""

    address: str
    kind: LinkKind
    title: str | None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Markup:
    """A range of source that is published as `shown`, with its link or its tag."""

    start: int
    end: int
    shown: str = ""
    target: Target | None = None
    tag: str | None = None


Piece = SourceSpan | Markup


def hide(match: re.Match[str]) -> Iterator[Piece]:
    """Publish only the line breaks of a match."""
    yield Markup(match.start(), match.end(), line_breaks(match[0]))


def hide_with_space_before(match: re.Match[str]) -> Iterator[Piece]:
    """Publish nothing of a match at the end of a line and of the spaces before it."""
    start = match.start()
    while start and match.string[start - 1] in " \t":
        start -= 1
    yield Markup(start, match.end())


def unwrap(match: re.Match[str]) -> Iterator[Piece]:
    """Publish a match without its first and last two characters."""
    yield Markup(match.start(), match.start() + 2)
    yield Markup(match.end() - 2, match.end())


@dataclass(frozen=True, slots=True)
class Extension:
    """A construct that is found by a regular expression.

    `pattern` has no capturing groups and matches at one of the characters `first`. `read` returns the pieces of a match
    in order. If `is_container`, the text between the first two pieces is searched for further constructs.
    """

    name: str
    first: str
    pattern: str
    read: Callable[[re.Match[str]], Iterable[Piece]] = hide
    is_container: bool = False


ATTRIBUTES = Extension("attributes", "{", r"\{:?[ \t]*[#.:][^{}\n]*\}[ \t]*$", hide_with_space_before)
"""Ids and classes at the end of a line: `{#id .class}` of Goldmark and Python-Markdown, `{: .class}` of kramdown."""


def line_breaks(text: str) -> str:
    """Return only the line breaks of `text`."""
    return "\n" * text.count("\n")
