"""A section for two articles without a common concept, or for an article and a concept that it does not mention.

It lists other articles that connect the two. For two articles, these mention a concept of the first and a concept of
the second. For an article and a concept, they mention a concept of the article, and the concept itself.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Final

from kg.query.explain.quotes import QuoteSource, named
from kg.query.explain.values import Finding, Section

_LEADING: Final = 24
"""Maximum number of concepts of an article that are looked for in other articles."""


def leading(source: QuoteSource, url: str) -> list[str]:
    """Return the most salient concepts of an article; these are the ones to look for in other articles."""
    return [*source.mentions(url)][:_LEADING]


def meetings(source: QuoteSource, ones: Collection[str], others: Collection[str], limit: int) -> list[Section]:
    """Return a section with pairs of concepts, one from each of two sets, that occur in the same article.

    The result is empty if there are no such pairs. The best pairs come first. A pair is better if its concepts are more
    salient in the article, and more specific.
    """
    found = sorted(_pairs(source, ones, others), key=lambda entry: (-entry[0], *entry[1:]))
    findings = tuple(_finding(source, *entry[1:]) for entry in found[:limit])
    return [Section("near", "Concepts of the two that meet in another article", len(found), findings)] if found else []


def _pairs(
    source: QuoteSource, ones: Collection[str], others: Collection[str]
) -> Iterator[tuple[float, str, str, str]]:
    """Yield the pairs of a concept in `ones` and a concept in `others` that occur in the same article.

    Each item is a tuple: the weight of the pair, the two concepts, and the url of the best article that has both.
    """
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
