"""Writing of the core graph as N-Triples, Turtle and JSON-LD, as a stream in constant memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Triple, serialize

from kg.base.iris import PREFIXES
from kg.base.report import Report
from kg.base.tables import Tables
from kg.export.artifacts import Artifact, Exporter
from kg.export.rdf.annotations import Annotation, Patterns, example
from kg.export.rdf.core_graph import concept_nodes, core_nodes, core_parts
from kg.export.rdf.jsonld import JsonLdWriter
from kg.export.rdf.metadata import ExportMetadata
from kg.export.rdf.statistics import GraphStatistics
from kg.export.rdf.terms import TYPE, RdfNode, triples
from kg.export.store.write_store import Lines

NTRIPLES: Final = "graph.nt"
_TURTLE: Final = "graph.ttl"
_JSON_LD: Final = "graph.jsonld"
_CONCEPTS: Final = "concepts.ttl"
_NODES_A_BLOCK: Final = 32
"""Average number of nodes in a block.

Blocks of this size fit into the processor's cache; with 512 nodes in a block, writing takes nearly twice as long.
"""


def core_triples(tables: Tables, edition: ExportMetadata) -> Iterator[Triple]:
    """Yield the triples of the core graph, each once.

    They are grouped by subject; the subjects have the order of `core_nodes`.
    """
    return triples(core_nodes(tables, edition))


def write_core(tables: Tables, edition: ExportMetadata, out: Path, load: Lines) -> GraphStatistics:
    """Write the core graph into `out` as graph.nt, graph.ttl and graph.jsonld; graph.nt is canonical N-Triples.

    The nodes are made once for all three files, since making them takes longer than writing a file. `load` is called
    once for each block of consecutive nodes, with the N-Triples of the block.

    Returns:
        The statistics of the graph.
    """
    statistics = GraphStatistics()
    with (
        (out / NTRIPLES).open("wb") as ntriples,
        (out / _TURTLE).open("wb") as turtle,
        (out / _JSON_LD).open("wb") as json_ld,
        JsonLdWriter(json_ld) as writer,
    ):
        patterns = Patterns(lambda nodes: (*_serialize([*triples(nodes)]), writer.lines(nodes)))
        turtle.write(_turtle_start())
        for block in _blocks(core_parts(tables, edition)):
            statistics.count([part for part in block if isinstance(part, RdfNode)])
            lines, in_turtle, in_json_ld = patterns.serialized(block)
            ntriples.write(lines)
            load(lines)
            turtle.write(in_turtle)
            writer.write(in_json_ld)
        for kind, count in patterns.counts.items():
            statistics.count([example(kind)], count)
    return statistics


def _blocks(parts: Iterator[RdfNode | Annotation]) -> Iterator[list[RdfNode | Annotation]]:
    """Yield the nodes in blocks, which are lists of consecutive nodes.

    Whether a node begins a new block depends only on a hash of its IRI.
    """
    block: list[RdfNode | Annotation] = []
    for part in parts:
        iri = part.iri.value if isinstance(part, RdfNode) else part.texts["iri"]
        if not zlib.crc32(iri.encode()) % _NODES_A_BLOCK and block:
            yield block
            block = []
        block.append(part)
    if block:
        yield block


def _serialize(block: list[Triple]) -> tuple[bytes, bytes]:
    """Return `block` as N-Triples, and as Turtle without the lines that define prefixes."""
    lines = serialize(block, format=RdfFormat.N_TRIPLES)
    assert lines is not None
    return lines, _turtle(block).split(b"\n", len(PREFIXES))[-1]


def _turtle_start() -> bytes:
    """Return the lines at the start of a Turtle document, which define the prefixes."""
    return b"".join(_turtle([Triple(TYPE, TYPE, TYPE)]).splitlines(keepends=True)[: len(PREFIXES)])


def _turtle(block: list[Triple]) -> bytes:
    document = serialize(block, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert document is not None
    return document


def write_concepts(tables: Tables, report: Report, out: Path) -> None:
    """Write `out`/concepts.ttl, which has the SKOS concept scheme with its concepts, but no articles."""
    nodes = concept_nodes(tables, ExportMetadata.of(report))
    with (out / _CONCEPTS).open("wb") as file:
        serialize(triples(nodes), file, RdfFormat.TURTLE, prefixes=PREFIXES)


CORE: Final = Exporter(
    artifacts=(
        Artifact(
            name=NTRIPLES,
            media_type="application/n-triples",
            title="The core graph as N-Triples",
            summary="the same triples as N-Triples, to stream",
            opens_with="any RDF tool, any triple store, grep",
            dataset_order=10,
            page_order=30,
            dump_of="core",
        ),
        Artifact(
            name=_TURTLE,
            media_type="text/turtle",
            title="The core graph as Turtle",
            summary="the knowledge graph as Turtle, to read",
            opens_with="a text editor, any RDF tool",
            dataset_order=20,
            page_order=20,
            dump_of="core",
        ),
        Artifact(
            name=_JSON_LD,
            media_type="application/ld+json",
            title="The core graph as JSON-LD",
            summary="the same triples as JSON-LD with short names",
            opens_with="any JSON tool, any JSON-LD tool",
            dataset_order=30,
            page_order=40,
            dump_of="core",
        ),
    )
)
"""The exporter of the core graph. `kg.export.graph_process` calls `write_core`."""

EXPORTERS: Final = (
    CORE,
    Exporter(
        artifacts=(
            Artifact(
                name=_CONCEPTS,
                media_type="text/turtle",
                title="The concept scheme on its own, as SKOS",
                summary="the concepts as a SKOS vocabulary",
                opens_with="Skosmos, VocBench, any RDF tool",
                dataset_order=50,
                page_order=60,
            ),
        ),
        write=write_concepts,
    ),
)
