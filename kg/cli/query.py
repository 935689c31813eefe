"""The command `kg query`: query a build."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.base.errors import UsageError
from kg.base.plural import counted
from kg.cli.console import echo, printable, printed

if TYPE_CHECKING:
    from kg.query.store import Queryable, Result

_NUMBER = re.compile(r"-?\d*\.?\d*")
_FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "nt")


class _Pair(click.ParamType[tuple[str, str]]):
    name = "key=value"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        key, mark, rest = str(value).partition("=")
        if not mark or not key:
            self.fail(f'"{value}" is not of the form key=value', param, ctx)
        return key, rest


@click.command(
    epilog="Run it with --list to see the named queries. "
    "Exit status: 0 success, 1 not a build, 2 wrong use, 3 stopped at the deadline."
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("sparql", required=False)
@click.option("--name", help="A named query.")
@click.option("--param", "params", type=_Pair(), multiple=True, help="A named query's parameter; may be repeated.")
@click.option("--file", "file", type=click.Path(path_type=Path), help="A file with a SPARQL query.")
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="[default: table, or ttl for triples]")
@click.option(
    "--timeout",
    type=click.FloatRange(0),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Stop the query after this time; 0: never.",
)
@click.option("--list", "list_", is_flag=True, help="List the named queries and their parameters.")
def query(
    out: Path,
    sparql: str | None,
    name: str | None,
    params: tuple[tuple[str, str], ...],
    file: Path | None,
    format_: str | None,
    timeout: float,
    list_: bool,
) -> None:
    """Query a build, in SPARQL or by the name of a query.

    The prefixes kg, schema, skos, dcterms, oa, prov, rdf, rdfs and xsd need no declaration.

    \b
    Examples:
      kg query exports/my-articles --name top-concepts
      kg query exports/my-articles --name concept-articles --param concept="data drift"
      kg query exports/my-articles "SELECT ?label { ?c a skos:Concept ; skos:prefLabel ?label } LIMIT 5"
      kg query exports/my-articles --name article-concepts --format csv > concepts.csv
    """
    if list_:
        _list()
        return
    given = [what for what in (sparql, name, file) if what is not None]
    if len(given) != 1:
        raise UsageError("give one of: a SPARQL query, --name NAME (see kg query OUT --list), or --file FILE")
    if params and name is None:
        raise UsageError("--param needs --name: write the values into a query of your own")

    from kg.graph.index import GraphIndex
    from kg.query.named import load_query, run_named
    from kg.query.process import QueryRunner

    graph = QueryRunner.open(out, timeout or None)
    if name is not None:
        query = load_query(name)
        index = GraphIndex.open(out / "tables", graph.minter)
        result: Result = run_named(graph, index, query, dict(params))
    else:
        result = graph.run(sparql if sparql is not None else _read(file))
    _show(result, graph, format_)


def _read(file: Path | None) -> str:
    assert file is not None
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({error})") from error


def _list() -> None:
    from kg.query.named import list_queries

    for named in list_queries():
        echo(named.name, f"    {named.description}")
        for parameter in named.parameters:
            need = "required" if parameter.default is None else f"default {parameter.default}"
            echo(f"    --param {parameter.name}=...  {parameter.description} ({need})")


def _show(result: Result, graph: Queryable, format_: str | None) -> None:
    from kg.query.formats import Format, rows_as_text, write_result
    from kg.query.store import Solutions

    if format_ is None and not isinstance(result, Solutions | bool):
        format_ = "ttl"
    if format_ not in {None, "table"}:
        with printed():
            write_result(result, Format(format_), sys.stdout.buffer)
    elif isinstance(result, bool):
        echo("yes" if result else "no")
    elif isinstance(result, Solutions):
        _table(*rows_as_text(result, graph.minter.base))
    else:
        raise UsageError("triples cannot be shown as a table: choose --format ttl or nt")


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = [[printable(cell) for cell in row] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(columns):
        numeric = all(_NUMBER.fullmatch(row[index]) for row in shown)
        table.add_column(name, justify="right" if numeric else "left")
    for row in shown:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    if shown:
        console = Console()
        with console.capture() as capture:  # rich would end the process by itself if the pipe is closed
            console.print(table)
        echo(*capture.get().rstrip("\n").split("\n"), styled=True)
    echo(counted(len(shown), "row") if shown else "no rows", err=True)
