"""The pipeline with the real model: the same text gives the same bits whatever the threads and the neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from kg.annotate.embedding import BLOCK
from kg.annotate.pipeline import OPS, load_pipeline, tag
from kg.threads import one_thread

TEXTS = ("Technical debt slows a team down.", "Data drift changes what a model sees. " * 40, "One more.")


def test_every_layer_multiplies_with_numpy() -> None:
    pipeline = load_pipeline(None)
    assert {layer.ops for name in pipeline.pipe_names for layer in pipeline.get_pipe(name).model.walk()} == {OPS}


def test_blas_has_one_thread_inside_and_its_own_number_after_it() -> None:
    with threadpool_limits(2, user_api="blas"):
        with one_thread():
            assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {2}


@pytest.mark.parametrize("text", TEXTS)
def test_an_article_gets_the_same_vectors_first_and_last(text: str) -> None:
    pipeline = load_pipeline(None)
    with one_thread():
        alone = pipeline(text)
        for other in TEXTS:
            pipeline(other)
        again = pipeline(text)
    assert alone.tensor.any()
    np.testing.assert_array_equal(alone.tensor, again.tensor)
    assert [token.tag_ for token in alone] == [token.tag_ for token in again]


def test_texts_that_are_tagged_together_are_tagged_each_by_itself() -> None:
    pipeline = load_pipeline(None)
    with one_thread():
        alone = [pipeline(text) for text in TEXTS]
        together = [*tag(pipeline, TEXTS)]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.tensor, other.tensor)
        assert [(token.text, token.tag_) for token in one] == [(token.text, token.tag_) for token in other]
    assert [*tag(pipeline, [])] == []


def test_the_rows_of_several_texts_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = load_pipeline(None)
    table = pipeline.get_pipe("tok2vec").model.get_ref("embed").attrs["table"]
    blocks: list[int] = []
    compute = table._compute
    monkeypatch.setattr(table, "_compute", lambda block: (blocks.append(len(block)), compute(block))[1])
    table._places.clear()
    with one_thread():
        assert len([*tag(pipeline, TEXTS)]) == len(TEXTS)
    distinct = len(table)
    assert distinct > len(TEXTS)
    assert len(blocks) == -(-distinct // BLOCK)
