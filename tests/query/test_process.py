"""Queries in a process of their own: they answer as in this one, and each can be stopped."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.base.errors import DataError, MachineError, QueryError, QueryTimeout, UsageError
from kg.graph.index import GraphIndex
from kg.query.named import load_query, run_named
from kg.query.process import QueryRunner
from kg.query.store import Solutions, open_store
from kg.query.worker import packed, unpacked
from tests.export.sample_tables import BASE, sample_tables

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


@pytest.fixture
def runner(build: Path) -> QueryRunner:
    return QueryRunner.open(build, 30)


def rows(runner: QueryRunner, sparql: str) -> list[tuple[object, ...]]:
    answer = runner.run(sparql)
    assert isinstance(answer, Solutions)
    return list(answer.rows)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
        "SELECT * { ?s a ?t OPTIONAL { ?s skos:nothing ?o } BIND(BNODE('b') AS ?b) } ORDER BY ?s ?t LIMIT 3",
        "SELECT ?x { VALUES ?x { 1 1.5 true 'a' 'zz'@en UNDEF <x:y> '2024-01-31'^^xsd:date } }",
    ],
)
def test_the_answer_is_that_of_the_store(build: Path, runner: QueryRunner, sparql: str) -> None:
    expected = open_store(build).run(sparql)
    assert isinstance(expected, Solutions)
    found = runner.run(sparql)
    assert isinstance(found, Solutions)
    assert found.variables == expected.variables
    assert [[_shown(term) for term in row] for row in found.rows] == [[_shown(t) for t in row] for row in expected.rows]


def _shown(term: object) -> str:
    return "a blank node" if isinstance(term, ox.BlankNode) else repr(term)


def test_a_truth_value_and_triples(build: Path, runner: QueryRunner) -> None:
    assert runner.run("ASK { ?x a kg:MissingArticle }") is True
    assert runner.run("ASK { ?x a prov:Plan }") is False
    described = f"DESCRIBE <{BASE}subjects>"
    assert set(runner.run(described)) == set(open_store(build).run(described))


@pytest.mark.parametrize("sparql", ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_an_answer_ends_at_the_limit_on_rows(build: Path, sparql: str) -> None:
    def found(query: str) -> Iterator[object]:
        answer = QueryRunner.open(build, max_rows=10).run(query)
        yield from answer.rows if isinstance(answer, Solutions) else answer

    answer = found(sparql)
    assert len([next(answer) for _ in range(10)]) == 10
    with pytest.raises(MachineError, match="more than 10 rows"):
        next(answer)
    assert len(list(found(sparql + " LIMIT 10"))) == 10


def test_a_named_query_takes_only_the_rows_that_it_needs(build: Path, runner: QueryRunner) -> None:
    index = GraphIndex(sample_tables(), runner.minter)
    answer = run_named(runner, index, load_query("top-concepts"), {"limit": "2"})
    assert len(list(answer.rows)) == 2


@pytest.mark.parametrize(
    "term",
    [
        ox.NamedNode("x:y"),
        ox.Literal("a"),
        ox.Literal("a", language="en-gb"),
        ox.Literal("1", datatype=ox.NamedNode("x:y")),
        ox.BlankNode("b"),
        ox.Triple(ox.NamedNode("x:y"), ox.NamedNode("x:y"), ox.Literal("a")),
        None,
    ],
)
def test_every_term_arrives_as_it_was(term: object) -> None:
    assert unpacked(packed(term)) == term


def test_a_query_ends_at_its_deadline(build: Path) -> None:
    start = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"longer than 0\.5 seconds and was stopped: give it more time, or ask for"):
        QueryRunner.open(build, 0.5).run(ENDLESS)
    assert time.monotonic() - start < 20
    with pytest.raises(QueryTimeout):
        rows(QueryRunner.open(build, 0.5), "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")


def test_a_limit_is_a_number_from_zero_on_or_none(build: Path) -> None:
    for timeout in (float("inf"), 1e300, None):
        assert QueryRunner.open(build, timeout).run("ASK {}") is True
    for timeout in (float("nan"), -1.0):
        with pytest.raises(UsageError, match="timeout: expected a number from 0 on"):
            QueryRunner.open(build, timeout)
    with pytest.raises(UsageError, match="max_rows: expected a number from 0 on"):
        QueryRunner.open(build, 1, -1)


def test_from_is_found_between_marks_that_could_be_those_of_an_iri(runner: QueryRunner) -> None:
    query = "PREFIX e: <urn:no> SELECT (1<2 AS ?x) (COUNT(*) AS ?n) FROM e: { ?s ?p ?o FILTER(3>0) }"
    ((_, count),) = rows(runner, query)
    assert count == ox.Literal(0)


def test_time_in_which_rows_are_used_does_not_count(build: Path) -> None:
    start = time.monotonic()
    wanted = len(rows(QueryRunner.open(build, 60), "SELECT * { ?s ?p ?o }"))
    timeout = max(1.0, 4 * (time.monotonic() - start))  # a busy machine needs more
    patient = QueryRunner.open(build, timeout).run("SELECT * { ?s ?p ?o }")
    assert isinstance(patient, Solutions)
    next(patient.rows)
    time.sleep(timeout + 0.5)
    assert len(list(patient.rows)) + 1 == wanted


def test_errors_arrive_with_their_place(tmp_path: Path, build: Path, runner: QueryRunner) -> None:
    with pytest.raises(QueryError, match='"}" is not expected here') as raised:
        runner.run("SELECT * {\n ?s ?p }")
    assert (raised.value.line, raised.value.column) == (2, 8)
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        runner.run("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
    shutil.copy(build / "report.json", tmp_path)
    with pytest.raises(DataError, match="the store cannot be opened"):
        QueryRunner.open(tmp_path).run("ASK {}")


def test_what_would_crash_the_parser_is_a_sentence(runner: QueryRunner) -> None:
    with pytest.raises(QueryError, match="line 1, column 210: more than 200 brackets are inside each other"):
        runner.run("SELECT * " + "{" * 10_000 + "}" * 10_000)
    with pytest.raises(QueryError, match=r"1,000,012 characters, over the limit of 1,000,000"):
        runner.run("ASK {} #" + "x" * 1_000_004)
    with pytest.raises(QueryError, match="line 1, column 8: this is no character of Unicode"):
        runner.run("ASK { '\udcff' ?p ?o }")
    with pytest.raises(MachineError, match="too complex for the parser"):
        runner.run("ASK { FILTER(" + "!" * 200_000 + "true) }")
    assert runner.run("ASK { FILTER('" + "{" * 300 + "' = '') }") is False


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the memory of a process")
def test_memory_is_limited(runner: QueryRunner) -> None:
    limited = replace(runner, memory=700_000_000, timeout=120)
    every = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
    with pytest.raises(MachineError, match="more memory than it may use"):
        rows(limited, f"SELECT ?x {{ {every} BIND(CONCAT(STR(?a), STR(?d), STR(?g)) AS ?x) }} ORDER BY ?x")


def test_the_graphs_that_a_query_names_are_its_dataset(runner: QueryRunner) -> None:
    core, evidence = runner.minter.core_graph, runner.minter.evidence_graph

    def count(dataset: str, pattern: str = "?s ?p ?o") -> int:
        (row,) = rows(runner, f"SELECT (COUNT(*) AS ?n) {dataset} {{ {pattern} }}")
        return int(row[0].value)

    assert count(f"FROM <{core}>") > 0
    assert count(f"FROM <{evidence}>") > 0
    both = count(f"from <{core}>\nFROM <{evidence}>")
    assert count(f"FROM <{core}>") + count(f"FROM <{evidence}>") == both == count("")
    assert count(f"FROM NAMED <{evidence}>") == 0
    assert count(f"FROM NAMED <{evidence}>", "GRAPH ?g { ?s ?p ?o }") == count(f"FROM <{evidence}>")
    assert count("", '?s ?p ?o FILTER("FROM" = "FROM") # FROM\n') == count("")


@pytest.mark.skipif(sys.platform != "linux", reason="the children of a process are found in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_ends_a_query_and_its_process(build: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "kg", "query", str(build), ENDLESS]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=_with_default_signals
    )
    while not (child := _child(process.pid)):
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(number)
    assert process.wait(10) == (-9 if number == signal.SIGKILL else 128 + number)
    for _ in range(100):
        if not Path(f"/proc/{child}").exists():
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the process of the query goes on")


def _with_default_signals() -> None:
    """Undo what the program that runs the tests has inherited, such as the ignored SIGHUP of nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _child(parent: int) -> int | None:
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    except OSError:
        return None
    return int(children[0]) if children else None


def test_a_scan_reads_each_graph_and_counts_it_in_each_index(build: Path, runner: QueryRunner) -> None:
    lines: dict[str, bytes] = {}
    counts = []
    for part in runner.scan():
        if isinstance(part, bytes):
            lines[[*lines][-1]] += part
        elif len(part) == 1:
            lines[part[0]] = b""
        else:
            counts.append(part)
    core, evidence = runner.minter.core_graph, runner.minter.evidence_graph
    subjects = {line.split(b" ")[0] for line in lines[core].splitlines()}
    assert subjects == {line.split(b" ")[0] for line in (build / "graph.nt").read_bytes().splitlines()}
    sizes = {graph: text.count(b"\n") for graph, text in lines.items()}
    assert counts[:2] == [(graph, sizes[graph], sizes[graph]) for graph in (core, evidence)]
    assert {(name, expected == counted) for name, expected, counted in counts[2:]} == {("all graphs", True)}
    assert b"".join(part for part in runner.scan(evidence) if isinstance(part, bytes)) == lines[evidence]


def test_a_flipped_byte_in_any_index_is_found_with_little_memory(build: Path, tmp_path: Path) -> None:
    folder = build / "store"
    files = sorted(folder.glob("*.sst"))
    said = []
    for file in files:
        out = tmp_path / file.stem
        shutil.copytree(folder, out / "store")
        shutil.copy(build / "report.json", out)
        data = bytearray(file.read_bytes())
        data[20] ^= 1  # in the first block of triples or texts
        (out / "store" / file.name).write_bytes(data)
        try:
            list(QueryRunner(out, QueryRunner.open(build).minter, 60, memory=2_000_000_000).scan())
        except DataError as error:
            said.append(str(error))
    assert len(said) >= len(files) - 1  # one file has no data
    assert all("damaged" in text or "cannot be opened" in text for text in said)
