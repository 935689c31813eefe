"""Read fields that are written in a text as `name:: value`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from kg.base.model import LinkKind
from kg.read.syntax.extension import Extension, Markup, Piece, Target, line_breaks

_LONGEST_PREFIX: Final = 120
"""Maximum number of characters between the beginning of a line and the `::` of a field."""


def line_before(match: re.Match[str]) -> tuple[int, str] | None:
    """Return the position at which the line of a match begins, and the text between this position and the match.

    The result is None if this text is too long to be the name of a field.
    """
    start = match.start()
    first = max(0, start - _LONGEST_PREFIX)
    at = match.string.rfind("\n", first, start) + 1
    return None if not at and first else (max(at, first), match.string[max(at, first) : start])


def hidden_field(source: str, start: int, end: int, name: str, inner: tuple[Extension, ...]) -> Iterator[Piece]:
    """Hide a field, but read its links and tags. The links have the name of the field as their property.

    Args:
        source: the Markdown source.
        start: position at which the field begins.
        end: position at which it ends.
        name: name of the field.
        inner: the constructs of the dialect that are links or tags. Markdown links are read as well.
    """
    position = start
    for piece in _links_and_tags(source, start, end, name, (*inner, _MARKDOWN_LINK)):
        yield _hidden(source, position, piece.start)
        yield replace(piece, shown=line_breaks(source[piece.start : piece.end]))
        position = piece.end
    yield _hidden(source, position, end)


def shown_field(
    source: str, start: int, value: int, end: int, name: str, inner: tuple[Extension, ...]
) -> Iterator[Piece]:
    """Publish only the value of a field, which begins at the position `value`. See `hidden_field`."""
    yield _hidden(source, start, value)
    yield from _links_and_tags(source, value, end, name, inner)


def _links_and_tags(
    source: str, start: int, end: int, name: str, constructs: tuple[Extension, ...]
) -> Iterator[Markup]:
    for found in _pattern(constructs).finditer(source, start, end):
        for piece in constructs[int(str(found.lastgroup)[1:])].read(found):
            if isinstance(piece, Markup) and (piece.target or piece.tag):
                yield replace(piece, target=replace(piece.target, property=name) if piece.target else None)


def _hidden(source: str, start: int, end: int) -> Markup:
    return Markup(start, end, line_breaks(source[start:end]))


def _read_markdown_link(match: re.Match[str]) -> Iterator[Piece]:
    label, _, address = match[0][1:-1].partition("](")
    yield Markup(match.start(), match.end(), target=Target(address.strip("<>"), LinkKind.PATH, label or None))


_MARKDOWN_LINK: Final = Extension(
    "markdown_link", "[", r"\[[^\[\]\n]*\]\((?:<[^<>\n]*>|[^()\s]*)\)", _read_markdown_link
)


@cache
def _pattern(extensions: tuple[Extension, ...]) -> re.Pattern[str]:
    groups = (f"(?P<_{number}>{extension.pattern})" for number, extension in enumerate(extensions))
    return re.compile("|".join(groups), re.MULTILINE | re.DOTALL)
