"""The Oxigraph store of a build, loaded while the graphs are still being written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pyoxigraph import NamedNode, RdfFormat, Store

Lines = Callable[[bytes], None]
"""Takes whole lines of N-Triples."""

_BLOCK: Final = 64_000_000
"""Bytes of N-Triples that are loaded at once: it takes some five times that of memory, and each load more merging."""


class StoreWriter:
    """A new store, as a context manager; it is closed in the end, so that it can be moved and be opened read-only.

    Oxigraph lets go of the interpreter while it loads a block, so the next block is made at the same time.
    """

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)
        self._thread = ThreadPoolExecutor(1)
        self._loading: Future[None] | None = None
        self._graph: NamedNode | None = None
        self._block = BytesIO()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._load()
                self._wait()
                self._store.optimize()  # halves what queries take
                self._store.flush()
        finally:
            self._thread.shutdown()
            del self._store

    def graph(self, iri: str) -> Lines:
        """What loads lines into the named graph of that IRI; graphs are loaded one after the other."""
        return partial(self._add, NamedNode(iri))

    def _add(self, graph: NamedNode, lines: bytes) -> None:
        if graph != self._graph:
            self._load()
            self._graph = graph
        self._block.write(lines)
        if self._block.tell() >= _BLOCK:
            self._load()

    def _load(self) -> None:
        if self._block.tell():
            self._wait()
            self._loading = self._thread.submit(_bulk_load, self._store, self._block.getvalue(), self._graph)
            self._block = BytesIO()

    def _wait(self) -> None:
        if self._loading is not None:
            self._loading.result()
            self._loading = None


def _bulk_load(store: Store, lines: bytes, graph: NamedNode | None) -> None:
    # Our own serializer wrote the lines; lenient loading does not parse every IRI again.
    store.bulk_load(lines, format=RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)
