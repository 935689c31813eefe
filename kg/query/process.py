"""Runs SPARQL queries in a process of their own, so that every query can be stopped.

A query ends at its deadline, with Ctrl-C or SIGTERM, or when it needs too much memory. A crash of the query's process,
such as a stack overflow in the parser, does not harm the calling process.
"""

from __future__ import annotations

import os
import pickle
import select
import subprocess
import sys
import time
import warnings
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import Triple

from kg.base.errors import MachineError, QueryTimeout, QueryWarning, UsageError
from kg.base.iris import Minter
from kg.base.report import read_report
from kg.query import worker
from kg.query.full_scan import Counts, GraphStart, Lines
from kg.query.limits import MAX_ROWS, TIMEOUT
from kg.query.store import Result, Row, Solutions
from kg.query.syntax import check_size
from kg.query.worker import LENGTH, Request, send, unpacked

_SHARE_OF_MEMORY: Final = 0.75
"""Maximum share of the machine's memory that a query may use."""
_READ: Final = 1 << 16
_FOREVER: Final = 1e9
"""Maximum timeout in seconds. A longer timeout counts as none, since the system rejects very long times."""


def _memory() -> int | None:
    """Return the maximum number of bytes that a query may use, or None if the size of the memory is not known."""
    try:
        return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _SHARE_OF_MEMORY)
    except (ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class QueryRunner:
    """Runs queries on the store of one build, each in a process of its own.

    Attributes:
        out: the folder of the build.
        minter: the IRIs of the build.
        timeout: number of seconds after which a query is stopped; None for no limit. Only the time spent waiting for
            the answer counts, and not the time that the caller takes to process rows.
        max_rows: maximum number of rows or triples of an answer; None for no limit.
        memory: maximum number of bytes that a process may address; None for no limit.
    """

    out: Path
    minter: Minter
    timeout: float | None = TIMEOUT
    max_rows: int | None = MAX_ROWS
    memory: int | None = field(default_factory=_memory)

    def __post_init__(self) -> None:
        for name, limit in (("timeout", self.timeout), ("max_rows", self.max_rows)):
            if limit is not None and not limit >= 0:  # neither is NaN
                raise UsageError(f"{name}: expected a number from 0 on, got {limit}")

    @classmethod
    def open(cls, out: Path, timeout: float | None = TIMEOUT, max_rows: int | None = MAX_ROWS) -> QueryRunner:
        """Return the runner for the build in the folder `out`.

        Raises:
            UsageError: if `timeout` or `max_rows` is negative or not a number.
            DataError: if `out` is not a build by kg.
        """
        return cls(out, Minter(read_report(out).configuration["base"]), timeout, max_rows)

    def run(self, sparql: str) -> Result:
        """Run a query. The result is the same as that of `kg.query.store.GraphStore.run`.

        A `QueryWarning` is issued for each term of the query that is not in the graph and is probably a mistake.

        The errors below can also be raised during the iteration over rows or triples.

        Raises:
            DataError: if the store is missing or damaged.
            QueryError: if the query does not parse, is too long or nested too deep, is an update, or calls another
                SPARQL endpoint.
            QueryTimeout: if the answer does not come in time.
            MachineError: if the query needs too much memory, or the answer has too many rows.
        """
        check_size(sparql)
        messages = self._messages(Request(str(self.out), sparql, self.memory))
        kind, value, *notes = next(messages)
        for note in notes:
            warnings.warn(note, QueryWarning, stacklevel=3)  # the line that called `kg.api.graph.Graph.query`
        match kind:
            case "error":
                messages.close()
                raise value
            case "ask":
                messages.close()
                return bool(value)
            case "select":
                return Solutions(value, self._rows(messages))
            case _:
                return (Triple(*row) for row in self._rows(messages))  # type: ignore[arg-type]

    def scan(self, graph: str = "") -> Iterator[Lines | GraphStart | Counts]:
        """Read every block of the store, or only the lines of one named graph, and yield the results.

        `kg.query.full_scan.scan` explains the values. The timeout applies to each value.

        Raises:
            DataError: if the store is missing or damaged.
            QueryTimeout: if the next value does not come in time.
            MachineError: if the process ends, or needs more memory than it may use, which damaged blocks can cause.
        """
        messages = self._messages(Request(str(self.out), "", self.memory, graph), each=True)
        for message in messages:
            if message is None:
                messages.close()
            elif isinstance(message, tuple) and message[0] == "error":
                raise message[1]
            else:
                yield message

    def _messages(self, request: Request, *, each: bool = False) -> Generator[Any]:
        """Start a process, and yield its messages. At the end of the generator, the process is killed.

        The timeout is for all messages together, or for each of them.
        """
        process = subprocess.Popen(
            [sys.executable, "-m", "kg.query.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with suppress(BrokenPipeError):  # the process has ended; `_read` says why
                send(process.stdin, request)
            left = self.timeout if self.timeout is None or self.timeout < _FOREVER else None
            limit = left
            while True:
                left = limit if each else left
                data, left = self._read(process, process.stdout, LENGTH.size, left)
                data, left = self._read(process, process.stdout, LENGTH.unpack(data)[0], left)
                message = pickle.loads(data)
                yield message
        finally:
            process.kill()
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.stdout.close()
            process.wait()

    def _rows(self, batches: Generator[Any]) -> Iterator[Row]:
        """Yield the rows of batches up to the empty batch at the end."""
        left = self.max_rows
        for batch in batches:
            if not batch:
                return
            if isinstance(batch, tuple):  # an error
                raise batch[1]
            for row in batch[:left]:
                yield tuple(map(unpacked, row))
            if left is not None:
                left -= len(batch)
                if left < 0:
                    batches.close()
                    raise MachineError(
                        f"the answer has more than {self.max_rows:,} rows, which is the limit: ask for less, for "
                        "example with LIMIT, or raise the limit"
                    )

    def _read(
        self, process: subprocess.Popen[bytes], stream: IO[bytes], size: int, left: float | None
    ) -> tuple[bytes, float | None]:
        """Read `size` bytes. Return them, and the number of seconds that remain until the timeout."""
        pieces: list[bytes] = []
        while size:
            start = time.monotonic()
            ready, _, _ = select.select([stream], [], [], left)
            if left is not None:
                left = max(0.0, left - (time.monotonic() - start))
            if not ready:
                raise QueryTimeout(
                    f"the query took longer than {self.timeout:g} seconds and was stopped: give it more time, or ask "
                    "for less, for example with LIMIT or with the IRI of an article or concept"
                )
            piece = os.read(stream.fileno(), min(size, _READ))
            if not piece:
                raise _failure(process.wait())
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces), left


def _failure(status: int) -> MachineError:
    """Return the error for a process that ended without an answer.

    Oxigraph ends its process with SIGABRT if it gets no memory, and with SIGSEGV if its parser has no more stack.
    """
    match status:
        case worker.OUT_OF_MEMORY | -6:
            return MachineError("the query needs more memory than it may use: ask for less")
        case -11:
            return MachineError("the query is too complex for the parser: write it with fewer nested parts")
        case _:
            return MachineError(f"the process of the query has ended (status {status}); run the query again")
