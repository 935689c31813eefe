"""How long the named queries take on a build, with the hardest parameters that its tables hold.

Usage: python benchmarks/queries.py OUT [--runs N]

Hard are the concept of the most articles and the one with the most narrower ones, the largest subject, the two articles
with the most concepts, and the two with the most links. Each question is put N times in a fresh process, which opens
the store first, and N times more in one that has put it once. Seconds are medians, from the question to the first row
and to the last, without the start of Python: of the clock, and of the processor, which other programs disturb less.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from kg.base.tables import Tables, read_tables
from kg.graph.index import GraphIndex
from kg.query.named import load_query, run_named
from kg.query.store import open_store

Values = dict[str, str]
Seconds = list[float]
"""To the first row and to the last, by the clock, then the same two of the processor."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A question, the number of rows of its answer, and what it took, time by time."""

    name: str
    parameters: str
    rows: int
    fresh: list[Seconds]
    warm: list[Seconds]


def questions(out: Path) -> Iterator[tuple[str, Values]]:
    """Every named query with the hardest parameters of the build."""
    tables = read_tables(out / "tables")
    narrower = tables.relations["target"].to_pylist()
    kinds = tables.relations["kind"].to_pylist()
    counted = zip(tables.concepts["article_count"].to_pylist(), tables.concepts["slug"].to_pylist(), strict=True)
    common = max(counted)[1]
    broad = _most(slug for slug, kind in zip(narrower, kinds, strict=True) if kind == "broader")
    subject = _most(subject for subject in tables.articles["subject"].to_pylist() if subject is not None)
    rich = _most(tables.mentions["article"].to_pylist(), 2)
    linked = _most([*tables.links["source"].to_pylist(), *_targets(tables)], 2)
    of_rich = tables.mentions["concept"].to_pylist()[tables.mentions["article"].to_pylist().index(rich[0])]
    yield "article-card", {"article": rich[0]}
    yield "article-card", {"article": linked[0]}
    yield "article-concepts", {}
    yield from (("bridging-articles", values) for values in ({}, *({"subject": name} for name in subject)))
    yield "broken-links", {}
    yield "concept-articles", {"concept": common}
    yield from (("concept-card", {"concept": name}) for name in (common, *broad))
    yield from (("cooccurrence", values) for values in ({}, {"concept": common}))
    yield "evidence", {}
    yield "evidence", {"article": rich[0], "limit": "1000000"}
    yield "evidence", {"concept": common, "limit": "1000000"}
    yield "evidence", {"article": rich[0], "concept": of_rich}
    yield "related-path", {"from": linked[0], "to": linked[1]}
    yield "shared-concepts", {"article": rich[0], "other": rich[1]}
    yield from (("subject-overview", values) for values in ({}, *({"subject": name} for name in subject)))
    yield from (("top-concepts", values) for values in ({}, *({"subject": name} for name in subject)))


def _most(names: Iterable[str], count: int = 1) -> list[str]:
    return [name for name, _ in sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))[:count]]


def _targets(tables: Tables) -> list[str]:
    links = tables.links.select(["target", "status"]).to_pylist()
    return [link["target"] for link in links if link["status"] != "missing"]


def ask(out: Path, name: str, values: Values, times: int) -> list[tuple[Seconds, int]]:
    """What it takes to put a question so many times in this process, and how many rows the answer has."""
    graph = open_store(out)
    index = GraphIndex.open(out / "tables", graph.minter)
    taken = []
    for _ in range(times):
        start, used = time.perf_counter(), time.process_time()
        rows = run_named(graph, index, load_query(name), values).rows
        count = int(next(rows, None) is not None)
        first, first_used = time.perf_counter() - start, time.process_time() - used
        count += sum(1 for _ in rows)
        taken.append(([first, time.perf_counter() - start, first_used, time.process_time() - used], count))
    return taken


def in_a_fresh_process(out: Path, name: str, values: Values, times: int) -> list[tuple[Seconds, int]]:
    """As `ask`, in a process of its own."""
    command = [sys.executable, __file__, str(out), "--ask", json.dumps([name, values, times])]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def timed(out: Path, runs: int) -> Iterator[Timed]:
    """Every question, put `runs` times in a fresh process and `runs` times in one that has put it before."""
    for name, values in questions(out):
        fresh = [in_a_fresh_process(out, name, values, 1)[0] for _ in range(runs)]
        warm = in_a_fresh_process(out, name, values, runs + 1)[1:]
        told = ", ".join(f"{key}={value.rpartition('/')[2][:24]}" for key, value in values.items())
        yield Timed(name, told, warm[0][1], [seconds for seconds, _ in fresh], [seconds for seconds, _ in warm])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="a build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask is not None:
        print(json.dumps(ask(given.out, *json.loads(given.ask))))
        return
    print("| query | parameters | rows | fresh: first row | last row | warm: first row | last row |")
    print("|---|---|---|---|---|---|---|")
    for one in timed(given.out, given.runs):
        cells = [
            f"{median(seconds[at] for seconds in taken):.3f} ({median(seconds[at + 2] for seconds in taken):.3f})"
            for taken in (one.fresh, one.warm)
            for at in (0, 1)
        ]
        print("|", " | ".join([one.name, one.parameters, str(one.rows), *cells]), "|", flush=True)


if __name__ == "__main__":
    main()
