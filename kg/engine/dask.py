"""Engine that applies a function to items on the workers of a running Dask cluster (https://distributed.dask.org).

Each worker is first checked. It then receives the function once, and keeps it for all items. A worker that joins the
cluster later does not have the function, and answers its first item with an `UnknownTask`. Then it is checked and
receives the function, too. The function is not sent as Dask data, since Dask may move or drop such data, or lose them
when a worker dies.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from kg.base.errors import KgError, MachineError
from kg.engine import Item, Result

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS: Final = 10
"""Maximum number of seconds to wait for the answer of a Dask scheduler."""
WORKER_SECONDS: Final = 15
"""Maximum number of seconds that a Dask cluster may have no worker, for instance while its only worker restarts."""
IN_FLIGHT: Final = 2
"""Maximum number of unfinished items per worker: one that the worker processes, and one that waits."""
KEPT: Final = 8
"""Maximum number of functions that a worker keeps in memory. Each build sends one function.

A worker that receives another function drops the oldest one. If more builds than this use the cluster at the same time,
a dropped function is therefore sent to the worker again.
"""


@dataclass(frozen=True, slots=True)
class Dask:
    """An `Engine` that runs on the workers of a Dask scheduler.

    Attributes:
        address: HOST:PORT of the scheduler.
        check: picklable function that is called in each worker process before the worker gets its first item. It
            returns None if the worker can be used. Otherwise it returns what is wrong, as a text that continues a
            sentence beginning with "the Dask worker".
    """

    address: str
    check: Callable[[], str | None]

    def completed(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Generator[tuple[int, Result], None, None]:
        """Apply `function` to every item on the cluster, and yield the results, as `kg.engine.Engine.completed` says.

        At the end, and also after an error, no task of this build is left on the cluster.

        Raises:
            MachineError: if workers die again and again, nothing answers at the address, there are no workers, or
                `check` finds that a worker cannot be used.
            Exception: any exception that `function` raises.
        """
        if not items:
            return
        with _connected(self.address) as client:
            pool = WorkerPool(client, self.address, self.check, function)
            pool.tell(pool.workers())
            waiting = list(range(len(items)))[::-1]
            running: dict[object, int] = {}
            done: SimpleQueue[Future[Any]] = SimpleQueue()
            while waiting or running:
                while waiting and len(running) < IN_FLIGHT * max(1, len(pool.workers())):
                    index = waiting.pop()
                    future = pool.submit(items[index])
                    running[future.key] = index
                    future.add_done_callback(done.put)
                try:
                    future = done.get(timeout=1)
                except Empty:
                    pool.workers()
                    continue
                result = pool.result(future)
                index = running.pop(future.key)
                future.release()
                if isinstance(result, UnknownTask):
                    waiting.append(index)
                    pool.tell([result.address])
                else:
                    yield index, result


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """Yield a client of the scheduler at `address`. At the end, cancel its unfinished tasks and close the client."""
    from distributed import Client

    try:
        with ThreadPoolExecutor(1) as pool:  # another thread: in a notebook, this thread already runs an event loop
            pool.submit(asyncio.run, _check_server(address)).result()
        client = Client(f"tcp://{address}", timeout=CONNECT_SECONDS, set_as_default=False, name="kg")
    except (OSError, ValueError, MemoryError) as error:
        raise MachineError(
            f"no Dask scheduler answers at {address}: start one there with: "
            f"dask scheduler --port {address.rpartition(':')[2]}"
        ) from error
    with _silence():
        try:
            yield client
        finally:
            client.close()


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Dask's client from logging tracebacks of errors. This module reports such errors as a `MachineError`."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


async def _check_server(address: str) -> None:
    """Raise an error unless a Dask server answers at `address`.

    Call this before a Dask client is used. The client would wait forever if the server accepted connections but never
    replied.
    """
    from distributed.comm.core import connect

    async with asyncio.timeout(CONNECT_SECONDS + 1):
        comm = await connect(f"tcp://{address}", timeout=CONNECT_SECONDS)
        comm.abort()


class WorkerPool:
    """The workers of a Dask cluster, and the function that is sent to them. Workers may join and leave at any time."""

    def __init__(
        self, client: Client, address: str, check: Callable[[], str | None], function: Callable[[Any], Any]
    ) -> None:
        self._client = client
        self._address = address
        self._token = uuid.uuid4().hex
        self._setup = (pickle.dumps(check), self._token, pickle.dumps(function))
        self._task = _remote_work()
        self._workers: list[str] = []
        self._seen = self._asked = time.monotonic()

    def workers(self) -> list[str]:
        """Return the addresses of the workers, as they were at most a second ago. If there is no worker, wait for one.

        Raises:
            MachineError: if there has been no worker for `WORKER_SECONDS` seconds.
        """
        while not self._workers or time.monotonic() - self._asked > 1:
            try:
                self._workers = sorted(self._client.nthreads())
            except OSError as error:
                raise self._gone() from error
            self._asked = time.monotonic()
            if self._workers:
                self._seen = self._asked
            elif self._asked - self._seen > WORKER_SECONDS:
                raise MachineError(
                    f"the Dask scheduler at {self._address} has no workers: start some on each machine with: "
                    f"dask worker {self._address} --nworkers N --nthreads 1"
                )
            else:
                time.sleep(0.2)
        return self._workers

    def tell(self, workers: Sequence[str]) -> None:
        """Check the workers with the addresses `workers`, and send the function to them.

        Raises:
            MachineError: if the check finds that one of these workers cannot be used.
        """
        try:
            answers = self._client.run(_remote_begin(), *self._setup, workers=list(workers), on_error="return")
        except OSError as error:
            raise self._gone() from error
        wrong = {worker: text for worker, answer in sorted(answers.items()) if (text := _complaint(answer))}
        if wrong:
            worker, text = next(iter(wrong.items()))
            others = f" ({len(wrong) - 1} more of {len(answers)} workers cannot be used)" if len(wrong) > 1 else ""
            raise MachineError(f"the Dask worker {worker} {text}{others}")

    def submit(self, item: object) -> Future[Any]:
        """Submit an item, so that a worker applies the function to it, and return the future of the result."""
        return self._client.submit(self._task, self._token, item, pure=False)

    def result(self, future: Future[Any]) -> Any:
        """Wait for the result of the item to which `future` belongs, and return the result.

        Raises:
            MachineError: if workers die again and again while they process the item, or if the scheduler has ended or
                no longer knows the item.
            Exception: any exception that the function raises.
        """
        from distributed import KilledWorker

        while True:
            try:
                return future.result(timeout=WORKER_SECONDS)
            except TimeoutError:  # a worker died and the item is processed again, or the function raised this error
                if future.status == "error":
                    raise
                self.workers()
            except KilledWorker as error:
                raise MachineError(
                    f"workers of the Dask scheduler at {self._address} keep dying, the last one was "
                    f"{error.last_worker.address}: have they enough memory? See --memory-limit of dask worker"
                ) from error
            except CancelledError as error:
                raise self._gone() from error

    def _gone(self) -> MachineError:
        return MachineError(f"the Dask scheduler at {self._address} has ended, or was told to forget this build")


def _complaint(answer: object) -> str | None:
    """Return what is wrong with a worker, or None if nothing is wrong.

    `answer` is what `begin` returned in the worker, or the error that it raised there.
    """
    if isinstance(answer, OSError):
        return None  # the worker has left the cluster, so it does not matter
    if isinstance(answer, ImportError):
        return f"cannot import kg ({answer}): install the same kg there as here, and start it again"
    if isinstance(answer, Exception):
        return f"cannot be used: {type(answer).__name__}: {answer}"
    assert answer is None or isinstance(answer, str)
    return answer


# The function that is sent to a worker is a nested function, since nested functions are pickled as code and not by
# name. So a worker that cannot import kg can still run the function, and reports the ImportError. The scheduler, which
# also unpickles tasks, does not need kg either.


def _remote_begin() -> Callable[..., Any]:
    async def begin(check: bytes, token: str, function: bytes) -> str | None:
        from kg.engine import dask

        return await dask.begin(check, token, function)

    return begin


def _remote_work() -> Callable[[str, Any], Any]:
    def kg(token: str, item: Any) -> Any:
        from kg.engine import dask

        return dask.work(token, item)

    return kg


# The code below runs in a worker.


@dataclass(frozen=True, slots=True)
class UnknownTask:
    """Answer of a worker that has not received the function yet; `address` is the address of the worker."""

    address: str


_functions: dict[str, Callable[[Any], Any]] = {}
_one_at_a_time = threading.Lock()


async def begin(check: bytes, token: str, function: bytes) -> str | None:
    """Run the pickled `check` in this worker. If it finds nothing wrong, unpickle `function` and keep it under `token`.

    All this is done in another thread. The reason is that imports take seconds, and meanwhile the worker must answer
    the scheduler.

    Returns:
        What is wrong with this worker, or None if nothing is wrong.
    """
    return await asyncio.to_thread(_begin, check, token, function)


def _begin(check: bytes, token: str, function: bytes) -> str | None:
    try:
        if wrong := pickle.loads(check)():
            return str(wrong)
    except KgError as error:
        return f"cannot be used: {error}"
    if token not in _functions:
        _functions.setdefault(token, pickle.loads(function))
    for oldest in list(_functions)[:-KEPT]:
        del _functions[oldest]
    return None


def work(token: str, item: Any) -> Any:
    """Apply the function that this worker keeps under `token` to an item.

    A worker processes one item at a time, since several threads must not use a spaCy pipeline at the same time.

    Returns:
        The result, or an `UnknownTask` if this worker has no function under `token`.
    """
    from distributed import get_worker

    function = _functions.get(token)
    if function is None:
        return UnknownTask(get_worker().address)
    with _one_at_a_time:
        return function(item)
