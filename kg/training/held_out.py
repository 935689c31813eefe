"""How good a model is on subjects that it was not trained on, and what its probabilities are worth there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kg.base.arrays import Bools, Floats, Ints
from kg.concepts.ranking.ranker import calibrated

AT: Final = (5, 10, 15)
PRECISION: Final = 0.6
"""What `auto` aims at: of the concepts that it keeps, the share that the authors chose too."""


@dataclass(frozen=True)
class HeldOut:
    """The candidates of one group of articles, as a model sees them that was trained on the other groups."""

    group: str
    article: Ints
    """Of each row, the index of its article in `keywords`; sorted."""
    odds: Floats
    chosen: Bools
    keywords: Ints
    """Of each article of the group, how many its author chose."""

    def f1(self, count: int) -> float:
        """F1 at `count`, the mean over articles; a keyword that is no candidate counts as missed."""
        order = np.lexsort((-self.odds, self.article))
        article = self.article[order]
        place = np.arange(len(article)) - np.searchsorted(article, article)
        first = place < count
        right = np.bincount(article[first], weights=self.chosen[order][first], minlength=len(self.keywords))
        return float((2 * right / (count + self.keywords)).mean()) if len(self.keywords) else 0.0


def calibration(groups: Sequence[HeldOut]) -> tuple[float, float]:
    """The slope and offset with which log odds become the probabilities that held-out articles bear out.

    By Newton's method on the log loss, each candidate with the same weight.
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
    """What the least probability `at` gives on held-out articles."""

    at: float
    precision: float
    concepts: float
    """An article, on average."""


def best_cut(groups: Sequence[HeldOut], slope: float, offset: float) -> Cut:
    """The lowest cut, in hundredths, whose precision on held-out articles is at least `PRECISION`; else the highest."""
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
