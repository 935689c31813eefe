"""Held-out evaluation: models are measured and calibrated on groups of articles that they were not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kg.base.arrays import Bools, Floats, Ints
from kg.concepts.ranking.ranker import calibrated

AT: Final = (5, 10, 15)
"""Numbers of concepts per article for which the F1 score of a model is reported."""
PRECISION: Final = 0.6
"""Target precision of the setting `per_article = "auto"`, which keeps all probable concepts of an article.

The precision is the share of keywords of the authors among the kept concepts.
"""


@dataclass(frozen=True)
class HeldOut:
    """The candidates of one group of articles, with scores from a model that was trained on all other groups."""

    group: str
    article: Ints
    """For each candidate, the index of its article in `keywords`. The candidates are sorted by this index."""
    odds: Floats
    """For each candidate, the log odds that it is a keyword, as the model computes them without calibration."""
    chosen: Bools
    """For each candidate, whether the author of its article chose it as a keyword."""
    keywords: Ints
    """For each article of the group, the number of its keywords."""

    def f1(self, count: int) -> float:
        """Return the mean F1 score of the articles, if the best `count` candidates of each are taken as its concepts.

        The concepts are compared with the keywords of the article. A keyword that is not a candidate counts as missed.
        """
        order = np.lexsort((-self.odds, self.article))
        article = self.article[order]
        place = np.arange(len(article)) - np.searchsorted(article, article)
        first = place < count
        right = np.bincount(article[first], weights=self.chosen[order][first], minlength=len(self.keywords))
        return float((2 * right / (count + self.keywords)).mean()) if len(self.keywords) else 0.0


def calibration(groups: Sequence[HeldOut]) -> tuple[float, float]:
    """Fit the line that calibrates log odds (Platt scaling), and return the slope and the offset of this line.

    The line is fitted to the candidates of held-out articles, which all have the same weight. Newton's method minimises
    the log loss.
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
    """A cut (the least probability at which a candidate is kept as a concept), and its results on held-out articles."""

    at: float
    """The least probability at which a candidate is kept as a concept."""
    precision: float
    """Share of the kept concepts that the authors chose as keywords."""
    concepts: float
    """Mean number of concepts per article that are kept."""


def best_cut(groups: Sequence[HeldOut], slope: float, offset: float) -> Cut:
    """Return the lowest cut (least probability of a concept) with a precision of at least `PRECISION`.

    The cuts 0.05, 0.06 and so on to 0.95 are tried on the candidates of `groups`. If none is precise enough, the result
    is 0.95. `slope` and `offset` calibrate the candidates' log odds.
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
