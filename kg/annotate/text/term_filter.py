"""Decide whether words can be a concept."""

from __future__ import annotations

from collections.abc import Sequence

from kg.annotate.text.stopwords import GENERIC, NEVER_LAST, POINTING


def is_term(words: Sequence[str]) -> bool:
    """Whether normal words can be a concept.

    A single character, a number or a generic noun alone cannot be a concept, nor can words of which the last is in
    `NEVER_LAST`. Two words cannot be a concept if the first is an adjective in `POINTING`, such as "major", and the
    second a generic noun.
    """
    if not words or words[-1] in NEVER_LAST:
        return False
    if len(words) == 2 and words[0] in POINTING and words[1] in GENERIC:
        return False
    return len(words) > 1 or (len(words[0]) > 1 and words[0] not in GENERIC and not words[0].isdigit())
