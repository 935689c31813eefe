"""Candidates in parts: what is packed comes back as it was, by article or by row."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pyarrow as pa
import pytest

from kg.annotate import rows
from kg.concepts.terms import candidate_store as candidates
from kg.concepts.terms.candidate_store import Candidates, candidates_of
from tests.concepts.by_hand import article, candidate

FOUND = [
    candidate(0, "drift", 3),
    candidate(0, "data drift", 1),
    candidate(1, "drift", 2),
    candidate(4, "loss", 1),
    candidate(4, "loss function", 4),
    candidate(4, "drift", 5),
]
TABLE = pa.Table.from_pylist(FOUND, rows.CANDIDATES)
GIVEN = TABLE.to_pylist()
PACKED = [name for name in rows.CANDIDATES.names if name not in ("file", "term", "words")]


def made(*sizes: int) -> Candidates:
    """`GIVEN`, read in tables of so many rows."""
    ends = np.cumsum(sizes).tolist()
    tables = [TABLE.slice(start, end - start) for start, end in zip([0, *ends], [*ends, len(GIVEN)], strict=True)]
    articles = pa.Table.from_pylist([{**article(file, []), "tokens": 10 + file} for file in (0, 1, 4)], rows.ARTICLES)
    return candidates_of(tables, articles, np.array([1]))


@pytest.mark.parametrize("most", [1, 2, 4, 100])
@pytest.mark.parametrize("sizes", [(), (2,), (0, 2, 1, 0), (6,)])
def test_parts_are_whole_articles_in_order(sizes: Sequence[int], most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_ROWS", most)
    found = made(*sizes)
    parts = [found.part(number) for number in found.parts]
    assert pa.concat_tables(part.table for part in parts).to_pylist() == [{n: row[n] for n in PACKED} for row in GIVEN]
    files = [part.file.tolist() for part in parts]
    assert [*chain.from_iterable(files)] == [row["file"] for row in GIVEN] == found.file.tolist()
    articles = [set(some) for some in files]
    assert sum(map(len, articles)) == 3  # none is in two parts
    if most == 1:
        assert [*map(len, articles)] == [1, 1, 1]
    for part in parts:
        assert [(found.terms[term].as_py()) for term in part.term] == part_terms(part.file.tolist())
        assert part.lengths.tolist() == [10 + file for file in part.file]
        assert part.counted.tolist() == [file != 1 for file in part.file]


def part_terms(files: Sequence[int]) -> list[str]:
    return [row["term"] for row in GIVEN if row["file"] in files]


def test_some_columns_of_a_part() -> None:
    part = made().part(0, ["shape", "frequency"])
    assert part.table.column_names == ["shape", "frequency"]
    assert part.column("frequency").tolist() == [3.0, 1.0, 2.0, 1.0, 4.0, 5.0]


@pytest.mark.parametrize("sizes", [(), (2, 1)])
@pytest.mark.parametrize("wanted", [[], [-1], [5, 0, -1, 3, 0, 2, -1]])
def test_rows_in_the_order_that_is_asked_for(sizes: Sequence[int], wanted: list[int]) -> None:
    columns = ["frequency", "occurrences"]
    found = made(*sizes).take(np.array(wanted, np.int64), columns)
    nothing = dict.fromkeys(columns)
    assert found.to_pylist() == [{n: GIVEN[row][n] for n in columns} if row >= 0 else nothing for row in wanted]


def test_nothing() -> None:
    found = candidates_of([rows.CANDIDATES.empty_table()] * 2, rows.ARTICLES.empty_table(), np.empty(0, np.int64))
    assert [found.part(number).table.num_rows for number in found.parts] == [0]
    assert found.take(np.array([-1]), ["frequency"]).to_pylist() == [{"frequency": None}]
