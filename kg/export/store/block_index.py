"""Index of the blocks that a store was loaded with, so that the next build changes only the lines that differ.

A block is the N-Triples of some nodes. A hash of the nodes' IRIs decides where blocks begin, so that a node that is
added or removed changes only its own block; see `kg.export.rdf.serialize`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import pyoxigraph

FILE_NAME: Final = "loaded.msgpack"
"""Lies in the store's folder; RocksDB ignores files that are not its own."""

_NOT_KEPT: Final = ("LOCK", "LOG", FILE_NAME)
"""Prefixes of the names of files that are not part of the store."""
_MAX_CHANGES: Final = 500_000
"""Number of exchanged lines above which loading everything anew is better."""
_LINES_PER_CHANGE: Final = 8
"""One line in this many may be exchanged at most."""


class GraphBlocks(msgspec.Struct):
    """The blocks of a named graph, in the order of its file."""

    iri: str
    digests: list[bytes] = []
    lengths: list[int] = []
    """Bytes of each block."""
    lines: int = 0
    """Number of lines of all blocks."""

    def append(self, digest: bytes, lines: bytes) -> None:
        """Add a block with its digest."""
        self.digests.append(digest)
        self.lengths.append(len(lines))
        self.lines += lines.count(b"\n")


class Loaded(msgspec.Struct):
    """Description of the contents of a store."""

    graphs: dict[str, GraphBlocks] = {}
    """Named graphs, by the name of the file with the same triples."""
    drift: int = 0
    """Number of lines exchanged since the store was loaded as a whole; these are not compacted with the rest."""
    files: dict[str, int] = {}
    """Sizes in bytes of the store's own files when it was closed, by name."""
    software: str = pyoxigraph.__version__

    @property
    def most(self) -> int:
        """Number of lines that may still be exchanged; if more differ, loading everything anew is better."""
        return min(sum(graph.lines for graph in self.graphs.values()) // _LINES_PER_CHANGE, _MAX_CHANGES) - self.drift


def read_loaded(store: Path) -> Loaded | None:
    """Read the description of the store in a folder.

    Returns:
        The description; None if it cannot be read, if the store's files have changed in size since it was written, or
        if another version of pyoxigraph wrote it.
    """
    try:
        loaded = msgspec.msgpack.decode((store / FILE_NAME).read_bytes(), type=Loaded)
        return loaded if loaded.files == _sizes(store) and loaded.software == pyoxigraph.__version__ else None
    except (OSError, msgspec.DecodeError):
        return None


def write_loaded(loaded: Loaded, store: Path) -> None:
    """Write the description of a closed store into its folder, with the sizes of its files."""
    loaded.files = _sizes(store)
    (store / FILE_NAME).write_bytes(msgspec.msgpack.encode(loaded))


def is_kept(file: Path) -> bool:
    """Whether a file of a store's folder is part of the store."""
    return not file.name.startswith(_NOT_KEPT)


def _sizes(store: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in store.iterdir() if is_kept(path)}


def block_digest(lines: bytes) -> bytes:
    """Return a digest of a block: 16 bytes of BLAKE2b."""
    return hashlib.blake2b(lines, digest_size=16).digest()


class OutgrownError(Exception):
    """Raised if so much differs that loading everything anew is better."""


@dataclass(slots=True)
class Difference:
    """The lines that were removed from a graph and added to it, computed while its new blocks arrive.

    Unchanged blocks are skipped, and the lines of all others are compared. Most blocks arrive in their old order, so
    little more than the difference is held in memory; in another order, the result is the same.

    Args:
        old: the blocks of the graph when it was loaded.
        file: the lines of these blocks.
        most: maximum number of removed lines, and of added ones.
    """

    old: GraphBlocks
    file: BinaryIO
    most: int
    removed: set[bytes] = field(default_factory=set)
    added: set[bytes] = field(default_factory=set)
    _places: dict[bytes, int] = field(init=False)
    _next: int = 0
    _skipped: int = 0
    """Bytes before the next old block that are still to be skipped."""

    def __post_init__(self) -> None:
        self._places = {digest: place for place, digest in enumerate(self.old.digests)}

    def add(self, digest: bytes, lines: bytes) -> None:
        """Compare the next new block with the old ones.

        Raises:
            OutgrownError: if too many lines differ.
            OSError, EOFError: if the old lines cannot be read.
        """
        place = self._places.get(digest, -1)
        if place < self._next:
            self._compare(lines, self.added, self.removed)
        else:
            self._read_until(place)
            self._skipped += self.old.lengths[place]
            self._next = place + 1

    def end(self) -> None:
        """Finish after the last new block.

        Raises:
            OutgrownError, OSError, EOFError: as `add` does.
        """
        self._read_until(len(self.old.digests))

    def _read_until(self, place: int) -> None:
        while self._next < place:
            if self._skipped:
                self.file.seek(self._skipped, 1)
                self._skipped = 0
            lines = self.file.read(self.old.lengths[self._next])
            if block_digest(lines) != self.old.digests[self._next]:
                raise EOFError(f"{self.file} has changed since it was loaded")
            self._compare(lines, self.removed, self.added)
            self._next += 1

    def _compare(self, lines: bytes, here: set[bytes], there: set[bytes]) -> None:
        """Cancel lines that are also in `there`, and add all others to `here`."""
        found = set(lines.splitlines(keepends=True))
        both = found & there
        there -= both
        here |= found - both
        if len(here) > self.most:
            raise OutgrownError
