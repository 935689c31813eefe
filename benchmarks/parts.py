"""The parts of a build: how long its stages, its writers and its named queries take."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pyoxigraph
import queries
from rdflib import Graph
from rdflib.namespace import VOID
from shown import Table

from kg.base.report import read_report

WRITER = "write "
"""What the names of timings begin with that are of one file, or of several; all others are of stages."""


@dataclass(frozen=True, slots=True)
class Built:
    """What is to be kept of a build that is thrown away: the timings of its report, and the triples in its files."""

    timings: Mapping[str, float]
    triples: Mapping[str, int]


def read(out: Path) -> Built:
    """The timings and triples of the build `out`."""
    sizes = graph_sizes(out)
    core, evidence = sizes.get("core", 0), sizes.get("evidence", 0)
    concepts = sum(1 for _ in pyoxigraph.parse(path=out / "concepts.ttl"))
    triples = dict.fromkeys(("graph.nt", "graph.ttl", "graph.jsonld"), core)
    triples |= {"evidence.nt.gz": evidence, "store": core + evidence, "concepts.ttl": concepts}
    return Built(read_report(out).timings, triples)


def graph_sizes(out: Path) -> dict[str, int]:
    """The triples of each named graph of a build, by the last word of its IRI, as dataset.ttl says."""
    described = Graph().parse(out / "dataset.ttl")
    parts = ((str(of), count) for of, count in described.subject_objects(VOID.triples))
    return {of.rpartition("/")[2]: int(count) for of, count in parts if re.search(r"/graph/(core|evidence)$", of)}


def stage_table(built: Sequence[Built], seconds: Sequence[float]) -> Table:
    """The stages one after another, and what is left of the whole command: starting Python, swapping the output in."""
    stages = [name for name in built[0].timings if not name.startswith(WRITER)]
    times = {name: [one.timings[name] for one in built] for name in stages}
    times["start and end"] = [
        whole - sum(one.timings[name] for name in stages) for one, whole in zip(built, seconds, strict=True)
    ]
    rows = [
        [
            name,
            f"{median(taken):,.2f}",
            f"{median(part / whole for part, whole in zip(taken, seconds, strict=True)):.0%}",
        ]
        for name, taken in times.items()
    ]
    return Table("Stages of a build with an empty cache", ["stage", "seconds", "share"], rows)


def writer_table(built: Sequence[Built]) -> Table:
    """What is written while publishing; writers run side by side, so that their seconds add up to more than that."""
    rows = []
    for name in (name for name in built[0].timings if name.startswith(WRITER)):
        seconds = median(one.timings[name] for one in built)
        triples = sum(count for file, count in built[0].triples.items() if re.search(rf"\b{re.escape(file)}\b", name))
        rate = f"{triples / seconds:,.0f}" if triples and seconds else ""
        rows.append([name.removeprefix(WRITER), f"{seconds:,.2f}", f"{triples:,}" if triples else "", rate])
    note = "Of a writer that writes several files, triples are those in all of them. Writers run side by side."
    return Table("Writers", ["file", "seconds", "triples", "triples/s"], rows, note)


def query_table(out: Path, runs: int) -> Table:
    """The seconds to the last row of every named query."""
    rows = [
        [
            one.name,
            one.parameters,
            f"{one.rows:,}",
            f"{median(seconds[1] for seconds in one.fresh):.3f}",
            f"{median(seconds[1] for seconds in one.warm):.3f}",
        ]
        for one in queries.timed(out, runs)
    ]
    note = "Seconds to the last row, in a process that opens the store first, and in one that has asked before."
    return Table("Named queries", ["query", "parameters", "rows", "fresh", "again"], rows, note, left=2)
