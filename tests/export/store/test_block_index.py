"""A store that is taken over from the last build holds what a new one would."""

import gzip
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.export.store import block_index as difference
from kg.export.store.block_index import read_loaded
from kg.export.store.write_store import FOLDER, StoreWriter, add_graphs

CORE, EVIDENCE = "https://graph.example/core", "https://graph.example/evidence"
FILES = {CORE: "graph.nt", EVIDENCE: "evidence.nt.gz"}
Graph = Sequence[bytes]
"""Blocks of lines."""


def line(subject: int, value: object) -> bytes:
    return f'<https://graph.example/{subject}> <https://graph.example/says> "{value}" .\n'.encode()


def blocks(*subjects: int, value: object = "") -> list[bytes]:
    return [line(subject, value) + line(subject, f"{value} more") for subject in subjects]


def write(out: Path, core: Graph, evidence: Graph | None, previous: Path | None = None) -> None:
    out.mkdir(parents=True)
    with StoreWriter(out, previous) as store:
        for iri, graph in ((CORE, core), (EVIDENCE, evidence)):
            if graph is None:
                continue
            load = store.graph(iri, FILES[iri])
            with (gzip.open if iri == EVIDENCE else open)(out / FILES[iri], "wb") as file:
                for block in graph:
                    file.write(block)
                    load(block)


def held(out: Path) -> set[tuple[str, str, str]]:
    return {
        (quad.graph_name.value, quad.subject.value, quad.object.value) for quad in ox.Store.read_only(str(out / FOLDER))
    }


def said(core: Graph, evidence: Graph | None) -> set[tuple[str, str, str]]:
    return {
        (iri, quad.subject.value, quad.object.value)
        for iri, graph in ((CORE, core), (EVIDENCE, evidence or ()))
        for quad in ox.parse(b"".join(graph), format=ox.RdfFormat.N_TRIPLES)
    }


def was_taken_over(out: Path, previous: Path) -> bool:
    """Whether tables of the old store are in use."""
    tables = {path.stat().st_ino for path in (previous / FOLDER).glob("*.sst")}
    return bool(tables & {path.stat().st_ino for path in (out / FOLDER).glob("*.sst")})


CHANGES = {
    "nothing": lambda core: core,
    "first": lambda core: blocks(0, value="new") + core[1:],
    "last": lambda core: core[:-1] + blocks(99, value="new"),
    "added": lambda core: core[:50] + blocks(500) + core[50:],
    "removed": lambda core: core[:50] + core[53:],
    "one line": lambda core: [*core[:7], core[7] + line(7, "one more"), *core[8:]],
    "moved": lambda core: core[10:13] + core[:10] + core[13:],
    "cut elsewhere": lambda core: [core[0] + core[1], *core[2:]],
}


@pytest.fixture
def first(tmp_path: Path) -> Path:
    write(tmp_path / "first", blocks(*range(100)), blocks(*range(100), value="e"))
    return tmp_path / "first"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_small_changes_are_made_in_the_old_store(first: Path, tmp_path: Path, change) -> None:
    core, evidence = blocks(*range(100)), blocks(*range(100), value="e")
    before = held(first)
    write(tmp_path / "next", change(core), evidence, first)
    assert held(tmp_path / "next") == said(change(core), evidence)
    assert was_taken_over(tmp_path / "next", first)
    write(tmp_path / "last", core, change(evidence), tmp_path / "next")
    assert held(tmp_path / "last") == said(core, change(evidence))
    assert held(first) == before


def test_a_line_that_moves_to_the_other_graph(first: Path, tmp_path: Path) -> None:
    core, evidence = blocks(*range(99)), [*blocks(99), *blocks(*range(100), value="e")]
    write(tmp_path / "next", core, evidence, first)
    assert held(tmp_path / "next") == said(core, evidence)
    assert was_taken_over(tmp_path / "next", first)


def test_many_builds_in_a_row(tmp_path: Path) -> None:
    chance = random.Random(0)
    core = blocks(*range(300))
    write(tmp_path / "0", core, None)
    taken = []
    for number in range(1, 40):
        place = chance.randrange(len(core))
        core[place : place + chance.randint(0, 2)] = blocks(*range(1000 * number, 1000 * number + chance.randint(0, 2)))
        write(tmp_path / str(number), core, None, tmp_path / str(number - 1))
        assert held(tmp_path / str(number)) == said(core, None)
        taken.append(was_taken_over(tmp_path / str(number), tmp_path / str(number - 1)))
        shutil.rmtree(tmp_path / str(number - 1))
    assert taken.count(True) > 20
    assert not all(taken), "what was exchanged is never merged with the rest"


@pytest.mark.parametrize(
    "core", [blocks(*range(200, 300)), blocks(*range(0, 100, 2)), blocks(*range(300)), blocks(*range(100))[::-1]]
)
def test_much_that_differs_is_loaded_anew(first: Path, tmp_path: Path, core: Graph) -> None:
    evidence = blocks(*range(100), value="e")
    write(tmp_path / "next", core, evidence, first)
    assert held(tmp_path / "next") == said(core, evidence)
    assert not was_taken_over(tmp_path / "next", first)


@pytest.mark.parametrize("evidence", [None, []], ids=["none", "empty"])
def test_graphs_that_come_and_go(first: Path, tmp_path: Path, evidence: Graph | None) -> None:
    core = blocks(*range(100))
    write(tmp_path / "next", core, evidence, first)
    assert held(tmp_path / "next") == said(core, None)
    write(tmp_path / "last", core, blocks(*range(100), value="e"), tmp_path / "next")
    assert held(tmp_path / "last") == held(first)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def spoil(store: Path) -> None:
    """Change bytes in the middle of every table, and no length."""
    for path in store.glob("*.sst"):
        raw = bytearray(path.read_bytes())
        for place in range(len(raw) // 4, len(raw) // 2):
            raw[place] ^= 255
        path.write_bytes(raw)


DAMAGES = {
    "tables spoiled": lambda out: spoil(out / FOLDER),
    "no index": lambda out: (out / FOLDER / difference.FILE_NAME).unlink(),
    "index cut short": lambda out: cut(out / FOLDER / difference.FILE_NAME),
    "table cut short": lambda out: cut(max((out / FOLDER).glob("*.sst"), key=lambda path: path.stat().st_size)),
    "table missing": lambda out: next((out / FOLDER).glob("*.sst")).unlink(),
    "no store": lambda out: shutil.rmtree(out / FOLDER),
    "another graph.nt": lambda out: (out / "graph.nt").write_bytes(b"".join(blocks(*range(1, 101)))),
    "graph.nt cut short": lambda out: cut(out / "graph.nt"),
    "no graph.nt": lambda out: (out / "graph.nt").unlink(),
    "evidence cut short": lambda out: cut(out / "evidence.nt.gz"),
    "evidence no gzip": lambda out: (out / "evidence.nt.gz").write_bytes(b"x" * 100),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_whatever_is_wrong_with_the_old_build_the_new_store_is_right(first: Path, tmp_path: Path, damage) -> None:
    damage(first)
    core, evidence = [*blocks(*range(99)), *blocks(200)], [*blocks(*range(99), value="e"), *blocks(200)]
    write(tmp_path / "next", core, evidence, first)
    assert held(tmp_path / "next") == said(core, evidence)
    assert not was_taken_over(tmp_path / "next", first)


def test_another_version_of_oxigraph_loads_anew(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyoxigraph.__version__", "0.0")
    assert read_loaded(first / FOLDER) is None
    write(tmp_path / "next", blocks(*range(100)), blocks(*range(100), value="e"), first)
    assert held(tmp_path / "next") == held(first)
    assert not was_taken_over(tmp_path / "next", first)


def test_a_disk_without_hard_links(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: Path) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    core, evidence = [*blocks(*range(99)), *blocks(200)], blocks(*range(100), value="e")
    write(tmp_path / "next", core, evidence, first)
    assert held(tmp_path / "next") == said(core, evidence)
    assert not was_taken_over(tmp_path / "next", first)
    loaded = read_loaded(tmp_path / "next" / FOLDER)
    assert loaded is not None
    assert loaded.drift == 4


def test_small_graphs_are_replaced_in_a_copied_store(first: Path, tmp_path: Path) -> None:
    graph = ox.NamedNode("https://graph.example/dataset")

    def describe(out: Path, *values: str) -> None:
        lines = "".join(f'<urn:d> <urn:p> "{value}" .\n' for value in values)
        (out / "dataset.ttl").write_text(f"{lines}<urn:d> <urn:q> [ <urn:n> 1.0 ] .\n")
        add_graphs(out, {graph.value: "dataset.ttl"})

    def described(out: Path) -> list[str]:
        quads = ox.Store.read_only(str(out / FOLDER)).quads_for_pattern(None, None, None, graph)
        return sorted(quad.object.value for quad in quads if not isinstance(quad.object, ox.BlankNode))

    describe(first, "kept", "removed")
    out = tmp_path / "next"
    write(out, blocks(*range(101)), blocks(*range(100), value="e"), first)
    describe(out, "added", "kept")
    assert was_taken_over(out, first)
    assert described(first) == ["1", "kept", "removed"]
    assert described(out) == ["1", "added", "kept"]
    assert read_loaded(out / FOLDER) is not None  # so that the next build can take it over
