"""Engine in this process or in worker processes, by `concurrent.futures.ProcessPoolExecutor`.

If a worker dies, the unfinished items are given to a new pool, so that the run goes on. For this reason, work is
submitted as separate items, not as a stream.
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
"""Consecutive pools that may break without finishing an item."""


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Local:
    """An `Engine` of `jobs` worker processes; with one job or one item, the work is done in this process."""

    jobs: int
    pool: ProcessPoolExecutor | None = None
    """Workers that are already running, see `started`; they end with the work."""

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
        pool = _closing(self.pool) if self.pool else _pool(min(self.jobs, len(missing)))
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
    """Yield an engine whose workers start at once and call `prepare`, before the items are known.

    Args:
        jobs: number of processes.
        prepare: loads what the work will need. Its errors are ignored, since the work will raise them again.
    """
    if jobs <= 1:
        yield Local(jobs)
        return
    with _pool(jobs, prepare) as pool:
        _submit(pool, "", [()] * jobs)
        yield Local(jobs, pool)


def run(function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int) -> list[Result]:
    """Return all results in the order of the items; see `kg.engine.Engine`."""
    results = dict(Local(jobs).completed(function, items))
    return [results[index] for index in range(len(items))]


@dataclass(frozen=True, slots=True)
class Ahead(Generic[Result]):
    """Call of a function in a separate process."""

    _function: Callable[[], Result]
    _future: Future[Result]

    def is_done(self) -> bool:
        """Whether the process has a result, or will never have one."""
        return self._future.done()

    def result(self) -> Result:
        """Wait for the result and return it; if the process died, call the function in this process."""
        try:
            return self._future.result()
        except BrokenProcessPool:
            return self._function()


@contextmanager
def ahead(function: Callable[[], Result]) -> Iterator[Ahead[Result]]:
    """Call `function` in a separate process while the body of the `with` statement runs."""
    with _pickled(function) as file, _pool(1) as pool:
        (future,) = _submit(pool, file, [()])
        yield Ahead(function, future)


@contextmanager
def _pool(workers: int, prepare: Callable[[], object] | None = None) -> Iterator[ProcessPoolExecutor]:
    with _closing(ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (prepare,))) as pool:
        yield pool


@contextmanager
def _closing(pool: ProcessPoolExecutor) -> Iterator[ProcessPoolExecutor]:
    """Yield `pool` and shut it down; after an error, kill its workers at once instead of waiting for their work.

    If workers have died, the pool may have closed the pipe that shutting down writes to, hence the suppressed OSError.
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
    """Submit calls of the function in `file`; if `file` is "", submit empty calls, which only start the workers."""
    with _without_main(), _without_interrupt():
        return [_submit_one(pool, file, *arguments) for arguments in calls]


def _submit_one(pool: ProcessPoolExecutor, *call: Any) -> Future[Any]:
    """Submit a call; if the pool breaks meanwhile, in either way, return a future with a `BrokenProcessPool`."""
    try:
        return pool.submit(_call, *call)
    except (BrokenProcessPool, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # a process cannot be started
            raise
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool(str(error)))
        return future


@contextmanager
def _pickled(function: Callable[..., Any]) -> Iterator[str]:
    """Yield the name of a temporary file from which workers read `function`, which may hold megabytes.

    Arguments of a spawned process go through a pipe. The parent would wait until the process has read all of them:
    until it has finished its imports, or forever if it is killed meanwhile.
    """
    with tempfile.NamedTemporaryFile(prefix="kg-") as file:
        pickle.dump(function, file)
        file.flush()
        yield file.name


def _begin(prepare: Callable[[], object] | None) -> None:
    """Initialize a worker."""
    _die_with_parent()
    if prepare is not None:
        with suppress(Exception):
            prepare()
        gc.freeze()  # loaded objects are never freed, so the collector need not visit them


def _call(file: str, *arguments: Any) -> Any:
    return _function(file)(*arguments) if file else None


@lru_cache(maxsize=1)
def _function(file: str) -> Callable[..., Any]:
    function: Callable[..., Any] = pickle.loads(Path(file).read_bytes())
    return function


def _die_with_parent() -> None:
    """End this worker when its parent ends, even if that is killed; otherwise, it would wait for work forever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _without_interrupt() -> Iterator[None]:
    """Block SIGINT while workers are spawned: a terminal sends it to all processes, but the parent ends its workers.

    A spawned process inherits blocked signals and so is protected from its first instruction on, before Python could
    ignore the signal. This process receives the signal after the context.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep spawned workers from importing the caller's script, which may lack an `if __name__ == "__main__"`.

    Workers import the functions that they run from this package; `multiprocessing.spawn` would run the script first.
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
