"""Streaming access to the files of a build. If something cannot be read, a finding is added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from kg.base.errors import DataError
from kg.base.tables import SCHEMAS, Tables, read_tables
from kg.validate.compare_triples import Stream, Tally, differences, hashes
from kg.validate.rules import Findings
from kg.validate.triples import Block, BrokenFileError, as_stored, is_kept_by_value, opened, read_triples

Progress = Callable[[str, int, int], None]
"""Callback that receives the name of a stage, the amount of work done in it, and the total amount.

If a stage does not know these amounts, both are 0.
"""

_CHUNK: Final = 1 << 20


@dataclass(slots=True)
class ReadFile:
    """Tallies (see `Tally`) of the triples of a file that was read to its end.

    `written` is the tally of the triples as they are written in the file. `stored` is the tally of the same triples in
    the form in which a store returns them (see `kg.validate.triples.as_stored`).
    """

    written: Tally = field(default_factory=Tally)
    stored: Tally = field(default_factory=Tally)
    checksum: int = 0
    """CRC-32 of the triples as canonical N-Triples, in the order of the file."""


class Sources:
    """The files of one build.

    `expected` is the number of triples of the core graph, or 0 while it is not known yet.
    """

    def __init__(self, out: Path, findings: Findings, progress: Progress) -> None:
        self.out, self._findings, self._progress = out, findings, progress
        self.expected = 0

    def stream(self, file: str) -> Stream:
        """Return a function that reads the triples of a file, see `Stream`.

        The file must already have been checked for damage.
        """
        return partial(read_triples, self.out / file)

    def read(self, file: str, take: Callable[[Block, npt.NDArray[np.uint64]], None] | None = None) -> ReadFile | None:
        """Read the triples of a file once, and return their tallies; return None if the file cannot be read to its end.

        If `take` is given, it is called for each block of triples, with the lines of the block and their hashes. In
        this case, a finding is also added if the file is not canonical N-Triples.
        """
        read = ReadFile()

        def consume(lines: Block) -> None:
            hashed = hashes(lines)
            read.written.add_hashes(hashed)
            changed = [at for at, line in enumerate(lines) if is_kept_by_value(line)]
            if changed:
                stored = hashed.copy()
                stored[changed] = hashes([as_stored(lines[at]) for at in changed])
                read.stored.add_hashes(stored)
            else:
                read.stored.add_hashes(hashed)
            if take is not None:
                take(lines, hashed)
                read.checksum = crc32(b"\n".join([*lines, b""]), read.checksum)
            self._tell(file, read.written.count)

        if not self.is_whole(file, consume):
            return None
        if take is not None and read.checksum != _checksum(self.out / file):
            self._findings.add("canonical-file", f"{file} is not canonical N-Triples as kg writes it", file=file)
        return read

    def is_whole(self, file: str, consume: Callable[[Block], None]) -> bool:
        """Pass the triples of a file to `consume`, and return whether the file could be read to its end.

        If the file could not be read to its end, add a finding.
        """
        try:
            read_triples(self.out / file, consume)
        except BrokenFileError as error:
            self._findings.add("broken-file", f"{file}: {error}", file=file, line=error.line)
        except FileNotFoundError:
            self._findings.add("missing-file", f"{file} is not there", file=file)
        except OSError as error:
            self._findings.add("broken-file", f"{file}: {error.strerror or error}", file=file)
        else:
            return True
        return False

    def tables(self) -> Tables | None:
        """Read the tables of the build. If a table is missing or cannot be read, add a finding and return None."""
        for name in SCHEMAS:
            file = f"tables/{name}.parquet"
            if not (self.out / file).is_file():
                self._findings.add("missing-file", f"{file} is not there", file=file)
                return None
        try:
            return read_tables(self.out / "tables")
        except DataError as error:
            self._findings.add("broken-file", str(error), file="tables")
            return None

    def compare_file(self, file: str, reference: str, read: ReadFile) -> None:
        """Add findings for triples that differ between the files `file` and `reference`.

        `read` has the tallies of the file `reference`, which was read before.
        """
        other = self.read(file)
        if other is None or other.written == read.written:
            return
        buckets = read.written.buckets_that_differ(other.written)
        for line, more in differences(buckets, self.stream(reference), self.stream(file)):
            self._findings.add("different-triples", difference(line, more, reference, file), file=file)

    def _tell(self, stage: str, done: int) -> None:
        self._progress(stage, done, self.expected)


def _checksum(path: Path) -> int:
    checksum = 0
    with opened(path) as file:
        while chunk := file.read(_CHUNK):
            checksum = crc32(chunk, checksum)
    return checksum


def difference(line: bytes, more: int, one: str, other: str) -> str:
    """Return a message about a triple that does not occur equally often in the files `one` and `other`.

    `more` is the number of occurrences in `one` minus the number in `other`.
    """
    where, elsewhere = (one, other) if more > 0 else (other, one)
    text = line.decode()
    return f"in {where}, but missing or rarer in {elsewhere}: {text[:300]}{'…' if len(text) > 300 else ''}"
