"""Engines that run independent pieces of work: in processes of this machine, or on a cluster."""

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
        """Apply `function` to every item; yield the index of each item with its result, as soon as it is available.

        A caller that stops early must close the generator, which ends the work.

        Args:
            function: a module-level function, or a `functools.partial` of one, whose arguments are sent to each worker
                once. It may run more than once for an item whose worker died.
            items: picklable values.

        Raises:
            MachineError: if workers keep dying.
            Exception: raised by `function`.
        """
        ...
