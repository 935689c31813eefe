"""The features of a candidate: their names, their order, and what some of them mean."""

import random
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.annotate import rows
from kg.annotate.text.normal_form import normal_word
from kg.concepts.ranking.features import PRIOR_USES, USES, WORD_USES, Features, feature_names, matrix
from kg.concepts.ranking.ranker import Ranker
from kg.concepts.terms.candidate_store import candidates_of
from tests.concepts.by_hand import article, background, candidate

WORDS = pa.Table.from_pylist(
    [{"word": "drift", "use": "noun", "count": 8}, {"word": "combine", "use": "other", "count": 9}], rows.WORDS
)
NOTHING = background({}, articles=0, rate=0)
KNOWN = background({"drift": (40, 10), "data": (90, 3), "data drift": (9, 4)}, articles=100, rate=0.05)


def columns(*candidates: dict, repeated: Sequence[int] = (), words: pa.Table = WORDS, known=KNOWN) -> dict[str, list]:
    """The features of candidates, which are sorted by article."""
    found = Features(_candidates(candidates, repeated), words, known).of_all()
    return {name: column.tolist() for name, column in found.items()}


def _candidates(candidates: Sequence[dict], repeated: Sequence[int] = ()):
    table = pa.Table.from_pylist(list(candidates), rows.CANDIDATES)
    files = sorted({row["file"] for row in candidates})
    articles = [{**article(file, []), "tokens": 10 * (1 + file)} for file in files]
    return candidates_of([table], pa.Table.from_pylist(articles, rows.ARTICLES), np.array(repeated, np.int64))


# Names, order, and numbers


def test_names_and_order_are_those_of_the_shipped_model(shipped: Ranker) -> None:
    assert list(columns(candidate(0, "data drift", 1))) == feature_names() == shipped.card.features


@pytest.mark.parametrize(
    "candidates",
    [
        [],
        [candidate(0, "drift", 1)],
        [candidate(0, "drift", 3), candidate(0, "data drift", 1)],
        [candidate(0, "drift", 3), candidate(1, "drift", 1), candidate(7, "loss", 1)],
        [{**candidate(0, "drift", 1), "shape": shape} for shape in ("nni", "dgc", "mp", "av")],
    ],
    ids=["none", "one", "one article", "several articles", "shapes"],
)
@pytest.mark.parametrize("known", [NOTHING, KNOWN])
@pytest.mark.parametrize("repeated", [(), (0,), (0, 1, 7)])
def test_features_are_finite_and_of_the_same_names(candidates: list[dict], known, repeated: Sequence[int]) -> None:
    found = columns(*candidates, known=known, repeated=repeated)
    assert list(found) == feature_names()
    assert {len(column) for column in found.values()} == {len(candidates)}
    assert np.isfinite(list(found.values())).all()


def test_a_matrix_has_a_row_a_candidate_and_a_column_a_feature() -> None:
    found = Features(_candidates([candidate(0, "drift", 3), candidate(0, "data drift", 1)]), WORDS, KNOWN).of_all()
    stacked = matrix(found)
    assert (stacked.dtype, stacked.shape) == (np.float32, (2, len(found)))
    assert stacked[:, list(found).index("frequency")].tolist() == [3, 1]


# What the article says


def test_what_the_article_says_by_hand() -> None:
    found = columns(
        {**candidate(1, "drift", 4), "first": 0.1, "last": 0.5, "alone": 1, "shape": "ng", "best_inside": 0.2},
        {**candidate(1, "data drift", 2), "first": 0.3, "last": 0.3, "proper": 1, "shape": "npi", "best_inside": 0.7},
    )
    expected = {
        "frequency": [4, 2],
        "relative frequency": [1, 0.5],
        "share of tokens": [0.2, 0.1],
        "spread": [0.4, 0],
        "rank by first": [0, 1],
        "rank by inside": [1, 0],
        "share alone": [0.25, 0],
        "share proper": [0, 0.5],
        "words": [1, 2],
        "last class": [3, 1],
        "link": [0, 1],
        "tokens": [20, 20],
        "candidates": [2, 2],
        "containing": [2, 0],
        "contained": [0, 4],
        "containers": [1, 0],
        "share in containing": [0.5, 0],
    }
    assert {name: pytest.approx(found[name], abs=1e-6) for name in expected} == expected


def slowly(terms: dict[str, int]) -> dict[str, tuple[int, int, int]]:
    """Of each term the frequency of the commonest that contains it and that it contains, and how many contain it."""

    def holds(outer: str, inner: str) -> bool:
        return outer != inner and f" {inner} " in f" {outer} "

    return {
        term: (
            max((count for other, count in terms.items() if holds(other, term)), default=0),
            max((count for other, count in terms.items() if holds(term, other)), default=0),
            sum(holds(other, term) for other in terms),
        )
        for term in terms
    }


nested = st.dictionaries(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(" ".join), st.integers(1, 9), max_size=12
)


@settings(deadline=None)
@given(st.lists(nested, max_size=3))
def test_nesting_is_that_of_the_article(articles: list[dict[str, int]]) -> None:
    found = columns(*(candidate(file, *term) for file, terms in enumerate(articles) for term in terms.items()))
    names = ("containing", "contained", "containers")
    # "a a" holds "a" twice, and so counts as two that contain it
    expected = [values for terms in articles for values in slowly(terms).values()]
    assert list(zip(*(found[name] for name in names[:2]), strict=True)) == [values[:2] for values in expected]
    assert [count > 0 for count in found["containers"]] == [values[2] > 0 for values in expected]


@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=8), max_size=4))
@settings(deadline=None)
def test_ranks_are_places_in_the_article_and_equals_keep_their_order(articles: list[list[int]]) -> None:
    given = [
        {**candidate(file, f"t{place}", 1), "first": first / 8}
        for file, values in enumerate(articles)
        for place, first in enumerate(values)
    ]
    expected = [
        sorted(range(len(values)), key=values.__getitem__).index(at) for values in articles for at in range(len(values))
    ]
    assert columns(*given)["rank by first"] == expected


# What the corpus says


def test_what_the_corpus_says_by_hand() -> None:
    found = columns(
        {**candidate(0, "drift", 4), "in_title": True, "heading": 2, "alone": 2},
        candidate(0, "data drift", 1),
        candidate(1, "drift", 2),
        candidate(2, "loss", 3),
        candidate(3, "data loss", 3),
    )
    expected = {
        "rarity": np.log([2, 4, 2, 4, 4]),
        "articles": np.log([2, 1, 2, 1, 1]),
        "frequency where it stands": [3, 1, 3, 3, 3],
        "share alone in the corpus": [1 / 3, 0, 1 / 3, 0, 0],
        "share of titles": [0.5, 0, 0.5, 0, 0],
        "share of headings": [0.5, 0, 0.5, 0, 0],
        "articles of first word": np.log(np.array([2, 2, 2, 2, 2]) / 4),
        "association": [0, 0, 0, 0, 0],
        "terms that it heads": [0, np.log(2), 0, 0, np.log(2)],
        "terms that it opens": [0, np.log(3), 0, 0, np.log(3)],
        "corpus": np.log([4] * 5),
        "tf-idf": np.log1p([4, 1, 2, 3, 3]) * np.log([2, 4, 2, 4, 4]),
    }
    assert {name: pytest.approx(found[name]) for name in expected} == {
        name: list(values) for name, values in expected.items()
    }


ARTICLES = [
    [candidate(file, term, 1 + (file * at) % 3) for at, term in enumerate(terms)]
    for file, terms in enumerate(
        [["drift", "data drift", "loss"], ["data", "drift"], ["loss", "data loss", "data"], ["model registry"]]
    )
]


@pytest.mark.parametrize("seed", range(5))
def test_the_rows_of_an_article_do_not_depend_on_the_order_of_the_others(seed: int) -> None:
    def rows_of(articles: Sequence[Sequence[dict]]) -> dict[tuple[int, str], list[float]]:
        given = [row for rows in articles for row in rows]
        values = matrix(Features(_candidates(given), WORDS, KNOWN).of_all()).tolist()
        return {(row["file"], row["term"]): value for row, value in zip(given, values, strict=True)}

    assert rows_of(random.Random(seed).sample(ARTICLES, len(ARTICLES))) == rows_of(ARTICLES)


def test_repeats_do_not_count_in_statistics() -> None:
    once = [row for rows in ARTICLES for row in rows]
    copies = [{**row, "file": 4 + copy} for copy in range(3) for row in ARTICLES[0]]
    alone, together = columns(*once), columns(*once, *copies, repeated=(4, 5, 6))
    counted = columns(*once, *copies)
    assert {name: column[: len(once)] for name, column in together.items()} == alone
    assert counted["rarity"][: len(once)] != alone["rarity"]
    own = len(ARTICLES[0])
    for name in set(together) - {"tokens", "share of tokens"}:  # a copy is what its original is
        assert together[name][-own:] == alone[name][:own], name


def test_a_term_of_repeats_alone_is_finite_and_rare() -> None:
    found = columns(candidate(0, "drift", 1), candidate(1, "loss", 1), candidate(2, "drift", 1), repeated=(1,))
    assert found["rarity"] == pytest.approx([0, np.log(2), 0])


# What is known from elsewhere


def test_what_is_known_from_elsewhere_by_hand() -> None:
    found = columns(candidate(0, "data drift", 1), candidate(0, "drift", 1), candidate(0, "loss", 1))
    data, drift, unknown = 3.15 / 93, 10.15 / 43, 0.05
    expected = {
        "keyphraseness": [4.15 / 12, drift, unknown],
        "known": [9, 40, 0],
        "keyphraseness of first word": [data, drift, unknown],
        "keyphraseness of last word": [drift, drift, unknown],
        "keyphraseness of words": [(data + drift) / 2, drift, unknown],
        "least keyphraseness of words": [data, drift, unknown],
        "background frequency": np.log1p([900, 4000, 0]),
        "background frequency of first word": np.log1p([9000, 4000, 0]),
        "background frequency of last word": np.log1p([4000, 4000, 0]),
    }
    assert {name: pytest.approx(found[name]) for name in expected} == {
        name: list(values) for name, values in expected.items()
    }


# How words are used


def test_a_word_that_prose_uses_as_a_verb_is_told_from_a_noun() -> None:
    found = columns(candidate(0, "drift", 2), candidate(0, "combine", 2), candidate(0, "combine drift", 1))
    noun, verb, both = found["last word no noun"]
    assert noun == both < 0.1
    assert verb > 0.8
    assert found["first word no modifier"] == [0, 0, pytest.approx(verb)]


def test_a_small_corpus_is_told_what_a_word_mostly_is() -> None:
    none = rows.WORDS.empty_table()
    found = columns(candidate(0, "data carefully", 2), candidate(0, "ensure drift", 2), words=none)
    assert found["last word no noun"][0] > 0.8
    assert found["first word no modifier"][1] > 0.8


def test_the_words_that_are_known_are_written_as_a_term_is() -> None:
    lines = WORD_USES.read_text("utf-8").splitlines()
    assert len(lines) > 2000
    assert lines == sorted(lines)
    for line in lines:
        word, *counts = line.split("\t")
        assert normal_word(word) == (word,)
        assert len(counts) == len(USES)
        assert abs(sum(map(int, counts)) - PRIOR_USES) <= 2  # rounded one by one
