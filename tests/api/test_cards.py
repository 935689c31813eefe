"""Cards: what a notebook shows of an article or a concept is text, whatever the articles hold."""

import dataclasses
from pathlib import Path

import pytest
from lxml import html

from kg.api.graph import Graph
from tests.export.sample_tables import HOSTILE, report, sample_tables


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    return Graph(tmp_path, report(), sample_tables())


def parts(card: str) -> tuple[set[str], list[str]]:
    """The names of the elements of a card, and its texts."""
    tree = html.fragment_fromstring(card)
    assert not any(name.startswith("on") for element in tree.iter() for name in element.attrib)
    return {element.tag for element in tree.iter()}, [text for text in tree.itertext() if text.strip()]


def test_hostile_text_stays_text(graph: Graph) -> None:
    for thing in (graph, graph.article("b"), graph.concept("data-drift")):
        tags, texts = parts(thing._repr_html_())
        assert tags <= {"table", "caption", "tr", "th", "td", "b", "bdi"}
        assert HOSTILE in " · ".join(texts)


def test_a_printed_text_cannot_control_the_terminal(graph: Graph) -> None:
    article = dataclasses.replace(graph.article("b"), title="A\x1b[31m\nB", subject="S\x07")
    assert str(article).splitlines()[0] == "Article A\ufffd[31m B"
    assert repr(article).isprintable()
    assert str(article).replace("\n", "").isprintable()


def test_an_article_with_everything(graph: Graph) -> None:
    article = graph.article("a/what is drift")
    assert article.authors == ("Ada", "Émile", "Ada")
    assert [(mention.key, mention.salience, mention.frequency) for mention in article.concepts] == [
        ("data-drift", 0.9, 4),
        ("technical-debt", 0.3333, 1),
    ]
    assert article.links == {"b": HOSTILE, "gone & lost": HOSTILE}
    _, texts = parts(article._repr_html_())
    assert texts[:4] == ["Article ", "What is data drift?", "url", "a/what is drift"]
    assert "data drift (0.90) · Technical debt (0.33)" in texts


def test_what_is_not_there_is_not_shown(graph: Graph) -> None:
    article = graph.article("e")
    assert (article.subject, article.date, article.concepts, article.links) == (None, None, (), {})
    _, texts = parts(article._repr_html_())
    assert texts == ["Article ", "No concept, no subject", "url", "e"]


def test_a_long_list_is_cut(graph: Graph) -> None:
    concept = graph.concept("technical-debt")
    many = type(concept)(
        **{name: getattr(concept, name) for name in concept.__slots__} | {"articles": concept.articles * 10}
    )
    _, texts = parts(many._repr_html_())
    assert texts[-1].endswith(" and 8 more")
    assert "20 articles" in texts[-3]


def test_a_concept_with_everything(graph: Graph) -> None:
    concept = graph.concept("data-drift")
    assert concept.definition == f"Data drift is a {HOSTILE}"
    assert (concept.broader, concept.narrower) == ({"drift": "drift"}, {})
    assert concept.related == {"technical-debt": "Technical debt"}
    assert graph.concept("technical-debt").related == {"data-drift": "data drift"}
    drift = graph.concept("drift")
    assert (drift.definition, drift.related) == (None, {})
    assert drift.narrower == {"data-drift": "data drift", "dérive": "dérive"}
    _, texts = parts(drift._repr_html_())
    assert "data drift · dérive" in texts
    assert "definition" not in texts
