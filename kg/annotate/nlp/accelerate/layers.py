"""Recognise and read the layers of a thinc model by their parameters and attributes, not by their names."""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

import numpy as np
from thinc.api import Model

from kg.base.arrays import Floats32

Layer: TypeAlias = Model[Any, Any]

COLUMNS: Final = "C"
"""Attributes of each token, as returned by spaCy's `extract_features`."""
COLUMN: Final = "i"
"""One of these columns."""
HASHED: Final = "h"
"""Sum of the table rows that a column hashes to."""
WINDOW: Final = "w"
"""Concatenated vectors of a token and its neighbours."""
MAXOUT: Final = "m"
NORM: Final = "n"
"""Layer normalisation."""
OTHER: Final = "?"

_TINY: Final = np.float32(1e-8)
"""The number that thinc adds to a variance."""


def leaves(model: Layer) -> list[Layer]:
    """Return the layers that contain no layers and have parameters or attributes, in the order of computation."""
    return [layer for layer in model.walk(order="dfs_pre") if not layer.layers and kind_of(layer)]


def kind_of(layer: Layer) -> str:
    """Return the kind of a layer, recognised by its parameters and attributes.

    The kind is "" for a layer with neither, and for dropout, which does nothing in prediction. Such a layer may still
    compute something, as an activation does; `kg.annotate.nlp.accelerate` detects this by comparing results.
    """
    parameters, attributes = set(layer.param_names), set(layer.attrs)
    if parameters == {"E"} and "seed" in attributes:
        return HASHED
    if parameters == {"W", "b"} and "nP" in layer.dim_names:
        return MAXOUT
    if parameters == {"G", "b"}:
        return NORM
    if parameters:
        return OTHER
    if "columns" in attributes:
        return COLUMNS
    if "index" in attributes:
        return COLUMN
    if "window_size" in attributes:
        return WINDOW
    return "" if attributes <= {"dropout_rate", "is_enabled"} else OTHER


def has_form(model: Layer, pattern: str) -> bool:
    """Whether the kinds of the `leaves` of a model, one character each, match a regular expression."""
    return re.fullmatch(pattern, "".join(map(kind_of, leaves(model)))) is not None


def maxout_weights(layer: Layer) -> tuple[Floats32, Floats32]:
    """Return the weights of a maxout layer, (inputs, pieces * width), and its bias, (pieces * width).

    The outputs are ordered by piece, so that pieces are compared without strides.
    """
    weights = np.array(layer.get_param("W"))  # (width, pieces, inputs)
    bias = np.array(layer.get_param("b"))  # (width, pieces)
    return np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(-1, weights.shape[2]).T), bias.T.ravel()


def maxout_normalised(products: Floats32, gain: Floats32, shift: Floats32, out: Floats32) -> None:
    """Keep the largest piece of each element and normalise each row.

    Every step works on single elements or sums a single row in numpy's own code, so a row of the result depends only
    on the same row of `products`. Maxout: I. Goodfellow et al., "Maxout networks", ICML 2013; layer normalisation:
    J. L. Ba et al., "Layer normalization", 2016.

    Args:
        products: (rows, pieces * width), with the bias.
        gain: (width), multiplied with the normalised rows.
        shift: (width), added last.
        out: (rows, width), receives the result.
    """
    rows, width = out.shape
    first, *others = products.reshape(rows, products.shape[1] // width, width).swapaxes(0, 1)
    np.copyto(out, first)
    for other in others:  # takes two thirds of the time of numpy's max over an axis
        np.maximum(out, other, out=out)
    out -= out.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", out, out) / np.float32(width)
    out *= (1 / np.sqrt(variance + _TINY))[:, None]
    out *= gain
    out += shift
