"""Read and write dates in a format such as "MMM do, yyyy"; see `parse_date`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIELD = re.compile(r"'([^']*)'|(yyyy|yy|MMMM|MMM|MM|M|dd|do|d|E+)|(.)", re.DOTALL)
_SHORT: Final = 3
"""Number of letters of a shortened name."""


def parse_date(text: str, formats: Iterable[str]) -> dt.date | None:
    """Parse a text as a date in one of the formats. Return None if it does not fit any of them.

    A format has `yyyy` or `yy` for the year, `M`, `MM`, `MMM` or `MMMM` for the month, `d`, `dd` or `do` for the day
    (`do` is "1st"), and `E` or `EEEE` for the day of the week. Other letters are in single quotes.

    >>> parse_date("Feb 1st, 2025", ["yyyy-MM-dd", "MMM do, yyyy"])
    datetime.date(2025, 2, 1)
    """
    for form in formats:
        found = _pattern(form).fullmatch(text.strip())
        values = found.groupdict() if found else {}
        if {"year", "month", "day"} <= values.keys():
            year = int(values["year"]) + (0 if len(values["year"]) > 2 else 2000)
            try:
                return dt.date(year, _month(values["month"]), int(values["day"]))
            except ValueError:
                continue
    return None


def format_date(date: dt.date, form: str) -> str:
    """Return a date in a format; see `parse_date`.

    >>> format_date(dt.date(2025, 2, 1), "EEEE, dd-MM-yyyy")
    'Saturday, 01-02-2025'
    """
    return "".join(_written(date, field) if field else quoted or other for quoted, field, other in _FIELD.findall(form))


def _written(date: dt.date, field: str) -> str:
    month, day = _MONTHS[date.month - 1], _DAYS[date.weekday()]
    match field:
        case "yyyy":
            return f"{date.year:04}"
        case "yy":
            return f"{date.year % 100:02}"
        case "MMMM":
            return month
        case "MMM":
            return month[:_SHORT]
        case "MM":
            return f"{date.month:02}"
        case "M":
            return f"{date.month}"
        case "dd":
            return f"{date.day:02}"
        case "d":
            return f"{date.day}"
        case "do":
            is_teen = date.day in {11, 12, 13}
            return f"{date.day}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(date.day % 10, 'th')}"
        case _:
            return day if len(field) > _SHORT else day[:_SHORT]


@lru_cache(maxsize=64)
def _pattern(form: str) -> re.Pattern[str]:
    """Return a pattern that matches dates in a format. Only the first occurrence of a field is read."""
    used: set[str] = set()
    pieces = []
    for quoted, field, other in _FIELD.findall(form):
        name = {"y": "year", "M": "month", "d": "day"}.get(field[:1], "")
        piece = _PATTERNS[min(field, "EEEE", key=len) if field.startswith("E") else field] if field else ""
        pieces.append(f"(?P<{name}>{piece})" if name and name not in used else f"(?:{piece})" if field else "")
        pieces.append(re.escape(quoted or other))
        if field == "do":
            pieces.append("(?:st|nd|rd|th)")
        used.add(name)
    return re.compile("".join(pieces), re.IGNORECASE)


def _month(text: str) -> int:
    """Return the number of a month that is given as a number, a name or a shortened name."""
    names = [name.casefold()[: len(text)] for name in _MONTHS]
    return int(text) if text.isdigit() else names.index(text.casefold()) + 1


def _any(names: Iterable[str], length: int) -> str:
    return "|".join(name[:length] for name in names)


_PATTERNS: Final = {
    **{"yyyy": r"\d{4}", "yy": r"\d\d", "MM": r"\d\d", "M": r"\d\d?", "dd": r"\d\d", "d": r"\d\d?", "do": r"\d\d?"},
    **{"MMMM": _any(_MONTHS, 9), "MMM": _any(_MONTHS, _SHORT), "EEEE": _any(_DAYS, 9)},
    **dict.fromkeys(("EEE", "EE", "E"), _any(_DAYS, _SHORT)),
}
