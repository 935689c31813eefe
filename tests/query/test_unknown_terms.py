"""Notes on terms of a query that the graph does not have."""

import time
import warnings
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from kg.base.errors import QueryWarning
from kg.graph.index import GraphIndex
from kg.query.named import load_query, run_named
from kg.query.process import QueryRunner
from kg.query.store import GraphStore, open_store
from kg.query.unknown_terms import notes_on
from tests.export.sample_tables import BASE, sample_tables, write_build


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("build")
    write_build(sample_tables(), out)
    return out


@pytest.fixture(scope="module")
def graph(build: Path) -> GraphStore:
    return open_store(build)


@pytest.mark.parametrize(
    ("sparql", "notes"),
    [
        (
            "SELECT ?n { ?c kg:artcleCount ?n }",
            ["kg:artcleCount is not in the graph; did you mean kg:articleCount?"],
        ),
        (
            "PREFIX x: <https://w3id.org/kg-builder/ns#> SELECT * { ?a x:conept ?n , ?m }",
            ["kg:conept is not in the graph; did you mean kg:concept?"],
        ),
        ("SELECT ?l { ?c skos:preflabel ?l }", ["skos:preflabel is not in the graph; did you mean skos:prefLabel?"]),
        ("SELECT ?a { ?a a schema:article }", ["schema:article is not in the graph; did you mean schema:Article?"]),
        (
            "PREFIX schema: <http://schema.org/> SELECT ?a { ?a a schema:Article }",
            ["<http://schema.org/Article> is not in the graph; did you mean schema:Article?"],
        ),
        ("SELECT ?l { <concept/data-drfit> skos:prefLabel ?l }", ["<concept/data-drfit> is not in the graph"]),
        (f"SELECT ?l {{ <{BASE}concept/data-drfit> ?p ?l }}", ["<concept/data-drfit> is not in the graph"]),
        (f"BASE <{BASE}concept/> ASK {{ <drfit> ?p ?l }}", ["<concept/drfit> is not in the graph"]),
        ("ASK { GRAPH <graph/corr> { ?s ?p ?o } }", ["<graph/corr> is not in the graph"]),
        ("ASK { ?a kg:origin kg:curated }", ["kg:curated is not in the graph"]),
        (
            'SELECT ?c { ?c skos:prefLabel "data drift" }',
            ['skos:prefLabel has no value "data drift", but "data drift"@en'],
        ),
        (
            'SELECT ?c { ?a schema:mentions/skos:prefLabel "data drift"@en , "drift" }',
            ['skos:prefLabel has no value "drift", but "drift"@en'],
        ),
        (
            'SELECT ?c { VALUES ?l { "dérive"@en } ?c skos:prefLabel ?l }',
            ['the graph has no value "dérive"@en, but "dérive"@fr'],
        ),
    ],
)
def test_a_term_that_is_not_there_is_pointed_out(graph: GraphStore, sparql: str, notes: list[str]) -> None:
    answer = graph.run(sparql)
    assert answer is False or list(answer.rows) == []
    assert notes_on(sparql, graph) == notes


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?l { <concept/data-drift> skos:prefLabel ?l }",
        "ASK { GRAPH <graph/core> { <concept/data-drift> kg:articleCount 3 } }",
        'SELECT ?c { ?c skos:prefLabel "data drift"@en ; skos:altLabel "no such label"@en }',
        'SELECT ?c { ?c skos:prefLabel ?l FILTER(STR(?l) = "drift" || LANG(?l) = "en") }',
        'SELECT ?c { ?c skos:prefLabel ?l BIND("drift" AS ?x) FILTER(CONTAINS(?l, "drift")) }',
        'CONSTRUCT { ?a kg:mine "drift" ; <mine> <other> } WHERE { ?a a schema:Article }',
        "SELECT * { ?s <https://elsewhere.example/p> ?o } # kg:artcleCount",
        'SELECT * { ?s ?p "kg:artcleCount" }',
        "PREFIX kg: <https://elsewhere.example/> SELECT * { ?s kg:artcleCount ?o }",
        "SELECT * { ?s ?p 3 , true , 2.5 , '2024-01-31'^^xsd:date }",
        "SELECT * { ?s ?p ?a , ?b , ?c FILTER(?a<?b&&?b>?c) }",
        r"PREFIX c: <concept/> SELECT * { c:data\-drift ?p ?o }",
        "BASE <concept/> PREFIX c: <data-> BASE <https://elsewhere.example/> SELECT * { c:drift ?p <x> }",
    ],
)
def test_nothing_is_said_of_other_terms(graph: GraphStore, sparql: str) -> None:
    graph.run(sparql)
    assert notes_on(sparql, graph) == []


def test_notes_on_a_long_query_take_little_time(graph: GraphStore) -> None:
    prefixes = "".join(f"PREFIX p{number}: <https://elsewhere.example/{number}#>\n" for number in range(500))
    terms = " ".join(f"p{number % 500}:x{number}" for number in range(10_000))
    start = time.process_time()
    assert notes_on(f"{prefixes} SELECT * {{ VALUES ?x {{ {terms} }} }}", graph) == []
    assert time.process_time() - start < 5  # 10 s if each term is read with all prefixes


def test_a_runner_warns(build: Path) -> None:
    with pytest.warns(QueryWarning, match="kg:artcleCount is not in the graph"):
        answer = QueryRunner.open(build).run("SELECT ?n { ?c kg:artcleCount ?n }")
    assert list(answer.rows) == []


def test_a_label_is_found_whose_language_lacks_the_region_of_its_articles(tmp_path: Path) -> None:
    given = sample_tables()
    tags = [{"en": "en-gb"}.get(tag, tag) for tag in given.articles["language"].to_pylist()]
    place = given.articles.schema.get_field_index("language")
    write_build(replace(given, articles=given.articles.set_column(place, "language", pa.array(tags))), tmp_path)
    notes = notes_on('SELECT ?c { ?c skos:prefLabel "drift" }', open_store(tmp_path))
    assert notes == ['skos:prefLabel has no value "drift", but "drift"@en']


def test_nothing_is_said_of_the_terms_of_a_named_query(tmp_path: Path) -> None:
    given = sample_tables()
    write_build(replace(given, links=given.links.slice(0, 0)), tmp_path)
    runner = QueryRunner.open(tmp_path)
    index = GraphIndex.open(tmp_path / "tables", runner.minter)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(run_named(runner, index, load_query("broken-links"), {}).rows) == []
