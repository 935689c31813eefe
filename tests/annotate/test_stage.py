"""Reading and tagging all files, by workers that may see other files than we do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.annotate.batch import AnnotationJob
from kg.annotate.stage import ReadAndTagged, digests_of, read_and_tag
from kg.base.config import Config
from kg.base.errors import MachineError

TEXT = "---\ntitle: {}\n---\n\nData drift hurts.\n"


@dataclass
class Elsewhere:
    """An engine whose workers see the files as `change` leaves them, after which `afterwards` happens here."""

    change: Callable[[], object]
    afterwards: Callable[[], object]

    def completed(self, function, items):
        for index, item in enumerate(items):
            self.change()
            result = function(item)
            self.afterwards()
            yield index, result


def read(root: Path, out: Path, change: Callable[[], object], afterwards: Callable[[], object]) -> ReadAndTagged:
    files, engine = ["a.md", "b.md"], Elsewhere(change, afterwards)
    job = AnnotationJob(root, Config(), None)
    return read_and_tag(job, digests_of(root, files), out, engine=engine, on_done=lambda _: None)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    for name in "ab":
        (tmp_path / "articles" / f"{name}.md").write_text(TEXT.format(name))
    return tmp_path / "articles"


def test_a_worker_that_cannot_read_a_file_loses_no_article(root: Path, tmp_path: Path) -> None:
    file = root / "b.md"
    with pytest.raises(MachineError, match=f"a worker could not read {file}, which has not changed"):
        read(root, tmp_path / "rows", file.unlink, lambda: file.write_text(TEXT.format("b")))


def test_a_worker_that_reads_something_else_is_found_out(root: Path, tmp_path: Path) -> None:
    file = root / "a.md"
    with pytest.raises(MachineError, match=f"a worker read something else in {file}"):
        read(root, tmp_path / "rows", lambda: file.write_text("old"), lambda: file.write_text(TEXT.format("a")))


@pytest.mark.parametrize("later", ["new", "newer"])
def test_a_file_that_changes_meanwhile_is_what_was_read(root: Path, tmp_path: Path, later: str) -> None:
    file = root / "a.md"
    before = digests_of(root, ["a.md", "b.md"])
    found = read(root, tmp_path / "rows", lambda: file.write_text(TEXT.format("new")), lambda: file.write_text(later))
    file.write_text(TEXT.format("new"))
    assert found.digests == digests_of(root, ["a.md", "b.md"]) != before


def test_a_file_that_goes_meanwhile_is_one_that_cannot_be_read(root: Path, tmp_path: Path) -> None:
    found = read(root, tmp_path / "rows", (root / "a.md").unlink, lambda: None)
    assert found.digests["a.md"] == ""
