"""Recognise the kinds of the layers of a thinc model, and read the weights of the layers.

The kind of a layer is recognised by the layer's parameters and attributes, not by its name. There is a constant of one
character for each kind. The docstring of the constant says what a layer of this kind computes.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

import numpy as np
from thinc.api import Model

from kg.base.arrays import Floats32

Layer: TypeAlias = Model[Any, Any]

COLUMNS: Final = "C"
"""Kind of layer that returns the attributes of tokens, one column per attribute (spaCy's `extract_features`)."""
COLUMN: Final = "i"
"""Kind of layer that returns one of the columns that a layer of the kind `COLUMNS` has returned."""
HASHED: Final = "h"
"""Kind of layer that hashes an attribute of each token to rows of a table, and returns the sum of these rows."""
WINDOW: Final = "w"
"""Kind of layer that concatenates the vector of each token with the vectors of its neighbours."""
MAXOUT: Final = "m"
"""Kind of layer that computes several values, called pieces, for each element of its output, and keeps the largest.

The values are the result of a matrix product.
"""
NORM: Final = "n"
"""Kind of layer that normalises each vector (layer normalisation)."""
OTHER: Final = "?"
"""Kind of all other layers that have parameters or attributes."""

_TINY: Final = np.float32(1e-8)
"""The number that thinc adds to the variance of a vector before it divides the vector by the root of the sum."""


def leaves(model: Layer) -> list[Layer]:
    """Return the layers of a model that contain no other layers, in the order of computation.

    Layers whose kind is "" are left out, see `kind_of`.
    """
    return [layer for layer in model.walk(order="dfs_pre") if not layer.layers and kind_of(layer)]


def kind_of(layer: Layer) -> str:
    """Return the kind of a layer, such as `MAXOUT`, recognised by the layer's parameters and attributes.

    The kind is "" for a layer without parameters and attributes, and for dropout, which does nothing in
    prediction. A layer without parameters and attributes may still compute something, as an activation function does.
    `kg.annotate.nlp.accelerate` notices this when it compares the results of original and faster layers.
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
    """Return whether the layers of a model are of certain kinds and in a certain order.

    Each innermost layer (see `leaves`) has a kind, which is one character. These characters form a string, which the
    regular expression `pattern` must match as a whole.
    """
    return re.fullmatch(pattern, "".join(map(kind_of, leaves(model)))) is not None


def maxout_weights(layer: Layer) -> tuple[Floats32, Floats32]:
    """Return the weights and the bias of a maxout layer, which computes several "pieces" per element of its output.

    The weights have the shape (inputs, pieces * width), and the bias has the length pieces * width.

    The columns for the first pieces of all elements come first, then those for the second pieces, and so on. So the
    first pieces of all elements are contiguous in memory, and can be compared quickly with the second pieces.
    """
    weights = np.array(layer.get_param("W"))  # (width, pieces, inputs)
    bias = np.array(layer.get_param("b"))  # (width, pieces)
    return np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(-1, weights.shape[2]).T), bias.T.ravel()


def maxout_normalised(products: Floats32, gain: Floats32, shift: Floats32, out: Floats32) -> None:
    """Keep the largest of the values ("pieces") for each element of a row, and then normalise each row.

    Every step either works on single elements or sums up a single row in numpy's own code. So a row of the result
    depends only on the same row of `products`. Maxout is described in I. Goodfellow et al., "Maxout networks", ICML
    2013, and layer normalisation in J. L. Ba et al., "Layer normalization", 2016.

    Args:
        products: the result of a matrix product, to which the bias has been added. Its shape is (rows, pieces * width),
            in the order of columns of `maxout_weights`.
        gain: array of length width; each normalised row is multiplied with it, element by element.
        shift: array of length width that is added to each row after this multiplication.
        out: array of shape (rows, width) that receives the result.
    """
    rows, width = out.shape
    first, *others = products.reshape(rows, products.shape[1] // width, width).swapaxes(0, 1)
    np.copyto(out, first)
    for other in others:  # this takes two thirds of the time that numpy's max over an axis takes
        np.maximum(out, other, out=out)
    out -= out.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", out, out) / np.float32(width)
    out *= (1 / np.sqrt(variance + _TINY))[:, None]
    out *= gain
    out += shift
