"""Read reference links whose targets are not in the text: `[text][package.name]`.

The tool that makes the page finds the target elsewhere, and shows the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from kg.read.syntax.extension import Extension, Markup, Piece

_DEFINED = re.compile(r"^[ \t>]*\[([^\[\]\n]+)\]:", re.MULTILINE)
_LABEL = re.compile(r"[\w-]*[^\W\d]{2}[\w-]*(?:(?:\.|::?|#|/)[\w-]+)+|#?\d+|(?:[A-Za-z]\w*-)+\w+")
_PLAIN_LABEL = re.compile(r"[A-Za-z][\w ]{2,}")
_WORD = re.compile(r"[a-z]+")

REFERENCE: Final = Extension(
    "reference",
    "[",
    r"\[(?<![\w\]!\\]\[)(?:[^\[\]`\n]|`[^`\n]*`|\n(?![ \t]*\n))+\](?:\n[ \t]*)?\[[^\[\]\n]*\](?![\[(])",
    is_container=True,
)
"""A reference link; see `References`, which tells whether it has a target."""


class References:
    """Reads the reference links of one text whose targets are not defined in this text."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def _defined(self) -> frozenset[str]:
        return frozenset(map(_normal, _DEFINED.findall(self._source)))

    def read(self, match: re.Match[str]) -> Iterator[Piece]:
        """Hide the brackets and the label of a match of `REFERENCE`, unless the text defines the label.

        A label that may be something else, such as that in `[options][file]`, is kept.
        """
        text, _, label = match[0][1:-1].rpartition("[")
        text, _, between = text.rpartition("]")
        if _is_label(label, text, between) and _normal(label or text) not in self._defined:
            yield Markup(match.start(), match.start() + 1)
            yield Markup(match.start() + 1 + len(text), match.end(), between and "\n")


def _is_label(label: str, text: str, between: str) -> bool:
    """Whether `[text][label]` is a link. `between` is the text between the two pairs of brackets."""
    if label and _LABEL.fullmatch(label):
        return True
    if between:
        return False
    if label:
        return _PLAIN_LABEL.fullmatch(label) is not None and (text[0].isupper() or " " in text.strip())
    return any(c.isalnum() for c in text) and _WORD.fullmatch(text) is None


def _normal(label: str) -> str:
    return " ".join(label.split()).casefold()
