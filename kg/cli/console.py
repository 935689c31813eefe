"""Console output of the commands: lines of text, JSON, problems, and a progress bar.

Commands print with `echo` and `echo_json` only. Their output contains texts of articles, which may come from anybody.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

import click

from kg.base.errors import MachineError
from kg.base.model import Problem, Severity, said_once
from kg.base.plural import counted
from kg.base.terminal_text import Bold, printable

PATIENCE: Final = 2.0
"""Number of seconds after which a progress bar appears. A faster command does not show one."""

_STYLE: Final = re.compile(r"(\x1b\[[0-9;]*m)")
# CI systems read commands from the output of a job. The commands begin like "::error::" (GitHub, only at the beginning
# of a line), "##[error]" (GitHub, Azure), "##vso[...]" (Azure) and "##teamcity[...]" (the last three anywhere in a
# line).
_COMMAND: Final = re.compile(rf"^(?:\s|{_STYLE.pattern})*:(?=:)|#(?=#\w*\[)")


def echo(*lines: str, err: bool = False, styled: bool = False) -> None:
    """Print each of `lines` as one line.

    A text in a line cannot forge another line, because its line breaks and other control characters are replaced. It
    cannot be a command to a CI system either, because a space is put into it.

    Args:
        lines: the lines, without line breaks at their ends.
        err: whether to print to stderr and not to stdout.
        styled: whether the lines contain styles from `click.style`, which are kept.
    """
    for line in lines:
        pieces = _STYLE.split(line) if styled else [line]
        pieces[::2] = map(printable, pieces[::2])
        shown = _COMMAND.sub(r"\g<0> ", "".join(pieces))
        if err:
            with reported():
                click.echo(shown, err=True, color=styled or None)
        else:
            with printed():
                click.echo(shown, color=styled or None)


@contextmanager
def printed() -> Iterator[None]:
    """Context for printing to stdout. Errors of printing become errors with a clear message.

    Raises:
        BrokenPipeError: the program that reads the output has closed the pipe.
        MachineError: stdout cannot be written for another reason, for example because the disk is full.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        discard(sys.stdout)
        raise MachineError(f"standard output could not be written: {error.strerror}") from error


@contextmanager
def reported() -> Iterator[None]:
    """Ignore errors of writing to stderr. A command does not fail because nobody reads its messages."""
    try:
        yield
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Redirect a stream to the null device, so that Python does not fail when it flushes the stream at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def bold() -> Bold | None:
    """Return what makes a text bold on stdout; None if stdout is no terminal, or NO_COLOR is set."""
    return partial(click.style, bold=True) if sys.stdout.isatty() and "NO_COLOR" not in os.environ else None


def echo_json(value: object) -> None:
    """Print `value` as JSON. Its texts cannot be commands to a CI system either: see `echo`."""
    import msgspec

    with printed():
        click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).replace(b"##", b"#\\u0023"))


def program_name() -> str:
    """Return the command to run kg again: "kg", or the path of the program if the shell does not find "kg"."""
    typed = Path(sys.argv[0])
    return shlex.quote(sys.argv[0]) if typed.name == "kg" and shutil.which("kg") is None else "kg"


def problem_line(problem: Problem, folder: Path) -> str:
    """Return a problem as `file:line: severity: message`, a format that editors recognise as a link to the line.

    `folder` is the articles folder. The path of an article in a problem is relative to this folder.
    """
    # a problem with the code "ambiguous-label" has the file of a vocabulary, whose path is not relative to `folder`
    is_article = problem.file != "kg.toml" and problem.code != "ambiguous-label"
    file = str(folder / problem.file) if is_article else problem.file
    return f"{file}:{problem.line or 1}: {problem.severity}: {problem.message}"


def problem_counts(problems: Sequence[Problem]) -> str:
    """Return the number of problems of each severity, as in "1 error, 2 warnings".

    Notes are listed only if there are any.
    """
    found = Counter(problem.severity for problem in problems)
    shown = [severity for severity in Severity if severity is not Severity.NOTE or found[severity]]
    return ", ".join(counted(found[severity], severity.value) for severity in shown)


def echo_problems(problems: Sequence[Problem], folder: Path, *, most: int) -> None:
    """Print at most `most` problems to stderr, then the number of the others. For `folder`, see `problem_line`.

    Many problems with the same message are one line.
    """
    lines = said_once(problems)
    for problem in lines[:most]:
        echo(problem_line(problem, folder), err=True)
    if len(lines) > most:
        echo(f"... and {len(lines) - most:,} more", err=True)


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
