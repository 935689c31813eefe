"""Reading of several files that must all come from one build, although a new build may replace the files meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def consistently(folder: Path, read: Callable[[], Result]) -> Result:
    """Call `read`, which reads files in `folder`, and return its result.

    If the folder was replaced during the call, `read` is called again.

    Raises:
        Exception: any exception that `read` raises, unless the folder was replaced during the call.
    """
    while True:
        before = _identity(folder)
        try:
            result = read()
        except Exception:
            if _identity(folder) == before:
                raise
        else:
            if _identity(folder) == before:
                return result


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
