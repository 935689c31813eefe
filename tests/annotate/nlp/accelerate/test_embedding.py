"""An embedding that adds up multiplied rows gives the vectors of the layers that it stands for, each by itself."""

from __future__ import annotations

import numpy as np
import pytest
from thinc.api import Model

from kg.annotate.nlp.accelerate import embedding as module
from kg.annotate.nlp.accelerate.embedding import (
    Attributes,
    Embedding,
    HashedAttribute,
    embedding_layer,
    is_embedding,
)
from kg.annotate.nlp.pipeline import untouched_pipeline
from kg.base.arrays import Floats32
from kg.base.threads import one_thread

COLUMNS = 6
TEXT = "Bayes' theorem isn't an estimate: P(A) = 0.5, e.g. for IoT-based 24/7 services.\n\n  The end?! " * 3


@pytest.fixture(scope="module")
def layer() -> Model:
    """The embedding of the real model, as spaCy loads it."""
    return untouched_pipeline(None).get_pipe("tok2vec").model.get_ref("embed")


@pytest.fixture(scope="module")
def embedding(layer: Model) -> Embedding:
    """Ours, which has computed nothing yet."""
    with one_thread():
        return embedding_layer(layer).attrs["embedding"]


@pytest.fixture(scope="module")
def attributes() -> Attributes:
    """Of the distinct tokens of a text, and of as many that no text has, more than are computed at once."""
    doc = untouched_pipeline(None).make_doc(TEXT)
    written = np.unique(doc.to_array(["NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"]), axis=0)
    invented = np.random.default_rng(1).integers(0, 1 << 63, (300, COLUMNS)).astype(np.uint64)
    return np.concatenate([written, invented])


def test_the_layer_is_recognised(layer: Model) -> None:
    assert is_embedding(layer)


def test_vectors_are_those_of_the_layers(layer: Model, embedding: Embedding, attributes: Attributes) -> None:
    found: object = [attributes]
    for inner in layer.layers[1:]:
        found = inner.predict(found)
    vectors = embedding.compute(attributes)
    np.testing.assert_allclose(vectors, found[0], rtol=1e-4, atol=1e-5)
    assert len(np.unique(vectors, axis=0)) == len(attributes)


def test_a_vector_has_the_same_bits_at_every_place(embedding: Embedding, attributes: Attributes) -> None:
    expected = embedding.compute(attributes)
    for shift in range(1, 40):
        moved = embedding.compute(np.roll(attributes, shift, axis=0))
        np.testing.assert_array_equal(np.roll(moved, -shift, axis=0), expected)


def test_a_vector_has_the_same_bits_alone_and_among_others(embedding: Embedding, attributes: Attributes) -> None:
    alone = [embedding.compute(attributes[index : index + 1])[0] for index in range(len(attributes))]
    np.testing.assert_array_equal(np.stack(alone), embedding.compute(attributes))


def by_hand() -> Embedding:
    """Two attributes, tables of three rows, a width of two and one piece."""
    table = np.array([[1, 0], [0, 1], [2, 2], [0, 5], [7, 0], [0, 0]], np.float32)
    ones = np.ones(2, np.float32)
    return Embedding([HashedAttribute(1, 8, 0, 3), HashedAttribute(0, 9, 3, 3)], table, 0 * ones, ones, 0 * ones)


def test_vectors_are_kept() -> None:
    kept = by_hand()
    some = np.arange(20, dtype=np.uint64).reshape(-1, 2)
    first = kept(np.concatenate([some[:5], some[:5]]))
    assert len(kept) == 5
    np.testing.assert_array_equal(first, np.concatenate([kept.compute(some[:5])] * 2))
    np.testing.assert_array_equal(kept(some), kept.compute(some))
    assert len(kept) == 10
    assert kept(some[:0]).shape == (0, 2)


def test_a_full_cache_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CACHED_ROWS", 10)
    kept = by_hand()
    some = np.arange(200, dtype=np.uint64).reshape(-1, 2)
    for start in (0, 20, 40, 0):
        wanted = some[start : start + 20]
        np.testing.assert_array_equal(kept(wanted), kept.compute(wanted))
        assert len(kept) == 20


def test_layers_of_another_structure_are_not_recognised() -> None:
    def forward(model: Model, docs: list[object], is_train: bool) -> tuple[list[object], object]:
        return docs, None

    vectors: Model = Model("static_vectors", forward, params={"W": None}, attrs={"columns": [1]})
    assert not is_embedding(Model("embed", forward, layers=[vectors]))
    assert not is_embedding(Model("embed", forward))


def test_the_name_of_a_layer_does_not_matter(layer: Model) -> None:
    renamed = layer.copy()
    for inner in renamed.walk():
        inner.name = "something"
    assert is_embedding(renamed)


def test_what_is_given_back_is_the_callers(embedding: Embedding, attributes: Attributes) -> None:
    first: Floats32 = embedding(attributes[:3])
    kept = first.copy()
    embedding(attributes)
    first += 1
    np.testing.assert_array_equal(embedding(attributes[:3]), kept)
