"""Where per-article work runs: in this process, or in worker processes behind `concurrent.futures.Executor`.

A worker that dies takes its batch with it, never the run: the batches that are missing are given to a new pool. That is
why work is handed over as batches whose results lie in files, and not streamed.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Final, TypeVar

from kg.errors import MachineError

Item = TypeVar("Item")
Result = TypeVar("Result")

ATTEMPTS: Final = 3
"""Pools in a row that may break without finishing a single batch."""


def available_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    jobs: int,
    on_done: Callable[[int], None] = lambda _: None,
) -> list[Result]:
    """Apply `function` to every item and return the results in order.

    Args:
        function: a module-level function; it may run more than once for an item whose worker died.
        items: picklable values.
        jobs: worker processes; with one of them, or one item, the work is done in this process.
        on_done: called with an item's index when it is done, in any order.

    Raises:
        MachineError: if workers keep dying.
        Exception: what `function` raises.
    """
    results: dict[int, Result] = {}
    if jobs <= 1 or len(items) <= 1:
        for index, item in enumerate(items):
            results[index] = function(item)
            on_done(index)
        return [results[index] for index in range(len(items))]

    failures = 0
    while len(results) < len(items):
        before = len(results)
        try:
            _run_pool(function, items, results, jobs, on_done)
        except BrokenProcessPool as error:
            failures = 0 if len(results) > before else failures + 1
            if failures == ATTEMPTS:
                raise MachineError(
                    f"worker processes keep dying ({ATTEMPTS} times in a row without progress): "
                    "is there enough memory? Try --jobs 1"
                ) from error
    return [results[index] for index in range(len(items))]


def _run_pool(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    results: dict[int, Result],
    jobs: int,
    on_done: Callable[[int], None],
) -> None:
    missing = [index for index in range(len(items)) if index not in results]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(missing)), mp_context=context, initializer=_die_with_parent) as pool:
        with _without_main():
            futures = {pool.submit(function, items[index]): index for index in missing}
        try:
            for future in as_completed(futures):
                results[futures[future]] = future.result()
                on_done(futures[future])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _die_with_parent() -> None:
    """End this worker when its parent is gone, even killed: it would wait for work that never comes."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep spawned workers from importing the caller's script, which may lack an `if __name__ == "__main__"`.

    Workers import what they run from this package; `multiprocessing.spawn` would run the script again first.
    """
    main = sys.modules["__main__"]
    hidden: dict[str, object] = {
        name: main.__dict__.pop(name) for name in ("__spec__", "__file__") if name in main.__dict__
    }
    main.__dict__["__spec__"] = None
    try:
        yield
    finally:
        main.__dict__.update({"__spec__": None} | hidden)
