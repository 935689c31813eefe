"""The committed export of examples/articles is what a build of today gives."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.base.report import read_report

SAMPLE = Path(__file__).parents[1] / "exports" / "sample"
RDF = ("graph.nt", "graph.ttl", "graph.jsonld", "concepts.ttl")


@pytest.fixture(scope="module")
def sample() -> Path:
    if not (SAMPLE / "report.json").is_file():
        pytest.fail("exports/sample is missing: run `make sample` and commit what it writes", pytrace=False)
    return SAMPLE


def files(out: Path) -> set[str]:
    """The files that are committed: all but the store."""
    paths = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    return {path for path in paths if not path.startswith("store/")}


def triples(path: Path) -> set[ox.Triple]:
    """All but those of the build itself, which names its versions."""
    found = {quad.triple for quad in ox.parse(path=path)}
    return {triple for triple in found if not any("/build/" in str(term) for term in (triple.subject, triple.object))}


def is_comparable(sample: Path, built: Path) -> bool:
    """Whether the bytes must be equal.

    Another version writes Parquet or Turtle another way, and another processor may round the tagger's and the ranking's
    sums another way.
    """
    one, other = read_report(sample), read_report(built)
    return (one.versions, one.processor) == (other.versions, other.processor)


def test_the_sample_is_what_a_build_gives(sample: Path, built: Path) -> None:
    assert files(sample) == files(built), "run `make sample` and commit what it writes"
    if is_comparable(sample, built):
        compared = files(built) - {"report.json"}
        different = {name for name in compared if (sample / name).read_bytes() != (built / name).read_bytes()}
    else:
        different = {name for name in RDF if triples(sample / name) != triples(built / name)}
    assert different == set(), "run `make sample` and commit what it writes"


def test_the_sample_reports_what_a_build_reports(sample: Path, built: Path) -> None:
    committed, fresh = read_report(sample), read_report(built)
    assert committed.counts == fresh.counts
    assert committed.problems == fresh.problems
    assert committed.configuration == fresh.configuration
