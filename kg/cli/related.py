"""The command `kg related`: list the articles that are like an article."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from kg.base.terminal_text import wrapped
from kg.cli.console import echo, echo_json

_INDENT: Final = " " * 4


@click.command(
    short_help="List the articles that are most like an article.",
    epilog="Exit status: 0 success, even if no article is similar; 1 not a build, 2 wrong use.",
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("article")
@click.option(
    "--limit", type=click.IntRange(1, 10), default=5, show_default=True, help="Maximum number of similar articles."
)
@click.option("--json", "as_json", is_flag=True, help="Print the similar articles as JSON.")
def related(out: Path, article: str, limit: int, as_json: bool) -> None:
    """List the articles that are most like an article, with the concepts that they share.

    ARTICLE is a title, a url or an IRI. The links of articles do not count.

    \b
    Examples:
      kg related exports/my-articles "What is data drift?"
      kg related exports/my-articles /learn/what-is-drift --limit 10
    """
    from kg.base.iris import Minter
    from kg.base.report import read_report
    from kg.graph.index import GraphIndex
    from kg.query.related import related_articles

    minter = Minter(read_report(out).configuration["base"])
    index = GraphIndex.open(out / "tables", minter)
    asked = index.resolve_article(article)
    found = related_articles(index, asked, limit)
    if as_json:
        echo_json({"url": asked.key, "title": asked.label, "related": [similar.to_dict() for similar in found]})
        return
    if not found:
        echo(f'no article shares a concept with "{asked.label}"')
        return
    echo(*wrapped(f'Similar to "{asked.label}"'))
    for similar in found:
        echo("", *wrapped(index.distinct_label(similar.article), _INDENT, first=f"{similar.rank:>2}  "))
        linked = ", linked" if similar.is_linked else ""
        echo(*wrapped(f"{similar.score:.2f}{linked}; shares {', '.join(similar.concepts)}", _INDENT))
