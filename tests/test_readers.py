"""Programs that share no code with kg read every RDF file of a build, and agree on what is in it."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.readers import FILES, NO_TRIPLES, read_by


@pytest.mark.node
@pytest.mark.rapper
@pytest.mark.parametrize("name", FILES)
def test_all_readers_count_the_same_triples(built: Path, name: str, rapper: Path, node: Path) -> None:
    counts = read_by(built / name, rapper, node)
    assert len(counts) == (3 if name.endswith("jsonld") else 4)
    assert min(counts.values()) > 100
    assert len(set(counts.values())) == 1, counts


def test_the_three_core_files_hold_the_same_triples(built: Path) -> None:
    core, *others = (
        {quad.triple for quad in ox.parse(path=built / f"graph.{suffix}")} for suffix in ("nt", "ttl", "jsonld")
    )
    assert others == [core, core]


def test_every_rdf_file_of_a_build_is_read(built: Path) -> None:
    found = {path.name for path in built.iterdir() if path.suffix in {".nt", ".ttl", ".jsonld", ".gz"}}
    assert found == {*FILES, *NO_TRIPLES}
