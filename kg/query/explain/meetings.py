"""A section of an explanation that shows indirect connections: concepts that occur together in another article.

It is used for two articles without a common concept: it shows a concept of the first article and a concept of the
second that occur together in a third article. It is also used for an article and a concept that the article does not
mention: it shows a concept of the article that occurs together with the given concept in another article.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Final

from kg.query.explain.quotes import QuoteSource, named
from kg.query.explain.values import Finding, Section

_LEADING: Final = 24
"""Maximum number of concepts of an article that are searched for in other articles, to find connections."""


def leading(source: QuoteSource, url: str) -> list[str]:
    """Return the slugs of the most salient concepts of an article, which are then searched for in other articles."""
    return [*source.mentions(url)][:_LEADING]


def meetings(source: QuoteSource, ones: Collection[str], others: Collection[str], limit: int) -> list[Section]:
    """Return a list with one section: pairs of a concept in `ones` and a concept in `others` that share an article.

    If there are no such pairs, an empty list is returned. The best pairs come first. A pair is better if its concepts
    are more salient in the article, and if fewer articles have each of them.
    """
    found = sorted(_pairs(source, ones, others), key=lambda entry: (-entry[0], *entry[1:]))
    findings = tuple(_finding(source, *entry[1:]) for entry in found[:limit])
    return [Section("near", "Concepts of the two that meet in another article", len(found), findings)] if found else []


def _pairs(
    source: QuoteSource, ones: Collection[str], others: Collection[str]
) -> Iterator[tuple[float, str, str, str]]:
    """Yield the pairs of a concept in `ones` and a concept in `others` that occur in the same article.

    Each pair is yielded as (weight, slug, slug, url). The url is that of the article in which the two concepts are most
    salient.
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
