"""Read the lines that begin callouts (`> [!note] Title`), admonitions (`!!! note "Title"`, `??? tip`) and tabs."""

from __future__ import annotations

import re
from typing import Final

TITLE: Final = "\ufddb"
"""Character that marks a title, such as that of an admonition; it is followed by a space.

The title ends at the end of the line. The space is there because some emphasis cannot begin right after a letter.
"""

_CALLOUT = re.compile(r"([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*>[ \t>]*)\[![\w-][^\[\]\n]*\][+-]?[ \t]*")
_ADMONITION = re.compile(
    r"""
    [ \t]* (?: (?:!!!|\?\?\?\+?) [ \t]*[\w-]+ (?:[ \t]+[\w-]+)* (?:[ \t]+"(?P<title>.*)")?
    | ===[+!]? [ \t]+"(?P<tab>.*)" ) [ \t]*$
    """,
    re.VERBOSE,
)


def titled(title: str) -> str:
    """Return the text of a line that has only a title. The result is empty if the title is."""
    return f"{TITLE} {title}" if title else ""


def admonition_title(line: str) -> str | None:
    """Return the title of the admonition or tab that a line begins. It is empty if there is no title.

    The result is None if the line begins neither an admonition nor a tab.
    """
    found = _ADMONITION.match(line)
    return None if found is None else found["title"] or found["tab"] or ""


def without_callout_type(line: str) -> str:
    """Return a line without the type of a callout, and with `TITLE` before the title of the callout.

    A line that does not begin a callout is returned as it is.
    """
    found = _CALLOUT.match(line)
    return found[1] + titled(line[found.end() :]) if found else line
