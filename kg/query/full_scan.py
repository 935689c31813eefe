"""A scan that reads every block of the store, for `kg validate`. RocksDB verifies the checksum of each block.

Oxigraph keeps each triple in six indexes, and each text once. A dump of the named graphs reads one of the indexes and
the texts. Counts of triples with certain patterns read the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Final, cast

from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

Lines = bytes
"""A piece of the N-Triples of a graph. A line may begin in one piece and end in the next one."""
GraphStart = tuple[str]
"""The IRI of a named graph, sent before the lines of this graph."""
Counts = tuple[str, int, int]
"""The name of a part of the store, its number of triples in the dump, and their number in the other indexes."""

_ROWS: Final = 1 << 16


def scan(store: Store, graph: str, tell: Callable[[Lines | GraphStart | Counts], None]) -> None:
    """Read the whole store, or only one of its named graphs.

    Args:
        store: the store.
        graph: the IRI of the named graph to read; "" to read everything.
        tell: called with the results: for each named graph, its IRI and then its lines; at the end, the counts.

    Raises:
        OSError: if a block of the store is damaged. Depending on the place, it may also be a RuntimeError, or the
            process may end.
    """
    counts: dict[str, int] = {}
    for iri in [graph] if graph else sorted(_column(store, "SELECT ?g { GRAPH ?g {} }")):
        tell((iri,))
        counter = _Counter(tell)
        store.dump(cast("IO[bytes]", counter), RdfFormat.N_TRIPLES, from_graph=NamedNode(iri))
        counts[iri] = counter.lines
    if graph:
        return
    for iri, expected in counts.items():
        tell((iri, expected, _count(store, f"<{iri}>", f"GRAPH <{iri}> {{ ?s ?any ?o }}", tell)))
    total = sum(counts.values())
    tell(("all graphs", total, _count(store, "?g", "GRAPH ?h { ?s ?any ?o }", tell)))
    tell(("all graphs", total, _count(store, "?g", "GRAPH ?h { ?s ?p ?o }", tell)))


def _count(store: Store, graph: str, again: str, tell: Callable[[Lines], None]) -> int:
    """Count the triples of `graph`, a graph's IRI or a variable, and look up each of them in another index.

    The triples are read by predicate. `again` is the pattern that is looked up for each of them. Rows are counted here
    and not in the query, since an aggregate in Oxigraph goes on after a damaged block, and collects errors for ever.

    Returns:
        The number of triples that are in both indexes.
    """
    total = 0
    for predicate in sorted(_column(store, f"SELECT DISTINCT ?p {{ GRAPH {graph} {{ ?s ?p ?o }} }}")):
        found = again.replace("?p", f"<{predicate}>")
        lookup = f"LATERAL {{ SELECT ?s ?o {{ {found} }} LIMIT 1 }}"
        rows = store.query(f"SELECT (1 AS ?n) {{ GRAPH {graph} {{ ?s <{predicate}> ?o }} {lookup} }}")
        for _ in cast("QuerySolutions", rows):
            total += 1
            if total % _ROWS == 0:
                tell(b"")  # the process that waits sees that the scan goes on
    return total


def _column(store: Store, query: str) -> Iterator[str]:
    for (term,) in cast("QuerySolutions", store.query(query)):
        yield cast("NamedNode", term).value


class _Counter:
    """A writable file that passes on what is written to it, and counts the lines."""

    def __init__(self, tell: Callable[[Lines], None]) -> None:
        self._tell = tell
        self.lines = 0

    def write(self, data: bytes) -> int:
        self.lines += data.count(b"\n")
        self._tell(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: all data are passed on at once."""
