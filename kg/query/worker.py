"""A process that runs one SPARQL query on the store of a build, and then ends.

While Oxigraph computes, Python cannot stop it, and cannot react to a signal. A process can be stopped: see
`kg.query.process`, which starts this module. It reads one request from standard input and writes answers to standard
output. Both are pickled, and each is preceded by its length in eight bytes. Only these two processes read and write
them.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from kg.base.errors import DataError, KgError

if TYPE_CHECKING:
    from kg.query.store import Term

LENGTH: Final = struct.Struct("<Q")
OUT_OF_MEMORY: Final = 77
"""Exit status of the process if the query needs more memory than it may use."""
_FIRST_BATCH: Final = 1
_LARGEST_BATCH: Final = 1024
"""Sizes of the first and of the largest batch of rows. Batches grow, so that the first row arrives at once."""


@dataclass(frozen=True, slots=True)
class Request:
    """A query to be run.

    Attributes:
        out: path of the folder of the build.
        sparql: the text of the query.
        memory: maximum amount of memory that the process may address, in bytes; None for no limit.
        scan: if it is not None, `kg.query.full_scan.scan` reads the store instead, with this value as its argument
            `graph`.
    """

    out: str
    sparql: str
    memory: int | None
    scan: str | None = None


def packed(term: Term | None) -> object:
    """Return a term in a form that is pickled faster: an IRI as a text, and a literal as a tuple of texts."""
    if isinstance(term, NamedNode):
        return term.value
    if not isinstance(term, Literal):
        return term
    if term.language is not None:
        return term.value, term.language
    return term.value, None, term.datatype.value


def unpacked(value: Any) -> Any:
    """Return the term from which `packed` made `value`."""
    if isinstance(value, str):
        return NamedNode(value)
    if not isinstance(value, tuple):
        return value
    text, language, *datatype = value
    return Literal(text, datatype=NamedNode(datatype[0])) if datatype else Literal(text, language=language)


def send(stream: IO[bytes], message: object) -> None:
    """Write a message."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def main() -> None:
    """Read a request from standard input, run the query or the scan, and write the answer to standard output.

    The first message is `("select", variables)`, `("triples", None)`, `("ask", value)` or `("error", exception)`. The
    first three are followed by notes on the query, each a text. After `select` and `triples` come batches of rows, each
    a list, and an empty batch at the end.

    The messages of a scan are the values of `kg.query.full_scan.scan`, or an error as above, and None at the end.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that waits for the answer decides
    source, target = sys.stdin.buffer, sys.stdout.buffer
    (length,) = LENGTH.unpack(source.read(LENGTH.size))
    request: Request = pickle.loads(source.read(length))
    Thread(target=_end_with_parent, args=(source,), daemon=True).start()
    _limit_memory(request.memory)
    try:
        if request.scan is not None:
            _scan(request, target)
            return
        for message in _answer(request):
            send(target, message)
    except BrokenPipeError:  # nobody waits for the answer any more
        os._exit(0)
    except KgError as error:
        send(target, ("error", error))
    except (OSError, RuntimeError) as error:  # from RocksDB, which has read a damaged block
        message = f"{request.out}: the store is damaged ({error}); build the graph again with --no-cache"
        send(target, ("error", DataError(message)))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _answer(request: Request) -> Iterator[Any]:
    from kg.query.store import Solutions, open_store
    from kg.query.unknown_terms import notes_on

    graph = open_store(Path(request.out))
    result = graph.run(request.sparql)
    notes = notes_on(request.sparql, graph)
    if isinstance(result, bool):
        yield "ask", result, *notes
        return
    if isinstance(result, Solutions):
        yield "select", result.variables, *notes
        items: Iterator[Any] = result.rows
    else:
        yield "triples", None, *notes
        items = result
    size = _FIRST_BATCH
    while batch := [tuple(map(packed, row)) for row in islice(items, size)]:
        yield batch
        size = min(2 * size, _LARGEST_BATCH)
    yield []


def _scan(request: Request, target: IO[bytes]) -> None:
    from kg.query.full_scan import scan
    from kg.query.store import open_store

    assert request.scan is not None
    scan(open_store(Path(request.out)).store, request.scan, partial(send, target))
    send(target, None)


def _end_with_parent(source: IO[bytes]) -> None:
    """End this process as soon as the calling process ends, which closes standard input."""
    with suppress(OSError):
        source.read()
    os._exit(0)


def _limit_memory(size: int | None) -> None:
    if size is None:
        return
    import resource

    with suppress(ValueError, OSError):  # the system does not know this limit, or has a lower one
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


if __name__ == "__main__":
    main()
