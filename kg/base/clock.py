"""How long the stages of a build take, and how far they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""Told the stage, how many of its articles are done, and how many there are (0 of 0 where a stage has none)."""


class Clock:
    """Times the stages and tells of their progress."""

    def __init__(self, progress: Progress) -> None:
        self.timings: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done inside as the stage `name`."""
        self._progress(name, 0, 0)
        start = time.perf_counter()
        yield
        self.timings[name] = round(time.perf_counter() - start, 3)

    def counter(self, name: str, total: int) -> Callable[[int], None]:
        """A function that is told how many more of the articles are done."""
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            self._progress(name, done, total)

        return count
