"""Making of the nodes that describe pairs of similar articles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyoxigraph import NamedNode

from kg.base.iris import Minter
from kg.base.tables import Tables, each_row
from kg.export.rdf.terms import (
    COMPARED,
    SCORE,
    SHARED_CONCEPT,
    SIMILARITY,
    TYPE,
    Property,
    RdfNode,
    decimal_literal,
)

_RANKS: Final = 5
"""Number of similar articles of each article that are in the graph; the table has more."""
_CONCEPTS: Final = 3
"""Largest number of shared concepts of a pair that are in the graph."""


SimilarPair = tuple[str, str, dict[str, Any]]
"""The urls of two similar articles, sorted, and the row of the table of similar articles that has the pair."""


def similarities(tables: Tables, minter: Minter) -> Iterator[RdfNode]:
    """Yield a node for each pair of similar articles, sorted by the urls of the articles."""
    for one, other, row in similar_pairs(tables.similar):
        properties: list[Property] = [(TYPE, SIMILARITY)]
        properties += [(COMPARED, NamedNode(minter.article(url))) for url in (one, other)]
        properties.append((SCORE, decimal_literal(row["score"])))
        properties += [(SHARED_CONCEPT, NamedNode(minter.concept(slug))) for slug in row["concepts"][:_CONCEPTS]]
        yield RdfNode(NamedNode(minter.similarity(one, other)), properties)


def similar_pairs(similar: pa.Table) -> Iterator[SimilarPair]:
    """Yield the pairs of articles that are in the graph: those of which one is among the first ranks of the other.

    Args:
        similar: rows of `kg.base.tables.SIMILAR`.

    Yields:
        The two urls, sorted, and a row of `similar` that has this pair; of two such rows, the first.
    """
    near = similar.filter(pc.less_equal(similar["rank"], _RANKS))
    ends = near["source"], near["target"]
    pairs = near.append_column("one", pc.min_element_wise(*ends)).append_column("other", pc.max_element_wise(*ends))
    last = None
    for row in each_row(pairs.sort_by([("one", "ascending"), ("other", "ascending"), ("source", "ascending")])):
        pair = row.pop("one"), row.pop("other")
        if pair != last:
            yield *pair, row
        last = pair
