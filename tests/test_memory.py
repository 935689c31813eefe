"""What is given back: the memory that a build has no more use for."""

import ctypes

import pyarrow as pa
import pytest

from kg.memory import give_back


def test_what_arrow_keeps_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(
        pa, "default_memory_pool", lambda: type("Pool", (), {"release_unused": lambda _: told.append(1)})()
    )
    give_back()
    assert told == [1]


def test_a_c_library_that_does_so_by_itself_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    give_back()
