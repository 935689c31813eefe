"""The embedding of a tagger, computed from table rows that are multiplied once, when the pipeline is loaded.

spaCy's `MultiHashEmbed` hashes each attribute of a token (its norm, first and last letters, shape ...) to four rows of
a table (J. Svenstrup et al., "Hash embeddings for efficient word representations", NIPS 2017) and adds them up. It
concatenates the sums of all attributes and multiplies them with a matrix. Since a product is linear, this module
multiplies each row of each table once. The product of a token is then the sum of the rows that its attributes hash to.

As a result, no matrix product spans several tokens. In such a product the rounding of a row may depend on its position,
as it does with OpenBLAS's kernels for processors with AVX2.
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
"""Distinct tokens whose rows are cached across texts, about 40 MB."""
_CHUNK: Final = 32
"""Rows computed at once; this many fit into a processor's cache."""
_HASH_OPS: Final = NumpyOps()


def is_embedding(model: Layer) -> bool:
    """Whether the layers of a model are those of `MultiHashEmbed` without static word vectors."""
    return has_form(model, f"{COLUMNS}({COLUMN}{HASHED})+{MAXOUT}{NORM}")


def embedding_layer(model: Layer) -> Layer:
    """Return a layer equivalent to `model`, which must satisfy `is_embedding`."""
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
    def backprop(_: list[Floats32]) -> Sequence[Doc]:  # required by thinc, called in training only
        raise AssertionError("an accelerated pipeline cannot be trained")

    return [model.attrs["embedding"](doc.to_array(model.attrs["columns"])) for doc in docs], backprop


@dataclass(frozen=True, slots=True)
class HashedAttribute:
    """The location of one attribute's table in the table of all attributes."""

    column: int
    """Column of the attribute among a token's attributes."""
    seed: int
    """Seed of the hash function."""
    first: int
    """First row of the table."""
    size: int
    """Number of rows of the table."""


class Embedding:
    """Computes the vectors of tokens from their attributes and caches them.

    Args:
        attributes: the hashed attributes.
        table: (rows of all attributes, pieces * width), each row multiplied with its attribute's part of the matrix.
        bias: (pieces * width), of the maxout layer.
        gain: (width), of the normalisation.
        shift: (width), of the normalisation.
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
        """Return the vectors, (tokens, width), of `attributes`, (tokens, attributes), C-contiguous."""
        keys: list[bytes] = attributes.view(f"V{attributes.shape[1] * attributes.itemsize}").ravel().tolist()
        if len(self._places) > MAX_CACHED_ROWS:
            self._places.clear()
        unknown = {key: index for index, key in enumerate(keys) if key not in self._places}
        if unknown:
            self._add(unknown, attributes)
        return self._rows[[self._places[key] for key in keys]]

    def compute(self, attributes: Attributes) -> Floats32:
        """Compute the vectors, (tokens, width), of `attributes` without the cache.

        Each vector depends only on its own token's attributes.
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
        """Return the table rows that one attribute of each token hashes to, (tokens, 4)."""
        hashes = _HASH_OPS.hash(np.ascontiguousarray(part[:, attribute.column]), attribute.seed)
        rows: npt.NDArray[np.uint32] = hashes % np.uint32(attribute.size) + np.uint32(attribute.first)
        return rows

    def _add(self, unknown: dict[bytes, int], attributes: Attributes) -> None:
        """Compute and cache the rows of new keys; `unknown` gives each key's index in `attributes`."""
        end = len(self._places)
        if end + len(unknown) > len(self._rows):
            grown = np.empty((2 * (end + len(unknown)), self._rows.shape[1]), np.float32)
            grown[:end] = self._rows[:end]
            self._rows = grown
        self._rows[end : end + len(unknown)] = self.compute(attributes[list(unknown.values())])
        self._places.update(zip(unknown, range(end, end + len(unknown)), strict=True))
