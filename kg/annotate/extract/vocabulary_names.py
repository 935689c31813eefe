"""An index of the names of external vocabularies, which are looked for in every article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Names = Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]
"""Names of several words, each as a tuple of words, by their first two words."""


def indexed(forms: Iterable[str]) -> Names:
    """Index names, given as normal forms, by their first two words.

    Names of one word are omitted: they are found by their tags.
    """
    found: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for form in forms:
        words = tuple(form.split(" "))
        if len(words) > 1:
            found[words[0], words[1]].append(words)
    return {key: tuple(names) for key, names in found.items()}
