"""A model that predicts the probability that a token is part of a keyword from the tagger's vectors of tokens.

The model is a perceptron with one hidden layer. Its inputs are the vectors of a token and of its neighbours, and the
mean vector of all tokens inside the article's candidate terms. The method is sequence labelling for keyphrases
(D. Sahrawat et al., "Keyphrase extraction as sequence labeling using contextualized embeddings", ECIR 2020), but with
the small vectors of a tagger in place of those of a language model. `kg.training` trains the model.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from kg.annotate.extract.npz import read_arrays
from kg.annotate.extract.spans import Spans
from kg.base.arrays import Bools, Floats32, Ints
from kg.base.errors import UsageError

FILE_NAME: Final = "tokens.npz"
WINDOW: Final = 3
"""Number of neighbouring tokens on each side of a token that the model reads."""
MAX_ROWS: Final = 1 << 15
"""Maximum number of tokens whose probabilities are computed at once. The arrays for this many take 90 MB."""
OUTSIDE, BEGIN, INSIDE, END, SINGLE = range(5)
"""The five classes that the model assigns to tokens.

`OUTSIDE`: a token outside of all keywords. `BEGIN`, `INSIDE` and `END`: the first, a middle and the last token of a
keyword. `SINGLE`: the only token of a keyword.
"""
FEATURES: Final = ("fit", "best_fit", "inside", "best_inside", "weakest", "before", "after")
"""Names of the features that `summary` computes for each candidate term; `summary` explains them."""

WEIGHTS: Final = ("hidden", "hidden_bias", "output", "output_bias")


@dataclass(frozen=True, slots=True)
class TokenModel:
    """The weights of a perceptron that predicts whether tokens are part of keywords.

    The perceptron has one hidden layer. Its output layer has five units, one for each class of tokens (see `OUTSIDE`).
    Its inputs are the vectors of a token and of the token's neighbours, and the mean of the vectors of all tokens
    inside candidate terms.
    """

    pipeline: str
    """Name and version of the spaCy pipeline that computes the vectors.

    The text is in the form that `kg.annotate.nlp.package.pipeline_identity` returns.
    """
    hidden: Floats32
    """Weights of the hidden layer, an array of shape (hidden units, inputs)."""
    hidden_bias: Floats32
    """Bias of the hidden layer, an array with one element per hidden unit."""
    output: Floats32
    """Weights of the output layer, an array of shape (5, hidden units)."""
    output_bias: Floats32
    """Bias of the output layer, an array of length 5."""

    def probabilities(self, vectors: Floats32, wanted: Bools) -> Floats32:
        """Return the probabilities of the five classes (see `OUTSIDE`) for each token, an array of shape (tokens, 5).

        A token that is not inside a candidate term has the class `OUTSIDE` with probability 1.

        Args:
            vectors: vectors of the tokens, an array of shape (tokens, width), as in `Doc.tensor`.
            wanted: an array with one element per token, which tells whether the token is inside a candidate term.

        Raises:
            UsageError: if the model was trained with vectors of another width.
        """
        if self.hidden.shape[1] != (2 * WINDOW + 2) * vectors.shape[1]:
            raise UsageError(
                f"{FILE_NAME} is a model for vectors of another width than {vectors.shape[1]}: train it again"
            )
        result = np.zeros((len(vectors), 5), np.float32)
        result[:, OUTSIDE] = 1
        chosen = np.flatnonzero(wanted)
        if len(chosen):
            mean = vectors[wanted].mean(axis=0, dtype=np.float32)  # the same for all tokens, therefore multiplied once
            own, shared = np.split(self.hidden, [(2 * WINDOW + 1) * vectors.shape[1]], axis=1)
            constant = shared @ mean + self.hidden_bias
            for start in range(0, len(chosen), MAX_ROWS):
                block = chosen[start : start + MAX_ROWS]
                hidden = neighbourhoods(vectors, block) @ own.T
                hidden += constant
                scores = np.maximum(hidden, 0, out=hidden) @ self.output.T + self.output_bias
                odds = np.exp(scores - scores.max(axis=1, keepdims=True))
                result[block] = odds / odds.sum(axis=1, keepdims=True)
        return result

    @property
    def digest(self) -> str:
        """SHA-256 of the weights and of the name and version of the pipeline, in hexadecimal."""
        digest = hashlib.sha256(self.pipeline.encode())
        for name in WEIGHTS:
            digest.update(getattr(self, name).tobytes())
        return digest.hexdigest()

    def to_bytes(self) -> bytes:
        """Return the contents of the file tokens.npz for this model. The file has the weights in half precision."""
        buffer = io.BytesIO()
        arrays = {name: getattr(self, name).astype(np.float16) for name in WEIGHTS}
        np.savez_compressed(buffer, allow_pickle=False, pipeline=np.array(self.pipeline), **arrays)
        return buffer.getvalue()


def load_token_model(folder: Path, pipeline: str) -> TokenModel:
    """Read the model in `folder`/tokens.npz.

    Raises:
        UsageError: if the file is missing or was not written by kg train, or if the model was trained with another
            spaCy pipeline than `pipeline` (a name and a version).
    """
    path = folder / FILE_NAME
    try:
        arrays = read_arrays(path)
        if not all(np.issubdtype(arrays[name].dtype, np.floating) for name in WEIGHTS):
            raise ValueError("its weights are no floating-point numbers")
        model = TokenModel(str(arrays["pipeline"]), *(arrays[name].astype(np.float32) for name in WEIGHTS))
    except (OSError, KeyError, ValueError, AttributeError) as error:
        raise UsageError(f"{path}: not a model that kg train wrote ({error})") from error
    _check_weights(path, model)
    if model.pipeline != pipeline:
        raise UsageError(
            f"{path}: was trained with the spaCy pipeline {model.pipeline}, not with {pipeline}: install "
            f"{model.pipeline}, or train a model with kg train and name it in kg.toml as concepts.model"
        )
    return model


def _check_weights(path: Path, model: TokenModel) -> None:
    """Check the shapes and the values of the weights of a model, which was read from the file `path`.

    Raises:
        UsageError: if the shapes do not fit each other, or if a value is not finite.
    """
    hidden, inputs = model.hidden.shape if model.hidden.ndim == 2 else (0, 0)
    shapes = [(hidden, inputs), (hidden,), (5, hidden), (5,)]
    arrays = [model.hidden, model.hidden_bias, model.output, model.output_bias]
    if not hidden or not inputs or inputs % (2 * WINDOW + 2) or [array.shape for array in arrays] != shapes:
        raise UsageError(f"{path}: not a model that kg train wrote (its arrays do not fit each other)")
    if not all(np.isfinite(array).all() for array in arrays):
        raise UsageError(f"{path}: not a model that kg train wrote (its weights are no finite numbers)")


def neighbourhoods(vectors: Floats32, wanted: Bools | Ints) -> Floats32:
    """For each wanted token, return the vectors of the token and of `WINDOW` neighbours on each side, in text order.

    `wanted` is a mask or has the indices of the wanted tokens.

    The shape is (wanted tokens, (2 * WINDOW + 1) * width). The vector of a neighbour beyond the text's ends is zero.
    """
    width = vectors.shape[1]
    padded = np.zeros((len(vectors) + 2 * WINDOW, width), np.float32)
    padded[WINDOW:-WINDOW] = vectors
    rows: Floats32 = sliding_window_view(padded.ravel(), (2 * WINDOW + 1) * width)[::width][wanted]
    return rows


def wanted_tokens(length: int, spans: Spans) -> Bools:
    """Return, for each of the `length` tokens of an article, whether it is inside an occurrence of a candidate term.

    `spans` are the occurrences of all candidate terms of the article.
    """
    change = np.zeros(length + 1, np.int64)
    np.add.at(change, spans.begin, 1)
    np.add.at(change, spans.end, -1)
    wanted: Bools = np.cumsum(change)[:length] > 0
    return wanted


def summary(probabilities: Floats32, spans: Spans) -> Floats32:
    """Return the `FEATURES` of the candidate terms of an article, an array of shape (candidates, features).

    The features are first computed for each occurrence of a candidate. "fit" measures how probable it is that the
    occurrence is exactly one keyword. In this case, its first token has the class `BEGIN`, its last token the class
    `END`, and the tokens in between the class `INSIDE` (or its only token has the class `SINGLE`). "fit" is the
    geometric mean of the probabilities of these classes. "inside" is the mean, and "weakest" the minimum, of the
    probabilities that the tokens of the occurrence are part of any keyword. "before" and "after" are the probabilities
    that the token before and the token after the occurrence are part of any keyword.

    Each feature of a candidate is the mean over its occurrences, with two exceptions: "best_fit" and "best_inside"
    are the maximum of "fit" and of "inside" over its occurrences.

    Args:
        probabilities: the probability of each class for each token, an array of shape (tokens, 5).
        spans: the occurrences of the candidates.
    """
    begin, end, starts = spans.begin, spans.end, spans.starts
    if not len(starts):
        return np.empty((0, len(FEATURES)), np.float32)
    single = end - begin == 1
    safe = np.log(np.maximum(probabilities, 1e-6))
    middle = np.r_[0, np.cumsum(safe[:, INSIDE], dtype=np.float64)]
    several = safe[begin, BEGIN] + safe[end - 1, END] + middle[end - 1] - middle[np.minimum(begin + 1, end - 1)]
    fit = np.exp(np.where(single, safe[begin, SINGLE], several) / (end - begin))
    part = np.r_[1 - probabilities[:, OUTSIDE], 0]  # the 0 is for a neighbour outside of the text
    total = np.r_[0, np.cumsum(part, dtype=np.float64)]
    inside = (total[end] - total[begin]) / (end - begin)
    bounds = np.column_stack([begin, end]).ravel()
    weakest = np.minimum.reduceat(part, bounds)[::2]
    before, after = part[begin - 1], part[end]

    def mean(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        means: npt.NDArray[np.float64] = np.add.reduceat(values.astype(np.float64), starts) / spans.counts
        return means

    columns = [mean(fit), np.maximum.reduceat(fit, starts), mean(inside), np.maximum.reduceat(inside, starts)]
    result: Floats32 = np.column_stack([*columns, mean(weakest), mean(before), mean(after)]).astype(np.float32)
    return result
