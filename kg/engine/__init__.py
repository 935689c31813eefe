"""Interface of the engines. An engine runs independent pieces of work in processes of this machine or of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Interface of an object that applies a function to many items in parallel."""

    def completed(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Generator[tuple[int, Result], None, None]:
        """Apply `function` to every item. As soon as a result is available, yield the index of its item and the result.

        A caller that does not take all results must close the generator, so that the work ends.

        Args:
            function: a module-level function, or a `functools.partial` of a module-level function. The arguments of the
                partial are sent to each worker process only once. If a worker process dies, the function may run again
                for the same item.
            items: picklable values.

        Raises:
            MachineError: if worker processes die again and again.
            Exception: any exception that `function` raises.
        """
        ...
