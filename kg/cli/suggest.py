"""The command `kg suggest`: list what the authors of the articles could improve."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from kg.base.terminal_text import printable, wrapped
from kg.cli.console import echo, echo_json

if TYPE_CHECKING:
    from kg.graph.index import GraphIndex
    from kg.query.suggest import Suggestion, Suggestions

_INDENT: Final = " " * 4
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&-])")


@click.command(
    short_help="Suggest links and definitions that are missing.",
    epilog="Exit status: 0 success, 1 not a build, 2 wrong use.",
)
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md"]),
    default="text",
    show_default=True,
    help="Text for a terminal, JSON, or a list in Markdown with boxes to tick.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Maximum number of suggestions of each kind.",
)
def suggest(out: Path, form: Literal["text", "json", "md"], limit: int) -> None:
    """Suggest improvements of the articles, with reasons; the best suggestions come first.

    There are four kinds: missing links between similar articles, articles to which no article links, concepts that
    many articles mention and none defines, and articles that are nearly the same.

    \b
    Examples:
      kg suggest exports/my-articles
      kg suggest exports/my-articles --limit 100 --format md
    """
    from kg.base.iris import Minter
    from kg.base.report import read_report
    from kg.graph.index import GraphIndex
    from kg.query.suggest import suggest as suggestions_for

    report = read_report(out)
    index = GraphIndex.open(out / "tables", Minter(report.configuration["base"]))
    found = suggestions_for(index, limit)
    match form:
        case "json":
            echo_json([suggestions.to_dict() for suggestions in found])
        case "md":
            echo(f"# Suggestions for {_escaped(report.title)}", *_markdown(found, index))
        case "text":
            lines = [line for suggestions in found for line in _text(suggestions, index)]
            echo(*(lines[1:] or ["nothing to suggest"]))


def _text(found: Suggestions, index: GraphIndex) -> Iterator[str]:
    if found.best:
        yield ""
        yield _heading(found)
    for number, suggestion in enumerate(found.best, start=1):
        yield ""
        first, *others = _names(suggestion, index)
        yield from wrapped(first, _INDENT, first=f"{number:>2}  ")
        for other in others:
            yield from wrapped(f"-> {other}", _INDENT)
        yield from wrapped(suggestion.reason, _INDENT)


def _markdown(found: Sequence[Suggestions], index: GraphIndex) -> Iterator[str]:
    for suggestions in found:
        if suggestions.best:
            yield ""
            yield f"## {_heading(suggestions)}"
            yield ""
            yield from (_item(suggestion, index) for suggestion in suggestions.best)


def _item(suggestion: Suggestion, index: GraphIndex) -> str:
    """Return a suggestion as an item of a list of tasks; the titles are escaped, since they may contain Markdown."""
    shown = " → ".join(f"**{_escaped(name)}**" for name in _names(suggestion, index))
    return f"- [ ] {shown}: {_escaped(suggestion.reason)}"


def _names(suggestion: Suggestion, index: GraphIndex) -> list[str]:
    """Return the titles or the label to show; a title that several articles have comes with the url."""
    ends = [suggestion.node, suggestion.other] if suggestion.is_pair else [suggestion.node]
    return [index.distinct_label(end) for end in ends if end is not None]


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", printable(text))


def _heading(found: Suggestions) -> str:
    return f"{found.title} ({len(found.best):,} of {found.total:,})"
