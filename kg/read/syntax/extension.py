"""The types of extensions and of their pieces.

An extension is a construct that Markdown does not have. Each occurrence of it in a text is read as one or more pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kg.base.model import LinkKind
from kg.read.mathematics import SourceSpan

_MAX_SPACES = 8
_AFTER_WORD = re.compile(r"\w[,;:]?[ \t]+\Z")


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a link as written; `line` is the number of the link's line in the text, from 0.

    `property` is the name of the property or field whose value has the link, if it is in one.
    """

    address: str
    kind: LinkKind
    title: str | None
    line: int = 0
    property: str | None = None


@dataclass(frozen=True, slots=True)
class Markup:
    """A range of the source, from `start` to before `end`, that is replaced by another text."""

    start: int
    end: int
    shown: str = ""
    """The text that is published."""
    target: Target | None = None
    """The target of the link, if the range is a link."""
    tag: str | None = None
    """The tag, if the range is a tag."""
    is_code: bool = False
    """Whether `shown` is code."""


Piece = SourceSpan | Markup


def hide(match: re.Match[str]) -> Iterator[Piece]:
    """Publish nothing of a match except its line breaks."""
    yield Markup(match.start(), match.end(), line_breaks(match[0]))


def hide_with_space_before(match: re.Match[str]) -> Iterator[Piece]:
    """Hide a match at the end of a line, and the spaces before it."""
    start = match.start()
    while start and match.string[start - 1] in " \t":
        start -= 1
    yield Markup(start, match.end())


def omit(match: re.Match[str]) -> Iterator[Piece]:
    """Replace a match, which is a value that kg does not know, by an ellipsis or nothing; see `omission`."""
    yield Markup(match.start(), match.end(), omission(match.string, match.start()) + line_breaks(match[0]))


@dataclass(frozen=True, slots=True)
class Extension:
    """A construct that is found with a regular expression."""

    name: str
    first: str
    """The characters with which an occurrence can begin."""
    pattern: str
    """The regular expression. It must not have capturing groups."""
    read: Callable[[re.Match[str]], Iterable[Piece]] = hide
    """A function that returns the pieces of a match, in order. If it returns none, the match is ordinary text."""
    is_container: bool = False
    """Whether an occurrence may contain other constructs, as `==a [[Note]]==` contains a wiki link.

    The other constructs are between its first two pieces, which in this example are the two `==`.
    """


def omission(source: str, start: int) -> str:
    """Return the replacement of a value that kg does not know: an ellipsis inside a sentence, otherwise nothing.

    The value is in a sentence if a word precedes it in its line.

    >>> omission("Runners of {{ product }} keep a cache.", 11), omission("{{ badge }} Runners", 0)
    ('…', '')
    """
    return "…" if _AFTER_WORD.search(source, max(0, start - _MAX_SPACES), start) else ""


def line_breaks(text: str) -> str:
    """Return only the line breaks of `text`."""
    return "\n" * text.count("\n")
