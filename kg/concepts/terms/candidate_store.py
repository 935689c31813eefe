"""The candidates of a corpus: file and term of each one in memory, the other columns in a temporary file."""

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
"""Target number of rows of a part. A part holds whole articles, so a long article makes its part larger."""
_STORED: Final = [name for name in CANDIDATES.names if name not in ("file", "term", "words")]
"""The columns that go into the temporary file. `file` and `term` are kept as arrays.

The column `words`, which has the number of words of each term, is not stored, since the words can be counted.
"""
_PACKED: Final = pa.ipc.IpcWriteOptions(compression="lz4")
"""LZ4 halves the size, and decompresses about as fast as memory is copied."""


@dataclass(frozen=True, slots=True)
class CandidatePart:
    """All candidates of some of the articles. The rows of an article are contiguous."""

    table: pa.Table
    """The requested columns of `kg.annotate.rows.CANDIDATES`, one row per candidate."""
    file: Ints
    """Number of each row's file: its index in the sorted list of all files."""
    term: Ints
    """Index of each row's term in `Candidates.terms`."""
    lengths: Ints32
    """Number of tokens in each row's article."""
    counted: Bools
    """Whether each row's article counts in statistics; False if it repeats another article word for word."""

    def column(self, name: str) -> Floats:
        """Return a numeric column of `table` as float64."""
        values: Floats = self.table[name].to_numpy().astype(np.float64)
        return values


@dataclass(frozen=True)
class Candidates:
    """The candidates of a corpus, one row per article and term; the rows of an article are contiguous."""

    file: Ints32
    """Number of each row's file: its index in the sorted list of all files."""
    term: Ints32
    """Index of each row's term in `terms`."""
    terms: pa.StringArray
    """The distinct terms, as normal forms."""
    _lengths: Ints32
    """Number of tokens in each article, by file number."""
    _counts: Bools
    """Whether each article counts in statistics, by file number."""
    _starts: Sequence[int]
    """Index of the first row of each part. The last entry is the number of all rows."""
    _places: Sequence[int]
    """Byte offset of each part in `_stored`. The last entry is the size of all parts, in bytes."""
    _stored: IO[bytes]
    """One Arrow stream per part, with the columns `_STORED`."""

    @cached_property
    def words(self) -> TermIndex:
        """The word index of `terms`."""
        return TermIndex(self.terms)

    @property
    def counted(self) -> Bools:
        """Whether each row's article counts in statistics."""
        found: Bools = self._counts[self.file]
        return found

    @property
    def parts(self) -> range:
        """The numbers of the parts. A part holds whole articles, which together have about `_ROWS` rows."""
        return range(len(self._starts) - 1)

    def part(self, number: int, columns: Sequence[str] = ()) -> CandidatePart:
        """Read one part.

        Safe to call from several threads.

        Args:
            number: one of `parts`.
            columns: names of the columns to read; an empty list reads all stored columns.
        """
        rows = slice(*self._starts[number : number + 2])
        file = self.file[rows]
        term = self.term[rows].astype(np.int64)
        return CandidatePart(
            self._read(number, columns), file.astype(np.int64), term, self._lengths[file], self._counts[file]
        )

    def take(self, rows: Ints, columns: Sequence[str]) -> pa.Table:
        """Read some columns of the given rows, in the order of `rows`. A row number of -1 gives a row of nulls."""
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
        options = pa.ipc.IpcReadOptions(included_fields=[_STORED.index(name) for name in columns])  # if empty: all
        with pa.ipc.open_stream(packed, options=options) as stream:
            return stream.read_all()


def candidates_of(
    tables: Iterable[pa.Table], articles: pa.Table, repeated: Ints, folder: Path | None = None
) -> Candidates:
    """Store candidates, with the token counts of their articles.

    Args:
        tables: one or more tables with rows of `kg.annotate.rows.CANDIDATES`, sorted by file. All rows of an article
            are in the same table.
        articles: rows of `kg.annotate.rows.ARTICLES`, which must include all articles that have candidates.
        repeated: file numbers of the articles that do not count in statistics.
        folder: the folder for the temporary file; the system's default if None.

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
        counts, sizes = zip(*(parts or [_store(table, stored)]), strict=True)  # an empty corpus still has one part
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
    """Return the index of the first row of each article.

    Args:
        file: the file number of each row. Equal numbers are contiguous.
    """
    return np.flatnonzero(np.r_[True, file[1:] != file[:-1]]) if len(file) else np.empty(0, np.int64)


def _parts(table: pa.Table) -> Iterator[pa.Table]:
    """Divide a table into parts: yield slices of about `_ROWS` rows, each with whole articles."""
    starts = starts_of(table["file"].to_numpy())
    cuts = np.unique(starts[np.searchsorted(starts, np.arange(0, table.num_rows, _ROWS), side="right") - 1])
    for start, end in pairwise([*cuts.tolist(), table.num_rows]):
        yield table.slice(start, end - start)


def _store(table: pa.Table, file: IO[bytes]) -> tuple[int, int]:
    """Append a table to the file; return the number of rows, and the number of bytes written."""
    return table.num_rows, file.write(_packed(table.select(_STORED)))


def _packed(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_PACKED) as stream:
        stream.write_table(table.combine_chunks())
    return sink.getvalue()
