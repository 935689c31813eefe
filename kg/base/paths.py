"""Paths of files and folders."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kg.base.errors import MachineError


def real_path(path: Path) -> Path:
    """Return an absolute path without symbolic links.

    Unlike `Path.resolve`, this raises no error if links lead to each other in a circle. Such a link stays in the path,
    so that whoever opens the path gets the error of the operating system.

    Raises:
        MachineError: if the path is relative, and the working directory has been removed.
    """
    try:
        return Path(os.path.realpath(path))
    except FileNotFoundError as error:
        raise MachineError("the working directory does not exist any more") from error


def exists(path: Path) -> bool:
    """Return whether there is anything at `path`; false also for a link that leads nowhere.

    This function, `is_file` and `is_folder` also return false if the answer cannot be determined. In contrast,
    `Path.exists` raises an error for a path that is too long, and for a path in a folder that this user may not read.
    """
    return _mode(path) != 0


def is_file(path: Path) -> bool:
    """Return whether there is a regular file at `path`; see `exists`."""
    return stat.S_ISREG(_mode(path))


def is_folder(path: Path) -> bool:
    """Return whether there is a folder at `path`; see `exists`."""
    return stat.S_ISDIR(_mode(path))


def _mode(path: Path) -> int:
    """Return the mode of the file at a path, after following links; 0 if the mode cannot be read."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0
