"""Replace layers of spaCy and thinc with faster ones: everything that knows their insides is in this package.

`accelerate` is its only entry. Each part recognises what it replaces by structure and is checked against the untouched
pipeline on a fixed text when the pipeline is loaded. A part that is not recognised, or fails the check, is left out:
the pipeline then is slower and gives the same tags.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from spacy.language import Language
from spacy.pipeline import Tok2Vec, TrainablePipe
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from thinc.api import NumpyOps

from kg.annotate.nlp.accelerate.embedding import embedding_layer, is_embedding
from kg.annotate.nlp.accelerate.encoder import encoder_layer, is_encoder
from kg.annotate.nlp.accelerate.layers import Floats, Layer
from kg.annotate.nlp.accelerate.tokenizer import CachingTokenizer

CHECK_TEXT: Final = (
    "Bayes' theorem isn't an estimate: P(A) = 0.5, e.g. for IoT-based 24/7 services.\n\n  Technical debt (see "
    "https://example.org/a?b=c) slows U.S. teams down; don't ignore it! Data drift, a change of the inputs' "
    "distribution, was found by 3 of 10 models in 2021\u2026 Na\u00efve users' \u201cstate-of-the-art\u201d tools "
    "cost $5 or 10%."
)
"""The text of the check: abbreviations, numbers, quotes, contractions, white space, words with and without accents."""
TOLERANCE: Final = 1e-3
"""The most that a number of a vector may differ in the check. Other roundings give 1e-5, another layer 1e-1."""

_OPS: Final = NumpyOps(use_blis=False)
"""Matrix products by numpy's BLAS, which takes a third of the time of thinc's own; `kg.threads` sets its threads."""

_Undo = Callable[[], None]


class _UnknownError(Exception):
    """Raised by a part for a pipeline that it cannot accelerate."""


def accelerate(pipeline: Language) -> dict[str, str | None]:
    """Replace the layers of a pipeline that are recognised with faster ones that give the same tags.

    Args:
        pipeline: as spaCy loads it; it is changed.

    Returns:
        Of each part, why it was left out; None where it was not.
    """
    expected = _Reading.of(pipeline)
    result: dict[str, str | None] = {}
    for name, install in _PARTS.items():
        try:
            undo = install(pipeline)
        except _UnknownError as error:
            result[name] = str(error)
            continue
        except Exception as error:  # another version of spaCy or thinc may lack anything that a part asks for
            result[name] = _failure(error)
            continue
        result[name] = _difference(pipeline, expected)
        if result[name] is not None:
            undo()
    return result


@dataclass(frozen=True, eq=False)
class _Reading:
    """What a pipeline says of the check text."""

    tokens: list[tuple[str, str, str, str, str, str]]
    tags: list[str]
    vectors: Floats

    @classmethod
    def of(cls, pipeline: Language) -> _Reading:
        doc: Doc = pipeline.make_doc(CHECK_TEXT)
        for _, pipe in pipeline.pipeline:
            doc = pipe(doc)
        tokens = [(t.text, t.norm_, t.prefix_, t.suffix_, t.shape_, t.whitespace_) for t in doc]
        return cls(tokens, [token.tag_ for token in doc], np.array(doc.tensor, np.float32))


def _difference(pipeline: Language, expected: _Reading) -> str | None:
    """Compare a pipeline with what it said before; None where it says the same."""
    try:
        found = _Reading.of(pipeline)
    except Exception as error:  # likewise
        return _failure(error)
    if found.tokens != expected.tokens:
        return "cuts the check text into other tokens"
    if found.vectors.shape != expected.vectors.shape:
        return "gives vectors of another shape"
    if not np.allclose(found.vectors, expected.vectors, rtol=0, atol=TOLERANCE):
        return f"gives vectors that differ by {np.abs(found.vectors - expected.vectors).max():.2g}"
    return "gives other tags" if found.tags != expected.tags else None


def _failure(error: Exception) -> str:
    return f"fails: {type(error).__name__}: {error}"


def _tokenizer(pipeline: Language) -> _Undo:
    tokenizer = pipeline.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        raise _UnknownError("the pipeline has another tokenizer than spaCy's")
    pipeline.tokenizer = CachingTokenizer(tokenizer)

    def undo() -> None:
        pipeline.tokenizer = tokenizer

    return undo


def _products(pipeline: Language) -> _Undo:
    layers = [layer for _, pipe in pipeline.pipeline if isinstance(pipe, TrainablePipe) for layer in pipe.model.walk()]
    before = [layer.ops for layer in layers]
    if not before or not all(isinstance(ops, NumpyOps) for ops in before):
        raise _UnknownError("the layers do not all compute with numpy")
    for layer in layers:
        layer.ops = _OPS

    def undo() -> None:
        for layer, ops in zip(layers, before, strict=True):
            layer.ops = ops

    return undo


def _embedding(pipeline: Language) -> _Undo:
    return _replace(pipeline, "embed", is_embedding, embedding_layer)


def _encoder(pipeline: Language) -> _Undo:
    return _replace(pipeline, "encode", is_encoder, encoder_layer)


def _replace(
    pipeline: Language, reference: str, is_known: Callable[[Layer], bool], faster: Callable[[Layer], Layer]
) -> _Undo:
    """Replace the layer that each tok2vec model of a pipeline refers to by that name."""
    models: list[Layer] = [pipe.model for _, pipe in pipeline.pipeline if isinstance(pipe, Tok2Vec)]
    layers = [model.get_ref(reference) for model in models if model.has_ref(reference)]
    if not layers or not all(map(is_known, layers)):
        raise _UnknownError("the layers are of another structure")
    swapped: list[tuple[Any, Layer, Layer]] = []
    for model, layer in zip(models, layers, strict=True):
        new = faster(layer)
        model.replace_node(layer, new)
        swapped.append((model, layer, new))

    def undo() -> None:
        for model, layer, new in swapped:
            model.replace_node(new, layer)

    return undo


_PARTS: Final = {
    "tokenizer": _tokenizer,
    "matrix products": _products,
    "embedding": _embedding,
    "encoder": _encoder,
}
