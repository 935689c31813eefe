"""Suggestions for the authors of the articles: `kg suggest`.

There are four kinds: links that are missing between similar articles, articles to which no article links, concepts
that many articles mention and none defines, and articles that are nearly the same. Each suggestion has its reason. The
best suggestion of each kind comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from zlib import crc32

import numpy as np

from kg.base.arrays import Ints
from kg.base.errors import check_at_least_one
from kg.base.plural import counted
from kg.graph.index import GraphIndex
from kg.graph.rows import Focus, FocusKind, SimilarRow

LIMIT: Final = 10
"""Default maximum number of suggestions of each kind."""
NEARLY_THE_SAME: Final = 0.85
"""Least similarity of the content of two articles that are nearly the same; see `kg.base.tables.SIMILAR`."""
_REPEATED: Final = 0.5
"""Least share of the phrases of the shorter text that are also in the other, for articles that are nearly the same."""
_NEAREST: Final = 3
"""Lowest rank of an article among the similar articles of another one between which a link is suggested."""
_LEAST_SIMILARITY: Final = 0.2
"""Least similarity of the content of two articles between which a link is suggested."""
_LEAST_MENTIONS: Final = 4
"""Least number of articles that mention a concept for which a definition is suggested."""
_PROMINENT: Final = 3
"""Rank in an article down to which a concept is prominent there."""
_NAMED: Final = 3
"""Maximum number of shared concepts that a reason names."""
_PHRASE: Final = 5
"""Number of consecutive words by which the texts of two articles are compared."""
_WORD: Final = re.compile(r"\w+")


class SuggestionKind(StrEnum):
    """The kind of a suggestion."""

    LINK = "link"
    ORPHAN = "orphan"
    DEFINITION = "definition"
    DUPLICATE = "duplicate"


TITLES: Final = {
    SuggestionKind.LINK: "Missing links between similar articles",
    SuggestionKind.ORPHAN: "Articles to which no article links",
    SuggestionKind.DEFINITION: "Concepts that many articles mention and none defines",
    SuggestionKind.DUPLICATE: "Articles that are nearly the same",
}
"""The title of each kind of suggestion, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion with its reason.

    Attributes:
        kind: the kind of the suggestion.
        node: the article or concept that could be improved.
        other: the article to which it could link, from which a link could come, or which is nearly the same; None for a
            concept.
        score: from 0 to 1, see `kg.graph.similar.similar_articles`; for a concept, the number of its articles.
        concepts: the labels of the shared concepts that contribute most to the similarity.
        reason: the reason as a clause.
    """

    kind: SuggestionKind
    node: Focus
    other: Focus | None
    score: float
    concepts: tuple[str, ...]
    reason: str

    @property
    def is_pair(self) -> bool:
        """Whether the suggestion is about both articles, and not about one of them only."""
        return self.kind in {SuggestionKind.LINK, SuggestionKind.DUPLICATE}

    def to_dict(self) -> dict[str, Any]:
        """Return the suggestion as data that can be written as JSON."""
        return {
            "kind": self.kind.value,
            "node": _named(self.node),
            "other": None if self.other is None else _named(self.other),
            "score": self.score,
            "concepts": list(self.concepts),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The suggestions of one kind, the best first; `total` is the number of all suggestions of this kind."""

    kind: SuggestionKind
    total: int
    best: tuple[Suggestion, ...]

    @property
    def title(self) -> str:
        """The title of the list of suggestions."""
        return TITLES[self.kind]

    def to_dict(self) -> dict[str, Any]:
        """Return the suggestions as data that can be written as JSON."""
        best = [suggestion.to_dict() for suggestion in self.best]
        return {"kind": self.kind.value, "title": self.title, "total": self.total, "suggestions": best}


def suggest(index: GraphIndex, limit: int = LIMIT) -> list[Suggestions]:
    """Return the suggestions for a graph: an entry for each kind, in the order of `SuggestionKind`.

    Args:
        index: look-ups in the tables of the whole graph.
        limit: maximum number of suggestions of each kind.

    Raises:
        UsageError: if `limit` is not a whole number of at least 1.
    """
    check_at_least_one("limit", limit)
    same = _duplicates(index)
    links, orphans = _missing_links(index, same), _orphans(index)
    undefined = _undefined(index)
    return [
        _best_links(index, links, limit),
        Suggestions(SuggestionKind.ORPHAN, len(orphans), tuple(_orphan(index, url) for url in orphans[:limit])),
        Suggestions(
            SuggestionKind.DEFINITION,
            len(undefined),
            tuple(_definition(index, slug) for slug in undefined[:limit]),
        ),
        Suggestions(SuggestionKind.DUPLICATE, len(same), tuple(_duplicate(index, *one) for one in same[:limit])),
    ]


def suggest_links(index: GraphIndex, limit: int = LIMIT) -> Suggestions:
    """Return the suggestions of missing links; for the arguments and the error, see `suggest`."""
    check_at_least_one("limit", limit)
    return _best_links(index, missing_links(index), limit)


def _best_links(index: GraphIndex, links: Sequence[SimilarRow], limit: int) -> Suggestions:
    return Suggestions(SuggestionKind.LINK, len(links), tuple(_link(index, row) for row in links[:limit]))


def missing_links(index: GraphIndex) -> list[SimilarRow]:
    """Return the pairs of similar articles neither of which links to the other, the most similar first.

    Each pair is there once. Pairs of articles that are nearly the same are left out.
    """
    return _missing_links(index, _duplicates(index))


def _missing_links(index: GraphIndex, same: Iterable[tuple[SimilarRow, float]]) -> list[SimilarRow]:
    """Return the result of `missing_links`, given that of `_duplicates`."""
    linked, left_out = index.linked, {(row.source, row.target) for row, _ in same}
    missing = [
        row
        for row in _pairs(index)
        if row.rank <= _NEAREST
        and row.similarity >= _LEAST_SIMILARITY
        and (row.source, row.target) not in left_out
        and row.target not in linked.get(row.source, ())
        and row.source not in linked.get(row.target, ())
    ]
    return sorted(missing, key=lambda row: (-row.score, -row.similarity, row.source, row.target))


def _duplicates(index: GraphIndex) -> list[tuple[SimilarRow, float]]:
    """Return the pairs of articles that are nearly the same, the most similar first.

    Articles with few concepts may have the same ones and yet different texts, so the texts are compared too. With each
    pair comes the share of the phrases of the shorter text that are also in the other.
    """
    close = [row for row in _pairs(index) if row.similarity >= NEARLY_THE_SAME]
    texts = index.texts({url for row in close for url in (row.source, row.target)})
    phrases = {url: _phrases(" ".join(parts.values())) for url, parts in texts.items()}
    shares = [(row, _repeated(phrases[row.source], phrases[row.target])) for row in close]
    same = [(row, share) for row, share in shares if share >= _REPEATED]
    return sorted(same, key=lambda one: (-one[0].similarity, one[0].source, one[0].target))


def _pairs(index: GraphIndex) -> Iterable[SimilarRow]:
    """Return each pair of similar articles once, in the direction that has the better rank."""
    best: dict[frozenset[str], SimilarRow] = {}
    for row in index.similarities():
        pair = frozenset((row.source, row.target))
        if pair not in best or row.rank < best[pair].rank:
            best[pair] = row
    return best.values()


def _orphans(index: GraphIndex) -> list[str]:
    """Return the urls of the articles to which no article links, the most central first; none if there are no links."""
    reached = {url for targets in index.linked.values() for url in targets}
    alone = [row for row in index.articles(index.titles).values() if row.url not in reached]
    return [row.url for row in sorted(alone, key=lambda row: (-row.centrality, row.url))] if reached else []


def _undefined(index: GraphIndex) -> list[str]:
    """Return the slugs of the concepts that need a definition.

    Those come first that are among the `_PROMINENT` most salient concepts of the most articles. An article counts as a
    definition if its most salient concept is this one, and its title has the label.
    """
    common = [slug for slug, count in index.article_counts.items() if count >= _LEAST_MENTIONS]
    concepts = {slug: row for slug, row in index.concepts(common).items() if row.definition is None}
    titles = index.titles
    prominent = dict.fromkeys(concepts, 0)
    for slug, mentions in index.mentions_by_concept(concepts).items():
        label = concepts[slug].pref_label.casefold()
        if any(mention.rank == 1 and label in titles[mention.article].casefold() for mention in mentions):
            del concepts[slug]
        prominent[slug] = sum(mention.rank <= _PROMINENT for mention in mentions)
    ordered = sorted(concepts.values(), key=lambda row: (-prominent[row.slug], -row.article_count, row.slug))
    return [row.slug for row in ordered]


def _link(index: GraphIndex, row: SimilarRow) -> Suggestion:
    source, target = _ends(index, row)
    labels = _labels(index, row)
    return Suggestion(SuggestionKind.LINK, source, target, row.score, labels, f"both are about {_listed(labels)}")


def _orphan(index: GraphIndex, url: str) -> Suggestion:
    article = index.focus(FocusKind.ARTICLE, url)
    nearest = index.similar_to(url)[:1]
    if not nearest:
        return Suggestion(SuggestionKind.ORPHAN, article, None, 0.0, (), "no other article is like it")
    (row,) = nearest
    _, other = _ends(index, row)
    labels = _labels(index, row)
    reason = f'a link could come from "{index.distinct_label(other)}", which is also about {_listed(labels)}'
    return Suggestion(SuggestionKind.ORPHAN, article, other, row.score, labels, reason)


def _definition(index: GraphIndex, slug: str) -> Suggestion:
    mentions = index.articles_of(slug)
    most = index.distinct_label(index.focus(FocusKind.ARTICLE, mentions[0].article))
    reason = f'{counted(len(mentions), "article")}; "{most}" is about it most'
    concept = index.focus(FocusKind.CONCEPT, slug)
    return Suggestion(SuggestionKind.DEFINITION, concept, None, len(mentions), (), reason)


def _duplicate(index: GraphIndex, row: SimilarRow, share: float) -> Suggestion:
    source, target = _ends(index, row)
    labels = _labels(index, row)
    reason = f"both are about {_listed(labels)}; {share:.0%} of the phrases of the shorter text are in the other"
    return Suggestion(SuggestionKind.DUPLICATE, source, target, row.score, labels, reason)


def _phrases(text: str) -> Ints:
    """Return a checksum of each different phrase of a text; a text with fewer words than `_PHRASE` is one phrase."""
    words = _WORD.findall(text.casefold())
    found = (" ".join(words[at : at + _PHRASE]) for at in range(max(len(words) - _PHRASE + 1, 1)))
    return np.unique(np.fromiter((crc32(phrase.encode()) for phrase in found), np.int64))


def _repeated(one: Ints, other: Ints) -> float:
    """Return the share of the phrases of the shorter text that are also in the other."""
    return len(np.intersect1d(one, other, assume_unique=True)) / min(len(one), len(other))


def _ends(index: GraphIndex, row: SimilarRow) -> tuple[Focus, Focus]:
    return index.focus(FocusKind.ARTICLE, row.source), index.focus(FocusKind.ARTICLE, row.target)


def _labels(index: GraphIndex, row: SimilarRow) -> tuple[str, ...]:
    return tuple(index.labels[slug] for slug in row.concepts)


def _listed(labels: Sequence[str]) -> str:
    *first, last = labels[:_NAMED]
    return f"{', '.join(first)} and {last}" if first else last


def _named(focus: Focus) -> dict[str, str]:
    return {"kind": focus.kind.value, "key": focus.key, "label": focus.label, "iri": focus.iri}
