"""The candidates of a corpus: what is needed of all of them at once in arrays, everything else in a file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final
from weakref import finalize

import numpy as np
import pyarrow as pa

from kg.annotate.rows import CANDIDATES
from kg.base.arrays import Bools, Floats, Ints, Ints32
from kg.concepts.terms.term_index import TermIndex
from kg.storage.staging import writing

_ROWS: Final = 1 << 14
"""Candidates of which all columns are in memory at one time, if one article has no more."""
_STORED: Final = [name for name in CANDIDATES.names if name not in ("file", "term", "words")]
"""What no array and no term says anyway."""
_PACKED: Final = pa.ipc.IpcWriteOptions(compression="lz4")
"""Takes half of the room, and unpacks about as fast as memory is copied."""


@dataclass(frozen=True, slots=True)
class CandidatePart:
    """The candidates of some articles, whose rows lie together."""

    table: pa.Table
    """Columns of `kg.annotate.rows.CANDIDATES`."""
    file: Ints
    term: Ints
    """Index into the terms of the corpus."""
    lengths: Ints32
    """Tokens of each row's article."""
    counted: Bools
    """Whether the row's article counts in statistics: not where it repeats another one word for word."""

    def column(self, name: str) -> Floats:
        """A numeric column."""
        values: Floats = self.table[name].to_numpy().astype(np.float64)
        return values


@dataclass(frozen=True)
class Candidates:
    """The candidates of a corpus; a row is a candidate of one article, whose rows lie together."""

    file: Ints32
    term: Ints32
    """Index into `terms`."""
    terms: pa.StringArray
    _lengths: Ints32
    """Tokens of the article of each file number."""
    _counts: Bools
    """Whether it counts in statistics."""
    _starts: Sequence[int]
    """Where the rows of each part begin, and where the last ends."""
    _places: Sequence[int]
    """Where each part begins in `_stored`, and where the last ends."""
    _stored: IO[bytes]
    """Arrow streams of the other columns."""

    @cached_property
    def words(self) -> TermIndex:
        """The words of `terms`."""
        return TermIndex(self.terms)

    @property
    def counted(self) -> Bools:
        """Whether each row's article counts in statistics."""
        found: Bools = self._counts[self.file]
        return found

    @property
    def parts(self) -> range:
        """The numbers of the parts, which are whole articles, about `_ROWS` rows each."""
        return range(len(self._starts) - 1)

    def part(self, number: int, columns: Sequence[str] = ()) -> CandidatePart:
        """The candidates of some articles, with these columns, or with all; threads may ask at the same time."""
        rows = slice(*self._starts[number : number + 2])
        file = self.file[rows]
        term = self.term[rows].astype(np.int64)
        return CandidatePart(
            self._read(number, columns), file.astype(np.int64), term, self._lengths[file], self._counts[file]
        )

    def take(self, rows: Ints, columns: Sequence[str]) -> pa.Table:
        """These columns of some rows, in their order; null for a row of -1."""
        order = np.argsort(rows, kind="stable")
        ordered = rows[order]
        taken = []
        for number in self.parts:
            start, end = self._starts[number : number + 2]
            first, last = np.searchsorted(ordered, (start, end))
            taken.append(self._read(number, columns).take(pa.array(ordered[first:last] - start)))
        place = np.empty(len(rows), np.int64)
        place[order] = np.arange(len(rows)) - np.searchsorted(ordered, 0)
        return pa.concat_tables(taken).combine_chunks().take(pa.array(place, mask=place < 0))

    def _read(self, number: int, columns: Sequence[str]) -> pa.Table:
        start, end = self._places[number : number + 2]
        packed = os.pread(self._stored.fileno(), end - start, start)
        options = pa.ipc.IpcReadOptions(included_fields=[_STORED.index(name) for name in columns])  # none: all
        with pa.ipc.open_stream(packed, options=options) as stream:
            return stream.read_all()


def candidates_of(
    tables: Iterable[pa.Table], articles: pa.Table, repeated: Ints, folder: Path | None = None
) -> Candidates:
    """Rows of `kg.annotate.rows.CANDIDATES` with what is needed of `kg.annotate.rows.ARTICLES`.

    Args:
        tables: the candidates, sorted by file, whole articles in each; there is one at least.
        articles: theirs, at least.
        repeated: the file numbers of articles that do not count in statistics.
        folder: where there is room for a temporary file; by default where the system has those.

    Raises:
        MachineError: if the file cannot be written.
    """
    rows: list[pa.Table] = []
    parts: list[tuple[int, int]] = []
    with writing("candidates"), ExitStack() as stack:
        stored = stack.enter_context(TemporaryFile(dir=folder))
        for table in tables:
            rows.append(table.select(["file", "term"]))
            parts += (_store(part, stored) for part in _parts(table))
        counts, sizes = zip(*(parts or [_store(table, stored)]), strict=True)  # nothing is a part, too
        stored.flush()
        close = stack.pop_all().close
    read = pa.concat_tables(rows)
    del rows
    terms = read["term"].combine_chunks().dictionary_encode()
    lengths = np.zeros(1 + max(articles["file"].to_pylist(), default=0), np.int32)
    lengths[articles["file"].to_numpy()] = articles["tokens"].to_numpy()
    found = Candidates(
        read["file"].to_numpy(),
        terms.indices.to_numpy(),
        terms.dictionary,
        lengths,
        ~np.isin(np.arange(len(lengths)), repeated),
        [*accumulate(counts, initial=0)],
        [*accumulate(sizes, initial=0)],
        stored,
    )
    finalize(found, close)
    return found


def starts_of(file: Ints | Ints32) -> Ints:
    """Where the rows of each article begin, which lie together."""
    return np.flatnonzero(np.r_[True, file[1:] != file[:-1]]) if len(file) else np.empty(0, np.int64)


def _parts(table: pa.Table) -> Iterator[pa.Table]:
    """Whole articles, about `_ROWS` rows of them."""
    starts = starts_of(table["file"].to_numpy())
    cuts = np.unique(starts[np.searchsorted(starts, np.arange(0, table.num_rows, _ROWS), side="right") - 1])
    for start, end in pairwise([*cuts.tolist(), table.num_rows]):
        yield table.slice(start, end - start)


def _store(table: pa.Table, file: IO[bytes]) -> tuple[int, int]:
    """How many rows and bytes."""
    return table.num_rows, file.write(_packed(table.select(_STORED)))


def _packed(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_PACKED) as stream:
        stream.write_table(table.combine_chunks())
    return sink.getvalue()
