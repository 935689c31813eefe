"""Recognise English text quickly, by its share of English function words."""

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
_SAMPLE_LENGTH: Final = 600
"""Number of characters at the beginning of a text that are examined: about a hundred words of English."""
_MAX_WORD_LENGTH: Final = 12
"""Maximum mean length of words, in characters.

If the mean is greater, the script is assumed to have no spaces between words, and the text is not English.
"""
_MIN_WORDS: Final = 40
"""Minimum number of words that are needed for a decision."""
_MIN_SHARE: Final = 0.15
"""Minimum share of function words among the words of an English text.

In English prose the share is 0.3 to 0.5. In German, French, Spanish, Dutch and Italian it is less than 0.1.
"""


def reads_as_english(parts: Iterable[Part]) -> bool | None:
    """Whether the beginning of an article's text is in English, or None if the text is too short for a decision."""
    beginning = ""
    for part in parts:
        for segment in part.segments:
            if segment.kind is not SegmentKind.VERBATIM:
                beginning += part.text[segment.start : segment.end] + " "
            if len(beginning) > _SAMPLE_LENGTH:
                break
    beginning = beginning[:_SAMPLE_LENGTH]
    words = beginning.lower().split()
    if len(words) < min(_MIN_WORDS, _SAMPLE_LENGTH // _MAX_WORD_LENGTH):
        return False if len(beginning) == _SAMPLE_LENGTH else None
    return sum(map(_SMALL_WORDS.__contains__, words)) >= _MIN_SHARE * len(words)
