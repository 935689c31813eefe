"""Dates are read and written in the formats that people choose for journals."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.read.date_formats import format_date, parse_date

FORMATS = [
    *("MMM do, yyyy", "MMMM do, yyyy", "do MMM yyyy", "yyyy-MM-dd", "yyyy_MM_dd", "yyyyMMdd", "yyyy/MM/dd"),
    *(
        "E, yyyy/MM/dd",
        "EEE, dd-MM-yyyy",
        "EEEE, dd-MM-yyyy",
        "EEEE, MMM do, yyyy",
        "dd-MM-yyyy",
        "d.M.yyyy",
        "M/d/yyyy",
    ),
    *("yyyy'W' MM dd", "MM/dd/yy", "dd MMMM yyyy EEEE"),
]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2068, 12, 31)), st.sampled_from(FORMATS))
def test_a_date_that_is_written_is_read_again(date: dt.date, form: str) -> None:
    assert parse_date(format_date(date, form), [form]) == date


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("MMM do, yyyy", "Feb 1st, 2025"),
        ("EEEE, dd-MM-yyyy", "Saturday, 01-02-2025"),
        ("E, yyyy/MM/dd", "Sat, 2025/02/01"),
        ("d. MMMM yy", "1. February 25"),
        ("'day' dd", "day 01"),
    ],
)
def test_formats(form: str, text: str) -> None:
    assert format_date(dt.date(2025, 2, 1), form) == text


@pytest.mark.parametrize(
    ("day", "written"), [(2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (21, "21st"), (23, "23rd")]
)
def test_the_ending_of_a_day(day: int, written: str) -> None:
    assert format_date(dt.date(2025, 1, day), "do") == written


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("feb 1ST, 2025 ", dt.date(2025, 2, 1)),
        ("Mar 1th, 2025", dt.date(2025, 3, 1)),
        ("Feb 30th, 2025", None),
        ("Foo 1st, 2025", None),
        ("Feb 1st", None),
        ("", None),
    ],
)
def test_spellings_of_a_date(text: str, date: dt.date | None) -> None:
    assert parse_date(text, ["yyyy-MM-dd", "MMM do, yyyy"]) == date


@pytest.mark.parametrize("form", ["yyyy-MM", "words", ""])
def test_a_format_without_a_day_reads_no_date(form: str) -> None:
    assert parse_date(format_date(dt.date(2025, 2, 1), form), [form]) is None
