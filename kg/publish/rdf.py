"""The graphs as N-Triples, as Turtle and in an Oxigraph store; all of it streams, at constant memory."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, serialize

from kg.iris import PREFIXES, Minter
from kg.publish.core import concept_nodes, core_nodes
from kg.publish.edition import Edition
from kg.publish.evidence import Which, evidence_nodes
from kg.publish.statistics import Statistics
from kg.publish.terms import triples
from kg.tables import Tables

_GZIP_LEVEL: Final = 6


def core_triples(tables: Tables, edition: Edition) -> Iterator[Triple]:
    """The triples of the core graph, those of a subject together, in the order of `core_nodes`; none twice."""
    return triples(core_nodes(tables, edition))


def write_ntriples(tables: Tables, edition: Edition, path: Path) -> Statistics:
    """Write the core graph as canonical N-Triples, and say how much it is."""
    statistics = Statistics()
    with path.open("wb") as out:
        serialize(triples(statistics.counted(core_nodes(tables, edition))), out, RdfFormat.N_TRIPLES)
    return statistics


def write_turtle(tables: Tables, edition: Edition, path: Path) -> None:
    """Write the core graph as Turtle with prefixes."""
    with path.open("wb") as out:
        serialize(core_triples(tables, edition), out, RdfFormat.TURTLE, prefixes=PREFIXES)


def write_concepts(tables: Tables, edition: Edition, path: Path) -> None:
    """Write the SKOS concept scheme on its own as Turtle: the scheme and its concepts."""
    with path.open("wb") as out:
        serialize(triples(concept_nodes(tables, edition)), out, RdfFormat.TURTLE, prefixes=PREFIXES)


def evidence_triples(tables: Tables, minter: Minter, which: Which) -> Iterator[Triple]:
    """The triples of the evidence graph, in the order of `evidence_nodes`; none twice, and none of the core graph."""
    return triples(evidence_nodes(tables, minter, which))


def write_evidence(tables: Tables, minter: Minter, path: Path, which: Which) -> Statistics:
    """Write the evidence graph as canonical N-Triples, gzipped, and say how much it is.

    A gzip header without a name or a time keeps it the same.
    """
    statistics = Statistics()
    with path.open("wb") as file, BufferedWriter(gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0)) as out:
        nodes = statistics.counted(evidence_nodes(tables, minter, which))
        serialize(triples(nodes), out, RdfFormat.N_TRIPLES)
    return statistics


def write_store(ntriples: Path, evidence: Path | None, folder: Path, minter: Minter) -> None:
    """Load what `write_ntriples` wrote into a new Oxigraph store at `folder`, as the graph `graph/core`, and what
    `write_evidence` wrote, where it did, as `graph/evidence`.

    The store is closed on return, so that it can be moved and be opened read-only.
    """
    store = Store(folder)
    # Checked when it was written; lenient loading does not parse every IRI again.
    store.bulk_load(path=ntriples, format=RdfFormat.N_TRIPLES, to_graph=NamedNode(minter.core_graph), lenient=True)
    if evidence is not None:
        graph = NamedNode(minter.evidence_graph)
        with BufferedReader(gzip.open(evidence)) as lines:
            store.bulk_load(lines, format=RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)
    store.optimize()
    store.flush()
