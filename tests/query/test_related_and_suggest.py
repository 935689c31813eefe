"""Similar articles and suggestions."""

from __future__ import annotations

from typing import Any

import pytest

from kg.base.errors import UsageError
from kg.base.iris import Minter
from kg.graph.index import GraphIndex
from kg.query.related import related_articles
from kg.query.suggest import SuggestionKind, missing_links, suggest
from tests.export.sample_tables import BASE, article, concept, link, mention, tables

DRIFT, MONITORING = ("data-drift", "data drift"), ("monitoring", "monitoring")


def index(links: list[dict[str, Any]] | None = None) -> GraphIndex:
    """Five articles: a, b and c are alike, c repeats b, d is like a a little, and e is like none."""
    named = [DRIFT, MONITORING, ("alarm", "alarm"), ("shift", "shift"), ("solitude", "solitude")]
    content = {
        "a": {"data-drift": 0.9, "alarm": 0.4},
        "b": {"data-drift": 0.9, "monitoring": 0.6, "shift": 0.5},
        "c": {"data-drift": 0.9, "monitoring": 0.6, "shift": 0.5},
        "d": {"alarm": 0.9, "monitoring": 0.2},
        "e": {"solitude": 0.9},
    }
    counts = {slug: sum(slug in own for own in content.values()) for slug, _ in named}
    found = tables(
        [article(url, f"About {url.upper()}", parts=[("body", f"One two three four five {url}.")]) for url in content],
        links or [],
        [concept(slug, label, counts[slug]) for slug, label in sorted(named)],
        [
            mention(url, rank, slug, salience, 1, "extracted")
            for url, own in content.items()
            for rank, (slug, salience) in enumerate(own.items(), start=1)
        ],
    )
    return GraphIndex(found, Minter(BASE))


def test_similar_articles_have_the_labels_of_shared_concepts() -> None:
    found = index([link("b", "a", 1, "url", "About A")])
    similar = related_articles(found, found.resolve_article("About B"))
    assert [one.article.key for one in similar] == ["c", "a", "d"]
    assert similar[1].concepts == ("data drift",)
    assert [one.is_linked for one in similar] == [False, True, False]
    assert similar[0].to_dict()["iri"] == BASE + "c"
    assert related_articles(found, found.resolve_article("e")) == []
    assert len(related_articles(found, found.resolve_article("b"), 1)) == 1
    with pytest.raises(UsageError, match="limit"):
        related_articles(found, found.resolve_article("b"), 0)


def test_a_missing_link_is_suggested_once_and_not_between_articles_that_are_linked() -> None:
    pairs = [{row.source, row.target} for row in missing_links(index([link("a", "b", 1, "url", "About B")]))]
    assert {"a", "c"} in pairs
    assert {"a", "b"} not in pairs, "there is a link"
    assert {"b", "c"} not in pairs, "they are nearly the same"
    assert len(pairs) == len({frozenset(pair) for pair in pairs})


def test_kinds_of_suggestions() -> None:
    found = {one.kind: one for one in suggest(index([link("a", "b", 1, "url", "About B")]))}
    assert list(found) == list(SuggestionKind)
    orphans = found[SuggestionKind.ORPHAN]
    assert {one.node.key for one in orphans.best} == {"a", "c", "d", "e"}
    alone = next(one for one in orphans.best if one.node.key == "e")
    assert (alone.other, alone.reason) == (None, "no other article is like it")
    (same,) = found[SuggestionKind.DUPLICATE].best
    assert same.other is not None
    assert {same.node.key, same.other.key} == {"b", "c"}
    assert "50% of the phrases" in same.reason


def test_articles_with_the_same_concepts_but_other_texts_are_not_nearly_the_same() -> None:
    texts = {"a": "Dough rests for an hour in a warm place.", "b": "Cakes are baked at once, and never rest at all."}
    found = tables(
        [article(url, "Flour", parts=[("body", text)]) for url, text in texts.items()],
        [],
        [concept("flour", "flour", 2)],
        [mention(url, 1, "flour", 0.9, 1, "extracted") for url in texts],
    )
    suggested = {one.kind: one.best for one in suggest(GraphIndex(found, Minter(BASE)))}
    assert suggested[SuggestionKind.DUPLICATE] == ()
    assert [one.node.key for one in suggested[SuggestionKind.LINK]] == ["a"]


@pytest.mark.parametrize("text", ["", "One two.", "One two three four five."])
def test_articles_with_the_same_short_text_are_nearly_the_same(text: str) -> None:
    found = tables(
        [article(url, "Flour", parts=[("body", text)]) for url in ("a", "b")],
        [],
        [concept("flour", "flour", 2)],
        [mention(url, 1, "flour", 0.9, 1, "author") for url in ("a", "b")],
    )
    (same,) = suggest(GraphIndex(found, Minter(BASE)))[3].best
    assert "100% of the phrases" in same.reason


def test_an_article_is_not_sought_among_concepts() -> None:
    with pytest.raises(UsageError, match='"alarm" is a concept, not an article'):
        index().resolve_article("alarm")


@pytest.mark.parametrize("limit", [None, 1.5, "3", float("nan"), 0, -1])
def test_wrong_limits(limit: Any) -> None:
    found = index()
    for call in (suggest, lambda found, limit: related_articles(found, found.resolve_article("b"), limit)):
        with pytest.raises(UsageError, match="limit must be a whole number of at least 1"):
            call(found, limit)


def test_without_links_no_article_is_an_orphan() -> None:
    assert {one.kind: one.total for one in suggest(index())}[SuggestionKind.ORPHAN] == 0


def test_a_concept_needs_a_definition_unless_it_has_one_or_an_article_is_about_it() -> None:
    urls = [f"a{number}" for number in range(4)]
    concepts = [
        concept("defined", "defined", 4, definition="Defined is defined.", definition_article="a0"),
        concept("titled", "titled", 4),
        concept("rare", "rare", 3),
        concept("wanted", "wanted", 4),
    ]
    mentions = [
        mention(url, rank, row["slug"], 0.9 - rank / 10, 1, "extracted")
        for url in urls
        for rank, row in enumerate([concepts[1], concepts[0], *concepts[2:]], start=1)
        if url != "a3" or row["slug"] != "rare"
    ]
    found = tables([article(url, f"What is Titled {url}?") for url in urls], [], concepts, mentions)
    undefined = suggest(GraphIndex(found, Minter(BASE)))[2]
    assert undefined.kind is SuggestionKind.DEFINITION
    assert [(one.node.key, one.score) for one in undefined.best] == [("wanted", 4)]
    assert undefined.best[0].reason == '4 articles; "What is Titled a0?" is about it most'


def test_limits() -> None:
    found = suggest(index(), limit=1)
    assert all(len(one.best) <= 1 for one in found)
    assert found[0].total > 1
    with pytest.raises(UsageError, match="limit"):
        suggest(index(), limit=0)


def test_a_title_that_two_articles_have_comes_with_the_url() -> None:
    concepts = [concept("x", "X", 3), concept("y", "Y", 3)]
    mentions = [
        mention(url, rank, slug, 0.9, 1, "extracted") for url in "abc" for rank, slug in enumerate("xy", start=1)
    ]
    rows = [article("a", "Same"), article("b", "Same"), article("c", "Other")]
    found = GraphIndex(tables(rows, [link("a", "b", 1, "url", "Same")], concepts, mentions), Minter(BASE))
    shown = [found.distinct_label(found.resolve_article(url)) for url in "abc"]
    assert shown == ["Same (a)", "Same (b)", "Other"]
    reasons = {one.node.key: one.reason for one in suggest(found)[1].best}
    assert '"Same (a)"' in reasons["c"]
