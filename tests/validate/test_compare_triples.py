"""Tallies are equal for the same triples in any order, and for no others; what differs can be named."""

import random
from collections.abc import Callable

import pytest

from kg.validate.compare_triples import Block, Stream, Subset, Tally, differences, hashes

LINES = [f'<urn:s> <urn:p> "{number}" .'.encode() for number in range(5000)]


def tally(lines: Block) -> Tally:
    made = Tally()
    for start in range(0, len(lines), 700):
        made.add(lines[start : start + 700])
    return made


def stream(lines: Block) -> Stream:
    def hand_on(take: Callable[[Block], None]) -> None:
        for start in range(0, len(lines), 300):
            take(lines[start : start + 300])

    return hand_on


def test_order_does_not_matter() -> None:
    shuffled = random.Random(1).sample(LINES, len(LINES))
    assert tally(LINES) == tally(shuffled)
    assert not len(tally(LINES).buckets_that_differ(tally(shuffled)))


@pytest.mark.parametrize(
    "other",
    [LINES[1:], [*LINES, LINES[0]], [*LINES[1:], b"<urn:s> <urn:p> <urn:o> ."], [LINES[0], *LINES[:1], *LINES[2:]], []],
)
def test_any_difference_matters(other: Block) -> None:
    assert tally(LINES) != tally(other)
    assert tally(other) != tally(LINES)


def test_what_differs_is_named_with_its_side() -> None:
    new = b"<urn:s> <urn:p> <urn:o> ."
    other = [new, *LINES[:7], *LINES[8:], LINES[20]]
    buckets = tally(LINES).buckets_that_differ(tally(other))
    assert dict(differences(buckets, stream(LINES), stream(other))) == {LINES[7]: 1, LINES[20]: -1, new: -1}


def test_little_is_looked_into_where_all_differs() -> None:
    buckets = tally(LINES).buckets_that_differ(tally([]))
    assert 0 < len(list(differences(buckets, stream(LINES), stream([])))) < 300


def test_a_subset_is_crossed_off() -> None:
    subset = Subset()
    subset.add(LINES[:50])
    subset.add([b"<urn:s> <urn:p> <urn:o> .", b"<urn:s> <urn:p> <urn:x> ."])
    for start in range(0, len(LINES), 700):
        subset.cross_off(hashes(LINES[start : start + 700]))
    assert subset.left == 2
    assert subset.is_left(b"<urn:s> <urn:p> <urn:o> .")
    assert not subset.is_left(LINES[3])


def test_nothing_is_a_subset_of_anything() -> None:
    subset = Subset()
    subset.cross_off(hashes(LINES))
    assert subset.left == 0
