"""A faster form of spaCy's embedding layer, which computes a vector for each token without regard to its neighbours.

spaCy's `MultiHashEmbed` has a table for each attribute of tokens (norm, first and last letters, shape ...). It hashes
the attribute of a token to four rows of the table and adds these rows up (J. Svenstrup et al., "Hash embeddings for
efficient word representations", NIPS 2017). It concatenates the sums for all attributes and multiplies the result with
a matrix. Since a product is linear, this module can instead multiply all rows of the tables with the matrix once, when
the pipeline is loaded. The product for a token is then the sum of the multiplied rows to which its attributes hash.

As a result, there is no matrix product with rows for several tokens. In such a product, the rounding of a row could
depend on the position of the row, as it does with OpenBLAS's kernels for processors with AVX2.
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
"""Maximum number of cached vectors. If there are more, the next call of an `Embedding` empties its cache.

This number of vectors takes about 40 MB.
"""
_CHUNK: Final = 32
"""Number of token vectors that are computed at once. The data for this number fit into the cache of a processor."""
_HASH_OPS: Final = NumpyOps()


def is_embedding(model: Layer) -> bool:
    """Return whether a model consists of the layers of spaCy's `MultiHashEmbed` without static word vectors."""
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
    """An attribute of tokens, such as the shape, and the table to whose rows its values are hashed.

    The tables of all attributes are concatenated into one table.
    """

    column: int
    """Index of the attribute's column in an array of shape (tokens, attributes)."""
    seed: int
    """Seed of the hash function that maps values of the attribute to rows of a table."""
    first: int
    """Index of the first row of the attribute's table in the concatenation of the tables of all attributes."""
    size: int
    """Number of rows of the attribute's table."""


class Embedding:
    """Embedding layer: a callable that computes the vectors of tokens from their attributes, and caches the vectors.

    Args:
        attributes: the attributes that are hashed to rows of `table`.
        table: the concatenated tables of all attributes, an array of shape (rows of all tables, pieces * width). Each
            row is already multiplied with the part of the matrix for its attribute. The maxout layer computes several
            values, the "pieces", for each element of a vector, and keeps the largest.
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
        """Return the vectors of tokens, an array of shape (tokens, width). Cached vectors are not computed again.

        Args:
            attributes: the attributes of the tokens, a C-contiguous array of shape (tokens, attributes).
        """
        keys: list[bytes] = attributes.view(f"V{attributes.shape[1] * attributes.itemsize}").ravel().tolist()
        if len(self._places) > MAX_CACHED_ROWS:
            self._places.clear()
        unknown = {key: index for index, key in enumerate(keys) if key not in self._places}
        if unknown:
            self._add(unknown, attributes)
        return self._rows[[self._places[key] for key in keys]]

    def compute(self, attributes: Attributes) -> Floats32:
        """Compute the vectors of tokens without the cache, and return them as an array of shape (tokens, width).

        The vector of a token depends only on the attributes of this token, which are one row of `attributes`.
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
        """Return the indices of the four table rows to which each token's value of `attribute` hashes.

        The result has the shape (tokens, 4). `part` has the attributes of the tokens, one row per token.
        """
        hashes = _HASH_OPS.hash(np.ascontiguousarray(part[:, attribute.column]), attribute.seed)
        rows: npt.NDArray[np.uint32] = hashes % np.uint32(attribute.size) + np.uint32(attribute.first)
        return rows

    def _add(self, unknown: dict[bytes, int], attributes: Attributes) -> None:
        """Compute and cache the vectors of new tokens.

        `unknown` maps the key of each new token, which is the bytes of its attributes, to its row in `attributes`.
        """
        end = len(self._places)
        if end + len(unknown) > len(self._rows):
            grown = np.empty((2 * (end + len(unknown)), self._rows.shape[1]), np.float32)
            grown[:end] = self._rows[:end]
            self._rows = grown
        self._rows[end : end + len(unknown)] = self.compute(attributes[list(unknown.values())])
        self._places.update(zip(unknown, range(end, end + len(unknown)), strict=True))
