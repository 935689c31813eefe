"""The command `kg search`: search for articles and concepts by words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.base.terminal_text import Bold, marked, wrapped
from kg.cli.console import bold, echo, echo_json

if TYPE_CHECKING:
    from kg.query.search.values import Answer


@click.command(
    short_help="Search for articles and concepts by words.",
    epilog="Exit status: 0 success, even if nothing is found; 1 not a build, or a damaged one; 2 wrong use.",
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(["article", "concept"]), help="Search only for articles, or for concepts.")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="Maximum number of hits.")
@click.option("--json", "as_json", is_flag=True, help="Print the hits as JSON.")
def search(out: Path, words: tuple[str, ...], kind: str | None, limit: int, as_json: bool) -> None:
    """Search for articles and concepts, best first, each with a sentence that shows why.

    WORDS are compared with titles, texts and all labels, in any order and by their stems. A misspelt word is corrected,
    and the last word may be the beginning of a word. If WORDS name a concept, its articles come by salience. Quotes and
    operators have no meaning. The number at the end of a hit is its score, from 0 to 1.

    \b
    Examples:
      kg search exports/my-articles data drift
      kg search exports/my-articles "modle registry" --kind article --limit 3
      kg search exports/my-articles ML --kind concept --json
    """
    from kg.base.iris import Minter
    from kg.base.report import read_report
    from kg.graph.index import GraphIndex
    from kg.graph.rows import FocusKind
    from kg.query.search import KINDS, SearchIndex

    report = read_report(out)
    index = GraphIndex.open(out / "tables", Minter(report.configuration["base"]))
    kinds = KINDS if kind is None else (FocusKind(kind),)
    found = SearchIndex(index, out).search(" ".join(words), kinds, limit)
    if as_json:
        echo_json(found.to_dict())
    else:
        style = bold()
        echo(*_lines(found, index.titles, style), styled=style is not None)


def _lines(found: Answer, titles: Mapping[str, str], style: Bold | None) -> Iterator[str]:
    notes = [f'searched for "{found.query}"'] if found.corrections else []
    if found.hits and found.unknown:
        notes.append(f"no text has {' or '.join(found.unknown)}")
    if notes:
        yield from wrapped(f"({'; '.join(notes)})", "")
        yield ""
    if not found.hits:
        near = " or ".join(f'"{name}"' for name in found.near)
        yield from wrapped(f"Nothing was found{f'; did you mean {near}?' if near else '.'}", "")
    for number, hit in enumerate(found.hits, start=1):
        if number > 1:
            yield ""
        yield from wrapped(f"{number}. {hit.label} ({hit.kind}, {hit.score:.2f})", "   ", first="")
        yield from wrapped(hit.key, "   ")
        if hit.pieces:
            yield from marked(hit.pieces, "   | ", "   | ", style)
        if hit.article is not None and hit.article != hit.key:
            yield from wrapped(f"in {titles[hit.article]}", "     ", first="   - ")
