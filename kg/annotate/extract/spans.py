"""Occurrences of the candidate terms of an article, as spans of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.base.arrays import Ints


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """The occurrences of the candidate terms of an article.

    The occurrences of the first candidate come first, then those of the second candidate, and so on.
    """

    begin: Ints
    """Index of the first token of each occurrence."""
    end: Ints
    """Index of the token after the last token of each occurrence."""
    counts: Ints
    """Number of occurrences of each candidate. Every candidate has at least one occurrence."""

    @property
    def starts(self) -> Ints:
        """Index, for each candidate, of its first occurrence in the arrays `begin` and `end`."""
        starts: Ints = np.cumsum(self.counts) - self.counts
        return starts

    def totals(self, flags: Sequence[npt.NDArray[np.bool_]]) -> Ints:
        """Count, for each of several properties such as "bold", the occurrences of each candidate with the property.

        Args:
            flags: one array for each property. It tells for each occurrence whether the occurrence has the property.

        Returns:
            The counts, an array of shape (properties, candidates).
        """
        if not len(self.counts):
            return np.zeros((len(flags), 0), np.int64)
        totals: Ints = np.add.reduceat(np.array(flags), self.starts, axis=1, dtype=np.int64)
        return totals
