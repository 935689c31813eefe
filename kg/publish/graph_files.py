"""graph.gexf, graph.graphml, nodes.csv and edges.csv: the graph for programs that draw and compute."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Final, Protocol

from kg.iris import Minter
from kg.publish.attributes import Edge, Node, edges, nodes
from kg.publish.gexf import GexfWriter
from kg.publish.graph_csv import CsvWriter
from kg.publish.graphml import GraphmlWriter
from kg.tables import Tables

FILES: Final = ("graph.gexf", "graph.graphml", "nodes.csv", "edges.csv")


class _Writer(Protocol):
    def node(self, node: Node) -> None: ...

    def end_nodes(self) -> None: ...

    def edge(self, edge: Edge) -> None: ...

    def end(self) -> None: ...


def write_graph_files(tables: Tables, minter: Minter, out: Path) -> None:
    """Write `FILES` into `out`, node by node and edge by edge: to make those takes as long as to write one file."""
    with ExitStack() as stack:
        files = [stack.enter_context((out / name).open("w", encoding="utf-8", newline="\n")) for name in FILES]
        writers: list[_Writer] = [GexfWriter(files[0]), GraphmlWriter(files[1]), CsvWriter(files[2], files[3])]
        for node in nodes(tables, minter):
            for writer in writers:
                writer.node(node)
        for writer in writers:
            writer.end_nodes()
        for edge in edges(tables, minter):
            for writer in writers:
                writer.edge(edge)
        for writer in writers:
            writer.end()
