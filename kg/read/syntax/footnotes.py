"""Read footnotes: references `[^1]`, definitions `[^1]: text`, and inline notes `^[text]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.read.syntax.blocks import BEGINNING
from kg.read.syntax.extension import Extension, Markup, Piece

_DEFINED = re.compile(rf"\[\^([^\[\]\s]+)\]:(?={BEGINNING})")

FOOTNOTE: Final = Extension("footnote", "[", rf"\[\^(?<!\\\[\^)[^\[\]\s]+\](?::(?={BEGINNING})|(?![(\[]))")
"""The mark of a footnote, either in a reference or at the beginning of its definition; see `Footnotes`."""


class Footnotes:
    """Reads the marks of the footnotes of one text. `[^x]` is a mark if the text defines x, or if x is a number."""

    def __init__(self, source: str) -> None:
        self._defined = frozenset(_DEFINED.findall(source)) if BEGINNING in source else frozenset()

    def read(self, match: re.Match[str]) -> Iterator[Piece]:
        """Yield the pieces of a match of `FOOTNOTE`."""
        if match[0].endswith(":"):
            yield Markup(match.start(), match.end())
        elif match[0][2:-1].isdigit() or match[0][2:-1] in self._defined:
            start, source = match.start(), match.string
            while start and source[start - 1] in " \t":
                start -= 1
            is_after_word = start and (source[start - 1].isalnum() or source[start - 1] in ",;:!?\"'")
            yield Markup(start if is_after_word else match.start(), match.end())


def _note(match: re.Match[str]) -> Iterator[Piece]:
    """Publish a note in brackets, after a space."""
    is_apart = match.start() and not match.string[match.start() - 1].isspace()
    yield Markup(match.start(), match.start() + 2, " (" if is_apart else "(")
    yield Markup(match.end() - 1, match.end(), ")")


INLINE_NOTE: Final = Extension(
    "inline_note",
    "^",
    r"\^(?<!\\\^)\[(?=[^\[\]\n]*[^\s\[\]][ ])(?:[^\[\]\n]|\[[^\[\]\n]*\])+\]",
    _note,
    is_container=True,
)
"""A note of several words, such as `^[See the appendix.]`, which may contain links."""
