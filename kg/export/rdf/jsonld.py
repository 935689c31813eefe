"""The core graph as one JSON-LD document with short names, written as a stream with one node on each line.

The names are defined by ontologies/context.jsonld. The document has a copy of these definitions, so that it can be read
offline. It uses only features of JSON-LD 1.0. It is in streaming document form, so that a parser can handle one node
after the other (https://www.w3.org/TR/json-ld11-streaming/).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

import orjson
from pyoxigraph import Literal, NamedNode

from kg.base.iris import PREFIXES
from kg.export.rdf.terms import TYPE, RdfNode, term

_STRING: Final = term("xsd:string")


class JsonLdWriter:
    """A writer of a graph to `out` as JSON-LD. It is a context manager; leaving it ends the document."""

    def __init__(self, out: BinaryIO) -> None:
        context = load_context()
        self._out = out
        self._compact = Compactor(context).compact
        self._is_first = True
        out.write(b'{"@context":' + orjson.dumps(context) + b',\n"@graph":[')

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._out.write(b"\n]}\n")

    def lines(self, nodes: Iterable[RdfNode]) -> bytes:
        """Return the nodes as JSON; each is preceded by a comma and a line break."""
        return b"".join([b",\n" + orjson.dumps(self._compact(node)) for node in nodes])

    def write(self, lines: bytes) -> None:
        """Write the bytes that `lines` returned."""
        self._out.write(lines[1:] if self._is_first else lines)
        self._is_first = False


def load_context() -> dict[str, Any]:
    """Return the context in ontologies/context.jsonld, which defines the short names."""
    context: dict[str, Any] = json.loads((files("kg") / "ontologies" / "context.jsonld").read_text("utf-8"))["@context"]
    return context


class Compactor:
    """A converter of nodes to JSON objects with the short names of a JSON-LD context.

    It supports only the kinds of definition in kg's context: a prefix, a name for an IRI, and a name for a property
    with the type of its values or with `"@container": "@set"`.
    """

    def __init__(self, context: dict[str, Any]) -> None:
        self._names: dict[NamedNode, str] = {}
        self._types: dict[str, NamedNode] = {}
        self._sets: set[str] = set()
        for name, definition in context.items():
            if name.startswith("@") or name in PREFIXES:
                continue
            if isinstance(definition, str):
                self._names[term(definition)] = name
            else:
                self._names[term(definition["@id"])] = name
                if definition.get("@type", "@id") != "@id":
                    self._types[name] = term(definition["@type"])
                if definition.get("@container") == "@set":
                    self._sets.add(name)

    def compact(self, node: RdfNode) -> dict[str, Any]:
        """Return a node as {"@type": name or list of names, "@id": IRI, NAME: value or list of values, ...}.

        The values of a property whose definition has "@container": "@set" are always a list. "@type" comes first, as
        the streaming document form requires; it is left out if the node has no type.
        """
        values: dict[str, list[Any]] = {}
        for predicate, value in node.properties:
            name = "@type" if predicate == TYPE else self._names[predicate]
            if isinstance(value, Literal):
                short: str | dict[str, str] = self._literal(name, value)
            else:
                short = self._names[value] if predicate == TYPE else value.value
            values.setdefault(name, []).append(short)
        compacted: dict[str, Any] = {"@type": None} if "@type" in values else {}  # keeps the first place
        compacted["@id"] = node.iri.value
        for name, found in values.items():
            compacted[name] = found if name in self._sets or len(found) > 1 else found[0]
        return compacted

    def _literal(self, name: str, literal: Literal) -> str | dict[str, str]:
        if literal.language is not None:
            return {"@language": literal.language, "@value": literal.value}
        if literal.datatype == self._types.get(name, _STRING):
            return literal.value  # the context gives the type; a JSON number would be read as a double
        return {"@type": literal.datatype.value, "@value": literal.value}
