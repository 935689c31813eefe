"""Column-wise indices of terms: the words of each term, and the articles that each term occurs in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.arrays import Bools, Ints, Ints32


class TermIndex:
    """The words of terms, as word numbers in flat arrays.

    `words` has the distinct words in order of first use. A word number is an index into `words`. The word numbers of
    term `i` are `flat[start[i] : start[i] + length[i]]`. `first` and `last` have the first and the last word number of
    each term.

    Args:
        terms: distinct terms. The words of a term are separated by single spaces.
    """

    def __init__(self, terms: pa.StringArray) -> None:
        self.terms = terms
        split = pc.split_pattern(terms, " ")
        encoded = split.flatten().dictionary_encode()
        self.words: list[str] = encoded.dictionary.to_pylist()
        self.flat: Ints = encoded.indices.to_numpy().astype(np.int64)
        self.length: Ints = split.value_lengths().to_numpy().astype(np.int64)
        self.start: Ints = np.cumsum(self.length) - self.length
        self.first: Ints = self.flat[self.start]
        self.last: Ints = self.flat[self.start + self.length - 1]

    def of_rows(self, term: Ints) -> tuple[Ints, Ints]:
        """Look up the words of each row's term.

        Args:
            term: the number of each row's term.

        Returns:
            The word numbers of all rows, row after row; and for each word number, the index of its row in `term`.
        """
        at, row = expand_ranges(self.start[term], self.length[term])
        return self.flat[at], row

    def holding(self, words: Collection[str]) -> Ints:
        """Return the sorted numbers of the terms that contain one of `words`."""
        return sort_unique(self._owner[self._mask(words)[self.flat]])

    def beginning(self, words: Collection[str]) -> Ints:
        """Return the sorted numbers of the terms whose first word is one of `words`."""
        return np.flatnonzero(self._mask(words)[self.first])

    def _mask(self, words: Collection[str]) -> Bools:
        """Return a mask over `self.words`: whether each is in `words`."""
        return np.array([word in words for word in self.words], np.bool_)

    def pairs(self) -> tuple[Ints, Ints]:
        """Return the distinct pairs of adjacent words as two arrays of word numbers: first words and second words."""
        one, other = np.divmod(sort_unique(self._pairs), max(len(self.words), 1))
        return one, other

    def holding_pairs(self, pairs: Iterable[tuple[str, str]]) -> Ints:
        """Return the sorted numbers of the terms that contain one of `pairs` as adjacent words.

        Raises:
            KeyError: if a word of `pairs` is in no term.
        """
        number = {word: at for at, word in enumerate(self.words)}
        wanted = [number[one] * len(number) + number[other] for one, other in pairs]
        return sort_unique(self._owner[1:][self._is_pair][np.isin(self._pairs, wanted)])

    @cached_property
    def _owner(self) -> Ints:
        """The term number of each entry of `flat`."""
        return np.repeat(np.arange(len(self.length)), self.length)

    @cached_property
    def _is_pair(self) -> Bools:
        """For each entry of `flat` except the first: whether it belongs to the same term as the entry before it."""
        same: Bools = self._owner[1:] == self._owner[:-1]
        return same

    @cached_property
    def _pairs(self) -> Ints:
        """A key for each pair of adjacent words: first word number * `len(words)` + second word number."""
        keys: Ints = (self.flat[:-1] * len(self.words) + self.flat[1:])[self._is_pair]
        return keys

    @cached_property
    def inner(self) -> tuple[Ints, Ints, Ints]:
        """The shorter terms that each term contains as contiguous words.

        The prefixes of all terms are numbered, by increasing length. A walk starts at every position of every term,
        and goes on word by word as long as the words walked so far are the prefix of some term.

        Returns:
            Three arrays. The first has the numbers of the contained terms, grouped by the term that contains them. The
            others have an entry for each term: the index in the first array at which its group begins, and the
            number of terms in its group.
        """
        width = len(self.words)
        beginning, place = self.first, np.arange(len(self.flat))  # prefix of each term in `term`; start of each walk
        term, at = np.arange(len(self.length)), self.flat  # unfinished terms; prefix that each walk reached
        size = width
        found: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
        for length in range(1, 1 + int(self.length.max(initial=0))):
            whole = np.full(size, -1)
            ends = self.length[term] == length
            whole[beginning[ends]] = term[ends]
            inside = (whole[at] >= 0) & (self.length[self._owner[place]] > length)
            found.append((self._owner[place[inside]], whole[at[inside]]))
            term, beginning = term[~ends], beginning[~ends]
            known, beginning = np.unique(beginning * width + self.flat[self.start[term] + length], return_inverse=True)
            goes_on = place + length < (self.start + self.length)[self._owner[place]]
            place, at = place[goes_on], at[goes_on]
            key = at * width + self.flat[place + length]
            at = np.minimum(np.searchsorted(known, key), max(len(known) - 1, 0))
            goes_on = known[at] == key if len(known) else np.zeros(len(key), np.bool_)
            place, at, size = place[goes_on], at[goes_on], len(known)
        outer, inner = (np.concatenate(numbers) for numbers in zip(*found, strict=True))
        count = np.bincount(outer, minlength=len(self.length))
        return inner[np.argsort(outer, kind="stable")], np.cumsum(count) - count, count


@dataclass(frozen=True)
class Postings:
    """Pairs of an article and a term that occurs in it, one row per pair. Both are numbers, to save memory."""

    file: Ints32
    """Number of each row's file: its index in the sorted list of all files."""
    term: Ints32
    """Index of each row's term in `terms`."""
    terms: pa.StringArray

    def rows(self, wanted: Iterable[str]) -> Ints:
        """Return the sorted numbers of the rows whose term is in `wanted`."""
        is_wanted = np.zeros(len(self.terms), np.bool_)
        is_wanted[[*numbers_of(self.terms, wanted).values()]] = True
        return np.flatnonzero(is_wanted[self.term])

    def pairs(self, wanted: Iterable[str]) -> list[tuple[int, str]]:
        """Return file number and term of each row whose term is in `wanted`."""
        rows = self.rows(wanted)
        return [*zip(self.file[rows].tolist(), strings(self.terms, self.term[rows]), strict=True)]


def strings(terms: pa.StringArray, numbers: Ints | Ints32) -> list[str]:
    """Return the terms with the given numbers; only these become Python strings."""
    found: list[str] = terms.take(pa.array(numbers)).to_pylist()
    return found


def is_any(terms: pa.Array | pa.ChunkedArray, wanted: Iterable[str]) -> Bools:
    """Return a mask over the terms: whether each is in `wanted`.

    Every call builds a hash table of `wanted`. Use this function if `wanted` is small, or for a single call with all
    terms; otherwise use `are_among`.
    """
    found: Bools = pc.is_in(terms, pa.array(sorted(wanted), pa.string())).to_numpy(zero_copy_only=False)
    return found


def are_among(terms: pa.ChunkedArray, wanted: Set[str]) -> Bools:
    """Return a mask over the terms: whether each is in `wanted`.

    No hash table is built. Use this function for many calls with the same large set, such as one for each part of a
    corpus; otherwise use `is_any`.
    """
    return np.fromiter(map(wanted.__contains__, terms.to_pylist()), np.bool_, len(terms))


def numbers_of(terms: pa.StringArray, wanted: Iterable[str]) -> dict[str, int]:
    """Return the index in `terms` of each name in `wanted`; unknown names are left out. `terms` must be distinct."""
    names = [*dict.fromkeys(wanted)]
    places = pc.index_in(terms, value_set=pa.array(names, pa.string()))  # hashes the few names, not the many terms
    numbers = np.flatnonzero(places.is_valid().to_numpy(zero_copy_only=False))
    return {
        names[place]: number for place, number in zip(places.drop_null().to_pylist(), numbers.tolist(), strict=True)
    }


def sort_unique(keys: Ints) -> Ints:
    """Return the sorted distinct keys.

    For as many keys as a corpus has, `np.unique` takes five times as long, since it builds a hash table.
    """
    keys = np.sort(keys)
    found: Ints = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return found


def expand_ranges(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Concatenate the ranges `start[i] : start[i] + count[i]`.

    Returns:
        The numbers in all ranges; and for each number, the index `i` of its range.
    """
    row = np.repeat(np.arange(len(count)), count)
    inside = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return start[row] + inside, row
