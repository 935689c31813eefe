"""The words of terms, as numbers one behind the other: what holds of each word or term is then found in columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.arrays import Bools, Ints, Ints32


class TermIndex:
    """The words of some terms, which are different from each other: words with single spaces between.

    `words` has each word once, in the order of the terms; `flat` the words of all terms by their numbers, those of term
    i from `start[i]` on, `length[i]` of them. `first` and `last` are the first and last word of each term.
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
        """All words of the terms that rows have, and the row of each."""
        at, row = expand_ranges(self.start[term], self.length[term])
        return self.flat[at], row

    def holding(self, words: Collection[str]) -> Ints:
        """The terms that have one of `words`, in order."""
        return sort_unique(self._owner[self._are(words)[self.flat]])

    def beginning(self, words: Collection[str]) -> Ints:
        """The terms whose first word is one of `words`, in order."""
        return np.flatnonzero(self._are(words)[self.first])

    def _are(self, words: Collection[str]) -> Bools:
        """Which of all words are among `words`."""
        return np.array([word in words for word in self.words], np.bool_)

    def pairs(self) -> tuple[Ints, Ints]:
        """Each pair of words that stand side by side in some term, once, by their numbers."""
        one, other = np.divmod(sort_unique(self._pairs), max(len(self.words), 1))
        return one, other

    def holding_pairs(self, pairs: Iterable[tuple[str, str]]) -> Ints:
        """The terms in which one of `pairs` of words stands side by side, in order."""
        number = {word: at for at, word in enumerate(self.words)}
        wanted = [number[one] * len(number) + number[other] for one, other in pairs]
        return sort_unique(self._owner[1:][self._is_pair][np.isin(self._pairs, wanted)])

    @cached_property
    def _owner(self) -> Ints:
        """The term of each of `flat`."""
        return np.repeat(np.arange(len(self.length)), self.length)

    @cached_property
    def _is_pair(self) -> Bools:
        """Of each of `flat` but the first whether the one before is of the same term."""
        same: Bools = self._owner[1:] == self._owner[:-1]
        return same

    @cached_property
    def _pairs(self) -> Ints:
        """A key for each two words that stand side by side in a term."""
        keys: Ints = (self.flat[:-1] * len(self.words) + self.flat[1:])[self._is_pair]
        return keys

    @cached_property
    def inner(self) -> tuple[Ints, Ints, Ints]:
        """The terms whose words stand in another one, side by side: those of term i from `start[i]` on.

        Returns:
            The terms, one for each time that it stands in another; `start` and how many there are, of each term.

        The beginnings of terms are numbered, those of one word first; from each place of each term one goes on as long
        as there is a term that begins so.
        """
        width = len(self.words)
        beginning, place = self.first, np.arange(len(self.flat))  # of each term; where the walks are
        term, at = np.arange(len(self.length)), self.flat  # whose beginning; which beginning each walk has reached
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
    """Which terms stand in which articles, as numbers, since there are many: a row for each article and term."""

    file: Ints32
    term: Ints32
    """Index into `terms`."""
    terms: pa.StringArray

    def rows(self, wanted: Iterable[str]) -> Ints:
        """The rows of `wanted` terms, in order."""
        is_wanted = np.zeros(len(self.terms), np.bool_)
        is_wanted[[*numbers_of(self.terms, wanted).values()]] = True
        return np.flatnonzero(is_wanted[self.term])

    def pairs(self, wanted: Iterable[str]) -> list[tuple[int, str]]:
        """The file and the term of each of these rows."""
        rows = self.rows(wanted)
        return [*zip(self.file[rows].tolist(), strings(self.terms, self.term[rows]), strict=True)]


def strings(terms: pa.StringArray, numbers: Ints | Ints32) -> list[str]:
    """Those of `terms` that have these numbers; only what is asked for becomes a string of Python's."""
    found: list[str] = terms.take(pa.array(numbers)).to_pylist()
    return found


def is_any(terms: pa.Array | pa.ChunkedArray, wanted: Iterable[str]) -> Bools:
    """Which terms are among `wanted`, hashed anew in each call: for few names, or for all terms at once."""
    found: Bools = pc.is_in(terms, pa.array(sorted(wanted), pa.string())).to_numpy(zero_copy_only=False)
    return found


def are_among(terms: pa.ChunkedArray, wanted: Set[str]) -> Bools:
    """Which terms of a part of a corpus are among `wanted`, a set that was made once, however many they are."""
    return np.fromiter(map(wanted.__contains__, terms.to_pylist()), np.bool_, len(terms))


def numbers_of(terms: pa.StringArray, wanted: Iterable[str]) -> dict[str, int]:
    """Those of `wanted` that are among `terms`, which are sort_unique, each with its number."""
    names = [*dict.fromkeys(wanted)]
    places = pc.index_in(terms, value_set=pa.array(names, pa.string()))  # few names are looked up in faster than terms
    numbers = np.flatnonzero(places.is_valid().to_numpy(zero_copy_only=False))
    return {
        names[place]: number for place, number in zip(places.drop_null().to_pylist(), numbers.tolist(), strict=True)
    }


def sort_unique(keys: Ints) -> Ints:
    """Each of `keys` once, sorted: `np.unique` has a table of hashes, which takes five times as long for so many."""
    keys = np.sort(keys)
    found: Ints = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return found


def expand_ranges(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """`count[i]` numbers from `start[i]` on, for each i behind those of the one before, and the i of each number."""
    row = np.repeat(np.arange(len(count)), count)
    inside = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return start[row] + inside, row
