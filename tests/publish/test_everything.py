"""Where the parts of an export have their tables from."""

import pickle
from pathlib import Path

import pytest

from kg.publish import everything
from kg.report import Report
from kg.tables import Tables, write_tables
from tests.publish.sample_tables import report, sample_tables


def note(tables: Tables, report: Report, out: Path) -> None:
    (out / "written").write_text(f"{report.title} {tables.articles.num_rows}")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    found: list[Path] = []
    real = everything.read_tables
    monkeypatch.setattr(everything, "read_tables", lambda folder: found.append(folder) or real(folder))
    return found


def test_tables_that_are_there_are_not_read(tmp_path: Path, read: list[Path]) -> None:
    writer = everything._Writer(report("A graph"), tmp_path, sample_tables())
    assert writer(("a part", note)) >= 0
    assert (tmp_path / "written").read_text() == "A graph 5"
    assert read == []


def test_another_process_reads_them_once(tmp_path: Path, read: list[Path]) -> None:
    write_tables(sample_tables(), tmp_path / "tables")
    sent = pickle.dumps(everything._Writer(report("A graph"), tmp_path, sample_tables()))
    assert len(sent) < 2000  # the tables stay here
    writer = pickle.loads(sent)
    for _ in range(3):
        writer(("a part", note))
    assert (tmp_path / "written").read_text() == "A graph 5"
    assert read == [tmp_path / "tables"]
