"""The network of articles and concepts: its communities, its central nodes, and its map."""

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest

from kg.base.tables import ARTICLES, ARTICLES_FOUND, COMMUNITIES, CONCEPTS, CONCEPTS_DEFINED, LINKS, MENTIONS, Tables
from kg.graph.communities import communities, membership
from kg.graph.layout import diameter, layout
from kg.graph.network import LINK_WEIGHT, Network, network, pagerank
from kg.graph.structure import with_structure
from tests.export.sample_tables import article, concept, link, mention, tables


def two_topics() -> Tables:
    """Three articles on bread and three on birds, each group with three concepts, and one concept in all of them."""
    topics = {"bread": ["crust", "oven", "yeast"], "birds": ["beak", "feather", "wing"]}
    urls = sorted(f"/{topic}/{number}" for topic in topics for number in range(3))
    found = [
        mention(url, rank, slug, 0.9 if slug != "life" else 0.2, 1, "extracted")
        for url in urls
        for rank, slug in enumerate([*topics[url.split("/")[1]], "life"], start=1)
    ]
    slugs = sorted([*topics["bread"], *topics["birds"], "life"])
    return tables(
        [article(url, f"About {url}", subject=url.split("/")[1]) for url in urls],
        [link("/bread/0", "/bread/1", 1, "url", "One"), link("/bread/0", "/gone", 2, "missing", "Gone")],
        [concept(slug, slug, 6 if slug == "life" else 3) for slug in slugs],
        found,
    )


def test_communities_are_the_groups_that_hold_together() -> None:
    found = two_topics()
    of_article = dict(zip(found.articles["url"].to_pylist(), found.articles["community"].to_pylist(), strict=True))
    assert len(set(of_article.values())) == 2
    assert {of_article[f"/bread/{number}"] for number in range(3)} != {
        of_article[f"/birds/{number}"] for number in range(3)
    }
    rows = {row["slug"]: row for row in found.communities.to_pylist()}
    assert sum(row["article_count"] for row in rows.values()) == 6
    assert sum(row["concept_count"] for row in rows.values()) == 7
    for slug, row in rows.items():
        assert row["leading"][0] == slug
        assert row["label"].split(", ") == row["leading"][:3]
        assert "life" not in row["leading"][:3], "what stands everywhere names nothing"


def test_a_community_needs_two_articles_and_two_concepts() -> None:
    alone = tables([article("/a", "A")], [], [concept("x", "x", 1), concept("y", "y", 1)], [
        mention("/a", 1, "x", 0.9, 1, "extracted"), mention("/a", 2, "y", 0.8, 1, "extracted")
    ])  # fmt: skip
    assert alone.communities.num_rows == 0
    assert alone.articles["community"].to_pylist() == [None]
    assert alone.concepts["community"].to_pylist() == [None, None]


@pytest.mark.parametrize("articles", [[], [article("/a", "A")], [article("/a", "A"), article("/b", "B")]])
def test_what_has_no_edge_has_a_place_and_no_community(articles: list[dict]) -> None:
    found = tables(articles)
    assert (found.articles.schema, found.concepts.schema) == (ARTICLES, CONCEPTS)
    assert found.communities.schema == COMMUNITIES
    assert found.articles["centrality"].to_pylist() == [1.0] * len(articles)
    assert found.articles["community"].null_count == len(articles)
    assert np.isfinite(found.articles["x"].to_numpy()).all()


def test_a_link_to_itself_and_a_mention_of_no_salience_are_no_edges() -> None:
    graph = network(
        pa.Table.from_pylist([article("/a", "A"), article("/b", "B")], schema=ARTICLES_FOUND),
        pa.Table.from_pylist(
            [
                link("/a", "/a", 1, "url", "A"),
                link("/a", "/b", 2, "url", "B"),
                link("/b", "/a", 1, "url", "A"),
                link("/b", "/gone", 2, "missing", None),
            ],
            schema=LINKS,
        ),
        pa.Table.from_pylist([concept("x", "x", 1)], schema=CONCEPTS_DEFINED),
        pa.Table.from_pylist([mention("/a", 1, "x", 0.0, 0, "author")], schema=MENTIONS),
    )
    assert (graph.source.tolist(), graph.target.tolist()) == ([0], [1])
    assert graph.weight.tolist() == [2 * LINK_WEIGHT]


def test_a_common_concept_weighs_less_than_a_rare_one() -> None:
    found = two_topics()
    graph = network(found.articles, found.links, found.concepts, found.mentions)
    names = [*graph.articles, *graph.concepts]
    weight = {(names[a], names[b]): w for a, b, w in zip(graph.source, graph.target, graph.weight, strict=True)}
    assert weight["/bread/0", "yeast"] / 0.9 > weight["/bread/0", "life"] / 0.2 > 0


def test_centrality_is_pagerank() -> None:
    found = two_topics()
    graph = network(found.articles, found.links, found.concepts, found.mentions)
    peer = nx.Graph()
    peer.add_nodes_from(range(graph.size))
    peer.add_weighted_edges_from(zip(graph.source.tolist(), graph.target.tolist(), graph.weight.tolist(), strict=True))
    expected = nx.pagerank(peer, tol=1e-10, max_iter=1000)
    assert pagerank(graph) / graph.size == pytest.approx([expected[node] for node in range(graph.size)], abs=1e-6)


def random_network(articles: int, concepts: int, edges: int) -> Network:
    chance = np.random.default_rng(7)
    source = chance.integers(0, articles, edges)
    target = articles + (source * concepts // articles + chance.integers(0, 12, edges)) % concepts
    pairs = np.unique(np.stack([source, target]), axis=1)
    names = ([f"/{number}" for number in range(articles)], [f"c{number}" for number in range(concepts)])
    return Network(*names, pairs[0], pairs[1], chance.random(pairs.shape[1]) + 0.1)


def test_no_two_nodes_of_the_map_cover_each_other() -> None:
    graph = random_network(150, 450, 1500)
    found, centrality = communities(graph), pagerank(graph)
    places, size = layout(graph, found, centrality), diameter(centrality)
    distance = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    apart = distance / ((size[:, None] + size[None, :]) / 2)
    np.fill_diagonal(apart, np.inf)
    assert len(found) > 3
    assert apart.min() > 0.75, "a spiral packs discs of one size; where the size changes they may touch"


def test_communities_are_discs_that_do_not_overlap() -> None:
    graph = random_network(150, 450, 1500)
    found, centrality = communities(graph), pagerank(graph)
    places, group = layout(graph, found, centrality), membership(found, graph.size)
    centres = np.array([places[group == index].mean(axis=0) for index in range(len(found))])
    nearest = np.argmin(np.hypot(*(places[:, None, :] - centres[None, :, :]).transpose(2, 0, 1)), axis=1)
    inside = group >= 0
    assert (nearest[inside] == group[inside]).mean() > 0.97


def test_the_order_of_the_edges_does_not_matter() -> None:
    found = two_topics()
    graph = network(found.articles, found.links, found.concepts, found.mentions)
    again = with_structure(
        found.articles.select(ARTICLES_FOUND.names),
        found.links,
        found.concepts.select(CONCEPTS_DEFINED.names),
        found.mentions,
        found.relations,
        found.similar,
    )
    assert again == found
    assert communities(graph) == communities(graph)
