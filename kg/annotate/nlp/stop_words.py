"""The stop words of a language: its function words and other very frequent words, from the lists of spaCy."""

from __future__ import annotations

from functools import cache

from spacy.util import get_lang_class


@cache
def stop_words(tag: str) -> frozenset[str]:
    """Return the stop words of a language, in lower case; none if spaCy has no list for it.

    Args:
        tag: the tag of the language, such as "en-gb"; its region makes no difference.
    """
    try:
        return frozenset(get_lang_class(tag.partition("-")[0]).Defaults.stop_words)
    except ImportError:
        return frozenset()
