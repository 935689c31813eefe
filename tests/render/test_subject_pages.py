"""The pages of pages/ as text: that nothing breaks out of them, what they say, and that they are always the same."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kg.base.tables import Tables
from kg.graph.index import GraphIndex
from kg.graph.neighbourhood import neighbourhood
from kg.render.communities_page import by_size, communities_page
from kg.render.graph_page import render_page
from kg.render.page_data import PageGraph
from kg.render.subgraph_page import subgraph_page
from kg.render.subject_pages import page_file, subjects, write_communities_page, write_subject_pages
from kg.render.svg import render_svg
from tests.export.sample_tables import (
    HOSTILE,
    MINTER,
    SITE,
    article,
    broader,
    concept,
    link,
    mention,
    report,
    sample_tables,
    tables,
)

SAMPLE = sample_tables()


def graph(text: str, depth: int = 1, content: Tables = SAMPLE, site: str | None = SITE) -> PageGraph:
    index = GraphIndex(content, MINTER)
    return subgraph_page(index, neighbourhood(content, MINTER, index.resolve(text), depth), site)


def overview(content: Tables) -> PageGraph:
    return communities_page(content, GraphIndex(content, MINTER))


class Page(HTMLParser):
    """The elements of a page, and the texts of its scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": [], "h1": [], "title": []}
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in {"script", "style", "h1", "title"} & set(self._open):
            self.texts[tag].append(data)

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.texts["script"][0])
        return data


def page(text: str, depth: int = 1) -> Page:
    return Page(render_page(graph(text, depth), about=HOSTILE, home="../index.html"))


def test_hostile_text_stays_text() -> None:
    html = render_page(graph("b", 2), about=HOSTILE)
    shown = Page(html)
    assert shown.tags.count("script") == 3
    assert set(shown.tags).isdisjoint({"img", "iframe", "object", "link"})
    assert not any(name.startswith("on") for name, _ in shown.attributes)
    assert shown.texts["h1"] == [HOSTILE]
    assert shown.data["things"][0] == [HOSTILE, "article", "https://www.example.org/learn/b"]
    (data,) = re.findall(r'id="data">(.*?)</script>', html, re.DOTALL)
    assert not set(data) & set("<>&\u2028\u2029")


def test_only_the_scripts_and_the_style_of_the_page_may_run() -> None:
    shown = page("data drift")
    (policy,) = [value for name, value in shown.attributes if name == "content" and "default-src" in str(value)]
    rules = dict(rule.strip().split(" ", 1) for rule in str(policy).split(";"))
    assert rules["default-src"] == "'none'"

    def hashes(texts: list[str]) -> str:
        return " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts
        )

    assert rules["script-src"] == hashes(shown.texts["script"][1:])
    assert rules["style-src"] == hashes(shown.texts["style"])
    assert rules["base-uri"] == rules["form-action"] == "'none'"


def test_nothing_is_loaded() -> None:
    html = render_page(graph("data drift", site=None), about="x")
    assert "src" not in dict(Page(html).attributes)
    assert "href" not in dict(Page(html).attributes)
    assert "sourceMappingURL" not in html
    assert "@import" not in html


def test_it_says_how_many_of_how_many() -> None:
    content = tables([article(f"{number:03}", f"Article {number}", subject="S") for number in range(301)])
    html = render_page(graph("S", content=content), about="x")
    assert "Subject: 300 articles, showing 300 of 301" in html
    assert len(Page(html).data["nodes"]) == 300


def test_the_same_graph_is_the_same_page(tmp_path: Path) -> None:
    pages = []
    for name in ("one", "two"):
        out = tmp_path / name
        out.mkdir()
        write_subject_pages(sample_tables(), report(), out, subjects(SAMPLE))
        write_communities_page(sample_tables(), report(), out)
        pages.append({path.name: path.read_bytes() for path in (out / "pages").iterdir()})
    assert pages[0] == pages[1]
    assert set(pages[0]) == {"computer-science.html", "mathématiques.html", "communities.html"}


@pytest.mark.parametrize(
    "label", ["W" * 10_000, "漢" * 500, "<script>", "communities", "Communities", "../../etc", "."]
)
def test_every_subject_has_a_file_name(label: str) -> None:
    name = page_file(label)
    assert len(name.encode()) <= 110
    assert re.fullmatch(r"[\w-]+\.html", name)
    assert name != "communities.html"
    assert page_file(label.upper()) == name or label in ("漢" * 500, ".", "../../etc", "<script>")


def test_long_labels_that_begin_alike_have_files_of_their_own() -> None:
    assert page_file("x" * 200) != page_file("x" * 201)


def edge(found: PageGraph, source: str, target: str) -> Any:
    names = [node.label for node in found.nodes]
    ends = {names.index(source), names.index(target)}
    (one,) = [each for each in found.edges if {each.source, each.target} == ends]
    return one


def test_an_edge_says_why_it_is_there() -> None:
    found = graph("What is data drift?", 2)
    about = edge(found, "What is data drift?", "data drift")
    assert about.why == 'is about "data drift" 4 times, salience 0.90'
    mentions = edge(found, "What is data drift?", "Technical debt")
    assert mentions.why == 'mentions "Technical debt" once, salience 0.33'
    keyword = edge(found, HOSTILE, "data drift")
    assert keyword.why == 'has the keyword "data drift", which its text does not say, salience 0.00'
    related = edge(found, "What is data drift?", HOSTILE)
    assert (related.why, related.quote) == ("related link", None)


def test_links_in_both_directions_are_one_edge() -> None:
    content = tables(
        [article("a", "A", subject="S"), article("b", "B", subject="S")],
        [link("a", "b", 1, "url", "B"), link("b", "a", 1, "url", "A"), link("a", "a", 2, "url", "A")],
    )
    assert [each.why for each in graph("S", content=content).edges] == ["related links in both directions"]


def quoted(text: str, words: str, sentence: str) -> str | None:
    """The quote for `words`, where they stand in `sentence`."""
    start, at = text.index(sentence), text.index(words, text.index(sentence))
    occurrence = {"part": "body", "start": at, "end": at + len(words)}
    occurrence |= {"sentence_start": start, "sentence_end": start + len(sentence)}
    row = mention("a", 1, "x", 0.5, 1, "extracted") | {"occurrences": [occurrence]}
    content = tables([article("a", "A", parts=[{"name": "body", "text": text}])], [], [concept("x", "X", 1)], [row])
    (found,) = graph("X", content=content).edges
    return found.quote


def test_a_quote_is_the_sentence_with_the_words() -> None:
    assert quoted("One. Two  is\nx here. Three.", "x", "Two  is\nx here.") == "Two is x here."


def test_of_a_long_sentence_it_is_what_is_around_the_words() -> None:
    sentence = f"{'before ' * 100}the words {'after ' * 100}end."
    quote = quoted(sentence, "the words", sentence)
    assert quote is not None
    assert "the words" in quote
    assert quote.startswith("…")
    assert quote.endswith("…")
    assert len(quote) < 270


def test_a_quote_comes_from_the_answer_rather_than_from_the_question() -> None:
    parts = [{"name": "question", "text": "What is X?"}, {"name": "answer", "text": "X is it."}]
    places = [
        {"part": "question", "start": 8, "end": 9, "sentence_start": 0, "sentence_end": 10},
        {"part": "answer", "start": 0, "end": 1, "sentence_start": 0, "sentence_end": 8},
    ]
    row = mention("a", 1, "x", 0.5, 2, "extracted") | {"occurrences": places}
    (found,) = graph("X", content=tables([article("a", "A", parts=parts)], [], [concept("x", "X", 1)], [row])).edges
    assert found.quote == "X is it."


def details(found: PageGraph, label: str) -> dict[str, Any]:
    return found.details[[node.label for node in found.nodes].index(label)]


def listed(found: PageGraph, label: str, title: str) -> list[str]:
    (one,) = [each for each in details(found, label)["lists"] if each["title"] == title]
    return [found.things[row[0] if isinstance(row, list) else row].label for row in one["rows"]]


def test_a_panel_tells_of_an_article() -> None:
    found = graph("What is data drift?", 2)
    assert details(found, "What is data drift?")["facts"] == ["Computer science", "2024-02-29"]
    assert listed(found, "What is data drift?", "Concepts by salience") == ["data drift", "Technical debt"]
    assert listed(found, "What is data drift?", "Related links") == [HOSTILE, HOSTILE]  # the second one is missing
    assert [thing.address for thing in found.things if thing.label == "Dérive"] == ["https://www.example.org/learn/c"]


def test_without_a_site_there_is_no_link() -> None:
    assert {thing.address for thing in graph("data drift", site=None).things} == {None}


def test_the_first_sentence_of_an_article_is_its_lead() -> None:
    parts = [
        {"name": "question", "text": "What is it? It is not this sentence of the question."},
        {"name": "answer", "text": "A heading\n\nShort one.\nThis is the first whole sentence (e.g. so). And another."},
    ]
    content = tables([article("a", "A", subject="S", parts=parts)])
    (only,) = graph("S", content=content).details
    assert only["lead"] == "This is the first whole sentence (e.g."  # a full stop is the end: spaCy is not asked again


def test_a_panel_tells_of_a_concept() -> None:
    found = graph("data drift")
    told = details(found, "data drift")
    assert told["facts"] == ["in 3 articles"]
    assert HOSTILE in told["aliases"]
    assert listed(found, "data drift", "Articles by salience") == ["What is data drift?", "Dérive", HOSTILE]
    assert listed(found, "data drift", "Broader concepts") == ["drift"]
    assert listed(found, "data drift", "Narrower concepts") == []
    assert listed(found, "data drift", "Related concepts") == ["Technical debt"]
    assert told["lead"] == f"Data drift is a {HOSTILE}"
    assert found.things[told["from"]].label == HOSTILE
    assert listed(graph("drift"), "drift", "Narrower concepts") == ["data drift", "dérive"]


def between_concepts(found: PageGraph) -> dict[tuple[str, str], tuple[str, float, str | None]]:
    """What a page says of its edges between two concepts, and their weights and quotes; all of them are dashed."""
    labels, kinds = [node.label for node in found.nodes], [node.kind for node in found.nodes]
    edges = [edge for edge in found.edges if kinds[edge.source] == kinds[edge.target] == "concept"]
    assert edges == [edge for edge in found.edges if edge.dashed]
    return {(labels[edge.source], labels[edge.target]): (edge.why, edge.weight, edge.quote) for edge in edges}


def test_broader_and_related_concepts_are_joined_by_dashed_lines() -> None:
    found = graph("data drift", 1)
    assert between_concepts(found) == {
        ("data drift", "drift"): ('"data drift" is narrower than "drift"', 0.6, None),
        ("data drift", "Technical debt"): ("related: in 2 articles together, NPMI 0.50", 0.5, None),
    }
    assert '"dashes": true' in render_page(found, about="x").replace('"dashes":true', '"dashes": true')
    assert render_svg(found).count("stroke-dasharray") == 2


def test_the_line_to_a_broader_concept_has_the_sentence_that_states_it() -> None:
    text = "Nothing here. A deep net is a kind of network. Nothing there."
    start, end = text.index("A deep"), text.index(" Nothing there")
    content = tables(
        [article("a", "A", parts=[{"name": "body", "text": text}])],
        [],
        [concept("deep-net", "deep net", 1), concept("network", "network", 1)],
        [mention("a", 1, "deep-net", 0.5, 1, "extracted"), mention("a", 2, "network", 0.4, 1, "extracted")],
        [broader("deep-net", "network", article="a", part="body", start=start, end=end)],
    )
    assert between_concepts(graph("a", content=content)) == {
        ("deep net", "network"): ('"deep net" is narrower than "network"', 0.6, "A deep net is a kind of network.")
    }


def test_the_page_of_communities_joins_their_concepts_too() -> None:
    assert ("data drift", "Technical debt") in between_concepts(overview(SAMPLE))


def test_what_nothing_defines_is_led_by_a_sentence_that_has_it() -> None:
    found = graph("dérive")
    told = details(found, "dérive")
    assert (told["lead"], found.things[told["from"]].label) == ("Text of D", "Dérive")


def test_a_panel_tells_of_a_missing_article() -> None:
    found = graph("d")
    gone = next(node for node in found.nodes if node.kind == "missing")
    assert details(found, gone.label)["facts"] == ["not among these articles", "gone & lost"]


def test_communities_have_their_concepts_around_them() -> None:
    found = overview(SAMPLE)
    rows = by_size(SAMPLE.communities)
    assert [node.label for node in found.nodes if node.kind == "community"] == [row["label"] for row in rows]
    assert found.total == len(rows) + sum(row["concept_count"] for row in rows)
    assert {node.label for node in found.nodes if node.kind == "concept"} <= set(
        SAMPLE.concepts["pref_label"].to_pylist()
    )


def islands(count: int, *, linked: bool = False) -> Tables:
    """Communities of two articles and three concepts each, joined to the next by a link or not."""
    urls = [f"{number:03}{side}" for number in range(count) for side in "ab"]
    slugs = [f"c{number:03}{letter}" for number in range(count) for letter in "xyz"]
    mentions = [
        mention(url, rank, f"c{url[:3]}{letter}", 0.9, 1, "extracted")
        for url in urls
        for rank, letter in enumerate("xyz", start=1)
    ]
    links = [link(f"{number:03}a", f"{number + 1:03}a", 1, "url", "next") for number in range(count - 1) if linked]
    return tables([article(url, url) for url in urls], links, [concept(slug, slug, 2) for slug in slugs], mentions)


def test_there_are_at_most_300_nodes_in_the_overview() -> None:
    found = overview(islands(120))
    assert len(found.nodes) == 300
    assert sum(node.kind == "community" for node in found.nodes) == 100
    assert found.total == 120 * 4


def test_an_edge_between_communities_says_what_they_share() -> None:
    found = overview(islands(2, linked=True))
    assert [each.why for each in found.edges if each.why != "leading concept"] == [
        "share 1 related link and 0 concepts"
    ]
    community = [node.label for node in found.nodes].index(by_size(islands(2, linked=True).communities)[0]["label"])
    titles = [each["title"] for each in found.details[community]["lists"]]
    assert titles == ["Leading concepts", "Most central articles", "Nearest communities"]


def test_a_graph_without_communities_has_a_page() -> None:
    found = overview(tables([article("x", "Alone")]))
    assert found.nodes == ()
    assert "showing 0 of 0" in render_page(found, about="x")
