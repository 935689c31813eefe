"""Comparison of two streams of triples regardless of order, in constant memory, with a sample of the differences."""

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
"""Passes the triples of a file or a store, block by block, to the function that it is called with."""


class Tally:
    """The number of triples, and the sums of the halves of their 128-bit hashes, modulo 2**64, in 65,536 buckets.

    A sum does not depend on the order. Different sets have equal sums by chance as rarely as 128-bit hashes collide.
    This is no protection against someone who can choose both files.
    """

    def __init__(self) -> None:
        self.count = 0
        self._low = np.zeros(_BUCKETS, np.uint64)
        self._high = np.zeros(_BUCKETS, np.uint64)

    def add(self, lines: Block) -> None:
        """Add triples."""
        self.add_hashes(hashes(lines))

    def add_hashes(self, hashed: npt.NDArray[np.uint64]) -> None:
        """Add triples by their `hashes`, an array of shape (n, 2)."""
        self.count += len(hashed)
        bucket = hashed[:, 0] % np.uint64(_BUCKETS)
        np.add.at(self._low, bucket, hashed[:, 0])
        np.add.at(self._high, bucket, hashed[:, 1])

    def buckets_that_differ(self, other: Tally) -> npt.NDArray[np.uint64]:
        """Return the numbers of the buckets whose triples or their frequencies differ; empty if both are equal."""
        return np.flatnonzero((self._low != other._low) | (self._high != other._high)).astype(np.uint64)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        return self.count == other.count and not len(self.buckets_that_differ(other))

    __hash__ = None  # type: ignore[assignment]


def hashes(lines: Block) -> npt.NDArray[np.uint64]:
    """Return the 128-bit hashes of the lines, as an array of shape (n, 2)."""
    digests = b"".join([blake2b(line, digest_size=16).digest() for line in lines])
    return np.frombuffer(digests, "<u8").reshape(-1, 2)


def differences(buckets: npt.NDArray[np.uint64], one: Stream, other: Stream) -> Iterator[tuple[bytes, int]]:
    """Return an iterator over some triples whose frequency differs, each with its surplus in `one` (may be negative).

    Only the first 64 buckets are examined, so that memory stays bounded if everything differs.
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
    """Check that the triples of one stream are a subset of another's; takes 16 bytes a triple of the first one."""

    def __init__(self) -> None:
        self._blocks: list[npt.NDArray[np.uint64]] = []
        self._all: npt.NDArray[np.uint64] | None = None
        self._found: npt.NDArray[np.bool_] | None = None

    def add(self, lines: Block) -> None:
        """Add triples of the smaller stream."""
        self._blocks.append(hashes(lines)[:, 0].copy())

    def cross_off(self, hashed: npt.NDArray[np.uint64]) -> None:
        """Cross off triples of the larger stream; call this after all triples of the smaller one were added."""
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
        """Number of triples that were not crossed off."""
        return len(self._blocks) if self._found is None else int((~self._found).sum())
