"""Similar articles of an article, with the concepts that they share: `kg related`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kg.base.errors import check_at_least_one
from kg.graph.index import GraphIndex
from kg.graph.rows import Focus, FocusKind, SimilarRow
from kg.graph.similar import MOST


@dataclass(frozen=True, slots=True)
class SimilarArticle:
    """An article that is like another one.

    Attributes:
        rank: 1 for the most similar article.
        article: the similar article.
        score: from 0 to 1, see `kg.graph.similar.similar_articles`.
        concepts: the labels of the shared concepts that contribute most to the similarity, at most five.
        is_linked: whether one of the two articles links to the other.
    """

    rank: int
    article: Focus
    score: float
    concepts: tuple[str, ...]
    is_linked: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the similar article as data that can be written as JSON."""
        return {
            "rank": self.rank,
            "url": self.article.key,
            "title": self.article.label,
            "iri": self.article.iri,
            "score": self.score,
            "concepts": list(self.concepts),
            "linked": self.is_linked,
        }


def related_articles(index: GraphIndex, article: Focus, limit: int = MOST) -> list[SimilarArticle]:
    """Return the articles that are most like `article`, the most similar first; there are at most ten.

    Raises:
        UsageError: if `limit` is not a whole number of at least 1.
    """
    check_at_least_one("limit", limit)
    linked = {link.target for link in index.links_from(article.key)}
    linked |= {link.source for link in index.links_to(article.key)}
    return [_similar_article(index, row, row.target in linked) for row in index.similar_to(article.key)[:limit]]


def _similar_article(index: GraphIndex, row: SimilarRow, is_linked: bool) -> SimilarArticle:
    concepts = tuple(index.labels[slug] for slug in row.concepts)
    return SimilarArticle(row.rank, index.focus(FocusKind.ARTICLE, row.target), row.score, concepts, is_linked)
