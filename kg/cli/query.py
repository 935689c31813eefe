"""The command `kg query`: query a build."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

import click

from kg.base.errors import UsageError
from kg.base.plural import counted
from kg.base.terminal_text import printable
from kg.cli.console import echo, printed
from kg.query.limits import MAX_ROWS, TIMEOUT

if TYPE_CHECKING:
    from kg.query.store import Queryable, Result

_NUMBER = re.compile(r"-?\d*\.?\d*")
_FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld", "rdfxml")
_MAX_TABLE_ROWS = 10_000


class _Pair(click.ParamType[tuple[str, str]]):
    name = "key=value"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        key, mark, rest = str(value).partition("=")
        if not mark or not key:
            self.fail(f'"{value}" is not of the form key=value', param, ctx)
        return key, rest


@click.command(
    epilog="Run it with --list to see the named queries. "
    "Exit status: 0 success, 1 not a build, 2 wrong use, 3 stopped at a limit."
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
    default=TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="Stop the query after this time; 0: never.",
)
@click.option(
    "--max-rows",
    type=click.IntRange(0),
    default=MAX_ROWS,
    show_default=True,
    help="Stop the query after this number of rows or triples; 0: never.",
)
@click.option("--print", "print_", is_flag=True, help="Print the text of the named query, in SPARQL 1.1, and stop.")
@click.option("--list", "list_", is_flag=True, help="List the named queries and their parameters.")
def query(
    out: Path,
    sparql: str | None,
    name: str | None,
    params: tuple[tuple[str, str], ...],
    file: Path | None,
    format_: str | None,
    timeout: float,
    max_rows: int,
    print_: bool,
    list_: bool,
) -> None:
    """Query a build, in SPARQL or by the name of a query.

    The prefixes kg, schema, skos, dcterms, oa, prov, rdf, rdfs and xsd need no declaration. IRIs can be relative to the
    base IRI of the build, such as <concept/data-drift>, as the answers show them.

    \b
    Examples:
      kg query exports/my-articles --name top-concepts
      kg query exports/my-articles --name concept-articles --param concept="data drift"
      kg query exports/my-articles "SELECT ?label { ?c a skos:Concept ; skos:prefLabel ?label } LIMIT 5"
      kg query exports/my-articles --name article-concepts --format csv > concepts.csv
      kg query exports/my-articles --name concept-card --param concept=drift --print > card.rq
    """
    if list_:
        _list()
        return
    given = [what for what in (sparql, name, file) if what is not None]
    if len(given) != 1:
        raise UsageError("give one of: a SPARQL query, --name NAME (see kg query OUT --list), or --file FILE")
    if params and name is None:
        raise UsageError("--param needs --name: write the values into a query of your own")
    if print_ and name is None:
        raise UsageError("--print needs --name: it prints the text of a named query")

    from kg.graph.index import GraphIndex
    from kg.query.named import fill, load_query, run_named
    from kg.query.process import QueryRunner

    graph = QueryRunner.open(out, timeout or None, max_rows or None)
    if name is None:
        with _notes():
            result = graph.run(sparql if sparql is not None else _read(file))
    else:
        query = load_query(name)
        index = GraphIndex.open(out / "tables", graph.minter)
        if print_:
            echo(*fill(index, query, dict(params)).splitlines())
            return
        result = run_named(graph, index, query, dict(params))
    _show(result, graph, format_)


@contextmanager
def _notes() -> Iterator[None]:
    """Print the warnings on terms of a query that the graph does not have, each on a line."""
    from kg.base.errors import QueryWarning

    with catch_warnings(record=True) as caught:
        simplefilter("always", QueryWarning)
        yield
    for warning in caught:
        if issubclass(warning.category, QueryWarning):
            echo(f"note: {printable(str(warning.message))}", err=True)


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
        raise UsageError("triples cannot be shown as a table: choose --format ttl, nt, jsonld or rdfxml")


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    remaining = iter(rows)
    shown = [[printable(cell) for cell in row] for row in islice(remaining, _MAX_TABLE_ROWS)]
    is_cut = next(remaining, None) is not None
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
    count = counted(len(shown), "row") if shown else "no rows"
    echo(f"the first {count}; --format csv prints all of them" if is_cut else count, err=True)
