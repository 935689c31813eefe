"""The import contract of pyproject.toml: no module imports one that stands above it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint_imports(project: Path) -> subprocess.CompletedProcess[str]:
    """Check the contract on the package `kg` in the folder `project`."""
    command = [sys.executable, LINT_IMPORTS, "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    """A package with our contracts in which every layer is an empty package."""
    shutil.copy(PYPROJECT, tmp_path)
    for contract in tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]["contracts"]:
        for container in contract["containers"]:
            for name in " | ".join(contract["layers"]).split(" | "):
                layer = tmp_path.joinpath(*container.split("."), name)
                layer.mkdir(parents=True, exist_ok=True)
                for folder in (layer, layer.parent):
                    (folder / "__init__.py").touch()
    return tmp_path


def test_kg_imports_in_one_direction() -> None:
    result = lint_imports(PYPROJECT.parent)
    assert result.returncode == 0, result.stdout


def test_a_forward_import_passes(empty_project: Path) -> None:
    (empty_project / "kg" / "cli" / "new.py").write_text("import kg.base.errors\n")
    result = lint_imports(empty_project)
    assert result.returncode == 0, result.stdout


def test_a_backward_import_fails(empty_project: Path) -> None:
    (empty_project / "kg" / "base" / "errors" / "new.py").write_text("import kg.cli\n")
    result = lint_imports(empty_project)
    assert result.returncode == 1
    assert "kg.base is not allowed to import kg.cli" in result.stdout


def test_a_module_without_a_layer_fails(empty_project: Path) -> None:
    (empty_project / "kg" / "stray.py").touch()
    result = lint_imports(empty_project)
    assert result.returncode == 1
    assert "stray" in result.stdout


def test_a_build_that_has_nothing_to_do_does_not_load_spacy() -> None:
    slow = {"spacy", "lightgbm", "pyvis", "networkx", "asyncio"}
    command = f"import sys, kg.pipeline.build; print(sorted({slow} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", command], check=True, capture_output=True).stdout == b"[]\n"
