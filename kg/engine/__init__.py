"""Engines, which run independent pieces of work in processes of this machine or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Applies a function to many items in parallel."""

    def completed(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Generator[tuple[int, Result], None, None]:
        """Apply `function` to every item. As soon as a result is available, yield the index of its item and the result.

        A caller that stops early must close the generator, so that the work ends.

        Args:
            function: a module-level function, or a `functools.partial` of one. The arguments that a partial holds are
                sent to each worker only once. If a worker dies, the function may run again for the same item.
            items: picklable values.

        Raises:
            MachineError: if workers keep dying.
            Exception: any exception that `function` raises.
        """
        ...
