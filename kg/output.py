"""The output folder: written beside its place, and swapped in whole."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kg.errors import DataError, MachineError, UsageError
from kg.report import FILE_NAME, read_report

_LOCK: Final = "lock"
_REPLACED: Final = "replaced"


def check_target(target: Path, articles: Path) -> None:
    """Refuse to replace anything that is not a build of ours.

    Raises:
        UsageError: if `target` is a file, the articles folder or around it, or a folder with something else in it.
    """
    if articles.resolve().is_relative_to(target.resolve()):
        raise UsageError(f"{target} holds the articles: choose another folder with --out")
    if target.is_symlink() and not target.exists():
        raise UsageError(f"{target} is a link that leads nowhere")
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{target} is a file: choose a folder with --out")
    if any(target.iterdir()):
        try:
            read_report(target)
        except DataError as error:
            raise UsageError(
                f"{target} is not empty and not a build of kg (no {FILE_NAME} of ours): choose another --out"
            ) from error


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A new folder beside `target`, on the same disk, removed in the end, or by the next build if this one is killed.

    Raises:
        MachineError: if the disk is full or a file cannot be written.
    """
    try:
        parent = target.resolve().parent
        parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{target.name}.building-"
        _remove_abandoned(parent, prefix, target.resolve())
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        try:
            with (folder / _LOCK).open("wb") as lock:
                with suppress(OSError):  # a file system without locks
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        raise MachineError(f"the build could not be written: {what}{error.strerror or error}") from error


def _remove_abandoned(parent: Path, prefix: str, place: Path) -> None:
    """Remove the folders of builds that were killed: those whose lock nobody holds."""
    for folder in [path for path in parent.iterdir() if path.name.startswith(prefix)]:
        with suppress(OSError), (folder / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if (folder / _REPLACED).exists() and not place.exists():
                (folder / _REPLACED).rename(place)  # killed between the two steps of `swap_in`
            shutil.rmtree(folder, ignore_errors=True)


def swap_in(finished: Path, target: Path) -> None:
    """Put `finished` in the place of `target`, which moves aside first and is removed last."""
    place = target.resolve()
    if not place.exists():
        finished.rename(place)
        return
    aside = finished.with_name(_REPLACED)
    place.rename(aside)
    try:
        finished.rename(place)
    except OSError:
        aside.rename(place)
        raise
