"""site/: that its files say what the graph says, lead to each other, and are the same however the work is cut."""

import json
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest
import rdflib

from kg.base.config import Config, Publish
from kg.base.iris import PREFIXES
from kg.base.report import read_report
from kg.base.tables import Tables, read_tables, share_tables
from kg.export.graph_process import GraphsTask, GraphsWriter
from kg.export.rdf.metadata import ExportMetadata
from kg.export.rdf.serialize import core_triples
from kg.export.rdf.terms import MISSING_ARTICLE, TYPE
from kg.pipeline.build import build
from kg.render.site.places import Unplaced, without_file
from kg.render.site.views import marked_sentence
from kg.render.site.write_site import write_article_pages, write_concept_pages, write_other_pages
from tests.export.rdf.test_serialize import as_rdflib, by_oxigraph, by_rdflib
from tests.export.sample_tables import (
    BASE,
    HOSTILE,
    article,
    concept,
    link,
    mention,
    report,
    sample_tables,
    tables,
)

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples" / "articles"


def write(content: Tables, out: Path, step: int = 2) -> Path:
    """The folder site/ of the tables, made `step` rows a part."""
    unplaced = without_file(content, Config(base=BASE, publish=Publish(site_pages=True)))
    described = report(title="A graph")
    for start in range(0, content.articles.num_rows, step):
        write_article_pages(content, described, out, unplaced, (start, start + step))
    for start in range(0, content.concepts.num_rows, step):
        write_concept_pages(content, described, out, unplaced, (start, start + step))
    write_other_pages(content, described, out, unplaced)
    return out / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(sample_tables(), tmp_path_factory.mktemp("pages"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Page(HTMLParser):
    """The elements of a page and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        """Of an attribute, on all elements."""
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]

    def files(self) -> Iterator[Path]:
        """What the relative links lead to."""
        for address in self.values("href"):
            parts = urlsplit(address)
            if not parts.scheme and parts.path:
                yield (self.path.parent / unquote(parts.path)).resolve()


def page_of(iri: str) -> str:
    return iri.partition("#")[0]


def folder_of(site: Path, iri: str, base: str) -> Path:
    return site / unquote(iri.removeprefix(base))


# Triples


def own_and_other(site: Path, base: str, suffix: str) -> tuple[set[ox.Triple], set[ox.Triple]]:
    """The triples of all files: those about what the file's page is about, and all others."""
    own: set[ox.Triple] = set()
    other: set[ox.Triple] = set()
    for path in site.rglob(f"index.{suffix}"):
        for triple in by_oxigraph(path):
            subject = page_of(triple.subject.value)
            is_own = folder_of(site, subject, base) == path.parent or subject.startswith(f"{base}association/")
            (own if is_own else other).add(triple)
    return own, other


@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
def test_all_files_together_are_the_core_graph(site: Path, suffix: str) -> None:
    core = set(core_triples(sample_tables(), ExportMetadata.of(report(title="A graph"))))
    own, other = own_and_other(site, BASE, suffix)
    assert own == core
    assert other <= core


@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
def test_all_files_of_the_examples_together_are_the_core_graph(built_site: Path, suffix: str) -> None:
    base = read_report(built_site).configuration["base"]
    core = by_oxigraph(built_site / "graph.nt")
    own, other = own_and_other(built_site / "site", base, suffix)
    assert own == core
    assert other <= core


def test_turtle_and_json_ld_of_a_page_are_the_same(site: Path) -> None:
    files = list(site.rglob("index.ttl"))
    assert len(files) == 5 + 5 + 2 + 2 + 2 + 2 + 1 + sample_tables().communities.num_rows
    for path in files:
        triples = by_oxigraph(path)
        assert triples == by_oxigraph(path.with_suffix(".jsonld"))
        assert by_rdflib(path) == by_rdflib(path.with_suffix(".jsonld")) == as_rdflib(triples)


def test_rapper_reads_every_turtle(site: Path, rapper: Path) -> None:
    for path in site.rglob("index.ttl"):
        command = [rapper, "-q", "-i", "turtle", "-o", "ntriples", path]
        lines = subprocess.run(command, check=True, capture_output=True).stdout
        assert {quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES)} == by_oxigraph(path)


@pytest.mark.node
@pytest.mark.parametrize("name", ["concept/data-drift", "a/what is drift", "subject/computer-science", "concepts"])
@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
def test_javascript_reads_the_same(site: Path, node: Path, name: str, suffix: str) -> None:
    path = site / name / f"index.{suffix}"
    command = [node, ROOT / "tests" / "js" / "to_nquads.mjs", path]
    quads = subprocess.run(command, check=True, capture_output=True).stdout
    assert {quad.triple for quad in ox.parse(quads, ox.RdfFormat.N_QUADS)} == by_oxigraph(path)


def test_a_concept_reads_on_its_own(site: Path) -> None:
    graph = rdflib.Graph().parse(site / "concept" / "data-drift" / "index.ttl")
    skos = rdflib.SKOS
    subject = rdflib.URIRef(f"{BASE}concept/data-drift")
    for predicate in (skos.broader, skos.related):
        (near,) = graph.objects(subject, predicate)
        assert graph.value(near, skos.prefLabel) is not None
    articles = list(graph.subjects(rdflib.SDO.mentions, subject))
    assert len(articles) == 3
    assert all(graph.value(found, rdflib.DCTERMS.title) is not None for found in articles)


def test_a_document_defines_the_names_that_it_uses_and_no_others(site: Path) -> None:
    document = json.loads((site / "subject" / "computer-science" / "index.jsonld").read_bytes())
    used = {name for node in document["@graph"] for name in node if not name.startswith("@")}
    defined = {name for name in document["@context"] if name not in PREFIXES and not name.startswith("@")}
    assert defined == used | {"Concept"}


# Pages


@pytest.fixture(params=["sample", "examples"])
def any_site(request: pytest.FixtureRequest) -> Path:
    if request.param == "sample":
        return request.getfixturevalue("site")
    out: Path = request.getfixturevalue("built_site")
    return out / "site"


def test_every_relative_link_leads_to_a_file(any_site: Path) -> None:
    pages = [Page(path) for path in any_site.rglob("index.html")]
    assert len(pages) > 15
    linked = set()
    for page in pages:
        for file in page.files():
            assert file.is_file(), f"{page.path}: {file}"
            assert file.is_relative_to(any_site.resolve())
            linked.add(file)
    files = {path.resolve() for path in any_site.rglob("*") if path.is_file()}
    assert files - linked == set()  # everything can be reached


def test_no_page_needs_a_script_or_another_host(any_site: Path) -> None:
    for path in any_site.rglob("index.html"):
        page = Page(path)
        assert {tag for tag, _ in page.elements} & {"script", "img", "iframe", "style", "object", "form"} == set()
        assert not any(name.startswith("on") or name == "style" for _, given in page.elements for name in given)


def test_ids_are_there_once_and_every_fragment_is_one(site: Path) -> None:
    fragments: dict[str, set[str]] = {}
    for triple in core_triples(sample_tables(), ExportMetadata.of(report(title="A graph"))):
        page, _, fragment = triple.subject.value.partition("#")
        if fragment:
            fragments.setdefault(page, set()).add(fragment)
    assert len(fragments) == 11  # with those of the build
    for iri, expected in fragments.items():
        ids = Page(folder_of(site, iri, BASE) / "index.html").values("id")
        assert len(ids) == len(set(ids))
        assert expected <= set(ids)


def test_an_article_shows_its_text_with_its_lines(site: Path) -> None:
    page = Page(site / "a" / "what is drift" / "index.html")
    text = sample_tables().articles["parts"][0].as_py()[1]["text"]
    assert text.replace("\r\n", "\n") in page.text.replace("\r\n", "\n")
    for shown in ("What is\n  drift?", "Ada", "Émile", "2024-02-29", "a/what is drift.md", "Technical debt", "0.90"):
        assert shown in page.text
    canonical = [attributes for tag, attributes in page.elements if attributes.get("rel") == "canonical"]
    assert canonical[0]["href"] == "https://www.example.org/learn/a/what%20is%20drift"


def test_a_question_that_is_the_title_is_not_said_twice(tmp_path: Path) -> None:
    parts = [{"name": "question", "text": "What is\ndrift?"}, {"name": "answer", "text": "It is."}]
    page = Page(write(tables(articles=[article("a", "What is drift?", parts=parts)]), tmp_path) / "a" / "index.html")
    assert page.text.count("drift?") == 2  # the title of the window, and the heading
    assert {"question", "answer"} <= set(page.values("id"))


def test_hostile_text_is_text(site: Path) -> None:
    pages = [Page(path) for path in site.rglob("index.html")]
    shown = [page for page in pages if HOSTILE in page.text]
    assert len(shown) >= 6
    for page in shown:
        assert "<bdi>" in page.path.read_text("utf-8")


def test_a_missing_article_is_a_stub_that_nobody_indexes(site: Path) -> None:
    page = Page(site / "gone & lost" / "index.html")
    assert "Missing article" in page.text
    assert "A question alone" in page.text
    assert "noindex" in page.values("content")
    types = {quad for quad in by_oxigraph(site / "gone & lost" / "index.ttl") if quad.predicate == TYPE}
    assert {triple.object for triple in types} == {MISSING_ARTICLE}


def test_no_index_is_said_of_an_article(tmp_path: Path) -> None:
    folder = write(tables(articles=[article("a", "A", no_index=True), article("b", "B")]), tmp_path)
    assert "noindex" in Page(folder / "a" / "index.html").values("content")
    assert "noindex" not in Page(folder / "b" / "index.html").values("content")


def test_the_uppermost_page_is_that_of_the_article_whose_url_it_is(tmp_path: Path) -> None:
    home = Page(write(tables(articles=[article("/", "Welcome"), article("b", "B")]), tmp_path) / "index.html")
    assert "Text of Welcome." in home.text
    assert {path.name for path in home.files()} >= {"site.css", "index.ttl"}


# Sentences


def test_every_word_that_is_meant_is_marked() -> None:
    text = "Other. Drift in the data is what we call drift."
    sentence = {"part": "body", "sentence_start": 7, "sentence_end": len(text)}
    found = [sentence | {"start": start, "end": start + 5} for start in (7, 41)]
    pieces = [(piece.text, piece.marked) for piece in marked_sentence({"body": text}, found)]
    assert pieces == [("Drift", True), (" in the data is what we call ", False), ("drift", True), (".", False)]
    assert marked_sentence({}, []) == ()


# Where things go


def test_the_same_bytes_however_the_work_is_cut(site: Path, tmp_path: Path) -> None:
    assert contents(write(sample_tables(), tmp_path, step=100)) == contents(site)


def test_the_communities_of_a_part_need_not_have_their_leading_concepts_in_it(tmp_path: Path) -> None:
    content = read_tables(ROOT / "exports" / "sample" / "tables")
    assert contents(write(content, tmp_path / "whole", step=1000)) == contents(
        write(content, tmp_path / "parts", step=40)
    )


HOSTILE_URLS = [
    "../../escape",
    "/a/%2e%2e/%2e%2e/other-escape",
    "..%2f..%2fescape",
    "/question?id=1",
    "/" + "long" * 100,
    "/Case",
    "/case",
    "/case/below",
    "/slash/",
    "/slash",
    "/a:b",
    "/nul",
    "https://elsewhere.example/absolute/url",
    "//elsewhere.example/other",
    "/site.css",
    "/a/index.ttl/b",
    "/back\\slash",
    "/new\nline",
    "/.git/config",
    "/concepts",
    "/Concepts",
]


def test_hostile_urls_write_nothing_outside(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number, url in enumerate(HOSTILE_URLS):
        matter = f"---\nurl: {json.dumps(url)}\ntitle: Article {number}\nquestion: Why {number}?\nanswer: So.\n---\n"
        (folder / f"{number:02}.md").write_text(matter + "Data drift hurts a model.\n")
    (folder / "kg.toml").write_text('site = "https://elsewhere.example"\n')
    out = tmp_path / "below" / "out"
    found = build(folder, out, jobs=1, base=BASE, site_pages=True, site_faq=True)
    assert found.errors == 0
    assert {path.name for path in tmp_path.iterdir()} == {"articles", "below"}
    assert [path.name for path in (tmp_path / "below").iterdir()] == ["out"]
    top = {path.name for path in (out / "site").iterdir()} - {"build", "concept", "community", "concepts", "subjects"}
    assert top == {
        *("index.html", "site.css", "Case", "case", "slash", "absolute", "other", "article"),
        *("escape", "other-escape"),  # dot segments are resolved, so they are below the folder
    }
    assert [path.name for path in (out / "site" / "case").iterdir()] == ["below"]
    assert (out / "site" / "article" / "concepts" / "index.html").is_file()
    reported = {problem.file for problem in found.problems if problem.code == "no-page"}
    articles = read_tables(out / "tables").articles.to_pylist()
    shown = {Page(path).text for path in (out / "site").rglob("index.html")}
    for row in articles:
        has_page = any(f"Article\n{row['title']}\n" in text for text in shown)
        assert has_page == (row["path"] not in reported), row["url"]
    assert len(reported) == 13
    index = json.loads((out / "site-jsonld" / "index.json").read_bytes())
    for file in index.values():
        assert (out / "site-jsonld" / file).resolve().is_relative_to(out / "site-jsonld")
        assert (out / "site-jsonld" / file).is_file()
    embedded = {problem.file for problem in found.problems if problem.code == "no-site-jsonld"}
    assert len(index) + len(embedded) == len(articles)


def test_pages_of_other_things_than_ours_are_left_alone(tmp_path: Path) -> None:
    content = tables(
        articles=[article("a", "A"), article("b?c", "B")],
        concepts=[concept("con", "con", 2), concept("x", "X", 1)],
        mentions=[mention("a", 1, "con", 0.5, 1, "extracted"), mention("b?c", 1, "x", 0.5, 1, "extracted")],
        links=[link("a", "b?c", 1, "url", "B")],
    )
    folder = write(content, tmp_path)
    assert not (folder / "concept" / "con").exists()
    page = Page(folder / "a" / "index.html")
    assert ">con<" in page.path.read_text("utf-8")
    assert all(file.is_file() for file in page.files())


def test_the_same_bytes_with_any_number_of_processes(built_site: Path, tmp_path: Path, monkeypatch) -> None:
    from kg.pipeline import write_all as everything

    monkeypatch.setattr(everything, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(everything, "exporters", lambda: ())
    monkeypatch.setattr(everything, "_CONCEPTS_A_TASK", 70)
    monkeypatch.setattr(everything, "_ARTICLES_A_TASK", 7)
    tables, report = read_tables(built_site / "tables"), read_report(built_site)
    task = GraphsTask(tmp_path / "graphs", tmp_path / "shared", tmp_path, BASE, "none", None)
    with GraphsWriter(task, articles=tables.articles.num_rows, jobs=1) as graphs:
        graphs.begin(tables.articles, tables.mentions)
        share_tables(tables, graphs.shared)
        everything.publish(report, tmp_path, Unplaced(), graphs, jobs=2)
    for folder in ("site", "site-jsonld"):
        assert contents(tmp_path / folder) == contents(built_site / folder)
