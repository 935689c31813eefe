"""The model that is shipped, for tests of what every model must do."""

import pytest

from kg.concepts.ranking.ranker import SHIPPED, Ranker, load_ranker


@pytest.fixture(scope="session")
def shipped() -> Ranker:
    return load_ranker(SHIPPED)
