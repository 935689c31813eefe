"""The command `kg explain`: explain a connection in a graph."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.base.errors import UsageError
from kg.cli.console import echo, echo_json, printable

if TYPE_CHECKING:
    from kg.graph.passages import Piece
    from kg.query.explain.values import Explanation, Section

_WIDTH = 80


@click.command(epilog="Exit status: 0 success, even if nothing connects the two; 1 not a build, 2 wrong use.")
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("a")
@click.argument("b")
@click.option(
    "--limit", type=click.IntRange(min=1), default=5, show_default=True, help="Maximum number of reasons of each kind."
)
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@click.option("--output", type=click.Path(path_type=Path), help="Write an HTML page instead.")
def explain(out: Path, a: str, b: str, limit: int, as_json: bool, output: Path | None) -> None:
    """Explain why two articles or concepts are connected, with the sentences that prove it.

    A and B are articles (url or title) or concepts (any label or slug), one of each or two of one kind; IRIs work for
    both. For two articles it shows related links and shared concepts; for two concepts, their places in the hierarchy
    and the articles that mention both; for an article and a concept, the passages that mention the concept.

    \b
    Examples:
      kg explain exports/my-articles "data drift" "concept drift"
      kg explain exports/my-articles /learn/what-is-drift "data drift"
      kg explain exports/my-articles /learn/what-is-drift /learn/what-is-skew --output why.html
    """
    from kg.base.iris import Minter
    from kg.base.report import read_report
    from kg.graph.index import GraphIndex
    from kg.query.explain import explain as explain_graph

    report = read_report(out)
    minter, site = Minter(report.configuration["base"]), report.site
    found = explain_graph(GraphIndex.open(out / "tables", minter), a, b, limit, site)
    if output is not None:
        from kg.query.explain.page import render_page

        if output.is_dir():
            raise UsageError(f"{output} is a folder: give --output the name of a file")
        output.write_text(render_page(found, report.title), encoding="utf-8", newline="\n")
        echo(found.summary, f"  open {output}")
    elif as_json:
        echo_json(found.to_dict())
    else:
        coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        echo(*_lines(found, coloured), styled=coloured)


def _lines(found: Explanation, coloured: bool) -> Iterator[str]:
    for letter, end in found.ends.items():
        yield from _wrapped(f"{end.label} ({end.kind})", "   ", first=f"{letter}  ")
    yield ""
    yield from _wrapped(found.summary, "")
    for note in found.notes:
        yield from _wrapped(f"({note})", "")
    for section in found.sections:
        yield ""
        yield from _section(found, section, coloured)


def _section(found: Explanation, section: Section, coloured: bool) -> Iterator[str]:
    title = section.title
    yield click.style(title, bold=True) if coloured else title
    for number, finding in enumerate(section.findings, start=1):
        yield ""
        yield from _wrapped(f"{number}. {finding.says}", "   ", first="")
        if numbers := finding.measures:
            yield from _wrapped(numbers, "   ")
        for quote in finding.quotes:
            origin = found.origin(finding, quote)
            letter = origin if origin in found.ends else " "
            yield from _marked(quote.pieces, f" {letter} | ", "   | ", coloured)
            if len(origin) > 1:
                yield from _wrapped(f"in {origin}", "     ", first="   - ")
    if section.total > len(section.findings):
        yield ""
        yield f"and {section.total - len(section.findings):,} more: give --limit"


def _marked(pieces: Sequence[Piece], first: str, indent: str, coloured: bool) -> Iterator[str]:
    """Yield a quoted sentence as lines, wrapped to `_WIDTH` columns.

    The first line begins with `first`, and every other line with `indent`. Marked words are bold if `coloured` is true;
    otherwise they are between « and ».
    """
    words: list[tuple[str, str]] = []
    glued = False
    for piece in pieces:
        text = printable(piece.text)
        shown = text.split() if coloured or not piece.marked else f"«{text}»".split()
        for position, word in enumerate(shown):
            styled = click.style(word, bold=True) if coloured and piece.marked else word
            if words and position == 0 and glued and not text[:1].isspace():
                words[-1] = (words[-1][0] + word, words[-1][1] + styled)
            else:
                words.append((word, styled))
        glued = not text[-1:].isspace()
    line: list[str] = []
    width = len(indent)
    for word, styled in words:
        if line and width + len(word) > _WIDTH:
            yield first + " ".join(line)
            first, line, width = indent, [], len(indent)
        line.append(styled)
        width += len(word) + 1
    yield first + " ".join(line)


def _wrapped(text: str, indent: str, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        " ".join(printable(text).split()),
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
