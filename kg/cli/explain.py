"""The command `kg explain`: explain a connection in a graph."""

from __future__ import annotations

from pathlib import Path

import click

from kg.base.errors import UsageError
from kg.cli.console import bold, echo, echo_json


@click.command(
    short_help="Explain why two articles or concepts are connected.",
    epilog="Exit status: 0 success, even if nothing connects the two; 1 not a build, 2 wrong use.",
)
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
    and the articles that mention both; for an article and a concept, the passages that mention the concept. For all, it
    shows the three best paths of at most six steps over links, mentions and relations of concepts.

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
    from kg.query.explain.text import explanation_lines

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
        style = bold()
        echo(*explanation_lines(found, style), styled=style is not None)
