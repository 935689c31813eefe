"""The command `kg validate`: check a build."""

from __future__ import annotations

import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.base.plural import counted
from kg.base.terminal_text import printable
from kg.cli.console import ProgressBar, echo, echo_json

if TYPE_CHECKING:
    from kg.validate.outcome import Broken, Offender, Validation


@click.command(epilog="Exit status: 0 no violation (there may be warnings), 1 a violation or not a build, 2 wrong use.")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--all", "everything", is_flag=True, help="Check the shapes over all nodes, not over a sample of every kind."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def validate(ctx: click.Context, out: Path, everything: bool, as_json: bool) -> None:
    """Check that a build is complete and consistent.

    Reads every triple, and checks that the three files of the graph and the store agree, that the conditions of SKOS
    hold, that every quote is in the text at the position of its evidence, that counts, sizes and checksums are right,
    and that every node is described. The shapes (SHACL) are checked for a sample of nodes of every kind, or for all
    nodes with --all.

    \b
    Examples:
      kg validate exports/my-articles
      kg validate exports/my-articles --all --json
    """
    from kg.validate.run import validate as validate_build

    bar = ProgressBar()
    try:
        found = validate_build(out, everything=everything, progress=bar)
    finally:
        bar.close()
    if as_json:
        echo_json(found)
    else:
        _say(found, out)
    ctx.exit(1 if found.count("violation") else 0)


def _say(found: Validation, out: Path) -> None:
    for broken in found.findings:
        _rule(broken, out)
    for what, count in found.checked.items():
        echo(f"{count:>11,} {what}")
    for what in found.left_out:
        echo(f"{'not checked':>11} {what}")
    echo(
        f"{out}: {counted(found.count('violation'), 'violation')}, "
        f"{counted(found.count('warning'), 'warning')}, {found.count('info'):,} info"
    )


def _rule(broken: Broken, out: Path) -> None:
    _paragraph(f"{broken.severity.upper()} {broken.rule} ({broken.count:,}): {broken.says}.", "", "    ")
    for offender in broken.examples:
        _paragraph(f"{_place(offender, out)}{offender.message}", "  ", "      ")
    if broken.count > len(broken.examples):
        echo(f"  ... and {broken.count - len(broken.examples):,} more")
    _paragraph(broken.remedy, "  -> ", "     ")
    echo("")


def _place(offender: Offender, out: Path) -> str:
    if offender.file is None:
        return ""
    return f"{out / offender.file}:{offender.line}: " if offender.line else f"{out / offender.file}: "


def _paragraph(text: str, first: str, others: str) -> None:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    shown = printable(" ".join(text.split()))
    lines = textwrap.wrap(shown, width, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
    echo(*lines)
