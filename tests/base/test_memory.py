"""What is given back: the memory that a build has no more use for."""

import ctypes
from collections.abc import Callable

import pyarrow as pa
import pytest

from kg.base.memory import compact_allocator, release_memory


def test_what_arrow_keeps_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(
        pa, "default_memory_pool", lambda: type("Pool", (), {"release_unused": lambda _: told.append(1)})()
    )
    release_memory()
    assert told == [1]


def test_a_c_library_that_does_so_by_itself_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    release_memory()


def not_built_in() -> pa.MemoryPool:
    """What Arrow does where it was built without jemalloc."""
    raise pa.ArrowNotImplementedError("This Arrow build does not have jemalloc support")  # its own class and words


@pytest.mark.parametrize("jemalloc", [pa.system_memory_pool, not_built_in])
def test_arrow_has_another_pool_for_a_while(
    jemalloc: Callable[[], pa.MemoryPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    default = pa.default_memory_pool().backend_name
    monkeypatch.setattr(pa, "jemalloc_memory_pool", jemalloc)
    with compact_allocator():
        assert pa.default_memory_pool().backend_name == (default if jemalloc is not_built_in else "system")
    assert pa.default_memory_pool().backend_name == default


def test_the_c_library_is_told_where_large_arrays_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    library = type("Library", (), {"mallopt": lambda _, *option: told.append(option)})()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    with compact_allocator():
        pass
    assert told == [(-3, 4_000_000)]  # malloc.h of glibc: M_MMAP_THRESHOLD


def test_a_c_library_without_that_option_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    with compact_allocator():
        pass
