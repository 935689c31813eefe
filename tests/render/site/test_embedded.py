"""What is embedded in a site: that it says what it should by schema.org's own definitions, and cannot break a page."""

import datetime as dt
import json
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.base.iris import PREFIXES
from kg.base.tables import Tables
from kg.render.site.embedded import answer_html, embeddable, write_site_index, write_site_jsonld
from kg.render.site.places import Unplaced
from tests.export.sample_tables import (
    AWKWARD,
    BASE,
    ELSEWHERE,
    HOSTILE,
    SITE,
    article,
    concept,
    link,
    mention,
    report,
    sample_tables,
    tables,
)

ROOT = Path(__file__).parents[3]
SUPERTYPES = {"Article": "CreativeWork", "WebPage": "CreativeWork", "FAQPage": "WebPage", "Question": "CreativeWork"}
SUPERTYPES |= {"Answer": "CreativeWork", "CreativeWork": "Thing", "DefinedTerm": "Thing", "Person": "Thing"}
SUPERTYPES |= {"Organization": "Thing"}
# Of each property the class that it is defined on, and the classes and data types of its values.
DEFINITIONS = {
    "name": ("Thing", {"Text"}),
    "url": ("Thing", {"URL"}),
    "mainEntityOfPage": ("Thing", {"CreativeWork", "URL"}),
    "headline": ("CreativeWork", {"Text"}),
    "text": ("CreativeWork", {"Text"}),
    "datePublished": ("CreativeWork", {"Date"}),
    "isBasedOn": ("CreativeWork", {"CreativeWork", "URL"}),
    "author": ("CreativeWork", {"Person", "Organization"}),
    "inLanguage": ("CreativeWork", {"Text"}),
    "keywords": ("CreativeWork", {"Text", "DefinedTerm"}),
    "about": ("CreativeWork", {"Thing"}),
    "mentions": ("CreativeWork", {"Thing"}),
    "citation": ("CreativeWork", {"CreativeWork"}),
    "mainEntity": ("CreativeWork", {"Thing"}),
    "articleSection": ("Article", {"Text"}),
    "wordCount": ("Article", {"Integer"}),
    "relatedLink": ("WebPage", {"URL"}),
    "acceptedAnswer": ("Question", {"Answer"}),
    "inDefinedTermSet": ("DefinedTerm", {"URL"}),
}


def write(out: Path, content: Tables, site: str | None = SITE, **publish: Any) -> dict[str, Any]:
    """What is written, by url, and found through the index."""
    described = report(site=site, **publish)
    for start in range(0, content.articles.num_rows, 2):
        write_site_jsonld(content, described, out, Unplaced(), (start, start + 2))
    write_site_index(content, described, out, Unplaced())
    index = json.loads((out / "site-jsonld" / "index.json").read_bytes())
    assert sorted(index.values()) == sorted(
        path.relative_to(out / "site-jsonld").as_posix() for path in (out / "site-jsonld").rglob("*.jsonld")
    )
    return {url: json.loads((out / "site-jsonld" / file).read_bytes()) for url, file in index.items()}


def classes(name: str | None) -> list[str]:
    return [] if name is None else [name, *classes(SUPERTYPES.get(name))]


def check(node: dict[str, Any], expected: str | None = None) -> None:
    """That every property is used on a class and with values that it is defined for."""
    kind = node.get("@type", expected)
    assert kind in {*SUPERTYPES, "Thing"}
    for name, value in node.items():
        if name.startswith("@"):
            continue
        domain, ranges = DEFINITIONS[name]
        assert domain in classes(kind), f"{name} on {kind}"
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                assert set(classes(one.get("@type", "CreativeWork"))) & ranges, f"{name} of {one}"
                check(one, "CreativeWork")
            elif "Integer" in ranges:
                assert isinstance(one, int)
            elif "URL" in ranges:
                assert one.startswith(("https://", "http://"))
            elif "Date" in ranges:
                dt.date.fromisoformat(one)
            else:
                assert "Text" in ranges
                assert isinstance(one, str)


@pytest.mark.parametrize("site", [None, SITE])
@pytest.mark.parametrize("faq", [False, True])
def test_every_term_is_used_as_schema_org_defines_it(tmp_path: Path, site: str | None, faq: bool) -> None:
    documents = write(tmp_path, sample_tables(), site, site_faq=faq)
    assert len(documents) == 5
    for document in documents.values():
        assert document["@context"] == "https://schema.org"
        nodes = document.get("@graph", [document])
        assert nodes[0]["@type"] == "Article"
        for node in nodes:
            check(node)


def test_an_article_says_what_it_is_about(tmp_path: Path) -> None:
    document = write(tmp_path, sample_tables())["a/what is drift"]
    page = "https://www.example.org/learn/a/what%20is%20drift"
    terms = {name: document.pop(name) for name in ("about", "mentions")}
    assert document == {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": f"{BASE}a/what%20is%20drift",
        "headline": "What is data drift?",
        "url": page,
        "datePublished": "2024-02-29",
        "author": [
            {"@type": "Person", "@id": f"{BASE}author/ada", "name": "Ada", "url": ["https://ada.example/"]},
            {"@type": "Organization", "@id": f"{BASE}author/émile", "name": "Émile"},
        ],
        "inLanguage": "en",
        "wordCount": 16,
        "articleSection": "Computer science",
        "keywords": ["data drift", AWKWARD.replace("\r\n", "\n")],
        "citation": [
            {"@type": "Article", "@id": f"{BASE}b", "headline": HOSTILE, "url": "https://www.example.org/learn/b"}
        ],
        "mainEntityOfPage": {"@type": "WebPage", "@id": page, "relatedLink": ["https://www.example.org/learn/b"]},
    }
    assert terms["about"] == [
        {
            "@type": "DefinedTerm",
            "@id": f"{BASE}concept/data-drift",
            "name": "data drift",
            "url": f"{BASE}concept/data-drift",
            "inDefinedTermSet": f"{BASE}concepts",
        }
    ]
    assert [term["name"] for term in terms["mentions"]] == ["Technical debt"]


def test_search_engines_get_no_markdown(tmp_path: Path) -> None:
    """The tables, and so the graph, keep what the author has written."""
    marked = article(
        "a", "What does `findall` do?", subject="*Logic* programming", keywords=["`/home` directory", "/home directory"]
    )
    content = tables(articles=[marked, article("b", "The **rest**")], links=[link("a", "b", 1, "url", "The **rest**")])
    document = write(tmp_path, content)["a"]
    assert document["headline"] == "What does findall do?"
    assert document["articleSection"] == "Logic programming"
    assert document["keywords"] == ["/home directory"]
    assert [cited["headline"] for cited in document["citation"]] == ["The rest"]


def test_an_article_may_be_based_on_a_page_of_another_site(tmp_path: Path) -> None:
    documents = write(tmp_path, sample_tables(), None)
    assert {url: document.get("isBasedOn") for url, document in documents.items() if "isBasedOn" in document} == {
        "c": ELSEWHERE
    }


def test_without_a_site_nothing_has_a_page(tmp_path: Path) -> None:
    text = json.dumps(write(tmp_path, sample_tables(), None, site_faq=True))
    assert "example.org/learn" not in text
    assert "relatedLink" not in text
    assert "mainEntityOfPage" not in text


def test_questions_and_answers_on_request(tmp_path: Path) -> None:
    documents = write(tmp_path, sample_tables(), site_faq=True)
    faqs = {url: document["@graph"][1] for url, document in documents.items() if "@graph" in document}
    (faq,) = faqs.values()
    (question,) = faq["mainEntity"]
    assert faq["@type"] == "FAQPage"
    assert documents["a/what is drift"]["@graph"][0]["mainEntityOfPage"] == {"@id": faq["@id"]}
    assert question["name"] == "What is drift?"
    assert question["acceptedAnswer"]["text"] == answer_html(AWKWARD)


def test_what_is_not_to_be_found_is_neither_written_nor_named(tmp_path: Path) -> None:
    content = tables(
        articles=[article("a", "A"), article("secret", "Secret", no_index=True)],
        links=[link("a", "secret", 1, "url", "Secret"), link("secret", "a", 1, "url", "A")],
    )
    documents = write(tmp_path, content)
    assert list(documents) == ["a"]
    assert "ecret" not in json.dumps(documents)


class Script(HTMLParser):
    """Collects what stands in scripts, and counts elements."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = ""
        self.elements: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.elements.append(tag)
        self.inside += "\n" if tag in {"p", "br"} else ""

    def handle_data(self, data: str) -> None:
        self.inside += data


def test_no_text_ends_the_script_that_it_stands_in() -> None:
    evil = {"headline": "</script><script>alert(1)</script><!--<script>", "text": HOSTILE}
    written = embeddable(evil)
    assert b"<" not in written
    page = Script()
    page.feed(f'<script type="application/ld+json">{written.decode()}</script>')
    assert page.elements == ["script"]
    assert json.loads(page.inside) == evil


def test_an_answer_is_text_to_who_reads_it_as_html() -> None:
    text = "Use <b> & </b>:\r\none\ntwo\n \n\nIf a < b &amp; c > d"
    read = Script()
    read.feed(answer_html(text))
    assert set(read.elements) == {"p", "br"}
    assert read.inside.split() == text.split()


@pytest.mark.node
def test_javascript_reads_it_with_a_context_of_its_own(tmp_path: Path, node: Path) -> None:
    content = tables(
        articles=[
            article(
                "q",
                HOSTILE,
                parts=[{"name": "question", "text": "Why?"}, {"name": "answer", "text": AWKWARD}],
                authors=["Ada Lovelace"],
                date=dt.date(2024, 1, 1),
            ),
            article("r", "R"),
        ],
        concepts=[concept("x", "X", 1)],
        mentions=[mention("q", 1, "x", 0.5, 1, "extracted")],
        links=[link("q", "r", 1, "url", "R")],
    )
    write(tmp_path, content, site_faq=True)
    command = [node, ROOT / "tests" / "js" / "to_nquads.mjs", tmp_path / "site-jsonld" / "q.jsonld"]
    quads = subprocess.run(command, check=True, capture_output=True).stdout
    triples = {quad.triple for quad in ox.parse(quads, ox.RdfFormat.N_QUADS)}

    def schema(name: str) -> ox.NamedNode:
        return ox.NamedNode(PREFIXES["schema"] + name)

    q, page = ox.NamedNode(f"{BASE}q"), ox.NamedNode(f"{SITE}q")
    assert ox.Triple(q, schema("headline"), ox.Literal(HOSTILE)) in triples
    assert ox.Triple(q, schema("about"), ox.NamedNode(f"{BASE}concept/x")) in triples
    assert ox.Triple(q, schema("mainEntityOfPage"), page) in triples
    assert ox.Triple(page, schema("relatedLink"), ox.NamedNode(f"{SITE}r")) in triples
    assert ox.Triple(q, schema("datePublished"), ox.Literal("2024-01-01", datatype=schema("Date"))) in triples
    answer = ox.Literal(answer_html(AWKWARD))
    assert ox.Triple(ox.NamedNode(f"{BASE}q#answer"), schema("text"), answer) in triples
    named = {triple.predicate.value for triple in triples} - {PREFIXES["rdf"] + "type"}
    assert {name.removeprefix(PREFIXES["schema"]) for name in named} <= DEFINITIONS.keys()
