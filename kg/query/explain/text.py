"""Explanations and paths as text for a terminal, in lines of at most 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from kg.base.terminal_text import WIDTH, printable, wrapped

if TYPE_CHECKING:
    from kg.graph.passages import Piece
    from kg.query.explain.values import End, Explanation, Paths, Quote, Section

Bold = Callable[[str], str]
"""A function that returns a text in bold type."""


def explanation_lines(found: Explanation, bold: Bold | None = None) -> Iterator[str]:
    """Yield the lines of an explanation; for `bold`, see `path_lines`."""
    yield from _ends(found.paths)
    yield ""
    yield from wrapped(found.summary)
    for note in found.notes:
        yield from wrapped(f"({note})")
    for section in found.sections:
        yield ""
        yield from _section(found, section, bold)
    yield ""
    yield from _paths(found.paths, bold)


def path_lines(found: Paths, bold: Bold | None = None) -> Iterator[str]:
    """Yield the lines of the paths between two articles or concepts.

    Args:
        found: the paths.
        bold: makes headings and marked words bold. If it is None, headings are plain, and marked words are between «
            and ».
    """
    yield from _ends(found)
    yield ""
    yield from _paths(found, bold)


def _ends(found: Paths) -> Iterator[str]:
    for letter, end in found.ends.items():
        yield from wrapped(f"{end.label} ({end.kind})", "   ", first=f"{letter}  ")


def _section(found: Explanation, section: Section, bold: Bold | None) -> Iterator[str]:
    yield _heading(section.title, bold)
    for number, finding in enumerate(section.findings, start=1):
        yield ""
        yield from wrapped(f"{number}. {finding.says}", "   ", first="")
        if numbers := finding.measures:
            yield from wrapped(numbers, "   ")
        yield from _quotes(found.ends, finding.says, finding.quotes, bold)
    if section.total > len(section.findings):
        yield ""
        yield f"and {section.total - len(section.findings):,} more: give --limit"


def _paths(found: Paths, bold: Bold | None) -> Iterator[str]:
    if not found.paths:
        yield from wrapped(found.summary)
        return
    yield _heading(found.title, bold)
    for number, path in enumerate(found.paths, start=1):
        yield ""
        yield from wrapped(f"{number}. {path.says}", "   ", first="")
        yield from wrapped(path.measures, "   ")
        for step in path.steps:
            yield from wrapped(step.says, "     ", first="   - ")
            yield from _quotes(found.ends, step.says, step.quotes, bold)


def _heading(title: str, bold: Bold | None) -> str:
    return bold(title) if bold else title


def _quotes(ends: dict[str, End], says: str, quotes: Sequence[Quote], bold: Bold | None) -> Iterator[str]:
    for quote in quotes:
        origin = quote.origin(ends, says)
        letter = origin if origin in ends else " "
        yield from marked(quote.pieces, f" {letter} | ", "   | ", bold)
        if len(origin) > 1:
            yield from wrapped(f"in {origin}", "     ", first="   - ")


def marked(pieces: Sequence[Piece], first: str, indent: str, bold: Bold | None) -> Iterator[str]:
    """Yield a quoted sentence as lines.

    The first line begins with `first`, and every other line with `indent`. For `bold`, see `path_lines`.
    """
    words: list[tuple[str, str]] = []
    glued = False
    for piece in pieces:
        text = printable(piece.text)
        shown = text.split() if bold or not piece.marked else f"«{text}»".split()
        for position, word in enumerate(shown):
            styled = bold(word) if bold and piece.marked else word
            if words and position == 0 and glued and not text[:1].isspace():
                words[-1] = (words[-1][0] + word, words[-1][1] + styled)
            else:
                words.append((word, styled))
        glued = not text[-1:].isspace()
    line: list[str] = []
    width = len(indent)
    for word, styled in words:
        if line and width + len(word) > WIDTH:
            yield first + " ".join(line)
            first, line, width = indent, [], len(indent)
        line.append(styled)
        width += len(word) + 1
    yield first + " ".join(line)
