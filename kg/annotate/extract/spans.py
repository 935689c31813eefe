"""Occurrences of the candidates of an article, as spans of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.base.arrays import Ints


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """The occurrences of candidates: first those of the first candidate, then those of the second, and so on."""

    begin: Ints
    """Index of the first token of each occurrence."""
    end: Ints
    """Index of the token after the last one of each occurrence."""
    counts: Ints
    """Number of occurrences of each candidate. Each has at least one."""

    @property
    def starts(self) -> Ints:
        """For each candidate, the index that its first occurrence has in `begin` and in `end`."""
        starts: Ints = np.cumsum(self.counts) - self.counts
        return starts

    def totals(self, flags: Sequence[npt.NDArray[np.bool_]]) -> Ints:
        """Count, for each flag and each candidate, the occurrences of the candidate that have the flag.

        Args:
            flags: one array for each flag. It tells for each occurrence whether the occurrence has the flag.

        Returns:
            The counts, an array of shape (flags, candidates).
        """
        if not len(self.counts):
            return np.zeros((len(flags), 0), np.int64)
        totals: Ints = np.add.reduceat(np.array(flags), self.starts, axis=1, dtype=np.int64)
        return totals
