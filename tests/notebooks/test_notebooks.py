"""The notebooks run, and show what they showed when they were committed.

`python tests/notebooks/test_notebooks.py` runs them and writes what they show now.
"""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kg.base.report import read_report

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SAMPLE = ROOT / "exports" / "sample"


def executed(path: Path, folder: Path) -> nbformat.NotebookNode:
    """A notebook as it runs in a copy of the repository that holds it and the examples."""
    (folder / "notebooks").mkdir()
    shutil.copytree(ROOT / "examples", folder / "examples")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, record_timing=False)
    client.execute(cwd=str(folder / "notebooks"))
    del notebook.metadata["language_info"]["version"]  # it shows nothing of the Python that ran it
    return notebook


def shown(notebook: nbformat.NotebookNode) -> dict[str, list[Any]]:
    """What each cell shows, but for the page in a frame, which has tests of its own."""
    outputs = {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}
    return {
        name: [output.get("text") or without_page(output.data) for output in found] for name, found in outputs.items()
    }


def without_page(data: dict[str, str]) -> dict[str, str]:
    return {kind: re.sub('srcdoc="[^"]*"', "", text) for kind, text in data.items()}


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def fresh(notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    return executed(notebook, tmp_path_factory.mktemp("notebook"))


@pytest.fixture(scope="module")
def committed(notebook: Path) -> nbformat.NotebookNode:
    return nbformat.read(notebook, as_version=4)


def test_it_is_a_valid_notebook_with_outputs(committed: nbformat.NotebookNode) -> None:
    nbformat.validate(committed)
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code if not cell.outputs and not cell.source.startswith("PREFIXES")] == []


def test_every_cell_shows_something_and_none_an_error(fresh: nbformat.NotebookNode) -> None:
    for cell in fresh.cells:
        if cell.cell_type == "code":
            assert {output.output_type for output in cell.outputs} <= {"execute_result", "display_data", "stream"}
            assert [output.text for output in cell.outputs if output.get("name") == "stderr"] == []


def test_it_shows_what_it_showed(fresh: nbformat.NotebookNode, committed: nbformat.NotebookNode, built: Path) -> None:
    """Where the processor and the versions are those of the committed export, as in tests/test_exports.py."""
    now, then = shown(fresh), shown(committed)
    assert list(now) == list(then)
    sample, here = read_report(SAMPLE), read_report(built)
    if (sample.versions, sample.processor) == (here.versions, here.processor):
        again = f"run `python {Path(__file__).relative_to(ROOT)}` and read the difference"
        assert [name for name in now if now[name] != then[name]] == [], again


def test_it_names_no_path_and_loads_nothing(notebook: Path) -> None:
    text = notebook.read_text("utf-8")
    for unwanted in (str(Path.home()), "/tmp/", 'src=\\"http', "src=&quot;http"):
        assert unwanted not in text


def main() -> None:
    for notebook in NOTEBOOKS:
        with tempfile.TemporaryDirectory() as folder:
            nbformat.write(executed(notebook, Path(folder)), notebook)


if __name__ == "__main__":
    main()
