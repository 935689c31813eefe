"""The best paths between two articles or concepts, with a sentence for each step: `graph.path`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from kg.base.iris import page_address
from kg.base.model import RelationKind
from kg.base.plural import counted
from kg.graph.best_paths import MOST_PATHS
from kg.graph.rows import Focus, FocusKind, NeighbourKind, RelationRow
from kg.query.explain.articles import shared_concepts
from kg.query.explain.concepts import quotes_of_both, relation_quotes, relation_reasons
from kg.query.explain.quotes import QuoteSource
from kg.query.explain.values import End, Path, Paths, Step


def find_paths(source: QuoteSource, a: End, b: End, most: int = MOST_PATHS) -> Paths:
    """Return at most `most` paths between two different articles or concepts; see `kg.graph.best_paths`."""
    return Paths(a, b, tuple(_path(source, *path) for path in source.index.best_paths(_focus(a), _focus(b), most)))


def end_of(focus: Focus, site: str | None) -> End:
    """Return an article or concept as a value of explanations; `site` is the web address of the site, if known."""
    address = page_address(site, focus.key) if site is not None and focus.kind is FocusKind.ARTICLE else None
    return End(focus.kind, focus.key, focus.label, focus.iri, address)


def _focus(end: End) -> Focus:
    return Focus(end.kind, end.key, end.label, end.iri)


def _path(source: QuoteSource, nodes: list[Focus], weights: list[float]) -> Path:
    ends = tuple(end_of(node, source.site) for node in nodes)
    steps = tuple(_step(source, *pair, weight) for pair, weight in zip(pairwise(ends), weights, strict=True))
    return Path(ends, steps)


def _step(source: QuoteSource, one: End, other: End, weight: float) -> Step:
    match one.kind, other.kind:
        case FocusKind.ARTICLE, FocusKind.ARTICLE:
            return _link(source, one, other, weight)
        case FocusKind.CONCEPT, FocusKind.CONCEPT:
            return _relation(source, one, other, weight)
        case FocusKind.ARTICLE, _:
            return _mention(source, one, other, weight)
        case _:
            return _mention(source, other, one, weight)


def _mention(source: QuoteSource, article: End, concept: End, weight: float) -> Step:
    row = source.mentions(article.key)[concept.key]
    how = "is mentioned" if row.frequency else "is a keyword"
    says = f'"{concept.label}" {how}, with salience {row.salience:.2f}, in: {article.label}'
    facts = {"article": article.key, "concept": concept.key, "salience": row.salience, "frequency": row.frequency}
    return Step(NeighbourKind.MENTION, weight, says, facts, source.quote(article.key, concept.key))


def _link(source: QuoteSource, one: End, other: End, weight: float) -> Step:
    linked = source.index.linked
    there, back = other.key in linked.get(one.key, ()), one.key in linked.get(other.key, ())
    linking, to = (one, other) if there else (other, one)
    said = f"Related link: {one.label} {'↔' if there and back else '→' if there else '←'} {other.label}"
    facts: dict[str, Any] = {"source": linking.key, "target": to.key, "mutual": there and back}
    kind = NeighbourKind.LINK if there else NeighbourKind.BACKLINK
    for _, slug in shared_concepts(source, linking.key, to.key):
        if quotes := source.quote(linking.key, slug):
            facts["concept"] = slug
            return Step(kind, weight, f'{said}; both mention "{source.index.labels[slug]}"', facts, quotes)
    return Step(kind, weight, said, facts)


def _relation(source: QuoteSource, one: End, other: End, weight: float) -> Step:
    row = source.relation(one.key, other.key)
    assert row is not None  # the path has this step
    kind = NeighbourKind(row.seen_from(one.key))
    if row.kind == RelationKind.RELATED:
        both = counted(row.article_count, "article")
        says = f'"{one.label}" and "{other.label}" are related: in {both} together, NPMI {row.npmi:.2f}'
        return Step(kind, weight, says, _facts(row), quotes_of_both(source, row.source, row.target))
    labels = source.index.labels
    says = f'"{labels[row.source]}" is narrower than "{labels[row.target]}": {relation_reasons(source, row)}'
    return Step(kind, weight, says, _facts(row), relation_quotes(source, row))


def _facts(row: RelationRow) -> dict[str, Any]:
    related = row.kind == RelationKind.RELATED
    ends = ("concept", "related") if related else ("narrower", "broader")
    return dict(zip(ends, (row.source, row.target), strict=True)) | {"articles": row.article_count, "npmi": row.npmi}
