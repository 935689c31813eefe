"""The spans of an article's candidates, in tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.base.arrays import Ints


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """The occurrences of candidates: all of the first candidate, then all of the second, and so on."""

    begin: Ints
    """First token of each occurrence."""
    end: Ints
    """Token after the last one of each occurrence."""
    counts: Ints
    """Number of occurrences of each candidate; at least one."""

    @property
    def starts(self) -> Ints:
        """The index of each candidate's first occurrence."""
        starts: Ints = np.cumsum(self.counts) - self.counts
        return starts

    def totals(self, flags: Sequence[npt.NDArray[np.bool_]]) -> Ints:
        """Count the occurrences of each candidate that have each flag, (flags, candidates).

        Args:
            flags: (flags, occurrences).
        """
        if not len(self.counts):
            return np.zeros((len(flags), 0), np.int64)
        totals: Ints = np.add.reduceat(np.array(flags), self.starts, axis=1, dtype=np.int64)
        return totals
