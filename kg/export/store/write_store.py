"""Writing of the Oxigraph store of a build.

The store is either loaded anew while the graphs are written, or copied from the last build. In the copy, only the lines
that differ are changed.
"""

from __future__ import annotations

import gzip
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.export.artifacts import Artifact, Exporter
from kg.export.store.block_index import (
    Difference,
    GraphBlocks,
    Loaded,
    OutgrownError,
    block_digest,
    is_kept,
    read_loaded,
    write_loaded,
)

Lines = Callable[[bytes], None]
"""A function that receives N-Triples as bytes. Each call passes whole lines."""

FOLDER: Final = "store"

_BLOCK: Final = 24_000_000
"""Number of bytes of N-Triples that are loaded in one call. The call needs about five times as much memory."""

_AT_ONCE: Final = 2
"""Number of blocks that are loaded in parallel.

This is faster than loading one at a time, and RocksDB can compact more blocks together.
"""

_MERGING: Final = "rocksdb:low"
"""Name, on Linux, of the threads in which RocksDB compacts its files, including the compaction at the end."""

_NICE: Final = 10
"""Nice value of the threads in which RocksDB compacts its files.

With it, they get only a tenth of the time that a normal thread on the same processor core gets.
"""

_REUSE_ERRORS: Final = (OutgrownError, OSError, EOFError, zlib.error, RuntimeError)
"""Errors after which the last build's store is not reused. For failures in RocksDB, pyoxigraph raises RuntimeError."""


class StoreWriter:
    """A writer of the store, which receives the named graphs while they are written to their files.

    It is a context manager. Leaving it closes the store, which can then be moved and opened read-only.

    Args:
        out: the output folder.
        previous: the folder of the last build, if that build is complete. If the store of the last build differs little
            from the new graphs, it is copied, and only the lines that differ are changed. Otherwise, or if the store is
            damaged, all graphs are loaded anew.
    """

    def __init__(self, out: Path, previous: Path | None = None) -> None:
        shutil.rmtree(out / FOLDER, ignore_errors=True)  # left by a process that was killed
        self._out = out
        self._loaded = Loaded()
        before = read_loaded(previous / FOLDER) if previous else None
        self._previous = _PreviousBuild(previous, before) if previous and before else None
        self._loader = None if self._previous else _BlockLoader(out / FOLDER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            if self._previous is None or not self._reuse(self._previous):
                self._load()
            write_loaded(self._loaded, self._out / FOLDER)
        elif self._loader is not None:
            self._loader.stop()
        if self._previous is not None:
            self._previous.close()

    def graph(self, iri: str, name: str) -> Lines:
        """Return a function that adds a block of lines to the named graph `iri`.

        The caller must also write the same lines to the file `name` in the output folder. A graph must be complete
        before this method is called for the next graph.
        """
        blocks = self._loaded.graphs[name] = GraphBlocks(iri)
        return partial(self._add, name, blocks)

    def _add(self, name: str, blocks: GraphBlocks, lines: bytes) -> None:
        digest = block_digest(lines)
        blocks.append(digest, lines)
        if self._loader is not None:
            self._loader.add(blocks.iri, lines)
        elif self._previous is not None:
            try:
                self._previous.compare(name, blocks.iri, digest, lines)
            except _REUSE_ERRORS:
                self._previous.close()
                self._previous = None

    def _reuse(self, previous: _PreviousBuild) -> bool:
        """Make the new store from the store of the last build; return whether this succeeded."""
        try:
            self._loaded.drift = previous.take_over(self._out / FOLDER, self._loaded)
        except _REUSE_ERRORS:
            shutil.rmtree(self._out / FOLDER, ignore_errors=True)
            return False
        return True

    def _load(self) -> None:
        """Finish a new store. If the graphs were not loaded while they were written, load them now from their files."""
        if self._loader is None:
            self._loader = _BlockLoader(self._out / FOLDER)
            for name, blocks in self._loaded.graphs.items():
                with _open(self._out / name) as file:
                    for lines in iter(partial(_read_lines, file), b""):
                        self._loader.add(blocks.iri, lines)
        self._loader.end()


def add_graphs(out: Path, files: Mapping[str, str]) -> None:
    """Write the triples of small Turtle files into named graphs of the store, which already has all other graphs.

    If the store is a copy of an older store that already has such a graph, only the triples that differ are changed.
    Triples with blank nodes always differ.

    Args:
        out: the output folder.
        files: maps the IRI of each graph to the name of its file in the output folder.
    """
    loaded = read_loaded(out / FOLDER)
    store = Store(out / FOLDER)
    changes = 0
    for iri, name in files.items():
        graph = NamedNode(iri)
        old = {*store.quads_for_pattern(None, None, None, graph)}
        parsed = parse(path=out / name, format=RdfFormat.TURTLE)
        new = {Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed}
        for quad in old - new:
            store.remove(quad)
        store.extend(new - old)
        changes += len(old ^ new)
    store.flush()
    del store  # which closes it
    if loaded is not None:
        loaded.drift += changes
        write_loaded(loaded, out / FOLDER)


class _BlockLoader:
    """A loader of lines into a new store.

    Oxigraph releases the GIL while it loads a block, so that Python can make the next block at the same time.
    """

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)
        _lower_compaction_priority()
        self._threads = ThreadPoolExecutor(_AT_ONCE)
        self._loading: set[Future[None]] = set()
        self._graph = ""
        self._block = BytesIO()

    def add(self, graph: str, lines: bytes) -> None:
        """Load lines into the named graph `graph`. A graph must be complete before lines of the next one are added."""
        if graph != self._graph:
            self._load()
            self._graph = graph
        self._block.write(lines)
        if self._block.tell() >= _BLOCK:
            self._load()

    def end(self) -> None:
        """Load the remaining lines, compact the store and close it."""
        try:
            self._load()
            self._wait(ALL_COMPLETED)
            self._store.optimize()  # compacts the store, which halves the time of queries
            self._store.flush()
        finally:
            self.stop()

    def stop(self) -> None:
        """Wait for the blocks that are being loaded, then close the store."""
        self._threads.shutdown()
        del self._store

    def _load(self) -> None:
        if self._block.tell():
            if len(self._loading) == _AT_ONCE:
                self._wait(FIRST_COMPLETED)
            graph = NamedNode(self._graph)
            self._loading.add(self._threads.submit(_bulk_load, self._store, self._block.getvalue(), graph))
            self._block = BytesIO()

    def _wait(self, until: str) -> None:
        loaded, self._loading = wait(self._loading, return_when=until)
        for one in loaded:
            one.result()


def _lower_compaction_priority() -> None:
    """Lower the priority of the threads in which RocksDB compacts files.

    Files are then compacted once at the end, and not repeatedly while lines are loaded.
    """
    for thread in Path("/proc/self/task").glob("*"):
        with suppress(OSError):
            if (thread / "comm").read_text().strip() == _MERGING:
                os.setpriority(os.PRIO_PROCESS, int(thread.name), _NICE)


def _bulk_load(store: Store, lines: bytes, graph: NamedNode) -> None:
    # The lines are from our own serializer, so loading can be lenient: it does not parse every IRI again.
    store.bulk_load(lines, format=RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)


class _PreviousBuild:
    """The last build, whose store has not changed since that build; `loaded` describes the contents of the store."""

    def __init__(self, out: Path, loaded: Loaded) -> None:
        self._out = out
        self._loaded = loaded
        self._differences: dict[str, Difference] = {}

    def compare(self, name: str, iri: str, digest: bytes, lines: bytes) -> None:
        """Compare the next block of a graph of this build with the version of the graph in the last build.

        Raises:
            OutgrownError: if the old store does not have this graph, or if too many lines differ.
            OSError, EOFError: if the old lines cannot be read.
        """
        if name not in self._differences:
            old = self._loaded.graphs.get(name)
            if old is None or old.iri != iri:
                raise OutgrownError
            self._differences[name] = Difference(old, _open(self._out / name), self._loaded.most)
        self._differences[name].add(digest, lines)

    def take_over(self, folder: Path, now: Loaded) -> int:
        """Copy the last build's store to `folder`, and change the triples that differ; `now` describes the new graphs.

        Returns:
            The number of triples that builds removed or added since a build last loaded the whole store.

        Raises:
            OutgrownError: if the old store has other graphs than the new one, or if too many lines differ.
            OSError, EOFError, RuntimeError: if the old lines or the old store cannot be read, or if the new store
                cannot be written.
        """
        if self._differences.keys() != self._loaded.graphs.keys():
            raise OutgrownError
        for difference in self._differences.values():
            difference.end()
        drift = sum(len(difference.removed) + len(difference.added) for difference in self._differences.values())
        if drift > self._loaded.most:
            raise OutgrownError
        _copy_store(self._out / FOLDER, folder)
        store = Store(folder)
        for name, difference in self._differences.items():
            graph = NamedNode(now.graphs[name].iri)
            for quad in _quads(difference.removed, graph):
                store.remove(quad)
            store.extend(_quads(difference.added, graph))
        store.flush()
        return self._loaded.drift + drift

    def close(self) -> None:
        """Close the files with the lines of the old graphs."""
        for difference in self._differences.values():
            difference.file.close()


def _quads(lines: Iterable[bytes], graph: NamedNode) -> Iterator[Quad]:
    for quad in parse(b"".join(lines), format=RdfFormat.N_TRIPLES, lenient=True):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _copy_store(store: Path, folder: Path) -> None:
    """Copy a store to `folder`.

    The tables of RocksDB (.sst) are hard-linked instead of copied, since RocksDB never changes them once written.
    """
    folder.mkdir()
    for path in filter(is_kept, store.iterdir()):
        if path.suffix == ".sst":
            try:
                os.link(path, folder / path.name)
                continue
            except OSError:  # a file system without hard links
                pass
        shutil.copyfile(path, folder / path.name)


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _read_lines(file: BinaryIO) -> bytes:
    return b"".join(file.readlines(_BLOCK))


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=f"{FOLDER}/",
                media_type=None,
                title="The SPARQL store",
                summary="an Oxigraph store of the graph",
                opens_with="kg query",
                page_order=130,
            ),
        )
    ),
)
"""The exporter of the store. `kg.export.graph_process` writes the store with a `StoreWriter`."""
