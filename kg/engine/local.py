"""Work in this process, or in worker processes behind `concurrent.futures.Executor`.

A worker that dies takes its item with it, never the run: the items that are missing are given to a new pool. That is
why work is handed over in batches, and not streamed.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Generic

from kg.base.errors import MachineError
from kg.engine import Item, Result

ATTEMPTS: Final = 3
"""Pools in a row that may break without finishing a single item."""


def available_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Local:
    """An `Engine` of so many processes; with one of them, or one item, the work is done in this process."""

    jobs: int
    pool: ProcessPoolExecutor | None = None
    """Workers that are there already, see `started`; they end with the work."""

    def completed(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Generator[tuple[int, Result], None, None]:
        """See `kg.engine.Engine`."""
        if self.jobs <= 1 or len(items) <= 1:
            if self.pool is not None:
                self.pool.shutdown()
            for index, item in enumerate(items):
                yield index, function(item)
            return
        missing = dict(enumerate(items))
        failures = 0
        pool = _ended(self.pool) if self.pool else _pool(min(self.jobs, len(missing)))
        while missing:
            before = len(missing)
            try:
                for index, result in _completed(pool, function, missing):
                    del missing[index]
                    yield index, result
            except BrokenProcessPool as error:
                failures = 0 if len(missing) < before else failures + 1
                pool = _pool(min(self.jobs, len(missing)))
                if failures == ATTEMPTS:
                    raise MachineError(
                        f"worker processes keep dying ({ATTEMPTS} times in a row without progress): "
                        "is there enough memory? Try --jobs 1"
                    ) from error


def _completed(
    workers: AbstractContextManager[ProcessPoolExecutor], function: Callable[[Item], Result], missing: dict[int, Item]
) -> Iterator[tuple[int, Result]]:
    with _pickled(function) as file, workers as pool:
        futures = dict(zip(_submit(pool, file, [(item,) for item in missing.values()]), missing, strict=True))
        for future in as_completed(list(futures)):
            yield futures.pop(future), future.result()


@contextmanager
def started(jobs: int, prepare: Callable[[], object]) -> Iterator[Local]:
    """An engine whose workers `prepare` themselves at once, while it is still found out what there is to do.

    Args:
        jobs: processes.
        prepare: loads what will be needed; where it fails, the work will tell.
    """
    if jobs <= 1:
        yield Local(jobs)
        return
    with _pool(jobs, prepare) as pool:
        _submit(pool, "", [()] * jobs)
        yield Local(jobs, pool)


def run(function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int) -> list[Result]:
    """All results in the order of the items; see `kg.engine.Engine`."""
    results = dict(Local(jobs).completed(function, items))
    return [results[index] for index in range(len(items))]


@dataclass(frozen=True, slots=True)
class Ahead(Generic[Result]):
    """A function that is called in a process of its own."""

    _function: Callable[[], Result]
    _future: Future[Result]

    def is_done(self) -> bool:
        """Whether there is a result, or never will be one from that process."""
        return self._future.done()

    def result(self) -> Result:
        """Wait for its result; it is called here instead if that process dies."""
        try:
            return self._future.result()
        except BrokenProcessPool:
            return self._function()


@contextmanager
def ahead(function: Callable[[], Result]) -> Iterator[Ahead[Result]]:
    """Call `function` in a process of its own while other work goes on here."""
    with _pickled(function) as file, _pool(1) as pool:
        (future,) = _submit(pool, file, [()])
        yield Ahead(function, future)


@contextmanager
def _pool(workers: int, prepare: Callable[[], object] | None = None) -> Iterator[ProcessPoolExecutor]:
    with _ended(ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (prepare,))) as pool:
        yield pool


@contextmanager
def _ended(pool: ProcessPoolExecutor) -> Iterator[ProcessPoolExecutor]:
    """A pool whose workers are ended at once where an error comes: nobody waits for their work.

    A pool whose workers have died may have closed the pipe that ending it writes to.
    """
    try:
        yield pool
    except BaseException:
        for worker in list((pool._processes or {}).values()):  # public from Python 3.14 on
            worker.kill()
        raise
    finally:
        with suppress(OSError):
            pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, file: str, calls: Sequence[tuple[Any, ...]]) -> list[Future[Any]]:
    """Hand work over: calls of the function in that file, or, where that is "", nothing, to have workers begin."""
    with _without_main(), _without_interrupt():
        return [_submit_one(pool, file, *arguments) for arguments in calls]


def _submit_one(pool: ProcessPoolExecutor, *call: Any) -> Future[Any]:
    """A pool that breaks at that moment says so in the future, too, whichever way it breaks."""
    try:
        return pool.submit(_call, *call)
    except (BrokenProcessPool, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # no process can be started
            raise
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool(str(error)))
        return future


@contextmanager
def _pickled(function: Callable[..., Any]) -> Iterator[str]:
    """A file for workers to read `function` from, which may hold megabytes.

    What is handed to a process that is spawned goes through a pipe: the parent waits until all of it is read, which is
    as long as that process imports what it needs, and forever if it is killed then.
    """
    with tempfile.NamedTemporaryFile(prefix="kg-") as file:
        pickle.dump(function, file)
        file.flush()
        yield file.name


def _begin(prepare: Callable[[], object] | None) -> None:
    """What a worker does first."""
    _die_with_parent()
    if prepare is not None:
        with suppress(Exception):
            prepare()
        gc.freeze()  # what is loaded stays


def _call(file: str, *arguments: Any) -> Any:
    return _function(file)(*arguments) if file else None


@lru_cache(maxsize=1)
def _function(file: str) -> Callable[..., Any]:
    function: Callable[..., Any] = pickle.loads(Path(file).read_bytes())
    return function


def _die_with_parent() -> None:
    """End this worker when its parent is gone, even killed: it would wait for work that never comes."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _without_interrupt() -> Iterator[None]:
    """Keep Ctrl-C, which a terminal sends to all processes, from workers that are spawned: their parent ends them.

    A blocked signal is blocked in what a process spawns, from its first instruction on, before Python could ignore it.
    Here it is delivered afterwards.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
