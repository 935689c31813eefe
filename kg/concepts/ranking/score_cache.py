"""Score cache: the log odds that the ranker computed for the candidates in one build, for reuse in the next build.

Most articles stay the same between builds. Even when an article is added or removed, nineteen of twenty candidates
keep the values of all their features, and therefore their log odds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from kg.base.arrays import Floats
from kg.storage.cache import Cache
from kg.storage.staging import writing

Matrix = npt.NDArray[np.float32]
"""An array with the features of candidates, of shape (candidates, features)."""
Digests = npt.NDArray[np.uint64]
"""An array with the digests of rows of features, of shape (rows, 2). A digest of 128 bits is stored as two numbers."""

_DIGEST: Final = 16  # bytes


class ScoreCache:
    """A cache of the log odds of candidates. The key of an entry is a digest of all features of the candidate.

    Args:
        file: the file that `write` made in an earlier build, if there is one.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._known: Digests = np.empty((0, 2), np.uint64)
        self._odds: Floats = np.empty(0)
        self._scored: list[tuple[Digests, Floats]] = []
        if file is not None:
            with suppress(Exception), np.load(file, allow_pickle=False) as arrays:  # a broken file is ignored
                self._known, self._odds = _checked(arrays["digests"], arrays["odds"])

    def of(self, rows: Matrix, compute: Callable[[Matrix], Floats]) -> Floats:
        """Return the log odds of each row of features. `compute` is called with the rows that are not in the cache."""
        digests = _digests(rows)
        odds = np.empty(len(rows))
        known, places = self._find(digests)
        odds[known] = self._odds[places[known]]
        if not known.all():
            odds[~known] = compute(rows[~known])
        self._scored.append((digests, odds))
        return odds

    def write(self, file: Path) -> None:
        """Write an NPZ file with two arrays: the digests of all rows that were passed to `of`, and their log odds.

        Raises:
            OSError: if the file cannot be written.
        """
        digests = np.concatenate([digests for digests, _ in self._scored] or [self._known[:0]])
        odds = np.concatenate([odds for _, odds in self._scored] or [self._odds[:0]])
        order = np.argsort(digests[:, 0])
        with file.open("wb") as out:
            np.savez(out, allow_pickle=False, digests=digests[order], odds=odds[order])

    def _find(self, digests: Digests) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
        """Look up digests in the cache.

        Returns:
            Two arrays with one entry per digest: whether it is in the cache, and its index there. The index of a
            digest that is not in the cache is meaningless.
        """
        if not len(self._known):
            return np.zeros(len(digests), np.bool_), np.zeros(len(digests), np.intp)
        order = np.argsort(digests[:, 0])  # sorted, so that the cache is searched from beginning to end
        places = np.empty(len(digests), np.intp)
        places[order] = np.searchsorted(self._known[:, 0], digests[order, 0])
        places[places == len(self._known)] = 0
        return (self._known[places] == digests).all(axis=1), places


def _checked(digests: Digests, odds: Floats) -> tuple[Digests, Floats]:
    """Return two arrays that were read from a file. Raise ValueError if `ScoreCache.write` cannot have written them."""
    if digests.dtype != np.uint64 or odds.dtype != np.float64 or digests.shape != (len(odds), 2):
        raise ValueError("not a file of scores")
    return digests, odds


def _digests(rows: Matrix) -> Digests:
    raw = np.ascontiguousarray(rows)  # so that each row is contiguous in memory
    found = (hashlib.blake2b(row, digest_size=_DIGEST).digest() for row in raw)
    return np.frombuffer(b"".join(found), np.uint64).reshape(-1, 2)


@contextmanager
def cached_scores(cache: Cache | None, key: str, folder: Path) -> Iterator[ScoreCache | None]:
    """Provide the score cache of the last build, for a `with` statement.

    When the statement ends, the scores of this build are saved for the next build.

    Args:
        cache: a cache of ZIP archives, in which the scores are kept. If it is None, None is provided.
        key: the key of the scores in `cache`. Builds of the same folder with the same model have the same key.
        folder: a folder for temporary files.

    Raises:
        MachineError: if a file cannot be written to `folder`.
    """
    if cache is None:
        yield None
        return
    old, new = folder / "odds", folder / "odds-now"
    remembered = ScoreCache(old if cache.fetch(key, old) else None)
    yield remembered
    with writing("the log odds of candidates"):
        remembered.write(new)
    cache.keep(key, new)
    cache.trim()
