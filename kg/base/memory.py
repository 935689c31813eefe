"""How memory is taken, and what is free again given back to the system: other processes of a build need it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import pyarrow as pa

_MMAP_THRESHOLD: Final = -3
"""glibc's M_MMAP_THRESHOLD."""
_LARGE: Final = 4_000_000
"""Bytes from which on the C library has the system give what is asked for, and gives it back as soon as it is free."""


def release_memory() -> None:
    """Have Arrow and the C library give back what they keep of it; a library other than glibc does so by itself."""
    pa.default_memory_pool().release_unused()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def compact_allocator() -> Iterator[None]:
    """Have Arrow allocate with jemalloc meanwhile, if it has that, and glibc keep large arrays apart from now on.

    Arrow's default has the kernel clear huge pages over and over: choosing concepts took a second and 100 MB more with
    it. glibc raises its limit to 32 MB as soon as such an array was freed: with 100,000 articles, half of the main
    process was holes between what it still used.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
    default = pa.default_memory_pool()
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(default)
