"""Convolutions that are computed in place give what the model's own layers give, whatever was computed before."""

from __future__ import annotations

import numpy as np
import pytest
from spacy.ml.models.tok2vec import MishWindowEncoder
from thinc.api import Model, chain

from kg.annotate.encoder import Convolution, Encoder, Floats, encode_in_place
from kg.annotate.pipeline import load_pipeline
from kg.threads import one_thread

WIDTH = 96


@pytest.fixture(scope="module")
def replaced() -> Model:
    """The layer of the real model that encodes in place; its own layer is the one of thinc."""
    found: Model = load_pipeline(None).get_pipe("tok2vec").model.layers[1]
    assert found.name == "encode_in_place"
    return found


def rows(length: int) -> Floats:
    return np.random.default_rng(length).normal(size=(length, WIDTH)).astype(np.float32)


@pytest.mark.parametrize("length", [1, 2, 3, 9, 500])
def test_vectors_are_those_of_the_layers(replaced: Model, length: int) -> None:
    given = rows(length)
    with one_thread():
        (ours,), (theirs,) = replaced.predict([given]), replaced.layers[0].predict([given])
    assert ours.shape == (length, WIDTH)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_text_has_the_same_bits_after_longer_and_shorter_ones(replaced: Model) -> None:
    given = rows(20)
    with one_thread():
        (expected,) = replaced.predict([given])
        for other in (3000, 1, 19, 21):
            replaced.predict([rows(other)])
            np.testing.assert_array_equal(replaced.predict([given])[0], expected)


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


def test_a_model_of_another_make_stays_as_it_is() -> None:
    def forward(model: Model, docs: list[object], is_train: bool) -> tuple[list[object], object]:
        return docs, None

    embed: Model = Model("embed", forward)
    mish = MishWindowEncoder(width=WIDTH, window_size=1, depth=2)
    model = chain(embed, mish)
    model.set_ref("encode", mish)
    encode_in_place(model)
    assert model.layers == [embed, mish]
    bare: Model = Model("tok2vec", forward, layers=[embed])
    encode_in_place(bare)
    assert bare.layers == [embed]
