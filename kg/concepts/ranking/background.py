"""What a corpus with keywords taught of terms and words: how common they are, and how often authors chose them.

A folder of forty articles cannot say which words are rare. Terms are kept as hashes: the model carries no text.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kg.annotate.extract.npz import read_arrays
from kg.base.arrays import Floats

FILE_NAME: Final = "background.npz"
_PER: Final = 10_000  # articles that frequencies are scaled to
_TEXTS: Final = 1 << 16
_PRIOR: Final = 3.0  # candidates that an unknown term counts as


@dataclass(frozen=True, slots=True)
class Counts:
    """Of each key, which is a hash: the articles it was a candidate in, and those whose authors chose it."""

    keys: npt.NDArray[np.uint64]
    """Sorted."""
    seen: Floats
    chosen: Floats

    def of(self, keys: npt.NDArray[np.uint64]) -> tuple[Floats, Floats]:
        """Seen and chosen of each of `keys`, 0 where one is unknown."""
        if not len(self.keys):
            return np.zeros(len(keys)), np.zeros(len(keys))
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[place] == keys
        return np.where(known, self.seen[place], 0.0), np.where(known, self.chosen[place], 0.0)


@dataclass(frozen=True, slots=True)
class Background:
    """Counts of terms, and of the words in them, over `articles` articles; `rate` of all candidates were chosen."""

    articles: float
    rate: float
    terms: Counts
    words: Counts

    def frequency(self, seen: Floats) -> Floats:
        """The logarithm of the articles that have it, of ten thousand."""
        return np.log1p(seen / max(self.articles, 1.0) * _PER)

    def keyphraseness(self, seen: Floats, chosen: Floats) -> Floats:
        """The share of its candidates that authors chose, drawn to the common rate where few are known.

        After E. Frank et al., "Domain-specific keyphrase extraction", IJCAI 1999.
        """
        return (chosen + _PRIOR * self.rate) / (seen + _PRIOR)

    def to_bytes(self) -> bytes:
        """As `background.npz`."""
        buffer = io.BytesIO()
        arrays = {
            f"{name}_{column}": getattr(counts, column).astype(kind)
            for name, counts in (("terms", self.terms), ("words", self.words))
            for column, kind in (("keys", np.uint64), ("seen", np.uint32), ("chosen", np.uint32))
        }
        np.savez_compressed(buffer, articles=np.array([self.articles, self.rate]), allow_pickle=False, **arrays)
        return buffer.getvalue()


def read_background(path: Path) -> Background:
    """Read what `to_bytes` wrote.

    Raises:
        OSError, KeyError, ValueError: if it is not there or is something else.
    """
    arrays = read_arrays(path)
    counts = [
        Counts(
            arrays[f"{name}_keys"].astype(np.uint64),
            arrays[f"{name}_seen"].astype(np.float64),
            arrays[f"{name}_chosen"].astype(np.float64),
        )
        for name in ("terms", "words")
    ]
    articles, rate = arrays["articles"].astype(np.float64).tolist()
    return Background(articles, rate, *counts)


def hashes(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A key for each text, the same everywhere."""
    digests = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(digests), np.dtype("<u8")).astype(np.uint64)


def hashes_of(terms: pa.StringArray) -> npt.NDArray[np.uint64]:
    """The keys of many texts, few of which are strings of Python's at one time."""
    parts = (terms[start : start + _TEXTS].to_pylist() for start in range(0, len(terms), _TEXTS))
    return np.concatenate([np.empty(0, np.uint64), *map(hashes, parts)])
