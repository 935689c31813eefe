"""A tagger's convolutions over the vectors of neighbouring tokens, in few passes over memory.

Each layer of spaCy's `MaxoutWindowEncoder` puts the vectors of a token and its neighbours side by side, multiplies them
with a matrix, keeps the largest of some pieces (I. Goodfellow et al., "Maxout networks", ICML 2013), normalises (J. L.
Ba et al., "Layer normalization", 2016) and adds the result to what it was given. thinc makes new arrays for each of
these steps and looks at the pieces of each number one by one, which takes longer than the product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view
from thinc.api import Model

Floats = npt.NDArray[np.float32]

_PARTS: Final = {"expand_window", "maxout", "layernorm", "dropout"}
"""Of a layer, by their names in thinc."""
_TINY: Final = np.float32(1e-8)
"""What thinc adds to a variance."""


def encode_in_place(model: Model[Any, Any]) -> None:
    """Let the tok2vec `model` compute its convolutions here, if they are those of a `MaxoutWindowEncoder`.

    A pipeline of another make stays as it is.
    """
    encode = model.get_ref("encode") if model.has_ref("encode") else None
    if encode is None or "pad" not in encode.attrs or not all(map(_is_known, encode.layers[0].layers)):
        return
    layers = [_parts(layer) for layer in encode.layers[0].layers]
    sizes = {layer["expand_window"].attrs["window_size"] for layer in layers}
    if len(sizes) == 1:
        encoder = Encoder([_convolution(layer) for layer in layers], sizes.pop(), encode.attrs["pad"])
        model.replace_node(encode, Model("encode_in_place", _forward, layers=[encode], attrs={"encoder": encoder}))


def _forward(
    model: Model[Sequence[Floats], list[Floats]], docs: Sequence[Floats], is_train: bool
) -> tuple[list[Floats], Callable[[list[Floats]], Sequence[Floats]]]:
    def backprop(_: list[Floats]) -> Sequence[Floats]:  # thinc wants one of every layer, and calls it in training alone
        raise AssertionError("vectors that are computed in place cannot be trained")

    return [model.attrs["encoder"](rows) for rows in docs], backprop


def _parts(layer: Model[Any, Any]) -> dict[str, Model[Any, Any]]:
    return {part.name: part for part in layer.walk() if not part.layers}


def _is_known(layer: Model[Any, Any]) -> bool:
    return layer.name.startswith("residual(") and _parts(layer).keys() == _PARTS


@dataclass(frozen=True, eq=False)
class Convolution:
    """The weights of a layer, whose product gives all numbers of the first piece, then all of the second ..."""

    weights: Floats
    """(inputs, pieces * width)."""
    bias: Floats
    """(pieces * width)."""
    gain: Floats
    """(width), as `shift`."""
    shift: Floats


def _convolution(parts: dict[str, Model[Any, Any]]) -> Convolution:
    maxout, norm = parts["maxout"], parts["layernorm"]
    weights = np.array(maxout.get_param("W"))  # (width, pieces, inputs)
    return Convolution(
        np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(-1, weights.shape[2]).T),
        np.array(maxout.get_param("b")).T.ravel(),
        np.array(norm.get_param("G")),
        np.array(norm.get_param("b")),
    )


class Encoder:
    """Computes the vectors of one text at a time, in arrays that it keeps for the next one.

    Args:
        convolutions: the layers, the first one first.
        size: neighbours on each side that a layer sees.
        pad: rows of zeros before and after a text, which are computed as if they were tokens.
    """

    def __init__(self, convolutions: Sequence[Convolution], size: int, pad: int) -> None:
        self._convolutions = convolutions
        self._size = size
        self._pad = pad
        inputs, outputs = convolutions[0].weights.shape
        self._width = len(convolutions[0].gain)
        self._arrays = [np.empty((0, columns), np.float32) for columns in (self._width, inputs, outputs, self._width)]

    def __call__(self, rows: Floats) -> Floats:
        """The vectors of `rows`, (tokens, width)."""
        length = len(rows) + 2 * self._pad
        if len(self._arrays[0]) < length + 2 * self._size:
            self._arrays = [np.empty((2 * length + 2 * self._size, a.shape[1]), np.float32) for a in self._arrays]
        vectors, inputs, products, change = self._arrays
        vectors = vectors[: length + 2 * self._size]  # with zeros at both ends, which stay
        vectors[:] = 0
        vectors[self._size + self._pad :][: len(rows)] = rows
        inner = vectors[self._size : self._size + length]
        neighbours = sliding_window_view(vectors.ravel(), inputs.shape[1])[:: self._width]
        for convolution in self._convolutions:
            np.copyto(inputs[:length], neighbours)
            _convolve(convolution, inputs[:length], products[:length], change[:length])
            inner += change[:length]
        return inner[self._pad :][: len(rows)].copy()


def _convolve(convolution: Convolution, inputs: Floats, products: Floats, result: Floats) -> None:
    """Write into `result`, (tokens, width), what a layer adds."""
    tokens, width = result.shape
    np.matmul(inputs, convolution.weights, out=products)
    products += convolution.bias
    first, *others = products.reshape(tokens, -1, width).swapaxes(0, 1)
    np.copyto(result, first)
    for other in others:  # takes two thirds of what numpy's max over an axis takes
        np.maximum(result, other, out=result)
    result -= result.mean(axis=1, keepdims=True)
    variance = np.vecdot(result, result) / np.float32(width)
    result *= (1 / np.sqrt(variance + _TINY))[:, None]
    result *= convolution.gain
    result += convolution.shift
