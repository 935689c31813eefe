"""An index of the names of external vocabularies, which are looked for in every article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Names = Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]
"""Key: two words. Value: the names that begin with these two words, each as a tuple of all its words."""


def indexed(forms: Iterable[str]) -> Names:
    """Return an index of names by their first two words; `forms` are the normal forms of the names.

    Names of one word are omitted, since their tags suffice to find them in an article.
    """
    found: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for form in forms:
        words = tuple(form.split(" "))
        if len(words) > 1:
            found[words[0], words[1]].append(words)
    return {key: tuple(names) for key, names in found.items()}
