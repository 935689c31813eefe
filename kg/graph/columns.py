"""Access to the columns of tables, which are in memory or are read from Parquet files when they are needed.

A look-up in a new process must not import pandas: the import takes longer than the look-up. pyarrow imports pandas when
it converts Python values to Arrow (`pa.array`, `pa.scalar`, a Python value passed to a compute function) or Arrow to
NumPy (`to_numpy`). This module therefore converts through buffers and DLPack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from kg.base.arrays import Ints
from kg.base.consistent_read import consistently
from kg.base.errors import DataError
from kg.base.memory import compact_allocator
from kg.base.tables import SCHEMAS, Tables

Numbers = npt.NDArray[np.int64]
"""Row numbers of a table, in ascending order."""
Made = TypeVar("Made")

_REFERENCES: Final = {
    "links": ["source", "target"],
    "mentions": ["article", "concept"],
    "relations": ["source", "target"],
    "similar": ["source", "target"],
}
"""For each table, the names of its columns that hold keys of another table (foreign keys).

These columns have no nulls, and each key occurs in many rows, so they are read dictionary-encoded.
"""
_LARGE: Final = {"parts", "occurrences"}
"""Names of large columns. A look-up needs only a few of their rows.

They are decoded batch by batch, so that only one batch is in memory at a time.
"""
_STREAMED: Final = 8
"""Number of look-ups after which a large column is decoded as a whole and kept in memory.

So a process that runs for long does not decode the column again for each look-up.
"""
_BATCH: Final = 512


class Columns(Protocol):
    """The columns of one table."""

    def column(self, name: str) -> pa.ChunkedArray:
        """Return all values of a column."""

    def values_at(self, name: str, numbers: Numbers) -> list[Any]:
        """Return the values of a column in the rows `numbers`, as Python objects."""

    def __len__(self) -> int:
        """Return the number of rows."""


class ColumnsInMemory:
    """The columns of an Arrow table."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def column(self, name: str) -> pa.ChunkedArray:
        """Return all values of a column."""
        return self._table[name]

    def values_at(self, name: str, numbers: Numbers) -> list[Any]:
        """Return the values of a column in the rows `numbers`, as Python objects."""
        return _values_at(self._table[name], numbers)

    def __len__(self) -> int:
        """Return the number of rows."""
        rows: int = self._table.num_rows
        return rows


class ColumnsInFile:
    """The columns of a Parquet file; several threads may use them at once.

    A column that `values_at` has decoded as a whole is kept in memory.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._schema = SCHEMAS[name]
        with compact_allocator():  # later reads also use the memory pool that is set here
            self._file = pq.ParquetFile(path.absolute(), memory_map=True, read_dictionary=_REFERENCES.get(name, []))
        self._known = set(self._file.schema_arrow.names)
        self._kept: dict[str, pa.ChunkedArray] = {}
        self._streamed = 0
        self._lock = Lock()

    def column(self, name: str) -> pa.ChunkedArray:
        """Return all values of a column.

        If the file lacks the column, because an older version of kg wrote it, all values are null.

        Raises:
            DataError: if the file cannot be read.
        """
        if name in self._kept:
            return self._kept[name]
        if name in self._known:
            return self._reading(lambda: self._file.read([name], use_threads=False)[name])
        return pa.chunked_array([pa.nulls(len(self), self._schema.field(name).type)])

    def values_at(self, name: str, numbers: Numbers) -> list[Any]:
        """Return the values of a column in the rows `numbers`, as Python objects.

        Raises:
            DataError: if the file cannot be read.
        """
        if name in _LARGE and name not in self._kept and len(numbers) <= _BATCH and self._streamed < _STREAMED:
            self._streamed += 1
            return self._reading(lambda: list(self._stream(name, numbers)))
        if name not in self._kept:
            self._kept[name] = self.column(name)
        return _values_at(self._kept[name], numbers)

    def _stream(self, name: str, numbers: Numbers) -> Iterator[Any]:
        """Yield the values of a column in the rows `numbers`.

        Row groups of the file that contain none of these rows are not read. Within a row group, reading ends with the
        last of these rows.
        """
        first = 0
        for group in range(self._file.num_row_groups):
            size = self._file.metadata.row_group(group).num_rows
            inside = numbers[(numbers >= first) & (numbers < first + size)] - first
            first += size
            start = 0
            batches = self._file.iter_batches(_BATCH, row_groups=[group], columns=[name], use_threads=False)
            while len(inside):
                batch = next(batches)
                here = inside[inside < start + len(batch)]
                for number in here.tolist():
                    yield from batch.column(0).slice(number - start, 1).to_pylist()
                inside = inside[len(here) :]
                start += len(batch)

    def _reading(self, read: Callable[[], Made]) -> Made:
        try:
            with self._lock:
                return read()
        except (OSError, pa.ArrowException) as error:
            raise _unreadable(self._path.parent, error) from error

    def __len__(self) -> int:
        """Return the number of rows."""
        rows: int = self._file.metadata.num_rows
        return rows


def columns_of(tables: Tables) -> dict[str, Columns]:
    """Return the columns of `tables`, which are in memory; the keys of the result are the names of the tables."""
    return {name: ColumnsInMemory(getattr(tables, name)) for name in SCHEMAS}


def columns_in(folder: Path) -> dict[str, Columns]:
    """Open the tables that `kg.base.tables.write_tables` wrote to `folder`, and return their columns.

    The keys of the result are the names of the tables. All files are opened now, so that all later reads see the same
    build.

    Raises:
        DataError: if a table is missing or was not written by kg.
    """
    try:
        return consistently(folder, lambda: {name: ColumnsInFile(folder / f"{name}.parquet", name) for name in SCHEMAS})
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: Exception) -> DataError:
    return DataError(f"{folder}: the tables cannot be read ({error}); build the graph again")


def _values_at(column: pa.ChunkedArray, numbers: Numbers) -> list[Any]:
    if len(numbers) == 0:
        return []
    first, count = int(numbers[0]), len(numbers)
    if int(numbers[-1]) - first == count - 1:
        found: list[Any] = column.slice(first, count).to_pylist()
        return found
    found = []
    start = 0
    for chunk in column.chunks:  # `ChunkedArray.take` would copy the whole column first
        end = start + len(chunk)
        inside = numbers[np.searchsorted(numbers, start) : np.searchsorted(numbers, end)] - start
        if len(inside):
            wanted = np.ascontiguousarray(inside, np.int64)
            places = pa.Array.from_buffers(pa.int64(), len(wanted), [None, pa.py_buffer(wanted)])
            found += chunk.take(places).to_pylist()
        start = end
    return found


class References:
    """An index of a column of keys, with which the rows that hold a given key are found."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        chunks = encoded.unify_dictionaries().chunks
        self._codes = np.concatenate(
            [np.empty(0, np.int32), *(np.from_dlpack(chunk.indices) for chunk in chunks if len(chunk))]
        )
        keys = chunks[0].dictionary.to_pylist() if chunks else []
        self._code = {key: code for code, key in enumerate(keys)}

    def numbered(self, numbers: Mapping[str, int]) -> Ints:
        """Return for each row the number that `numbers` has for its key, or -1 if `numbers` does not have the key."""
        number = np.array([numbers.get(key, -1) for key in self._code], np.int64)
        found: Ints = number[self._codes]
        return found

    def rows_of(self, key: str) -> Numbers:
        """Return the numbers of the rows that hold `key`."""
        return np.flatnonzero(self._codes == self._code.get(key, -1))

    def rows_among(self, keys: Iterable[str]) -> Numbers:
        """Return the numbers of the rows that hold one of `keys`."""
        wanted = np.zeros(len(self._code), np.bool_)
        wanted[[self._code[key] for key in keys if key in self._code]] = True
        return np.flatnonzero(wanted[self._codes])
