"""Queries by hand: the union of graphs, errors that point at their place, and no way out to the network."""

import shutil
from pathlib import Path

import pytest

from kg.base.errors import DataError, QueryError
from kg.base.report import write_report
from kg.query.store import GraphStore, Solutions, open_store
from tests.export.sample_tables import BASE, report


@pytest.fixture
def graph(build: Path) -> GraphStore:
    return open_store(build)


def test_prefixes_are_known_and_named_graphs_are_seen(graph: GraphStore) -> None:
    answer = graph.run("SELECT ?x WHERE { ?x a skos:ConceptScheme } ORDER BY ?x")
    assert isinstance(answer, Solutions)
    assert answer.variables == ("x",)
    assert [row[0].value for row in answer.rows] == [BASE + "concepts", BASE + "subjects"]
    assert graph.run("ASK { ?x a kg:MissingArticle }") is True
    assert len(list(graph.run(f"DESCRIBE <{BASE}subjects>"))) == 10


def test_iris_are_relative_to_the_base_of_the_build(graph: GraphStore) -> None:
    assert graph.run("ASK { <subjects> a skos:ConceptScheme }") is True
    (row,) = graph.select("SELECT ?x { BIND(<concept/drift> AS ?x) }")
    assert row[0].value == BASE + "concept/drift"
    (row,) = graph.select("BASE <https://elsewhere.example/> SELECT ?x { BIND(<a> AS ?x) }")
    assert row[0].value == "https://elsewhere.example/a"


@pytest.mark.parametrize(
    ("sparql", "line", "column", "message"),
    [
        ("SELECT * {\n ?s ?p }", 2, 8, '"}" is not expected here; expected a variable, an IRI, a string'),
        ("SELECT ?x {\n  ?x a schema:Article\n  ?x dcterms:title ?t .\n}", 3, 3, '"?x" is not expected here'),
        ("SELEC", 1, 1, "expected SELECT, CONSTRUCT, ASK, DESCRIBE"),
        ("", 1, 1, "the query ends too early"),
        ("SELECT * { ?s ?p ?o", 1, 20, 'the query ends too early; expected "{", "}", "."'),
        ("SELECT * {\n\t?s foo:x ?o }", 2, 5, 'the prefix of "foo:x" is not declared'),
        ("SELECT * { ?s <a b> ?o }", 1, 15, "<a b> is not a valid IRI"),
        ('SELECT * { ?s ?p "é\n }', 1, 18, "this string is not closed on its line"),
        ("SELECT ?z (1 AS ?z) { ?s ?p ?o }", 1, 33, "a variable is listed twice after SELECT"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 40, "neither grouped nor aggregated"),
        ("SELECT * { ?s ?p ?o } LIMIT x", 1, 29, '"x" is not expected here; expected a number'),
        ("SELECT * { ?s ?p ?o } # }\n}", 2, 1, '"}" is not expected here'),
        ("DELETE WHERE { ?s ?p ?o }", 1, 1, '"DELETE" is not expected here'),
        ("LOAD <http://localhost/x>", 1, 1, '"LOAD" is not expected here'),
        ("INSERT DATA { <x:a> <x:b> <x:c> }", 1, 1, '"INSERT" is not expected here'),
    ],
)
def test_a_syntax_error_points_at_its_place(
    graph: GraphStore, sparql: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(QueryError) as caught:
        graph.run(sparql)
    assert (caught.value.line, caught.value.column) == (line, column)
    first, shown, caret = str(caught.value).split("\n")
    assert first.startswith(f"line {line}, column {column}: ")
    assert message in first
    assert shown == (sparql.splitlines() or [""])[line - 1]
    assert caret.index("^") == column - 1


REMOTE = "http://127.0.0.1:9/sparql"


@pytest.mark.parametrize(
    "sparql",
    [
        f"SELECT * {{ SERVICE <{REMOTE}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ sErViCe SILENT <{REMOTE}> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <{REMOTE}> {{ ?s ?p ?o }} }}",
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{REMOTE}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ VALUES ?x {{ <{REMOTE}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
        f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE <{REMOTE}> {{}} }} }} }} }}",
        f"SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ SERVICE <{REMOTE}> {{}} }} }}",
        f"SELECT * {{ ?s ?p ?o MINUS {{ SERVICE <{REMOTE}> {{}} }} }}",
        f"SELECT * {{ # a comment\n SERVICE# another\n<{REMOTE}>#\n{{}} }}",
        f'SELECT * {{ # " \n SERVICE <{REMOTE}> {{}} # " \n }}',
        f"SELECT * {{ ?s ?p '#' . SERVICE <{REMOTE}> {{}} }}",
        f'SELECT * {{ ?s ?p """\\"""" . SERVICE <{REMOTE}> {{}} }}',
        f"PREFIX ex: <{REMOTE}> SELECT * {{ SERVICEex:{{ ?s ?p ?o }} }}",
        f"PREFIX ex: <{REMOTE}> SELECT * {{ SERVICESILENTex:{{ ?s ?p ?o }} }}",
        f"PREFIX ex: <{REMOTE}> SELECT * {{ FILTER(1<2)SERVICE#>\nex:{{ ?s ?p ?o }} }}",
        f"PREFIX ex: <{REMOTE}> PREFIX SERVICEex: <x:> SELECT * {{ SERVICEex:{{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p trueSERVICE <{REMOTE}> {{}} }}",
        f"SELECT * {{ ?s ?p 1.SERVICE <{REMOTE}> {{}} }}",
        f"SELECT * {{ \\u0053ERVICE <{REMOTE}> {{}} }}",
        f"SELECT * {{ \u017fERVICE <{REMOTE}> {{}} }}",
    ],
)
def test_service_is_refused_in_every_disguise(graph: GraphStore, sparql: str) -> None:
    with pytest.raises(QueryError):
        graph.run(sparql)


def test_a_refused_service_is_named(graph: GraphStore) -> None:
    with pytest.raises(QueryError, match="line 2, column 3: SERVICE is not allowed") as caught:
        graph.run(f"SELECT * {{\n  SERVICE <{REMOTE}> {{}} }}")
    assert (caught.value.line, caught.value.column) == (2, 3)


@pytest.mark.parametrize(
    "sparql",
    [
        'SELECT * { ?s ?p "the service ?x {" }',
        "SELECT * { ?s a kg:Nothing } # SERVICE <http://localhost/> {}",
        "SELECT ?service ?Service { ?service <http://localhost/service> ?Service }",
        'PREFIX service: <x:y> SELECT * { ?s service:service "a"@service, """SERVICE <x:y> {}""" }',
    ],
)
def test_the_word_service_may_stand_anywhere_else(graph: GraphStore, sparql: str) -> None:
    assert list(graph.run(sparql).rows) == []


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_a_graph_that_is_not_there_is_not_fetched(graph: GraphStore, clause: str) -> None:
    answer = graph.run(f"SELECT * {clause} <{REMOTE}> {{ GRAPH <{REMOTE}> {{ ?s ?p ?o }} }}")
    assert list(answer.rows) == []


def test_the_store_cannot_be_changed(graph: GraphStore) -> None:
    with pytest.raises(RuntimeError):
        graph.store.update("DELETE WHERE { ?s ?p ?o }")


def test_what_is_not_a_build_is_refused(tmp_path: Path, build: Path) -> None:
    with pytest.raises(DataError, match=r"report\.json"):
        open_store(tmp_path)
    write_report(report(), tmp_path)
    with pytest.raises(DataError, match="the store cannot be opened"):
        open_store(tmp_path)
    shutil.copytree(build / "store", tmp_path / "store")
    assert open_store(tmp_path).minter.base == BASE
