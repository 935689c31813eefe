"""An index of the names of concepts in external vocabularies. All articles are searched for these names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Names = Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]
"""An index of names. Key: two words. Value: the names that begin with these words, each as a tuple of all its words."""


def indexed(forms: Iterable[str]) -> Names:
    """Return an index of names by their first two words; `forms` are the normal forms of the names.

    Names of one word are omitted, since the search for nouns by part-of-speech tags finds these names anyway.
    """
    found: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for form in forms:
        words = tuple(form.split(" "))
        if len(words) > 1:
            found[words[0], words[1]].append(words)
    return {key: tuple(names) for key, names in found.items()}
