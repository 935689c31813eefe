"""Read callouts (`> [!note] Title`), admonitions (`!!! note "Title"`, `??? tip`) and tabs (`=== "Tab"`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

TITLE: Final = "\ufddb"
"""Character before the title of a callout or an admonition. The title ends at the end of the line."""

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})")
_CALLOUT = re.compile(r"( {0,3}>(?:[ \t]*>)*[ \t]*)\[![\w-][^\]\n]*\][+-]?[ \t]*")
_ADMONITION = re.compile(
    r"""
    [ \t]* (?: (?:!!!|\?\?\?\+?) [ \t]+[\w-]+ (?:[ \t]+[\w-]+)* (?:[ \t]+"(?P<title>.*)")?
    | ===[+!]? [ \t]+"(?P<tab>.*)" ) [ \t]*$
    """,
    re.VERBOSE,
)
_BLOCK = re.compile(r"^[ \t>]*(?:!!!|\?\?\?|===[+!]?[ \t]|\[!)", re.MULTILINE)


def unwrapped(source: str) -> str:
    """Return `source` with the text of admonitions and tabs moved to the margin.

    `TITLE` is put before the titles of admonitions, tabs and callouts. Line n of the result is line n of `source`.
    """
    if not _BLOCK.search(source):
        return source
    lines = source.split("\n")
    inside: list[int] = []  # the margins of the open admonitions
    fence: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        margin = _margin(line)
        while inside and margin < inside[-1] + 4:
            inside.pop()
        if fence and len(inside) < fence[0]:
            fence = None
        line = _dedent(line, 4 * len(inside))
        if fence:
            if line.strip(" \t>").startswith(fence[1]) and not line.strip(" \t>" + fence[1][0]):
                fence = None
        elif opening := _FENCE.match(line):
            fence = len(inside), opening[1]
        elif (found := _ADMONITION.match(line)) and _has_text_inside(lines, number, margin):
            inside.append(margin)
            title = found["title"] or found["tab"]
            line = line[: len(line) - len(line.lstrip())] + TITLE + title if title else ""
        else:
            line = _CALLOUT.sub(rf"\1{TITLE}", line, count=1) if _CALLOUT.match(line) else line
        lines[number] = line
    return "\n".join(lines)


def _has_text_inside(lines: Sequence[str], number: int, margin: int) -> bool:
    following = next((line for line in lines[number + 1 : number + 4] if line.strip()), "")
    return _margin(following) >= margin + 4


def _margin(line: str) -> int:
    blank = line[: len(line) - len(line.lstrip(" \t"))]
    return len(blank.expandtabs(4))


def _dedent(line: str, columns: int) -> str:
    if not columns:
        return line
    rest = line.lstrip(" \t")
    return " " * (_margin(line) - columns) + rest
