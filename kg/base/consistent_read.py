"""Reading several files of a build, in whose place another one may be put meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def consistently(folder: Path, read: Callable[[], Result]) -> Result:
    """What `read` makes of the files in `folder`, all of one build: it reads again if the folder is another one then.

    Raises:
        Exception: what `read` raises of a folder that stays.
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
