"""Every file that is published; what does not depend on each other is written side by side."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg import engine
from kg.iris import Minter
from kg.publish.dataset import FILE_NAME as DATASET
from kg.publish.dataset import write_dataset
from kg.publish.edition import Edition
from kg.publish.evidence import FILE_NAME as EVIDENCE
from kg.publish.gexf import write_gexf
from kg.publish.graph_csv import write_edges_csv, write_nodes_csv
from kg.publish.graphml import write_graphml
from kg.publish.jsonld import write_jsonld
from kg.publish.page import write_start_page
from kg.publish.pages import FOLDER, subjects, write_communities_page, write_subject_pages
from kg.publish.rdf import write_concepts, write_evidence, write_ntriples, write_store, write_turtle
from kg.publish.statistics import Statistics
from kg.report import Report
from kg.tables import Tables, read_tables

_WORTH_PROCESSES: Final = 1000
"""Articles from which on starting processes costs less than it saves."""

_PAGES_A_TASK: Final = 4
"""Subjects whose pages are made together, from tables that are read once."""


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    out: Path
    report: Report
    subjects: tuple[str, ...] = ()
    """Whose pages are written; a task that has none writes what its name says."""


@dataclass(frozen=True, slots=True)
class _Done:
    seconds: float
    graphs: dict[str, Statistics]
    """Of the named graphs that were written."""


def publish(report: Report, out: Path, *, jobs: int) -> dict[str, float]:
    """Write everything that is made from the tables in `out`/tables into `out`.

    Args:
        report: the report, as far as it is known; it is not written.
        out: the folder.
        jobs: at most so many processes.

    Returns:
        The seconds that each file took, and all pages together.
    """
    labels = subjects(read_tables(out / "tables"))
    groups = [tuple(labels[at : at + _PAGES_A_TASK]) for at in range(0, len(labels), _PAGES_A_TASK)]
    tasks = [_Task(name, out, report) for name in _WRITERS]
    tasks += [_Task(FOLDER, out, report, group) for group in groups]
    many = report.counts["articles"] >= _WORTH_PROCESSES
    seconds: dict[str, float] = defaultdict(float)
    graphs: dict[str, Statistics] = {}
    for task, done in zip(tasks, engine.run(_write, tasks, jobs=jobs if many else 1), strict=True):
        seconds[f"write {task.name}"] += done.seconds
        graphs |= done.graphs
    start = time.perf_counter()
    write_dataset(read_tables(out / "tables"), Edition.of(report), graphs, out)
    seconds[f"write {DATASET}"] = time.perf_counter() - start
    return {name: round(taken, 3) for name, taken in seconds.items()}


def _write(task: _Task) -> _Done:
    start = time.perf_counter()
    tables = read_tables(task.out / "tables")
    graphs = None
    if task.subjects:
        write_subject_pages(tables, task.report, task.out, task.subjects)
    else:
        graphs = _WRITERS[task.name](tables, task.report, task.out)
    return _Done(time.perf_counter() - start, graphs or {})


def _minter(report: Report) -> Minter:
    return Minter(report.configuration["base"])


def _store(tables: Tables, report: Report, out: Path) -> dict[str, Statistics]:
    graphs = {"core": write_ntriples(tables, Edition.of(report), out / "graph.nt")}
    which = report.configuration["publish"]["evidence"]
    evidence = None if which == "none" else out / EVIDENCE
    if evidence is not None:
        graphs["evidence"] = write_evidence(tables, _minter(report), evidence, which)
    write_store(out / "graph.nt", evidence, out / "store", _minter(report))
    return graphs


def _turtle(tables: Tables, report: Report, out: Path) -> None:
    write_turtle(tables, Edition.of(report), out / "graph.ttl")


def _jsonld(tables: Tables, report: Report, out: Path) -> None:
    write_jsonld(tables, Edition.of(report), out / "graph.jsonld")


def _concepts(tables: Tables, report: Report, out: Path) -> None:
    write_concepts(tables, Edition.of(report), out / "concepts.ttl")


def _graphml(tables: Tables, report: Report, out: Path) -> None:
    write_graphml(tables, _minter(report), out / "graph.graphml")


def _gexf(tables: Tables, report: Report, out: Path) -> None:
    write_gexf(tables, _minter(report), out / "graph.gexf")


def _csv(tables: Tables, report: Report, out: Path) -> None:
    write_nodes_csv(tables, _minter(report), out / "nodes.csv")
    write_edges_csv(tables, _minter(report), out / "edges.csv")


def _page(tables: Tables, report: Report, out: Path) -> None:
    write_start_page(tables, report, out)


_WRITERS: Final[dict[str, Callable[[Tables, Report, Path], dict[str, Statistics] | None]]] = {  # the longest first
    f"graph.nt, {EVIDENCE} and store": _store,
    "graph.ttl": _turtle,
    "graph.jsonld": _jsonld,
    "graph.gexf": _gexf,
    "graph.graphml": _graphml,
    "nodes.csv and edges.csv": _csv,
    "concepts.ttl": _concepts,
    f"{FOLDER}/communities.html": write_communities_page,
    "index.html": _page,
}
