"""README.md and docs/how-to say what is so: their commands and queries are run and the output compared.

Of each document, in one folder with the examples in it:

- ``console``: every line that begins with ``$`` is a command (and the next one, where it ends in a backslash), and what
  follows is what a terminal shows;
- ``sparql``: a query over exports/demo, and the ``text`` block after it is its answer;
- ``python`` is run, ``toml`` is a kg.toml.

The README's table of artifacts is that of the registry.

`python tests/test_docs.py` writes the output that the commands and queries give now into the documents, and that table.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.base.config import Publish, load_config
from kg.export.artifacts import listed
from kg.pipeline.artifact_registry import artifacts

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
BLOCK = re.compile(r"```(?P<language>\w+)\n(?P<text>.*?)```\n", re.DOTALL)
ANSWER = re.compile(r"(?P<before>```sparql\n(?P<query>.*?)```\n+```text\n)(?P<rows>.*?)(?P<after>```\n)", re.DOTALL)
ARTIFACTS = re.compile(r"^\| in OUT \|.*\n(?:\|.*\n)*", re.MULTILINE)
COMMAND = re.compile(r"^\$ (?:.*\\\n)*.*\n", re.MULTILINE)
SECONDS = re.compile(r"\d+\.\d s")


def names(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def blocks(document: Path, language: str) -> list[str]:
    found = BLOCK.finditer(document.read_text("utf-8"))
    return [block["text"] for block in found if block["language"] == language]


def with_language(language: str) -> pytest.MarkDecorator:
    """The documents that have a block of a language."""
    having = [document for document in DOCUMENTS if blocks(document, language)]
    return pytest.mark.parametrize("document", having, ids=names)


def run(command: str, folder: Path) -> str:
    """What a terminal of 80 columns shows after `command`, in a folder with the example articles."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"COLUMNS": "80", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "PATH": path}
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = [line.rstrip() for line in SECONDS.sub("1.0 s", done.stdout).replace("\r", "").splitlines()]
    shown = "\n".join(lines).strip("\n")
    return shown + "\n" if shown else ""


def with_output(block: str, folder: Path) -> str:
    """A console block with the output that its commands give now."""
    return "".join(command + run(command.removeprefix("$ "), folder) for command in COMMAND.findall(block))


def with_answers(text: str, folder: Path) -> str:
    """A document with the answers that its queries have now."""

    def answered(found: re.Match[str]) -> str:
        (folder / "query.rq").write_text(found["query"], encoding="utf-8")
        return found["before"] + run("kg query exports/demo --file query.rq", folder) + found["after"]

    return ANSWER.sub(answered, text)


def prepared(folder: Path) -> Path:
    """`folder` with the examples in it; a document's first command builds their graph there."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


def artifact_table() -> str:
    """The artifacts of a build that was asked for nothing else, as a table of Markdown."""
    cells = [("in OUT", "what it is", "what opens it"), ("---", "---", "---")]
    cells += [(f"`{one.name}`", one.summary or one.title, one.opens_with) for one in listed(artifacts(Publish()))]
    return "".join(f"| {' | '.join(row)} |\n" for row in cells).replace("| --- | --- | --- |", "|---|---|---|")


@pytest.fixture(scope="module")
def prepare(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Gives each document its folder, in which its console blocks were run, with their output."""
    folders: dict[Path, Path] = {}

    def folder_of(document: Path) -> Path:
        if document not in folders:
            folder = prepared(tmp_path_factory.mktemp("document"))
            shown = "".join(f"```console\n{with_output(block, folder)}```\n" for block in blocks(document, "console"))
            (folder / "shown.md").write_text(shown, encoding="utf-8")
            folders[document] = folder
        return folders[document]

    return folder_of


@with_language("console")
@pytest.mark.slow
def test_a_terminal_shows_what_the_document_shows(document: Path, prepare: Callable[[Path], Path]) -> None:
    assert blocks(prepare(document) / "shown.md", "console") == blocks(document, "console")


@with_language("sparql")
def test_queries_have_the_answers_that_the_document_shows(document: Path, prepare: Callable[[Path], Path]) -> None:
    text = document.read_text("utf-8")
    assert len(ANSWER.findall(text)) == len(blocks(document, "sparql"))
    assert with_answers(text, prepare(document)) == text


@with_language("python")
def test_the_python_runs(document: Path, prepare: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(prepare(document))
    namespace: dict[str, object] = {}
    for code in blocks(document, "python"):
        exec(code, namespace)


@with_language("toml")
def test_every_configuration_is_valid(document: Path, tmp_path: Path) -> None:
    for toml in blocks(document, "toml"):
        (tmp_path / "kg.toml").write_text(toml, encoding="utf-8")
        load_config(tmp_path / "kg.toml")


def test_the_turtle_in_the_readme_is_from_the_build(prepare: Callable[[Path], Path]) -> None:
    turtle = (prepare(README) / "exports" / "demo" / "graph.ttl").read_text("utf-8")
    (excerpt,) = blocks(README, "turtle")
    for statement in excerpt.strip().split("\n\n"):
        # Long values are cut in the README, with an ellipsis.
        for piece in statement.split("..."):
            assert piece.strip() in turtle


def test_the_artifacts_in_the_readme_are_those_of_the_registry() -> None:
    text = README.read_text("utf-8")
    assert ARTIFACTS.findall(text) == [artifact_table()]
    every = artifacts(Publish(site_pages=True, site_jsonld=True))
    assert [one.name for one in listed(every) if f"`{one.name}`" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_links_lead_to_files(document: Path) -> None:
    without_code = re.sub(r"(`+).+?\1", "", document.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", without_code):
        assert (document.parent / target).exists(), target


def main() -> None:
    for document in DOCUMENTS:
        with tempfile.TemporaryDirectory() as name:
            folder = prepared(Path(name))
            text = document.read_text("utf-8")
            for block in blocks(document, "console"):
                text = text.replace(block, with_output(block, folder))
            if document == README:
                text = ARTIFACTS.sub(lambda _: artifact_table(), text)
            document.write_text(with_answers(text, folder), encoding="utf-8")


if __name__ == "__main__":
    main()
