"""benchmarks/explorations.py runs ten explorations of a build, each with an answer."""

import explorations
import pytest

import kg


@pytest.fixture(scope="module")
def graph(built) -> kg.Graph:
    return kg.open(built)


@pytest.mark.parametrize("name", explorations.EXPLORATIONS)
def test_every_exploration_runs(graph: kg.Graph, name: str) -> None:
    found = explorations.EXPLORATIONS[name](graph)
    assert found is None or len(found) > 0


def test_there_are_ten_and_their_seconds_are_told(built) -> None:
    assert len(explorations.EXPLORATIONS) == 10
    assert 0 < explorations.seconds_of(built, "trend of a concept") < 60
