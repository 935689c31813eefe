"""What is said of a model on articles that it has not seen, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.concepts.ranking.ranker import calibrated
from kg.training.held_out import PRECISION, HeldOut, best_cut, calibration


def held_out(*articles: tuple[int, list[tuple[float, bool]]]) -> HeldOut:
    """Of each article how many keywords it has, and the log odds of its candidates and whether they are some."""
    rows = [(number, *row) for number, (_, rows) in enumerate(articles) for row in rows]
    article, odds, chosen = (np.array([row[place] for row in rows]) for place in range(3))
    keywords = np.array([count for count, _ in articles])
    return HeldOut("a subject", article.astype(np.int64), odds.astype(np.float64), chosen.astype(np.bool_), keywords)


def drawn(slope: float, offset: float, size: int = 200_000) -> HeldOut:
    """Log odds that bear out with that slope and offset."""
    rng = np.random.default_rng(1)
    odds = rng.normal(-2, 2, size)
    chosen = rng.random(size) < calibrated(odds, slope, offset)
    return HeldOut("a subject", np.zeros(size, np.int64), odds, chosen, np.array([int(chosen.sum())]))


# F1


def test_f1_by_hand() -> None:
    found = held_out(
        (4, [(0.1, False), (3.0, True), (2.0, False), (1.0, True)]),
        (2, [(-1.0, True), (-5.0, False)]),
        (3, []),
    )
    assert found.f1(2) == pytest.approx((2 * 1 / (2 + 4) + 2 * 1 / (2 + 2) + 0) / 3)
    assert found.f1(3) == pytest.approx((2 * 2 / (3 + 4) + 2 * 1 / (3 + 2) + 0) / 3)


def test_f1_of_all_that_was_chosen_is_one() -> None:
    assert held_out((2, [(1.0, True), (0.0, True), (-1.0, False)])).f1(2) == 1


def test_equals_stay_in_their_order() -> None:
    assert held_out((1, [(1.0, False), (1.0, True)])).f1(1) == 0
    assert held_out((1, [(1.0, True), (1.0, False)])).f1(1) == 1


def test_no_article_has_no_f1() -> None:
    assert held_out().f1(5) == 0


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.lists(st.tuples(st.integers(-9, 9), st.booleans()), max_size=6)),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 5),
)
def test_f1_is_the_mean_over_articles(articles: list[tuple[int, list[tuple[int, bool]]]], count: int) -> None:
    scores = []
    for missed, rows in articles:
        best = sorted(rows, key=lambda row: -row[0])[:count]
        keywords = missed + sum(chosen for _, chosen in rows)
        scores.append(2 * sum(chosen for _, chosen in best) / (count + keywords))
    given = [(missed + sum(chosen for _, chosen in rows), rows) for missed, rows in articles]
    assert held_out(*given).f1(count) == pytest.approx(sum(scores) / len(scores))


# Calibration


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (0.5, -1.0), (1.4, 0.7)])
def test_calibration_finds_slope_and_offset(slope: float, offset: float) -> None:
    assert calibration([drawn(slope, offset)]) == pytest.approx((slope, offset), abs=0.05)


def test_calibrated_probabilities_are_right_on_average() -> None:
    groups = [drawn(0.5, -1.0, 30_000), drawn(1.4, 0.7, 10_000)]
    slope, offset = calibration(groups)
    for weights in (lambda odds: np.ones(len(odds)), lambda odds: odds):  # where the log loss is least
        said = sum((weights(g.odds) * calibrated(g.odds, slope, offset)).sum() for g in groups)
        held = sum((weights(g.odds) * g.chosen).sum() for g in groups)
        assert said == pytest.approx(held, rel=1e-6)


# Cut


def test_the_cut_is_the_lowest_that_is_precise_enough() -> None:
    group = drawn(1.0, 0.0)
    cut = best_cut([group], 1.0, 0.0)
    probability = calibrated(group.odds, 1.0, 0.0)

    def precision(at: float) -> float:
        return float(group.chosen[probability >= at].mean())

    assert cut.precision == precision(cut.at) >= PRECISION
    assert cut.at == round(cut.at, 2)
    assert all(precision(at / 100) < PRECISION for at in range(5, round(100 * cut.at)))
    assert cut.concepts == (probability >= cut.at).sum()


def test_a_cut_counts_concepts_an_article() -> None:
    cut = best_cut([held_out((1, [(9.0, True)]), (0, [(-9.0, False)])), held_out((0, []))], 1.0, 0.0)
    assert (cut.at, cut.precision) == (0.05, 1)
    assert cut.concepts == pytest.approx(1 / 3)


def test_where_no_cut_is_precise_enough_it_is_the_highest() -> None:
    cut = best_cut([held_out((0, [(9.0, False), (8.0, False)]))], 1.0, 0.0)
    assert (cut.at, cut.precision, cut.concepts) == (0.95, 0, 2)


def test_a_cut_that_keeps_nothing_is_never_wrong() -> None:
    cut = best_cut([held_out((1, [(0.0, False), (-0.1, True)]))], 1.0, 0.0)
    assert (cut.precision, cut.concepts) == (1, 0)
    assert cut.at == 0.51
