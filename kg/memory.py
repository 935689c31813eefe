"""How much memory Arrow takes, and what is free again given back to the system: other processes of a build need it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pyarrow as pa


def give_back() -> None:
    """Have Arrow and the C library give back what they keep of it; a library other than glibc does so by itself."""
    pa.default_memory_pool().release_unused()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def compactly() -> Iterator[None]:
    """Have Arrow allocate with jemalloc meanwhile, if it has that.

    Its default has the kernel clear huge pages over and over: choosing concepts took a second and 100 MB more with it.
    """
    default = pa.default_memory_pool()
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(default)
