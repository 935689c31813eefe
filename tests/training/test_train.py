"""kg train, from articles with keywords to a model that a build uses."""

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from kg.annotate.extract.token_model import FILE_NAME as TOKENS
from kg.base.config import Config
from kg.base.errors import DataError, UsageError
from kg.base.tables import read_tables
from kg.concepts.ranking.background import FILE_NAME as BACKGROUND
from kg.concepts.ranking.background import hashes, read_background
from kg.concepts.ranking.ranker import CARD, FILES, SHIPPED, TREES, load_ranker, model_version
from kg.pipeline.build import build
from kg.training.corpus import OTHERS, TrainingCorpus, read_corpus
from kg.training.fit import TokenModels, fit
from kg.training.train import train
from tests.training.conftest import Trained
from tests.training.corpus import WORDS, write_article, write_corpus

pytestmark = pytest.mark.slow
SUBJECTS = sorted(subject.casefold() for subject in WORDS)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What is written


def test_a_model_is_written_and_nothing_beside_it(trained: Trained) -> None:
    assert sorted(contents(trained.model)) == sorted(FILES)
    assert [path.name for path in trained.model.parent.iterdir()] == ["ours"]
    card = load_ranker(trained.model).card
    assert (card.name, card.articles) == ("ours", 162)
    assert trained.report.model == str(trained.model)


def test_the_report_is_of_every_subject(trained: Trained) -> None:
    report = trained.report
    assert [(score.group, score.articles) for score in report.scores] == [(subject, 54) for subject in SUBJECTS]
    assert all(0.5 < score.f1_at_5 <= 0.75 for score in report.scores)  # of 5, 3 can be right
    assert all(score.f1_at_5 > score.f1_at_10 > score.f1_at_15 for score in report.scores)
    assert (report.articles, report.keywords) == (162, 3 * 162)
    assert 0.9 < report.candidate_recall <= 1
    card = load_ranker(trained.model).card
    assert (card.cut, card.precision) == (report.cut, pytest.approx(report.precision, abs=1e-3))
    assert report.precision >= 0.6


def test_a_build_uses_the_model_that_kg_toml_names(trained: Trained, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(4):
        shutil.copy(trained.articles / f"{number:03}.md", articles)
    shutil.copytree(trained.model, tmp_path / "models" / "ours")
    (tmp_path / "kg.toml").write_text('[concepts]\nmodel = "models/ours"\nkeywords = false\n')
    report = build(articles, tmp_path / "out", jobs=1)
    assert report.versions["model"] == model_version(trained.model)
    assert report.versions["model"].startswith("ours ")
    (tmp_path / "kg.toml").write_text("[concepts]\nkeywords = false\n")
    other = build(articles, tmp_path / "other", jobs=1)
    assert other.versions["model"] == model_version(SHIPPED)
    mine, shipped = (read_tables(tmp_path / out / "tables").mentions for out in ("out", "other"))
    assert mine.num_rows
    assert not mine.equals(shipped)


def test_a_model_that_is_not_there_is_a_usage_error_before_anything_is_read(trained: Trained, tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('[concepts]\nmodel = "models/absent"\n')
    with pytest.raises(UsageError, match=r"models/absent: not a model that kg train wrote"):
        build(trained.articles, tmp_path / "out", config=tmp_path / "kg.toml", jobs=1)
    assert not (tmp_path / "out").exists()


def test_the_same_articles_give_the_same_bytes_in_any_number_of_processes(trained: Trained, tmp_path: Path) -> None:
    again = train(trained.articles, tmp_path / "ours", folds=tmp_path / "folds", jobs=2)
    assert contents(tmp_path / "ours") == contents(trained.model)
    assert contents(tmp_path / "folds") == contents(trained.folds)
    assert again.scores == trained.report.scores


# Folds


def test_the_models_of_the_report_are_kept_when_asked_for(trained: Trained) -> None:
    assert sorted(path.name for path in trained.folds.iterdir()) == SUBJECTS
    for subject in SUBJECTS:
        ranker = load_ranker(trained.folds / subject)
        assert ranker.card.name == f"ours without {subject}"
        assert sorted(path.name for path in (trained.folds / subject).iterdir()) == sorted(FILES)


def test_a_fold_knows_nothing_of_the_subject_that_was_left_out(trained: Trained) -> None:
    terms = {subject.casefold(): hashes(phrases) for subject, phrases in WORDS.items()}
    for without in SUBJECTS:
        known = read_background(trained.folds / without / BACKGROUND).terms.keys
        assert {subject: bool(np.isin(keys, known).any()) for subject, keys in terms.items()} == {
            subject: subject != without for subject in SUBJECTS
        }


def scrambled(articles: Path, out: Path, subject: str) -> Path:
    """The articles with other keywords, from the same texts, wherever they are of `subject`."""
    rng = random.Random(1)
    shutil.copytree(articles, out)
    for path in sorted(out.iterdir()):
        lines = path.read_text("utf-8").split("\n")
        if f"subject: {subject}" in lines:
            at = next(number for number, line in enumerate(lines) if line.startswith("keywords: "))
            lines[at] = f"keywords: [{', '.join(rng.sample(['winter', 'long road', 'friend', 'door', 'table'], 4))}]"
            path.write_text("\n".join(lines), "utf-8")
    return out


def test_training_sees_no_keyword_of_what_is_left_out(trained: Trained, tmp_path: Path) -> None:
    others = scrambled(trained.articles, tmp_path / "articles", "Harbours")
    train(others, tmp_path / "ours", folds=tmp_path / "folds", jobs=1)
    for name in (TOKENS, TREES, BACKGROUND):
        for subject in SUBJECTS:
            same = (tmp_path / "folds" / subject / name).read_bytes() == (trained.folds / subject / name).read_bytes()
            assert same == (subject == "harbours"), (name, subject)
        assert (tmp_path / "ours" / name).read_bytes() != (trained.model / name).read_bytes()


# Corpora


def corpus_of(articles: Path, tmp_path: Path) -> TrainingCorpus:
    work = tmp_path / "work"
    work.mkdir()
    return read_corpus(articles, Config(), work, jobs=1)


def test_candidates_are_found_without_looking_at_keywords(tmp_path: Path) -> None:
    articles = write_corpus(tmp_path / "articles", 100)
    write_article(articles / "x.md", "A", "Bakeries", ["how the", "the pear"], "They ask how the pear is made. " * 3)
    corpus = corpus_of(articles, tmp_path)
    terms = {
        term
        for file, term in zip(*(corpus.candidates[name].to_pylist() for name in ("file", "term")), strict=True)
        if file == 100
    }
    assert terms == {"pear"}
    assert not any(corpus.articles["keywords"].to_pylist())
    assert len(corpus.keywords) == len(corpus.chosen) == len(corpus.groups) == 101


def test_articles_without_keywords_or_text_do_no_harm(tmp_path: Path) -> None:
    articles = write_corpus(tmp_path / "articles", 100)
    write_article(articles / "0-none.md", "A pear tree", "Orchards", [], "A pear tree is a tree.")
    write_article(articles / "1-code.md", "Code", "Orchards", ["code"], "```\nx = 1\n```\n")
    write_article(articles / "2-short.md", "Short", "Orchards", ["tree"], "It is.")
    corpus = corpus_of(articles, tmp_path)
    assert corpus.articles["url"].to_pylist()[-3:] == ["/099", "/1-code", "/2-short"]
    _, held_out = fit(corpus, TokenModels(corpus), corpus.groups[0])
    assert held_out is not None
    assert len(held_out.odds)
    assert np.isfinite(held_out.odds).all()


def test_small_subjects_are_left_out_together(tmp_path: Path) -> None:
    articles = write_corpus(tmp_path / "articles", 110, ["Bakeries", "Harbours"])
    write_article(articles / "x.md", "A pear tree", "Orchards", ["pear tree"], "A pear tree is a tree.")
    write_article(articles / "y.md", "A tree", "", ["tree"], "A tree is a tree.")
    groups = corpus_of(articles, tmp_path).groups.tolist()
    assert {group: groups.count(group) for group in groups} == {"bakeries": 55, "harbours": 55, OTHERS: 2}


def test_without_subjects_chance_makes_groups_of_one_size(tmp_path: Path) -> None:
    groups = corpus_of(write_corpus(tmp_path / "articles", 102, ["Bakeries"]), tmp_path).groups.tolist()
    assert sorted(groups.count(group) for group in set(groups)) == [20, 20, 20, 21, 21]
    assert sorted(set(groups)) == [f"fold {number}" for number in range(1, 6)]


@pytest.mark.parametrize("subjects", [["Bakeries"], ["Bakeries", "Harbours"]])
def test_one_or_two_subjects_are_enough(tmp_path: Path, subjects: list[str]) -> None:
    corpus = corpus_of(write_corpus(tmp_path / "articles", 100, subjects), tmp_path)
    models = TokenModels(corpus)
    for group in [None, *sorted(set(corpus.groups))[:2]]:
        _, held_out = fit(corpus, models, group)
        assert (held_out is None) == (group is None)
        assert held_out is None or (len(held_out.odds) and np.isfinite(held_out.odds).all())


def test_a_subject_cannot_lead_out_of_the_folder_of_folds(tmp_path: Path) -> None:
    articles = write_corpus(tmp_path / "articles", 100, ["Bakeries", "Harbours"])
    for path in articles.iterdir():
        text = path.read_text("utf-8").replace("subject: Bakeries", "subject: ..").replace("Harbours", "a/../../../b")
        path.write_text(text, "utf-8")
    train(articles, tmp_path / "out", folds=tmp_path / "folds", jobs=1)
    assert {path.name for path in tmp_path.iterdir()} == {"articles", "out", "folds"}
    assert len(list((tmp_path / "folds").iterdir())) == 2
    assert len(list((tmp_path / "folds").rglob("*"))) == 2 + 2 * len(FILES)


# What cannot be trained on


def test_keywords_that_stand_in_no_text_teach_nothing(tmp_path: Path) -> None:
    articles = write_corpus(tmp_path / "articles", 100)
    for path in articles.iterdir():
        lines = path.read_text("utf-8").split("\n")
        path.write_text("\n".join("keywords: [zeppelin]" if ": [" in line else line for line in lines), "utf-8")
    with pytest.raises(DataError, match="articles: none of the 100 articles with keywords has one of them as a term"):
        train(articles, tmp_path / "out", jobs=1)
    assert not (tmp_path / "out").exists()


def test_too_few_articles_with_keywords_are_counted(tmp_path: Path) -> None:
    articles = write_corpus(tmp_path / "articles", 3)
    write_article(articles / "x.md", "A", "Bakeries", [], "A rye loaf.")
    with pytest.raises(DataError, match=r"articles: 3 articles have keywords; training needs 100 of them"):
        train(articles, tmp_path / "out", jobs=1)
    assert not (tmp_path / "out").exists()


def test_no_article_has_no_keywords(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    with pytest.raises(DataError, match="0 articles have keywords"):
        train(tmp_path / "articles", tmp_path / "out", jobs=1)
    with pytest.raises(UsageError, match="no such folder of articles"):
        train(tmp_path / "absent", tmp_path / "out", jobs=1)


def test_an_out_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    articles = write_corpus(tmp_path / "articles", 3)
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    before = contents(tmp_path)
    for target in (out, out / "thesis.txt", articles, tmp_path):
        with pytest.raises(UsageError, match="--out"):
            train(articles, target, jobs=1)
    assert contents(tmp_path) == before


def test_a_folder_with_another_model_json_is_not_ours(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / CARD).write_text(json.dumps({"name": "of another program"}))
    (out / "weights.bin").write_bytes(b"years of work")
    before = contents(out)
    with pytest.raises(UsageError, match="--out"):
        train(write_corpus(tmp_path / "articles", 3), out, jobs=1)
    assert contents(out) == before
