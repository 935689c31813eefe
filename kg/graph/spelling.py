"""Distances between spellings, with which a misspelt name or word is compared to all known ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

_MOST: Final = 3
_EDITED: Final = 4
"""A name is similar if at most one of so many characters was changed."""


def similar_names(wanted: str, names: Collection[str]) -> list[str]:
    """Return at most three names that differ from `wanted` by a few characters, the nearest first.

    At most a quarter of the characters may differ, but always one. Upper and lower case are ignored. If no name is
    that similar, return the shortest names that contain `wanted`.
    """
    folded = wanted.casefold().strip()
    limit = max(1, len(folded) // _EDITED)
    near = _by_folded(name for name in names if abs(len(name) - len(folded)) <= limit)
    if found := within_distance(folded, [*near], limit):
        return [near[name] for name, _ in found[:_MOST]]
    containing = _by_folded(name for name in names if folded in name.casefold()) if folded else {}
    return [containing[name] for name in sorted(containing, key=lambda name: (len(name), name))[:_MOST]]


def _by_folded(names: Iterable[str]) -> dict[str, str]:
    """Return the names by their case-folded forms; of several with one form, the first in alphabetical order."""
    return {name.casefold(): name for name in sorted(names, reverse=True)}


def within_distance(wanted: str, names: Sequence[str], limit: int) -> list[tuple[str, int]]:
    """Return the names that have a distance of at most `limit` from `wanted`, each with its distance, nearest first.

    The distance is the number of characters to insert, delete or replace, and of neighbouring characters to swap
    (optimal string alignment). Names of equal distance are in alphabetical order.
    """
    possible = [name for name in names if abs(len(name) - len(wanted)) <= limit]
    if not possible:
        return []
    distances = _distances(wanted, possible).tolist()
    return sorted(
        ((name, distance) for name, distance in zip(possible, distances, strict=True) if distance <= limit),
        key=lambda found: (found[1], found[0]),
    )


def _distances(wanted: str, names: Sequence[str]) -> npt.NDArray[np.int32]:
    """Return the distance of each name from `wanted`.

    This is the usual table of distances between beginnings of two strings, for all names at once: a row of it has an
    element for each beginning of each name.
    """
    lengths = np.fromiter(map(len, names), np.int64, len(names))
    longest = int(lengths.max())
    letters = np.zeros((len(names), longest), np.uint32)
    letters[np.arange(longest) < lengths[:, None]] = np.frombuffer("".join(names).encode("utf-32-le"), np.uint32)
    letters = np.ascontiguousarray(letters.T)
    codes = [ord(letter) for letter in wanted]
    row = np.repeat(np.arange(longest + 1, dtype=np.int32)[:, None], len(names), axis=1)
    before = row
    for number, code in enumerate(codes):
        same = letters == code
        following = np.empty_like(row)
        following[0] = number + 1
        np.minimum(row[:-1] + ~same, row[1:] + 1, out=following[1:])
        if number:
            swapped = same[:-1] & (letters[1:] == codes[number - 1])
            np.minimum(following[2:], before[:-2] + 1, out=following[2:], where=swapped)
        for column in range(longest):
            np.minimum(following[column + 1], following[column] + 1, out=following[column + 1])
        before, row = row, following
    distances: npt.NDArray[np.int32] = row[lengths, np.arange(len(names))]
    return distances
