"""The Oxigraph store of a build: loaded while the graphs are written, or the last build's with what differs changed."""

from __future__ import annotations

import gzip
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
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
"""Takes whole lines of N-Triples."""

FOLDER: Final = "store"

_BLOCK: Final = 24_000_000
"""Bytes of N-Triples that are loaded in one go, which takes some five times that of memory."""

_AT_ONCE: Final = 2
"""Blocks that are loaded side by side: faster than one by one, and RocksDB merges more of them in one go."""

_MERGING: Final = "rocksdb:low"
"""Linux's name of the threads in which RocksDB merges its files, also in the end."""

_NICE: Final = 10
"""What they leave to others: a tenth remains of their share of a core that all want."""

_UNUSABLE: Final = (OutgrownError, OSError, EOFError, zlib.error, RuntimeError)
"""Why the last build's store is not taken over; RocksDB's own failures are a RuntimeError."""


class StoreWriter:
    """The store of the graphs that are being written into a folder, as a context manager that closes it in the end, so
    that it can be moved and be opened read-only.

    Args:
        out: the folder.
        previous: the last build, if there is a whole one. Where its store differs in little, that is taken over and
            what differs is changed; otherwise, or where anything is wrong with it, all graphs are loaded anew.
    """

    def __init__(self, out: Path, previous: Path | None = None) -> None:
        shutil.rmtree(out / FOLDER, ignore_errors=True)  # what a killed process had begun
        self._out = out
        self._loaded = Loaded()
        before = read_loaded(previous / FOLDER) if previous else None
        self._former = _Former(previous, before) if previous and before else None
        self._loader = None if self._former else _BlockLoader(out / FOLDER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            if self._former is None or not self._changed(self._former):
                self._load()
            write_loaded(self._loaded, self._out / FOLDER)
        elif self._loader is not None:
            self._loader.stop()
        if self._former is not None:
            self._former.close()

    def graph(self, iri: str, name: str) -> Lines:
        """What takes the lines of the named graph of that IRI, block by block; they are written to the file `name` too.
        Graphs come one after the other.
        """
        blocks = self._loaded.graphs[name] = GraphBlocks(iri)
        return partial(self._add, name, blocks)

    def _add(self, name: str, blocks: GraphBlocks, lines: bytes) -> None:
        digest = block_digest(lines)
        blocks.append(digest, lines)
        if self._loader is not None:
            self._loader.add(blocks.iri, lines)
        elif self._former is not None:
            try:
                self._former.compare(name, blocks.iri, digest, lines)
            except _UNUSABLE:
                self._former.close()
                self._former = None

    def _changed(self, former: _Former) -> bool:
        """Whether the store is the last one's with what differs changed."""
        try:
            self._loaded.drift = former.take_over(self._out / FOLDER, self._loaded)
        except _UNUSABLE:
            shutil.rmtree(self._out / FOLDER, ignore_errors=True)
            return False
        return True

    def _load(self) -> None:
        """Load what was not loaded while it was written."""
        if self._loader is None:
            self._loader = _BlockLoader(self._out / FOLDER)
            for name, blocks in self._loaded.graphs.items():
                with _opened(self._out / name) as file:
                    for lines in iter(partial(_whole_lines, file), b""):
                        self._loader.add(blocks.iri, lines)
        self._loader.end()


class _BlockLoader:
    """Loads a new store.

    Oxigraph lets go of the interpreter while it loads a block, so the next block is made at the same time.
    """

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)
        _let_merging_wait()
        self._threads = ThreadPoolExecutor(_AT_ONCE)
        self._loading: set[Future[None]] = set()
        self._graph = ""
        self._block = BytesIO()

    def add(self, graph: str, lines: bytes) -> None:
        """Load lines into a named graph; graphs come one after the other."""
        if graph != self._graph:
            self._load()
            self._graph = graph
        self._block.write(lines)
        if self._block.tell() >= _BLOCK:
            self._load()

    def end(self) -> None:
        """Load what is left, and close the store."""
        try:
            self._load()
            self._wait(ALL_COMPLETED)
            self._store.optimize()  # halves what queries take
            self._store.flush()
        finally:
            self.stop()

    def stop(self) -> None:
        """Close the store."""
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


def _let_merging_wait() -> None:
    """Have what is loaded be merged once in the end, rather than over and over again while more of it comes."""
    for thread in Path("/proc/self/task").glob("*"):
        with suppress(OSError):
            if (thread / "comm").read_text().strip() == _MERGING:
                os.setpriority(os.PRIO_PROCESS, int(thread.name), _NICE)


def _bulk_load(store: Store, lines: bytes, graph: NamedNode) -> None:
    # Our own serializer wrote the lines; lenient loading does not parse every IRI again.
    store.bulk_load(lines, format=RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)


class _Former:
    """The last build, whose store is as it was left, and has what is `loaded`."""

    def __init__(self, out: Path, loaded: Loaded) -> None:
        self._out = out
        self._loaded = loaded
        self._differences: dict[str, Difference] = {}

    def compare(self, name: str, iri: str, digest: bytes, lines: bytes) -> None:
        """Take the next block of a graph."""
        if name not in self._differences:
            old = self._loaded.graphs.get(name)
            if old is None or old.iri != iri:
                raise OutgrownError
            self._differences[name] = Difference(old, _opened(self._out / name), self._loaded.most)
        self._differences[name].add(digest, lines)

    def take_over(self, folder: Path, now: Loaded) -> int:
        """Make `folder` the old store with what differs changed.

        Returns:
            How many lines were exchanged since it was loaded as a whole.
        """
        if self._differences.keys() != self._loaded.graphs.keys():
            raise OutgrownError
        for difference in self._differences.values():
            difference.end()
        drift = sum(len(difference.removed) + len(difference.added) for difference in self._differences.values())
        if drift > self._loaded.most:
            raise OutgrownError
        _link(self._out / FOLDER, folder)
        store = Store(folder)
        for name, difference in self._differences.items():
            graph = NamedNode(now.graphs[name].iri)
            for quad in _quads(difference.removed, graph):
                store.remove(quad)
            store.extend(_quads(difference.added, graph))
        store.flush()
        return self._loaded.drift + drift

    def close(self) -> None:
        """Close the files."""
        for difference in self._differences.values():
            difference.file.close()


def _quads(lines: Iterable[bytes], graph: NamedNode) -> Iterator[Quad]:
    for quad in parse(b"".join(lines), format=RdfFormat.N_TRIPLES, lenient=True):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _link(store: Path, folder: Path) -> None:
    """Make `folder` the same store: RocksDB never changes a table (.sst) once it is written, so these may be shared."""
    folder.mkdir()
    for path in filter(is_kept, store.iterdir()):
        if path.suffix == ".sst":
            try:
                os.link(path, folder / path.name)
                continue
            except OSError:  # a file system without hard links
                pass
        shutil.copyfile(path, folder / path.name)


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _whole_lines(file: BinaryIO) -> bytes:
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
"""What `kg.export.graph_process` writes with a `StoreWriter`."""
