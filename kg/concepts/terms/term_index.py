"""Indices of terms, in arrays: the words of each term, and the articles in which each term occurs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.arrays import Bools, Ints, Ints32


class TermIndex:
    """An index of the words of terms.

    The number of a term is its index in `terms`. `words` has the distinct words in the order in which they first occur
    in `terms`, and the number of a word is its index in `words`. The numbers of the words of term i are
    `flat[start[i] : start[i] + length[i]]`. `first` and `last` have the number of the first and of the last word of
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
        """Look up the words of several terms, for example of the terms in the rows of a table.

        Args:
            term: the numbers of the terms; a number may occur several times.

        Returns:
            Two arrays. The first has the numbers of the words of all terms, one term after another. The second has, for
            each of these words, the index in `term` of the term that it comes from.
        """
        at, row = expand_ranges(self.start[term], self.length[term])
        return self.flat[at], row

    def holding(self, words: Collection[str]) -> Ints:
        """Return the sorted numbers of the terms that contain at least one of `words`."""
        return sort_unique(self._owner[self._mask(words)[self.flat]])

    def beginning(self, words: Collection[str]) -> Ints:
        """Return the sorted numbers of the terms whose first word is one of `words`."""
        return np.flatnonzero(self._mask(words)[self.first])

    def _mask(self, words: Collection[str]) -> Bools:
        """Return a mask over the words of the index: for each of `self.words`, whether it is in `words`."""
        return np.array([word in words for word in self.words], np.bool_)

    def pairs(self) -> tuple[Ints, Ints]:
        """Return the distinct pairs of words that are adjacent in a term.

        Returns:
            Two arrays: for each pair, the number of the first word, and the number of the second word.
        """
        one, other = np.divmod(sort_unique(self._pairs), max(len(self.words), 1))
        return one, other

    def holding_pairs(self, pairs: Iterable[tuple[str, str]]) -> Ints:
        """Return the sorted numbers of the terms that contain at least one of `pairs` as adjacent words.

        Raises:
            KeyError: if a word of `pairs` is in no term.
        """
        number = {word: at for at, word in enumerate(self.words)}
        wanted = [number[one] * len(number) + number[other] for one, other in pairs]
        return sort_unique(self._owner[1:][self._is_pair][np.isin(self._pairs, wanted)])

    @cached_property
    def _owner(self) -> Ints:
        """For each word in `flat`, the number of the term that the word comes from."""
        return np.repeat(np.arange(len(self.length)), self.length)

    @cached_property
    def _is_pair(self) -> Bools:
        """For each word in `flat` except the first, whether it comes from the same term as the word before it."""
        same: Bools = self._owner[1:] == self._owner[:-1]
        return same

    @cached_property
    def _pairs(self) -> Ints:
        """The pairs of adjacent words in terms, in the order of `flat`. Each pair is encoded as one number.

        The number is a * len(words) + b, where a and b are the numbers of the two words.
        """
        keys: Ints = (self.flat[:-1] * len(self.words) + self.flat[1:])[self._is_pair]
        return keys

    @cached_property
    def inner(self) -> tuple[Ints, Ints, Ints]:
        """The shorter terms inside each term: "machine learning model" contains "machine learning" and "model".

        The words of the shorter term are contiguous in the longer term. To find the shorter terms, a walk starts at
        each word of each term, and goes on word by word. The walk ends when the words since its start are not a prefix
        (the first words) of any term. The prefixes of each length get numbers.

        Returns:
            Three arrays. The first has the numbers of the contained terms, grouped by the term that contains them. The
            second has, for each term, the index in the first array at which its group begins. The third has, for each
            term, the number of terms in its group.
        """
        width = len(self.words)
        beginning, place = self.first, np.arange(len(self.flat))  # prefixes of the terms in `term`; starts of walks
        term, at = np.arange(len(self.length)), self.flat  # unfinished terms; prefix reached by each walk
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
    """The pairs of an article and a term that occurs in it, one row per pair.

    Articles and terms are represented by numbers, to save memory.
    """

    file: Ints32
    """For each row, the number of the article's file: the index of this file in the sorted list of all files."""
    term: Ints32
    """For each row, the index of its term in `terms`."""
    terms: pa.StringArray

    def rows(self, wanted: Iterable[str]) -> Ints:
        """Return the sorted indices of the rows whose term is in `wanted`."""
        is_wanted = np.zeros(len(self.terms), np.bool_)
        is_wanted[[*numbers_of(self.terms, wanted).values()]] = True
        return np.flatnonzero(is_wanted[self.term])

    def pairs(self, wanted: Iterable[str]) -> list[tuple[int, str]]:
        """Return the file number and the term of each row whose term is in `wanted`."""
        rows = self.rows(wanted)
        return [*zip(self.file[rows].tolist(), strings(self.terms, self.term[rows]), strict=True)]


def strings(terms: pa.StringArray, numbers: Ints | Ints32) -> list[str]:
    """Return the terms at the given indices as Python strings. The other terms are not converted, to save memory."""
    found: list[str] = terms.take(pa.array(numbers)).to_pylist()
    return found


def is_any(terms: pa.Array | pa.ChunkedArray, wanted: Iterable[str]) -> Bools:
    """Return a mask over `terms`: for each term, whether it is in `wanted`.

    Every call builds a hash table of `wanted`. Use this function if `wanted` is small, or for a single call with all
    terms; otherwise use `are_among`.
    """
    found: Bools = pc.is_in(terms, pa.array(sorted(wanted), pa.string())).to_numpy(zero_copy_only=False)
    return found


def are_among(terms: pa.ChunkedArray, wanted: Set[str]) -> Bools:
    """Return a mask over `terms`: for each term, whether it is in `wanted`.

    No hash table is built, since `wanted` is already a set. Use this function for many calls with the same large set,
    such as one call for each batch of articles; otherwise use `is_any`.
    """
    return np.fromiter(map(wanted.__contains__, terms.to_pylist()), np.bool_, len(terms))


def numbers_of(terms: pa.StringArray, wanted: Iterable[str]) -> dict[str, int]:
    """Map each string in `wanted` to its index in `terms`. Strings that are not in `terms` are left out.

    `terms` must be distinct.
    """
    names = [*dict.fromkeys(wanted)]
    places = pc.index_in(terms, value_set=pa.array(names, pa.string()))  # builds a hash table of the few names
    numbers = np.flatnonzero(places.is_valid().to_numpy(zero_copy_only=False))
    return {
        names[place]: number for place, number in zip(places.drop_null().to_pylist(), numbers.tolist(), strict=True)
    }


def sort_unique(keys: Ints) -> Ints:
    """Return the sorted distinct keys.

    For millions of keys, `np.unique` takes five times as long, since it builds a hash table.
    """
    keys = np.sort(keys)
    found: Ints = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return found


def expand_ranges(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Concatenate ranges of integers. Range i has the `count[i]` integers from `start[i]` on.

    Returns:
        Two arrays: the integers of all ranges, one range after another; and for each integer, the index i of its range.
    """
    row = np.repeat(np.arange(len(count)), count)
    inside = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return start[row] + inside, row
