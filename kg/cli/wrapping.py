"""Texts and sentences with highlighted words, wrapped to the width of a terminal."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from kg.cli.console import printable

if TYPE_CHECKING:
    from kg.graph.passages import Piece

_WIDTH: Final = 80


def is_coloured() -> bool:
    """Return whether to highlight words by styles: stdout is a terminal, and NO_COLOR is not set."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def marked(pieces: Sequence[Piece], first: str, indent: str, coloured: bool) -> Iterator[str]:
    """Yield a quoted sentence as lines, wrapped to 80 columns.

    The first line begins with `first`, and every other line with `indent`. Marked words are bold if `coloured` is true;
    otherwise they are between « and ».
    """
    words: list[tuple[str, str]] = []
    glued = False
    for piece in pieces:
        text = printable(piece.text)
        shown = text.split() if coloured or not piece.marked else f"«{text}»".split()
        for position, word in enumerate(shown):
            styled = click.style(word, bold=True) if coloured and piece.marked else word
            if words and position == 0 and glued and not text[:1].isspace():
                words[-1] = (words[-1][0] + word, words[-1][1] + styled)
            else:
                words.append((word, styled))
        glued = not text[-1:].isspace()
    line: list[str] = []
    width = len(indent)
    for word, styled in words:
        if line and width + len(word) > _WIDTH:
            yield first + " ".join(line)
            first, line, width = indent, [], len(indent)
        line.append(styled)
        width += len(word) + 1
    yield first + " ".join(line)


def wrapped(text: str, indent: str, first: str | None = None) -> list[str]:
    """Return a text as lines, wrapped to 80 columns.

    The first line begins with `first`, if it is not None, and every other line with `indent`.
    """
    return textwrap.wrap(
        " ".join(printable(text).split()),
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
