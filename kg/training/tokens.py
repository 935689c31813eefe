"""Fitting of the token model (`kg.annotate.extract.token_model`) to the token vectors of articles with keywords."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
from thinc.api import Adam, Dropout, Relu, Softmax, chain, fix_random_seed, use_ops, warmup_linear

from kg.annotate.collect import Rows, read_vectors
from kg.annotate.extract.spans import Spans
from kg.annotate.extract.token_model import BEGIN, END, INSIDE, SINGLE, WINDOW, TokenModel, summary, wanted_tokens
from kg.base.arrays import Bools, Floats32, Ints

HIDDEN: Final = 192
EPOCHS: Final = 2
RATE: Final = 0.002
DROPOUT: Final = 0.2
BATCH: Final = 2048


@dataclass(frozen=True)
class Vectors:
    """The tokens of all articles, as the vectors that the tagger computed, and the occurrences of all candidates."""

    values: npt.NDArray[np.float16]
    """The token vectors of all articles, an array of shape (rows, width) with one row per token.

    There are `WINDOW` more rows, all zeros, before the first article, after the last, and between any two articles.
    """
    starts: Ints
    """For each article, the index of its first row in `values`."""
    lengths: Ints
    """For each article, its number of tokens."""
    spans: list[Spans]
    """For each article, the occurrences of its candidates, as spans of tokens."""

    def article(self, number: int) -> Floats32:
        """Return the token vectors of the article with this number, an array of shape (tokens, width)."""
        start = self.starts[number]
        return self.values[start : start + self.lengths[number]].astype(np.float32)

    def wanted(self, number: int) -> Bools:
        """Return a mask of the tokens of the article with this number: True for each token inside a candidate."""
        return wanted_tokens(int(self.lengths[number]), self.spans[number])

    def summaries(self, model: TokenModel, numbers: Sequence[int]) -> Iterator[Floats32]:
        """Apply a token model to the articles with these numbers, and yield the features of each article's candidates.

        For each article, they are an array of shape (candidates, features), see `token_model.summary`.
        """
        for number in numbers:
            probabilities = model.probabilities(self.article(number), self.wanted(number))
            yield summary(probabilities, self.spans[number])


def load_vectors(rows: Sequence[Rows]) -> Vectors:
    """Load the token vectors that `kg.annotate.batch` stored for every article, in the order of the articles' files."""
    blocks: list[npt.NDArray[np.float16]] = []
    starts: list[int] = []
    lengths: list[int] = []
    spans: list[Spans] = []
    position = WINDOW
    for part in rows:
        for vectors, found in read_vectors(part.path):
            gap = np.zeros((WINDOW, vectors.shape[1]), np.float16)
            blocks += [gap, vectors]
            starts.append(position)
            lengths.append(len(vectors))
            spans.append(found)
            position += len(vectors) + WINDOW
    blocks.append(np.zeros((WINDOW, blocks[-1].shape[1] if blocks else 0), np.float16))
    return Vectors(np.concatenate(blocks), np.array(starts, np.int64), np.array(lengths, np.int64), spans)


def fit_tokens(vectors: Vectors, numbers: Sequence[int], chosen: Sequence[Bools], pipeline: str) -> TokenModel:
    """Fit a token model to some articles.

    Args:
        vectors: the token vectors of all articles.
        numbers: the numbers of the articles to train on.
        chosen: for each article of `vectors`, a mask of its candidates: True for each candidate that is a keyword.
        pipeline: name and version of the spaCy pipeline that computed the vectors.
    """
    places: list[Ints] = []
    labels: list[npt.NDArray[np.int8]] = []
    article: list[Ints] = []
    means: list[Floats32] = []
    for row, number in enumerate(numbers):
        wanted = vectors.wanted(number)
        places.append(vectors.starts[number] + np.flatnonzero(wanted))
        labels.append(_labels(len(wanted), vectors.spans[number], chosen[number])[wanted])
        article.append(np.full(len(places[-1]), row))
        values = vectors.article(number)
        means.append(values[wanted].mean(axis=0) if wanted.any() else np.zeros(values.shape[1], np.float32))
    weights = _fit(
        vectors.values, np.concatenate(places), np.concatenate(labels), np.concatenate(article), np.array(means)
    )
    # The weights are rounded to half precision, as in the file. So a model that is read from it gives the same results.
    return TokenModel(pipeline, *(array.astype(np.float16).astype(np.float32) for array in weights))


def _labels(length: int, spans: Spans, chosen: Bools) -> npt.NDArray[np.int8]:
    """Return the class of each of the `length` tokens of an article.

    A token is the first, the last or an inner token of a keyword, a whole keyword, or outside of all keywords. Where
    keywords overlap, the longest keyword decides. `chosen` is a mask of the candidates: True for each keyword.
    """
    labels = np.zeros(length, np.int8)
    wanted = np.repeat(chosen, spans.counts)
    found = zip(spans.begin[wanted].tolist(), spans.end[wanted].tolist(), strict=True)
    for begin, end in sorted(found, key=lambda span: (span[1] - span[0], span)):
        labels[begin:end] = INSIDE
        labels[begin], labels[end - 1] = (SINGLE, SINGLE) if end - begin == 1 else (BEGIN, END)
    return labels


def _fit(
    values: npt.NDArray[np.float16], places: Ints, labels: npt.NDArray[np.int8], article: Ints, means: Floats32
) -> list[Floats32]:
    width = values.shape[1]
    around = np.arange(-WINDOW, WINDOW + 1)
    fix_random_seed(1)
    rng = np.random.default_rng(1)
    with use_ops("numpy", use_blis=False):  # NumPy's matrix products use all cores
        hidden, output = Relu(HIDDEN, (2 * WINDOW + 2) * width), Softmax(5, HIDDEN)
        model = chain(hidden, Dropout(DROPOUT), output).initialize()
        steps = EPOCHS * (len(places) // BATCH + 1)
        optimizer = Adam(list(islice(warmup_linear(RATE, steps // 10, steps), steps)), L2=0.0)
        for _ in range(EPOCHS):
            order = rng.permutation(len(places))
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                near = values[places[rows][:, None] + around].astype(np.float32).reshape(len(rows), -1)
                batch = np.concatenate([near, means[article[rows]]], axis=1)
                guesses, backprop = model.begin_update(batch)
                wanted = np.eye(5, dtype=np.float32)[labels[rows]]
                backprop((guesses - wanted) / np.float32(len(rows)))
                model.finish_update(optimizer)
                optimizer.step_schedules()
        return [np.asarray(layer.get_param(name)) for layer in (hidden, output) for name in ("W", "b")]
