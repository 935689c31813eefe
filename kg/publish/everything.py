"""Every file that is published; what does not depend on each other is written side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg import engine
from kg.iris import Minter
from kg.publish.jsonld import write_jsonld
from kg.publish.page import write_start_page
from kg.publish.rdf import write_concepts, write_ntriples, write_store, write_turtle
from kg.report import Report
from kg.tables import Tables, read_tables

_WORTH_PROCESSES: Final = 1000
"""Articles from which on starting processes costs less than it saves."""


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    out: Path
    report: Report


def publish(report: Report, out: Path, *, jobs: int) -> dict[str, float]:
    """Write everything that is made from the tables in `out`/tables into `out`.

    Args:
        report: the report, as far as it is known; it is not written.
        out: the folder.
        jobs: at most so many processes.

    Returns:
        The seconds that each file took.
    """
    tasks = [_Task(name, out, report) for name in _WRITERS]
    many = report.counts["articles"] >= _WORTH_PROCESSES
    seconds = engine.run(_write, tasks, jobs=jobs if many else 1)
    return {f"write {name}": taken for name, taken in zip(_WRITERS, seconds, strict=True)}


def _write(task: _Task) -> float:
    start = time.perf_counter()
    _WRITERS[task.name](read_tables(task.out / "tables"), task.report, task.out)
    return round(time.perf_counter() - start, 3)


def _minter(report: Report) -> Minter:
    return Minter(report.configuration["base"])


def _store(tables: Tables, report: Report, out: Path) -> None:
    write_ntriples(tables, _minter(report), out / "graph.nt", report.configuration["site"])
    write_store(out / "graph.nt", out / "store", _minter(report))


def _turtle(tables: Tables, report: Report, out: Path) -> None:
    write_turtle(tables, _minter(report), out / "graph.ttl", report.configuration["site"])


def _jsonld(tables: Tables, report: Report, out: Path) -> None:
    write_jsonld(tables, _minter(report), out / "graph.jsonld", report.configuration["site"])


def _concepts(tables: Tables, report: Report, out: Path) -> None:
    write_concepts(tables, _minter(report), out / "concepts.ttl")


def _page(tables: Tables, report: Report, out: Path) -> None:
    write_start_page(tables, report, out)


_WRITERS: Final[dict[str, Callable[[Tables, Report, Path], None]]] = {  # the longest first
    "graph.nt and store": _store,
    "graph.ttl": _turtle,
    "graph.jsonld": _jsonld,
    "concepts.ttl": _concepts,
    "index.html": _page,
}
