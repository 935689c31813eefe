"""Explanations of the connection between two articles or concepts, with quoted sentences as proof: `kg explain`."""

from __future__ import annotations

from typing import Final

from kg.base.errors import UsageError, check_at_least_one, check_text
from kg.base.iris import slug
from kg.graph.best_paths import MOST_PATHS
from kg.graph.index import GraphIndex
from kg.graph.rows import FocusKind
from kg.query.explain.annotation import of_article
from kg.query.explain.articles import between_articles
from kg.query.explain.concepts import between_concepts
from kg.query.explain.paths import end_of, find_paths
from kg.query.explain.quotes import QuoteSource
from kg.query.explain.values import End, Explanation, Paths

LIMIT: Final = 5
"""Default maximum number of reasons of each kind (such as shared concepts) in an explanation."""
_KINDS: Final = (FocusKind.ARTICLE, FocusKind.CONCEPT)


def explain(index: GraphIndex, a: str, b: str, limit: int = LIMIT, site: str | None = None) -> Explanation:
    """Return an explanation of how `a` and `b` are connected; the best reasons come first.

    Args:
        index: look-ups in the tables of the whole graph.
        a: an article (its url, title or IRI) or a concept (its preferred, an alternative or a hidden label, its slug
            or its IRI). Upper and lower case are ignored.
        b: the other article or concept, named in the same way as `a`.
        limit: maximum number of reasons of each kind. If `a` and `b` are an article and a concept that it mentions,
            this is also the maximum number of sentences that are quoted to prove the mention.
        site: the web address of the site with the articles, or None if it is not known.

    Raises:
        UsageError: if a name is not found (the message suggests similar names) or is that of several articles or
            concepts, if both names mean the same article or concept, or if `limit` is below 1.
    """
    check_at_least_one("limit", limit)
    one, other, notes = _ends(index, a, b, site)
    source = QuoteSource(index, site)
    match one.kind, other.kind:
        case FocusKind.ARTICLE, FocusKind.ARTICLE:
            connected, summary, sections = between_articles(source, one, other, limit)
        case FocusKind.CONCEPT, FocusKind.CONCEPT:
            connected, summary, sections = between_concepts(source, one, other, limit)
        case FocusKind.ARTICLE, _:
            connected, summary, sections = of_article(source, one, other, limit)
        case _:
            connected, summary, sections = of_article(source, other, one, limit)
    best = find_paths(source, one, other, min(limit, MOST_PATHS))
    told = tuple(section for section in sections if section.findings)
    return Explanation(one, other, connected, summary, told, best, notes)


def paths(index: GraphIndex, a: str, b: str, site: str | None = None) -> Paths:
    """Return the best paths between `a` and `b`; for the arguments and the errors, see `explain`."""
    one, other, _ = _ends(index, a, b, site)
    return find_paths(QuoteSource(index, site), one, other)


def _ends(index: GraphIndex, a: str, b: str, site: str | None) -> tuple[End, End, tuple[str, ...]]:
    """Return the articles or concepts that `a` and `b` name, and notes about others that they could name."""
    notes: list[str] = []
    one, other = (_end(index, site, text, notes) for text in (a, b))
    if one.iri == other.iri:
        raise UsageError(f'"{a}" and "{b}" are the same {one.kind}: give two')
    return one, other, tuple(notes)


def _end(index: GraphIndex, site: str | None, text: str, notes: list[str]) -> End:
    """Return the article or concept that best matches the name `text`.

    If an article and a concept both have this name, append a note to `notes`. The note tells which of them was taken,
    and how to name the other.
    """
    check_text("a name", text)
    iris = (index.minter.article(text), index.minter.concept(slug(text)))
    found = (index.find(name, _KINDS) for name in (text, *iris))
    best = next(filter(None, found), None) or index.resolve(text, _KINDS)
    other = next((focus for focus in index.matches(text, _KINDS) if focus.kind is not best.kind), None)
    if other is not None:
        notes.append(f'"{text}" is taken for the {best.kind}; for the {other.kind} of that name, give {other.iri}')
    return end_of(best, site)
