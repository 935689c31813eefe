"""Comparison of two streams of triples in constant memory. The order of the triples makes no difference.

If the streams differ, some of the differing triples are found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from kg.validate.triples import Block

_BUCKETS: Final = 1 << 16  # number of buckets among which triples are divided by their hashes
_BUCKETS_LOOKED_INTO: Final = 64  # maximum number of differing buckets in which differences are looked for

Stream = Callable[[Callable[[Block], None]], None]
"""A function that reads the triples of a file or a store. Its argument is a function to which it passes each block."""


class Tally:
    """A summary of many triples: their number, and sums of their 128-bit hashes.

    The triples are divided by hash among 65,536 buckets. Each bucket has two sums modulo 2**64, one for each half of
    the hashes. The sums do not depend on the order of the triples. Equal sums of different triples by chance are as
    unlikely as equal 128-bit hashes of two triples. However, someone who can choose both files can make their sums
    equal.
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
        """Return the numbers of the buckets that differ; the result is empty if both tallies have the same triples.

        Two buckets are the same if they have the same triples, each equally often.
        """
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
    """Return an iterator over some of the triples that do not occur equally often in `one` and `other`.

    Each triple comes with the number of its occurrences in `one` minus the number of its occurrences in `other`.
    `buckets` are the numbers of the buckets that differ (see `Tally`). Only the triples in the first 64 of these
    buckets are compared, so that memory stays bounded if everything differs.
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
    """A check that all triples of one stream are also in another, larger stream.

    The check takes 16 bytes of memory for each triple of the smaller stream.
    """

    def __init__(self) -> None:
        self._blocks: list[npt.NDArray[np.uint64]] = []
        self._all: npt.NDArray[np.uint64] | None = None
        self._found: npt.NDArray[np.bool_] | None = None

    def add(self, lines: Block) -> None:
        """Add triples of the smaller stream."""
        self._blocks.append(hashes(lines)[:, 0].copy())

    def cross_off(self, hashed: npt.NDArray[np.uint64]) -> None:
        """Mark triples of the smaller stream as found if their hashes are among `hashed`.

        `hashed` has the hashes of triples of the larger stream, as an array of shape (n, 2). Call this method only when
        all triples of the smaller stream have been added.
        """
        if self._all is None or self._found is None:
            self._all = np.unique(np.concatenate([np.zeros(0, np.uint64), *self._blocks]))
            self._found = np.zeros(len(self._all), bool)
        at = np.searchsorted(self._all, hashed[:, 0])
        inside = at < len(self._all)
        inside[inside] = self._all[at[inside]] == hashed[inside, 0]
        self._found[at[inside]] = True

    def is_left(self, line: bytes) -> bool:
        """Return whether a triple of the smaller stream was not found in the larger stream."""
        if self._all is None or self._found is None:
            return True
        return not self._found[np.searchsorted(self._all, hashes([line])[0, 0])]

    @property
    def left(self) -> int:
        """Number of different triples of the smaller stream that were not found in the larger stream.

        Before the first call of `cross_off`, the value is only meaningful as zero (no triples) or non-zero.
        """
        return len(self._blocks) if self._found is None else int((~self._found).sum())
