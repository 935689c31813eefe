"""Explanations and paths as text for a terminal, in lines of at most 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kg.base.terminal_text import Bold, marked, wrapped

if TYPE_CHECKING:
    from kg.query.explain.values import End, Explanation, Paths, Quote, Section


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
