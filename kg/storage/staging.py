"""Staging of the output folder: one build at a time writes it beside its final place, and then swaps it in.

Until the swap, a build of `OUT` writes everything below `.OUT.building` beside it. The lock on a file in that folder
lasts as long as the process that holds it. So the next build recognises the remains of a killed build and removes them.
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
_OWNER_WAIT: Final = 3.0  # seconds within which a process that has taken the lock has written its name into the file
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)

# linux/fs.h and linux/fcntl.h; sys/stdio.h of macOS
_RENAME_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100
_RENAME_SWAP: Final = 2


def check_target(target: Path, articles: Path) -> None:
    """Check that `target` may be replaced: it is missing, empty or a kg build.

    Raises:
        UsageError: if `target` is a file, a broken link, a mount point, a folder that contains the articles, or a
            folder with other contents.
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
    """Turn errors of writing into a `MachineError` that says in one sentence why `what` could not be written.

    Python, Arrow and Oxigraph raise an OSError; Oxigraph's has its number in the text only. After a failed write,
    RocksDB may report damage, which is a RuntimeError.

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
    """Lock `target` and yield a new folder beside it, on the same disk; remove the folder and the lock at the end.

    Raises:
        MachineError: if another build holds the lock, the disk is full or a file cannot be written.
    """
    with writing(target):
        place = target.resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = _building(place)
        lock = _locked(folder, target)
        try:
            _clean(folder, place)
            _write_owner(lock)
            # A unique name: a worker that outlives its killed parent for a moment still writes to the old folder.
            yield Path(tempfile.mkdtemp(dir=folder))
        finally:
            try:
                _clean(folder, place)
                _remove(folder)
            finally:
                os.close(lock)


def tidy(target: Path) -> None:
    """Remove what a killed build left beside `target`, unless another build is running."""
    if _building(target.resolve()).exists():
        with suppress(MachineError), staging(target):
            pass


def swap_in(finished: Path, target: Path) -> None:
    """Replace `target` by `finished`, a folder below that of `staging(target)`, in one step if the system can.

    Otherwise, `target` is moved aside first; if the second step fails or is never reached, `staging` moves it back.

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
    """Take the lock in `folder` and return its file descriptor; the folder is made, or was left by a killed build."""
    while True:
        try:
            _make(folder)
            lock, new = _open_lock(folder / _LOCK)
        except FileNotFoundError:  # removed by the build that held the lock
            continue
        try:
            _take(lock, new, folder, target)
            if _is_same(lock, folder / _LOCK):
                if new and any(path.name != _LOCK for path in folder.iterdir()):
                    (folder / _LOCK).unlink()
                    raise MachineError(f"{folder} exists and was not created by kg: rename or remove it")
                os.ftruncate(lock, 0)  # removes the name of a killed build
                return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _make(folder: Path) -> None:
    """Make `folder`, or check that the existing one is owned by this user: another user could make it a link."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise MachineError(f"{folder} exists and is not a folder that you own: remove it") from None


def _open_lock(path: Path) -> tuple[int, bool]:
    """Open or create the lock file; return its descriptor and whether it is new."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), True
    except FileExistsError:
        return os.open(path, os.O_RDWR | os.O_NOFOLLOW), False


def _take(lock: int, new: bool, folder: Path, target: Path) -> None:
    """Lock the open file `lock`; on a file system without locks, the build that created the file holds the lock."""
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
                f"another kg build{_owner(lock)} may be writing {target}: this disk has no file locks, "
                f"so that cannot be checked; if that build was killed, remove {folder}"
            ) from error


def _write_owner(lock: int) -> None:
    os.pwrite(lock, f"process {os.getpid()} on {platform.node()}".encode(), 0)


def _owner(lock: int) -> str:
    """Return the owner of the lock for a message, or "" if unknown; wait, since a build locks before it writes that."""
    end = time.monotonic() + _OWNER_WAIT
    while not (said := os.pread(lock, _LONGEST_OWNER, 0).decode(errors="replace")) and time.monotonic() < end:
        time.sleep(0.05)
    return f" ({said})" if said.isprintable() and said else ""


def _is_same(lock: int, path: Path) -> bool:
    """Whether `path` is still the open file, and was not removed by the build that held the lock before."""
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False


def _clean(folder: Path, place: Path) -> None:
    """Move back an output folder that an interrupted `swap_in` moved aside, then remove everything except the lock."""
    if (folder / _REPLACED).exists() and not place.exists():
        (folder / _REPLACED).rename(place)
    for path in folder.iterdir():
        if path.name != _LOCK:
            shutil.rmtree(path, ignore_errors=True)


def _remove(folder: Path) -> None:
    """Remove a clean folder, the lock first: a waiting build notices that, and one that makes a new lock keeps it."""
    if [path.name for path in folder.iterdir()] == [_LOCK]:
        (folder / _LOCK).unlink()
        with suppress(OSError):
            folder.rmdir()


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False if the operating system or the file system cannot."""
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
