"""The command `kg train`: train the concept ranker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.base.terminal_text import printable
from kg.cli.console import ProgressBar, echo, echo_json

if TYPE_CHECKING:
    from kg.training.train import Training

_WIDTH: Final = 48


@click.command(
    short_help="Train the concept ranker on articles with keywords.",
    epilog="Exit status: 0 the model was written, 1 too few articles have keywords, 2 wrong use.",
)
@click.argument("articles", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the model. [default: models/NAME of ARTICLES]")
@click.option("--config", type=click.Path(path_type=Path), help="A kg.toml. [default: in ARTICLES or beside it]")
@click.option(
    "--folds",
    type=click.Path(path_type=Path),
    help="Folder for the models behind the report, each trained without one subject.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes. [default: one a core]")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def train(
    articles: Path, out: Path | None, config: Path | None, folds: Path | None, jobs: int | None, as_json: bool
) -> None:
    """Fit the concept ranker to a folder of articles that have keywords.

    The ranker learns from the authors' keywords which terms of an article are concepts. Prints its scores on each
    subject for a model trained without that subject, and writes a model trained on all subjects. To build with it,
    name its folder in kg.toml:

    \b
      [concepts]
      model = "models/my-articles"

    A few thousand articles take half an hour.

    \b
    Examples:
      kg train my-articles
      kg train my-articles --out models/ours --json
    """
    from kg.training.train import train as train_model

    bar = ProgressBar()
    try:
        training = train_model(articles, out, config=config, folds=folds, jobs=jobs, progress=bar)
    finally:
        bar.close()
    if as_json:
        echo_json(training)
    else:
        _report(training)


def _report(training: Training) -> None:
    names = [_name(score.group) for score in training.scores]
    width = max(map(len, ("left out", *names)))
    echo(f"{'left out':{width}}  articles   F1@5  F1@10  F1@15")
    for name, score in zip(names, training.scores, strict=True):
        figures = "  ".join(f"{value:.3f}" for value in (score.f1_at_5, score.f1_at_10, score.f1_at_15))
        echo(f"{name:{width}}  {score.articles:8,}  {figures}")
    echo("")
    echo(f"{training.candidate_recall:.0%} of {training.keywords:,} keywords are among the candidates.")
    echo(
        f"The automatic cut keeps {training.concepts:.1f} concepts an article; "
        f"authors chose {training.precision:.0%} of them."
    )
    echo(f"Model in {training.model}, trained on {training.articles:,} articles in {training.seconds / 60:.0f} min.")


def _name(group: str) -> str:
    """Return the name of a subject on one line of at most `_WIDTH` characters, so that the scores fit beside it.

    The name of a subject may be any text, even a text with line breaks.
    """
    line = printable(" ".join(group.split()))
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
