"""Text for a terminal: without characters that control the terminal, wrapped to its width, with highlighted words."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

Bold = Callable[[str], str]
"""A function that returns a text in bold type."""

_WIDTH: Final = 80
"""Maximum width of a line of text, in columns."""
_BREAK: Final = re.compile(r"[\t\n]+")
# Control characters, other line breaks, characters that reverse the order of others, and surrogates, which stand for
# invalid bytes in the names of files and cannot be encoded.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Piece(Protocol):
    """A piece of a text; `marked` tells whether it is to be highlighted."""

    @property
    def text(self) -> str:
        """The text of the piece."""

    @property
    def marked(self) -> bool:
        """Whether the piece is to be highlighted."""


def printable(text: str) -> str:
    """Return `text` on one line, without characters that could control the terminal."""
    return _UNPRINTABLE.sub("\ufffd", _BREAK.sub(" ", text))


def wrapped(text: str, indent: str = "", first: str | None = None) -> list[str]:
    """Return `text` as lines of at most 80 columns, without characters that could control the terminal.

    Args:
        text: the text; white space in it is replaced by single spaces.
        indent: what each line begins with.
        first: what the first line begins with, if it is not `indent`.
    """
    return textwrap.wrap(
        " ".join(printable(text).split()),
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def marked(pieces: Iterable[Piece], first: str, indent: str, bold: Bold | None) -> Iterator[str]:
    """Yield a quoted sentence as lines of at most 80 columns.

    Args:
        pieces: the pieces of the sentence, some of which are marked.
        first: what the first line begins with.
        indent: what every other line begins with.
        bold: makes marked words bold. If it is None, they are between « and ».
    """
    words: list[tuple[str, str]] = []
    glued = False
    for piece in pieces:
        text = printable(piece.text)
        shown = text.split() if bold or not piece.marked else f"«{text}»".split()
        for position, word in enumerate(shown):
            styled = bold(word) if bold and piece.marked else word
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
