"""graph.gexf, graph.graphml, nodes.csv and edges.csv: the graph for programs that draw and analyse graphs."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import pyarrow as pa

from kg.base.iris import Minter
from kg.base.report import Report
from kg.base.tables import Tables
from kg.export.artifacts import Artifact, Exporter
from kg.export.property_graph.attributes import community_colours, edge_columns, node_columns
from kg.export.property_graph.gexf import GexfWriter
from kg.export.property_graph.graph_csv import CsvWriter
from kg.export.property_graph.graphml import GraphmlWriter
from kg.graph.property_graph import edge_blocks, node_blocks

_GEXF: Final = "graph.gexf"
_GRAPHML: Final = "graph.graphml"
_NODES: Final = "nodes.csv"
_EDGES: Final = "edges.csv"


class _GraphFileWriter(Protocol):
    def nodes(self, block: pa.RecordBatch) -> None: ...

    def end_nodes(self) -> None: ...

    def edges(self, block: pa.RecordBatch) -> None: ...

    def end(self) -> None: ...


def write_graph_files(tables: Tables, report: Report, out: Path) -> None:
    """Write graph.gexf, graph.graphml, nodes.csv and edges.csv into `out`.

    The four files are written together, so that the nodes and edges are computed once. This takes longer than writing
    one file.
    """
    minter = Minter(report.configuration["base"])
    colours = community_colours(tables)
    with ExitStack() as stack:

        def open_file(name: str) -> BinaryIO:
            return stack.enter_context((out / name).open("wb"))

        writers: list[_GraphFileWriter] = [
            GexfWriter(open_file(_GEXF)),
            GraphmlWriter(open_file(_GRAPHML)),
            CsvWriter(open_file(_NODES), open_file(_EDGES)),
        ]
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


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=_GEXF,
                media_type="application/gexf+xml",
                title="The graph for Gephi",
                summary="nodes and edges with colours, sizes and places",
                opens_with="Gephi, sigma.js, networkx",
                dataset_order=70,
                page_order=80,
            ),
            Artifact(
                name=_GRAPHML,
                media_type="application/graphml+xml",
                title="The graph for networkx, Cytoscape and yEd",
                summary="nodes and edges with their attributes",
                opens_with="networkx, Cytoscape, yEd, igraph",
                dataset_order=60,
                page_order=90,
            ),
            Artifact(
                name=_NODES,
                media_type="text/csv",
                title="The nodes, for Neo4j",
                summary="the same nodes as a table",
                opens_with="Neo4j, Gephi, Cytoscape, a spreadsheet",
                dataset_order=80,
                page_order=100,
            ),
            Artifact(
                name=_EDGES,
                media_type="text/csv",
                title="The edges, for Neo4j",
                summary="the same edges as a table",
                opens_with="Neo4j, Gephi, Cytoscape, a spreadsheet",
                dataset_order=90,
                page_order=110,
            ),
        ),
        write=write_graph_files,
    ),
)
