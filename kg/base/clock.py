"""Timing and progress of the stages of a build."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""Callback for progress: the stage, the number of articles done, and their total (0 of 0 if a stage counts none)."""


class Clock:
    """Times the stages and reports their progress.

    Args:
        progress: called at the start of each stage, and for each step of a counter.
    """

    def __init__(self, progress: Progress) -> None:
        self.timings: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the body of the `with` statement as the stage `name`, in seconds."""
        self._progress(name, 0, 0)
        start = time.perf_counter()
        yield
        self.timings[name] = round(time.perf_counter() - start, 3)

    def counter(self, name: str, total: int) -> Callable[[int], None]:
        """Return a function that adds its argument to the articles done in the stage `name`, and reports the sum."""
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            self._progress(name, done, total)

        return count
