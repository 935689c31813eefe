"""The words of terms in columns say the same as the words one by one."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.concepts.terms.term_index import Postings, TermIndex, are_among, expand_ranges, numbers_of, sort_unique, strings

some_terms = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(" ".join), max_size=12, unique=True)


def words_of(terms: list[str]) -> TermIndex:
    return TermIndex(pa.array(terms, pa.string()))


@settings(deadline=None)
@given(some_terms)
def test_words_of_terms(terms: list[str]) -> None:
    found = words_of(terms)
    assert [found.words[number] for number in found.flat] == " ".join(terms).split()
    assert [found.words[number] for number in found.first] == [term.split()[0] for term in terms]
    assert [found.words[number] for number in found.last] == [term.split()[-1] for term in terms]
    assert found.length.tolist() == [len(term.split()) for term in terms]
    assert len(set(found.words)) == len(found.words)


@settings(deadline=None)
@given(st.lists(st.integers(-(2**62), 2**62) | st.integers(0, 3)))
def test_distinct_keys(keys: list[int]) -> None:
    assert sort_unique(np.array(keys, np.int64)).tolist() == sorted(set(keys))


@settings(deadline=None)
@given(some_terms, st.frozensets(st.sampled_from(["a", "b c", "d"])))
def test_terms_that_are_among_others(terms: list[str], wanted: frozenset[str]) -> None:
    found = are_among(pa.chunked_array([terms[:2], terms[2:]], pa.string()), wanted)
    assert found.tolist() == [term in wanted for term in terms]


def test_words_of_rows() -> None:
    found = words_of(["data drift", "loss"])
    words, row = found.of_rows(np.array([1, 0, 1]))
    assert [found.words[word] for word in words] == ["loss", "data", "drift", "loss"]
    assert row.tolist() == [0, 1, 1, 2]


@settings(deadline=None)
@given(some_terms, st.sets(st.sampled_from("abcd")))
def test_terms_that_hold_a_word(terms: list[str], words: set[str]) -> None:
    expected = [number for number, term in enumerate(terms) if words & set(term.split())]
    assert words_of(terms).holding(words).tolist() == expected
    expected = [number for number, term in enumerate(terms) if term.split()[0] in words]
    assert words_of(terms).beginning(words).tolist() == expected


@settings(deadline=None)
@given(some_terms)
def test_pairs_of_words_and_the_terms_that_hold_them(terms: list[str]) -> None:
    found = words_of(terms)
    pairs = {pair for term in terms for pair in pairwise(term.split())}
    numbers = zip(*(column.tolist() for column in found.pairs()), strict=True)
    assert sorted((found.words[one], found.words[other]) for one, other in numbers) == sorted(pairs)
    for some in ([], sorted(pairs)[:2], sorted(pairs)):
        expected = [number for number, term in enumerate(terms) if not set(pairwise(term.split())).isdisjoint(some)]
        assert found.holding_pairs(some).tolist() == expected


@settings(deadline=None)
@given(some_terms)
def test_terms_inside_of_terms(terms: list[str]) -> None:
    inner, start, count = words_of(terms).inner
    for number, term in enumerate(terms):
        words = term.split()
        parts = [" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
        expected = sorted(part for part in parts if part in terms and part != term)
        assert sorted(terms[at] for at in inner[start[number] : start[number] + count[number]]) == expected


def test_ranges_one_behind_the_other() -> None:
    numbers, row = expand_ranges(np.array([7, 1, 4]), np.array([2, 0, 3]))
    assert numbers.tolist() == [7, 8, 4, 5, 6]
    assert row.tolist() == [0, 0, 2, 2, 2]


@settings(deadline=None)
@given(some_terms, st.lists(st.sampled_from(["a", "b", "a b", "z"])))
def test_numbers_of_terms(terms: list[str], wanted: list[str]) -> None:
    array = pa.array(terms, pa.string())
    numbers = numbers_of(array, wanted)
    assert numbers == {term: terms.index(term) for term in wanted if term in terms}
    assert strings(array, np.array([*numbers.values()], np.int64)) == [*numbers]


def test_where_terms_stand() -> None:
    terms = pa.array(["loss", "drift", "debt"], pa.string())
    standing = Postings(np.array([4, 4, 7, 9]), np.array([1, 0, 1, 2]), terms)
    assert standing.pairs(["drift", "nowhere", "debt"]) == [(4, "drift"), (7, "drift"), (9, "debt")]
    assert standing.rows(["loss"]).tolist() == [1]
    assert standing.pairs([]) == []
