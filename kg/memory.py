"""Memory that is free again, given back to the system: other processes of a build need it."""

from __future__ import annotations

import ctypes
from contextlib import suppress

import pyarrow as pa


def give_back() -> None:
    """Have Arrow and the C library give back what they keep of it; a library other than glibc does so by itself."""
    pa.default_memory_pool().release_unused()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
