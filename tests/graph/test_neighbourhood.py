"""Which part of a graph a person gets to see."""

import numpy as np

from kg.base.tables import Tables
from kg.graph.distinctive import Distinctive
from kg.graph.index import GraphIndex
from kg.graph.neighbourhood import Subgraph, Whole, neighbourhood
from kg.graph.rows import Focus, FocusKind
from tests.export.sample_tables import MINTER, article, concept, link, mention, sample_tables, tables

SAMPLE = sample_tables()


def around(content: Tables, text: str, depth: int = 1, most: int = 300) -> Subgraph:
    return neighbourhood(content, MINTER, GraphIndex(content, MINTER).resolve(text), depth, most)


def test_what_was_asked_before_changes_no_part() -> None:
    whole = Whole(SAMPLE, MINTER)
    for text in ("Technical debt", "Computer science", "e", "Mathématiques", "Computer science"):
        assert whole.part(GraphIndex(SAMPLE, MINTER).resolve(text), 2, 5) == around(SAMPLE, text, 2, 5)


def labels(part: Subgraph) -> list[str]:
    return [node.label for node in part.nodes]


def test_around_a_concept_are_its_articles_the_most_salient_first() -> None:
    part = around(SAMPLE, "Technical debt")
    assert [node.url or node.label for node in part.nodes] == ["Technical debt", "b", "data drift", "a/what is drift"]
    assert part.total == 4


def test_broader_narrower_and_related_concepts_are_one_edge_away() -> None:
    assert {"drift", "Technical debt"} <= {*labels(around(SAMPLE, "data drift"))}
    assert {"data drift", "dérive"} <= {*labels(around(SAMPLE, "drift"))}


def test_depth_is_counted_in_edges_and_missing_articles_come_last() -> None:
    urls = [[node.url for node in around(SAMPLE, "e", depth).nodes if node.url] for depth in (1, 2, 3)]
    assert urls == [["e", "d"], ["e", "d", "c", "gone & lost"], ["e", "d", "c", "b", "gone & lost"]]


def test_at_most_so_many_nodes_are_shown_and_they_hang_together() -> None:
    whole = around(SAMPLE, "drift", depth=10**30)
    assert len(whole.nodes) == whole.total == 12
    for most in range(1, whole.total):
        part = around(SAMPLE, "drift", 9, most)
        assert len(part.nodes) == most
        assert part.total == whole.total
        assert part.nodes == whole.nodes[:most]
        reached = {part.nodes[0].id}
        for _ in part.nodes:
            reached |= {
                end for edge in part.edges for end in (edge.source, edge.target) if reached & {edge.source, edge.target}
            }
        assert reached == {node.id for node in part.nodes}


def test_edges_are_those_between_the_nodes() -> None:
    part = around(SAMPLE, "a/what is drift", 2)
    ids = {node.id for node in part.nodes}
    assert {edge.source for edge in part.edges} | {edge.target for edge in part.edges} <= ids
    assert len({(edge.source, edge.target) for edge in part.edges}) == len(part.edges)


def group(articles: int) -> Tables:
    """Articles of two subjects; each mentions a concept of its own, one of its subject, and one of all."""
    urls = [f"{number:03}" for number in range(articles)]
    subjects = ["Even" if number % 2 == 0 else "Odd" for number in range(articles)]
    own = [concept(f"own-{url}", f"own {url}", 1) for url in urls]
    common = [
        concept("all", "all", articles),
        concept("even", "even", articles // 2),
        concept("odd", "odd", articles // 2),
    ]
    mentions = []
    for url, subject in zip(urls, subjects, strict=True):
        named = (f"own-{url}", subject.lower(), "all")
        mentions += [mention(url, rank, slug, 0.5, 1, "extracted") for rank, slug in enumerate(named, start=1)]
    found = [article(url, f"Article {url}", subject=subject) for url, subject in zip(urls, subjects, strict=True)]
    return tables(found, [], sorted([*own, *common], key=lambda row: row["slug"]), mentions)


def test_a_subject_is_its_articles_and_the_concepts_that_set_it_apart() -> None:
    part = around(group(20), "Even")
    assert {node.subject for node in part.nodes if node.url} == {"Even"}
    concepts = [node.label for node in part.nodes if not node.url]
    assert concepts[0] == "even"
    assert "odd" not in concepts
    assert concepts[-1] == "all"
    assert (len(part.nodes), part.total) == (22, 22)


def test_a_large_subject_has_a_third_of_articles() -> None:
    part = around(group(200), "Odd", most=60)
    assert sum(node.url is not None for node in part.nodes) == 20
    assert len(part.nodes) == 20 + 22  # no concept stands alone: those of the other articles are left out
    assert part.total == 202


def test_a_subject_without_concepts_is_its_articles() -> None:
    content = tables([article("x", "X", subject="S"), article("y", "Y", subject="S"), article("z", "Z")])
    assert sorted(labels(around(content, "S"))) == ["X", "Y"]
    assert sorted(labels(around(content, "S", 2))) == ["X", "Y"]


def test_where_a_group_has_room_its_surroundings_follow() -> None:
    content = tables(
        [article("x", "X", subject="S"), article("y", "Y"), article("z", "Z")],
        [link("x", "y", 1, "url", "Y"), link("x", "gone", 2, "missing", "Gone"), link("y", "z", 1, "url", "Z")],
    )
    assert [labels(around(content, "S", depth)) for depth in (1, 2, 3)] == [
        ["X"],
        ["X", "Y", "Gone"],
        ["X", "Y", "Z", "Gone"],
    ]


def test_a_community_is_what_is_in_it() -> None:
    community = SAMPLE.communities.to_pylist()[0]
    part = around(SAMPLE, community["label"])
    assert {node.community for node in part.nodes} == {community["slug"]}
    assert part.total == community["article_count"] + community["concept_count"]


def test_a_focus_says_what_it_is() -> None:
    expected = Focus(FocusKind.CONCEPT, "data-drift", "data drift", MINTER.concept("data-drift"))
    assert around(SAMPLE, "data drift").focus == expected


def test_what_is_frequent_here_and_rare_elsewhere_sets_apart() -> None:
    content = group(20)
    slugs = content.concepts["slug"].to_pylist()
    even = [slugs[number] for number in Distinctive(content).of(np.arange(0, 20, 2))]
    assert (even[0], even[-1], len(even)) == ("even", "all", 12)
    assert even[1] == "own-000"
