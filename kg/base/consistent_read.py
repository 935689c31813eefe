"""Consistent reads of several files of a build that another build may replace at any time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def consistently(folder: Path, read: Callable[[], Result]) -> Result:
    """Return the result of `read`, which reads files in `folder`; call it again if the folder was replaced meanwhile.

    Raises:
        Exception: raised by `read`, while the folder was not replaced.
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
