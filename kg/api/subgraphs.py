"""Parts of the graph as tables: the articles and concepts of a subject, of a community, or of an answer to a query."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyarrow as pa
from pyoxigraph import NamedNode

from kg.base.errors import UsageError
from kg.base.tables import Tables
from kg.graph.index import GraphIndex
from kg.graph.neighbourhood import induced_tables
from kg.graph.rows import FocusKind
from kg.query.store import Result, Solutions


def tables_of_subject(tables: Tables, index: GraphIndex, label: str) -> Tables:
    """Return the articles of a subject and the concepts that they mention, with the edges between them.

    Raises:
        UsageError: if there is no such subject.
    """
    urls = index.articles_of_subject(index.resolve(label, {FocusKind.SUBJECT}).key)
    slugs = {row.concept for rows in index.mentions_by_article(urls).values() for row in rows}
    return _induced(tables, urls, slugs, ())


def tables_of_community(tables: Tables, index: GraphIndex, name: str) -> Tables:
    """Return the articles and concepts of a community, with the edges between them.

    Raises:
        UsageError: if there is no such community.
    """
    slug = index.resolve(name, {FocusKind.COMMUNITY}).key
    return _induced(tables, index.articles_of_community(slug), index.concepts_of_community(slug), ())


def tables_of_nodes(tables: Tables, index: GraphIndex, iris: Collection[str]) -> Tables:
    """Return the articles, concepts and missing articles with these IRIs, with the edges between them."""
    article, concept = index.minter.article, index.minter.concept
    urls, missing = ([url for url in each if article(url) in iris] for each in (index.titles, index.missing_titles))
    return _induced(tables, urls, [slug for slug in index.labels if concept(slug) in iris], missing)


def iris_in(answer: Result) -> set[str]:
    """Return all IRIs in the answer to a SELECT, CONSTRUCT or DESCRIBE.

    Raises:
        UsageError: if it is the answer to an ASK.
    """
    if isinstance(answer, bool):
        raise UsageError("a subgraph needs a SELECT or CONSTRUCT query, whose IRIs are its nodes; this is an ASK query")
    return set(_iris(answer))


def _iris(answer: Solutions | Iterator[object]) -> Iterator[str]:
    for row in answer.rows if isinstance(answer, Solutions) else answer:
        yield from (term.value for term in row if isinstance(term, NamedNode))  # type: ignore[attr-defined]


def _induced(tables: Tables, urls: Collection[str], slugs: Collection[str], missing: Collection[str]) -> Tables:
    return induced_tables(tables, *(pa.array(sorted(keys), pa.string()) for keys in (urls, slugs, missing)))
