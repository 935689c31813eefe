"""The ranker: probabilities that it gives, and files that are and are no model."""

import gzip
import importlib
import json
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate import rows
from kg.annotate.extract.token_model import FILE_NAME as TOKENS
from kg.annotate.extract.token_model import load_token_model
from kg.base.errors import MachineError, UsageError
from kg.concepts.ranking.background import FILE_NAME as BACKGROUND
from kg.concepts.ranking.ranker import (
    CARD,
    FILES,
    SHIPPED,
    TREES,
    Ranker,
    calibrated,
    load_ranker,
    model_folder,
    model_version,
)
from kg.concepts.terms.candidate_store import candidates_of
from tests.concepts.by_hand import article, candidate

MOST_BYTES = 10_000_000


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the shipped one."""
    return shutil.copytree(SHIPPED, tmp_path / "my model")


def likely(ranker: Ranker, *candidates: dict) -> list[float]:
    """The probability of each of `candidates`, which are of one article in a hundred."""
    table = pa.Table.from_pylist(list(candidates), rows.CANDIDATES)
    articles = pa.Table.from_pylist([{**article(file, []), "tokens": 500} for file in range(100)], rows.ARTICLES)
    nothing = np.empty(0, np.int64)
    return ranker.salience(candidates_of([table], articles, nothing), rows.WORDS.empty_table()).tolist()


# Probabilities


@given(st.floats(-300, 300), st.floats(0.1, 2), st.floats(-3, 3))
def test_calibrated_odds_are_probabilities(odds: float, slope: float, offset: float) -> None:
    (probability,) = calibrated(np.array([odds]), slope, offset)
    assert 0 <= probability <= 1
    if 1e-6 < probability < 1 - 1e-6:
        assert np.log(probability / (1 - probability)) == pytest.approx(slope * odds + offset, abs=1e-6)


def test_calibration_by_hand() -> None:
    assert calibrated(np.array([0.0, 2.0]), 0.5, 0.0).tolist() == pytest.approx([0.5, np.e / (1 + np.e)])
    assert calibrated(np.array([0.0]), 3.0, -1.0).tolist() == pytest.approx([1 / (1 + np.e)])


def test_odds_are_calibrated_as_the_card_says(shipped: Ranker) -> None:
    given = [candidate(0, "drift", 1), candidate(0, "data drift", 9)]
    card = type(shipped.card)(**{**_card(shipped), "slope": 2 * shipped.card.slope, "offset": 0.5})
    steeper = likely(Ranker(card, shipped.trees, shipped.background), *given)
    logits = [np.log(value / (1 - value)) - shipped.card.offset for value in likely(shipped, *given)]
    assert [np.log(value / (1 - value)) for value in steeper] == pytest.approx([2 * logit + 0.5 for logit in logits])


def _card(ranker: Ranker) -> dict:
    return {name: getattr(ranker.card, name) for name in ranker.card.__struct_fields__}


def test_probabilities_lie_between_zero_and_one(shipped: Ranker) -> None:
    assert all(0 < value < 1 for value in likely(shipped, candidate(0, "drift", 1), candidate(0, "data drift", 10_000)))


class Caught:
    """Remembers nothing but how the trees are asked."""

    def of(self, rows: np.ndarray, compute: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        self.compute = compute
        return compute(rows)


@pytest.mark.parametrize("count", [1, 5000])
def test_some_trees_at_a_time_add_up_to_the_same_bits_as_all_with_early_stopping(shipped: Ranker, count: int) -> None:
    caught = Caught()
    likely(replace(shipped, remember=lambda: nullcontext(caught)), candidate(0, "drift", 1))
    made = np.random.default_rng(count)
    asked = (made.random((count, len(shipped.card.features))) * made.choice([0, 1, 9], (count, 1))).astype(np.float32)
    early = {"pred_early_stop": True, "pred_early_stop_freq": 10, "pred_early_stop_margin": 8}
    expected = shipped.trees.predict(asked, raw_score=True, **early)
    assert caught.compute(asked).tolist() == expected.tolist()
    assert count == 1 or 100 < (abs(expected) > 4).sum() < count - 100


def test_no_candidates_is_no_probability(shipped: Ranker) -> None:
    assert likely(shipped) == []


def test_the_shipped_model_prefers_what_is_in_the_title_and_often_in_the_text(shipped: Ranker) -> None:
    inside = {"fit": 0.6, "best_fit": 0.8, "inside": 0.7, "best_inside": 0.9, "weakest": 0.7}
    strong = {**candidate(0, "data drift", 9), "in_title": True, "heading": 2, "bold": 1, "alone": 9, **inside}
    weak = {**candidate(0, "new week", 1), "first": 0.9, "last": 0.9, "shape": "an"}
    better, worse = likely(shipped, strong, weak)
    assert better > shipped.card.cut > worse


# The files of the shipped model


def test_the_shipped_model_holds_numbers_and_text_alone(shipped: Ranker) -> None:
    assert sorted(path.name for path in SHIPPED.iterdir()) == sorted(FILES)
    for name in FILES:
        content = (SHIPPED / name).read_bytes()
        if name.endswith(".npz"):
            with np.load(SHIPPED / name, allow_pickle=False) as arrays:
                assert {array.dtype.kind for array in arrays.values()} <= set("fuU")
        elif name.endswith(".json"):
            assert json.loads(content)["features"] == shipped.card.features
        else:
            assert gzip.decompress(content).decode("ascii").startswith("tree\n")


def test_the_shipped_model_is_small() -> None:
    assert sum((SHIPPED / name).stat().st_size for name in FILES) <= MOST_BYTES


def test_the_shipped_model_is_for_the_default_pipeline(shipped: Ranker) -> None:
    assert load_token_model(SHIPPED, "en_core_web_sm 3.8.0").hidden.shape[1] == 8 * 96
    assert 0.05 <= shipped.card.cut <= 0.95
    assert shipped.trees.num_feature() == len(shipped.card.features)


# Which model


def test_a_model_is_named_relative_to_kg_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert model_folder(None, tmp_path / "kg.toml") == SHIPPED
    assert model_folder("models/mine", tmp_path / "a" / "kg.toml") == tmp_path / "a" / "models" / "mine"
    assert model_folder("../mine", tmp_path / "a" / "kg.toml") == tmp_path / "mine"
    assert model_folder("mine", None) == tmp_path / "mine"


def test_the_version_of_a_model_changes_with_each_of_its_files(model: Path) -> None:
    version = model_version(model)
    assert version == model_version(SHIPPED)
    assert version.startswith(json.loads((model / CARD).read_text())["name"] + " ")
    for name in FILES:
        before = (model / name).read_bytes()
        (model / name).write_bytes(before + b"\n")
        assert model_version(model) != version, name
        (model / name).write_bytes(before)
    (model / "notes.txt").write_text("of no consequence")
    assert model_version(model) == version


# What is no model


def gone(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.write_bytes(b"something else")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("name", [CARD, TREES, BACKGROUND])
@pytest.mark.parametrize("damage", [gone, emptied, foreign, cut_off])
def test_a_damaged_model_is_a_usage_error_that_names_it(model: Path, name: str, damage: Callable) -> None:
    damage(model / name)
    with pytest.raises(UsageError, match=r"my model: not a model that kg train wrote"):
        load_ranker(model)


@pytest.mark.parametrize("trees", [b"something else", b"tree\nversion=v4\n", b""])
def test_trees_that_lightgbm_cannot_read_are_a_usage_error(model: Path, trees: bytes) -> None:
    (model / TREES).write_bytes(gzip.compress(trees))
    with pytest.raises(UsageError, match=r"my model: "):
        load_ranker(model)


@pytest.mark.parametrize(
    ("name", "damage"), [(CARD, gone), (CARD, foreign), (TREES, gone), (TOKENS, gone), (BACKGROUND, gone)]
)
def test_what_has_no_version_is_no_model(model: Path, name: str, damage: Callable) -> None:
    damage(model / name)
    with pytest.raises(UsageError, match=r"my model: not a model that kg train wrote"):
        model_version(model)


def test_no_folder_is_no_model(tmp_path: Path) -> None:
    for read in (load_ranker, model_version):
        with pytest.raises(UsageError, match=r"absent: not a model that kg train wrote"):
            read(tmp_path / "absent")


def with_card(model: Path, **changes: object) -> None:
    card = json.loads((model / CARD).read_text())
    (model / CARD).write_text(json.dumps({**card, **changes}))


def test_a_card_with_something_else_in_it_is_no_model(model: Path) -> None:
    for changes in ({"author": "?"}, {"cut": "high"}, {"features": 3}):
        with_card(model, **changes)
        for read in (load_ranker, model_version):
            with pytest.raises(UsageError, match=r"my model: not a model that kg train wrote"):
                read(model)


def test_a_card_of_other_trees_is_refused(model: Path, shipped: Ranker) -> None:
    with_card(model, features=shipped.card.features[::-1])
    with pytest.raises(UsageError, match=r"my model: its files belong to different models"):
        load_ranker(model)


def test_a_model_with_other_features_than_this_program_is_refused(model: Path, shipped: Ranker) -> None:
    names = ["bygone", *shipped.card.features[1:]]
    with_card(model, features=names)
    text = gzip.decompress((model / TREES).read_bytes()).decode()
    line = "feature_names=" + " ".join(name.replace(" ", "_") for name in names)
    changed = "\n".join(line if given.startswith("feature_names=") else given for given in text.split("\n"))
    (model / TREES).write_bytes(gzip.compress(changed.encode()))
    with pytest.raises(UsageError, match=r"my model: .*another version.*kg train"):
        load_ranker(model)


def test_without_openmp_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    load = importlib.import_module

    def fails(name: str, package: str | None = None) -> object:
        if name == "lightgbm":
            raise OSError("libgomp.so.1: cannot open shared object file: No such file or directory")
        return load(name, package)

    monkeypatch.setattr(importlib, "import_module", fails)
    with pytest.raises(MachineError, match=r"libgomp\.so\.1.*apt-get install libgomp1.*brew install libomp"):
        load_ranker(SHIPPED)
