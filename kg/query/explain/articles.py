"""Explanation of how two articles are connected: by links, and by the concepts that they share."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from kg.base.model import RelationKind
from kg.base.plural import counted
from kg.graph.rows import MentionRow
from kg.query.explain.meetings import leading, meetings
from kg.query.explain.quotes import QuoteSource, sentence
from kg.query.explain.values import End, Finding, Section

STEPS: Final = 3
"""Maximum number of links on a path that connects the two articles of an explanation."""
_RANKED: Final = 50
"""Maximum number of paths of links that are ranked by the concepts that their articles share.

If there are more paths between two articles, the first ones are ranked, in the order of the urls on the paths.
"""


def between_articles(source: QuoteSource, a: End, b: End, limit: int) -> tuple[bool, str, list[Section]]:
    """Return three values: whether two articles are connected, a one-sentence summary, and the sections to show.

    A section has at most `limit` reasons.
    """
    direct = _direct(source, a.key, b.key)
    shared = shared_concepts(source, a.key, b.key)
    paths = [] if direct else _paths(source, a.key, b.key)
    best = sorted(paths[: max(limit, _RANKED)], key=lambda path: _path_order(source, path))
    sections = [
        Section("link", "Related links", len(direct), tuple(direct)),
        Section(
            *("concept", "Shared concepts, the most telling first", len(shared)),
            tuple(_concept_finding(source, a.key, b.key, slug, weight) for weight, slug in shared[:limit]),
        ),
        Section("path", "By related links", len(paths), tuple(_path(source, path) for path in best[:limit])),
    ]
    said = [finding.says for finding in direct]
    if shared:
        said.append(f"{'they' if said else 'A and B'} share {counted(len(shared), 'concept')}")
    if paths:
        said.append(f"{counted(len(paths[0]) - 1, 'related link')} connect A with B")
    if said:
        return True, sentence(said), sections if shared else [*sections, *_related(source, a.key, b.key, limit)]
    return False, "No related links within three steps, and no concept in common.", _near(source, a.key, b.key, limit)


def _direct(source: QuoteSource, a: str, b: str) -> list[Finding]:
    there, back = b in source.index.linked.get(a, ()), a in source.index.linked.get(b, ())
    if there and back:
        return [Finding("A and B link to each other", {"from_a": True, "from_b": True})]
    if there or back:
        says = "A links to B" if there else "B links to A"
        return [Finding(says, {"from_a": there, "from_b": back})]
    return []


def _paths(source: QuoteSource, a: str, b: str) -> list[list[str]]:
    """Return the shortest paths of links from one article to another, each as a list of urls.

    The direction of a link does not matter. The result is empty if the shortest paths have more than `STEPS` links.
    """
    near: dict[str, set[str]] = {}
    for url, targets in source.index.linked.items():
        for target in targets:
            near.setdefault(url, set()).add(target)
            near.setdefault(target, set()).add(url)
    paths = [[a]]
    for _ in range(STEPS):
        if found := [[*path, b] for path in paths if b in near.get(path[-1], ())]:
            return found
        paths = [[*path, url] for path in paths for url in sorted(near.get(path[-1], set()) - set(path))]
    return []


def _path_order(source: QuoteSource, path: list[str]) -> tuple[float, list[str]]:
    """Return a sort key that puts the paths first whose articles share the most concepts of large weight.

    For each two neighbouring articles on the path, the weights of all concepts that both articles have are added up
    (see `shared_concepts`). The path with the largest total comes first.
    """
    return -sum(math.fsum(weight for weight, _ in shared_concepts(source, *pair)) for pair in pairwise(path)), path


def _path(source: QuoteSource, path: list[str]) -> Finding:
    titles = [source.index.titles[url] for url in path]
    steps = []
    for one, other, title in zip(path, path[1:], titles[1:], strict=False):
        there, back = other in source.index.linked.get(one, ()), one in source.index.linked.get(other, ())
        steps.append(f"{'↔' if there and back else '→' if there else '←'} {title}")
    return Finding(" ".join([titles[0], *steps]), {"urls": path, "links": len(path) - 1})


def shared_concepts(source: QuoteSource, a: str, b: str) -> list[tuple[float, str]]:
    """Return a pair (weight, slug) for each concept that two articles share, the largest weight first.

    The weight of a concept is the geometric mean of its saliences in the two articles, multiplied by the square of its
    specificity (a normalised IDF, see `QuoteSource.specificity`). This is what the concept contributes to the dot
    product of the articles' TF-IDF vectors, if the square root of the salience is taken as the term frequency.
    """
    mine, others = source.mentions(a), source.mentions(b)
    weights = [
        (math.sqrt(mine[slug].salience * others[slug].salience) * source.specificity(slug) ** 2, slug)
        for slug in mine.keys() & others.keys()
    ]
    return sorted(weights, key=lambda entry: (-entry[0], entry[1]))


def _concept_finding(source: QuoteSource, a: str, b: str, slug: str, weight: float) -> Finding:
    one, other = source.mentions(a)[slug], source.mentions(b)[slug]
    says = f'"{source.index.labels[slug]}": {_who(one, other)}'
    facts: dict[str, Any] = {
        "concept": slug,
        "label": source.index.labels[slug],
        "weight": round(weight, 4),
        "salience": [one.salience, other.salience],
        "frequency": [one.frequency, other.frequency],
        "about": [one.about, other.about],
        "articles": source.index.article_counts[slug],
    }
    saliences = f"salience {one.salience:.2f} and {other.salience:.2f}"
    measures = f"{saliences} · in {counted(source.index.article_counts[slug], 'article')}"
    return Finding(says, facts, (*source.quote(a, slug), *source.quote(b, slug)), measures)


def _who(one: MentionRow, other: MentionRow) -> str:
    if one.about and other.about:
        return "both are about it"
    if one.about or other.about:
        return f"{'A is about it, B' if one.about else 'B is about it, A'} mentions it"
    return "both mention it"


def _near(source: QuoteSource, a: str, b: str, limit: int) -> list[Section]:
    """Return a list with one section, about the nearest connections of two articles without a common concept.

    The section lists pairs of concepts, one from each article, that are related or have a common broader concept. If
    there are no such pairs, it lists other articles that have a concept of the first article and a concept of the
    second. If there are no such articles, it names the subject of the two articles. If they have different subjects or
    none, an empty list is returned.
    """
    if related := _related(source, a, b, limit):
        return related
    met = meetings(source, leading(source, a), leading(source, b), limit)
    if met:
        return met
    subject, other = (source.index.article(url).subject for url in (a, b))
    if subject is not None and subject == other:
        same = Finding(f"both belong to {subject}", {"subject": subject})
        return [Section("near", "Nearest connection", 1, (same,))]
    return []


def _related(source: QuoteSource, a: str, b: str, limit: int) -> list[Section]:
    pairs = sorted(_related_pairs(source, a, b), key=lambda entry: (-entry[0], entry[1], entry[2]))
    findings = tuple(_related_pair(source, a, b, one, other) for _, one, other in pairs[:limit])
    if not findings:
        return []
    return [Section("near", "Concepts of the two that are related", len(pairs), findings)]


def _related_pairs(source: QuoteSource, a: str, b: str) -> Iterator[tuple[float, str, str]]:
    """Yield pairs of concepts, one from each article, as (weight, slug, slug).

    Yielded are the pairs with a relation (one is broader than the other, or they are related), and the pairs that only
    have a common broader concept. Every pair with a relation has a larger weight than every other pair.
    """
    mine, others = source.mentions(a), source.mentions(b)
    above: dict[str, set[str]] = {slug: {row.target for row in source.broader(slug)} for slug in others}
    for one in mine:
        parents = {row.target for row in source.broader(one)}
        for other in others:
            weight = math.sqrt(mine[one].salience * others[other].salience)
            if source.relation(one, other) is not None:
                yield 1 + weight, one, other
            elif parents & above[other]:
                yield weight, one, other


def _related_pair(source: QuoteSource, a: str, b: str, one: str, other: str) -> Finding:
    row = source.relation(one, other)
    if row is None:
        common = {row.target for row in source.broader(one)} & {row.target for row in source.broader(other)}
        how = f'both are narrower than "{source.index.labels[min(common)]}"'
    elif row.kind == RelationKind.RELATED:
        how = f"related, in {counted(row.article_count, 'article')} together"
    else:
        how = f"that of {'B' if row.target == other else 'A'} is the broader one"
    says = f'A mentions "{source.index.labels[one]}", B mentions "{source.index.labels[other]}": {how}'
    return Finding(says, {"concepts": [one, other]}, (*source.quote(a, one), *source.quote(b, other)))
