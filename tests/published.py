"""What a build publishes, to be compared with another one."""

import gzip
from pathlib import Path

import pyoxigraph as ox

from kg.base.iris import Minter
from kg.base.report import read_report


def published(out: Path) -> dict[str, bytes]:
    """Every file that must be the same bytes: all but report.json and store/."""
    files = {path.relative_to(out).as_posix(): path for path in sorted(out.rglob("*")) if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in files.items()
        if name != "report.json" and not name.startswith("store/")
    }


def assert_same(out: Path, expected: Path) -> None:
    """Fail unless two builds have published the same, and were made from the same unrounded features."""
    found, wanted = published(out), published(expected)
    assert sorted(found) == sorted(wanted)
    assert [name for name in found if found[name] != wanted[name]] == []
    assert read_report(out).digests == read_report(expected).digests


def assert_store_is_whole(out: Path) -> None:
    """Fail unless a build's store holds what its files say, and nothing else; compared as the values that it holds."""
    store = ox.Store.read_only(str(out / "store"))
    lines = (out / "graph.nt").read_bytes() + gzip.decompress((out / "evidence.nt.gz").read_bytes())
    wanted = ox.Store()
    wanted.bulk_load(lines, format=ox.RdfFormat.N_TRIPLES)
    assert stored(out) == {quad.triple for quad in wanted}
    minter = minter_of(out)
    described = {minter.dataset: "dataset.ttl", minter.ontology_graph: "kg.ttl"}
    number = lines.count(b"\n")
    for iri, file in described.items():
        values = ox.Store()
        values.load(path=out / file, format=ox.RdfFormat.TURTLE)
        read = ox.Dataset(values)
        held = ox.Dataset(
            ox.Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
        )
        for dataset in (read, held):
            dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        assert held == read, file
        number += len(held)
    assert len(store) == number


def stored(out: Path) -> set[ox.Triple]:
    """The triples of the core graph and of the evidence in the store of a build."""
    store, minter = ox.Store.read_only(str(out / "store")), minter_of(out)
    graphs = (ox.NamedNode(minter.core_graph), ox.NamedNode(minter.evidence_graph))
    return {quad.triple for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)}


def minter_of(out: Path) -> Minter:
    return Minter(read_report(out).configuration["base"])
