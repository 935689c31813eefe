"""Distinctive concepts of a group of articles: frequent in the group and rare elsewhere."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from kg.base.arrays import Ints
from kg.base.tables import Tables


class Distinctive:
    """A comparison of the concepts of groups of articles with the concepts of all articles.

    Articles and concepts are given by their row numbers in the tables.
    """

    def __init__(self, tables: Tables) -> None:
        mentions, urls, slugs = tables.mentions, tables.articles["url"], tables.concepts["slug"]
        self._article: Ints = pc.index_in(mentions["article"], value_set=urls.combine_chunks()).to_numpy()
        self._concept: Ints = pc.index_in(mentions["concept"], value_set=slugs.combine_chunks()).to_numpy()
        self._size = tables.concepts.num_rows
        self._share_of_all = np.bincount(self._concept, minlength=self._size) / max(tables.articles.num_rows, 1)

    def of(self, articles: Ints) -> Ints:
        """Return the concepts of these articles, most distinctive first.

        A concept is the more distinctive, the more it contributes to the Kullback-Leibler divergence between how
        frequent each concept is in these articles and how frequent it is in all articles (S. Kullback, R. A. Leibler,
        "On information and sufficiency", 1951).
        """
        inside = np.isin(self._article, articles)
        here = np.bincount(self._concept[inside], minlength=self._size)
        found = np.flatnonzero(here)
        share = here[found] / max(len(articles), 1)
        score = (share * np.log(share / self._share_of_all[found])).round(9)
        order: Ints = found[np.lexsort((found, -here[found], -score))]
        return order
