"""What a store was loaded with, block by block, so that the next build changes in it only what differs.

A block is the N-Triples of some nodes, cut where their IRIs say so (`kg.export.rdf.serialize`), so that a node that
comes or goes changes the block that it is in, and no other one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import pyoxigraph

FILE_NAME: Final = "loaded.msgpack"
"""Beside RocksDB's own files, which pays no attention to others."""

_NOT_KEPT: Final = ("LOCK", "LOG", FILE_NAME)
_MOST: Final = 500_000
_SHARE: Final = 8


class GraphBlocks(msgspec.Struct):
    """The blocks of a named graph, in the order of its file."""

    iri: str
    digests: list[bytes] = []
    lengths: list[int] = []
    """Bytes."""
    lines: int = 0

    def append(self, digest: bytes, lines: bytes) -> None:
        """Add a block."""
        self.digests.append(digest)
        self.lengths.append(len(lines))
        self.lines += lines.count(b"\n")


class Loaded(msgspec.Struct):
    """What is in a store."""

    graphs: dict[str, GraphBlocks] = {}
    """By the name of the file that says the same."""
    drift: int = 0
    """Lines that were exchanged since it was loaded as a whole: they are not merged with the rest."""
    files: dict[str, int] = {}
    """The store's own files and their bytes, when it was closed."""
    software: str = pyoxigraph.__version__

    @property
    def most(self) -> int:
        """Lines that may be exchanged before it is better to load everything anew."""
        return min(sum(graph.lines for graph in self.graphs.values()) // _SHARE, _MOST) - self.drift


def read_loaded(store: Path) -> Loaded | None:
    """What is in the store in that folder; nothing where that is not known, or the store is not as it was left."""
    try:
        loaded = msgspec.msgpack.decode((store / FILE_NAME).read_bytes(), type=Loaded)
        return loaded if loaded.files == _sizes(store) and loaded.software == pyoxigraph.__version__ else None
    except (OSError, msgspec.DecodeError):
        return None


def write_loaded(loaded: Loaded, store: Path) -> None:
    """Keep what is in a store, which is closed, in its folder."""
    loaded.files = _sizes(store)
    (store / FILE_NAME).write_bytes(msgspec.msgpack.encode(loaded))


def is_kept(file: Path) -> bool:
    """Whether a file of a store's folder is part of the store."""
    return not file.name.startswith(_NOT_KEPT)


def _sizes(store: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in store.iterdir() if is_kept(path)}


def block_digest(lines: bytes) -> bytes:
    """Sixteen bytes that no other block has."""
    return hashlib.blake2b(lines, digest_size=16).digest()


class OutgrownError(Exception):
    """So much differs that it is better to load everything anew."""


@dataclass(slots=True)
class Difference:
    """The lines that a graph has no more, and those that it has now, found while its new blocks come.

    Blocks that were there before are passed over; the lines of others are set against each other. Most come in their
    old order, so that little more than the difference is held in memory; in another order, the result is the same.

    Args:
        old: the blocks that were there before.
        file: their lines.
        most: so many lines may differ.
    """

    old: GraphBlocks
    file: BinaryIO
    most: int
    removed: set[bytes] = field(default_factory=set)
    added: set[bytes] = field(default_factory=set)
    _places: dict[bytes, int] = field(init=False)
    _next: int = 0
    _skipped: int = 0
    """Bytes before the next old block that were not read."""

    def __post_init__(self) -> None:
        self._places = {digest: place for place, digest in enumerate(self.old.digests)}

    def add(self, digest: bytes, lines: bytes) -> None:
        """Take the next new block.

        Raises:
            OutgrownError: if too much differs.
            OSError, EOFError: if the old lines cannot be read.
        """
        place = self._places.get(digest, -1)
        if place < self._next:
            self._set_against(lines, self.added, self.removed)
        else:
            self._read_until(place)
            self._skipped += self.old.lengths[place]
            self._next = place + 1

    def end(self) -> None:
        """There are no more new blocks; raises what `add` does."""
        self._read_until(len(self.old.digests))

    def _read_until(self, place: int) -> None:
        while self._next < place:
            if self._skipped:
                self.file.seek(self._skipped, 1)
                self._skipped = 0
            lines = self.file.read(self.old.lengths[self._next])
            if block_digest(lines) != self.old.digests[self._next]:
                raise EOFError(f"{self.file} is not what was loaded")
            self._set_against(lines, self.removed, self.added)
            self._next += 1

    def _set_against(self, lines: bytes, here: set[bytes], there: set[bytes]) -> None:
        """Add lines that are not `there` to those that are only `here`."""
        found = set(lines.splitlines(keepends=True))
        both = found & there
        there -= both
        here |= found - both
        if len(here) > self.most:
            raise OutgrownError
