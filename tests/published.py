"""What a build publishes, to be compared with another one."""

import gzip
from pathlib import Path

import pyoxigraph as ox

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
    assert {quad.triple for quad in store} == {quad.triple for quad in wanted}
    assert len(store) == lines.count(b"\n")
