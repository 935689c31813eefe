"""Context similarity: compare concepts by their contexts, which are the other concepts in their articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.arrays import Floats, Ints
from kg.concepts.terms.term_index import expand_ranges

SIMILAR: Final = 0.6
"""Minimum cosine of the context vectors (weights of other concepts in the same articles) of two possible synonyms."""
TOGETHER: Final = 0.34
"""Maximum share of articles that have both concepts, if two concepts may be synonyms.

The share is computed for the concept that has fewer articles. An author who uses both concepts distinguishes them.
"""
APART: Final = 0.1
"""Maximum ratio of the similarity between two groups of articles to the similarity inside a group.

A concept is ambiguous if its articles can be divided into two groups with at most this ratio. The similarity of two
articles is the cosine of their context vectors (weights of the concepts in them). Between the groups, it is averaged
over pairs of articles from different groups. Inside a group, it is averaged over pairs of its articles; the smaller of
the two averages is used.
"""
WITNESSES: Final = 5
"""Minimum number of articles that a concept must have to be compared with other concepts.

It is also the least number of articles in each of the two groups of an ambiguous concept.
"""
COMPARED: Final = 400
"""Maximum number of concepts with the same last word that are compared with each other.

It is also the largest number of articles that a concept may have to be tested for ambiguity.
"""


class ContextSimilarity:
    """The contexts of all concepts that have at least `WITNESSES` articles.

    The context of a concept is a vector with the weights of the other concepts in its articles.

    Args:
        concepts: rows with `slug`, `normal_form`, `pref_label` and `article_count`.
        mentions: the table `kg.base.tables.MENTIONS`.
    """

    def __init__(self, concepts: Sequence[Mapping[str, Any]], mentions: pa.Table) -> None:
        self._rows = sorted(
            (row for row in concepts if row["article_count"] >= WITNESSES), key=lambda row: str(row["slug"])
        )
        slugs = pa.array([row["slug"] for row in self._rows], pa.string())
        mentions = mentions.select(["article", "concept"]).filter(pc.is_in(mentions["concept"], slugs))
        concept = pc.index_in(mentions["concept"], slugs).to_numpy().astype(np.int64)
        urls = pa.array(sorted(mentions["article"].unique().to_pylist()), pa.string())
        article = pc.index_in(mentions["article"], urls).to_numpy().astype(np.int64)
        self._articles = _grouped(concept, article, len(slugs))
        """For each concept, the numbers of its articles. The number of an article is its index in the sorted URLs."""
        self._concepts = concept[np.lexsort((concept, article))]
        """The numbers of the concepts of all articles, one article after another.

        Those of article i are the `_count[i]` entries from the index `_start[i]` on.
        """
        self._count = np.bincount(article, minlength=len(urls))
        self._start = np.cumsum(self._count) - self._count
        counts = np.array([len(found) for found in self._articles], np.float64)
        self._rarity = np.log(1 + len(urls) / np.maximum(counts, 1))

    def similar(self) -> Iterator[tuple[str, str, float]]:
        """Yield pairs of possible synonyms: the slugs of two concepts, and the cosine of their context vectors.

        The two concepts have the same last word and similar contexts, and seldom occur in the same article.
        """
        heads: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(self._rows):
            if " " in row["normal_form"]:
                heads[row["normal_form"].split(" ")[-1]].append(place)
        for _, same_head in sorted(heads.items()):
            places = sorted(same_head, key=lambda place: (-len(self._articles[place]), place))[:COMPARED]
            if len(places) < 2:
                continue
            articles = [self._articles[place] for place in places]
            owner = np.repeat(np.arange(len(places)), [len(found) for found in articles])
            matrix, _ = self._matrix(np.array(places), np.concatenate(articles), owner)
            cosine = np.round(matrix @ matrix.T, 2)
            for one, other in zip(*np.nonzero(np.triu(cosine >= SIMILAR, 1)), strict=True):
                first, second = places[one], places[other]
                both = np.intersect1d(self._articles[first], self._articles[second], assume_unique=True)
                if len(both) <= TOGETHER * len(self._articles[second]):
                    yield self._rows[first]["slug"], self._rows[second]["slug"], float(cosine[one, other])

    def divided(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Yield ambiguous concepts of one word: concepts whose articles form two groups with different contexts.

        Yields:
            The label of the concept, and for each of the two groups the labels of the (up to four) other concepts that
            have the largest weights in its articles.
        """
        for place, row in enumerate(self._rows):
            if " " not in row["normal_form"] and 2 * WITNESSES <= len(self._articles[place]) <= COMPARED:
                leaders = self._two_groups(place)
                if leaders is not None:
                    yield row["pref_label"], leaders

    def _matrix(self, places: Ints, articles: Ints, row: Ints) -> tuple[Floats, Ints]:
        """Compute a matrix of context vectors. Each row has the weights of the concepts in certain articles.

        The weight of a concept is the number of these articles that have the concept, times its rarity. Each row is
        normalised to length 1.

        Args:
            places: for each row of the matrix, the number of the concept whose context it is. The weight of this
                concept is set to 0.
            articles: the numbers of the articles of all rows, one row after another.
            row: for each of `articles`, the index of the row to which the article belongs.

        Returns:
            The matrix, of shape (rows, columns), and the number of the concept of each column.
        """
        at, which = expand_ranges(self._start[articles], self._count[articles])
        concept = self._concepts[at]
        stands = np.zeros(len(self._rows), np.bool_)
        stands[concept] = True
        used, column = np.flatnonzero(stands), np.cumsum(stands) - 1
        shape = len(places), len(used)
        cells = row[which] * len(used) + column[concept]
        matrix = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        matrix[np.arange(len(places)), column[places]] = 0
        matrix *= self._rarity[used]
        return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9), used

    def _two_groups(self, place: int) -> list[list[str]] | None:
        """Split the articles of the concept with the number `place` into two groups with different contexts.

        The groups come from 2-means clustering, which starts with the two least similar articles.

        Returns:
            For each group, the labels of the (up to four) concepts that have the largest weights in its articles. The
            result is None if a group is too small (see `WITNESSES`), or if the groups are too similar (see `APART`).
        """
        articles = self._articles[place]
        matrix, used = self._matrix(np.full(len(articles), place), articles, np.arange(len(articles)))
        near = matrix @ matrix.T
        start = int(np.argmin(np.round(near, 6) + 2 * np.eye(len(near))))
        centres = matrix[list(divmod(start, len(near)))]
        side = np.full(len(near), -1)
        for _ in range(10):
            before, side = side, np.argmax(np.round(matrix @ centres.T, 6), axis=1)
            if np.array_equal(before, side):
                break
            if min(np.bincount(side, minlength=2)) < WITNESSES:
                return None
            centres = np.stack([matrix[side == which].mean(axis=0) for which in (0, 1)])
            centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
        inside = [_mean_inside(near[np.ix_(side == which, side == which)]) for which in (0, 1)]
        if float(near[np.ix_(side == 0, side == 1)].mean()) > APART * min(inside):
            return None
        leading = [
            [c for c in np.argsort(-np.round(centre, 6), kind="stable")[:4] if centre[c] > 0] for centre in centres
        ]
        return [[self._rows[used[column]]["pref_label"] for column in columns] for columns in leading]


def _grouped(key: Ints, values: Ints, size: int) -> list[Ints]:
    """Return, for each key from 0 to `size` - 1, an array of the values with this key, in ascending order."""
    order = np.lexsort((values, key))
    return np.split(values[order], np.cumsum(np.bincount(key, minlength=size))[:-1]) if size else []


def _mean_inside(near: Floats) -> float:
    size = len(near)
    return float((near.sum() - np.trace(near)) / (size * (size - 1)))
