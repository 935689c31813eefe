"""Distances between spellings, compared with the definition."""

from hypothesis import given
from hypothesis import strategies as st

from kg.graph.spelling import similar_names, within_distance

WORDS = st.text("abc😀", max_size=7)


def distance(one: str, other: str) -> int:
    """Optimal string alignment, by its definition."""
    table = [[max(i, j) for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            replaced = table[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, replaced)
            if min(i, j) > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(WORDS, st.lists(WORDS, max_size=12, unique=True), st.integers(0, 4))
def test_distances_are_those_of_the_definition(wanted: str, names: list[str], limit: int) -> None:
    expected = sorted((distance(wanted, name), name) for name in names if distance(wanted, name) <= limit)
    assert within_distance(wanted, names, limit) == [(name, number) for number, name in expected]


def test_nearest_first_and_in_the_case_of_the_name() -> None:
    names = ["Data drift", "data audit", "Data Lake", "latency"]
    assert similar_names("DATA DRFIT", names) == ["Data drift"]
    assert similar_names("data draft", names) == ["Data drift"]
    assert similar_names("late", names) == ["latency"]


def test_names_that_contain_the_text_if_none_is_similar() -> None:
    assert similar_names("debt", ["Technical debt", "the debt of a team", "tech debt", "debt service ratio"]) == [
        "tech debt",
        "Technical debt",
        "debt service ratio",
    ]


def test_nothing_is_similar_to_nothing() -> None:
    assert similar_names("", ["", "ab", "abc"]) == [""]
    assert similar_names("", ["abc"]) == []
    assert similar_names("drift", []) == []
    assert similar_names("x" * 100_000, ["drift"]) == []
