"""What the token model says of an article depends on the article alone, and its file holds numbers alone."""

import io
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.annotate.collect import read_rows
from kg.annotate.extract.token_model import (
    FEATURES,
    FILE_NAME,
    OUTSIDE,
    WEIGHTS,
    WINDOW,
    TokenModel,
    load_token_model,
    neighbourhoods,
    summary,
    wanted_tokens,
)
from kg.base.errors import UsageError
from tests.annotate.annotating import annotated
from tests.annotate.spans import spans_of

WIDTH, HIDDEN = 4, 6


def model(seed: int = 1) -> TokenModel:
    """Of some weights, in half precision, as a file holds them."""
    rng = np.random.default_rng(seed)
    shapes = (HIDDEN, (2 * WINDOW + 2) * WIDTH), (HIDDEN,), (5, HIDDEN), (5,)
    return TokenModel(
        "some_pipeline 1.0", *(rng.normal(size=shape).astype(np.float16).astype("f4") for shape in shapes)
    )


def vectors(tokens: int, seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(tokens, WIDTH)).astype(np.float32)


# Probabilities


def test_probabilities_sum_to_one() -> None:
    found = model().probabilities(vectors(9), np.ones(9, np.bool_))
    assert found.shape == (9, 5)
    assert (found > 0).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(9))


def test_scores_however_large_give_probabilities() -> None:
    found = model().probabilities(1e4 * vectors(9), np.ones(9, np.bool_))
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(9))


def test_many_tokens_are_computed_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    given, wanted = vectors(20), np.arange(20) % 3 != 0
    whole = model().probabilities(given, wanted)
    monkeypatch.setattr("kg.annotate.extract.token_model.MAX_ROWS", 5)
    np.testing.assert_allclose(model().probabilities(given, wanted), whole, rtol=1e-5)


def test_tokens_that_are_not_wanted_are_outside() -> None:
    wanted = np.array([True, False, True, False])
    found = model().probabilities(vectors(4), wanted)
    assert found[~wanted].tolist() == [[1, 0, 0, 0, 0]] * 2
    assert (found[wanted, OUTSIDE] < 1).all()


@pytest.mark.parametrize("tokens", [0, 3])
def test_an_article_without_candidates_is_outside(tokens: int) -> None:
    found = model().probabilities(vectors(tokens), np.zeros(tokens, np.bool_))
    assert found.tolist() == [[1, 0, 0, 0, 0]] * tokens


def test_the_network_sees_a_token_and_its_neighbours() -> None:
    given = vectors(5)
    nothing = [0.0] * WIDTH
    found = neighbourhoods(given, np.array([True, False, False, True, False])).reshape(2, 2 * WINDOW + 1, WIDTH)
    assert found[0].tolist() == [nothing] * 3 + given[:4].tolist()
    assert found[1].tolist() == [*given.tolist(), nothing, nothing]


def test_probabilities_are_the_networks() -> None:
    network, given, wanted = model(), vectors(7), np.array([True] * 3 + [False] + [True] * 3)
    mean = given[wanted].astype(np.float64).mean(axis=0)
    expected = []
    for row in neighbourhoods(given, wanted).astype(np.float64):
        seen = np.concatenate([row, mean])
        hidden = np.maximum(network.hidden.astype(np.float64) @ seen + network.hidden_bias, 0)
        odds = np.exp(network.output.astype(np.float64) @ hidden + network.output_bias)
        expected.append(odds / odds.sum())
    assert network.probabilities(given, wanted)[wanted] == pytest.approx(np.array(expected), rel=1e-4, abs=1e-6)


def test_wanted_tokens_stand_in_a_candidate() -> None:
    found = wanted_tokens(6, spans_of([[(0, 1), (4, 6)], [(4, 5)]]))
    assert found.tolist() == [True, False, False, False, True, True]
    assert wanted_tokens(2, spans_of([])).tolist() == [False, False]


# Summary


def slowly(probabilities: np.ndarray, candidates: list[list[tuple[int, int]]]) -> list[list[float]]:
    """What `summary` promises, one occurrence at a time."""
    result = []
    for spans in candidates:
        fits, insides, weakest, before, after = [], [], [], [], []
        for begin, end in spans:
            wanted = [2] * (end - begin)
            wanted[0], wanted[-1] = (4, 4) if end - begin == 1 else (1, 3)
            own = [max(float(probabilities[begin + at, label]), 1e-6) for at, label in enumerate(wanted)]
            part = [1 - float(row[0]) for row in probabilities]
            fits.append(float(np.prod(own)) ** (1 / len(own)))
            insides.append(sum(part[begin:end]) / (end - begin))
            weakest.append(min(part[begin:end]))
            before.append(part[begin - 1] if begin else 0.0)
            after.append(part[end] if end < len(part) else 0.0)
        means = [sum(values) / len(spans) for values in (fits, insides, weakest, before, after)]
        result.append([means[0], max(fits), means[1], max(insides), *means[2:]])
    return result


@st.composite
def articles(draw: st.DrawFn) -> tuple[np.ndarray, list[list[tuple[int, int]]]]:
    """Probabilities of some tokens, and candidates of one to three occurrences of one to five tokens."""
    tokens = draw(st.integers(1, 12))
    odds = np.array(
        draw(st.lists(st.lists(st.integers(0, 20), min_size=5, max_size=5), min_size=tokens, max_size=tokens))
    )
    odds[:, 0] += 1
    begins = st.integers(0, tokens - 1)
    spans = st.tuples(begins, st.integers(1, 5)).map(lambda span: (span[0], min(sum(span), tokens)))
    candidates = draw(st.lists(st.lists(spans, min_size=1, max_size=3), max_size=5))
    return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32), candidates


@settings(max_examples=300, deadline=None)
@given(articles())
def test_summary_is_what_it_says(article: tuple[np.ndarray, list[list[tuple[int, int]]]]) -> None:
    probabilities, candidates = article
    found = summary(probabilities, spans_of(candidates))
    assert found.shape == (len(candidates), len(FEATURES))
    assert found.dtype == np.float32
    assert found.tolist() == [pytest.approx(row, rel=1e-3, abs=1e-5) for row in slowly(probabilities, candidates)]


def test_summary_by_hand() -> None:
    outside, begin, end, single = [1, 0, 0, 0, 0], [0.5, 0.5, 0, 0, 0], [0, 0, 0, 0.5, 0.5], [0.2, 0, 0, 0, 0.8]
    given = np.array([begin, end, outside, single], np.float32)
    both, alone = summary(given, spans_of([[(0, 2)], [(1, 2), (3, 4)]])).tolist()
    assert dict(zip(FEATURES, both, strict=True)) == pytest.approx(
        {"fit": 0.5, "best_fit": 0.5, "inside": 0.75, "best_inside": 0.75, "weakest": 0.5, "before": 0, "after": 0}
    )
    assert dict(zip(FEATURES, alone, strict=True)) == pytest.approx(
        {"fit": 0.65, "best_fit": 0.8, "inside": 0.9, "best_inside": 1, "weakest": 0.9, "before": 0.25, "after": 0}
    )


# An article by itself


def test_an_article_gets_the_same_bits_whatever_was_tagged_before(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Data drift\n\nData drift hurts a machine learning model, and a feature store.\n")
    (tmp_path / "b.md").write_text("# Other things\n\n" + "A neural network needs a learning rate and a loss. " * 40)
    (tmp_path / "c.md").write_text("# Nothing\n\n```\nx = 1\n```\n")
    width, name = 96, "en_core_web_sm 3.8.0"
    rng = np.random.default_rng(1)
    shapes = (192, (2 * WINDOW + 2) * width), (192,), (5, 192), (5,)
    weights = (rng.normal(scale=0.05, size=shape).astype(np.float32) for shape in shapes)
    network = TokenModel(name, *weights)

    def said(*files: str) -> dict[str, list[list[float]]]:
        rows = read_rows([annotated(tmp_path / "rows", tmp_path, *files, model=network)], "candidates")
        found: dict[str, list[list[float]]] = {}
        for row in rows.to_pylist():
            found.setdefault(files[row["file"]], []).append([row[feature] for feature in FEATURES])
        return found

    together = said("b.md", "c.md", "a.md")
    assert together["a.md"] == said("a.md")["a.md"]
    assert together["b.md"] == said("b.md")["b.md"]
    assert len({tuple(row) for row in together["a.md"]}) > 3


# The file


def test_a_model_survives_being_written(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(model().to_bytes())
    found = load_token_model(tmp_path, "some_pipeline 1.0")
    assert found.pipeline == "some_pipeline 1.0"
    for name in WEIGHTS:
        assert getattr(found, name).dtype == np.float32
        assert getattr(found, name).tolist() == getattr(model(), name).tolist()
    assert found.to_bytes() == model().to_bytes()


def test_a_model_that_was_trained_anew_is_read_anew(tmp_path: Path) -> None:
    for seed in (1, 2):
        (tmp_path / FILE_NAME).write_bytes(model(seed).to_bytes())
        found = load_token_model(tmp_path, "some_pipeline 1.0")
        assert found.hidden.tolist() == model(seed).hidden.tolist()


def test_a_model_of_another_pipeline_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(model().to_bytes())
    for other in ("other 1.0", "some_pipeline 1.1"):
        said = rf"with the spaCy pipeline some_pipeline 1\.0, not with {other}: .*kg train"
        with pytest.raises(UsageError, match=said):
            load_token_model(tmp_path, other)


def test_the_digest_of_a_model_is_of_its_weights_and_its_pipeline() -> None:
    same, other = model(), model(2)
    assert model().digest == same.digest
    assert len({same.digest, other.digest, replace(same, pipeline="some_pipeline 1.1").digest}) == 3


class Evil:
    """What a pickle could do."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("evil",)


def pickled() -> bytes:
    arrays = {name: getattr(model(), name) for name in WEIGHTS} | {"hidden": np.array([Evil()], object)}
    buffer = io.BytesIO()
    np.savez(buffer, pipeline=np.array("some_pipeline 1.0"), **arrays)
    return buffer.getvalue()


def without(name: str) -> bytes:
    arrays = {each: getattr(model(), each) for each in WEIGHTS if each != name}
    buffer = io.BytesIO()
    np.savez(buffer, pipeline=np.array("some_pipeline 1.0"), **arrays)
    return buffer.getvalue()


def overwritten() -> bytes:
    whole = bytearray(model().to_bytes())
    whole[100:200] = bytes(100)
    return bytes(whole)


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"not a model",
        b"PK\x03\x04",
        model().to_bytes()[:-100],
        overwritten(),
        without("hidden_bias"),
        pickled(),
        np.lib.format.magic(1, 0),
    ],
    ids=["missing", "empty", "text", "zip", "cut off", "overwritten", "an array missing", "pickle", "npy"],
)
def test_what_is_no_model_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(UsageError, match=r"tokens\.npz: not a model that kg train wrote"):
        load_token_model(tmp_path, "some_pipeline 1.0")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"hidden": np.ones(6)},
        {"hidden": np.ones((6, 31))},
        {"hidden": np.ones((0, 32))},
        {"hidden_bias": np.ones(5)},
        {"hidden_bias": np.array(1.0)},
        {"output": np.ones((4, 6)), "output_bias": np.ones(4)},
        {"output": np.array(1.0)},
        {"output_bias": np.full(5, np.nan)},
        {"hidden": np.full((6, 32), np.inf)},
        {"hidden": np.ones((6, 32), np.bool_)},
        {"hidden": np.ones((6, 32), "datetime64[s]")},
        {"hidden": np.zeros(6, [("a", np.float32)])},
    ],
    ids=lambda changed: " ".join(f"{name} {array.dtype} {array.shape}" for name, array in changed.items()),
)
def test_weights_that_do_not_fit_are_a_usage_error(tmp_path: Path, changed: dict[str, np.ndarray]) -> None:
    arrays = {name: getattr(model(), name) for name in WEIGHTS} | changed
    with (tmp_path / FILE_NAME).open("wb") as file:
        np.savez(file, pipeline=np.array("some_pipeline 1.0"), **arrays)
    with pytest.raises(UsageError, match=r"tokens\.npz: not a model that kg train wrote"):
        load_token_model(tmp_path, "some_pipeline 1.0")


def test_vectors_of_another_width_are_a_usage_error() -> None:
    with pytest.raises(UsageError, match="vectors of another width than 3"):
        model().probabilities(np.zeros((2, 3), np.float32), np.ones(2, np.bool_))


def test_a_damaged_byte_is_a_usage_error_or_does_no_harm(tmp_path: Path) -> None:
    whole = model().to_bytes()
    for place in range(0, len(whole), 7):
        folder = tmp_path / str(place)
        folder.mkdir()
        (folder / FILE_NAME).write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with suppress(UsageError):
            load_token_model(folder, "some_pipeline 1.0")
