"""The per-article stage with the real pipeline: its rows depend on the article alone."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg.annotate import batch, rows
from kg.annotate.batch import AnnotationJob, batches, for_articles
from kg.annotate.collect import Rows, is_whole, read_rows, read_vectors
from kg.annotate.extract.token_model import FEATURES as TOKEN_FEATURES
from kg.annotate.extract.token_model import load_token_model
from kg.annotate.nlp.package import pipeline_identity, pipeline_package, pipeline_version
from kg.annotate.nlp.pipeline import load_tagger
from kg.annotate.text.normal_form import keyword_terms
from kg.annotate.worker_entry import annotate_batch
from kg.base.config import Concepts, Config, Publish
from kg.base.errors import UsageError
from kg.concepts.ranking.ranker import SHIPPED
from tests.annotate.annotating import annotated
from tests.annotate.spans import ranges

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
FILES = tuple(sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.md")))


MODEL = load_token_model(SHIPPED, pipeline_identity(None))


def annotate(output: Path, files: tuple[str, ...], config: Config | None = None) -> Rows:
    return annotated(output, EXAMPLES, *files, config=config, model=MODEL)


def rows_of(rows: Rows, file: int, name: str) -> list[dict]:
    """The rows of one file, without its number."""
    return [{**row, "file": 0} for row in read_rows([rows], name).to_pylist() if row["file"] == file]


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
    folder = annotated(tmp_path / "rows", tmp_path, "a.md")
    terms = read_rows([folder], "candidates")["term"].to_pylist()
    assert "event id" in terms
    assert "event i d" not in terms


def test_batches_hold_every_file_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 9_000)
    work = batches(EXAMPLES, FILES)
    assert len(work) > 5
    assert tuple(file for one in work for file in one) == FILES
    assert batches(EXAMPLES, []) == []


def test_a_file_more_or_less_changes_the_batch_that_it_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 9_000)
    work = set(batches(EXAMPLES, FILES))
    for gone in FILES:
        less = set(batches(EXAMPLES, [file for file in FILES if file != gone]))
        assert len(less - work) <= 1, gone
        assert len(work - less) <= 2, gone  # its own, and the next one where it was the last


def test_a_batch_has_a_longest_length(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 1_000)
    names = (f"{number:04}.md" for number in range(1000))
    never_last = [name for name in names if hashlib.sha256(name.encode()).digest()[0] > 128][:100]
    for name in never_last:
        (tmp_path / name).write_text("x" * 100)
    work = batches(tmp_path, never_last)
    assert max(map(len, work)) == 40


def test_what_is_written_is_known_to_be_whole(tmp_path: Path) -> None:
    path = annotate(tmp_path, FILES[:2]).path
    assert is_whole(path)
    raw = path.read_bytes()
    for damaged in (b"", raw[:100], raw[: len(raw) // 2], raw[:-1], raw[:5000] + b"?" + raw[5001:], b"x" * 1000):
        path.write_bytes(damaged)
        assert not is_whole(path)
    path.unlink()
    assert not is_whole(path)


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (annotate(tmp_path, FILES[:2]).path for _ in range(2))
    assert one.read_bytes() == other.read_bytes()


def test_a_batch_says_what_it_has_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One\n\nText.\n")
    (tmp_path / "b.md").write_bytes(b"\xff")
    read = annotate_batch(AnnotationJob(tmp_path, Config(), None), ("a.md", "b.md", "gone.md"))
    assert read.digests == (hashlib.sha256(b"# One\n\nText.\n").hexdigest(), hashlib.sha256(b"\xff").hexdigest(), "")


def test_rows_depend_on_nothing_that_a_recipe_leaves_out() -> None:
    every = Config(
        base="https://example.org/",
        title="Title",
        concepts=Concepts(per_article=3, reject=("one",), rename={"two": "Two"}, accept=("three",), keywords=False),
        publish=Publish(evidence="all"),
    )
    assert for_articles(every) == Config(concepts=Concepts(accept=("three",), keywords=False))


def test_files_are_numbered_over_all_batches(tmp_path: Path) -> None:
    whole = read_rows([annotate(tmp_path, FILES[:5])], "candidates")
    parts = [replace(annotate(tmp_path, FILES[at:end]), first=at) for at, end in ((0, 2), (2, 3), (3, 5))]
    assert read_rows(parts, "candidates").equals(whole)


def test_some_columns_of_all_rows_are_read(tmp_path: Path) -> None:
    parts = [replace(annotate(tmp_path, FILES[at:end]), first=at) for at, end in ((0, 2), (2, 3))]
    whole = read_rows(parts, "candidates")
    assert read_rows(parts, "candidates", ["term", "file"]).equals(whole.select(["file", "term"]))
    assert read_rows(parts, "candidates", ["term", "occurrences"]).equals(whole.select(["term", "occurrences"]))
    assert read_rows([], "candidates", ["term"]).schema == whole.select(["term"]).schema


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


def test_keywords_are_terms_and_no_code() -> None:
    found = keyword_terms(["Data Drift", "`predict()`", "APIs", "data drifts"])
    assert found == [("data drift", "Data Drift"), ("api", "APIs"), ("data drift", "data drifts")]


def test_the_pipeline_is_one_that_is_installed() -> None:
    assert pipeline_package(None).startswith("en_core_web_sm")
    assert pipeline_version(None).startswith("en_core_web_sm")
    assert pipeline_identity(None) == "en_core_web_sm 3.8.0"
    assert load_tagger(None).pipeline.pipe_names == ["tok2vec", "tagger"]
    with pytest.raises(UsageError, match='"no_such_pipeline" is not installed'):
        pipeline_package("no_such_pipeline")


def test_what_an_acronym_stands_for_is_looked_for_whatever_its_tags(tmp_path: Path) -> None:
    text = "# Things\n\nThe area under the curve (AUC) is one number. We read the area under the curve.\n"
    (tmp_path / "a.md").write_text(text)
    folder = annotated(tmp_path / "rows", tmp_path, "a.md")
    assert read_rows([folder], "acronyms").to_pylist() == [
        {
            "file": 0,
            "short": "auc",
            "long": "area under the curve",
            "short_form": "AUC",
            "long_form": "area under the curve",
            "is_stop_word": False,
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
    assert list(read_vectors(folder.path)) == []


def test_without_a_model_the_vectors_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Data drift\n\nData drift hurts a model. We fear data drift.\n")
    (tmp_path / "b.md").write_text("```\nx = 1\n```\n")
    (tmp_path / "c.md").write_text("# Loss\n\nA loss is a number.\n")
    folder = annotated(tmp_path / "rows", tmp_path, "a.md", "b.md", "c.md")
    candidates, articles = read_rows([folder], "candidates"), read_rows([folder], "articles")
    kept = list(read_vectors(folder.path))
    assert [vectors.shape for vectors, _ in kept] == [(count, 96) for count in articles["tokens"].to_pylist()]
    assert [count for _, found in kept for count in found.counts] == candidates["frequency"].to_pylist()
    terms = [row["term"] for row in candidates.to_pylist() if row["file"] == 0]
    doc = load_tagger(None).pipeline("Data drift\nData drift hurts a model. We fear data drift.\n")
    assert dict(zip(terms, ranges(kept[0][1]), strict=True))["data drift"] == [(0, 2), (3, 5), (11, 13)]
    assert np.abs(kept[0][0] - doc.tensor).max() < 0.01  # in half precision
    assert not any(any(candidates[name].to_pylist()) for name in TOKEN_FEATURES)


GERMAN = """---
title: Sauerteig
tags: [Sauerteig, Brotbacken im Winter]
---
Ein Sauerteig ist ein Teig aus Mehl und Wasser, in dem Hefen und Bakterien leben. Der Continuous Integration
Server (CIS) backt kein Brot. Ein Roggenbrot braucht Sauerteig, weil Roggen wie Weizen Kleber hat, der ohne Säure
nicht hält. Dafür nimmt man Mehlsorten wie Roggen und Weizen. Die Gärung dauert im Winter länger als im Sommer.
"""


def test_a_text_in_a_language_without_a_pipeline_gives_only_known_terms(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GERMAN, encoding="utf-8")
    config = Config(concepts=Concepts(accept=("Roggenbrot",)))
    names = ("continuous integration server", "gärung", "mehlsorten", "nowhere")
    rows = annotated(tmp_path / "rows", tmp_path, "a.md", config=config, names=names)
    (found,) = read_rows([rows], "articles").to_pylist()
    assert (found["language"], found["keywords"]) == ("de", ["Sauerteig", "Brotbacken im Winter"])
    terms = set(read_rows([rows], "candidates")["term"].to_pylist())
    assert {"sauerteig", "roggenbrot", "continuous integration server", "gärung"} <= terms
    assert terms <= {"sauerteig", "roggenbrot", *names}
    for name in ("words", "acronyms", "kinds", "definitions"):
        assert read_rows([rows], name).num_rows == 0, name
    (tmp_path / "b.md").write_text(GERMAN.replace("title:", "lang: en\ntitle:"), encoding="utf-8")
    as_english = annotated(tmp_path / "rows", tmp_path, "b.md", config=config, names=names)
    assert terms < set(read_rows([as_english], "candidates")["term"].to_pylist())
    assert read_rows([as_english], "acronyms").num_rows == 1


def test_a_text_whose_language_is_not_found_has_that_of_the_pipeline(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("We bake rye bread.", encoding="utf-8")
    rows = annotated(tmp_path / "rows", tmp_path, "a.md")
    assert read_rows([rows], "articles")["language"].to_pylist() == ["en"]
    assert "rye bread" in read_rows([rows], "candidates")["term"].to_pylist()


def test_function_words_are_found_as_acronyms_and_nouns_only(tmp_path: Path) -> None:
    front = "---\ntitle: Logic\nkeywords: [OR, and, well, und]\n---\n\n"
    (tmp_path / "a.md").write_text(f"{front}It is this or that and those. The OR holds. Two oil wells are deep.\n")
    (tmp_path / "b.md").write_text(f"{front}Es ist dieses und jenes, und der Brunnen ist sehr tief.\n")
    folder = annotated(tmp_path / "rows", tmp_path, "a.md", "b.md")
    articles = read_rows([folder], "articles").to_pylist()
    assert [[term["form"] for term in row["keyword_terms"]] for row in articles] == [
        ["or", "well", "und"],
        ["or", "and", "well"],
    ]
    found = read_rows([folder], "candidates").to_pylist()
    terms = {
        (row["file"], row["term"]): row["frequency"] for row in found if row["term"] in {"or", "and", "well", "und"}
    }
    assert terms == {(0, "or"): 1, (0, "well"): 1}
