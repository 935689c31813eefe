"""Reading of the triples of a file or a store, block by block and in constant memory, as lines of canonical N-Triples.

In canonical N-Triples, each triple can be written as one line in exactly one way
(https://www.w3.org/TR/n-triples/#canonical-ntriples). So triples can be compared as bytes, which is several times
faster than a comparison of terms.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final, cast

import orjson
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

Block = list[bytes]
"""Lines of canonical N-Triples, each with its full stop and without its line break."""

_BLOCK_BYTES: Final = 1 << 18  # least number of bytes after which a block of lines is passed on
_NODES: Final = 1000  # maximum number of nodes of a JSON-LD file that are parsed at a time
_BOM: Final = b"\xef\xbb\xbf"
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_XSD: Final = b"^^<http://www.w3.org/2001/XMLSchema#"
_BY_VALUE: Final = (_XSD + b"decimal> .", _XSD + b"nonNegativeInteger> .")


class BrokenFileError(Exception):
    """Raised if a file cannot be read to its end. `line` is the 1-based line of the fault, or None if unknown."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def read_triples(path: Path, consume: Callable[[Block], None]) -> None:
    """Pass the triples of a file to `consume`, block by block.

    The format of the file is N-Triples (possibly gzipped), Turtle or JSON-LD.

    Raises:
        BrokenFileError: if the file cannot be read to its end. Triples before the fault may have been passed to
            `consume`.
        FileNotFoundError: if the file does not exist.
    """
    lines = LineBlocks(consume)
    try:
        with opened(path) as file:
            if file.read(len(_BOM)) == _BOM:
                raise BrokenFileError("the file begins with a byte order mark, which RDF syntaxes do not have", 1)
            file.seek(0)
            match path.suffix:
                case ".jsonld":
                    serialize(_json_triples(file), cast("IO[bytes]", lines), RdfFormat.N_TRIPLES)
                case ".ttl":
                    serialize(_triples(file, RdfFormat.TURTLE), cast("IO[bytes]", lines), RdfFormat.N_TRIPLES)
                case _:
                    serialize(_triples(file, RdfFormat.N_TRIPLES), cast("IO[bytes]", lines), RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        raise BrokenFileError(_one_line(error.msg), error.lineno) from error
    except EOFError as error:
        raise BrokenFileError("the gzip file is cut short") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenFileError(f"not a whole gzip file ({error})") from error
    lines.close()


def is_kept_by_value(line: bytes) -> bool:
    """Return whether a store might return the number in the triple `line` in another form, see `as_stored`."""
    return line.endswith(_BY_VALUE)


def as_stored(line: bytes) -> bytes:
    """Return `line` in the form in which Oxigraph would return its triple.

    Oxigraph stores the value of a number and not its text (1.0 becomes 1), and gives all integers the datatype
    xsd:integer.
    """
    if line.endswith(_BY_VALUE[0]):
        return line.replace(b'.0"^^', b'"^^')
    rest = line.removesuffix(_BY_VALUE[1])
    if rest != line and rest[rest.rindex(b'"', 0, -1) + 1 : -1].isdigit():
        return rest + _XSD + b"integer> ."
    return line


def split(line: bytes) -> list[bytes]:
    """Return the subject, the predicate and the object of a line, each in N-Triples syntax."""
    return line[:-2].split(b" ", 2)


def lexical(literal: bytes) -> str:
    """Return the text of a literal, which is given in N-Triples syntax.

    >>> lexical(rb'"a \\"b\\"\\n"@en')
    'a "b"\\n'
    """
    text = literal[1 : literal.rindex(b'"')].decode()
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def iri(node: bytes) -> str:
    """Return the IRI of a node that is given as `<IRI>`."""
    return node[1:-1].decode()


def _unescaped(found: re.Match[str]) -> str:
    short, long, letter = found.groups()
    return chr(int(short or long, 16)) if short or long else _ESCAPES.get(letter, letter)


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading in binary mode, and decompress it if its name ends in .gz."""
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _triples(source: IO[bytes] | bytes, format_: RdfFormat) -> Iterator[Triple]:
    # N-Triples and Turtle files have no named graphs. A JSON-LD file may have some, but it is parsed by `_document`.
    for quad in parse(input=source, format=format_):
        yield quad.triple


def _json_triples(file: IO[bytes]) -> Iterator[Triple]:
    """Yield the triples of a JSON-LD file, parsing some of its nodes at a time.

    The parser holds a whole document in memory. So it gets small documents. Each has the context of the file and some
    of the file's nodes. The file must have the layout that `kg.export.rdf.jsonld` writes.

    Raises:
        BrokenFileError: if the file has another layout or is not valid.
    """
    context, graph = file.readline().rstrip(), file.readline().rstrip()
    if not (context.startswith(b'{"@context":') and context.endswith(b",") and graph == b'"@graph":['):
        raise BrokenFileError("it does not begin as kg writes it: a line with the context, then one with @graph", 1)
    try:
        orjson.loads(context[:-1] + b"}")
    except orjson.JSONDecodeError as error:
        raise BrokenFileError(f"the context is not valid JSON ({error})", 1) from error
    number = 2
    nodes: list[bytes] = []
    for line in file:
        if line == b"]}\n":
            yield from _document(context, nodes, number)
            if file.read(1):
                raise BrokenFileError("there is text after the end of the document", number + len(nodes) + 2)
            return
        nodes.append(line)
        if len(nodes) == _NODES:
            yield from _document(context, nodes, number)
            number += len(nodes)
            nodes = []
    yield from _document(context, nodes, number)
    raise BrokenFileError("the file is cut short: it does not end with ]}", number + len(nodes))


def _document(context: bytes, nodes: list[bytes], before: int) -> Iterator[Triple]:
    """Yield the triples of `nodes`, which are consecutive lines of the file, with one node each.

    `before` is the number of the line that precedes these lines.
    """
    text = b"".join(nodes).rstrip().removesuffix(b",")
    quads: Iterator[Quad] = parse(input=b"%s\n%s]}" % (context + b'"@graph":[', text), format=RdfFormat.JSON_LD)
    try:
        for quad in quads:
            if isinstance(quad.graph_name, NamedNode):
                raise BrokenFileError(f"a node lies in a graph of its own, {quad.graph_name.value}", before + 1)
            yield quad.triple
    except SyntaxError as error:
        raise BrokenFileError(_one_line(error.msg), before + max(1, (error.lineno or 2) - 1)) from error


def _one_line(message: str) -> str:
    return " ".join(re.sub(r"^Parser error at line \d+[^:]*: |\(line \d+\)$", "", message).split())


class LineBlocks:
    """A writable file of N-Triples that passes the written data to `consume`, in blocks of whole lines."""

    def __init__(self, consume: Callable[[Block], None]) -> None:
        self._consume = consume
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take the next piece of the file."""
        self._parts.append(bytes(data))
        self._size += len(data)
        if self._size >= _BLOCK_BYTES:
            self._hand_on()
        return len(data)

    def flush(self) -> None:
        """Do nothing. Lines are passed on when a block is full, and at the end."""

    def close(self) -> None:
        """Pass on the rest."""
        self._hand_on()

    def _hand_on(self) -> None:
        lines = b"".join(self._parts).split(b"\n")
        rest = lines.pop()
        self._parts, self._size = [rest], len(rest)
        if lines:
            self._consume(lines)
