"""Probabilities that are given, so that no weight matters."""

from collections.abc import Callable

import numpy as np
import pytest


@pytest.fixture
def believe(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Fixes the probability of each candidate."""

    def fix(*values: float) -> None:
        monkeypatch.setattr("kg.concepts.select.probability", lambda _: np.array(values, np.float64))

    return fix
