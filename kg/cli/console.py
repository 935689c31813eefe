"""Output on the console that several commands use: a progress bar, and problems as lines of text."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from kg.base.model import Problem, Severity, said_once
from kg.base.plural import counted

PATIENCE: Final = 2.0
"""Number of seconds after which a progress bar appears. A command that is faster shows none."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Return `text` with each control character, except tabs and line feeds, replaced by U+FFFD.

    On a terminal, control characters could move the cursor or change colours, for example.
    """
    return _CONTROL.sub("\ufffd", text)


def program_name() -> str:
    """Return what a user can type to run kg again: "kg", or the path of the program if the shell does not find "kg"."""
    typed = Path(sys.argv[0])
    return shlex.quote(sys.argv[0]) if typed.name == "kg" and shutil.which("kg") is None else "kg"


def problem_line(problem: Problem, folder: Path) -> str:
    """Return a problem as `file:line: severity: message`, a form from which editors can open the file at the line.

    `folder` is the articles folder. The path of an article in a problem is relative to this folder.
    """
    # a problem with the code "ambiguous-label" has the file of a vocabulary, whose path is not relative to `folder`
    is_article = problem.file != "kg.toml" and problem.code != "ambiguous-label"
    file = str(folder / problem.file) if is_article else problem.file
    if file.startswith((":", "#")):  # a line must not look like a command to a CI system
        file = f"./{file}"
    return printable(f"{file}:{problem.line or 1}: {problem.severity}: {problem.message}")


def problem_counts(problems: Sequence[Problem]) -> str:
    """Return how many problems there are of each severity, as "1 error, 2 warnings"; notes only if there are any."""
    found = Counter(problem.severity for problem in problems)
    shown = [severity for severity in Severity if severity is not Severity.NOTE or found[severity]]
    return ", ".join(counted(found[severity], severity.value) for severity in shown)


def echo_problems(problems: Sequence[Problem], folder: Path, *, most: int) -> None:
    """Print at most `most` problems to stderr, and then how many more there are; for `folder`, see `problem_line`.

    Many problems with the same message are one line.
    """
    lines = said_once(problems)
    for problem in lines[:most]:
        click.echo(problem_line(problem, folder), err=True)
    if len(lines) > most:
        click.echo(f"... and {len(lines) - most:,} more", err=True)


class ProgressBar:
    """A progress bar on stderr. It appears only if stderr is a terminal, and only after `PATIENCE` seconds."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show the name of a stage, the amount of work done in it, and the total amount (0 if it is not known)."""
        if not sys.stderr.isatty() or time.monotonic() - self._start < PATIENCE:
            return
        if self._bar is None:
            self._open()
        self._bar.update(self._task, description=stage, completed=done, total=total or None)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:17}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)
        self._bar.start()

    def close(self) -> None:
        """Remove the progress bar from the terminal."""
        if self._bar is not None:
            self._bar.stop()
