"""What is asked of tables."""

from pathlib import Path

import pyarrow as pa
import pytest

from kg.base.tables import SCHEMAS, map_unique, read_tables, share_table, share_tables, shared_tables, write_tables
from kg.graph.columns import ColumnsInFile
from tests.export.sample_tables import sample_tables


def test_each_value_is_asked_for_once() -> None:
    asked: list[float] = []

    def text(value: float) -> str | None:
        asked.append(value)
        return str(value) if value < 1 else None

    made = map_unique(pa.array([0.5, 1.0, None, 0.5, 1e-05]), text)
    assert made.to_pylist() == ["0.5", None, None, "0.5", "1e-05"]
    assert asked == [0.5, 1.0, 1e-05]


def test_of_nothing_it_is_nothing() -> None:
    assert map_unique(pa.array([], pa.string()), str).to_pylist() == []
    assert map_unique(pa.array([None, None], pa.string()), str).to_pylist() == [None, None]


def test_shared_tables_are_the_same_and_are_mapped(tmp_path: Path) -> None:
    tables = sample_tables()
    before = pa.total_allocated_bytes()
    shared = [share_tables(tables, tmp_path / "shared"), shared_tables(tmp_path / "shared")]
    assert pa.total_allocated_bytes() == before  # they stay in their files
    assert shared == [tables, tables]


def test_a_shared_column_is_in_one_piece(tmp_path: Path) -> None:
    links = pa.concat_tables([sample_tables().links] * 3)
    share_table("links", links, tmp_path)
    found = shared_tables(tmp_path)
    assert found.links.equals(links)
    assert {column.num_chunks for column in found.links.columns} == {1}
    assert found.concepts.equals(SCHEMAS["concepts"].empty_table())


def test_a_folder_may_be_called_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tables(sample_tables(), tmp_path / "~")
    assert read_tables(Path("~")) == sample_tables()
    assert ColumnsInFile(Path("~") / "articles.parquet", "articles").column("url") is not None
