"""kg check"""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.console import ProgressBar, echo, echo_json, problem_line


@click.command(epilog="Exit status: 0 no error (there may be warnings), 1 an error, 2 wrong use.")
@click.argument("articles", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="A kg.toml. [default: in ARTICLES or beside it]")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes. [default: one a core]")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_context
def check(ctx: click.Context, articles: Path, config: Path | None, jobs: int | None, as_json: bool) -> None:
    """List the problems of a folder of articles, without building anything.

    Prints every problem as file:line: severity: message. An error means that some content of an article cannot be read:
    broken YAML, a field of a wrong type, two articles with one url. A warning is, for example, a link to an article
    that does not exist.

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
        for problem in problems:
            echo(problem_line(problem, articles))
        echo(f"{errors:,} errors, {len(problems) - errors:,} warnings", err=True)
    ctx.exit(1 if errors else 0)
