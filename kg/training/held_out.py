"""Held-out evaluation: measure and calibrate models on groups of articles that they were not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kg.base.arrays import Bools, Floats, Ints
from kg.concepts.ranking.ranker import calibrated

AT: Final = (5, 10, 15)
"""The numbers of concepts per article at which F1 is reported."""
PRECISION: Final = 0.6
"""Target precision of the setting `per_article = "auto"`.

The precision is the share of the kept concepts that the authors chose as keywords too.
"""


@dataclass(frozen=True)
class HeldOut:
    """The candidates of one group of articles, scored by a model trained on the other groups."""

    group: str
    article: Ints
    """For each candidate, the place of its article within the group, as in `keywords`; in ascending order."""
    odds: Floats
    """Log odds of each candidate."""
    chosen: Bools
    """For each candidate, whether the author of its article chose it as a keyword."""
    keywords: Ints
    """Number of keywords of each article in the group."""

    def f1(self, count: int) -> float:
        """Return the mean F1 of the articles, if the best `count` candidates of each article are taken as its concepts.

        A keyword that is not a candidate counts as missed.
        """
        order = np.lexsort((-self.odds, self.article))
        article = self.article[order]
        place = np.arange(len(article)) - np.searchsorted(article, article)
        first = place < count
        right = np.bincount(article[first], weights=self.chosen[order][first], minlength=len(self.keywords))
        return float((2 * right / (count + self.keywords)).mean()) if len(self.keywords) else 0.0


def calibration(groups: Sequence[HeldOut]) -> tuple[float, float]:
    """Fit the line that calibrates log odds to held-out articles; return the slope and the offset of this line.

    Newton's method minimises the log loss. All candidates have the same weight.
    """
    odds = np.concatenate([group.odds for group in groups])
    chosen = np.concatenate([group.chosen for group in groups])
    design = np.column_stack([odds, np.ones(len(odds))])
    weights = np.array([1.0, 0.0])
    for _ in range(25):
        p = calibrated(odds, *weights.tolist())
        step = np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design, design.T @ (p - chosen))
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return float(weights[0]), float(weights[1])


@dataclass(frozen=True)
class Cut:
    """A cut (the least probability of a concept), and its results on held-out articles."""

    at: float
    """The cut: a candidate is kept as a concept if its probability is at least this."""
    precision: float
    """Share of keywords of authors among the concepts that are kept."""
    concepts: float
    """Mean number of concepts that are kept per article."""


def best_cut(groups: Sequence[HeldOut], slope: float, offset: float) -> Cut:
    """Return the lowest cut with a precision of at least `PRECISION`.

    The cuts 0.05, 0.06 and so on to 0.95 are tried. If none is precise enough, the result is 0.95.
    """
    odds = np.concatenate([group.odds for group in groups])
    chosen = np.concatenate([group.chosen for group in groups])
    articles = sum(len(group.keywords) for group in groups)
    probability = calibrated(odds, slope, offset)
    for hundredth in range(5, 96):
        kept = probability >= hundredth / 100
        precision = float(chosen[kept].mean()) if kept.any() else 1.0
        if precision >= PRECISION:
            break
    return Cut(hundredth / 100, precision, float(kept.sum() / articles))
