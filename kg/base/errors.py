"""Exceptions of the library. Only `kg.cli` turns them into output and an exit status."""

from __future__ import annotations

from numbers import Integral


class KgError(Exception):
    """Base class of the errors that a user can do something about.

    The message is one sentence. It says what is wrong and, if this is not obvious, what the user can do.
    """


class UsageError(KgError):
    """Invalid request: an unknown query name, an output folder that kg must not replace, a wrong option."""


class ConfigError(UsageError):
    """Invalid kg.toml."""


class QueryError(UsageError):
    """SPARQL query that cannot be run.

    `line` and `column` are the position of the error in the query, counted from 1, or None if the position is unknown.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class DataError(KgError):
    """Unreadable data: a folder that is not a build by kg, or a damaged file."""


class QueryTimeout(KgError):  # noqa: N818 - the name is public; subprocess.TimeoutExpired has no "Error" either
    """SPARQL query that was stopped at its deadline."""


class QueryWarning(UserWarning):
    """Warning that a SPARQL query has a term that the graph does not have."""


class MachineError(KgError):
    """Failure of the machine: disk full, no permission, a worker that keeps dying."""


def check_text(name: str, value: object) -> None:
    """Check a text that a caller of the Python interface has given; for `name` and `value`, see `check_at_least_one`.

    Raises:
        UsageError: if `value` is not a text.
    """
    if not isinstance(value, str):
        raise UsageError(f"{name} must be a text, not {value!r}")


def check_at_least_one(name: str, value: object) -> None:
    """Check a number that a caller of the Python interface has given.

    Args:
        name: what the number is, for the message.
        value: the number.

    Raises:
        UsageError: if `value` is not a whole number of at least 1.
    """
    if not isinstance(value, Integral) or value < 1:
        raise UsageError(f"{name} must be a whole number of at least 1, not {value}")
