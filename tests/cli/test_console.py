"""The progress bar, and lines that no text in them can forge."""

import io
import json
import re
import sys
from pathlib import Path

import click
import pytest

from kg.base.model import Problem, Severity
from kg.cli import console
from kg.cli.console import ProgressBar, echo, echo_json, echo_problems, printable, problem_counts, problem_line


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


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\u202e", "\u2066", "\udcff", "\x0b", "\x1d"])
def test_what_breaks_or_reverses_a_line_or_cannot_be_encoded_is_replaced(character: str) -> None:
    assert printable(f"a{character}b") == "a\ufffdb"


@pytest.mark.parametrize("character", ["\n", "\t", "\n\n\t"])
def test_a_line_break_is_a_space(character: str) -> None:
    assert printable(f"a{character}b") == "a b"


COMMANDS = ("::error::x", "  ::error file=a.md,line=1::x", "##[error]x", "##vso[task.setvariable]x", "##teamcity[x]")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("err", [True, False])
def test_no_line_is_a_command_to_a_ci_system(capsys: pytest.CaptureFixture[str], command: str, err: bool) -> None:
    echo(command, f"a\n{command}", f"a\r{command}\u2028{command}", f"a {command}", err=err)
    lines = capsys.readouterr()[err].splitlines()
    assert len(lines) == 4
    for line in lines:
        assert not line.lstrip().startswith("::")
        assert not re.search(r"##\w*\[", line)
        assert "error" in line or "x" in line


@pytest.mark.parametrize("line", ["a.md:3: error: wrong", "a::b", "# [a]", "## a", "C::D [x]", "a #[b]", ""])
def test_other_lines_stay_as_they_are(capsys: pytest.CaptureFixture[str], line: str) -> None:
    echo(line)
    assert capsys.readouterr().out == f"{line}\n"


def test_only_a_styled_line_has_styles(capsys: pytest.CaptureFixture[str]) -> None:
    bold = click.style("::a\nb", bold=True)
    echo(bold, styled=True)
    echo(bold)
    assert capsys.readouterr().out == "\x1b[1m: :a b\x1b[0m\n\ufffd[1m::a b\ufffd[0m\n"


def test_json_holds_no_command_either(capsys: pytest.CaptureFixture[str]) -> None:
    value = ["##vso[x]", "\n::error::x", "a##[b]", "###[", "\\##["]
    echo_json(value)
    shown = capsys.readouterr().out
    assert json.loads(shown) == value
    assert not re.search(r"##\w*\[|^\s*::", shown, re.MULTILINE)


def test_no_other_module_of_the_commands_prints() -> None:
    others = [path for path in Path(console.__file__).parent.glob("*.py") if path.name != "console.py"]
    assert len(others) > 8
    for path in others:
        assert not re.search(r"click\.s?echo|(?<![.\w])print\(", path.read_text()), path


def test_only_so_many_problems_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    echo_problems([problem(str(number)) for number in range(1500)], Path(), most=2)
    assert capsys.readouterr().err.splitlines() == ["a.md:3: error: 0", "a.md:3: error: 1", "... and 1,498 more"]


def test_problems_are_counted_by_severity() -> None:
    assert problem_counts([]) == "0 errors, 0 warnings"
    found = [Problem(severity, "code", "a.md", 1, None, "said") for severity in Severity]
    assert problem_counts([*found, *found[1:]]) == "1 error, 2 warnings, 2 notes"
