"""Estimates of the width of labels in pictures, and insertion of line breaks into labels."""

from __future__ import annotations

import unicodedata
from typing import Final

_ELLIPSIS: Final = "…"
_NARROW: Final = frozenset(" !'(),./:;I[]fijlrt|‘’“”·")
_WIDE: Final = frozenset("ABCDEFGHKMNOPQRSTUVWXYZ%&@mw—…")


def text_width(text: str) -> float:
    """Return an estimate of the width of `text` in a sans-serif font, as a multiple of the font size.

    The estimate is slightly too large for most fonts, so that labels do not become wider than expected.
    """
    return sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.86 if character in "MW@%mw—…" else 0.7
    return 1.05 if unicodedata.east_asian_width(character) in "WF" else 0.58


def plain(text: str) -> str:
    """Return `text` as one line, without control, format and private-use characters (Unicode Cc, Cf and Co)."""
    kept = (c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Co"))
    return " ".join("".join(kept).split())


def wrapped(text: str, width: float, lines: int) -> tuple[str, ...]:
    """Break `text` into at most `lines` lines, and return the lines; an ellipsis replaces the text that does not fit.

    `width` is the maximum width of a line, as a multiple of the font size.

    >>> wrapped("How does concept drift differ from data drift?", 12, 2)
    ('How does concept drift', 'differ from data drift?')
    >>> wrapped("W" * 10_000, 5, 3)
    ('WWWW…',)
    """
    done: list[str] = []
    line = ""
    for word in plain(text[: int(8 * width * lines)]).split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer) <= width:
            line = longer
        elif len(done) == lines - 1 or not line:
            return (*done, _cut(longer, width))
        else:
            done.append(line)
            line = word
            if text_width(word) > width:
                return (*done, _cut(word, width))
    return (*done, line) if line else tuple(done) or (_ELLIPSIS,)


def _cut(text: str, width: float) -> str:
    kept = text
    while kept and text_width(kept + _ELLIPSIS) > width:
        kept = kept[: max(len(kept) - 1, 0)]
    return kept.rstrip() + _ELLIPSIS
