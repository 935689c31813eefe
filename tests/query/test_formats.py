"""Results as files: read back by other programs they are what the query gave."""

import csv
import io
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib.query

from kg.base.errors import UsageError
from kg.export.property_graph.xml_text import NOT_IN_XML
from kg.query.formats import Format, rows_as_text, write_result
from kg.query.store import Result, Solutions
from tests.export.sample_tables import AWKWARD, BASE, HOSTILE

VARIABLES = ("iri", "text", "n_2")
ROWS: list[tuple[ox.NamedNode | ox.BlankNode | ox.Literal | None, ...]] = [
    (
        ox.NamedNode(BASE + "concept/a&b"),
        ox.Literal(HOSTILE, language="en"),
        ox.Literal("0.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    ),
    (None, ox.Literal('a,"b"\r\nc\td'), ox.Literal(3)),
    (ox.BlankNode("x"), ox.Literal(""), None),
    (ox.NamedNode("urn:x:y"), ox.Literal("\\neq 漢字 😀"), ox.Literal(True)),
]


def solutions(rows: list[tuple[ox.NamedNode | ox.BlankNode | ox.Literal | None, ...]] = ROWS) -> Solutions:
    return Solutions(VARIABLES, iter(rows))


def triples(text: str = AWKWARD) -> Result:
    return iter([ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("https://schema.org/name"), ox.Literal(text))])


def written(result: Result, format: Format) -> bytes:
    out = io.BytesIO()
    write_result(result, format, out)
    assert not out.closed
    return out.getvalue()


@pytest.mark.parametrize("name", ["TSV", "JSON", "XML"])
def test_oxigraph_reads_what_was_written(name: str) -> None:
    text = written(solutions(), Format[name])
    read = ox.parse_query_results(text, getattr(ox.QueryResultsFormat, name))
    assert tuple(variable.value for variable in read.variables) == VARIABLES
    assert [tuple(row) for row in read] == ROWS


@pytest.mark.parametrize("format", [Format.JSON, Format.XML])
def test_rdflib_reads_what_was_written(format: Format) -> None:
    read = rdflib.query.Result.parse(io.BytesIO(written(solutions(), format)), format=format.value)
    assert [str(variable) for variable in read.vars] == list(VARIABLES)
    assert len(list(read)) == len(ROWS)


def test_csv_is_as_its_standard_says() -> None:
    text = written(solutions(), Format.CSV).decode()
    assert text.startswith("iri,text,n_2\r\n")
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == [
        [BASE + "concept/a&b", HOSTILE, "0.50"],
        ["", 'a,"b"\r\nc\td', "3"],
        ["_:x", "", ""],
        ["urn:x:y", "\\neq 漢字 😀", "true"],
    ]


def test_no_text_of_csv_is_a_formula_and_other_values_are_as_they_are() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    texts = ['=HYPERLINK("x")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "a=1", "'=1"]
    values = [ox.Literal(text) for text in texts] + [ox.Literal("=1", language="en")]
    values += [ox.Literal(-1), ox.Literal("-0.5", datatype=ox.NamedNode(f"{xsd}decimal")), ox.Literal(-1e-3)]
    text = written(solutions([(None, value, None) for value in values]), Format.CSV).decode()
    cells = [row[1] for row in csv.reader(io.StringIO(text, newline=""))][1:]
    assert cells[:10] == [f"'{text}" for text in texts[:6]] + texts[6:] + ["'=1"]
    assert [float(cell) for cell in cells[10:]] == [-1, -0.5, -1e-3]


def test_xml_holds_nothing_that_xml_forbids() -> None:
    root = ElementTree.fromstring(written(solutions([(None, ox.Literal("a\x00\x01\ufffe"), None)]), Format.XML))
    assert "".join(root.itertext()).strip() == "a\ufffd\ufffd\ufffd"


def test_rdf_xml_is_xml_that_has_every_character_that_xml_allows() -> None:
    subject, predicate = ox.NamedNode("urn:a"), ox.NamedNode("https://x.example/9p")
    integer = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    objects = [ox.Literal("a\r\n\tb"), ox.Literal("\0\x01\ufffe", language="en"), ox.Literal("\x02", datatype=integer)]
    text = written(iter([ox.Triple(subject, predicate, value) for value in objects]), Format.RDFXML)
    ElementTree.fromstring(text)
    found = [quad.object for quad in ox.parse(text, ox.RdfFormat.RDF_XML)]
    shown = [ox.Literal("\ufffd\ufffd\ufffd", language="en"), ox.Literal("\ufffd", datatype=integer)]
    assert found == [objects[0], *shown]
    for nameless in ("urn:x:1", "https://x.example/%20", "https://x.example/"):
        with pytest.raises(UsageError, match=f"the property <{nameless}> has no name in XML: choose ttl"):
            written(iter([ox.Triple(subject, ox.NamedNode(nameless), objects[0])]), Format.RDFXML)


@pytest.mark.parametrize("format", [Format.JSON, Format.XML])
def test_the_answer_of_an_ask(format: Format) -> None:
    for answer in (True, False):
        read = ox.parse_query_results(written(answer, format), getattr(ox.QueryResultsFormat, format.name))
        assert bool(read) is answer


@pytest.mark.parametrize(
    ("format", "syntax"),
    [
        (Format.TTL, ox.RdfFormat.TURTLE),
        (Format.NT, ox.RdfFormat.N_TRIPLES),
        (Format.JSONLD, ox.RdfFormat.JSON_LD),
        (Format.RDFXML, ox.RdfFormat.RDF_XML),
    ],
)
def test_triples(format: Format, syntax: ox.RdfFormat) -> None:
    text = NOT_IN_XML.sub("\ufffd", AWKWARD) if format is Format.RDFXML else AWKWARD
    assert [quad.triple for quad in ox.parse(written(triples(), format), syntax)] == list(triples(text))


def test_a_format_that_cannot_hold_the_result_is_refused() -> None:
    for format in (Format.TTL, Format.NT):
        with pytest.raises(UsageError, match="choose csv, tsv, json or xml"):
            written(solutions(), format)
    for format in (Format.CSV, Format.TSV, Format.TTL, Format.NT):
        with pytest.raises(UsageError, match="choose json or xml"):
            written(True, format)
    for format in (Format.CSV, Format.TSV, Format.JSON, Format.XML):
        with pytest.raises(UsageError, match="choose ttl, nt, jsonld or rdfxml"):
            written(triples(), format)
    triple = next(iter(triples()))
    for format in (Format.JSON, Format.XML):
        with pytest.raises(UsageError, match="a triple as a value"):
            written(Solutions(("x",), iter([(triple,)])), format)
    for format in (Format.JSONLD, Format.RDFXML):
        with pytest.raises(UsageError, match=f"a triple as a value cannot be written as {format}"):
            written(iter([ox.Triple(triple.subject, triple.predicate, triple)]), format)


def test_text_for_a_person_is_short() -> None:
    columns, rows = rows_as_text(solutions(), BASE)
    assert columns == VARIABLES
    assert next(rows) == ("concept/a&b", HOSTILE, "0.50")
    assert next(rows) == ("", 'a,"b"\r\nc\td', "3")
    assert next(rows)[0] == "_:x"
