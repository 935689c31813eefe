"""Names that are looked for in every article: those of external vocabularies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Names = Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]
"""The words of names of several words, by their first two."""


def indexed(forms: Iterable[str]) -> Names:
    """Names, which are normal forms, by their first two words; single words are found by their tags, and left out."""
    found: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for form in forms:
        words = tuple(form.split(" "))
        if len(words) > 1:
            found[words[0], words[1]].append(words)
    return {key: tuple(names) for key, names in found.items()}
