"""Settings of memory allocators and of the garbage collector, and the return of unused memory to the system."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import pyarrow as pa

_MMAP_THRESHOLD: Final = -3
"""The parameter M_MMAP_THRESHOLD of glibc's function `mallopt`."""
_LARGE: Final = 4_000_000
"""Smallest size in bytes of an allocation for which glibc makes a separate memory mapping.

When such an allocation is freed, its memory returns to the system.
"""


def release_memory() -> None:
    """Return to the system the memory that Arrow and glibc hold but do not use.

    On a system with another C library than glibc, only the memory that Arrow holds is returned.
    """
    pa.default_memory_pool().release_unused()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def compact_allocator() -> Iterator[None]:
    """Let Arrow use jemalloc, if available, inside the context; let glibc map large arrays separately from now on.

    With Arrow's default allocator, the kernel clears huge pages again and again. In a test, choosing the concepts of a
    build then took one second longer, and needed 100 MB more memory.

    By default, glibc raises the minimum size of separately mapped arrays, up to 32 MB, whenever such an array is freed.
    In a build of 100,000 articles, half of the main process's memory then consisted of holes between arrays.
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


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause Python's collector of reference cycles inside the context.

    Nodes and rows of tables form no cycles, but making millions of them would start the collector again and again.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
