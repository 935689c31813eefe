"""The command `kg check`: list the problems of articles."""

from __future__ import annotations

from pathlib import Path

import click

from kg.base.model import said_once
from kg.cli.console import ProgressBar, echo, echo_json, problem_counts, problem_line


@click.command(
    short_help="List the problems of a folder of articles.",
    epilog="Exit status: 0 no error (there may be warnings and notes), 1 an error, 2 wrong use.",
)
@click.argument("articles", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="A kg.toml. [default: in ARTICLES or beside it]")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes. [default: one a core]")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_context
def check(ctx: click.Context, articles: Path, config: Path | None, jobs: int | None, as_json: bool) -> None:
    """List the problems of a folder of articles, without building anything.

    Prints every problem as file:line: severity: message; many problems with the same message are one line. An error
    means that nothing can be read of a file, for example because it is not UTF-8, or because another article has its
    url. A warning means that something looks wrong, such as broken YAML or a link to an article that does not exist;
    everything that can be read is used. A note means that nothing looks wrong, but something is not read or is handled
    in a special way.

    \b
    Examples:
      kg check my-articles
      kg check my-articles --json
    """
    from kg.inspect.check import check as check_articles

    bar = ProgressBar()
    try:
        problems = check_articles(articles, config=config, jobs=jobs, progress=bar)
    finally:
        bar.close()
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        echo_json(problems)
    else:
        for problem in said_once(problems):
            echo(problem_line(problem, articles))
        echo(problem_counts(problems), err=True)
    ctx.exit(1 if errors else 0)
