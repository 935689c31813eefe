"""Convolutions that are computed in place give what the model's own layers give, whatever was computed before."""

from __future__ import annotations

import numpy as np
import pytest
from spacy.ml.models.tok2vec import MishWindowEncoder
from thinc.api import Model

from kg.annotate.nlp.accelerate.encoder import Convolution, Encoder, encoder_layer, is_encoder
from kg.annotate.nlp.pipeline import untouched_pipeline
from kg.base.arrays import Floats32
from kg.base.threads import one_thread

WIDTH = 96


@pytest.fixture(scope="module")
def layer() -> Model:
    """The encoder of the real model, as spaCy loads it."""
    return untouched_pipeline(None).get_pipe("tok2vec").model.get_ref("encode")


@pytest.fixture(scope="module")
def replaced(layer: Model) -> Model:
    """Ours."""
    return encoder_layer(layer)


def rows(length: int) -> Floats32:
    return np.random.default_rng(length).normal(size=(length, WIDTH)).astype(np.float32)


@pytest.mark.parametrize("length", [1, 2, 3, 9, 500])
def test_vectors_are_those_of_the_layers(layer: Model, replaced: Model, length: int) -> None:
    given = rows(length)
    with one_thread():
        (ours,), (theirs,) = replaced.predict([given]), layer.predict([given])
    assert ours.shape == (length, WIDTH)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_text_has_the_same_bits_after_longer_and_shorter_ones(replaced: Model) -> None:
    given = rows(20)
    with one_thread():
        (expected,) = replaced.predict([given])
        for other in (3000, 1, 19, 21):
            replaced.predict([rows(other)])
            np.testing.assert_array_equal(replaced.predict([given])[0], expected)


def test_a_long_text_is_computed_in_blocks_which_are_not_kept(replaced: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    given = rows(100)
    with one_thread():
        (whole,) = replaced.predict([given])
        monkeypatch.setattr("kg.annotate.nlp.accelerate.encoder.MAX_ROWS", 30)
        encoder = replaced.attrs["encoder"]
        encoder._arrays = encoder._allocated(0)
        (blocks,) = replaced.predict([given])
        np.testing.assert_allclose(blocks, whole, rtol=1e-4, atol=1e-5)
        assert max(map(len, encoder._arrays)) == 2 * encoder._size
        replaced.predict([rows(10)])
        assert 10 < max(map(len, encoder._arrays)) < 50


def test_vectors_are_the_callers_own(replaced: Model) -> None:
    (first,) = replaced.predict([rows(5)])
    kept = first.copy()
    replaced.predict([rows(6)])
    np.testing.assert_array_equal(first, kept)


def test_no_tokens_have_no_vectors(replaced: Model) -> None:
    assert replaced.predict([rows(0)])[0].shape == (0, WIDTH)
    assert replaced.predict([]) == []


def test_a_layer_by_hand() -> None:
    """Two numbers a token and two pieces: the first is twice the token before, the second the one after, plus bias."""
    before, after = np.zeros((6, 2), np.float32), np.zeros((6, 2), np.float32)
    before[[0, 1], [0, 1]] = 2
    after[[4, 5], [0, 1]] = 1
    convolution = Convolution(
        np.concatenate([before, after], axis=1),
        np.array([0, 0, 0, 1], np.float32),
        np.array([3, 1], np.float32),
        np.array([0, 10], np.float32),
    )
    given = np.array([[1, 5], [4, 0]], np.float32)
    # First token: nothing before it; the larger of (0, 0) and (4, 0 + 1). Second: of (2, 10) and nothing, (0, 1).
    # Normalised, of two numbers one is 1 and the other is -1.
    expected = given + np.array([[3 * 1, 10 - 1], [3 * -1, 10 + 1]], np.float32)
    np.testing.assert_allclose(Encoder([convolution], 1, 0)(given), expected, rtol=1e-6)


def test_the_layer_is_recognised(layer: Model) -> None:
    assert is_encoder(layer)


def test_layers_of_another_structure_are_not_recognised() -> None:
    assert not is_encoder(MishWindowEncoder(width=WIDTH, window_size=1, depth=2))


def test_windows_of_several_sizes_are_not_recognised(layer: Model) -> None:
    other = layer.copy()
    next(inner for inner in other.walk() if "window_size" in inner.attrs).attrs["window_size"] = 2
    assert not is_encoder(other)


def test_the_name_of_a_layer_does_not_matter(layer: Model) -> None:
    renamed = layer.copy()
    for inner in renamed.walk():
        inner.name = "something"
    assert is_encoder(renamed)
