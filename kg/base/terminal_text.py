"""Text for a terminal: without characters that control the terminal, and wrapped to its width."""

from __future__ import annotations

import re
import textwrap
from typing import Final

WIDTH: Final = 80
"""Maximum width of a line of text, in columns."""
_BREAK: Final = re.compile(r"[\t\n]+")
# Control characters, other line breaks, characters that reverse the order of others, and surrogates, which stand for
# invalid bytes in the names of files and cannot be encoded.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Return `text` on one line, without characters that could control the terminal."""
    return _UNPRINTABLE.sub("\ufffd", _BREAK.sub(" ", text))


def wrapped(text: str, indent: str = "", first: str | None = None) -> list[str]:
    """Return `text` as lines of at most `WIDTH` columns, without characters that could control the terminal.

    Args:
        text: the text; white space in it is replaced by single spaces.
        indent: what each line begins with.
        first: what the first line begins with, if it is not `indent`.
    """
    return textwrap.wrap(
        " ".join(printable(text).split()),
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
