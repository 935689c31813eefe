"""Where the candidates of an article stand, in its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.base.arrays import Ints


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """All occurrences of the first candidate, then all of the second, and so on."""

    begin: Ints
    """The first token of each occurrence."""
    end: Ints
    """The token after its last."""
    counts: Ints
    """Of each candidate, how many occurrences it has; one at least."""

    @property
    def starts(self) -> Ints:
        """Where the occurrences of each candidate begin."""
        starts: Ints = np.cumsum(self.counts) - self.counts
        return starts

    def totals(self, flags: Sequence[npt.NDArray[np.bool_]]) -> Ints:
        """How many occurrences of each candidate have each flag, (flags, candidates).

        Args:
            flags: (flags, occurrences).
        """
        if not len(self.counts):
            return np.zeros((len(flags), 0), np.int64)
        totals: Ints = np.add.reduceat(np.array(flags), self.starts, axis=1, dtype=np.int64)
        return totals
