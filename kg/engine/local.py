"""Engine that applies a function to items in this process, or in worker processes of a `ProcessPoolExecutor`.

If a worker process dies, its whole pool breaks. The unfinished items are then submitted to a new pool. So that the
engine knows which items are unfinished, each item is submitted as a call of its own.
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
"""The engine gives up after so many process pools in a row have broken without finishing an item."""


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Local:
    """An `Engine` with up to `jobs` worker processes.

    If `jobs` is 1 or there is only one item, the work is done in this process.
    """

    jobs: int
    pool: ProcessPoolExecutor | None = None
    """Pool of worker processes that are already running (see `started`), or None. It is shut down after the work."""

    def completed(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Generator[tuple[int, Result], None, None]:
        """Apply `function` to every item, and yield the results, as `kg.engine.Engine.completed` says."""
        if self.jobs <= 1 or len(items) <= 1:
            if self.pool is not None:
                _kill_workers(self.pool)  # they get no work, so do not wait until they have started
                _shut_down(self.pool)
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
    """Yield an engine whose worker processes start immediately and call `prepare`, before there are items to process.

    Args:
        jobs: number of worker processes. If it is 1, nothing is started.
        prepare: function that loads what the work will need. Errors in it are ignored, since the work itself will raise
            the same errors.
    """
    if jobs <= 1:
        yield Local(jobs)
        return
    with _pool(jobs, prepare) as pool:
        _submit(pool, "", [()] * jobs)
        yield Local(jobs, pool)


def run(function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int) -> list[Result]:
    """Apply `function` to all items in up to `jobs` processes, and return the results in the order of the items.

    `kg.engine.Engine.completed` describes the arguments and the errors.
    """
    results = dict(Local(jobs).completed(function, items))
    return [results[index] for index in range(len(items))]


@dataclass(frozen=True, slots=True)
class Ahead(Generic[Result]):
    """A function call that is executed in a separate process, while this process goes on."""

    _function: Callable[[], Result]
    _future: Future[Result]

    def is_done(self) -> bool:
        """Return whether the call has ended, with a result or with an error."""
        return self._future.done()

    def result(self) -> Result:
        """Wait for the result and return it. If the separate process has died, call the function in this process."""
        try:
            return self._future.result()
        except BrokenProcessPool:
            return self._function()


@contextmanager
def ahead(function: Callable[[], Result]) -> Iterator[Ahead[Result]]:
    """Call `function` in a separate process while the body of the `with` statement runs.

    Yield an `Ahead`, which represents the call and gives its result.
    """
    with _pickled(function) as file, _pool(1) as pool:
        (future,) = _submit(pool, file, [()])
        yield Ahead(function, future)


@contextmanager
def _pool(workers: int, prepare: Callable[[], object] | None = None) -> Iterator[ProcessPoolExecutor]:
    with _closing(ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (prepare,))) as pool:
        yield pool


@contextmanager
def _closing(pool: ProcessPoolExecutor) -> Iterator[ProcessPoolExecutor]:
    """Yield `pool`, and shut it down at the end. After an error, kill its workers instead of waiting for their work."""
    try:
        yield pool
    except BaseException:
        _kill_workers(pool)
        raise
    finally:
        _shut_down(pool)


def _kill_workers(pool: ProcessPoolExecutor) -> None:
    for worker in list((pool._processes or {}).values()):  # from Python 3.14 on, there is a public method
        worker.kill()


def _shut_down(pool: ProcessPoolExecutor) -> None:
    """Shut down a pool, and wait for the end of its workers.

    This writes to a pipe. If workers have died, the pool may have closed this pipe already, and then the write raises
    an OSError, which is suppressed.
    """
    with suppress(OSError):
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, file: str, calls: Sequence[tuple[Any, ...]]) -> list[Future[Any]]:
    """Submit calls of the function that is pickled in `file`, and return the futures of the calls.

    Each entry of `calls` has the arguments of one call. If `file` is "", the calls do nothing, but make the pool start
    its workers.
    """
    with _without_main(), _without_interrupt():
        return [_submit_one(pool, file, *arguments) for arguments in calls]


def _submit_one(pool: ProcessPoolExecutor, *call: Any) -> Future[Any]:
    """Submit a call, and return its future. If the pool is broken, the future raises a `BrokenProcessPool`.

    The method `submit` of a broken pool raises a `BrokenProcessPool`, or an OSError without an error number. This
    function catches these errors, and returns a future that raises a `BrokenProcessPool` instead.
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
    """Write `function` to a temporary file, from which worker processes read it, and yield the name of the file.

    With its arguments, the function may have megabytes. Without the file, it would be sent to a spawned process through
    a pipe, and this process would have to wait until the spawned process has read all of it. But a spawned process
    reads from the pipe only after its imports. If it were killed during the imports, the wait would never end.
    """
    with tempfile.NamedTemporaryFile(prefix="kg-") as file:
        pickle.dump(function, file)
        file.flush()
        yield file.name


def _begin(prepare: Callable[[], object] | None) -> None:
    """Initialize a worker process: make sure that it ends when its parent process ends, and call `prepare`."""
    _die_with_parent()
    if prepare is not None:
        with suppress(Exception):
            prepare()
        gc.freeze()  # loaded objects are never freed, so the garbage collector can skip them


def _call(file: str, *arguments: Any) -> Any:
    return _function(file)(*arguments) if file else None


@lru_cache(maxsize=1)
def _function(file: str) -> Callable[..., Any]:
    function: Callable[..., Any] = pickle.loads(Path(file).read_bytes())
    return function


def _die_with_parent() -> None:
    """Make sure that this worker process ends when its parent process ends, even if the parent process is killed.

    Otherwise, the worker process would wait for work forever.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _without_interrupt() -> Iterator[None]:
    """Block the signal SIGINT inside the `with` statement, in which worker processes are spawned.

    On Ctrl+C, a terminal sends this signal to this process and to all workers. Only this process should react to it,
    and end the workers. A spawned worker inherits the set of blocked signals. So the signal is blocked in the worker
    from the beginning, before Python code in the worker could ignore it. If the signal arrives inside the `with`
    statement, this process receives it at the end of the statement.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep spawned worker processes from running the script that uses kg.

    `multiprocessing.spawn` would first run this script in each worker. The script may lack the usual
    `if __name__ == "__main__"`, and the workers do not need the script: they import the functions that they run from
    kg.
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
