"""The features of a candidate, and that they rank what they should."""

import numpy as np
import pyarrow as pa

from kg.annotate import rows
from kg.annotate.normal_form import normal_word
from kg.concepts.ranking import PRIOR_USES, USES, WEIGHTS, WORD_USES, features, probability
from tests.concepts.by_hand import candidate

WORDS = pa.Table.from_pylist(
    [{"word": "drift", "use": "noun", "count": 8}, {"word": "combine", "use": "other", "count": 9}], rows.WORDS
)


def likely(*candidates: dict) -> list[float]:
    """The probability of each of `candidates`, which are of different terms and of one article in a hundred."""
    table = pa.Table.from_pylist(list(candidates), rows.CANDIDATES)
    terms = table["term"].to_pylist()
    matrix = features(table, np.arange(len(terms)), terms, WORDS, 100)
    assert matrix.shape == (len(terms), len(WEIGHTS))
    assert np.isfinite(matrix).all()
    return probability(matrix).tolist()


def test_probabilities_lie_between_zero_and_one() -> None:
    assert all(0 < value < 1 for value in likely(candidate(0, "drift", 1), candidate(0, "data drift", 10_000)))


def test_frequent_marked_terms_are_likelier() -> None:
    plain = candidate(0, "data drift", 1)
    for better in ({"frequency": 9}, {"bold": 1}, {"in_title": True}, {"alone": 1}):
        before, after = likely(plain, {**plain, "term": "data shift", **better})
        assert after > before, better


def test_a_word_that_prose_uses_as_a_verb_is_no_concept() -> None:
    noun, verb = likely(candidate(0, "drift", 2), candidate(0, "combine", 2))
    assert noun > verb


def test_no_candidates_is_no_probability() -> None:
    assert likely() == []


def test_a_small_corpus_is_told_what_a_word_mostly_is() -> None:
    assert likely(candidate(0, "data carefully", 2)) == [0.0]
    assert likely(candidate(0, "ensure drift", 2)) == [0.0]
    assert likely(candidate(0, "data drift", 2)) > [0.0]


def test_the_words_that_are_known_are_written_as_a_term_is() -> None:
    lines = WORD_USES.read_text("utf-8").splitlines()
    assert len(lines) > 2000
    assert lines == sorted(lines)
    for line in lines:
        word, *counts = line.split("\t")
        assert normal_word(word) == (word,)
        assert len(counts) == len(USES)
        assert abs(sum(map(int, counts)) - PRIOR_USES) <= 2  # rounded one by one
