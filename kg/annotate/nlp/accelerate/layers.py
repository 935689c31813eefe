"""Recognise the layers of a thinc model and read them.

A layer is recognised by its parameters and attributes, not by its name. The constants of one character are the kinds of
layers; each docstring says what a layer of the kind computes.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

import numpy as np
from thinc.api import Model

from kg.base.arrays import Floats32

Layer: TypeAlias = Model[Any, Any]

COLUMNS: Final = "C"
"""The attributes of each token, one column for each attribute, as spaCy's `extract_features` does."""
COLUMN: Final = "i"
"""One of the columns that a layer of the kind `COLUMNS` returns."""
HASHED: Final = "h"
"""A vector for an attribute of a token: the hash of the attribute selects rows of a table, which are added up."""
WINDOW: Final = "w"
"""The concatenated vectors of a token and its neighbours."""
MAXOUT: Final = "m"
"""A product with a matrix that gives several numbers ("pieces") for each output element. Only the largest is kept."""
NORM: Final = "n"
"""A layer normalisation."""
OTHER: Final = "?"
"""Anything else."""

_TINY: Final = np.float32(1e-8)
"""The number that thinc adds to a variance before it divides by the square root."""


def leaves(model: Layer) -> list[Layer]:
    """Return the layers that contain no other layers and whose kind is not "", in the order of computation."""
    return [layer for layer in model.walk(order="dfs_pre") if not layer.layers and kind_of(layer)]


def kind_of(layer: Layer) -> str:
    """Return the kind of a layer, recognised by its parameters and attributes.

    The kind is "" for a layer without parameters and attributes, and for dropout, which does nothing in
    prediction. A layer without parameters and attributes may still compute something, as an activation does.
    `kg.annotate.nlp.accelerate` notices this when it compares results.
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
    """Whether a model has layers of certain kinds in a certain order.

    The regular expression `pattern` must match the string of the kinds, one character each, of the model's `leaves`.
    """
    return re.fullmatch(pattern, "".join(map(kind_of, leaves(model)))) is not None


def maxout_weights(layer: Layer) -> tuple[Floats32, Floats32]:
    """Return the weights and the bias of a maxout layer.

    The weights have the shape (inputs, pieces * width), and the bias has the length pieces * width.

    The columns of the first piece of all elements come first, then those of the second piece, and so on. So each piece
    is contiguous in memory, and pieces can be compared quickly.
    """
    weights = np.array(layer.get_param("W"))  # (width, pieces, inputs)
    bias = np.array(layer.get_param("b"))  # (width, pieces)
    return np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(-1, weights.shape[2]).T), bias.T.ravel()


def maxout_normalised(products: Floats32, gain: Floats32, shift: Floats32, out: Floats32) -> None:
    """Keep the largest piece of each element, and then normalise each row.

    Every step either works on single elements or sums up a single row in numpy's own code. So a row of the result
    depends only on the same row of `products`. Maxout is described in I. Goodfellow et al., "Maxout networks", ICML
    2013, and layer normalisation in J. L. Ba et al., "Layer normalization", 2016.

    Args:
        products: the products, to which the bias has been added; of the shape (rows, pieces * width).
        gain: `width` factors with which each normalised row is multiplied, element by element.
        shift: `width` numbers that are added to each row after this multiplication.
        out: array of the shape (rows, width) that receives the result.
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
