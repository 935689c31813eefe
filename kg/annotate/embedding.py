"""The first layer of a tagger, computed once for each distinct token instead of once for each token.

spaCy's `MultiHashEmbed` makes the vector of a token of a few attributes of it alone (its norm, first and last letters,
shape ...), before later layers look at the neighbours. A corpus has far fewer of those than tokens, and the layer costs
a third of the tagger's time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc
from thinc.api import Model, chain

Floats = npt.NDArray[np.float32]
Attributes = npt.NDArray[np.uint64]

BLOCK: Final = 32
"""Rows that are computed at once, always as many: the rounding of a matrix product depends on the shapes."""
MOST: Final = 1 << 16
"""Rows that are kept from one article to the next, some 40 MB."""

_NAME: Final = "kept_rows"


def keep_rows(model: Model[Any, Any]) -> None:
    """Let the tok2vec `model` look up what its embedding computed before, if that is of a token's attributes alone.

    It is not where the pipeline has static word vectors or a transformer: that stays as it is.
    """
    embed = model.get_ref("embed") if model.has_ref("embed") else None
    if embed is None or not embed.layers or embed.layers[0].name != "extract_features":
        return
    extract, *others = embed.layers
    rows: Model[list[Attributes], list[Floats]] = chain(*others)
    table = Table(embed.get_dim("nO"), lambda attributes: rows.predict([attributes])[0])
    attrs = {"columns": extract.attrs["columns"], "table": table}
    model.replace_node(embed, Model(_NAME, _forward, layers=[embed], attrs=attrs))


def learn_rows(model: Model[Any, Any], docs: Sequence[Doc]) -> None:
    """Compute what a tok2vec `model` that keeps rows will look up for `docs`: of several together, in fewer blocks."""
    embed = model.get_ref("embed") if model.has_ref("embed") else None
    if docs and embed is not None and embed.name == _NAME:
        embed.attrs["table"].learn(np.concatenate([doc.to_array(embed.attrs["columns"]) for doc in docs]))


def _forward(
    model: Model[Sequence[Doc], list[Floats]], docs: Sequence[Doc], is_train: bool
) -> tuple[list[Floats], Callable[[list[Floats]], Sequence[Doc]]]:
    columns, table = model.attrs["columns"], model.attrs["table"]

    def backprop(_: list[Floats]) -> Sequence[Doc]:  # thinc wants one of every layer, and calls it in training alone
        raise AssertionError("rows that are looked up cannot be trained")

    return [table.rows(doc.to_array(columns)) for doc in docs], backprop


class Table:
    """Rows by the attributes that they are computed of; what a row is depends on neither its neighbours nor the past.

    Args:
        width: of a row.
        compute: gives the rows, (`BLOCK`, width), of attributes, (`BLOCK`, columns).
    """

    def __init__(self, width: int, compute: Callable[[Attributes], Floats]) -> None:
        self._compute = compute
        self._places: dict[bytes, int] = {}
        self._rows: Floats = np.empty((BLOCK, width), np.float32)

    def __len__(self) -> int:
        return len(self._places)

    def rows(self, attributes: Attributes) -> Floats:
        """The rows of `attributes`, (tokens, columns), C-contiguous."""
        keys = self.learn(attributes)
        return self._rows[[self._places[key] for key in keys]]

    def learn(self, attributes: Attributes) -> list[bytes]:
        """Compute those rows that are not known yet.

        Returns:
            What each of them is known by.
        """
        keys: list[bytes] = attributes.view(f"V{attributes.shape[1] * attributes.itemsize}").ravel().tolist()
        if len(self._places) > MOST:
            self._places.clear()
        self._add({key: index for index, key in enumerate(keys) if key not in self._places}, attributes)
        return keys

    def _add(self, unknown: dict[bytes, int], attributes: Attributes) -> None:
        """Compute what is not known yet: keys, and where in `attributes` each of them stands."""
        end = len(self._places)
        if end + len(unknown) > len(self._rows):
            grown = np.empty((2 * (end + len(unknown)), self._rows.shape[1]), np.float32)
            grown[:end] = self._rows[:end]
            self._rows = grown
        wanted = attributes[list(unknown.values())]
        for start in range(0, len(wanted), BLOCK):
            block = np.zeros((BLOCK, attributes.shape[1]), attributes.dtype)
            part = wanted[start : start + BLOCK]
            block[: len(part)] = part
            self._rows[end + start : end + start + len(part)] = self._compute(block)[: len(part)]
        self._places.update(zip(unknown, range(end, end + len(unknown)), strict=True))
