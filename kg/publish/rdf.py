"""The core graph as N-Triples, as Turtle and in an Oxigraph store; all of it streams, at constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, serialize

from kg.iris import PREFIXES, Minter
from kg.publish.core import concept_nodes, core_nodes
from kg.publish.edition import Edition
from kg.publish.statistics import Statistics
from kg.publish.terms import Node
from kg.tables import Tables


def core_triples(tables: Tables, edition: Edition) -> Iterator[Triple]:
    """The triples of the core graph, those of a subject together, in the order of `core_nodes`; none twice."""
    return _triples(core_nodes(tables, edition))


def write_ntriples(tables: Tables, edition: Edition, path: Path) -> Statistics:
    """Write the core graph as canonical N-Triples, and say how much it is."""
    statistics = Statistics()
    with path.open("wb") as out:
        serialize(_triples(statistics.counted(core_nodes(tables, edition))), out, RdfFormat.N_TRIPLES)
    return statistics


def write_turtle(tables: Tables, edition: Edition, path: Path) -> None:
    """Write the core graph as Turtle with prefixes."""
    with path.open("wb") as out:
        serialize(core_triples(tables, edition), out, RdfFormat.TURTLE, prefixes=PREFIXES)


def write_concepts(tables: Tables, edition: Edition, path: Path) -> None:
    """Write the SKOS concept scheme on its own as Turtle: the scheme and its concepts."""
    with path.open("wb") as out:
        serialize(_triples(concept_nodes(tables, edition)), out, RdfFormat.TURTLE, prefixes=PREFIXES)


def write_store(ntriples: Path, folder: Path, minter: Minter) -> None:
    """Load the file that `write_ntriples` wrote into a new Oxigraph store at `folder`, as the graph `graph/core`.

    The store is closed on return, so that it can be moved and be opened read-only.
    """
    store = Store(folder)
    # Checked when it was written; lenient loading does not parse every IRI again.
    store.bulk_load(path=ntriples, format=RdfFormat.N_TRIPLES, to_graph=NamedNode(minter.core_graph), lenient=True)
    store.optimize()
    store.flush()


def _triples(nodes: Iterable[Node]) -> Iterator[Triple]:
    for node in nodes:
        for predicate, value in node.properties:
            yield Triple(node.iri, predicate, value)
