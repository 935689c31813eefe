"""The output folder: written beside its place by one build at a time, and swapped in whole.

All that a build of `OUT` writes lies below `.OUT.building` beside it until the swap. A lock on a file in there lasts as
long as the process that has it, so what a killed build leaves is known as such, and removed by the next one.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kg.base.errors import DataError, MachineError, UsageError
from kg.base.report import FILE_NAME, read_report

_LOCK: Final = "lock"
_REPLACED: Final = "replaced"
_LONGEST_OWNER: Final = 200
_SOON: Final = 3.0  # seconds in which who has just taken a lock has said so
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)

# linux/fs.h and linux/fcntl.h; sys/stdio.h of macOS
_RENAME_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100
_RENAME_SWAP: Final = 2


def check_target(target: Path, articles: Path) -> None:
    """Refuse to replace anything that is not a build of ours, or that cannot be replaced.

    Raises:
        UsageError: if `target` is a file, the articles folder or around it, a folder with something else in it, or a
            disk's mount point.
    """
    if articles.resolve().is_relative_to(target.resolve()):
        raise UsageError(f"{target} holds the articles: choose another folder with --out")
    if target.is_symlink() and not target.exists():
        raise UsageError(f"{target} is a link that leads nowhere")
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{target} is a file: choose a folder with --out")
    if target.resolve().is_mount():
        raise UsageError(f"{target} is a disk of its own and cannot be replaced: choose a folder on it with --out")
    if any(target.iterdir()):
        try:
            read_report(target)
        except DataError as error:
            raise UsageError(
                f"{target} is not empty and not a build of kg (no {FILE_NAME} of ours): choose another --out"
            ) from error


@contextmanager
def writing(what: object) -> Iterator[None]:
    """Say in one sentence why `what` could not be written.

    Python, Arrow and Oxigraph raise an OSError, of which Oxigraph's has no number but in its text; what RocksDB takes
    for damage after a write that failed is a RuntimeError.

    Raises:
        MachineError: if the disk is full or a file cannot be written.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:
        if _is_full(error):
            raise MachineError(
                f"{what} could not be written, because the disk is full: make room, or choose another disk with --out "
                "(nothing was replaced)"
            ) from error
        if isinstance(error, RuntimeError):
            raise
        place = f"{error.filename}: " if error.filename else ""
        raise MachineError(f"{what} could not be written: {place}{error.strerror or error}") from error


def _is_full(error: OSError | RuntimeError) -> bool:
    known = error.errno in _FULL if isinstance(error, OSError) else False
    return known or any(os.strerror(code) in str(error) for code in _FULL)


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A new folder beside `target`, on the same disk, for the one build that may write it; removed in the end.

    Raises:
        MachineError: if another build has it, the disk is full or a file cannot be written.
    """
    with writing(target):
        place = target.resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = _building(place)
        lock = _locked(folder, target)
        try:
            _clean(folder, place)
            _write_owner(lock)
            # A name of its own: a worker that outlives its killed parent for a moment still writes to the old one.
            yield Path(tempfile.mkdtemp(dir=folder))
        finally:
            try:
                _clean(folder, place)
                _remove(folder)
            finally:
                os.close(lock)


def tidy(target: Path) -> None:
    """Remove what a killed build left beside `target`, where no new one does; nothing, while another is at work."""
    if _building(target.resolve()).exists():
        with suppress(MachineError), staging(target):
            pass


def swap_in(finished: Path, target: Path) -> None:
    """Put `finished`, of `staging(target)`, in the place of `target`, in one step where the system can.

    Where it cannot, `target` moves aside first, and comes back in `staging` if the second step fails or never comes.

    Raises:
        OSError: if a folder cannot be renamed.
    """
    place = target.resolve()
    if not place.exists():
        finished.rename(place)
    elif not _exchange(finished, place):
        place.rename(_building(place) / _REPLACED)
        finished.rename(place)


def _building(place: Path) -> Path:
    return place.with_name(f".{place.name}.building")


def _locked(folder: Path, target: Path) -> int:
    """The descriptor of the lock in `folder`, which is made, or was left by a build that is no more."""
    while True:
        try:
            _make(folder)
            lock, new = _open_lock(folder / _LOCK)
        except FileNotFoundError:  # removed by the build that had it
            continue
        try:
            _take(lock, new, folder, target)
            if _is_same(lock, folder / _LOCK):
                if new and any(path.name != _LOCK for path in folder.iterdir()):
                    (folder / _LOCK).unlink()
                    raise MachineError(f"{folder} is in the way, and nothing that kg left: rename it")
                os.ftruncate(lock, 0)  # the name of a killed build, whose place this one has
                return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _make(folder: Path) -> None:
    """Make `folder`, or see to it that the one there is nobody else's, who could make it lead anywhere."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise MachineError(f"{folder} is in the way, and no folder of yours: remove it") from None


def _open_lock(path: Path) -> tuple[int, bool]:
    """A descriptor, and whether the file is new."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), True
    except FileExistsError:
        return os.open(path, os.O_RDWR | os.O_NOFOLLOW), False


def _take(lock: int, new: bool, folder: Path, target: Path) -> None:
    """Lock what `lock` is open on; on a file system without locks, who made the file has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise MachineError(
            f"{target} is being built by another kg build{_owner(lock)}: "
            "wait until that is done, or choose another folder with --out"
        ) from error
    except OSError as error:
        if not new:
            raise MachineError(
                f"{target} is being built by another kg build{_owner(lock)}, or that was killed: "
                f"this disk has no locks to tell; if it was, remove {folder}"
            ) from error


def _write_owner(lock: int) -> None:
    os.pwrite(lock, f"process {os.getpid()} on {platform.node()}".encode(), 0)


def _owner(lock: int) -> str:
    """Who has the lock, as far as that is known: it is taken a moment before its owner writes that down."""
    end = time.monotonic() + _SOON
    while not (said := os.pread(lock, _LONGEST_OWNER, 0).decode(errors="replace")) and time.monotonic() < end:
        time.sleep(0.05)
    return f" ({said})" if said.isprintable() and said else ""


def _is_same(lock: int, path: Path) -> bool:
    """Whether `path` is still the file that is open, and not removed by the build that had it before."""
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False


def _clean(folder: Path, place: Path) -> None:
    """Remove all but the lock, and give back what `swap_in` had moved aside when it was stopped."""
    if (folder / _REPLACED).exists() and not place.exists():
        (folder / _REPLACED).rename(place)
    for path in folder.iterdir():
        if path.name != _LOCK:
            shutil.rmtree(path, ignore_errors=True)


def _remove(folder: Path) -> None:
    """Remove a clean folder: the lock first, so that who waits for it, or makes a new one, knows or keeps it."""
    if [path.name for path in folder.iterdir()] == [_LOCK]:
        (folder / _LOCK).unlink()
        with suppress(OSError):
            folder.rmdir()


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; false where the system or its file system cannot, or will not."""
    libc = ctypes.CDLL(None)
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            status = libc.renamex_np(first, second, ctypes.c_uint(_RENAME_SWAP))
        else:
            status = libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, ctypes.c_uint(_RENAME_EXCHANGE))
    except AttributeError:  # an older C library
        return False
    return bool(status == 0)
