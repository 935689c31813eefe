"""How much the filing of articles says about their content."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from kg.base.tables import ARTICLES_FOUND
from kg.graph.filing import Filing, filings


def filing(*values: int | None, bounds: tuple[int, ...] = (0, 1, 3)) -> Filing:
    known = np.array([value is not None for value in values])
    return Filing(np.array([value or 0 for value in values]), known, bounds)


def test_classes_of_distances() -> None:
    found = filing(10, 10, 11, 13, 14, 99, None)
    assert found.classes(np.zeros(7, int), np.arange(7)).tolist() == [0, 0, 1, 2, 3, 3, 4]


def test_expected_shares_are_those_of_all_pairs() -> None:
    values = np.random.default_rng(3).integers(0, 40, 60)
    found = filing(*values.tolist(), None, None)
    one, other = np.array([*combinations(range(60), 2)]).T
    counted = np.bincount(found.classes(one, other), minlength=5)
    ratios = found.log_ratios(one, other)
    assert counted[-1] == 0
    assert ratios == pytest.approx([0.0] * 5), "pairs like any two say nothing"


def test_neighbours_in_the_order_count_where_similar_articles_are_neighbours() -> None:
    found = filing(*range(0, 400))
    one = np.arange(399)
    ratios = found.log_ratios(one, one + 1)
    assert ratios[1] > 3, "a distance of 1 is much commoner among similar articles"
    assert ratios[3] < -2
    far = found.log_ratios(np.arange(200), np.arange(200) + 200)
    assert far[1] < 0, "where similar articles are far apart, neighbours are less likely"


def test_few_pairs_say_little() -> None:
    found = filing(*range(0, 400))
    assert found.log_ratios(np.array([0]), np.array([1]))[1] < 2.5
    assert found.log_ratios(np.array([], int), np.array([], int)).tolist() == [0.0] * 5


def test_what_articles_are_filed_by() -> None:
    rows = [
        {"id": "12", "date": dt.date(2024, 1, 1), "subject": "A"},
        {"id": "x13", "date": None, "subject": None},
        {"id": None, "date": dt.date(2024, 1, 3), "subject": "A"},
        {"id": "9" * 40, "date": None, "subject": "B"},
    ]
    numbers, days, subjects = filings(pa.Table.from_pylist(rows, schema=ARTICLES_FOUND))
    assert numbers.known.tolist() == [True, False, False, False]
    assert days.known.tolist() == [True, False, True, False]
    assert abs(int(days.values[0] - days.values[2])) == 2
    assert subjects.classes(np.array([0, 0, 0]), np.array([2, 3, 1])).tolist() == [0, 1, 2]


def test_no_article() -> None:
    for found in filings(ARTICLES_FOUND.empty_table()):
        assert set(found.log_ratios(np.array([], int), np.array([], int)).tolist()) == {0.0}
