"""The command `kg view`: make a page of a part of a graph."""

from __future__ import annotations

from pathlib import Path

import click

from kg.base.errors import UsageError
from kg.cli.console import echo

_OURS = '<meta name="generator" content="kg">'


@click.command(epilog="Exit status: 0 success, 1 not a build, 2 the focus was not found, or wrong use.")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--focus", required=True, help="An article, concept, subject or community: a label, a url or an IRI.")
@click.option(
    "--depth",
    type=click.IntRange(1, 9),
    default=1,
    show_default=True,
    help="Maximum distance from the focus, in edges.",
)
@click.option(
    "--max-nodes", type=click.IntRange(1, 300), default=300, show_default=True, help="Maximum number of nodes."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="File for the page. [default: named after the focus, in the current folder]",
)
def view(out: Path, focus: str, depth: int, max_nodes: int, output: Path | None) -> None:
    """Make a page that shows the neighbourhood of a node of the graph.

    The page opens in a browser without a network, and tells how many of the neighbouring nodes it shows. Pages of all
    subjects and of the communities are in OUT/pages already.

    \b
    Examples:
      kg view exports/my-articles --focus "technical debt"
      kg view exports/my-articles --focus "technical debt" --depth 2 --output debt.html
    """
    from kg.base.iris import Minter
    from kg.base.report import read_report
    from kg.base.tables import read_tables
    from kg.graph.index import GraphIndex
    from kg.graph.neighbourhood import neighbourhood
    from kg.render.graph_page import render_page
    from kg.render.subgraph_page import subgraph_page
    from kg.render.subject_pages import page_file

    report = read_report(out)
    tables, minter = read_tables(out / "tables"), Minter(report.configuration["base"])
    index = GraphIndex(tables, minter)
    found = index.resolve(focus)
    part = neighbourhood(tables, minter, found, depth, max_nodes)
    page = render_page(subgraph_page(index, part, report.site), about=report.title)
    target = output if output is not None else _free_name(page_file(found.label))
    if target.is_dir():
        raise UsageError(f"{target} is a folder: give --output the name of a file")
    target.write_text(page, encoding="utf-8", newline="\n")
    echo(
        f'The {found.kind} "{found.label}", {len(part.nodes):,} of {part.total:,} nodes, is shown in:',
        f"  open {target}",
    )


def _free_name(name: str) -> Path:
    path = Path(name)
    if path.is_file() and _OURS not in path.read_text("utf-8", errors="replace")[:2000]:
        raise UsageError(f"{path} exists already and is not a page of kg: give another name with --output")
    return path
