"""Limit on the number of threads of BLAS libraries, which multiply matrices."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """Limit BLAS to one thread inside the context.

    There are two reasons. The rounding of a matrix product depends on how its computation is divided among threads. And
    the worker processes of a build use all cores already.
    """
    limited: AbstractContextManager[object] = _threads().limit(limits=1, user_api="blas")
    return limited


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()
