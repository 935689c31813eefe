"""graph.gexf, graph.graphml, nodes.csv and edges.csv: the graph for programs that draw and compute."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

from kg.base.iris import Minter
from kg.base.tables import Tables
from kg.export.property_graph.attributes import community_colours, edge_columns, node_columns
from kg.export.property_graph.gexf import GexfWriter
from kg.export.property_graph.graph_csv import CsvWriter
from kg.export.property_graph.graphml import GraphmlWriter
from kg.graph.property_graph import edge_blocks, node_blocks

FILES: Final = ("graph.gexf", "graph.graphml", "nodes.csv", "edges.csv")


class _GraphFileWriter(Protocol):
    def nodes(self, block: pa.RecordBatch) -> None: ...

    def end_nodes(self) -> None: ...

    def edges(self, block: pa.RecordBatch) -> None: ...

    def end(self) -> None: ...


def write_graph_files(tables: Tables, minter: Minter, out: Path) -> None:
    """Write `FILES` into `out`, block by block."""
    colours = community_colours(tables)
    with ExitStack() as stack:
        files = [stack.enter_context((out / name).open("wb")) for name in FILES]
        writers: list[_GraphFileWriter] = [GexfWriter(files[0]), GraphmlWriter(files[1]), CsvWriter(files[2], files[3])]
        for block in node_blocks(tables, minter):
            columns = node_columns(block, colours)
            for writer in writers:
                writer.nodes(columns)
        for writer in writers:
            writer.end_nodes()
        for block in edge_blocks(tables, minter):
            columns = edge_columns(block)
            for writer in writers:
                writer.edges(columns)
        for writer in writers:
            writer.end()
