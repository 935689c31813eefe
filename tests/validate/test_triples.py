"""Files are read as canonical N-Triples, in blocks, whatever their syntax; what is broken says where."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from kg.validate.triples import BrokenFileError, as_stored, iri, is_kept_by_value, lexical, read_triples, split

XSD = "http://www.w3.org/2001/XMLSchema#"


def lines_of(path: Path) -> list[bytes]:
    found: list[bytes] = []
    read_triples(path, found.extend)
    return found


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_literal_is_read_as_it_was_written(text: str) -> None:
    assert lexical(str(Literal(text, language="en")).encode()) == text
    assert lexical(str(Literal(text)).encode()) == text


def test_a_line_is_split_at_its_terms() -> None:
    subject, predicate, value = split(b'<urn:s> <urn:p> "a b <c> ." .')
    assert (iri(subject), iri(predicate), value) == ("urn:s", "urn:p", b'"a b <c> ."')


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("0.5", "decimal"),
        ("1.0", "decimal"),
        ("-1.0", "decimal"),
        ("0.0", "decimal"),
        ("7", "integer"),
        ("0", "nonNegativeInteger"),
        ("1234", "nonNegativeInteger"),
        ("many", "nonNegativeInteger"),
        ("", "nonNegativeInteger"),
        ("1.0", "string"),
        ("2024-05-01", "date"),
        ("2024-05-01T00:00:00Z", "dateTime"),
        ("ab12", "hexBinary"),
    ],
)
def test_a_line_is_what_a_store_gives_back(tmp_path: Path, text: str, datatype: str) -> None:
    triple = NamedNode("urn:s"), NamedNode("urn:p"), Literal(text, datatype=NamedNode(XSD + datatype))
    line = f"<urn:s> <urn:p> {triple[2]} .".encode()
    store = Store()
    store.add(Quad(*triple))
    stored = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    assert stored is not None
    assert as_stored(line) == stored.rstrip(b"\n")
    assert is_kept_by_value(line) or as_stored(line) == line


def test_many_lines_come_in_blocks(tmp_path: Path) -> None:
    lines = [f'<urn:s> <urn:p> "{"x" * 500} {number}" .'.encode() for number in range(3000)]
    (tmp_path / "a.nt.gz").write_bytes(gzip.compress(b"\n".join(lines)))
    blocks: list[int] = []
    read_triples(tmp_path / "a.nt.gz", lambda block: blocks.append(len(block)))
    assert sum(blocks) == 3000
    assert len(blocks) > 3
    assert lines_of(tmp_path / "a.nt.gz") == lines


def test_json_is_read_node_by_node(tmp_path: Path) -> None:
    nodes = ",\n".join(f'{{"@id":"urn:{number}","name":"{number}"}}' for number in range(2500))
    path = tmp_path / "a.jsonld"
    path.write_text('{"@context":{"name":"urn:name"},\n"@graph":[\n' + nodes + "\n]}\n")
    assert lines_of(path) == [f'<urn:{number}> <urn:name> "{number}" .'.encode() for number in range(2500)]
    path.write_text('{"@context":{"name":"urn:name"},\n"@graph":[\n]}\n')
    assert lines_of(path) == []


def test_broken_json_says_its_line(tmp_path: Path) -> None:
    nodes = [f'{{"@id":"urn:{number}","name":"{number}"}}' for number in range(2500)]
    nodes[2100] = '{"@id":"urn:x","name" 1}'
    path = tmp_path / "a.jsonld"
    path.write_text('{"@context":{"name":"urn:name"},\n"@graph":[\n' + ",\n".join(nodes) + "\n]}\n")
    with pytest.raises(BrokenFileError) as error:
        lines_of(path)
    assert error.value.line == 2103
    path.write_text(
        '{"@context":{"name":"urn:name"},\n"@graph":[\n{"@id":"urn:g","@graph":[{"@id":"urn:a","name":"b"}]}\n]}\n'
    )
    with pytest.raises(BrokenFileError, match="a graph of its own"):
        lines_of(path)
