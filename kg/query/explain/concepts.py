"""Explanation of how two concepts are connected: in the hierarchy of concepts, and by articles that mention both."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any, Final

from kg.base.model import RelationKind
from kg.base.plural import counted
from kg.graph.rows import RelationRow
from kg.query.explain.quotes import QuoteSource, named, sentence
from kg.query.explain.values import End, Finding, Quote, Section

_RANKED: Final = 40
"""Maximum number of articles with two given concepts that are searched for a sentence that contains both concepts."""
_COMPANIONS: Final = 200
"""Maximum number of articles with a given concept that are searched for other concepts.

If more articles have the concept, those in which it is most salient are searched.
"""


def between_concepts(source: QuoteSource, a: End, b: End, limit: int) -> tuple[bool, str, list[Section]]:
    """Return three values: whether two concepts are connected, a one-sentence summary, and the sections to show.

    A section has at most `limit` reasons.
    """
    chain = _chain(source, a.key, b.key)
    together = _common_articles(source, a.key, b.key)
    relation = source.relation(a.key, b.key)
    related = relation if relation is not None and relation.kind == RelationKind.RELATED else None
    best = sorted(together[: max(limit, _RANKED)], key=lambda entry: not source.says_both(entry[1], a.key, b.key))
    articles = [_article(source, a.key, b.key, *entry) for entry in best[:limit]]
    sections = [
        Section("hierarchy", "Broader and narrower", len(chain), tuple(_step(source, row) for row in chain)),
        Section("cooccurrence", _title(source, a.key, b.key, related, len(together)), len(together), tuple(articles)),
    ]
    said = [_hierarchy(source, a.key, b.key, chain)] if chain else []
    if together:
        said.append(f"{counted(len(together), 'article')} mention{'s' if len(together) == 1 else ''} both")
    if said:
        return True, sentence(said), sections
    why = "Neither is broader than the other, they have no broader concept in common, and no article mentions both."
    return False, why, _near(source, a.key, b.key, limit)


def _chain(source: QuoteSource, a: str, b: str) -> list[RelationRow]:
    """Return the relations from a narrower to a broader concept that connect two concepts in the hierarchy.

    If one of the two concepts is an ancestor of the other (broader than it, directly or through other concepts), the
    relations lead from the other concept up to this ancestor. Otherwise they lead from both concepts up to their
    nearest common ancestor. The list is empty if the concepts have no common ancestor.
    """
    one, other = _ancestors(source, a), _ancestors(source, b)
    common = sorted(one.keys() & other.keys(), key=lambda slug: (len(one[slug]) + len(other[slug]), slug))
    return [*one[common[0]], *other[common[0]]] if common else []


def _ancestors(source: QuoteSource, slug: str) -> dict[str, list[RelationRow]]:
    """Return the relations that lead from a concept up to each of its ancestors, on the shortest way.

    An ancestor is broader than the concept, directly or through other concepts. The keys are the slugs of the
    ancestors. The concept itself is also a key, with an empty list.
    """
    chains: dict[str, list[RelationRow]] = {slug: []}
    queue = [slug]
    for current in queue:
        for row in sorted(source.broader(current), key=lambda row: str(row.target)):
            if row.target not in chains:
                chains[row.target] = [*chains[current], row]
                queue.append(row.target)
    return chains


def _hierarchy(source: QuoteSource, a: str, b: str, chain: list[RelationRow]) -> str:
    tops = {row.target for row in chain} - {row.source for row in chain}
    (top,) = tops
    if top in (a, b):
        low = b if top == a else a
        return f'"{source.index.labels[top]}" is broader than "{source.index.labels[low]}"'
    return f'both are narrower than "{source.index.labels[top]}"'


def _step(source: QuoteSource, row: RelationRow) -> Finding:
    """Return a finding that states one relation of a narrower to a broader concept, with the reasons for it."""
    low, high = source.index.labels[row.source], source.index.labels[row.target]
    facts = {"narrower": row.source, "broader": row.target, "reasons": row.origins}
    return Finding(f'"{low}" → "{high}": {relation_reasons(source, row)}', facts, relation_quotes(source, row))


def relation_reasons(source: QuoteSource, row: RelationRow) -> str:
    """Return the reasons for a relation of a narrower to a broader concept, as text."""
    high = source.index.labels[row.target]
    reasons = {
        "head": "its name says so",
        "pattern": "a sentence says so",
        "subsumption": f"{row.article_count:,} of its {counted(source.index.article_counts[row.source], 'article')} "
        f'have "{high}" too',
    }
    return "; ".join(reasons.get(origin, f"said by the {origin}") for origin in row.origins)


def relation_quotes(source: QuoteSource, row: RelationRow) -> tuple[Quote, ...]:
    """Return a quote of the sentence that states a relation, or else of a sentence that contains both concepts."""
    return source.sentence(row) or _best_of_both(source, row.source, row.target)


def quotes_of_both(source: QuoteSource, one: str, other: str) -> tuple[Quote, ...]:
    """Return a quote of a sentence that contains both concepts.

    If there is none, return a quote for each concept, from the best article that has both.
    """
    if quotes := _best_of_both(source, one, other):
        return quotes
    best = _common_articles(source, one, other)[:1]
    return tuple(quote for _, url in best for slug in (one, other) for quote in source.quote(url, slug))


def _best_of_both(source: QuoteSource, one: str, other: str) -> tuple[Quote, ...]:
    for _, url in _common_articles(source, one, other)[:_RANKED]:
        if quotes := source.quote_of_both(url, one, other):
            return quotes
    return ()


def _common_articles(source: QuoteSource, a: str, b: str) -> list[tuple[float, str]]:
    """Return a pair (weight, url) for each article that mentions both concepts, the largest weight first.

    The weight of an article is the geometric mean of the saliences of the two concepts in it.
    """
    mine, others = source.articles_of(a), source.articles_of(b)
    weights = [(math.sqrt(mine[url] * others[url]), url) for url in mine.keys() & others.keys()]
    return sorted(weights, key=lambda entry: (-entry[0], entry[1]))


def _title(source: QuoteSource, a: str, b: str, related: RelationRow | None, count: int) -> str:
    counts = f"{source.index.article_counts[a]:,} and {source.index.article_counts[b]:,}"
    if related is None:
        return f"Articles that mention both: {count:,}, of {counts}"
    return f"Related, articles that mention both: {count:,}, of {counts}; NPMI {related.npmi:.2f}"


def _article(source: QuoteSource, a: str, b: str, weight: float, url: str) -> Finding:
    saliences = [source.mentions(url)[slug].salience for slug in (a, b)]
    quotes = source.quote_of_both(url, a, b) or (*source.quote(url, a), *source.quote(url, b))
    facts: dict[str, Any] = {"article": url, "weight": round(weight, 4), "salience": saliences}
    return Finding(source.index.titles[url], facts, quotes, f"salience {saliences[0]:.2f} and {saliences[1]:.2f}")


def _near(source: QuoteSource, a: str, b: str, limit: int) -> list[Section]:
    """Return a list with one section, about the nearest connections of two concepts that are not connected directly.

    The section lists other concepts that share an article with the first concept, and an article with the second. If
    there are no such concepts, an empty list is returned.
    """
    found = _companions(source, a, b)
    if found:
        findings = tuple(_companion(source, a, b, weight, slug) for weight, slug in found[:limit])
        return [Section("near", "Nearest connection: concepts that share articles with both", len(found), findings)]
    return []


def _companions(source: QuoteSource, a: str, b: str) -> list[tuple[float, str]]:
    """Return a pair (weight, slug) for each other concept that shares articles with both `a` and `b`, best first.

    The weight of such a concept grows with its specificity (the fewer articles have it, the more specific it is), with
    its salience in the shared articles, and with the saliences of `a` and `b` in these articles.
    """
    weights: list[dict[str, float]] = []
    for slug in (a, b):
        articles = source.articles_of(slug)
        best = sorted(articles, key=lambda url: (-articles[url], url))[:_COMPANIONS]
        found: dict[str, float] = defaultdict(float)
        for url, mentions in source.index.mentions_by_article(best).items():
            for row in mentions:
                found[row.concept] = max(found[row.concept], math.sqrt(articles[url] * row.salience))
        weights.append(found)
    both = weights[0].keys() & weights[1].keys() - {a, b}
    found_in_both = [
        (math.sqrt(weights[0][slug] * weights[1][slug]) * source.specificity(slug) ** 2, slug) for slug in both
    ]
    return sorted(found_in_both, key=lambda entry: (-entry[0], entry[1]))


def _companion(source: QuoteSource, a: str, b: str, weight: float, slug: str) -> Finding:
    quotes = (*quotes_of_both(source, a, slug), *quotes_of_both(source, b, slug))
    labels = source.index.labels
    says = f'"{labels[slug]}" shares articles with {named([labels[a], labels[b]])}'
    return Finding(says, {"concept": slug, "weight": round(weight, 4)}, quotes)
