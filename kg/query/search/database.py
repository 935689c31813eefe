"""Access to the file search.sqlite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final
from weakref import finalize

from kg.base.errors import DataError
from kg.export.search_index import FILE_NAME, FORMAT, TOKENIZER

# Texts that are tokenized as those of the index, for as long as a search needs them.
_SCRATCH: Final = f"""
    CREATE VIRTUAL TABLE temp.scratch USING fts5(text, tokenize='{TOKENIZER}');
    CREATE VIRTUAL TABLE temp.scratch_word USING fts5vocab(temp, scratch, instance);
"""


class Database:
    """The file search.sqlite of a build, opened read-only. Several threads may use it, one after another."""

    def __init__(self, out: Path) -> None:
        self._path = out / FILE_NAME
        self._lock = RLock()
        if not self._path.is_file():
            raise DataError(f"{self._path} is missing; build the graph again")
        with self.reading():
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
            finalize(self, self._connection.close)
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version != FORMAT:
                raise DataError(f"{self._path} was written by another version of kg; build the graph again")
            self._connection.execute("PRAGMA temp_store = MEMORY")
            self._connection.executescript(_SCRATCH)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let no other thread read inside the context.

        Raises:
            DataError: if the file is damaged.
        """
        try:
            with self._lock:
                yield
        except sqlite3.DatabaseError as error:
            raise DataError(f"{self._path} cannot be read ({error}); build the graph again") from error

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of the answer to an SQL statement."""
        return self._connection.execute(statement, values).fetchall()

    def one(self, statement: str, *values: object) -> Any:
        """Return the first value of the first row of the answer to an SQL statement; None if there are no rows."""
        row = self._connection.execute(statement, values).fetchone()
        return None if row is None else row[0]

    def load(self, texts: Iterable[str]) -> None:
        """Replace the rows of the table `scratch` by these texts; the first row has the number 0."""
        with self._connection:  # one transaction: outside of it, each row becomes a segment of the index
            self._connection.execute("BEGIN")
            self._connection.execute("DELETE FROM scratch")
            self._connection.executemany("INSERT INTO scratch (rowid, text) VALUES (?, ?)", enumerate(texts))

    def stems(self, texts: Sequence[str]) -> list[frozenset[str]]:
        """Return the stems of the words of each text, as the tokenizer of the index finds them."""
        self.load(texts)
        found: list[set[str]] = [set() for _ in texts]
        for number, stem in self._connection.execute("SELECT doc, term FROM scratch_word"):
            found[number].add(stem)
        return [frozenset(stems) for stems in found]
