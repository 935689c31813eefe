"""Are two streams of triples the same, in whatever order: at constant memory, and with some of what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from kg.validate.triples import Block

_BUCKETS: Final = 1 << 16
_BUCKETS_LOOKED_INTO: Final = 64

Stream = Callable[[Callable[[Block], None]], None]
"""Hands the triples of a file or a store to the function that it is given."""


class Tally:
    """The count of triples, and the sums of their 128-bit hashes, modulo 2**64 in each half, in 65,536 buckets.

    A sum does not depend on the order. That two different sets have the same sums by chance is as likely as for a hash
    of 128 bits; nobody who can choose both files is kept out.
    """

    def __init__(self) -> None:
        self.count = 0
        self._low = np.zeros(_BUCKETS, np.uint64)
        self._high = np.zeros(_BUCKETS, np.uint64)

    def add(self, lines: Block) -> None:
        """Count some triples."""
        self.add_hashes(hashes(lines))

    def add_hashes(self, hashed: npt.NDArray[np.uint64]) -> None:
        """Count triples by what `hashes` gives for them."""
        self.count += len(hashed)
        bucket = hashed[:, 0] % np.uint64(_BUCKETS)
        np.add.at(self._low, bucket, hashed[:, 0])
        np.add.at(self._high, bucket, hashed[:, 1])

    def buckets_that_differ(self, other: Tally) -> npt.NDArray[np.uint64]:
        """Where one of them has a triple that the other has not, or not as often; empty where they are equal."""
        return np.flatnonzero((self._low != other._low) | (self._high != other._high)).astype(np.uint64)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        return self.count == other.count and not len(self.buckets_that_differ(other))

    __hash__ = None  # type: ignore[assignment]


def hashes(lines: Block) -> npt.NDArray[np.uint64]:
    """The 128-bit hash of each line, as a row of two numbers."""
    digests = b"".join([blake2b(line, digest_size=16).digest() for line in lines])
    return np.frombuffer(digests, "<u8").reshape(-1, 2)


def differences(buckets: npt.NDArray[np.uint64], one: Stream, other: Stream) -> Iterator[tuple[bytes, int]]:
    """Some triples that differ, with how often more the first stream has each (negative: the other one has more).

    Only some buckets are looked into, so that a graph that differs everywhere takes no more memory.
    """
    wanted = buckets[:_BUCKETS_LOOKED_INTO]
    counts: Counter[bytes] = Counter()

    def looking(weight: int) -> Callable[[Block], None]:
        def look(lines: Block) -> None:
            inside = np.isin(hashes(lines)[:, 0] % np.uint64(_BUCKETS), wanted)
            for at in np.flatnonzero(inside):
                counts[lines[at]] += weight

        return look

    one(looking(1))
    other(looking(-1))
    return ((line, count) for line, count in sorted(counts.items()) if count)


class Subset:
    """Whether the triples of one stream are all among those of another; 16 bytes a triple of the first one."""

    def __init__(self) -> None:
        self._blocks: list[npt.NDArray[np.uint64]] = []
        self._all: npt.NDArray[np.uint64] | None = None
        self._found: npt.NDArray[np.bool_] | None = None

    def add(self, lines: Block) -> None:
        """Take in triples of the smaller stream."""
        self._blocks.append(hashes(lines)[:, 0].copy())

    def cross_off(self, hashed: npt.NDArray[np.uint64]) -> None:
        """Cross off triples of the larger stream, once the smaller one is complete."""
        if self._all is None or self._found is None:
            self._all = np.unique(np.concatenate([np.zeros(0, np.uint64), *self._blocks]))
            self._found = np.zeros(len(self._all), bool)
        at = np.searchsorted(self._all, hashed[:, 0])
        inside = at < len(self._all)
        inside[inside] = self._all[at[inside]] == hashed[inside, 0]
        self._found[at[inside]] = True

    def is_left(self, line: bytes) -> bool:
        """Whether a triple of the smaller stream was not crossed off."""
        if self._all is None or self._found is None:
            return True
        return not self._found[np.searchsorted(self._all, hashes([line])[0, 0])]

    @property
    def left(self) -> int:
        """How many triples were not crossed off."""
        return len(self._blocks) if self._found is None else int((~self._found).sum())
