"""The pipeline with the real model: the same text gives the same bits whatever the threads and the neighbours."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from kg.annotate.package import pipeline_package
from kg.annotate.pipeline import OPS, load_pipeline
from kg.threads import one_thread

TEXTS = ("Technical debt slows a team down.", "Data drift changes what a model sees. " * 40, "One more.")


def test_every_layer_multiplies_with_numpy() -> None:
    pipeline = load_pipeline(None)
    assert {layer.ops for name in pipeline.pipe_names for layer in pipeline.get_pipe(name).model.walk()} == {OPS}


def test_weights_are_the_same_and_lie_as_products_read_them() -> None:
    package = importlib.import_module(pipeline_package(None))
    own, ours = (made.get_pipe("tok2vec").model for made in (package.load(), load_pipeline(None)))
    expected = [layer.get_param("W") for layer in own.walk() if layer.has_param("W")]
    found = [layer.get_param("W") for layer in ours.walk() if layer.has_param("W")]
    assert len(found) == 5
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)
        product = OPS.reshape2f(mine, -1, mine.shape[-1])
        assert product.base is not None
        assert product.T.flags.c_contiguous


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
