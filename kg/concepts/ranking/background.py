"""Background statistics: how common terms and words are in the training corpus, and how often they are keywords.

They are needed because a small folder, say of forty articles, does not show which words are rare in general. Terms and
words are stored as hashes, so that a model contains no text.
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
_SCALE: Final = 10_000  # frequencies are per this many articles
_CHUNK: Final = 1 << 16  # number of texts hashed at a time
_PRIOR: Final = 3.0  # for smoothing: number of fictitious candidates that are added for each term or word


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of terms, or of words, in a training corpus, as parallel arrays. A key is the hash of a term or word."""

    keys: npt.NDArray[np.uint64]
    """The keys, in ascending order."""
    seen: Floats
    """For each key, the number of times that its term or word is a candidate for a keyword.

    For a term, this is the number of articles that have the term. For a word, it is the sum of these numbers over all
    terms that contain the word.
    """
    chosen: Floats
    """For each key, the number of candidates counted in `seen` that the author chose as keywords."""

    def of(self, keys: npt.NDArray[np.uint64]) -> tuple[Floats, Floats]:
        """Return two arrays: the values of `seen` and of `chosen` for each of `keys`. Both are 0 for an unknown key."""
        if not len(self.keys):
            return np.zeros(len(keys)), np.zeros(len(keys))
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[place] == keys
        return np.where(known, self.seen[place], 0.0), np.where(known, self.chosen[place], 0.0)


@dataclass(frozen=True, slots=True)
class Background:
    """Statistics of a training corpus: how often terms, and the words in them, are candidates and keywords."""

    articles: float
    """Number of articles in which the candidates were counted."""
    rate: float
    """Share of all candidates that are keywords of their article, from 0 to 1."""
    terms: Counts
    words: Counts

    def frequency(self, seen: Floats) -> Floats:
        """Return log(1 + n) for each count in `seen`, where n is the count scaled to ten thousand articles."""
        return np.log1p(seen / max(self.articles, 1.0) * _SCALE)

    def keyphraseness(self, seen: Floats, chosen: Floats) -> Floats:
        """Return, for each term or word, the share of its candidates that are keywords: `chosen` / `seen`, smoothed.

        The fewer candidates there are, the closer is the result to `rate`, the share in the whole training corpus. The
        measure follows E. Frank et al., "Domain-specific keyphrase extraction", IJCAI 1999.
        """
        return (chosen + _PRIOR * self.rate) / (seen + _PRIOR)

    def to_bytes(self) -> bytes:
        """Return the contents of the file background.npz, which `read_background` reads."""
        buffer = io.BytesIO()
        arrays = {
            f"{name}_{column}": getattr(counts, column).astype(kind)
            for name, counts in (("terms", self.terms), ("words", self.words))
            for column, kind in (("keys", np.uint64), ("seen", np.uint32), ("chosen", np.uint32))
        }
        np.savez_compressed(buffer, articles=np.array([self.articles, self.rate]), allow_pickle=False, **arrays)
        return buffer.getvalue()


def read_background(path: Path) -> Background:
    """Read a file that `Background.to_bytes` made.

    Raises:
        OSError: if the file cannot be read.
        KeyError, ValueError: if the file has other contents.
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
    """Return a 64-bit hash of each text. The hashes are the same on every machine."""
    digests = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(digests), np.dtype("<u8")).astype(np.uint64)


def hashes_of(terms: pa.StringArray) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of each term. Only some of the terms are Python strings at a time, to save memory."""
    parts = (terms[start : start + _CHUNK].to_pylist() for start in range(0, len(terms), _CHUNK))
    return np.concatenate([np.empty(0, np.uint64), *map(hashes, parts)])
