"""SPARQL engines that answer the same queries on the same graph: Oxigraph, rdflib and Virtuoso."""

import gzip
import io
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pyoxigraph as ox
import pytest
import rdflib

from kg.query.formats import Format, write_result
from kg.query.store import Solutions

Answer = list[tuple[Any, ...]]
"""Rows of an answer. A number is a `Decimal`, an IRI a text, and any other value a text with its language."""

GRAPH = "urn:graph"
CONFIGURATION = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = {sql}
DirsAllowed = {folder}
[HTTPServer]
ServerPort = {http}
[SPARQL]
DefaultGraph = urn:graph
ResultSetMaxRows = 1000000
"""


class Engine(Protocol):
    """A program that answers queries in SPARQL 1.1."""

    def select(self, sparql: str) -> Answer:
        """The rows of the answer to a SELECT, in its order."""


class Oxigraph:
    def __init__(self, files: list[Path]) -> None:
        self.store = ox.Store()
        for file in files:
            self.store.bulk_load(path=file, format=ox.RdfFormat.N_TRIPLES)

    def select(self, sparql: str) -> Answer:
        answer = self.store.query(sparql)
        names = tuple(variable.value for variable in answer.variables)
        return _rows(_json(Solutions(names, (tuple(row) for row in answer))))


class Rdflib:
    def __init__(self, files: list[Path]) -> None:
        self.graph = rdflib.Graph()
        for file in files:
            self.graph.parse(file, format="nt")

    def select(self, sparql: str) -> Answer:
        written = self.graph.query(sparql).serialize(format="json")
        assert written is not None
        return _rows(json.loads(written))


class Virtuoso:
    """A server on two ports of this machine, with files in `folder`; it ends with `stop`."""

    def __init__(self, files: list[Path], folder: Path) -> None:
        sql, self.http = _free_port(), _free_port()
        (folder / "virtuoso.ini").write_text(CONFIGURATION.format(sql=sql, http=self.http, folder=folder))
        self.process = subprocess.Popen(
            ["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        loads = [f"DB.DBA.TTLP(file_to_string_output('{file}'), '', '{GRAPH}');" for file in files]
        command = ["isql-vt", f"localhost:{sql}", "dba", "dba", f"exec={' '.join(loads)}"]
        deadline = time.monotonic() + 120
        while subprocess.run(command, capture_output=True, check=False).returncode:
            assert time.monotonic() < deadline, "Virtuoso does not start"
            assert self.process.poll() is None, (folder / "virtuoso.log").read_text()
            time.sleep(0.2)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def select(self, sparql: str) -> Answer:
        parameters = urlencode({"query": sparql, "format": "application/sparql-results+json"})
        try:
            with urlopen(f"http://localhost:{self.http}/sparql?{parameters}", timeout=120) as answer:
                return _rows(json.load(answer))
        except HTTPError as error:
            raise AssertionError(error.read().decode()) from error


@contextmanager
def virtuoso(files: list[Path], folder: Path) -> Iterator[Virtuoso]:
    """A server with the triples of `files`; skips the test where it is not installed, but not in CI."""
    if shutil.which("virtuoso-t") is None and "CI" not in os.environ:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
    server = Virtuoso(files, folder)
    try:
        yield server
    finally:
        server.stop()


def triples_of(out: Path, folder: Path) -> list[Path]:
    """The triples of a build, in two files of N-Triples below `folder`."""
    core, evidence = folder / "graph.nt", folder / "evidence.nt"
    shutil.copy(out / "graph.nt", core)
    evidence.write_bytes(gzip.decompress((out / "evidence.nt.gz").read_bytes()))
    return [core, evidence]


def _json(solutions: Solutions) -> Any:
    out = io.BytesIO()
    write_result(solutions, Format.JSON, out)
    return json.loads(out.getvalue())


def _rows(answer: Any) -> Answer:
    names = answer["head"]["vars"]
    return [tuple(_value(binding.get(name)) for name in names) for binding in answer["results"]["bindings"]]


def _value(term: dict[str, str] | None) -> Any:
    if term is None:
        return None
    name = term.get("datatype", "").rpartition("#")[2]
    if name in {"integer", "nonNegativeInteger", "decimal", "int", "double"}:
        return Decimal(term["value"]).normalize()
    if term["type"] == "uri":
        return f"<{term['value']}>"
    # The order of what GROUP_CONCAT joins is that of the engine.
    return "; ".join(sorted(term["value"].split("; "))), term.get("xml:lang", "")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])
