"""The progress bar and problems as lines."""

import io
import sys
from pathlib import Path

import pytest

from kg.base.model import Problem, Severity
from kg.cli import console
from kg.cli.console import ProgressBar, echo_problems, printable, problem_counts, problem_line


class Terminal(io.StringIO):
    """A stderr that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def progress(stderr: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, patience: float) -> str:
    """What a bar writes to `stderr` about a stage of ten articles."""
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr(console, "PATIENCE", patience)
    monkeypatch.setenv("TERM", "xterm")
    bar = ProgressBar()
    for done in (0, 3, 10):
        bar("read and tag", done, 10)
    bar("publish", 0, 0)
    bar.close()
    return stderr.getvalue()


def test_a_long_build_on_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = progress(Terminal(), monkeypatch, patience=0)
    assert "publish" in shown
    assert shown.endswith("\x1b[2K")  # the line is wiped in the end


def test_a_short_build_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress(Terminal(), monkeypatch, patience=3600) == ""


def test_a_pipe_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress(io.StringIO(), monkeypatch, patience=0) == ""


def problem(message: str, line: int | None = 3) -> Problem:
    return Problem(Severity.ERROR, "code", "a.md", line, None, message)


def test_a_problem_is_a_line_that_editors_jump_to() -> None:
    assert problem_line(problem("wrong"), Path("articles")) == "articles/a.md:3: error: wrong"
    assert problem_line(problem("wrong", None), Path("articles")) == "articles/a.md:1: error: wrong"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\r", "\x7f", "\x9b"])
def test_control_characters_are_replaced(character: str) -> None:
    assert printable(f"a{character}b") == "a\ufffdb"
    assert problem_line(problem(f"a{character}b"), Path()) == "a.md:3: error: a\ufffdb"


def test_only_so_many_problems_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    echo_problems([problem(str(number)) for number in range(1500)], Path(), most=2)
    assert capsys.readouterr().err.splitlines() == ["a.md:3: error: 0", "a.md:3: error: 1", "... and 1,498 more"]


def test_problems_are_counted_by_severity() -> None:
    assert problem_counts([]) == "0 errors, 0 warnings"
    found = [Problem(severity, "code", "a.md", 1, None, "said") for severity in Severity]
    assert problem_counts([*found, *found[1:]]) == "1 error, 2 warnings, 2 notes"
