"""Read dates in the spellings that are usual in front matter.

This module itself reads numeric dates. Dates with the name of a month are read by dateutil, which knows many spellings.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from dateutil import parser

_NOT_A_DATE: Final = "is not a date; write it like 2025-01-31"
_NO_DAY: Final = "names no day; write it like 2025-01-31"
_IMPOSSIBLE: Final = "is no day of the calendar"

_MAX_LENGTH: Final = 100
"""Maximum length in characters of a text that is passed to dateutil, which is slow on long texts."""
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|#]*/)?([^\[\]|#/]+)(?:[|#][^\[\]]*)?\]\]")
_TIME: Final = r"(?:Z|[+-]\d\d:?\d\d|[Tt,\s].*)?"
"""A time or other text after a date, which is ignored."""
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII | re.DOTALL)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\.[ ]?(\d{{1,2}})\.[ ]?(\d{{4}}){_TIME}", re.ASCII | re.DOTALL)
_DAY_OR_MONTH_FIRST = re.compile(rf"(\d{{1,2}})([-/])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII | re.DOTALL)
_WEEK = re.compile(rf"(\d{{4}}-?W\d\d-?\d){_TIME}", re.ASCII | re.DOTALL)
_TIMESTAMP = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?", re.ASCII)
_SECONDS: Final = range(9, 11)
"""Possible numbers of digits of a count of seconds since 1970, in the years from 1973 to 2286."""
_MILLISECONDS: Final = range(12, 14)
"""Possible numbers of digits of a count of milliseconds in the same years."""
_NO_DAY_GIVEN = re.compile(r"\d{4}|\d{6}|\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4}", re.ASCII)
_DEFAULTS: Final = (dt.datetime(2000, 1, 1), dt.datetime(2003, 12, 28))
"""Two dates that have no year, month or day in common.

dateutil takes a missing year, month or day from a default date. So a text is incomplete if these two default dates give
two different results.
"""


def read_date(text: str) -> dt.date:
    """Return the date that a text names. A time and a time zone are ignored.

    The text may be a count of seconds or milliseconds since 1970, or a wiki link to the note of a day.

    >>> [read_date(text).isoformat() for text in ("2024-1-5", "9.3.2024", "March 9th, 2024", "1595961348801")]
    ['2024-01-05', '2024-03-09', '2024-03-09', '2020-07-28']

    Raises:
        ValueError: if the text names no date, or can be read as two dates. The message completes a sentence that
            begins with the text.
    """
    text = text.strip()
    if link := _WIKI_LINK.fullmatch(text):
        text = link[1].strip()
    if text.isascii() and text.isdigit():
        return _number(text)
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(found[1], found[3], found[4])
    if found := _DAY_FIRST.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if found := _DAY_OR_MONTH_FIRST.fullmatch(text):
        return _day_or_month_first(found[1], found[3], found[4])
    if found := _WEEK.fullmatch(text):
        return _week(found[1])
    if _NO_DAY_GIVEN.fullmatch(text):
        raise ValueError(_NO_DAY)
    if len(text) > _MAX_LENGTH:
        raise ValueError(_NOT_A_DATE)
    return _words(text)


def _number(digits: str) -> dt.date:
    if found := _TIMESTAMP.fullmatch(digits):
        return _day(*found.groups())
    if len(digits) in _SECONDS or len(digits) in _MILLISECONDS:
        seconds = int(digits) // (1 if len(digits) in _SECONDS else 1000)
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date()
    raise ValueError(_NO_DAY if _NO_DAY_GIVEN.fullmatch(digits) else _NOT_A_DATE)


def _day(year: str, month: str, day: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(_IMPOSSIBLE) from None


def _day_or_month_first(first: str, second: str, year: str) -> dt.date:
    """Return the date that two numbers and a year stand for. The first number may be the day or the month."""
    if int(first) > 12:
        return _day(year, second, first)
    if int(second) > 12:
        return _day(year, first, second)
    one, other = _day(year, first, second), _day(year, second, first)
    if one == other:
        return one
    raise ValueError(f"can be read as {one} and as {other}; write it in one of these ways")


def _week(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_IMPOSSIBLE) from None


def _words(text: str) -> dt.date:
    try:
        read: list[dt.date] = [parser.parse(text, default=day, ignoretz=True).date() for day in _DEFAULTS]
    except (ValueError, OverflowError):
        raise ValueError(_NOT_A_DATE) from None
    if read[0] != read[1]:
        raise ValueError(_NO_DAY)
    if str(read[0].year) not in text:  # a year of two figures, or a time that was taken for a year
        raise ValueError(_NOT_A_DATE)
    return read[0]
