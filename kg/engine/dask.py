"""Work on the workers of a Dask cluster that is there already: https://distributed.dask.org.

A worker is asked first whether it is fit, and is given the function with its arguments, once: it keeps both for every
item. A worker that comes later answers its first item with an `UnknownTask`, and is asked and given then. Nothing of
this is Dask's data, which could be moved, dropped or lost with a worker.
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
"""How long a scheduler may take to answer."""
WORKER_SECONDS: Final = 15
"""How long a cluster may be without a worker, as when the only one is started again."""
IN_FLIGHT: Final = 2
"""Items for each worker that are with the scheduler at a time: one that is worked on, and the next one."""
KEPT: Final = 8
"""Functions that a worker keeps: as many builds can use a cluster at a time without sending theirs again."""


@dataclass(frozen=True, slots=True)
class Dask:
    """An `Engine`: the workers of the scheduler at `address`, HOST:PORT.

    Each worker process is asked `check` before its first item, a function of a module with picklable arguments. It
    says what is wrong with the worker, with the worker as the sentence's subject, or None.
    """

    address: str
    check: Callable[[], str | None]

    def completed(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Generator[tuple[int, Result], None, None]:
        """See `kg.engine.Engine`. The cluster is as it was before when this ends, however it ends.

        Raises:
            MachineError: also if nothing answers at the address, if there are no workers, or if one is not fit.
        """
        if not items:
            return
        with _connected(self.address) as client:
            crew = WorkerPool(client, self.address, self.check, function)
            crew.tell(crew.workers())
            waiting = list(range(len(items)))[::-1]
            flying: dict[object, int] = {}
            done: SimpleQueue[Future[Any]] = SimpleQueue()
            while waiting or flying:
                while waiting and len(flying) < IN_FLIGHT * max(1, len(crew.workers())):
                    index = waiting.pop()
                    future = crew.submit(items[index])
                    flying[future.key] = index
                    future.add_done_callback(done.put)
                try:
                    future = done.get(timeout=1)
                except Empty:
                    crew.workers()
                    continue
                result = crew.result(future)
                index = flying.pop(future.key)
                future.release()
                if isinstance(result, UnknownTask):
                    waiting.append(index)
                    crew.tell([result.address])
                else:
                    yield index, result


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """A client of the scheduler at `address`; what it has asked for and not got is forgotten at the end."""
    from distributed import Client

    try:
        with ThreadPoolExecutor(1) as pool:  # a notebook has an event loop of its own in this thread
            pool.submit(asyncio.run, _shake_hands(address)).result()
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
    """Keep Dask's client from writing tracebacks about what is raised here as a sentence."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


async def _shake_hands(address: str) -> None:
    """Fail unless a Dask server answers: a client waits without end for one that takes connections and is silent."""
    from distributed.comm.core import connect

    async with asyncio.timeout(CONNECT_SECONDS + 1):
        comm = await connect(f"tcp://{address}", timeout=CONNECT_SECONDS)
        comm.abort()


class WorkerPool:
    """The workers of a cluster, as they come and go, and the function that they are given."""

    def __init__(
        self, client: Client, address: str, check: Callable[[], str | None], function: Callable[[Any], Any]
    ) -> None:
        self._client = client
        self._address = address
        self._token = uuid.uuid4().hex
        self._told = (pickle.dumps(check), self._token, pickle.dumps(function))
        self._task = _work_there()
        self._workers: list[str] = []
        self._seen = self._asked = time.monotonic()

    def workers(self) -> list[str]:
        """Their addresses, as they were a second ago at most.

        Raises:
            MachineError: if there has been none for `WORKER_SECONDS`.
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
        """Check these workers, and give them the function.

        Raises:
            MachineError: if one of them is not fit.
        """
        try:
            answers = self._client.run(_begin_there(), *self._told, workers=list(workers), on_error="return")
        except OSError as error:
            raise self._gone() from error
        wrong = {worker: text for worker, answer in sorted(answers.items()) if (text := _complaint(answer))}
        if wrong:
            worker, text = next(iter(wrong.items()))
            others = f" ({len(wrong) - 1} more of {len(answers)} workers cannot be used)" if len(wrong) > 1 else ""
            raise MachineError(f"the Dask worker {worker} {text}{others}")

    def submit(self, item: object) -> Future[Any]:
        """Have the function applied to an item."""
        return self._client.submit(self._task, self._token, item, pure=False)

    def result(self, future: Future[Any]) -> Any:
        """What became of an item.

        Raises:
            MachineError: if workers die of it, or the cluster has forgotten it.
        """
        from distributed import KilledWorker

        while True:
            try:
                return future.result(timeout=WORKER_SECONDS)
            except TimeoutError:  # its worker has died with the result, and it is computed again; or it is the item's
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
    """What is wrong with a worker that gave this answer to `begin`; an error is one."""
    if isinstance(answer, OSError):
        return None  # it has gone meanwhile
    if isinstance(answer, ImportError):
        return f"cannot import kg ({answer}): install the same kg there as here, and start it again"
    if isinstance(answer, Exception):
        return f"cannot be used: {type(answer).__name__}: {answer}"
    assert answer is None or isinstance(answer, str)
    return answer


# A function in a function is pickled as code, and not as a name. So a worker that has no kg can say so, and the
# scheduler, which unpickles tasks, needs none.


def _begin_there() -> Callable[..., Any]:
    async def begin(check: bytes, token: str, function: bytes) -> str | None:
        from kg.engine import dask

        return await dask.begin(check, token, function)

    return begin


def _work_there() -> Callable[[str, Any], Any]:
    def kg(token: str, item: Any) -> Any:
        from kg.engine import dask

        return dask.work(token, item)

    return kg


# In a worker


@dataclass(frozen=True, slots=True)
class UnknownTask:
    """The answer of a worker that was not given the function; `address` is its own."""

    address: str


_functions: dict[str, Callable[[Any], Any]] = {}
_one_at_a_time = threading.Lock()


async def begin(check: bytes, token: str, function: bytes) -> str | None:
    """Keep a pickled function as `token`, unless the pickled `check` has something to say, which is returned.

    Imports take seconds, in which the worker must still answer the scheduler.
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
    """Apply the function `token` to an item, one at a time: a spaCy pipeline is not made for several threads."""
    from distributed import get_worker

    function = _functions.get(token)
    if function is None:
        return UnknownTask(get_worker().address)
    with _one_at_a_time:
        return function(item)
