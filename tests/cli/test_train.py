"""What `kg train` prints, and its exit status."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg.base.errors import MachineError
from kg.training.train import Score, Training
from tests.training.corpus import write_corpus

TRAINING = Training(
    model="models/ours",
    articles=8106,
    keywords=12345,
    candidate_recall=0.8765,
    scores=[
        Score("data structures", 1234, 0.4321, 0.4, 0.35),
        Score("machine learning", 56, 1.0, 0.0, 0.12345),
    ],
    cut=0.31,
    precision=0.6049,
    concepts=9.876,
    seconds=1812.3,
)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the command asks for; it is told `TRAINING`, or what is put under "training"."""
    asked: dict[str, Any] = {"training": TRAINING}

    def train(*arguments: object, progress: object, **options: object) -> Training:
        asked.update(arguments=arguments, options=options)
        return asked["training"]

    monkeypatch.setattr("kg.training.train.train", train)
    return asked


def test_the_report_is_a_table_and_three_sentences(kg, told: dict[str, Any]) -> None:
    shown = kg("train", "my-articles")
    assert (shown.status, shown.err) == (0, "")
    assert shown.out.splitlines() == [
        "left out          articles   F1@5  F1@10  F1@15",
        "data structures      1,234  0.432  0.400  0.350",
        "machine learning        56  1.000  0.000  0.123",
        "",
        "88% of 12,345 keywords are among the candidates.",
        "The automatic cut keeps 9.9 concepts an article; authors chose 60% of them.",
        "Model in models/ours, trained on 8,106 articles in 30 min.",
    ]
    assert told["arguments"] == (Path("my-articles"), None)
    assert told["options"] == {"config": None, "folds": None, "jobs": None}


def test_options_are_handed_on(kg, told: dict[str, Any]) -> None:
    options = ("--out", "o", "--config", "c", "--folds", "f", "--jobs", "3")
    assert kg("train", "a", *options).status == 0
    assert told["arguments"] == (Path("a"), Path("o"))
    assert told["options"] == {"config": Path("c"), "folds": Path("f"), "jobs": 3}


def test_json_is_the_whole_report(kg, told: dict[str, Any]) -> None:
    shown = kg("train", "my-articles", "--json")
    report = json.loads(shown.out)
    assert (shown.status, shown.err) == (0, "")
    assert report["scores"][0] == {
        "group": "data structures",
        "articles": 1234,
        "f1_at_5": 0.4321,
        "f1_at_10": 0.4,
        "f1_at_15": 0.35,
    }
    assert {name: value for name, value in report.items() if name != "scores"} == {
        "model": "models/ours",
        "articles": 8106,
        "keywords": 12345,
        "candidate_recall": 0.8765,
        "cut": 0.31,
        "precision": 0.6049,
        "concepts": 9.876,
        "seconds": 1812.3,
    }


@pytest.mark.parametrize("subject", ["a very long subject " * 9, "two\nlines\tand a tab", "\x1b[31mred"])
def test_whatever_subjects_are_called_the_table_fits_80_columns(kg, told: dict[str, Any], subject: str) -> None:
    told["training"] = Training(
        **{
            **{name: getattr(TRAINING, name) for name in Training.__struct_fields__},
            "scores": [Score(subject, 100, 0.5, 0.5, 0.5), *TRAINING.scores],
        }
    )
    lines = kg("train", "my-articles").out.splitlines()
    assert len(lines) == 8
    assert max(map(len, lines)) <= 80
    assert len({len(line) for line in lines[:4]}) == 1
    assert not any(control in "".join(lines) for control in "\x1b\t")


def test_short_names_stand_below_their_heading(kg, told: dict[str, Any]) -> None:
    told["training"] = Training(
        **{
            **{name: getattr(TRAINING, name) for name in Training.__struct_fields__},
            "scores": [Score("fold 1", 100, 0.5, 0.5, 0.5)],
        }
    )
    head, row = kg("train", "my-articles").out.splitlines()[:2]
    assert len(head) == len(row)
    assert row.startswith("fold 1   ")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_says_what_comes_of_it(kg, option: str) -> None:
    shown = kg("train", option)
    assert (shown.status, shown.err) == (0, "")
    assert "0 the model was written, 1 too few articles have keywords, 2 wrong use" in " ".join(shown.out.split())
    assert 'model = "models/my-articles"' in shown.out
    assert max(len(line) for line in shown.out.splitlines()) <= 80
    for name in ("--out", "--config", "--folds", "--jobs", "--json"):
        assert f"\n  {name}" in shown.out


def test_too_few_keywords_are_status_1(kg, tmp_path: Path) -> None:
    shown = kg("train", write_corpus(tmp_path / "articles", 3), "--out", tmp_path / "out", "--jobs", "1")
    assert (shown.status, shown.out) == (1, "")
    assert shown.err == (f"kg: {tmp_path / 'articles'}: 3 articles have keywords; training needs 100 of them\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument 'ARTICLES'"),
        (("absent-folder",), "absent-folder: no such folder of articles"),
        ((".", "--jobs", "0"), "0 is not in the range"),
        ((".", "--config", "absent.toml"), "absent.toml: cannot be read"),
        ((".", "--out", "thesis"), "thesis exists and is not a model; choose another folder with --out"),
        ((".", "--out", "thesis/a.txt"), "thesis/a.txt is a file: choose a folder with --out"),
    ],
)
def test_wrong_use_is_status_2(
    kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "a.txt").write_text("years of work")
    shown = kg("train", *arguments)
    assert (shown.status, shown.out) == (2, "")
    assert said in shown.err
    assert (tmp_path / "thesis" / "a.txt").read_text() == "years of work"


def test_what_fails_on_the_machine_is_status_3(kg, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise MachineError("LightGBM cannot be loaded")

    monkeypatch.setattr("kg.training.train.train", fails)
    shown = kg("train", "my-articles")
    assert (shown.status, shown.out, shown.err) == (3, "", "kg: LightGBM cannot be loaded\n")
