"""What other corpora taught, kept under hashes."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.concepts.ranking.background import Background, Counts, hashes, read_background
from tests.concepts.by_hand import background, counts

TERMS = {"data drift": (40, 10), "drift": (90, 3), "loss": (7, 0)}


def test_what_is_known_is_found_and_all_else_is_zero() -> None:
    seen, chosen = counts(TERMS).of(hashes(["drift", "unknown", "data drift", "", "drift", "loss"]))
    assert seen.tolist() == [90, 0, 40, 0, 90, 7]
    assert chosen.tolist() == [3, 0, 10, 0, 3, 0]


@pytest.mark.parametrize("known", [{}, TERMS])
def test_no_question_has_no_answer(known: Mapping[str, tuple[int, int]]) -> None:
    assert [column.tolist() for column in counts(known).of(hashes([]))] == [[], []]


@given(st.dictionaries(st.text(max_size=5), st.tuples(st.integers(0, 99), st.integers(0, 9)), max_size=20), st.data())
def test_counts_are_those_of_a_dictionary(known: dict[str, tuple[int, int]], data: st.DataObject) -> None:
    asked = data.draw(st.lists(st.sampled_from([*known, "é", "another term"])))
    seen, chosen = counts(known).of(hashes(asked))
    assert list(zip(seen.tolist(), chosen.tolist(), strict=True)) == [known.get(text, (0, 0)) for text in asked]


def test_hashes_are_the_same_everywhere() -> None:
    b2sum = ("b901e3efc85c7ead", "bef26892eeeb4cdc")  # printf 'data drift' | b2sum -l 64
    assert hashes(["data drift", "naïve"]).tolist() == [int.from_bytes(bytes.fromhex(h), "little") for h in b2sum]
    assert hashes(["a"]).dtype == np.uint64
    assert len(set(hashes([str(number) for number in range(10_000)]).tolist())) == 10_000


def test_keyphraseness_of_what_is_unknown_is_the_common_rate() -> None:
    known = background(TERMS, articles=100, rate=0.25)
    assert known.keyphraseness(np.array([0.0]), np.array([0.0])).tolist() == [0.25]
    often, once = known.keyphraseness(np.array([97.0, 1.0]), np.array([97.0, 1.0])).tolist()
    assert often == pytest.approx(97.75 / 100)
    assert once == pytest.approx(1.75 / 4)


def test_frequency_is_that_in_ten_thousand_articles() -> None:
    known = background(TERMS, articles=100, rate=0.25)
    assert known.frequency(np.array([0.0, 1.0])).tolist() == pytest.approx([0, np.log(101)])
    assert np.isfinite(background({}, articles=0, rate=0).frequency(np.zeros(1))).all()


@pytest.mark.parametrize("terms", [{}, TERMS])
def test_a_background_survives_being_written(tmp_path: Path, terms: Mapping[str, tuple[int, int]]) -> None:
    written = background(terms, articles=100, rate=0.25)
    (tmp_path / "b.npz").write_bytes(written.to_bytes())
    found = read_background(tmp_path / "b.npz")
    assert (found.articles, found.rate) == (100, 0.25)
    for name in ("terms", "words"):
        for column in Counts.__slots__:
            expected, read = (getattr(getattr(one, name), column) for one in (written, found))
            assert (read.dtype, read.tolist()) == (expected.dtype, expected.tolist())
    assert found.to_bytes() == written.to_bytes()


def test_what_is_written_holds_no_text() -> None:
    written: Background = background(TERMS, articles=100, rate=0.25)
    assert b"drift" not in written.to_bytes()
    assert {column.dtype.kind for column in (written.terms.keys, written.terms.seen, written.terms.chosen)} == {
        "u",
        "f",
    }


@pytest.mark.parametrize("content", [None, b"", b"PK", b"text"])
def test_what_is_no_background_is_said_so(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "b.npz").write_bytes(content)
    with pytest.raises((OSError, ValueError)):
        read_background(tmp_path / "b.npz")
