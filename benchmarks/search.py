"""How long searches take on a build: 30 queries of several kinds, warm, and the command `kg search`.

Usage: python benchmarks/search.py OUT [--runs N]

The queries are made from the labels of the most common concepts and from the titles of articles. Each is put N times in
one process that has put all of them before, as a notebook does, with the tables in memory. The time of a query is the
median of its N times. Milliseconds are of the clock and, in parentheses, of the processor, which other programs disturb
less. The command is run N times with one query; its time is that of the whole process.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from kg.base.iris import Minter
from kg.base.report import read_report
from kg.base.tables import Tables, read_tables
from kg.graph.index import GraphIndex
from kg.query.search import SearchIndex

_EACH = 5


def queries(tables: Tables) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each query. The same tables give the same queries."""
    chosen = random.Random(7)
    concepts = tables.concepts.sort_by([("article_count", "descending"), ("slug", "ascending")])
    labels = [label for label in concepts["pref_label"].to_pylist() if " " in label and label.islower()]
    titles = chosen.sample(tables.articles["title"].to_pylist(), 2 * _EACH)
    for label in labels[:_EACH]:
        yield "the label of a common concept", label
        yield "the same, misspelt and in another order", _misspelt(label)
        yield "the beginning of a label", label[:-3]
    for title in titles[:_EACH]:
        yield "a title", title
    for title in titles[_EACH:]:
        words = sorted(title.split(), key=len)[-4:]
        chosen.shuffle(words)
        yield "four words of a title", " ".join(words)
    for words in ("the", "what is the", "how do you use it", "model", "data and time"):
        yield "common words", words


def _misspelt(label: str) -> str:
    """Return the words of a label in reverse order, with two letters swapped in the longest word."""
    longest = max(label.split(), key=len)
    middle = len(longest) // 2
    swapped = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return " ".join(swapped if word == longest else word for word in reversed(label.split()))


def timed(index: SearchIndex, query: str, runs: int) -> tuple[float, float]:
    """Return the milliseconds of a query by the clock and of the processor, both as medians."""
    taken = []
    for _ in range(runs):
        start, used = time.perf_counter(), time.process_time()
        index.search(query)
        taken.append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)))
    return median(clock for clock, _ in taken), median(processor for _, processor in taken)


def command(out: Path, query: str) -> float:
    """Return the seconds that `kg search` takes in a process of its own."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "kg", "search", out, query], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="a build")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    tables = read_tables(given.out / "tables")
    index = SearchIndex(GraphIndex(tables, Minter(read_report(given.out).configuration["base"])), given.out)
    asked = [*queries(tables)]
    for _, query in asked:
        index.search(query)
    found = [(kind, *timed(index, query, given.runs)) for kind, query in asked]
    print("| queries | number | median ms | most ms |")
    print("|---|---:|---:|---:|")
    for kind in [*dict.fromkeys(kind for kind, _ in asked), "all"]:
        own = [taken for name, *taken in found if kind in (name, "all")]
        cells = [
            f"{of(clock for clock, _ in own):.1f} ({of(processor for _, processor in own):.1f})" for of in (median, max)
        ]
        print(f"| {kind} | {len(own)} | {' | '.join(cells)} |")
    seconds = [command(given.out, asked[0][1]) for _ in range(given.runs)]
    print(f"\nkg search: {median(seconds):.2f} s, at most {max(seconds):.2f} s")


if __name__ == "__main__":
    main()
