"""One file never ends the work on its batch."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.annotate import worker
from kg.annotate.batch import AnnotationJob
from kg.annotate.collect import Collected, Rows, read_rows
from kg.annotate.rows import SCHEMAS
from kg.base.config import Config
from kg.read import article

BATCH = ("a.md", "bad.md", "c.md")
PLACES = {
    "parsing": (article, "split"),
    "the view": (worker, "tagger_view"),
    "acronyms": (worker, "definitions"),
    "candidates": (worker, "find_candidates"),
    "patterns": (worker, "find_patterns"),
    "rows": (Collected, "_add_article"),
}


class OddError(Exception):
    """No code expects it."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in zip(BATCH, ("Data drift hurts.", "Concept drift is BAD.", "Model registries help."), strict=True):
        (tmp_path / name).write_text(f"---\ntitle: {name}\n---\n\n{text}\n", encoding="utf-8")
    return tmp_path


def tables(root: Path, output: Path) -> dict[str, list]:
    path = output / "rows.zip"
    path.write_bytes(worker.annotate(AnnotationJob(root, Config(), None), BATCH).rows)
    return {name: read_rows([Rows(path, 0)], name).to_pylist() for name in SCHEMAS}


def fail_on_bad(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, error: Callable[[], BaseException]) -> None:
    before = getattr(owner, name)

    def failing(*arguments: object, **options: object) -> object:
        if "is BAD" in "".join(map(repr, arguments)) + "".join(str(getattr(each, "texts", "")) for each in arguments):
            raise error()
        return before(*arguments, **options)

    monkeypatch.setattr(owner, name, failing)


@pytest.mark.parametrize("place", PLACES)
def test_a_file_with_an_unknown_error_is_left_out_and_the_others_are_as_without_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    whole = tables(root, tmp_path)
    text = (root / "bad.md").read_bytes()
    (root / "bad.md").write_bytes(b"\xff")
    expected = tables(root, tmp_path)
    (root / "bad.md").write_bytes(text)
    fail_on_bad(monkeypatch, *PLACES[place], lambda: OddError("odd"))
    found = tables(root, tmp_path)
    (problem,) = found.pop("problems")
    assert (problem["severity"], problem["code"], problem["file"]) == ("error", "internal", "bad.md")
    assert "OddError: odd" in problem["message"]
    del expected["problems"]
    assert found == expected
    assert [row["path"] for row in whole["articles"]] == [*BATCH]


def test_a_tagger_that_fails_on_one_text_loses_only_that_file(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = worker.load_tagger(None).pipeline
    make_doc = pipeline.make_doc

    def failing(text: str) -> object:
        if "is BAD" in text:
            raise OddError
        return make_doc(text)

    monkeypatch.setattr(pipeline, "make_doc", failing)
    found = tables(root, tmp_path)
    assert [row["path"] for row in found["articles"]] == ["a.md", "c.md"]
    assert [row["file"] for row in found["problems"]] == ["bad.md"]


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
@pytest.mark.parametrize("place", ["parsing", "candidates"])
def test_a_lack_of_memory_and_an_interrupt_are_raised(
    root: Path, monkeypatch: pytest.MonkeyPatch, place: str, error: type[BaseException]
) -> None:
    fail_on_bad(monkeypatch, *PLACES[place], error)
    with pytest.raises(error):
        worker.annotate(AnnotationJob(root, Config(), None), BATCH)


def test_an_error_of_no_single_file_is_raised(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to_bytes = Collected.to_bytes

    def failing(collected: Collected) -> bytes:
        if len(collected.articles) > 1:
            raise OddError
        return to_bytes(collected)

    monkeypatch.setattr(Collected, "to_bytes", failing)
    with pytest.raises(OddError):
        worker.annotate(AnnotationJob(root, Config(), None), BATCH)


def test_a_file_over_a_limit_is_left_out_with_the_limit(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.annotate.nlp.pipeline.MAX_TOKENS", 20)
    (root / "bad.md").write_text("word " * 30)
    (root / "c.md").write_text("word " * 1_000_000)
    found = tables(root, tmp_path)
    assert [row["path"] for row in found["articles"]] == ["a.md"]
    assert {row["file"]: (row["severity"], row["code"]) for row in found["problems"]} == {
        "bad.md": ("error", "too-large"),
        "c.md": ("error", "too-large"),
    }
    assert [row["message"].partition("over the")[2] for row in found["problems"]] == [
        " limit of 20 for one article; split it",
        " limit of 1,000,000 for one article; split it",
    ]
