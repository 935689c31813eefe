"""How good a model is on subjects that it was not trained on, and what its probabilities are worth there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from kg.concepts.ranking import calibrated

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

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


@dataclass(frozen=True)
class Calibration:
    """What turns log odds into probabilities, and the least probability that `auto` keeps."""

    slope: float
    offset: float
    cut: float
    precision: float
    """Of what is kept of the held-out articles."""
    concepts: float
    """That a held-out article gets, on average."""


def calibrate(groups: Sequence[HeldOut]) -> Calibration:
    """The probabilities that held-out articles bear out; the lowest cut, in hundredths, that reaches `PRECISION`."""
    odds = np.concatenate([group.odds for group in groups])
    chosen = np.concatenate([group.chosen for group in groups])
    articles = sum(len(group.keywords) for group in groups)
    slope, offset = _platt(odds, chosen)
    probability = calibrated(odds, slope, offset)
    for hundredth in range(5, 96):
        kept = probability >= hundredth / 100
        precision = float(chosen[kept].mean()) if kept.any() else 1.0
        if precision >= PRECISION:
            break
    return Calibration(slope, offset, hundredth / 100, precision, float(kept.sum() / articles))


def _platt(odds: Floats, chosen: Bools) -> tuple[float, float]:
    """Slope and offset of a logistic regression on the odds alone, by Newton's method."""
    design = np.column_stack([odds, np.ones(len(odds))])
    weights = np.array([1.0, 0.0])
    for _ in range(25):
        p = calibrated(odds, *weights.tolist())
        step = np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design, design.T @ (p - chosen))
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return float(weights[0]), float(weights[1])
