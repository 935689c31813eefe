"""Where the parts of an export have their tables from."""

import pickle
from pathlib import Path

import pytest

from kg.base.report import Report
from kg.base.tables import Tables, share_tables
from kg.pipeline import write_all as everything
from tests.export.sample_tables import report, sample_tables


def note(tables: Tables, report: Report, out: Path) -> None:
    (out / "written").write_text(f"{report.title} {tables.articles.num_rows}")


@pytest.fixture
def writer(tmp_path: Path) -> everything._PartWriter:
    """One that has nothing but the shared tables: there are no Parquet files to read."""
    share_tables(sample_tables(), tmp_path / "shared")
    return everything._PartWriter(tmp_path / "shared", report("A graph"), tmp_path)


def test_a_part_is_written_from_shared_tables(writer: everything._PartWriter, tmp_path: Path) -> None:
    assert writer(("a part", note)) >= 0
    assert (tmp_path / "written").read_text() == "A graph 5"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shared", "written"]


def test_another_process_is_only_told_where_they_are(writer: everything._PartWriter, tmp_path: Path) -> None:
    sent = pickle.dumps(writer)
    assert len(sent) < 2000  # the tables stay here
    other = pickle.loads(sent)
    for _ in range(3):
        other(("a part", note))
    assert (tmp_path / "written").read_text() == "A graph 5"
