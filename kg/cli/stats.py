"""The command `kg stats`: print statistics of a build."""

from __future__ import annotations

import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.base.terminal_text import printable
from kg.cli.console import echo, echo_json

if TYPE_CHECKING:
    from kg.inspect.stats import Central, Row

_INDENT: Final = " " * 10


@click.command(short_help="Print statistics of a build.")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def stats(out: Path, as_json: bool) -> None:
    """Print statistics of a build: counts, subjects, communities, top concepts, centrality, link health.

    \b
    Examples:
      kg stats exports/my-articles
      kg stats exports/my-articles --json
    """
    from kg.inspect.stats import statistics

    figures = statistics(out)
    if as_json:
        echo_json(figures)
        return
    echo(figures.title)
    _table([(name.replace("_", " "), f"{count:,}") for name, count in figures.counts.items()])
    _counts("Subjects, by articles", figures.subjects)
    _counts("Communities, by articles", figures.communities)
    _counts("Top concepts, by articles", figures.top_concepts)
    _central("Most central articles (PageRank; 1 is the mean of articles and concepts)", figures.central_articles)
    _central("Most central concepts", figures.central_concepts)
    _counts("Missing articles, by links", figures.missing_articles)
    _counts("Problems", figures.problems)


def _counts(title: str, rows: list[Row]) -> None:
    _section(title, [(row.label, f"{row.count:,}") for row in rows])


def _central(title: str, rows: list[Central]) -> None:
    _section(title, [(row.label, f"{row.centrality:,.1f}") for row in rows])


def _section(title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        echo("", title)
        _table(rows)


def _table(rows: list[tuple[str, str]]) -> None:
    """Print a line for each row, which is a pair of a label and a number.

    On a terminal, a long label is wrapped, and its second and later lines are indented.
    """
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    for label, figure in rows:
        first = f"{figure:>9} "
        echo(*textwrap.wrap(printable(label), width, initial_indent=first, subsequent_indent=_INDENT) or [first])
