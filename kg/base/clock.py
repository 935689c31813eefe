"""Measurement of the time that each stage of a build takes, and reports of its progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""Callback that receives the name of a stage, its number of processed articles, and its total number of articles.

Both numbers are 0 at the start of a stage, and in a stage that does not count articles.
"""


class Clock:
    """Stopwatch for the stages of a build, which also reports their progress.

    Args:
        progress: called at the start of each stage, and each time that work is reported to a function returned by the
            method `counter`.
    """

    def __init__(self, progress: Progress) -> None:
        self.timings: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure how many seconds the body of the `with` statement takes, and store them in `self.timings[name]`."""
        self._progress(name, 0, 0)
        start = time.perf_counter()
        yield
        self.timings[name] = round(time.perf_counter() - start, 3)

    def counter(self, name: str, total: int) -> Callable[[int], None]:
        """Return a function that counts the articles that the stage `name` has processed, out of `total` articles.

        Each call of the function adds its argument to the count, and reports the new count as progress.
        """
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            self._progress(name, done, total)

        return count
