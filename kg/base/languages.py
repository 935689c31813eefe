"""Languages of labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping


def bare_language(tag: str) -> str:
    """Return the tag of a language without its region and script, so that "en-gb" and "en" are one language.

    >>> bare_language("en-gb")
    'en'
    """
    return tag.partition("-")[0]


def commonest_language(tags: Iterable[str] | Mapping[str, int]) -> str:
    """Return the most frequent of the tags; of equally frequent ones, the first in alphabetical order.

    `tags` are the tags, or a mapping from each tag to its count.

    >>> commonest_language(["en", "de", "en"]), commonest_language({"en": 2, "de": 2})
    ('en', 'de')
    """
    counts = Counter(tags)
    return min(counts, key=lambda tag: (-counts[tag], tag))
