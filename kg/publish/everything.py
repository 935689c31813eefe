"""Every file that is published, in the order in which it is written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from kg.iris import Minter
from kg.publish.jsonld import write_jsonld
from kg.publish.page import write_start_page
from kg.publish.rdf import write_concepts, write_ntriples, write_store, write_turtle
from kg.report import Report
from kg.tables import Tables


def publish(tables: Tables, report: Report, out: Path, *, stage: Callable[[str], AbstractContextManager[None]]) -> None:
    """Write the graph into the folder `out`; `stage` times each kind of file."""
    minter = Minter(report.configuration["base"])
    site = report.configuration["site"]
    with stage("write RDF"):
        write_ntriples(tables, minter, out / "graph.nt", site)
        write_turtle(tables, minter, out / "graph.ttl", site)
        write_jsonld(tables, minter, out / "graph.jsonld", site)
        write_concepts(tables, minter, out / "concepts.ttl")
    with stage("load the store"):
        write_store(out / "graph.nt", out / "store", minter)
    with stage("write pages"):
        write_start_page(tables, report, out)
