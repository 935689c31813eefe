"""Index of the N-Triples from which a store was loaded.

With this index, the next build can update the store by changing only the lines that differ. The lines of a graph are
divided into blocks, each of which has the N-Triples of some consecutive nodes. Whether a node begins a new block
depends only on a hash of its IRI, so that adding or removing a node changes only one or two blocks; see
`kg.export.rdf.serialize`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import pyoxigraph

FILE_NAME: Final = "loaded.msgpack"
"""Name of the file with the index, in the folder of the store. RocksDB ignores files that are not its own."""

_NOT_KEPT: Final = ("LOCK", "LOG", FILE_NAME)
"""A file in the folder of a store is not part of the store if its name begins with one of these texts."""
_MAX_CHANGES: Final = 500_000
"""Maximum number of lines to remove or add; if more lines differ, it is better to load everything anew."""
_LINES_PER_CHANGE: Final = 8
"""The number of lines to remove or add may be at most the number of lines in the store, divided by this number.

If more lines differ, it is better to load everything anew.
"""


class GraphBlocks(msgspec.Struct):
    """Index of the blocks of a named graph, in the order in which they are in the graph's file."""

    iri: str
    digests: list[bytes] = []
    """For each block, its digest; see `block_digest`."""
    lengths: list[int] = []
    """For each block, its number of bytes."""
    lines: int = 0
    """Total number of lines in all blocks."""

    def append(self, digest: bytes, lines: bytes) -> None:
        """Add the block that has these lines and this digest to the index."""
        self.digests.append(digest)
        self.lengths.append(len(lines))
        self.lines += lines.count(b"\n")


class Loaded(msgspec.Struct):
    """Description of the contents of a store."""

    graphs: dict[str, GraphBlocks] = {}
    """The index of each named graph; the key is the name of the N-Triples file that has the same triples."""
    drift: int = 0
    """Number of lines that were removed or added since the store was loaded as a whole.

    The store has not been compacted since then.
    """
    files: dict[str, int] = {}
    """The size in bytes of each file of the store when the store was closed; the keys are the names of the files."""
    software: str = pyoxigraph.__version__
    """Version of pyoxigraph that wrote the store."""

    @property
    def most(self) -> int:
        """Number of lines that may still be removed or added; if more differ, it is better to load everything anew."""
        return min(sum(graph.lines for graph in self.graphs.values()) // _LINES_PER_CHANGE, _MAX_CHANGES) - self.drift


def read_loaded(store: Path) -> Loaded | None:
    """Read the description of the store in the folder `store`.

    Returns:
        The description; None if it cannot be read, if the sizes of the store's files have changed since it was written,
        or if another version of pyoxigraph wrote the store.
    """
    try:
        loaded = msgspec.msgpack.decode((store / FILE_NAME).read_bytes(), type=Loaded)
        return loaded if loaded.files == _sizes(store) and loaded.software == pyoxigraph.__version__ else None
    except (OSError, msgspec.DecodeError):
        return None


def write_loaded(loaded: Loaded, store: Path) -> None:
    """Write the description of a store, with the sizes of its files, into its folder. The store must be closed."""
    loaded.files = _sizes(store)
    (store / FILE_NAME).write_bytes(msgspec.msgpack.encode(loaded))


def is_kept(file: Path) -> bool:
    """Return whether a file in the folder of a store is part of the store."""
    return not file.name.startswith(_NOT_KEPT)


def _sizes(store: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in store.iterdir() if is_kept(path)}


def block_digest(lines: bytes) -> bytes:
    """Return a digest of a block: 16 bytes of BLAKE2b."""
    return hashlib.blake2b(lines, digest_size=16).digest()


class OutgrownError(Exception):
    """Raised if so many lines differ that it is better to load everything anew."""


@dataclass(slots=True)
class Difference:
    """The lines that differ between the old and the new version of a graph.

    The new version is given to `add` block by block. Blocks that are in both versions are skipped; the lines of all
    other blocks are compared. As most blocks of the new version have the order of the old version, little more than the
    difference is held in memory. The result does not depend on the order of the blocks.

    Args:
        old: the blocks of the graph when it was loaded.
        file: an open file with the lines of the blocks of `old`.
        most: maximum number of removed lines; the same maximum holds for the added lines.
    """

    old: GraphBlocks
    file: BinaryIO
    most: int
    removed: set[bytes] = field(default_factory=set)
    added: set[bytes] = field(default_factory=set)
    _places: dict[bytes, int] = field(init=False)
    _next: int = 0
    _skipped: int = 0
    """Number of bytes in `file` that must be skipped before the next old block is read."""

    def __post_init__(self) -> None:
        self._places = {digest: place for place, digest in enumerate(self.old.digests)}

    def add(self, digest: bytes, lines: bytes) -> None:
        """Compare the next block of the new version with the old version.

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
        """Finish the comparison. Call this after the last block of the new version.

        Raises:
            OutgrownError, OSError, EOFError: for the same reasons as in `add`.
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
        """Remove from `there` each line that is also in `lines`; add all other lines of `lines` to `here`.

        `lines` are from one of the two versions. `here` has the lines that were so far found only in this version.
        `there` has the lines that were so far found only in the other version.
        """
        found = set(lines.splitlines(keepends=True))
        both = found & there
        there -= both
        here |= found - both
        if len(here) > self.most:
            raise OutgrownError
