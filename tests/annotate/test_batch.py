"""The per-article stage with the real pipeline: its rows depend on the article alone."""

import errno
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from kg.annotate import batch, rows
from kg.annotate.batch import Batch, annotate_batch, batches, keyword_set
from kg.annotate.collect import read_rows, read_vectors
from kg.annotate.pipeline import load_pipeline, pipeline_package, pipeline_version
from kg.annotate.token_model import FEATURES as TOKEN_FEATURES
from kg.concepts.ranking import SHIPPED
from kg.config import Concepts, Config
from kg.errors import UsageError

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
FILES = tuple(sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.md")))


def annotate(output: Path, files: tuple[str, ...], config: Config | None = None) -> Path:
    return annotate_batch(Batch(EXAMPLES, files, 0, output, config or Config(), SHIPPED))


def rows_of(folder: Path, file: int, name: str) -> list[dict]:
    """The rows of one file, without its number."""
    return [{**row, "file": 0} for row in read_rows([folder], name).to_pylist() if row["file"] == file]


def test_an_article_gives_the_same_rows_alone_and_in_any_company(tmp_path: Path) -> None:
    company = FILES[:12]
    forward = annotate(tmp_path / "forward", company)
    backward = annotate(tmp_path / "backward", company[::-1])
    for number in (0, 5, 11):
        alone = annotate(tmp_path / f"alone{number}", (company[number],))
        for name in ("articles", "links", "candidates", "acronyms"):
            expected = rows_of(alone, 0, name)
            assert rows_of(forward, number, name) == expected
            assert rows_of(backward, 11 - number, name) == expected
        assert rows_of(alone, 0, "candidates")


def test_an_id_is_a_word_and_not_i_would(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Joins\n\nThe event id joins two tables. An event id is unique.\n")
    folder = annotate_batch(Batch(tmp_path, ("a.md",), 0, tmp_path / "rows", Config(), None))
    terms = read_rows([folder], "candidates")["term"].to_pylist()
    assert "event id" in terms
    assert "event i d" not in terms


def test_batches_hold_every_file_once_and_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 9_000)
    work = batches(EXAMPLES, FILES, tmp_path, Config(), None)
    assert len(work) > 5
    assert tuple(file for one in work for file in one.files) == FILES
    assert [one.first for one in work] == [FILES.index(one.files[0]) for one in work]
    assert [one.output for one in work] == sorted({one.output for one in work})
    assert batches(EXAMPLES, [], tmp_path, Config(), None) == []


def test_a_folder_of_rows_appears_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pa, "OSFile", full)
    with pytest.raises(OSError, match="No space left"):
        annotate(tmp_path / "000000", FILES[:1])
    assert not (tmp_path / "000000").exists()


def test_a_batch_that_another_worker_finished_is_kept(tmp_path: Path) -> None:
    first = annotate(tmp_path / "000000", FILES[:1])
    inode = (first / "articles.arrow").stat().st_ino
    assert annotate(tmp_path / "000000", FILES[:1]) == first
    assert (first / "articles.arrow").stat().st_ino == inode


def test_an_unreadable_article_is_a_problem_and_no_row(tmp_path: Path) -> None:
    folder = annotate(tmp_path / "rows", ("missing.md", FILES[0]))
    assert [row["file"] for row in read_rows([folder], "articles").to_pylist()] == [1]
    (problem,) = read_rows([folder], "problems").to_pylist()
    assert (problem["severity"], problem["file"]) == ("error", "missing.md")


@pytest.mark.parametrize("name", sorted(rows.SCHEMAS))
def test_no_batch_gives_an_empty_table(name: str) -> None:
    assert read_rows([], name).schema == rows.SCHEMAS[name]
    assert read_rows([], name).num_rows == 0


def test_keywords_are_not_looked_for_when_they_are_not_believed(tmp_path: Path) -> None:
    believed = annotate(tmp_path / "believed", FILES[:5])
    doubted = annotate(tmp_path / "doubted", FILES[:5], Config(concepts=Concepts(keywords=False)))
    known, found = (read_rows([folder], "candidates").num_rows for folder in (believed, doubted))
    assert known > found


def test_keyword_set_holds_terms_and_no_code() -> None:
    assert keyword_set(["Data Drift", "`predict()`", "APIs", "data drifts"]) == {"data drift", "api"}


def test_the_pipeline_is_one_that_is_installed() -> None:
    assert pipeline_package(None).startswith("en_core_web_sm")
    assert pipeline_version(None).startswith("en_core_web_sm")
    assert load_pipeline(None).pipe_names == ["tok2vec", "tagger"]
    with pytest.raises(UsageError, match="no_such_pipeline is not installed: pip install"):
        pipeline_package("no_such_pipeline")


def test_what_an_acronym_stands_for_is_looked_for_whatever_its_tags(tmp_path: Path) -> None:
    text = "# Things\n\nThe area under the curve (AUC) is one number. We read the area under the curve.\n"
    (tmp_path / "a.md").write_text(text)
    folder = annotate_batch(Batch(tmp_path, ("a.md",), 0, tmp_path / "rows", Config(), None))
    assert read_rows([folder], "acronyms").to_pylist() == [
        {
            "file": 0,
            "short": "auc",
            "long": "area under the curve",
            "short_form": "AUC",
            "long_form": "area under the curve",
        }
    ]
    found = dict(
        zip(*(read_rows([folder], "candidates")[name].to_pylist() for name in ("term", "frequency")), strict=True)
    )
    assert found["area under the curve"] == 2


def test_a_model_says_of_every_candidate_how_likely_it_is(tmp_path: Path) -> None:
    folder = annotate(tmp_path / "rows", FILES[:3])
    found = read_rows([folder], "candidates")
    for name in TOKEN_FEATURES:
        values = found[name].to_pylist()
        assert all(0 <= value <= 1 for value in values), name
        assert len(set(values)) > 10, name
    assert list(read_vectors(folder)) == []


def test_without_a_model_the_vectors_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Data drift\n\nData drift hurts a model. We fear data drift.\n")
    (tmp_path / "b.md").write_text("```\nx = 1\n```\n")
    (tmp_path / "c.md").write_text("# Loss\n\nA loss is a number.\n")
    folder = annotate_batch(Batch(tmp_path, ("a.md", "b.md", "c.md"), 0, tmp_path / "rows", Config(), None))
    candidates, articles = read_rows([folder], "candidates"), read_rows([folder], "articles")
    kept = list(read_vectors(folder))
    assert [vectors.shape for vectors, _ in kept] == [(count, 96) for count in articles["tokens"].to_pylist()]
    spans = [candidate for _, found in kept for candidate in found]
    assert [len(candidate) for candidate in spans] == candidates["frequency"].to_pylist()
    terms = [row["term"] for row in candidates.to_pylist() if row["file"] == 0]
    doc = load_pipeline(None)("Data drift\nData drift hurts a model. We fear data drift.\n")
    assert dict(zip(terms, kept[0][1], strict=True))["data drift"] == [(0, 2), (3, 5), (11, 13)]
    assert np.abs(kept[0][0] - doc.tensor).max() < 0.01  # in half precision
    assert not any(any(candidates[name].to_pylist()) for name in TOKEN_FEATURES)
