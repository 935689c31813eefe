"""Rough stems of English words: good enough to propose synonyms, or to confirm other evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

SMALL: Final = frozenset("of the for in and a an to on with by at as".split())
"""Words that can be dropped from a term without changing its meaning."""

_ENDINGS: Final = re.compile(
    r"(?:ization|izing|ized|ational|ation|ating|ative|ated|ator|ing|ed|er|or|ement|ment|ic|ical|ity|al|ion|e|y|s)$"
)
_SHORTEST: Final = 4


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Strip derivational endings from a word, as long as at least four letters remain.

    >>> [stem(word) for word in ("cluster", "clustering", "optimal", "optimization", "use")]
    ['clust', 'clust', 'optim', 'optim', 'use']
    """
    while len(shorter := _ENDINGS.sub("", word)) >= _SHORTEST and shorter != word:
        word = shorter
    return word


def stems(words: Iterable[str]) -> str:
    """Concatenate the stems of `words`, skipping those in `SMALL`."""
    return "".join(stem(word) for word in words if word not in SMALL)
