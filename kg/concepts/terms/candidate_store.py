"""Storage of the candidate terms of all articles, with two columns in memory and the others in a temporary file."""

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
"""Target number of rows of a part, which is a block of rows of the table of candidates.

All rows of an article are in the same part, so a part may have more rows or fewer.
"""
_STORED: Final = [name for name in CANDIDATES.names if name not in ("file", "term", "words")]
"""Columns of the table of candidates that are written to the temporary file.

The columns `file` and `term` are kept in memory instead. The column `words` is not stored, since it has the number of
words of each term, which can be computed from `term`.
"""
_PACKED: Final = pa.ipc.IpcWriteOptions(compression="lz4")
"""Options for writing the temporary file. LZ4 halves its size, and decompression is about as fast as copying memory."""


@dataclass(frozen=True, slots=True)
class CandidatePart:
    """A block of rows of the table of candidates: all candidate terms of some of the articles.

    Each row is a pair of an article and a term. The rows of an article are contiguous.
    """

    table: pa.Table
    """Those columns of `kg.annotate.rows.CANDIDATES` that the caller of `Candidates.part` named."""
    file: Ints
    """For each row, the number of the article's file: the index of this file in the sorted list of all files."""
    term: Ints
    """For each row, the index of its term in `Candidates.terms`."""
    lengths: Ints32
    """For each row, the number of tokens in its article."""
    counted: Bools
    """For each row, whether its article counts in statistics. An article that repeats another one does not count."""

    def column(self, name: str) -> Floats:
        """Return the numeric column `name` of `table` as float64."""
        values: Floats = self.table[name].to_numpy().astype(np.float64)
        return values


@dataclass(frozen=True)
class Candidates:
    """The candidate terms of all articles, one row per pair of article and term. The rows of an article are contiguous.

    The rows are stored in a temporary file in parts, which are blocks of rows.
    """

    file: Ints32
    """For each row, the number of the article's file: the index of this file in the sorted list of all files."""
    term: Ints32
    """For each row, the index of its term in `terms`."""
    terms: pa.StringArray
    """The distinct terms of all rows, as normal forms (singular, lower case, American spelling)."""
    _lengths: Ints32
    """For each file number, the number of tokens in the article of this file."""
    _counts: Bools
    """For each file number, whether the article of this file counts in statistics."""
    _starts: Sequence[int]
    """For each part (a block of rows), the index of its first row. The last entry is the number of all rows."""
    _places: Sequence[int]
    """For each part (a block of rows), its byte offset in `_stored`. The last entry is the size of the file."""
    _stored: IO[bytes]
    """The temporary file. It has one Arrow stream for each part (a block of rows), with the columns `_STORED`."""

    @cached_property
    def words(self) -> TermIndex:
        """The index of the words in `terms`."""
        return TermIndex(self.terms)

    @property
    def counted(self) -> Bools:
        """For each row, whether its article counts in statistics. Articles that repeat another one do not count."""
        found: Bools = self._counts[self.file]
        return found

    @property
    def parts(self) -> range:
        """The numbers of the parts, from 0. A part is a block of about `_ROWS` rows that does not divide an article."""
        return range(len(self._starts) - 1)

    def part(self, number: int, columns: Sequence[str] = ()) -> CandidatePart:
        """Read one part, which is a block of rows.

        Several threads can call this method at the same time.

        Args:
            number: the number of the part, which must be in `parts`.
            columns: names of the columns to read from the file. If it is empty, all columns in `_STORED` are read.
        """
        rows = slice(*self._starts[number : number + 2])
        file = self.file[rows]
        term = self.term[rows].astype(np.int64)
        return CandidatePart(
            self._read(number, columns), file.astype(np.int64), term, self._lengths[file], self._counts[file]
        )

    def take(self, rows: Ints, columns: Sequence[str]) -> pa.Table:
        """Read `columns` of the rows with the indices `rows`, in this order. The index -1 gives a row of nulls."""
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
        options = pa.ipc.IpcReadOptions(included_fields=[_STORED.index(name) for name in columns])  # [] reads all
        with pa.ipc.open_stream(packed, options=options) as stream:
            return stream.read_all()


def candidates_of(
    tables: Iterable[pa.Table], articles: pa.Table, repeated: Ints, folder: Path | None = None
) -> Candidates:
    """Store candidate terms, partly in memory and partly in a temporary file.

    Args:
        tables: one or more tables with rows of `kg.annotate.rows.CANDIDATES`, sorted by file. All rows of an article
            are in the same table.
        articles: rows of `kg.annotate.rows.ARTICLES`, which must include all articles that have candidates.
        repeated: file numbers of the articles that repeat another article, and therefore do not count in statistics.
        folder: the folder of the temporary file. If it is None, the system's folder for temporary files is used.

    Raises:
        MachineError: if the temporary file cannot be written.
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
    """Divide a table: yield slices of about `_ROWS` rows. All rows of an article are in the same slice."""
    starts = starts_of(table["file"].to_numpy())
    cuts = np.unique(starts[np.searchsorted(starts, np.arange(0, table.num_rows, _ROWS), side="right") - 1])
    for start, end in pairwise([*cuts.tolist(), table.num_rows]):
        yield table.slice(start, end - start)


def _store(table: pa.Table, file: IO[bytes]) -> tuple[int, int]:
    """Append the columns `_STORED` of a table to the file. Return the numbers of rows and of written bytes."""
    return table.num_rows, file.write(_packed(table.select(_STORED)))


def _packed(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_PACKED) as stream:
        stream.write_table(table.combine_chunks())
    return sink.getvalue()
