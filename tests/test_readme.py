"""README.md says what is so: its commands are run and their output compared, its Python and its kg.toml are read.

`python tests/test_readme.py` writes the output that the commands give now into README.md.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kg.config import load_config

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"```(?P<language>\w+)\n(?P<text>.*?)```\n", re.DOTALL)
SECONDS = re.compile(r"\d+\.\d s")


def blocks(language: str) -> list[str]:
    return [found["text"] for found in BLOCK.finditer(README.read_text("utf-8")) if found["language"] == language]


def run(command: str, folder: Path) -> str:
    """What a terminal of 80 columns shows after `command`, in a folder with the example articles."""
    environment = os.environ | {"COLUMNS": "80", "NO_COLOR": "1"}
    words = [sys.executable, "-m", "kg", *shlex.split(command)[1:]]
    done = subprocess.run(
        words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    lines = [line.rstrip() for line in SECONDS.sub("1.0 s", done.stdout).replace("\r", "").splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


def with_output(block: str, folder: Path) -> str:
    command = block.splitlines()[0]
    return f"{command}\n{run(command.removeprefix('$ '), folder)}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has the examples in it; the tour's first command builds their graph there."""
    folder = tmp_path_factory.mktemp("tour")
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


def test_the_tour_shows_what_its_commands_print(folder: Path) -> None:
    tour = blocks("console")
    assert len(tour) >= 5
    assert [with_output(block, folder) for block in tour] == tour


def test_the_turtle_is_from_the_build(folder: Path) -> None:
    run("kg build examples/articles --out exports/demo", folder)
    turtle = (folder / "exports" / "demo" / "graph.ttl").read_text("utf-8")
    (excerpt,) = blocks("turtle")
    for statement in excerpt.strip().split("\n\n"):
        # Long values are cut in the README, with an ellipsis.
        for piece in statement.split("..."):
            assert piece.strip() in turtle


def test_the_python_runs(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(folder)
    (code,) = blocks("python")
    exec(code, {})
    assert re.fullmatch(r"\d+ concepts\n", capsys.readouterr().out)


def test_the_configuration_is_valid(tmp_path: Path) -> None:
    (toml,) = blocks("toml")
    (tmp_path / "kg.toml").write_text(toml, encoding="utf-8")
    assert load_config(tmp_path / "kg.toml").fields.keywords == ("topics",)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(ROOT / "examples", Path(name) / "examples")
        text = README.read_text("utf-8")
        for block in blocks("console"):
            text = text.replace(block, with_output(block, Path(name)))
        README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
