"""Whether a text reads as English, cheaply: by the share of its words that are small English ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kg.base.model import Part, SegmentKind

_SMALL_WORDS: Final = frozenset(
    """
    a about all an and are as at be been but by can do for from had has have how if in into is it its more most not of
    on one or other our so some than that the their them then there these they this to was we were what when which who
    will with would you your
    """.split()
)
_LOOKED_AT: Final = 600
"""Characters; a hundred words of English."""
_LETTERS_A_WORD: Final = 12
"""More than that between spaces is a script that writes none between words."""
_ENOUGH: Final = 40
"""Words below which nothing can be said."""
_LEAST: Final = 0.15
"""English prose has a share of 0.3 to 0.5; German, French, Spanish, Dutch and Italian have less than 0.1."""


def reads_as_english(parts: Iterable[Part]) -> bool | None:
    """Whether the beginning of an article's text is English; None where there is too little of it."""
    beginning = ""
    for part in parts:
        for segment in part.segments:
            if segment.kind is not SegmentKind.VERBATIM:
                beginning += part.text[segment.start : segment.end] + " "
            if len(beginning) > _LOOKED_AT:
                break
    beginning = beginning[:_LOOKED_AT]
    words = beginning.lower().split()
    if len(words) < min(_ENOUGH, _LOOKED_AT // _LETTERS_A_WORD):
        return False if len(beginning) == _LOOKED_AT else None
    return sum(map(_SMALL_WORDS.__contains__, words)) >= _LEAST * len(words)
