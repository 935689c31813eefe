"""The pipeline with the real model: the same text gives the same bits whatever the threads and the neighbours."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from threadpoolctl import threadpool_info, threadpool_limits

from kg.annotate.nlp import pipeline as module
from kg.annotate.nlp.pipeline import bounded_memory, load_tagger, tag
from kg.base.threads import one_thread
from kg.read.failure import TooLargeError

TEXTS = ("Technical debt slows a team down.", "Data drift changes what a model sees. " * 40, "One more.")


def test_blas_has_one_thread_inside_and_its_own_number_after_it() -> None:
    with threadpool_limits(2, user_api="blas"):
        with one_thread():
            assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {2}


@pytest.mark.parametrize("text", TEXTS)
def test_an_article_gets_the_same_vectors_first_and_last(text: str) -> None:
    pipeline = load_tagger(None).pipeline
    with one_thread():
        alone = pipeline(text)
        for other in TEXTS:
            pipeline(other)
        again = pipeline(text)
    assert alone.tensor.any()
    np.testing.assert_array_equal(alone.tensor, again.tensor)
    assert [token.tag_ for token in alone] == [token.tag_ for token in again]


def test_texts_that_are_tagged_together_are_tagged_each_by_itself() -> None:
    pipeline = load_tagger(None).pipeline
    with one_thread():
        alone = [pipeline(text) for text in TEXTS]
        together = [*tag(pipeline, TEXTS)]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.tensor, other.tensor)
        assert [(token.text, token.tag_) for token in one] == [(token.text, token.tag_) for token in other]
    assert [*tag(pipeline, [])] == []


def test_a_text_of_too_many_tokens_is_refused_and_one_at_the_limit_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TOKENS", 10)
    pipeline = load_tagger(None).pipeline
    with one_thread():
        assert len(next(tag(pipeline, ["word " * 9 + "word"]))) == 10
        with pytest.raises(TooLargeError, match="has 11 words and punctuation marks, over the limit of 10 for one"):
            next(tag(pipeline, ["word " * 10 + "word"]))


def test_a_text_of_more_than_a_million_characters_is_tagged() -> None:
    text = f"{'a' * 600_000} {'b' * 600_000}"
    with one_thread():
        assert len(next(tag(load_tagger(None).pipeline, [text]))) == 2


def test_threads_of_blas_change_no_bit() -> None:
    with threadpool_limits(2, user_api="blas"):
        load_tagger.cache_clear()
        two = load_tagger(None).pipeline
        with one_thread():
            first = two(TEXTS[1]).tensor
    load_tagger.cache_clear()
    with threadpool_limits(1, user_api="blas"):
        np.testing.assert_array_equal(load_tagger(None).pipeline(TEXTS[1]).tensor, first)


def test_a_vocabulary_stops_growing_once_it_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = spacy.blank("en")
    monkeypatch.setattr(module, "MAX_WORDS", len(pipeline.vocab))
    with bounded_memory(pipeline):
        assert not pipeline.vocab.in_memory_zone
        kept = [token.text for token in pipeline("serendipity persists")]
    with bounded_memory(pipeline):
        assert pipeline.vocab.in_memory_zone
        expected = [t.text for t in pipeline(f"{TEXTS[0]} ephemerality")]
    assert [word in pipeline.vocab.strings for word in (*kept, "ephemerality")] == [True, True, False]
    with bounded_memory(pipeline):
        assert [t.text for t in pipeline(f"{TEXTS[0]} ephemerality")] == expected
