"""Where the parts of an export have their tables from."""

import pickle
from pathlib import Path

from kg.publish import everything
from kg.report import Report
from kg.tables import Tables, share_tables
from tests.publish.sample_tables import report, sample_tables


def note(tables: Tables, report: Report, out: Path) -> None:
    (out / "written").write_text(f"{report.title} {tables.articles.num_rows}")


def test_another_process_is_only_told_where_the_tables_are(tmp_path: Path) -> None:
    share_tables(sample_tables(), tmp_path / "shared")
    sent = pickle.dumps(everything._Writer(tmp_path / "shared", report("A graph"), tmp_path))
    assert len(sent) < 2000  # the tables stay here
    assert pickle.loads(sent)(("a part", note)) >= 0
    assert (tmp_path / "written").read_text() == "A graph 5"
