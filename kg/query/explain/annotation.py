"""Explanation of how an article and a concept are connected.

It quotes the sentences of the article that mention the concept, and lists concepts of the article that are broader or
narrower than the concept, or related to it. If the article does not mention the concept, it also lists other articles
that have the concept.
"""

from __future__ import annotations

from typing import Any

from kg.base.model import Origin
from kg.base.plural import counted
from kg.graph.rows import MentionRow, RelationRow
from kg.query.explain.meetings import leading, meetings
from kg.query.explain.quotes import QuoteSource
from kg.query.explain.values import End, Finding, Section

_ORIGINS = {
    Origin.AUTHOR.value: "a keyword of the author",
    Origin.EXTRACTED.value: "found in the text",
    Origin.CURATED.value: "asked for in kg.toml",
}


def of_article(source: QuoteSource, article: End, concept: End, limit: int) -> tuple[bool, str, list[Section]]:
    """Return three values: whether an article has a concept, a one-sentence summary, and the sections to show.

    A section has at most `limit` reasons, and at most `limit` sentences are quoted to prove that the article has the
    concept.
    """
    mentions = source.mentions(article.key)
    near = _near(source, article.key, concept.key, limit)
    if concept.key not in mentions:
        near = near or meetings(source, leading(source, article.key), [concept.key], limit)
        return False, "The article does not mention the concept.", near
    row = mentions[concept.key]
    return (
        True,
        _summary(row, len(mentions)),
        [_annotation(source, article.key, row, limit), *(section for section in near if section.kind == "near")],
    )


def _summary(row: MentionRow, count: int) -> str:
    says = "The article is about the concept" if row.about else "The article mentions the concept"
    return f"{says}: number {row.rank:,} of its {counted(count, 'concept')}, salience {row.salience:.2f}."


def _annotation(source: QuoteSource, url: str, row: MentionRow, limit: int) -> Section:
    origins = " and ".join(_ORIGINS.get(origin, f"from the {origin}") for origin in row.origins)
    count = row.frequency
    times = {0: "the text does not say its words", 1: "said once", 2: "said twice"}.get(count, f"said {count} times")
    facts: dict[str, Any] = {name: getattr(row, name) for name in ("salience", "rank", "frequency", "about", "origins")}
    quotes = source.quotes(url, row.concept, limit)
    return Section(
        "annotation", "Where the article says it, the best first", 1, (Finding(f"{origins}; {times}", facts, quotes),)
    )


def _near(source: QuoteSource, url: str, slug: str, limit: int) -> list[Section]:
    """Return sections about indirect connections between the article `url` and the concept `slug`.

    The first section lists concepts of the article that are broader or narrower than the concept, or related to it. The
    second section lists other articles that have the concept and are linked with the article, in either direction. An
    empty section is left out.
    """
    mentions, sections = source.mentions(url), []
    found = []
    for row in source.relations.get(slug, ()):
        other = row.other(slug)
        if other in mentions:
            found.append((-mentions[other].salience, other, row))
    findings = tuple(
        _neighbour(source, url, slug, other, row) for _, other, row in sorted(found, key=lambda e: e[:2])[:limit]
    )
    if found:
        sections.append(Section("near", "Broader, narrower and related concepts of the article", len(found), findings))
    having = source.articles_of(slug)
    linked = {
        *source.index.linked.get(url, ()),
        *(other for other in having if url in source.index.linked.get(other, ())),
    }
    there = sorted(linked & having.keys(), key=lambda other: (-having[other], other))
    if there:
        articles = tuple(
            Finding(
                source.index.titles[other],
                {"article": other, "salience": having[other]},
                source.quote(other, slug),
            )
            for other in there[:limit]
        )
        sections.append(Section("link", "Articles one related link away that have it", len(there), articles))
    return sections


def _neighbour(source: QuoteSource, url: str, slug: str, other: str, row: RelationRow) -> Finding:
    how = row.seen_from(slug)
    says = f'"{source.index.labels[other]}", which is {how}'
    return Finding(says, {"concept": other, "relation": how}, source.quote(url, other))
