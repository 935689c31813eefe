"""Paths of files and folders."""

from __future__ import annotations

import os
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
