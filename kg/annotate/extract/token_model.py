"""How likely each token of an article is part of a keyword, from the vectors that the tagger has computed anyway.

A perceptron with one hidden layer over the vectors of a token and its neighbours and the mean of the article's terms:
what sequence labelling does for keyphrases (D. Sahrawat et al., "Keyphrase extraction as sequence labeling using
contextualized embeddings", ECIR 2020), with the small vectors of a tagger in place of a language model's. `kg.training`
fits it.
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
from kg.base.arrays import Bools, Floats32
from kg.base.errors import UsageError

FILE_NAME: Final = "tokens.npz"
WINDOW: Final = 3
"""Tokens on each side that are looked at."""
OUTSIDE, BEGIN, INSIDE, END, SINGLE = range(5)
"""What a token is to a keyword: none of it, its first, a middle one, its last, all of it."""
FEATURES: Final = ("fit", "best_fit", "inside", "best_inside", "weakest", "before", "after")
"""Of a candidate, over its occurrences, see `summary`."""

WEIGHTS: Final = ("hidden", "hidden_bias", "output", "output_bias")


@dataclass(frozen=True, slots=True)
class TokenModel:
    """The weights: hidden layer (h, inputs) and (h), output layer (5, h) and (5); and whose vectors they are for.

    The inputs are a token's neighbourhood and the mean of all wanted tokens' vectors.
    """

    pipeline: str
    """Name and version of the spaCy pipeline, see `kg.annotate.nlp.package.pipeline_identity`."""
    hidden: Floats32
    hidden_bias: Floats32
    output: Floats32
    output_bias: Floats32

    def probabilities(self, vectors: Floats32, wanted: Bools) -> Floats32:
        """One row a token with the probabilities of the five classes; a token that is not wanted is outside.

        Args:
            vectors: (tokens, width), as `Doc.tensor`.
            wanted: (tokens), those that stand in a candidate.
        """
        if self.hidden.shape[1] != (2 * WINDOW + 2) * vectors.shape[1]:
            raise UsageError(
                f"{FILE_NAME} is a model for vectors of another width than {vectors.shape[1]}: train it again"
            )
        result = np.zeros((len(vectors), 5), np.float32)
        result[:, OUTSIDE] = 1
        if wanted.any():
            near = neighbourhoods(vectors, wanted)
            mean = vectors[wanted].mean(axis=0, dtype=np.float32)  # the same for all, and so multiplied once
            own, shared = self.hidden[:, : near.shape[1]], self.hidden[:, near.shape[1] :]
            hidden = near @ own.T
            hidden += shared @ mean + self.hidden_bias
            scores = np.maximum(hidden, 0, out=hidden) @ self.output.T + self.output_bias
            odds = np.exp(scores - scores.max(axis=1, keepdims=True))
            result[wanted] = odds / odds.sum(axis=1, keepdims=True)
        return result

    @property
    def digest(self) -> str:
        """A digest of the weights and of the pipeline's name."""
        digest = hashlib.sha256(self.pipeline.encode())
        for name in WEIGHTS:
            digest.update(getattr(self, name).tobytes())
        return digest.hexdigest()

    def to_bytes(self) -> bytes:
        """As `tokens.npz`, in half precision."""
        buffer = io.BytesIO()
        arrays = {name: getattr(self, name).astype(np.float16) for name in WEIGHTS}
        np.savez_compressed(buffer, allow_pickle=False, pipeline=np.array(self.pipeline), **arrays)
        return buffer.getvalue()


def load_token_model(folder: Path, pipeline: str) -> TokenModel:
    """Read `folder`/tokens.npz.

    Raises:
        UsageError: if there is none, it is not ours, or it is for the vectors of another spaCy pipeline or of another
            version of it.
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
            f"{path}: was trained with the spaCy pipeline {model.pipeline}, and not with {pipeline}: install that one, "
            "or train a model with kg train and name it in kg.toml as concepts.model"
        )
    return model


def _check_weights(path: Path, model: TokenModel) -> None:
    """Check the shapes and values of a model's weights.

    Raises:
        UsageError: if they do not fit each other, or are no finite numbers.
    """
    hidden, inputs = model.hidden.shape if model.hidden.ndim == 2 else (0, 0)
    shapes = [(hidden, inputs), (hidden,), (5, hidden), (5,)]
    arrays = [model.hidden, model.hidden_bias, model.output, model.output_bias]
    if not hidden or not inputs or inputs % (2 * WINDOW + 2) or [array.shape for array in arrays] != shapes:
        raise UsageError(f"{path}: not a model that kg train wrote (its arrays do not fit each other)")
    if not all(np.isfinite(array).all() for array in arrays):
        raise UsageError(f"{path}: not a model that kg train wrote (its weights are no finite numbers)")


def neighbourhoods(vectors: Floats32, wanted: Bools) -> Floats32:
    """A row for each wanted token: its vector amid those of `WINDOW` neighbours on each side, zero beyond the ends."""
    width = vectors.shape[1]
    padded = np.zeros((len(vectors) + 2 * WINDOW, width), np.float32)
    padded[WINDOW:-WINDOW] = vectors
    rows: Floats32 = sliding_window_view(padded.ravel(), (2 * WINDOW + 1) * width)[::width][wanted]
    return rows


def wanted_tokens(length: int, spans: Spans) -> Bools:
    """Which of `length` tokens stand in a candidate."""
    change = np.zeros(length + 1, np.int64)
    np.add.at(change, spans.begin, 1)
    np.add.at(change, spans.end, -1)
    wanted: Bools = np.cumsum(change)[:length] > 0
    return wanted


def summary(probabilities: Floats32, spans: Spans) -> Floats32:
    """One row a candidate, one column for each of `FEATURES`.

    Args:
        probabilities: (tokens, 5).
        spans: of the candidates.

    Of an occurrence, the fit is the geometric mean of the probabilities that its tokens are just this keyword's; inside
    is the mean, and weakest the least, probability of being in a keyword at all; before and after are those of the
    neighbours. Of a candidate, they are the means over its occurrences, and two of them the largest.
    """
    begin, end, starts = spans.begin, spans.end, spans.starts
    if not len(starts):
        return np.empty((0, len(FEATURES)), np.float32)
    single = end - begin == 1
    safe = np.log(np.maximum(probabilities, 1e-6))
    middle = np.r_[0, np.cumsum(safe[:, INSIDE], dtype=np.float64)]
    several = safe[begin, BEGIN] + safe[end - 1, END] + middle[end - 1] - middle[np.minimum(begin + 1, end - 1)]
    fit = np.exp(np.where(single, safe[begin, SINGLE], several) / (end - begin))
    part = np.r_[1 - probabilities[:, OUTSIDE], 0]  # and 0 beyond both ends
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
