"""Writing of query results in the four result formats of SPARQL 1.1, in four RDF formats, and as plain text.

The CSV output deviates from SPARQL 1.1 in one point: a text that a spreadsheet program could take for a formula has an
apostrophe before it. The other formats have the text as it is.

The result formats are defined at https://www.w3.org/TR/sparql11-results-csv-tsv/,
https://www.w3.org/TR/sparql11-results-json/ and https://www.w3.org/TR/rdf-sparql-XMLres/.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, BinaryIO, Final, cast
from xml.sax.saxutils import escape, quoteattr

import orjson
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kg.base.errors import UsageError
from kg.base.iris import PREFIXES
from kg.export.property_graph import xml_text as xml
from kg.export.property_graph.text_cells import text_cell
from kg.query.store import Result, Solutions, Term


class Format(StrEnum):
    """A format in which the result of a SPARQL query can be written."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    TTL = "ttl"
    NT = "nt"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"


_RDF: Final = {
    Format.TTL: RdfFormat.TURTLE,
    Format.NT: RdfFormat.N_TRIPLES,
}
_XSD_STRING: Final = PREFIXES["xsd"] + "string"
_TEXTS: Final = {_XSD_STRING, PREFIXES["rdf"] + "langString"}


def write_result(result: Result, format: Format, out: BinaryIO) -> None:
    """Write the result of a query to `out`. Rows and triples are written one after the other as they are computed.

    Raises:
        UsageError: if this kind of result, or one of its values, cannot be written in the format. For example, the
            rows of a SELECT cannot be written as Turtle.
    """
    match result, format:
        case Solutions(), Format.CSV:
            _write_csv(result, out)
        case Solutions(), Format.TSV:
            _write_tsv(result, out)
        case Solutions(), Format.JSON:
            _write_json(result, out)
        case Solutions(), Format.XML:
            _write_xml(result, out)
        case Solutions(), _:
            raise UsageError(f"the rows of a SELECT cannot be written as {format}: choose csv, tsv, json or xml")
        case bool(), Format.JSON:
            out.write(b'{"head":{},"boolean":%b}\n' % str(result).lower().encode())
        case bool(), Format.XML:
            out.write(b"%b<head/><boolean>%b</boolean></sparql>\n" % (_XML_START, str(result).lower().encode()))
        case bool(), _:
            raise UsageError(f"the answer of an ASK cannot be written as {format}: choose json or xml")
        case triples, Format.RDFXML:
            _write_rdf_xml(_of_simple_terms(triples, format), out)
        case triples, Format.JSONLD:
            serialize(_of_simple_terms(triples, format), out, RdfFormat.JSON_LD, prefixes=PREFIXES)
        case triples, _ if format in _RDF:
            serialize(triples, out, _RDF[format], prefixes=PREFIXES)
        case _:
            raise UsageError(
                f"the triples of a CONSTRUCT or DESCRIBE cannot be written as {format}: choose ttl, nt, "
                "jsonld or rdfxml"
            )


def rows_as_text(solutions: Solutions, base: str) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """Return the names of the columns, and the rows with all values as text.

    If an IRI begins with `base`, this beginning is left out. Literals are written without their datatype and language.
    """

    def text(term: Term | None) -> str:
        return term.value.removeprefix(base) if isinstance(term, NamedNode) else _plain(term)

    return solutions.variables, (tuple(map(text, row)) for row in solutions.rows)


def _plain(term: Term | None) -> str:
    match term:
        case None:
            return ""
        case NamedNode() | Literal():
            return term.value
        case _:
            return str(term)


def _write_csv(solutions: Solutions, out: BinaryIO) -> None:
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(solutions.variables)
    writer.writerows(map(_cell, row) for row in solutions.rows)
    text.detach()


def _cell(term: Term | None) -> str:
    """Return the content of a cell of CSV. See `text_cell`; the values of other literals than texts are not changed."""
    is_text = isinstance(term, Literal) and term.datatype.value in _TEXTS
    return text_cell(_plain(term)) if is_text else _plain(term)


def _write_tsv(solutions: Solutions, out: BinaryIO) -> None:
    out.write(("\t".join(f"?{name}" for name in solutions.variables) + "\n").encode())
    for row in solutions.rows:
        # Terms are written in the syntax of Turtle, in which tabs and line breaks are escaped.
        out.write(("\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) + "\n").encode())


def _write_json(solutions: Solutions, out: BinaryIO) -> None:
    out.write(b'{"head":{"vars":%b},"results":{"bindings":[' % orjson.dumps(solutions.variables))
    separator = b"\n"
    for row in solutions.rows:
        bound = zip(solutions.variables, row, strict=True)
        out.write(separator + orjson.dumps({name: _json_term(term) for name, term in bound if term is not None}))
        separator = b",\n"
    out.write(b"\n]}}\n")


def _json_term(term: Term) -> dict[str, str]:
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Literal():
            binding = {"type": "literal", "value": term.value}
            if term.language is not None:
                binding["xml:lang"] = term.language
            elif term.datatype.value != _XSD_STRING:
                binding["datatype"] = term.datatype.value
            return binding
        case Triple():
            raise UsageError("a triple as a value cannot be written as json: choose csv or tsv")


class _EscapedReturns(io.RawIOBase):
    """A stream that writes carriage returns as character references, since XML parsers convert them to line feeds."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._out.write(bytes(data).replace(b"\r", b"&#13;"))
        return len(data)


def _of_simple_terms(triples: Iterator[Triple], format: Format) -> Iterator[Triple]:
    for triple in triples:
        if isinstance(triple.object, Triple):
            raise UsageError(f"a triple as a value cannot be written as {format}: choose ttl or nt")
        yield triple


def _write_rdf_xml(triples: Iterator[Triple], out: BinaryIO) -> None:
    serialize(map(_xml_triple, triples), cast(BinaryIO, _EscapedReturns(out)), RdfFormat.RDF_XML, prefixes=PREFIXES)
    out.write(b"\n")


def _xml_triple(triple: Triple) -> Triple:
    """Return a triple for RDF/XML, with U+FFFD in place of each character that XML does not allow."""
    if not _XML_PROPERTY.search(triple.predicate.value):
        raise UsageError(f"the property {triple.predicate} has no name in XML: choose ttl, nt or jsonld")
    match triple.object:
        case Literal() as literal if xml.NOT_IN_XML.search(literal.value):
            text = xml.NOT_IN_XML.sub("\ufffd", literal.value)
            if literal.language is not None:
                return Triple(triple.subject, triple.predicate, Literal(text, language=literal.language))
            return Triple(triple.subject, triple.predicate, Literal(text, datatype=literal.datatype))
        case _:
            return triple


_XML_PROPERTY: Final = re.compile(r"[^\W\d][\w.-]*\Z")
"""Matches the end of an IRI that can be the name of an element of XML."""
_XML_START: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def _write_xml(solutions: Solutions, out: BinaryIO) -> None:
    head = "".join(f"<variable name={quoteattr(name)}/>" for name in solutions.variables)
    out.write(_XML_START + f"<head>{head}</head><results>\n".encode())
    for row in solutions.rows:
        bound = zip(solutions.variables, row, strict=True)
        bindings = (
            f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>" for name, term in bound if term is not None
        )
        out.write(f"<result>{''.join(bindings)}</result>\n".encode())
    out.write(b"</results></sparql>\n")


def _xml_term(term: Term) -> str:
    match term:
        case NamedNode():
            return f"<uri>{escape(term.value)}</uri>"
        case BlankNode():
            return f"<bnode>{escape(term.value)}</bnode>"
        case Literal():
            attribute = ""
            if term.language is not None:
                attribute = f" xml:lang={quoteattr(term.language)}"
            elif term.datatype.value != _XSD_STRING:
                attribute = f" datatype={quoteattr(term.datatype.value)}"
            text = xml.text(xml.NOT_IN_XML.sub("\ufffd", term.value))
            return f"<literal{attribute}>{text}</literal>"
        case Triple():
            raise UsageError("a triple as a value cannot be written as xml: choose csv or tsv")
