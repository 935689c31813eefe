"""Names that are looked for in every article: those of external vocabularies, handed to workers as a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

Names = Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]
"""The words of names of several words, by their first two."""


def write_names(forms: Iterable[str], path: Path) -> None:
    """Write names, which are normal forms, one a line."""
    path.write_text("".join(f"{form}\n" for form in sorted(set(forms))), encoding="utf-8")


@lru_cache(maxsize=1)
def load_names(path: Path) -> Names:
    """Read what `write_names` wrote, once a process; single words are left out, since those are found by their tags."""
    found: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        words = tuple(line.split(" "))
        if len(words) > 1:
            found[words[0], words[1]].append(words)
    return {key: tuple(names) for key, names in found.items()}
