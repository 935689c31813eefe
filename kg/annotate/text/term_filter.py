"""Decide whether a sequence of words can be a term, that is, the name of a concept."""

from __future__ import annotations

from collections.abc import Sequence

from kg.annotate.text.stopwords import GENERIC, NEVER_LAST, POINTING


def is_term(words: Sequence[str]) -> bool:
    """Return whether the words of a normal form can be a term, that is, the name of a concept.

    The following are not terms: a single character; a number; a single noun in `GENERIC`, such as "aspect"; words that
    end in a word in `NEVER_LAST`, such as "example"; and an adjective in `POINTING`, such as "major", followed by a
    noun in `GENERIC`.
    """
    if not words or words[-1] in NEVER_LAST:
        return False
    if len(words) == 2 and words[0] in POINTING and words[1] in GENERIC:
        return False
    return len(words) > 1 or (len(words[0]) > 1 and words[0] not in GENERIC and not words[0].isdigit())
