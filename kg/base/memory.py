"""Settings of the memory allocators, and the release of free memory, which other processes of a build need."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import pyarrow as pa

_MMAP_THRESHOLD: Final = -3
"""glibc's M_MMAP_THRESHOLD."""
_LARGE: Final = 4_000_000
"""Size in bytes from which the C library maps an allocation by itself, and returns it to the system when freed."""


def release_memory() -> None:
    """Return memory that Arrow and glibc hold but do not use to the system; other C libraries do so by themselves."""
    pa.default_memory_pool().release_unused()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def compact_allocator() -> Iterator[None]:
    """Use jemalloc for Arrow inside the context, if available, and have glibc map large arrays separately from now on.

    Arrow's default allocator has the kernel clear huge pages again and again: choosing concepts took a second and
    100 MB more with it. glibc raises its mapping threshold to up to 32 MB when a mapped array is freed: with 100,000
    articles, half of the main process's memory was holes between live allocations.
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
