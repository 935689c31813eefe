"""Exceptions of the library. Only `kg.cli` turns them into output and an exit status."""

from __future__ import annotations


class KgError(Exception):
    """Base class of the failures that a user can do something about. The message is one sentence.

    It says what is wrong and, if that is not obvious, what to do.
    """


class UsageError(KgError):
    """Invalid request: an unknown query name, a folder that is not a kg build, a bad option."""


class ConfigError(UsageError):
    """Invalid kg.toml."""


class QueryError(UsageError):
    """SPARQL query that cannot be run.

    `line` and `column` are the 1-based position of the fault, or None if the parser does not know it.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class DataError(KgError):
    """Unreadable data: a folder that is not a kg build, or a damaged file."""


class MachineError(KgError):
    """Failure of the machine: disk full, no permission, a worker that keeps dying."""
