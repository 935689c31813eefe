"""The command `kg init`: write a kg.toml for a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.console import echo, echo_problems, program_name

if TYPE_CHECKING:
    from kg.base.model import ParsedArticle
    from kg.inspect.init import Guess


@click.command(
    short_help="Write a kg.toml for a folder of articles.",
    epilog="Exit status: 0 kg.toml was written, 1 it was, but kg failed on a file, 2 wrong use or a kg.toml exists.",
)
@click.argument("articles", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace an existing kg.toml.")
@click.pass_context
def init(ctx: click.Context, articles: Path, force: bool) -> None:
    """Examine a folder of articles and write a kg.toml that tells how to read it.

    Guesses which tool the folder is written for (such as Obsidian or Hugo) and what its front-matter fields
    mean, gives the reasons, and shows five articles as they would be read.

    \b
    Examples:
      kg init my-articles
      kg init my-articles --force      guess again
    """
    from kg.base.config import find_config
    from kg.inspect.init import write_guess

    before = find_config(articles)
    guess, path = write_guess(articles, force=force)
    echo_problems(guess.failures, articles, most=len(guess.failures))
    echo(*_report(guess, articles), "", f"Wrote {path}")
    if before is not None and before != path:
        echo(f"{before} is not read any more, since the one in the folder takes precedence")
    program = program_name()
    echo("", "Next:", f"  {program} check {articles}", f"  {program} build {articles}")
    ctx.exit(1 if guess.failures else 0)


def _report(guess: Guess, articles: Path) -> Iterator[str]:
    from kg.inspect.init import said

    yield f"{articles} is {guess.dialect.title}: {guess.reason}"
    yield f"{guess.files:,} files" + (f", {guess.looked_at:,} of them looked at" * (guess.looked_at < guess.files))
    yield ""
    for field in guess.fields:
        yield f"{field.role + ':':12} {said(field, guess.looked_at)}"
    if not guess.fields:
        yield "no file has front matter: titles come from headings or file names, subjects from folders"
    if guess.preview:
        yield ""
        yield "As they will be read:"
    for article in guess.preview:
        yield ""
        yield from _preview(article)


def _preview(article: ParsedArticle) -> Iterator[str]:
    yield f"  {article.title}"
    yield f"    url       {article.url}"
    yield f"    subject   {article.subject or '-'}"
    yield f"    date      {article.date or '-'}"
    yield f"    keywords  {', '.join(article.keywords[:8]) or '-'}"
    first = next(iter(article.links), None)
    yield f"    links     {len(article.links)}" + (f", first to {first.url or first.title}" if first else "")
