"""Replace layers of spaCy and thinc with faster ones, after a check that both give the same results.

There are four replacements, called "parts". A part recognises the layers that it can replace by their structure. When
a pipeline is loaded, each part is installed, and the results for fixed texts are compared with those of the untouched
pipeline: tokens and tags must be equal, vectors nearly equal. A part that does not recognise its layers or fails the
comparison is not used, and tagging takes longer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.pipeline import Tok2Vec, TrainablePipe
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from thinc.api import NumpyOps

from kg.annotate.nlp.accelerate.embedding import embedding_layer, is_embedding
from kg.annotate.nlp.accelerate.encoder import encoder_layer, is_encoder
from kg.annotate.nlp.accelerate.layers import Layer
from kg.annotate.nlp.accelerate.tokenizer import CachingTokenizer
from kg.base.arrays import Floats32

_SENTENCES: Final = (
    "Bayes' theorem isn't an estimate: P(A) = 0.5, e.g. for IoT-based 24/7 services.\n\n  Technical debt (see "
    "https://example.org/a?b=c) slows U.S. teams down; don't ignore it! Data drift, a change of the inputs' "
    "distribution, was found by 3 of 10 models in 2021\u2026 Na\u00efve users' \u201cstate-of-the-art\u201d tools "
    "cost $5 or 10%."
)
CHECK_TEXTS: Final = ("", "Drift", _SENTENCES, f"{_SENTENCES}\n\n" * 4)
"""Texts for the comparison.

The first has no token, the second has one. The others have abbreviations, numbers, quotes, contractions and spaces.
"""
TOLERANCE: Final = 1e-3
"""Largest difference allowed between two elements of vectors.

Different rounding causes differences of about 1e-5. A layer that computes something else causes differences of
about 1e-1.
"""

_FAST_OPS: Final = NumpyOps(use_blis=False)
"""Operations of thinc that compute matrix products with numpy's BLAS, in a third of the time of thinc's own products.

`kg.base.threads` sets the number of threads that BLAS uses.
"""

_Undo = Callable[[], None]


class _UnrecognisedError(Exception):
    """Raised by a part that does not recognise the layers of a pipeline."""


def accelerate(pipeline: Language) -> dict[str, str | None]:
    """Replace the recognised layers of a pipeline with faster ones.

    Args:
        pipeline: the pipeline as loaded by spaCy; it is modified in place.

    Returns:
        A mapping. Key: the name of a part. Value: the reason why the part is not in use, or None if it is in use.

    Raises:
        MemoryError: if there is too little memory. After any other error in a part, only this part is left out. But
            the last bits of vectors depend on the parts in use, and so they must not depend on free memory.
    """
    expected = _read_check_texts(pipeline)
    result: dict[str, str | None] = {}
    for name, install in _PARTS.items():
        try:
            undo = install(pipeline)
        except _UnrecognisedError as error:
            result[name] = str(error)
            continue
        except Exception as error:  # another version of spaCy or thinc may lack any attribute that a part uses
            result[name] = _failure(error)
            continue
        result[name] = _difference(pipeline, expected)
        if result[name] is not None:
            undo()
    return result


@dataclass(frozen=True, eq=False, slots=True)
class _Reading:
    """The tokens, the tags and the vectors that a pipeline returns for a text.

    The vectors are an array of shape (tokens, width).
    """

    tokens: list[tuple[str, str, str, str, str, str]]
    tags: list[str]
    vectors: Floats32


def _read_check_texts(pipeline: Language) -> list[_Reading]:
    readings = []
    for text in CHECK_TEXTS:
        doc: Doc = pipeline.make_doc(text)
        for _, pipe in pipeline.pipeline:
            doc = pipe(doc)
        tokens = [(t.text, t.norm_, t.prefix_, t.suffix_, t.shape_, t.whitespace_) for t in doc]
        readings.append(_Reading(tokens, [token.tag_ for token in doc], np.array(doc.tensor, np.float32)))
    return readings


def _difference(pipeline: Language, expected: list[_Reading]) -> str | None:
    """Read the check texts with a pipeline and compare the result with `expected`.

    Return a description of the first difference, or None if there is none.
    """
    try:
        found = _read_check_texts(pipeline)
    except Exception as error:  # see `accelerate`
        return _failure(error)
    for ours, theirs in zip(found, expected, strict=True):
        if ours.tokens != theirs.tokens:
            return "cuts a text into other tokens"
        if ours.vectors.shape != theirs.vectors.shape:
            return "gives vectors of another shape"
        if not np.allclose(ours.vectors, theirs.vectors, rtol=0, atol=TOLERANCE):
            return f"gives vectors that differ by {np.abs(ours.vectors - theirs.vectors).max():.2g}"
        if ours.tags != theirs.tags:
            return "gives other tags"
    return None


def _failure(error: Exception) -> str:
    """Return the reason why a part is not in use, given the error that it raised.

    Raises:
        MemoryError: if `error` is a MemoryError.
    """
    if isinstance(error, MemoryError):
        raise error
    return f"fails: {type(error).__name__}: {error}"


def _tokenizer(pipeline: Language) -> _Undo:
    tokenizer = pipeline.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        raise _UnrecognisedError("the pipeline has another tokenizer than spaCy's")
    size = tokenizer.max_cache_size

    def undo() -> None:
        pipeline.tokenizer = tokenizer
        tokenizer.max_cache_size = size

    pipeline.tokenizer = CachingTokenizer(tokenizer)
    return undo


def _products(pipeline: Language) -> _Undo:
    layers = [layer for _, pipe in pipeline.pipeline if isinstance(pipe, TrainablePipe) for layer in pipe.model.walk()]
    before = [layer.ops for layer in layers]
    if not layers:
        raise _UnrecognisedError("the pipeline has no such layers")
    if not all(isinstance(ops, NumpyOps) for ops in before):
        raise _UnrecognisedError("the layers do not all compute with numpy")

    def undo() -> None:
        for layer, ops in zip(layers, before, strict=True):
            layer.ops = ops

    for layer in layers:
        layer.ops = _FAST_OPS
    return undo


def _embedding(pipeline: Language) -> _Undo:
    return _replace(pipeline, "embed", is_embedding, embedding_layer)


def _encoder(pipeline: Language) -> _Undo:
    return _replace(pipeline, "encode", is_encoder, encoder_layer)


def _replace(
    pipeline: Language, reference: str, is_known: Callable[[Layer], bool], faster: Callable[[Layer], Layer]
) -> _Undo:
    """Replace the layer named `reference` (see `Model.get_ref` of thinc) in each tok2vec model of a pipeline."""
    models: list[Layer] = [pipe.model for _, pipe in pipeline.pipeline if isinstance(pipe, Tok2Vec)]
    found = [(model, model.get_ref(reference)) for model in models if model.has_ref(reference)]
    if not found:
        raise _UnrecognisedError("the pipeline has no such layers")
    if not all(is_known(layer) for _, layer in found):
        raise _UnrecognisedError("the layers are of another structure")
    swaps = [(model, layer, faster(layer)) for model, layer in found]

    def undo() -> None:
        for model, layer, new in swaps:
            if model.get_ref(reference) is new:
                model.replace_node(new, layer)

    try:
        for model, layer, new in swaps:
            model.replace_node(layer, new)
    except BaseException:
        undo()
        raise
    return undo


_PARTS: Final = {
    "tokenizer": _tokenizer,
    "matrix products": _products,
    "embedding": _embedding,
    "encoder": _encoder,
}
