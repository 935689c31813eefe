"""Where work runs that falls into independent pieces: in processes of this machine, or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Applies a function to many items, wherever that may be."""

    def completed(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Generator[tuple[int, Result], None, None]:
        """Apply `function` to every item and yield each result with its item's index as soon as it is there.

        Close the generator when you leave it early: that is what ends the work.

        Args:
            function: a function of a module, or a `functools.partial` of one, whose arguments are sent to every
                worker once; it may run more than once for an item whose worker died.
            items: picklable values.

        Raises:
            MachineError: if workers keep dying.
            Exception: what `function` raises.
        """
        ...
