"""What is asked of tables."""

import pyarrow as pa

from kg.tables import each_once


def test_each_value_is_asked_for_once() -> None:
    asked: list[float] = []

    def text(value: float) -> str | None:
        asked.append(value)
        return str(value) if value < 1 else None

    made = each_once(pa.array([0.5, 1.0, None, 0.5, 1e-05]), text)
    assert made.to_pylist() == ["0.5", None, None, "0.5", "1e-05"]
    assert asked == [0.5, 1.0, 1e-05]


def test_of_nothing_it_is_nothing() -> None:
    assert each_once(pa.array([], pa.string()), str).to_pylist() == []
    assert each_once(pa.array([None, None], pa.string()), str).to_pylist() == [None, None]
