"""The spellings of dates, and what is no date."""

import contextlib
import datetime as dt
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.read.dates import read_date


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-09",
        "2024-3-9",
        "2024/03/09",
        "2024.03.09",
        "20240309",
        "2024-W10-6",
        "2024-03-09Z",
        "2024-03-09+01:00",
        "2024-03-09 16:33 +0100",
        "2024-03-09T23:50:14.098Z",
        "2024-03-09t21:59:43.10-05:00",
        "2024-03-09, 10:22",
        "2024-03-09 (Saturday)",
        "202403091022",
        "20240309102233",
        "09.03.2024",
        "9. 3. 2024",
        "9.3.2024 10:22",
        "2024/3/9 10:22:33",
        "Mar 9, 2024",
        "9 March 2024",
        "Saturday, March 9th 2024",
        "March 9th, 2024 at 10:22 PM",
        "09-Mar-2024",
        "Sat, 09 Mar 2024 10:00:00 +0100",
        "Sat Mar 09 2024 01:00:00 GMT+0100 (CET)",
        "1709942400",
        "1709942400123",
        "[[2024-03-09]]",
        "[[Journal/2024-03-09|Saturday]]",
        "[[2024-03-09#Evening]]",
        "  2024-03-09\n",
    ],
)
def test_one_day_in_many_spellings(text: str) -> None:
    assert read_date(text) == dt.date(2024, 3, 9)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("31/01/2024", dt.date(2024, 1, 31)),
        ("01/31/2024", dt.date(2024, 1, 31)),
        ("31-1-2024", dt.date(2024, 1, 31)),
        ("04/04/2024", dt.date(2024, 4, 4)),
        ("4/04/2024", dt.date(2024, 4, 4)),
        ("999999999", dt.date(2001, 9, 9)),
        ("999999999999", dt.date(2001, 9, 9)),
        ("1595961348801", dt.date(2020, 7, 28)),
    ],
)
def test_other_days(text: str, date: dt.date) -> None:
    assert read_date(text) == date


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024", "names no day"),
        ("2024-03", "names no day"),
        ("202403", "names no day"),
        ("03/2024", "names no day"),
        ("March 2024", "names no day"),
        ("March 9", "names no day"),
        ("Saturday", "names no day"),
        ("10:22", "names no day"),
        ("2024-02-30", "is no day of the calendar"),
        ("20240230", "is no day of the calendar"),
        ("31.04.2024", "is no day of the calendar"),
        ("2024-13-01", "is no day of the calendar"),
        ("13/13/2024", "is no day of the calendar"),
        ("2024-W60-1", "is no day of the calendar"),
        ("0000-01-01", "is no day of the calendar"),
        ("03/04/2024", "can be read as 2024-03-04 and as 2024-04-03; write it in one of these ways"),
        ("3-4-2024", "can be read as 2024-03-04 and as 2024-04-03; write it in one of these ways"),
        ("soon", "is not a date"),
        ("", "is not a date"),
        ("2024-03-09garbage", "is not a date"),
        ("12345", "is not a date"),
        ("9" * 400, "is not a date"),
        ("February 30, 2024", "is not a date"),
        ("9 March 24", "is not a date"),
        ("12 13 March 2024", "is not a date"),
        ("March 9, 20240", "is not a date"),
        ("٢٠٢٤-٠٣-٠٩", "is not a date"),
        ("[[soon]]", "is not a date"),
    ],
)
def test_what_is_no_date_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason}"):
        read_date(text)


@given(st.text() | st.from_regex(r"[A-Za-z0-9 ,./:\-\[\]+]{0,40}", fullmatch=True))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    with warnings.catch_warnings(), contextlib.suppress(ValueError):
        warnings.simplefilter("error")
        assert isinstance(read_date(text), dt.date)
