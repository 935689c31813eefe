"""kg stats"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kg.cli.console import printable


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def stats(out: Path, as_json: bool) -> None:
    """Say what a build holds: counts, subjects, communities, top concepts, link health.

    \b
    Examples:
      kg stats exports/my-articles
      kg stats exports/my-articles --json
    """
    from kg.stats import statistics

    figures = statistics(out)
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(figures), indent=2))
        return
    click.echo(printable(figures.title))
    _table([(name.replace("_", " "), count) for name, count in figures.counts.items()])
    _section("Subjects, by articles", [(row.label, row.count) for row in figures.subjects])
    _section("Communities, by articles", [(row.label, row.count) for row in figures.communities])
    _section("Top concepts, by articles", [(row.label, row.count) for row in figures.top_concepts])
    _section("Missing articles, by links", [(row.label, row.count) for row in figures.missing_articles])
    _section("Problems", [(row.label, row.count) for row in figures.problems])


def _section(title: str, rows: list[tuple[str, int]]) -> None:
    if rows:
        click.echo(f"\n{title}")
        _table(rows)


def _table(rows: list[tuple[str, Any]]) -> None:
    for label, count in rows:
        click.echo(f"{count:>9,} {printable(label)}")
