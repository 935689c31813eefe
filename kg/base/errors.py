"""What the library raises. Only `kg.cli` turns these into words on a terminal and an exit status."""

from __future__ import annotations


class KgError(Exception):
    """Any failure that a user can understand; its text is one sentence that says what to do."""


class UsageError(KgError):
    """The request itself is wrong: an unknown query name, a folder that is not ours, a bad option."""


class ConfigError(UsageError):
    """kg.toml does not say what it may say."""


class QueryError(UsageError):
    """A SPARQL query that cannot be run; `line` and `column` are 1-based where the parser knows them."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class DataError(KgError):
    """An export that cannot be read as one: not a build of ours, or damaged."""


class MachineError(KgError):
    """The machine failed us: disk full, no permission, a worker that keeps dying."""
