"""Structure of the graph: communities, centrality and layout of its nodes, and participation of its articles.

The participation of an article measures how evenly its concepts are spread over the communities.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kg.base.tables import ARTICLES, COMMUNITIES, CONCEPTS, Tables
from kg.graph.communities import Community, communities, membership
from kg.graph.layout import layout
from kg.graph.network import Network, network, pagerank
from kg.graph.participation import participation

_NAMED_BY: Final = 3
_LEADING: Final = 10


def with_structure(
    articles: pa.Table,
    links: pa.Table,
    concepts: pa.Table,
    mentions: pa.Table,
    relations: pa.Table,
    similar: pa.Table,
) -> Tables:
    """Return all tables of the graph: the given tables, and a table of communities, which this function makes.

    The tables of articles and concepts get additional columns for the community, centrality and position of each row.
    The table of articles also gets a column for participation (see `kg.graph.participation`).

    Args:
        articles: rows of `kg.base.tables.ARTICLES_FOUND`.
        links: rows of `kg.base.tables.LINKS`.
        concepts: rows of `kg.base.tables.CONCEPTS_DEFINED`.
        mentions: rows of `kg.base.tables.MENTIONS`.
        relations: rows of `kg.base.tables.RELATIONS`.
        similar: rows of `kg.base.tables.SIMILAR`.
    """
    graph = network(articles, links, concepts, mentions)
    found = communities(graph)
    centrality = pagerank(graph)
    places = layout(graph, found, centrality)
    slugs = pa.array([*(community.slug for community in found), None], pa.string())
    values = (
        slugs.take(pa.array(membership(found, graph.size) % len(slugs))),
        pa.array(centrality.round(4)),
        pa.array(places[:, 0]),
        pa.array(places[:, 1]),
    )
    first_concept = len(graph.articles)
    of_articles, of_concepts = zip(
        *((column[:first_concept], column[first_concept:]) for column in values), strict=True
    )
    spread = participation(
        articles["url"].combine_chunks(), mentions, concepts["slug"].combine_chunks(), of_concepts[0]
    )
    return Tables(
        pa.Table.from_arrays([*articles.columns, *of_articles, spread], schema=ARTICLES),
        links,
        pa.Table.from_arrays([*concepts.columns, *of_concepts], schema=CONCEPTS),
        mentions,
        relations,
        _table(found, graph, concepts),
        similar,
    )


def _table(found: list[Community], graph: Network, concepts: pa.Table) -> pa.Table:
    labels: list[str] = concepts["pref_label"].to_pylist()
    rows = []
    for community in sorted(found, key=lambda community: community.slug):
        leading = [concept - len(graph.articles) for concept in community.concepts[:_LEADING]]
        rows.append(
            {
                "slug": community.slug,
                "label": ", ".join(labels[concept] for concept in leading[:_NAMED_BY]),
                "article_count": len(community.articles),
                "concept_count": len(community.concepts),
                "leading": [graph.concepts[concept] for concept in leading],
            }
        )
    return pa.Table.from_pylist(rows, schema=COMMUNITIES)
