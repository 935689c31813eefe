"""Engine that works in this process, or in worker processes of a `concurrent.futures.ProcessPoolExecutor`.

If a worker dies, its whole pool breaks. The unfinished items are then given to a new pool, so that the work goes on.
For this reason, items are submitted one by one and not as a stream.
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
"""Number of pools in a row that may break without finishing an item. Then the engine gives up."""


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Local:
    """An `Engine` with up to `jobs` worker processes. With one job or one item, the work is done in this process."""

    jobs: int
    pool: ProcessPoolExecutor | None = None
    """Workers that are already running, see `started`. They are stopped at the end of the work."""

    def completed(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Generator[tuple[int, Result], None, None]:
        """Do what `kg.engine.Engine` describes."""
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
        prepare: function that loads what the work will need. Its errors are ignored, since the work will raise them
            again.
    """
    if jobs <= 1:
        yield Local(jobs)
        return
    with _pool(jobs, prepare) as pool:
        _submit(pool, "", [()] * jobs)
        yield Local(jobs, pool)


def run(function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int) -> list[Result]:
    """Apply `function` to all items in `jobs` processes, and return the results in the order of the items.

    See `kg.engine.Engine`.
    """
    results = dict(Local(jobs).completed(function, items))
    return [results[index] for index in range(len(items))]


@dataclass(frozen=True, slots=True)
class Ahead(Generic[Result]):
    """A call of a function that runs in a separate process."""

    _function: Callable[[], Result]
    _future: Future[Result]

    def is_done(self) -> bool:
        """Return whether the call has ended, with a result or without one."""
        return self._future.done()

    def result(self) -> Result:
        """Wait for the result and return it; if the process died, call the function in this process."""
        try:
            return self._future.result()
        except BrokenProcessPool:
            return self._function()


@contextmanager
def ahead(function: Callable[[], Result]) -> Iterator[Ahead[Result]]:
    """Call `function` in a separate process while the body of the `with` statement runs, and yield the call."""
    with _pickled(function) as file, _pool(1) as pool:
        (future,) = _submit(pool, file, [()])
        yield Ahead(function, future)


@contextmanager
def _pool(workers: int, prepare: Callable[[], object] | None = None) -> Iterator[ProcessPoolExecutor]:
    with _closing(ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (prepare,))) as pool:
        yield pool


@contextmanager
def _closing(pool: ProcessPoolExecutor) -> Iterator[ProcessPoolExecutor]:
    """Yield `pool`, and shut it down at the end. After an error, kill its workers instead of waiting for their work.

    Shutting down writes to a pipe. If workers have died, the pool may have closed this pipe already, and the write
    raises an OSError. This error is suppressed.
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
    """Submit calls of the function that is pickled in `file`, and return their futures.

    Each entry of `calls` has the arguments of one call. If `file` is "", the calls do nothing, but start the workers.
    """
    with _without_main(), _without_interrupt():
        return [_submit_one(pool, file, *arguments) for arguments in calls]


def _submit_one(pool: ProcessPoolExecutor, *call: Any) -> Future[Any]:
    """Submit a call, and return its future. If the pool breaks meanwhile, the future raises a `BrokenProcessPool`.

    A broken pool raises one of two errors on submission: a `BrokenProcessPool`, or an OSError without a number. This
    function catches both, and returns a future that raises a `BrokenProcessPool` instead.
    """
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
    """Write `function`, which may hold megabytes, to a temporary file for the workers, and yield the name of the file.

    Without the file, the function would go to a spawned process through a pipe, as an argument. The parent would have
    to wait until the process has read all of it. The process reads it only after its imports. If it is killed during
    the imports, it never reads the function.
    """
    with tempfile.NamedTemporaryFile(prefix="kg-") as file:
        pickle.dump(function, file)
        file.flush()
        yield file.name


def _begin(prepare: Callable[[], object] | None) -> None:
    """Initialize a worker: make it end with its parent, and call `prepare`."""
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
    """End this worker when its parent ends, even if the parent is killed.

    Otherwise, the worker would wait for work forever.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _without_interrupt() -> Iterator[None]:
    """Block SIGINT while workers are spawned.

    A terminal sends this signal to all processes. Only the parent should react to it, and end its workers. A spawned
    process inherits the blocked signals. So it is protected from its first instruction on, before Python code in it
    could make it ignore the signal. If the signal arrives meanwhile, this process receives it at the end of the `with`
    statement.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep spawned workers from running the caller's script.

    `multiprocessing.spawn` would run the script in each worker first. The script may lack the usual
    `if __name__ == "__main__"`, and workers do not need it: they import the functions that they run from this package.
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
