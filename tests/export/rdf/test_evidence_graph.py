"""The evidence graph: its words stand where it says, and every reader reads the same of evidence.nt.gz."""

import gzip
import os
import subprocess
from collections import defaultdict
from itertools import groupby
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.base.iris import PREFIXES
from kg.base.tables import Tables
from kg.export.rdf.core_graph import core_nodes
from kg.export.rdf.evidence_graph import FILE_NAME, Which, write_evidence
from kg.export.rdf.serialize import core_triples
from kg.export.rdf.statistics import GraphStatistics
from kg.export.rdf.terms import RdfNode
from kg.export.store.write_store import StoreWriter
from tests.export.rdf.evidence_model import evidence_triples
from tests.export.rdf.test_serialize import ROOT, as_rdflib
from tests.export.sample_tables import (
    BASE,
    EDITION,
    MINTER,
    article,
    concept,
    mention,
    occurrence,
    sample_tables,
    tables,
)

OA = PREFIXES["oa"]
AWKWARD = (
    'Dr\u0069\u0308ft 😀👩\u200d🔬 of \U0001d538\U0001d540 models\r\nis bad;\tcafe\u0301 "drift\\" 漢字. \U0001d53brift'
)
"""Combining marks, letters outside of the basic plane, and all that N-Triples escapes."""


def awkward_tables(text: str = AWKWARD, *words: str) -> Tables:
    found = [
        occurrence("body", text, word)
        for word in words or ("Dr\u0069\u0308ft", "\U0001d538\U0001d540 models", "cafe\u0301", "\U0001d53brift")
    ]
    return tables(
        [article("x", "A title", parts=[{"name": "body", "text": text}])],
        concepts=[concept("drift", "drift", 1)],
        mentions=[mention("x", 1, "drift", 0.5, len(found), "extracted", occurrences=found)],
    )


CONTENTS = {"sample": sample_tables, "awkward": awkward_tables}
READ = [(content, which) for content in CONTENTS for which in ("top", "all")]


def _nowhere(_: bytes) -> None:
    """Where there is no store to load lines into."""


@pytest.fixture(params=READ, ids="-".join)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, set[ox.Triple]]:
    """evidence.nt.gz unpacked, and what must stand in it."""
    name, which = request.param
    content = CONTENTS[name]()
    write_evidence(content, MINTER, tmp_path / FILE_NAME, which, _nowhere)
    unpacked = tmp_path / "evidence.nt"
    unpacked.write_bytes(gzip.decompress((tmp_path / FILE_NAME).read_bytes()))
    return unpacked, set(evidence_triples(content, which))


def test_oxigraph_reads_the_same_triples(written: tuple[Path, set[ox.Triple]]) -> None:
    path, expected = written
    assert {quad.triple for quad in ox.parse(path=path)} == expected
    assert len(path.read_bytes().splitlines()) == len(expected) > 10


def test_rdflib_reads_the_same_triples(written: tuple[Path, set[ox.Triple]], monkeypatch: pytest.MonkeyPatch) -> None:
    path, expected = written
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    assert set(rdflib.Graph().parse(path, format="nt")) == as_rdflib(expected)


@pytest.mark.node
def test_javascript_reads_the_same_triples(written: tuple[Path, set[ox.Triple]], node: Path) -> None:
    path, expected = written
    command = [node, ROOT / "tests" / "js" / "to_nquads.mjs", path]
    quads = subprocess.run(command, check=True, capture_output=True).stdout
    assert {quad.triple for quad in ox.parse(quads, ox.RdfFormat.N_QUADS)} == expected


@pytest.mark.rapper
def test_raptor_reads_the_same_triples(written: tuple[Path, set[ox.Triple]], rapper: Path) -> None:
    path, expected = written
    command = [rapper, "-q", "-i", "ntriples", "-o", "ntriples", path]
    read = subprocess.run(command, check=True, capture_output=True).stdout
    assert {quad.triple for quad in ox.parse(read, ox.RdfFormat.N_TRIPLES)} == expected


Said = dict[str, dict[str, list[Any]]]


def said(triples: set[ox.Triple]) -> Said:
    """Subject -> short predicate -> values."""
    found: Said = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        name = triple.predicate.value.removeprefix(OA).removeprefix(PREFIXES["rdf"]).removeprefix(PREFIXES["schema"])
        found[triple.subject.value][name].append(triple.object.value)
    return found


def lines_of(content: Tables, which: Which) -> list[bytes]:
    """The lines of the evidence graph, one after the other."""
    found: list[bytes] = []
    write_evidence(content, MINTER, Path(os.devnull), which, found.append)
    return b"".join(found).splitlines(keepends=True)


def evidence_of(content: Tables, which: Which) -> set[ox.Triple]:
    """The evidence graph as it is written."""
    return {quad.triple for quad in ox.parse(b"".join(lines_of(content, which)), ox.RdfFormat.N_TRIPLES)}


def check_offsets(content: Tables, which: Which) -> int:
    """That all targets hold, with what the core graph publishes as text; how many there are."""
    core, evidence = said(set(core_triples(content, EDITION))), said(evidence_of(content, which))
    count = 0
    for iri, target in evidence.items():
        if target["type"] != [OA + "SpecificResource"]:
            continue
        count += 1
        (text,), (scope,) = core[target["hasSource"][0]]["text"], target["hasScope"]
        assert target["hasSource"][0].startswith(f"{scope}#")
        assert sorted(target["hasSelector"]) == [f"{iri}-position", f"{iri}-quote"]
        position, quote = evidence[f"{iri}-position"], evidence[f"{iri}-quote"]
        start, end = int(position["start"][0]), int(position["end"][0])
        assert position["type"] == [OA + "TextPositionSelector"]
        assert quote["type"] == [OA + "TextQuoteSelector"]
        assert text[start:end] == quote["exact"][0] != ""
        assert text[:start][-32:] == quote["prefix"][0]
        assert text[end:][:32] == quote["suffix"][0]
        assert iri.endswith(f"-{start}")
    return count


@pytest.mark.parametrize(("name", "which"), READ)
def test_words_stand_where_their_selectors_say(name: str, which: Which) -> None:
    content = CONTENTS[name]()
    wanted = [len(row["occurrences"]) for row in content.mentions.to_pylist()]
    assert check_offsets(content, which) == sum(wanted) if which == "all" else sum(1 for count in wanted if count)


def test_each_annotation_with_words_has_its_targets_and_no_other_has() -> None:
    content = sample_tables()
    core, evidence = said(set(core_triples(content, EDITION))), said(evidence_of(content, "top"))
    annotations = {iri for iri, node in core.items() if node["type"] == [OA + "Annotation"]}
    with_words = {iri for iri in annotations if core[iri]["motivatedBy"] == [OA + "identifying"]}
    assert {iri for iri, node in evidence.items() if node["hasTarget"]} == with_words
    assert with_words < annotations


def test_what_a_target_says() -> None:
    found = said(evidence_of(awkward_tables(), "all"))
    iri = f"{BASE}x#mention-drift-body-15"
    assert iri in found[f"{BASE}x#mention-drift"]["hasTarget"]
    assert found[f"{iri}-quote"]["exact"] == ["\U0001d538\U0001d540 models"]
    assert found[f"{iri}-quote"]["prefix"] == [AWKWARD[:15]]
    assert found[f"{iri}-position"] == {"type": [OA + "TextPositionSelector"], "start": ["15"], "end": ["24"]}
    start = ox.Literal("15", datatype=ox.NamedNode(PREFIXES["xsd"] + "nonNegativeInteger"))
    assert start in {triple.object for triple in evidence_of(awkward_tables(), "all")}


@settings(max_examples=80, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=90),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_any_text_has_its_words_where_it_says(before: str, words: str) -> None:
    content = awkward_tables(f"{before}{words}{before}", words)
    assert check_offsets(content, "top") == check_offsets(content, "all") == 1


def test_no_triple_stands_twice_or_in_both_graphs() -> None:
    lines = lines_of(sample_tables(), "all")
    assert len(lines) == len(set(lines)) > 10
    assert not evidence_of(sample_tables(), "all") & set(core_triples(sample_tables(), EDITION))
    subjects = [line.split(b" ")[0].strip(b"<>").decode() for line in lines]
    assert len(list(groupby(subjects))) == len(set(subjects))
    annotations = {node.iri.value for node in core_nodes(sample_tables(), EDITION)}
    assert annotations & set(subjects)


def test_every_character_is_written_as_oxigraph_writes_it() -> None:
    text = "".join(map(chr, (*range(0x300), *range(0x2000, 0x2100), 0xE000, 0xFEFF, 0xFFFD, 0x1F600)))
    content = awkward_tables(f"{text} drift {text}", "drift", *text.replace("drift", "")[:80])
    written = lines_of(content, "all")
    assert sorted(written) == sorted(
        ox.serialize(evidence_of(content, "all"), format=ox.RdfFormat.N_TRIPLES).splitlines(True)
    )


@pytest.mark.parametrize(("name", "which"), READ)
def test_what_is_said_is_counted(name: str, which: Which, tmp_path: Path) -> None:
    content = CONTENTS[name]()
    counted, wanted = write_evidence(content, MINTER, tmp_path / FILE_NAME, which, _nowhere), GraphStatistics()
    for subject, triples in groupby(sorted(evidence_of(content, which), key=str), key=lambda triple: triple.subject):
        wanted.count([RdfNode(subject, [(triple.predicate, triple.object) for triple in triples])])
    assert counted == wanted
    assert counted.triples == len(lines_of(content, which))


def test_the_same_tables_are_the_same_bytes_without_time_or_name(tmp_path: Path) -> None:
    for name in ("one.gz", "other.gz"):
        write_evidence(sample_tables(), MINTER, tmp_path / name, "all", _nowhere)
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "other.gz").read_bytes()
    header = (tmp_path / "one.gz").read_bytes()[:10]
    assert header[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"  # no flag, so no name; no time


def test_without_mentions_the_file_is_empty(tmp_path: Path) -> None:
    found = write_evidence(tables([article("x", "X")]), MINTER, tmp_path / FILE_NAME, "all", _nowhere)
    assert found == GraphStatistics()
    assert gzip.decompress((tmp_path / FILE_NAME).read_bytes()) == b""


def test_without_evidence_the_store_has_the_core_graph_alone(tmp_path: Path) -> None:
    with StoreWriter(tmp_path) as store:
        store.graph(MINTER.core_graph, "graph.nt")(f'<{BASE}x> <{PREFIXES["schema"]}name> "X" .\n'.encode())
    assert [graph.value for graph in ox.Store.read_only(str(tmp_path / "store")).named_graphs()] == [
        BASE + "graph/core"
    ]
