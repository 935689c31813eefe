"""A row that is looked up is the row that would be computed, whatever was computed before it or beside it."""

from __future__ import annotations

import numpy as np
import pytest
from spacy.language import Language
from thinc.api import Model

from kg.annotate import embedding
from kg.annotate.embedding import BLOCK, Attributes, Floats, Table, keep_rows
from kg.annotate.pipeline import load_pipeline
from kg.threads import one_thread

COLUMNS = 6
TEXT = "Bayes' theorem isn't an estimate: P(A) = 0.5, e.g. for IoT-based 24/7 services.\n\n  The end?! " * 3


@pytest.fixture(scope="module")
def kept() -> Model:
    """The layer that looks up, of the real model; its own layer is the one that computes."""
    return load_pipeline(None).get_pipe("tok2vec").model.get_ref("embed")


@pytest.fixture(scope="module")
def attributes() -> Attributes:
    """Of all distinct tokens of a text and as many that no text has, which is several blocks and a part of one."""
    doc = load_pipeline(None).make_doc(TEXT)
    written = np.unique(doc.to_array(["NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"]), axis=0)
    invented = np.random.default_rng(1).integers(0, 1 << 63, (3 * BLOCK + 5, COLUMNS)).astype(np.uint64)
    return np.concatenate([written, invented])


def computed(kept: Model, attributes: Attributes) -> Floats:
    """What the layer of the model itself makes of them, all at once."""
    found: object = [attributes]
    for layer in kept.layers[0].layers[1:]:
        found = layer.predict(found)
    return found[0]


def table(kept: Model) -> Table:
    """One that knows nothing yet."""
    return Table(kept.layers[0].get_dim("nO"), kept.attrs["table"]._compute)


def test_rows_are_those_of_the_layer(kept: Model, attributes: Attributes) -> None:
    with one_thread():
        found = table(kept).rows(attributes)
        np.testing.assert_allclose(found, computed(kept, attributes), rtol=1e-4, atol=1e-5)
    assert len(np.unique(found, axis=0)) == len(attributes)


def test_a_row_has_the_same_bits_at_every_place_of_a_block(kept: Model, attributes: Attributes) -> None:
    with one_thread():
        expected = table(kept).rows(attributes)
        for shift in range(1, BLOCK + 1):
            moved = table(kept).rows(np.roll(attributes, shift, axis=0))
            np.testing.assert_array_equal(np.roll(moved, -shift, axis=0), expected)


def test_a_row_has_the_same_bits_alone_and_among_others(kept: Model, attributes: Attributes) -> None:
    with one_thread():
        expected = table(kept).rows(attributes)
        alone = [table(kept).rows(attributes[index : index + 1])[0] for index in range(len(attributes))]
    np.testing.assert_array_equal(np.stack(alone), expected)


def test_a_row_is_computed_once_and_in_blocks_of_one_size() -> None:
    seen: list[Attributes] = []

    def compute(block: Attributes) -> Floats:
        seen.append(block.copy())
        return block[:, :2].astype(np.float32)

    rows = Table(2, compute)
    some = np.arange(2 * BLOCK * COLUMNS, dtype=np.uint64).reshape(-1, COLUMNS)
    first = rows.rows(np.concatenate([some[:5], some[:5]]))
    rest = rows.rows(some)
    np.testing.assert_array_equal(first, np.concatenate([some[:5, :2], some[:5, :2]]))
    np.testing.assert_array_equal(rest, some[:, :2])
    assert [len(block) for block in seen] == [BLOCK] * 3
    assert sum((block != 0).any(axis=1).sum() for block in seen) == 2 * BLOCK == len(rows)
    assert rows.rows(some[:0]).shape == (0, 2)


def test_a_full_table_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "MOST", 10)
    rows = Table(2, lambda block: block[:, :2].astype(np.float32))
    some = np.arange(600, dtype=np.uint64).reshape(-1, COLUMNS)
    for start in (0, 20, 40, 0):
        wanted = some[start : start + 20]
        np.testing.assert_array_equal(rows.rows(wanted), wanted[:, :2])
        assert len(rows) == 20


def test_a_text_gets_the_same_vectors_from_a_new_process_and_from_an_old_one(kept: Model) -> None:
    pipeline: Language = load_pipeline(None)
    with one_thread():
        before = pipeline(TEXT).tensor
        kept.attrs["table"]._places.clear()
        pipeline("Nothing of this was read before, or what was? " * 9)
        after = pipeline(TEXT).tensor
    assert before.any()
    np.testing.assert_array_equal(before, after)


def test_a_model_of_another_make_stays_as_it_is() -> None:
    def forward(model: Model, docs: list[object], is_train: bool) -> tuple[list[object], object]:
        return docs, None

    vectors: Model = Model("static_vectors", forward)
    embed: Model = Model("embed", forward, layers=[vectors])
    model: Model = Model("tok2vec", forward, layers=[embed], refs={"embed": embed})
    keep_rows(model)
    assert model.layers == [embed]
    bare: Model = Model("tok2vec", forward)
    keep_rows(bare)
    assert bare.layers == []
