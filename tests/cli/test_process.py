"""What only a process of its own shows: what is imported, pipes, terminals."""

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, kg.cli; sys.argv = ['kg', '--help']\n"
        "try: kg.cli.main()\n"
        "finally: print(sorted({'spacy', 'numpy', 'pyarrow', 'pyoxigraph', 'rich', 'markdown_it'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("Usage: kg ")
    assert result.stdout.splitlines()[-1] == "[]"


def test_queries_and_figures_need_no_tagger(built: Path) -> None:
    program = f"import sys, kg.cli; sys.argv = ['kg', 'query', {str(built)!r}, 'ASK {{}}']\n"
    program += "try: kg.cli.main()\nfinally: print('spacy' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "yes\nFalse\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("query", "BUILT", "SELECT * { ?s ?p ?o }"),
        ("query", "BUILT", "SELECT * { ?s ?p ?o }", "--format", "json"),
        ("query", "BUILT", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"),
        ("query", "BUILT", "--list"),
        ("stats", "BUILT"),
        ("check", str(EXAMPLES / "training"), "--jobs", "1"),
    ],
)
def test_a_reader_that_has_enough_is_no_failure(built: Path, arguments: tuple[str, ...]) -> None:
    words = [str(built) if word == "BUILT" else word for word in arguments]
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen([sys.executable, "-m", "kg", *words], stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    _, errors = process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert "Broken pipe" not in errors
    assert "Exception" not in errors


@pytest.mark.parametrize(
    ("arguments", "status", "closed"),
    [
        *((("check", "BAD", "--jobs", "1"), 1, closed) for closed in ("stdout", "stderr", "both", "pipe")),
        *((("--help",), 0, closed) for closed in ("stdout", "stderr", "both", "pipe")),
        (("check", "absent"), 2, "stderr"),
        (("check", "BAD", "--absent"), 2, "both"),
        (("build", "BAD", "--out", "OUT", "--jobs", "1"), 1, "both"),
        (("query", "BUILT", "SELECT * { ?s ?p ?o } LIMIT 1000"), 0, "stdout"),
    ],
)
@pytest.mark.slow
def test_a_closed_stream_changes_no_status(
    built: Path, tmp_path: Path, arguments: tuple[str, ...], status: int, closed: str
) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "empty.md").write_text("")
    places = {"BUILT": str(built), "BAD": str(tmp_path / "bad"), "OUT": str(tmp_path / "out")}
    command = shlex.join([sys.executable, "-m", "kg", *(places.get(word, word) for word in arguments)])
    redirection = {"stdout": ">&-", "stderr": "2>&-", "both": "<&- >&- 2>&-", "pipe": "2>&1 >/dev/null | true"}[closed]
    script = f"set -o pipefail; {command} {redirection}"
    result = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == status
    assert "Traceback" not in result.stderr
    assert "Exception" not in result.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("stats", "BUILT", "--json")])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="writes to /dev/full, of Linux")
def test_an_output_that_cannot_be_written_is_said(built: Path, arguments: tuple[str, ...]) -> None:
    words = [str(built) if word == "BUILT" else word for word in arguments]
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "kg", *words]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 3
    assert result.stderr == "kg: standard output could not be written: No space left on device\n"


def test_a_stream_that_cannot_encode_a_text_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ndate: 漢字\n---\nText.\n", "utf-8")
    result = run("check", tmp_path, "--jobs", 1, env=os.environ | {"PYTHONIOENCODING": "latin-1"})
    assert (result.returncode, result.stderr) == (0, "0 errors, 1 warning\n")


def test_exit_statuses(built: Path, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "empty.md").write_text("")
    assert run("stats", built).returncode == 0
    assert run("check", tmp_path / "bad", "--jobs", 1).returncode == 1
    assert run("build", tmp_path / "absent").returncode == 2
    assert run("build", tmp_path / "bad", "--out", "/proc/kg/out", "--jobs", 1).returncode == 3


def test_errors_go_to_stderr_as_one_sentence(tmp_path: Path) -> None:
    result = run("build", tmp_path / "absent")
    assert result.stdout == ""
    assert result.stderr == f"kg: {tmp_path / 'absent'}: no such folder of articles\n"


def on_a_terminal(patience: float, out: Path) -> str:
    """What a build of some articles shows on a pseudo-terminal."""
    program = f"import kg.cli.console, kg.cli; kg.cli.console.PATIENCE = {patience}; kg.cli.main()"
    arguments = ["build", str(EXAMPLES / "training"), "--out", str(out), "--jobs", "1", "--no-cache"]
    return shown_by("stderr", "-c", program, *arguments)


def shown_by(stream: str, *arguments: str) -> str:
    """What Python writes to a stream, stdout or stderr, that is a pseudo-terminal of 80 columns."""
    terminal, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: child},
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )
    os.close(child)
    shown = b""
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:  # Linux says so when the other end is closed
            break
        if not read:
            break
        shown += read
    os.close(terminal)
    assert process.wait() == 0
    return shown.decode()


def test_a_long_build_shows_a_bar_on_a_terminal(tmp_path: Path) -> None:
    shown = on_a_terminal(0, tmp_path / "out")
    assert "read and tag" in shown
    assert "━" in shown


def test_a_short_build_shows_no_bar(tmp_path: Path) -> None:
    shown = on_a_terminal(3600, tmp_path / "out")
    assert "read and tag" not in shown
    assert "\x1b" not in shown


def test_long_titles_go_on_below_their_beginning_on_a_terminal_alone(tmp_path: Path) -> None:
    title = "How does a title of many words look in a terminal that is narrower than it, and is " + "long" * 30
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text(f"---\ntitle: '{title}'\n---\nData drift hurts.\n")
    assert run("build", tmp_path / "articles", "--out", tmp_path / "out", "--jobs", 1).returncode == 0
    lines = shown_by("stdout", "-m", "kg", "stats", str(tmp_path / "out")).splitlines()
    assert max(map(len, lines)) == 80
    first = next(at for at, line in enumerate(lines) if "How does a title" in line)
    assert lines[first + 1].startswith(" " * 10 + "than it, and is longlong")
    assert title in run("stats", tmp_path / "out").stdout


@pytest.mark.parametrize("is_on_path", [True, False])
def test_next_steps_can_be_typed_as_they_are(tmp_path: Path, is_on_path: bool) -> None:
    program = Path(sys.executable).with_name("kg")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("# Data drift\n\nData drift hurts.\n")
    environment = os.environ | {"PATH": f"{program.parent if is_on_path else tmp_path}"}
    command, shown = shlex.join([str(program), "init", "articles"]), ["init"]
    while command:  # each is the last of those that the one before it names
        result = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        steps = [line.strip() for line in result.stdout.partition("Next:\n")[2].splitlines()]
        typed = [step for step in steps if not step.startswith("open ")]
        assert {step.split()[0] for step in typed} <= {"kg" if is_on_path else str(program)}
        shown += [step.split()[1] for step in typed]
        command = next((step for step in typed if step.split()[1] in ("build", "query")), "")
    assert shown == ["init", "check", "build", "query", "view"]
