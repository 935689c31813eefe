"""Participation coefficient of articles: how evenly their concepts are spread over communities.

Method: R. Guimerà, L. A. Nunes Amaral, "Functional cartography of complex metabolic networks", Nature 433, 895 (2005),
with salience as the weight. For an article, each community has a share: the summed salience of the article's concepts
in this community, divided by the summed salience of the article's concepts in all communities. The coefficient is 1
minus the sum of the squares of these shares.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_DIGITS: Final = 4


def participation(articles: pa.Array, mentions: pa.Table, concepts: pa.Array, community: pa.Array) -> pa.Array:
    """Return the participation coefficient of each article, rounded to four decimals.

    The coefficient is 0 if all concepts of the article are in one community, and near 1 if they are spread evenly over
    many communities. It is null if the article has no concept with a positive salience that is in a community.

    Args:
        articles: the urls of the articles.
        mentions: rows of `kg.base.tables.MENTIONS`.
        concepts: the slugs of the concepts.
        community: the slug of the community of each concept, or null.
    """
    groups = community.dictionary_encode()
    width = max(len(groups.dictionary), 1)
    group = groups.indices.fill_null(-1).to_numpy()[pc.index_in(mentions["concept"], value_set=concepts).to_numpy()]
    article = pc.index_in(mentions["article"], value_set=articles).to_numpy().astype(np.int64)
    grouped = group >= 0
    # One cell for each pair of an article and a community of its concepts; a full matrix has millions of empty cells.
    cells, cell = np.unique(article[grouped] * width + group[grouped], return_inverse=True)
    inside = np.bincount(cell, mentions["salience"].to_numpy()[grouped], len(cells))
    of_article = cells // width
    total = np.bincount(of_article, inside, len(articles))
    is_spread = total > 0
    squares = np.bincount(of_article, inside**2, len(articles))
    spread = 1 - squares / np.where(is_spread, total, 1.0) ** 2
    return pa.array(spread.clip(0.0).round(_DIGITS), pa.float64(), mask=~is_spread)
