"""The embedding of a tagger, in a faster form: table rows are multiplied only once, when the pipeline is loaded.

spaCy's `MultiHashEmbed` hashes each attribute of a token (its norm, first and last letters, shape ...) to four rows of
a table (J. Svenstrup et al., "Hash embeddings for efficient word representations", NIPS 2017) and adds the rows up. It
concatenates the sums of all attributes and multiplies the result with a matrix. Since a product is linear, this module
can instead multiply each row of each table once. A token's product is then the sum of the rows that its attributes hash
to.

As a result, no matrix product spans several tokens. In a product over several tokens, the rounding of a row could
depend on the row's position, as it does with OpenBLAS's kernels for processors with AVX2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc
from thinc.api import Model, NumpyOps

from kg.annotate.nlp.accelerate.layers import (
    COLUMN,
    COLUMNS,
    HASHED,
    MAXOUT,
    NORM,
    Layer,
    has_form,
    leaves,
    maxout_normalised,
    maxout_weights,
)
from kg.base.arrays import Floats32

Attributes = npt.NDArray[np.uint64]

MAX_CACHED_ROWS: Final = 1 << 16
"""Maximum number of cached vectors, one per distinct token, at the beginning of a call; they take about 40 MB.

If more are cached, the call first empties the cache.
"""
_CHUNK: Final = 32
"""Number of vectors that are computed at once; the data for this many fit into a processor's cache."""
_HASH_OPS: Final = NumpyOps()


def is_embedding(model: Layer) -> bool:
    """Whether a model has the layers of a `MultiHashEmbed` without static word vectors."""
    return has_form(model, f"{COLUMNS}({COLUMN}{HASHED})+{MAXOUT}{NORM}")


def embedding_layer(model: Layer) -> Layer:
    """Return a faster layer that computes the same as `model`; `is_embedding(model)` must be true."""
    extract, *pairs, maxout, norm = leaves(model)
    weights, bias = maxout_weights(maxout)
    attributes: list[HashedAttribute] = []
    tables: list[Floats32] = []
    used = first = 0
    for column, hashed in zip(pairs[::2], pairs[1::2], strict=True):
        rows = np.asarray(hashed.get_param("E"))
        attributes.append(HashedAttribute(column.attrs["index"][1], hashed.attrs["seed"], first, len(rows)))
        tables.append(rows @ weights[used : used + rows.shape[1]])
        used += rows.shape[1]
        first += len(rows)
    gain, shift = (np.array(norm.get_param(name)) for name in ("G", "b"))
    embedding = Embedding(attributes, np.concatenate(tables), bias, gain, shift)
    attrs = {"columns": extract.attrs["columns"], "embedding": embedding}
    return Model("summed_embedding", _forward, attrs=attrs, dims={"nO": norm.get_dim("nO")})


def _forward(
    model: Model[Sequence[Doc], list[Floats32]], docs: Sequence[Doc], is_train: bool
) -> tuple[list[Floats32], Callable[[list[Floats32]], Sequence[Doc]]]:
    def backprop(_: list[Floats32]) -> Sequence[Doc]:  # required by thinc, but called only in training
        raise AssertionError("an accelerated pipeline cannot be trained")

    return [model.attrs["embedding"](doc.to_array(model.attrs["columns"])) for doc in docs], backprop


@dataclass(frozen=True, slots=True)
class HashedAttribute:
    """Position of the table of one attribute in the concatenated table of all attributes."""

    column: int
    """Index of this attribute among the attributes of a token."""
    seed: int
    """Seed of the hash function."""
    first: int
    """Index of the table's first row in the concatenated table."""
    size: int
    """Number of rows of the table."""


class Embedding:
    """Computes the vectors of tokens from their attributes and caches them.

    Args:
        attributes: the hashed attributes.
        table: the concatenated table, an array of shape (rows of all attributes, pieces * width). Each row is already
            multiplied with the part of the matrix for its attribute. The maxout layer computes several values, the
            "pieces", for each element of a vector, and keeps the largest.
        bias: bias of the maxout layer, of length pieces * width.
        gain: gain of the normalisation, of length width.
        shift: shift of the normalisation, of length width.
    """

    def __init__(
        self, attributes: Sequence[HashedAttribute], table: Floats32, bias: Floats32, gain: Floats32, shift: Floats32
    ) -> None:
        self._attributes = attributes
        self._table = table
        self._bias = bias
        self._gain = gain
        self._shift = shift
        self._places: dict[bytes, int] = {}
        self._rows: Floats32 = np.empty((0, len(gain)), np.float32)

    def __len__(self) -> int:
        return len(self._places)

    def __call__(self, attributes: Attributes) -> Floats32:
        """Return the vectors of tokens, an array of shape (tokens, width).

        Args:
            attributes: attributes of the tokens, a C-contiguous array of shape (tokens, attributes).
        """
        keys: list[bytes] = attributes.view(f"V{attributes.shape[1] * attributes.itemsize}").ravel().tolist()
        if len(self._places) > MAX_CACHED_ROWS:
            self._places.clear()
        unknown = {key: index for index, key in enumerate(keys) if key not in self._places}
        if unknown:
            self._add(unknown, attributes)
        return self._rows[[self._places[key] for key in keys]]

    def compute(self, attributes: Attributes) -> Floats32:
        """Compute the vectors of tokens from their `attributes`, without the cache.

        Return an array of shape (tokens, width).

        The vector of a token depends only on the attributes of this token.
        """
        result = np.empty((len(attributes), len(self._gain)), np.float32)
        for start in range(0, len(attributes), _CHUNK):
            part = attributes[start : start + _CHUNK]
            rows = np.concatenate([self._rows_of(part, attribute) for attribute in self._attributes], axis=1)
            products = np.add.reduce(self._table[rows], axis=1)  # adds row after row, element by element
            products += self._bias
            maxout_normalised(products, self._gain, self._shift, result[start : start + len(part)])
        return result

    def _rows_of(self, part: Attributes, attribute: HashedAttribute) -> npt.NDArray[np.uint32]:
        """Return, for each token, the indices of the four table rows to which one of its attributes hashes."""
        hashes = _HASH_OPS.hash(np.ascontiguousarray(part[:, attribute.column]), attribute.seed)
        rows: npt.NDArray[np.uint32] = hashes % np.uint32(attribute.size) + np.uint32(attribute.first)
        return rows

    def _add(self, unknown: dict[bytes, int], attributes: Attributes) -> None:
        """Compute and cache the vectors of new tokens; `unknown` maps each token's key to its row in `attributes`."""
        end = len(self._places)
        if end + len(unknown) > len(self._rows):
            grown = np.empty((2 * (end + len(unknown)), self._rows.shape[1]), np.float32)
            grown[:end] = self._rows[:end]
            self._rows = grown
        self._rows[end : end + len(unknown)] = self.compute(attributes[list(unknown.values())])
        self._places.update(zip(unknown, range(end, end + len(unknown)), strict=True))
