"""A faster form of spaCy's encoder, whose layers combine the vector of each token with those of its neighbours.

Each layer of spaCy's `MaxoutWindowEncoder` concatenates the vectors of a token and its neighbours and multiplies them
with a matrix, which gives several values ("pieces") for each element of the output. The layer keeps the largest of
these values, normalises the result, and adds it to its input. thinc allocates new arrays for each of these steps and
compares the pieces element by element, which takes longer than the product itself. This module reuses its arrays and
compares the pieces in whole blocks.

Each text is computed by itself. The shapes of its matrix products depend only on its number of tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from thinc.api import Model

from kg.annotate.nlp.accelerate.layers import (
    MAXOUT,
    NORM,
    WINDOW,
    Layer,
    has_form,
    leaves,
    maxout_normalised,
    maxout_weights,
)
from kg.base.arrays import Floats32

MAX_ROWS: Final = 1 << 15
"""Maximum number of rows of a matrix product. A text of more tokens is computed in blocks of this many rows.

The arrays for a product take 2.3 kB for each row. A text of this many tokens has about 150 kB, so nearly all texts are
computed in one block.
"""


def is_encoder(model: Layer) -> bool:
    """Return whether a model consists of the layers of spaCy's `MaxoutWindowEncoder`, with windows of the same size."""
    if "pad" not in model.attrs or not has_form(model, f"({WINDOW}{MAXOUT}{NORM})+"):
        return False
    return len({layer.attrs["window_size"] for layer in leaves(model)[::3]}) == 1


def encoder_layer(model: Layer) -> Layer:
    """Return a faster layer that computes the same as `model`; `is_encoder(model)` must be true."""
    found = leaves(model)
    convolutions = [
        Convolution(*maxout_weights(maxout), np.array(norm.get_param("G")), np.array(norm.get_param("b")))
        for maxout, norm in zip(found[1::3], found[2::3], strict=True)
    ]
    encoder = Encoder(convolutions, found[0].attrs["window_size"], model.attrs["pad"])
    dims = {name: model.maybe_get_dim(name) for name in model.dim_names}
    return Model("encoder_in_place", _forward, attrs={"encoder": encoder}, dims=dims)


def _forward(
    model: Model[Sequence[Floats32], list[Floats32]], docs: Sequence[Floats32], is_train: bool
) -> tuple[list[Floats32], Callable[[list[Floats32]], Sequence[Floats32]]]:
    def backprop(_: list[Floats32]) -> Sequence[Floats32]:  # required by thinc, but called only in training
        raise AssertionError("an accelerated pipeline cannot be trained")

    return [model.attrs["encoder"](rows) for rows in docs], backprop


@dataclass(frozen=True, eq=False)
class Convolution:
    """The weights of one layer of the encoder, which consists of a matrix product with maxout and a normalisation.

    `width` is the number of elements of a token's vector. For each element, the product gives several values, the
    "pieces", and maxout keeps the largest.
    """

    weights: Floats32
    """Weights of the matrix product: an array of shape (inputs, pieces * width), as returned by `maxout_weights`."""
    bias: Floats32
    """Bias of the matrix product: an array of length pieces * width, as returned by `maxout_weights`."""
    gain: Floats32
    """Factor for each element of a normalised vector: an array of length width."""
    shift: Floats32
    """Number that is added to each element of a normalised vector: an array of length width."""


class Encoder:
    """Encoder layers: a callable that computes the vectors of one text, and reuses its arrays for the next text.

    Args:
        convolutions: the weights of the layers, in the order of computation.
        size: number of neighbouring tokens, on each side of a token, whose vectors a layer reads.
        pad: number of rows of zeros that are added before and after a text; they are computed as if they were tokens.
    """

    def __init__(self, convolutions: Sequence[Convolution], size: int, pad: int) -> None:
        self._convolutions = convolutions
        self._size = size
        self._pad = pad
        inputs, outputs = convolutions[0].weights.shape
        self._width = len(convolutions[0].gain)
        self._arrays = [np.empty((0, columns), np.float32) for columns in (self._width, inputs, outputs, self._width)]

    def __call__(self, rows: Floats32) -> Floats32:
        """Compute new vectors for the tokens of a text from the vectors `rows`; both have the shape (tokens, width)."""
        length = len(rows) + 2 * self._pad
        arrays = self._arrays
        if len(arrays[0]) < length + 2 * self._size:
            arrays = self._allocated(min(2 * length, max(length, MAX_ROWS)))
            if length <= MAX_ROWS:  # larger arrays are not kept for the next text
                self._arrays = arrays
        vectors, inputs, products, change = arrays
        vectors = vectors[: length + 2 * self._size]  # `size` rows at each end stay zero
        vectors[:] = 0
        vectors[self._size + self._pad :][: len(rows)] = rows
        inner = vectors[self._size : self._size + length]
        neighbours = sliding_window_view(vectors.ravel(), inputs.shape[1])[:: self._width]
        blocks = [slice(start, min(start + MAX_ROWS, length)) for start in range(0, length, MAX_ROWS)]
        for convolution in self._convolutions:
            for block in blocks:
                read, product = inputs[: block.stop - block.start], products[: block.stop - block.start]
                np.copyto(read, neighbours[block])
                np.matmul(read, convolution.weights, out=product)
                product += convolution.bias
                maxout_normalised(product, convolution.gain, convolution.shift, change[block])
            inner += change[:length]
        return inner[self._pad :][: len(rows)].copy()

    def _allocated(self, length: int) -> list[Floats32]:
        """Return the working arrays for a text of `length` rows, in the order of `self._arrays`."""
        lengths = (length + 2 * self._size, min(length, MAX_ROWS), min(length, MAX_ROWS), length)
        return [np.empty((rows, a.shape[1]), np.float32) for rows, a in zip(lengths, self._arrays, strict=True)]
