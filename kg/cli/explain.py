"""The command `kg explain`: explain a connection in a graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.base.errors import UsageError
from kg.cli.console import echo, echo_json
from kg.cli.wrapping import is_coloured, marked, wrapped

if TYPE_CHECKING:
    from kg.query.explain.values import Explanation, Section


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
        coloured = is_coloured()
        echo(*_lines(found, coloured), styled=coloured)


def _lines(found: Explanation, coloured: bool) -> Iterator[str]:
    for letter, end in found.ends.items():
        yield from wrapped(f"{end.label} ({end.kind})", "   ", first=f"{letter}  ")
    yield ""
    yield from wrapped(found.summary, "")
    for note in found.notes:
        yield from wrapped(f"({note})", "")
    for section in found.sections:
        yield ""
        yield from _section(found, section, coloured)


def _section(found: Explanation, section: Section, coloured: bool) -> Iterator[str]:
    title = section.title
    yield click.style(title, bold=True) if coloured else title
    for number, finding in enumerate(section.findings, start=1):
        yield ""
        yield from wrapped(f"{number}. {finding.says}", "   ", first="")
        if numbers := finding.measures:
            yield from wrapped(numbers, "   ")
        for quote in finding.quotes:
            origin = found.origin(finding, quote)
            letter = origin if origin in found.ends else " "
            yield from marked(quote.pieces, f" {letter} | ", "   | ", coloured)
            if len(origin) > 1:
                yield from wrapped(f"in {origin}", "     ", first="   - ")
    if section.total > len(section.findings):
        yield ""
        yield f"and {section.total - len(section.findings):,} more: give --limit"
