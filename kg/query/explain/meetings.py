"""Nearest relations of two ends with nothing in common: third articles that mention a concept of each."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Final

from kg.query.explain.quotes import QuoteSource, named
from kg.query.explain.values import Finding, Section

_LEADING: Final = 24


def leading(source: QuoteSource, url: str) -> list[str]:
    """Return the most salient concepts of an article, used to search for third articles."""
    return [*source.mentions(url)][:_LEADING]


def meetings(source: QuoteSource, ones: Collection[str], others: Collection[str], limit: int) -> list[Section]:
    """Return articles that have a concept of each of two sets, sorted by salience and by the concepts' specificity."""
    found = sorted(_pairs(source, ones, others), key=lambda entry: (-entry[0], *entry[1:]))
    findings = tuple(_finding(source, *entry[1:]) for entry in found[:limit])
    return [Section("near", "Concepts of the two that meet in another article", len(found), findings)] if found else []


def _pairs(
    source: QuoteSource, ones: Collection[str], others: Collection[str]
) -> Iterator[tuple[float, str, str, str]]:
    """Yield weight, concept of the first set, concept of the second set, and url of the best article with both."""
    having = {slug: source.articles_of(slug, said=True) for slug in {*ones, *others}}
    for one in ones:
        for other in others:
            both = having[one].keys() & having[other].keys()
            if both:
                url = min(both, key=lambda url: (-having[one][url] * having[other][url], url))
                weight = math.sqrt(having[one][url] * having[other][url])
                yield weight * source.specificity(one) * source.specificity(other), one, other, url


def _finding(source: QuoteSource, one: str, other: str, url: str) -> Finding:
    says = f"{named([source.index.labels[one], source.index.labels[other]])} in: {source.index.titles[url]}"
    quotes = source.quote_of_both(url, one, other) or (*source.quote(url, one), *source.quote(url, other))
    return Finding(says, {"concepts": [one, other], "article": url}, quotes)
