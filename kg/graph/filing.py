"""Filing of articles by number, date and subject, and likelihood ratios that tell how much it says about content.

Articles that were written together often have neighbouring numbers or dates, or the same subject. How much this says
differs from folder to folder, so it is estimated from the folder itself: for each class of distances, a likelihood
ratio tells how much more often the distance occurs between articles of similar content than between any two articles.
If the order of the articles says nothing about their content, all ratios are near 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.arrays import Bools, Floats, Ints

_PRIOR: Final = 30
"""Number of pairs, distributed like any two articles, that are added to those from which the ratios are estimated."""
_NUMBERS: Final = (0, 1, 3, 7, 15, 31, 63, 127, 255)
_DAYS: Final = (0, 1, 7, 31, 127, 365)
_SAME: Final = (0,)
_DIGITS: Final = r"^[0-9]{1,15}$"


@dataclass(frozen=True, slots=True)
class Filing:
    """A number by which articles are filed, such as the day on which they were published.

    Attributes:
        values: the number of each article.
        known: whether an article has a number.
        bounds: the largest distance in each class of distances, ascending. One more class has all larger distances.
    """

    values: Ints
    known: Bools
    bounds: tuple[int, ...]

    def log_ratios(self, one: Ints, other: Ints) -> Floats:
        """Return the logarithm of the likelihood ratio of each class, estimated from pairs of articles.

        Args:
            one: the numbers of the first articles of the pairs, which have similar content.
            other: the numbers of the second articles.

        Returns:
            An entry for each class of distances, and a zero for unknown distances.
        """
        expected = self._expected()
        found = np.bincount(self.classes(one, other), minlength=len(expected) + 1)[:-1]
        observed = (found + _PRIOR * expected) / (found.sum() + _PRIOR)
        ratios = np.divide(observed, expected, out=np.ones_like(expected), where=expected > 0)
        return np.append(np.log(ratios), 0.0)

    def classes(self, one: Ints, other: Ints) -> Ints:
        """Return the class of the distance of each pair of articles; for unknown distances, the number of classes."""
        distance = np.abs(self.values[one] - self.values[other])
        return np.where(
            self.known[one] & self.known[other], np.searchsorted(self.bounds, distance), len(self.bounds) + 1
        )

    def _expected(self) -> Floats:
        """Return the share of each class of distances among all pairs of articles."""
        ordered = np.sort(self.values[self.known])
        own = np.arange(1, len(ordered) + 1)
        within = [(np.searchsorted(ordered, ordered + bound, side="right") - own).sum() for bound in self.bounds]
        pairs = len(ordered) * (len(ordered) - 1) // 2
        return np.diff(np.array([0, *within, pairs])) / max(pairs, 1)


def filings(articles: pa.Table) -> list[Filing]:
    """Return how these articles are filed: by numeric id, by date and by subject.

    Args:
        articles: a table with the columns id, date and subject of `kg.base.tables.ARTICLES_FOUND`.
    """
    ids, dates, subjects = (articles[name].combine_chunks() for name in ("id", "date", "subject"))
    numeric = pc.if_else(pc.match_substring_regex(ids, _DIGITS), ids, None)
    return [
        _filing(numeric.cast(pa.int64()), _NUMBERS),
        _filing(dates.cast(pa.int32()), _DAYS),
        _filing(subjects.dictionary_encode().indices, _SAME),
    ]


def _filing(values: pa.Array, bounds: tuple[int, ...]) -> Filing:
    numbers = values.cast(pa.int64()).fill_null(0).to_numpy()
    return Filing(numbers, values.is_valid().to_numpy(zero_copy_only=False), bounds)
