"""How long ten explorations of a build take in Python; the notebooks 03 and 04 show all of them on the examples.

Usage: python benchmarks/explorations.py OUT [--runs N]

Each exploration runs N times in a fresh process, which has opened the build and done nothing else. Seconds are medians
of the clock, without the start of Python and without opening the build, which has a line of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Final

import matplotlib as mpl
import networkx as nx
import pandas as pd

import kg

mpl.use("agg")


def top_concepts_by_subject(graph: kg.Graph) -> object:
    mentions = graph.mentions.join(graph.articles["subject"], on="article")
    strength = mentions.pivot_table("salience", "concept", "subject", aggfunc="sum", observed=True)
    return strength.apply(lambda column: ", ".join(column.nlargest(3).index))


def similar_articles(graph: kg.Graph) -> object:
    return graph.similar(graph.articles["centrality"].idxmax())


def trend_of_a_concept(graph: kg.Graph) -> object:
    return graph.timeline(graph.concepts["article_count"].idxmax(), "month")


def bridging_concepts(graph: kg.Graph) -> object:
    around = graph.mentions.join(graph.articles["community"], on="article")
    spread = around.groupby("concept")["community"].nunique().nlargest(6).rename("communities")
    return graph.concepts[["pref_label"]].join(spread, how="right")


def missing_links(graph: kg.Graph) -> object:
    return graph.suggest_links()


def pagerank(graph: kg.Graph) -> object:
    links = nx.DiGraph(graph.to_networkx(["relation"]))
    return pd.Series(nx.pagerank(links)).nlargest(5)


def heat_map_of_cooccurrence(graph: kg.Graph) -> object:
    table = graph.cooccurrence(graph.concepts.nlargest(20, "article_count").index)
    return table.style.background_gradient(cmap="cividis_r", axis=None).to_html()


def subgraph_export(graph: kg.Graph) -> object:
    return nx.write_graphml(graph.subgraph(community=graph.communities.index[0]), BytesIO())


def sparql_to_a_frame(graph: kg.Graph) -> object:
    return graph.query("bridging-articles")


def plot(graph: kg.Graph) -> object:
    counts = graph.concepts["article_count"].value_counts().sort_index()
    return counts.plot.bar(color="#0072b2").figure.savefig(BytesIO())


EXPLORATIONS: Final[dict[str, Callable[[kg.Graph], object]]] = {
    exploration.__name__.replace("_", " "): exploration
    for exploration in (
        top_concepts_by_subject,
        similar_articles,
        trend_of_a_concept,
        bridging_concepts,
        missing_links,
        pagerank,
        heat_map_of_cooccurrence,
        subgraph_export,
        sparql_to_a_frame,
        plot,
    )
}
_OPEN: Final = "open the build"


def seconds_of(out: Path, name: str) -> float:
    """What an exploration takes in this process, which opens the build first; of `_OPEN`, what opening takes."""
    start = time.perf_counter()
    graph = kg.open(out)
    if name != _OPEN:
        start = time.perf_counter()
        EXPLORATIONS[name](graph)
    return time.perf_counter() - start


def in_a_fresh_process(out: Path, name: str) -> float:
    """As `seconds_of`, in a process of its own."""
    command = [sys.executable, __file__, str(out), "--explore", name]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="a build")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--explore", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.explore is not None:
        print(json.dumps(seconds_of(given.out, given.explore)))
        return
    print("| exploration | seconds |")
    print("|---|---|")
    for name in (_OPEN, *EXPLORATIONS):
        taken = [in_a_fresh_process(given.out, name) for _ in range(given.runs)]
        print(f"| {name} | {median(taken):.2f} ({min(taken):.2f}–{max(taken):.2f}) |", flush=True)


if __name__ == "__main__":
    main()
