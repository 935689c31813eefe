"""Where work runs that falls into independent pieces: in processes of this machine, or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Applies a function to many items, wherever that may be."""

    def completed(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """Apply `function` to every item and yield each result with its item's index as soon as it is there.

        Args:
            function: a function of a module, or a `functools.partial` of one, whose arguments are sent to every
                worker once; it may run more than once for an item whose worker died.
            items: picklable values.

        Raises:
            MachineError: if workers keep dying.
            Exception: what `function` raises.
        """
        ...
