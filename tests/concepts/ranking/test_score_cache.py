"""Log odds that an earlier build asked for."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from kg.annotate.collect import is_whole
from kg.base.arrays import Floats
from kg.concepts.ranking.score_cache import Matrix, ScoreCache, cached_scores
from kg.storage.cache import LIMIT, Cache


class Trees:
    """Counts the rows that are asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, rows: Matrix) -> Floats:
        self.asked += len(rows)
        return rows[:, 0].astype(np.float64) / 3


def some_rows(seed: int, count: int = 1000, features: int = 51) -> Matrix:
    return np.random.default_rng(seed).normal(size=(count, features)).astype(np.float32)


def written(tmp_path: Path, *parts: Matrix) -> ScoreCache:
    first = ScoreCache()
    for part in parts:
        first.of(part, Trees())
    first.write(tmp_path / "odds")
    return ScoreCache(tmp_path / "odds")


@pytest.mark.parametrize("order", ["C", "F"])
def test_only_new_rows_are_computed(tmp_path: Path, order: str) -> None:
    remembered = written(tmp_path, some_rows(1), some_rows(2))
    mixed = np.asarray(np.concatenate([some_rows(2)[::-1], some_rows(3, 10), some_rows(1)[:5]]), order=order)
    trees = Trees()
    assert remembered.of(mixed, trees).tolist() == Trees()(mixed).tolist()
    assert trees.asked == 10


def test_what_was_asked_last_is_written_and_nothing_else(tmp_path: Path) -> None:
    remembered = written(tmp_path, some_rows(1))
    remembered.of(some_rows(1)[:100], Trees())
    remembered.write(tmp_path / "next")
    trees = Trees()
    ScoreCache(tmp_path / "next").of(some_rows(1), trees)
    assert trees.asked == 900


def test_the_smallest_difference_counts(tmp_path: Path) -> None:
    rows = some_rows(1)
    remembered = written(tmp_path, rows)
    rows[:, 7] = np.nextafter(rows[:, 7], np.float32(100))
    trees = Trees()
    assert remembered.of(rows, trees).tolist() == Trees()(rows).tolist()
    assert trees.asked == len(rows)


def test_nothing_is_asked_for(tmp_path: Path) -> None:
    assert written(tmp_path).of(some_rows(1), Trees()).tolist() == Trees()(some_rows(1)).tolist()
    assert written(tmp_path, some_rows(1)).of(some_rows(1)[:0], Trees()).tolist() == []


def test_rows_go_through_the_cache(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", LIMIT, is_whole)
    for number, asked in enumerate([1000, 0]):
        folder = tmp_path / str(number)
        folder.mkdir()
        trees = Trees()
        with cached_scores(cache, "a key", folder) as odds:
            assert odds is not None
            odds.of(some_rows(1), trees)
        assert trees.asked == asked
    assert cache.failure is None


def test_a_damaged_entry_is_computed_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", LIMIT, is_whole)
    written(tmp_path, some_rows(1))
    raw = bytearray((tmp_path / "odds").read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / "damaged").write_bytes(raw)
    assert zipfile.is_zipfile(tmp_path / "damaged")
    cache.keep("a key", tmp_path / "damaged")
    (tmp_path / "folder").mkdir()
    trees = Trees()
    with cached_scores(cache, "a key", tmp_path / "folder") as odds:
        assert odds is not None
        assert odds.of(some_rows(1), trees).tolist() == Trees()(some_rows(1)).tolist()
    assert trees.asked == 1000


def test_without_a_cache_nothing_is_remembered(tmp_path: Path) -> None:
    with cached_scores(None, "a key", tmp_path) as odds:
        assert odds is None
    assert list(tmp_path.iterdir()) == []
