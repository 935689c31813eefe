"""Rough stemming of English words. That two terms have equal stems is only weak evidence that they are synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

SMALL: Final = frozenset("of the for in and a an to on with by at as".split())
"""Function words (prepositions, articles and "and"), which are ignored when two terms are compared."""

_ENDINGS: Final = re.compile(
    r"(?:ization|izing|ized|ational|ation|ating|ative|ated|ator|ing|ed|er|or|ement|ment|ic|ical|ity|al|ion|e|y|s)$"
)
_SHORTEST: Final = 4


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Strip endings, such as "-ation" and "-al", from a word, as long as at least four letters remain.

    >>> [stem(word) for word in ("cluster", "clustering", "optimal", "optimization", "use")]
    ['clust', 'clust', 'optim', 'optim', 'use']
    """
    while len(shorter := _ENDINGS.sub("", word)) >= _SHORTEST and shorter != word:
        word = shorter
    return word


def stems(words: Iterable[str]) -> str:
    """Concatenate the stems of `words`, without spaces. Function words (see `SMALL`) are left out."""
    return "".join(stem(word) for word in words if word not in SMALL)
