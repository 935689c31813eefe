"""Replace layers of a spaCy pipeline by faster ones, and check that both give the same results.

There are four replacements, called "parts": tokenizer, matrix products, embedding and encoder. When a pipeline is
loaded, each part looks for layers with a known structure and replaces them. Then the pipeline tags some fixed texts,
and the results are compared with those of the original layers: tokens and tags must be equal, vectors nearly equal. If
a part finds no such layers, or if the results differ, the original layers stay in use, and tagging takes longer.
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
"""Texts for which the results of the original layers and of the faster layers are compared.

The first text has no token, the second has one. The others have abbreviations, numbers, quotes, contractions and
spaces.
"""
TOLERANCE: Final = 1e-3
"""Largest allowed difference between an element of a vector from the original layers and from the faster layers.

Different rounding causes differences of about 1e-5. A layer that computes something else causes differences of
about 1e-1.
"""

_FAST_OPS: Final = NumpyOps(use_blis=False)
"""Operations of thinc, configured to compute matrix products with numpy's BLAS.

This takes a third of the time of thinc's own matrix products. `kg.base.threads` sets the number of threads of BLAS.
"""

_Undo = Callable[[], None]


class _UnrecognisedError(Exception):
    """Error that is raised if a pipeline has no layers that a certain faster layer can replace."""


def accelerate(pipeline: Language) -> dict[str, str | None]:
    """Replace layers of a spaCy pipeline by faster ones where this does not change the results.

    Args:
        pipeline: the pipeline as loaded by spaCy; it is modified in place.

    Returns:
        A mapping. Key: the name of a replacement, such as "tokenizer". Value: the reason why it is not in use, or None
        if it is in use.

    Raises:
        MemoryError: if there is too little memory. Any other error in a replacement only means that this replacement is
            not used. A lack of memory is different: the last bits of vectors depend on the replacements in use, and
            must not depend on the free memory.
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
    """The tokens, the tags and the vectors that a pipeline computes for one text.

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
    """Tag `CHECK_TEXTS` with a pipeline, and compare the results with `expected`, the results of the original pipeline.

    Return a description of the first difference or of an error, or None if there is neither.
    """
    try:
        found = _read_check_texts(pipeline)
    except Exception as error:  # as in `accelerate`: with other versions of the libraries, anything may fail
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
    """Return the reason why a replacement is not used after it has raised `error`, as a text.

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
    """Replace the layer named `reference` in each tok2vec model of a pipeline, and return a function that undoes this.

    Args:
        pipeline: the pipeline.
        reference: name of the layer, as in `Model.get_ref` of thinc.
        is_known: function that tells whether a layer has the structure that `faster` can replace.
        faster: function that returns the faster layer for a layer.

    Raises:
        _UnrecognisedError: if there is no layer of this name, or if `is_known` returns false for a layer.
    """
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
