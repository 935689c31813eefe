"""The core graph as N-Triples, as Turtle and as JSON-LD; all of it streams, at constant memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Triple, serialize

from kg.iris import PREFIXES
from kg.publish.core import concept_nodes, core_nodes
from kg.publish.edition import Edition
from kg.publish.jsonld import JsonLdWriter
from kg.publish.statistics import Statistics
from kg.publish.store import Lines
from kg.publish.terms import Node, triples
from kg.tables import Tables

NTRIPLES: Final = "graph.nt"
_NODES_A_BLOCK: Final = 32
"""On average. Few enough to stay in the processor's cache: 512 take nearly twice as long."""


def core_triples(tables: Tables, edition: Edition) -> Iterator[Triple]:
    """The triples of the core graph, those of a subject together, in the order of `core_nodes`; none twice."""
    return triples(core_nodes(tables, edition))


def write_core(tables: Tables, edition: Edition, out: Path, load: Lines) -> Statistics:
    """Write the core graph into `out`: graph.nt, which is canonical N-Triples, graph.ttl and graph.jsonld.

    Its nodes are made once for all three, since that takes longer than to write them. `load` gets the N-Triples too.

    Returns:
        How much it is.
    """
    statistics = Statistics()
    with (
        (out / NTRIPLES).open("wb") as ntriples,
        (out / "graph.ttl").open("wb") as turtle,
        (out / "graph.jsonld").open("wb") as json_ld,
        JsonLdWriter(json_ld) as writer,
    ):
        for number, nodes in enumerate(_blocks(core_nodes(tables, edition))):
            statistics.count(nodes)
            block = list(triples(nodes))
            lines = _ntriples(block)
            ntriples.write(lines)
            load(lines)
            turtle.write(_turtle(block, with_prefixes=number == 0))
            writer.write(nodes)
    return statistics


def _blocks(nodes: Iterator[Node]) -> Iterator[list[Node]]:
    """`nodes` in blocks that begin where a hash of the IRI says so, whatever was before."""
    block: list[Node] = []
    for node in nodes:
        if not zlib.crc32(node.iri.value.encode()) % _NODES_A_BLOCK and block:
            yield block
            block = []
        block.append(node)
    if block:
        yield block


def _ntriples(block: Iterable[Triple]) -> bytes:
    lines = serialize(block, format=RdfFormat.N_TRIPLES)
    assert lines is not None
    return lines


def _turtle(block: Iterable[Triple], *, with_prefixes: bool) -> bytes:
    """`block` as Turtle; the prefixes, which the serializer writes first, one a line, are there if they are wanted."""
    document = serialize(block, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert document is not None
    return document if with_prefixes else document.split(b"\n", len(PREFIXES))[-1]


def write_concepts(tables: Tables, edition: Edition, path: Path) -> None:
    """Write the SKOS concept scheme on its own as Turtle: the scheme and its concepts."""
    with path.open("wb") as out:
        serialize(triples(concept_nodes(tables, edition)), out, RdfFormat.TURTLE, prefixes=PREFIXES)
