r"""Find mathematics and code in Markdown, and decode line breaks that are written as a backslash and an "n".

Some systems write a whole article into one line of YAML. They write every line break as the two characters `\n`. LaTeX
commands such as `\neq` begin with the same two characters. So what the characters mean depends on whether they are
inside mathematics.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Commands of LaTeX, amsmath and amssymb that begin with "n". Sources: Comprehensive LaTeX Symbol List; amsldoc.
_COMMANDS: Final = frozenset(
    """
    nLeftarrow nLeftrightarrow nRightarrow nVDash nVdash nabla natural ncong ne nearrow neg negmedspace negthickspace
    negthinspace neq newcommand newenvironment newline newpage nexists ngeq ngeqq ngeqslant ngtr ni nicefrac nleftarrow
    nleftrightarrow nleq nleqq nleqslant nless nmid nobreak nocite noindent nolimits nolinebreak nonumber nopagebreak
    norm normalfont normalsize not notag notin nparallel nprec npreceq nrightarrow nshortmid nshortparallel nsim
    nsubseteq nsubseteqq nsucc nsucceq nsupseteq nsupseteqq ntriangleleft ntrianglelefteq ntriangleright
    ntrianglerighteq nu num nvDash nvdash nwarrow
    """.split()
)


class SpanKind(StrEnum):
    """The kinds of spans of Markdown source: code, mathematics in a line of text (`$x$`), and displayed (`$$x$$`).

    HTML comments count as code.
    """

    CODE = "code"
    INLINE = "inline"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A span of code or mathematics in Markdown source, from `start` to before `end`, including its delimiters."""

    start: int
    end: int
    kind: SpanKind


_BREAK = re.compile(r"\\n([A-Za-z]*)")
_OPENER = re.compile(
    r"""
    (?P<fence>^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<marks>`{3,}|~{3,})[^`\n]*$)
    | (?P<comment>(?P<block>^[ \t>]*)?<!--)
    | (?P<ticks>`+)
    | (?P<skip>\\[\\`$])
    | (?P<display>\$\$|\\\[)
    | (?P<inline>\\\(|\$)
    """,
    re.VERBOSE | re.MULTILINE,
)
_MARKS: Final = ("`", "$", "~~~", "\\(", "\\[")
"""The opening of every span, as matched by `_OPENER`, contains at least one of these strings.

So a source without these strings has no spans.
"""
_TICKS = re.compile(r"`+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_UNESCAPED_DOLLAR = re.compile(r"(?<!\\)\$")
_AMOUNT = re.compile(r"\s?(?:\d[\d,]*(?:\.\d+)?|\.\d+)")
_BEFORE_AMOUNT = re.compile(r"[\s(\[*_~=<>]$")
"""Matches the end of a text after which a sum of money can begin: `= $5`, `($5)`, `**$5**`."""
_LATEX = re.compile(r"[\\^_{}=<>]")
_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")
_BRACKET_MATHS = re.compile(r"[\\^_{}=<>+|\d]|^\s*\S{1,3}\s*$")


def spans(source: str) -> Iterator[SourceSpan]:
    """Yield the spans of code and mathematics in `source`, in order and without overlaps.

    The time that this takes is linear in the length of `source`.
    """
    if not any(mark in source for mark in _MARKS):  # as in most texts; the search below takes longer
        return
    ticks: dict[int, list[int]] = {}
    for run in _TICKS.finditer(source):
        ticks.setdefault(len(run.group()), []).append(run.start())
    comment_ends = [found.start() for found in re.finditer("-->", source)]
    blanks = [found.start() for found in _BLANK_LINE.finditer(source)]
    absent: set[str] = set()
    position = 0
    while found := _OPENER.search(source, position):
        position = found.end()
        start = found.start()
        if found["fence"]:
            closing = re.compile(
                rf"^[ \t>]*{re.escape(found['marks'][0])}{{{len(found['marks'])},}}[ \t]*$", re.MULTILINE
            )
            closed = closing.search(source, position)
            position = closed.end() if closed else len(source)
            yield SourceSpan(start + found.group().index(found["marks"]), position, SpanKind.CODE)
        elif found["comment"]:
            at = _next(comment_ends, position - 1, len(source))
            if at < (len(source) if found["block"] is not None else _next(blanks, start, len(source))):
                position = at + len("-->")
                yield SourceSpan(source.index("<", start), position, SpanKind.CODE)
        elif found["ticks"]:
            length = len(found["ticks"])
            at = _next(ticks.get(length, []), start, len(source))
            if at < _next(blanks, start, len(source)):
                position = at + length
                yield SourceSpan(start, position, SpanKind.CODE)
        elif opening := found["display"] or found["inline"]:
            end = _close(source, opening, position, _next(blanks, start, len(source)), absent)
            if end is not None:
                position = end
                yield SourceSpan(start, end, SpanKind.DISPLAY if found["display"] else SpanKind.INLINE)


def _next(positions: list[int], start: int, otherwise: int) -> int:
    """Return the first of the sorted `positions` that is greater than `start`, or `otherwise` if there is none."""
    after = bisect_right(positions, start)
    return positions[after] if after < len(positions) else otherwise


def _close(source: str, opening: str, position: int, paragraph_end: int, absent: set[str]) -> int | None:
    """Return the position after the closing delimiter of mathematics, or None if there is no mathematics.

    The opening delimiter, such as `$$`, is `opening`. The text after it begins at `position`.
    """
    if opening == "$":
        closing = _UNESCAPED_DOLLAR.search(source, position, paragraph_end)
        if closing is None or not _is_mathematics(
            source[position : closing.start()], source[closing.end() : closing.end() + 1]
        ):
            return None
        return closing.end()
    mark = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}[opening]
    if mark in absent:
        return None
    at = source.find(mark, position)
    if at < 0:
        absent.add(mark)
        return None
    if opening == "\\(" and at > paragraph_end:
        return None
    if opening == "\\[" and not _BRACKET_MATHS.search(source[position:at]):
        return None  # an escaped bracket of Markdown: \[not a link\]
    return at + len(mark)


def _is_mathematics(inner: str, following: str) -> bool:
    r"""Whether `$inner$` is mathematics, and not two amounts of money with text between them.

    `$26,000 and $30,000` is money: after the first sign there is an amount, followed by words or nothing, and after the
    second sign there is a digit. `$7.25 each = $29` is money too, because the second sign begins an amount. `$ a $`,
    `$5$` and `$2x + 3$` are mathematics. `following` is the character after the second sign.
    """
    if not inner.strip():
        return False
    amount = _AMOUNT.match(inner)
    if amount and following.isalnum() and _BEFORE_AMOUNT.search(inner) and not inner[0].isspace():
        return False
    if _LATEX.search(inner):
        return True
    words = _WORDS.findall(inner)
    if amount:
        return not following.isdigit() and not words
    return len(words) < 2 or " " not in inner.strip()


def decode_line_breaks(text: str) -> str:
    r"""Return `text` with a line break for each `\n`, except where it begins a LaTeX command inside mathematics.

    Right after an opening `$$` or `\[`, the two characters are a line break even if they could begin a command.

    >>> decode_line_breaks(r"If $x \neq 0$:\n\n$$\nu = 2\n$$")
    'If $x \\neq 0$:\n\n$$\nu = 2\n$$'
    """
    certain = _BREAK.sub(lambda found: found[0] if "n" + found[1] in _COMMANDS else "\n" + found[1], text)
    if "\\n" not in certain:
        return certain
    pieces: list[str] = []
    position = 0
    for span in spans(certain):
        if span.kind is SpanKind.CODE:
            continue
        mathematics = certain[span.start : span.end]
        if mathematics.startswith(("$$\\n", "\\[\\n")):
            mathematics = mathematics[:2] + "\n" + mathematics[4:]
        pieces += (certain[position : span.start].replace("\\n", "\n"), mathematics)
        position = span.end
    pieces.append(certain[position:].replace("\\n", "\n"))
    return "".join(pieces)
