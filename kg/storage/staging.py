"""Staging: a build writes its files into a new folder, which replaces the output folder when the build is complete.

A build with the output folder `OUT` first writes everything into the folder `.OUT.building` beside `OUT`. It locks a
file in `.OUT.building`, so that only one build at a time can write there. The system releases the lock when the process
that holds it ends, even if the process is killed. So the next build can tell that files in `.OUT.building` come from a
killed build, and removes them.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import re
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
from kg.base.paths import exists, is_folder, real_path
from kg.base.report import FILE_NAME, read_report

_LOCK: Final = "lock"
_REPLACED: Final = "replaced"
# The process that holds the lock writes its name into the lock file.
_LONGEST_OWNER: Final = 200  # maximum number of bytes that are read of this name
_OWNER_WAIT: Final = 3.0  # maximum number of seconds to wait for this name
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)

_MOUNTS: Final = Path("/proc/self/mountinfo")

# Constants of system calls: the first two from linux/fs.h and linux/fcntl.h, the third from sys/stdio.h of macOS
_RENAME_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100
_RENAME_SWAP: Final = 2


def check_target(target: Path, articles: Path) -> None:
    """Check that `target` does not exist, is an empty folder or is an earlier build by kg, so that it may be replaced.

    Raises:
        UsageError: if `check_place` refuses `target`, or if it is a folder that contains the articles, or a folder that
            is not empty and not a build by kg.
    """
    if real_path(articles).is_relative_to(real_path(target)):
        raise UsageError(f"{target} holds the articles: choose another folder with --out")
    check_place(target)
    if exists(target) and any(target.iterdir()):
        try:
            read_report(target)
        except DataError as error:
            raise UsageError(
                f"{target} is not empty and not a build of kg (no {FILE_NAME} of ours): choose another --out"
            ) from error


def check_place(target: Path) -> None:
    """Check that `target` is a folder that can be replaced as a whole, or that such a folder can be created.

    Raises:
        UsageError: if `target` is a mount point or contains the working directory, or if `target` or a folder above it
            is a file or a broken link.
        MachineError: if `target` is a relative path, and the working directory has been removed.
    """
    existing = next((path for path in (target, *target.parents) if os.path.lexists(path)), target)
    if existing.is_symlink() and not exists(existing):
        raise UsageError(f"{existing} is a link that leads nowhere")
    if exists(existing) and not is_folder(existing):
        raise UsageError(f"{existing} is a file: choose a folder with --out")
    if not exists(target):
        return
    place = real_path(target)
    if _is_mounted(place):
        raise UsageError(f"{target} is a disk of its own and cannot be replaced: choose a folder on it with --out")
    if _holds_working_directory(place):
        raise UsageError(
            f"{target} would be replaced as a whole, but the working directory is in it: run kg from another folder, "
            "or choose another --out"
        )


def check_can_write(target: Path) -> None:
    """Check that a build can write to `target`, so that it fails at once and not after all its work.

    Raises:
        MachineError: see `staging`.
    """
    with staging(target):
        pass


@contextmanager
def writing(what: object) -> Iterator[None]:
    """Turn errors inside the context into a `MachineError` that says in one sentence why `what` could not be written.

    If a write fails, Python, Arrow and Oxigraph raise an OSError. The OSError of Oxigraph has the error number only in
    its text. If the disk is full, RocksDB, the database that Oxigraph uses, may also report damaged data, and Oxigraph
    raises this as a RuntimeError. A RuntimeError with another cause is raised unchanged.

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
    """Lock the output folder `target`, and yield a new folder on the same disk. At the end, remove folder and lock.

    Raises:
        MachineError: if another build holds the lock, the disk is full or a file cannot be written.
    """
    with writing(target):
        place = real_path(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = _building(place)
        lock = _locked(folder, target)
        try:
            _clean(folder, place)
            _write_owner(lock)
            # The name is unique, since a worker process of a killed build may write to its folder for a moment longer.
            yield Path(tempfile.mkdtemp(dir=folder))
        finally:
            try:
                _clean(folder, place)
                _remove(folder)
            finally:
                os.close(lock)


def tidy(target: Path) -> None:
    """Remove the files that a killed build has left beside the output folder `target`, unless a build is running."""
    if _building(real_path(target)).exists():
        with suppress(MachineError), staging(target):
            pass


def swap_in(finished: Path, target: Path) -> None:
    """Replace the folder `target` by the folder `finished`, which is inside the folder that `staging(target)` yields.

    If the system can exchange two folders, this is done in one step. Otherwise, `target` is moved aside first, and then
    `finished` is moved to its place. If the second move fails or is never reached, `staging` moves `target` back.

    Raises:
        OSError: if a folder cannot be renamed.
    """
    place = real_path(target)
    if not place.exists():
        finished.rename(place)
    elif not _exchange(finished, place):
        place.rename(_building(place) / _REPLACED)
        finished.rename(place)


def _building(place: Path) -> Path:
    return place.with_name(f".{place.name}.building")


def _locked(folder: Path, target: Path) -> int:
    """Lock the lock file in `folder`, and return the file descriptor of this file.

    The folder is created if it does not exist. It may exist, since a killed build may have left it.
    """
    while True:
        _make(folder)
        try:
            lock, new = _open_lock(folder / _LOCK)
        except FileNotFoundError:  # another build, which held the lock, has removed the folder or the file
            continue
        try:
            _take(lock, new, folder, target)
            if _is_same(lock, folder / _LOCK):
                if new and any(path.name != _LOCK for path in folder.iterdir()):
                    (folder / _LOCK).unlink()
                    raise MachineError(f"{folder} exists and was not created by kg: rename or remove it")
                os.ftruncate(lock, 0)  # remove the process name that a killed build has written
                return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _make(folder: Path) -> None:
    """Create `folder`. If it exists, check that it is a folder that belongs to this user.

    Without this check, kg might follow a link that another user has put at this path.

    Raises:
        FileNotFoundError: if nobody can create a folder here, as in /proc.
        MachineError: if the check fails.
    """
    while True:
        try:
            return folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        try:
            found = folder.lstat()
        except FileNotFoundError:  # another build, which held the lock, has removed it
            continue
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise MachineError(f"{folder} exists and is not a folder that you own: remove it")
        return None


def _open_lock(path: Path) -> tuple[int, bool]:
    """Open or create the lock file `path`. Return the file descriptor, and whether the file was created."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), True
    except FileExistsError:
        return os.open(path, os.O_RDWR | os.O_NOFOLLOW), False


def _take(lock: int, new: bool, folder: Path, target: Path) -> None:
    """Lock the open file `lock`, which this build has created if `new` is true.

    On a file system without file locks, the build that has created the file counts as the holder of the lock.

    Raises:
        MachineError: if another build holds the lock, or may hold it.
    """
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
    """Return the name of the process that holds the lock, in brackets for a message; "" if the name is unknown.

    A build writes the name of its process to the lock file only after it has locked the file. So this function waits
    until the file has a name, but at most `_OWNER_WAIT` seconds.
    """
    end = time.monotonic() + _OWNER_WAIT
    while not (said := os.pread(lock, _LONGEST_OWNER, 0).decode(errors="replace")) and time.monotonic() < end:
        time.sleep(0.05)
    return f" ({said})" if said.isprintable() and said else ""


def _is_same(lock: int, path: Path) -> bool:
    """Return whether the open file `lock` is still at `path`.

    The result is false if another build, which held the lock before, has removed the file.
    """
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False


def _clean(folder: Path, place: Path) -> None:
    """Remove everything in `folder` except the lock file.

    If an interrupted `swap_in` has moved the output folder `place` aside into `folder`, move it back first.
    """
    if (folder / _REPLACED).exists() and not place.exists():
        (folder / _REPLACED).rename(place)
    for path in folder.iterdir():
        if path.name != _LOCK:
            shutil.rmtree(path, ignore_errors=True)


def _remove(folder: Path) -> None:
    """Remove the folder if it contains nothing but the lock file.

    The lock file is removed first. If another build has already opened this file, that build finds out by `_is_same`
    that it was removed. If another build creates a new lock file in the meantime, the folder is not removed.
    """
    if [path.name for path in folder.iterdir()] == [_LOCK]:
        (folder / _LOCK).unlink()
        with suppress(OSError):
            folder.rmdir()


def _holds_working_directory(place: Path) -> bool:
    try:
        return Path.cwd().is_relative_to(place)
    except FileNotFoundError:  # the working directory was removed
        return False


def _is_mounted(place: Path) -> bool:
    """Return whether the absolute path `place` is a mount point. `os.path.ismount` does not see all bind mounts."""
    if place.is_mount():
        return True
    try:
        mounts = _MOUNTS.read_bytes().splitlines()
    except OSError:  # a system other than Linux
        return False
    escaped = re.sub(rb"[ \t\n\\]", lambda found: b"\\%03o" % found[0][0], os.fsencode(place))
    return any(mount.split(b" ")[4] == escaped for mount in mounts)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step. Return false if the operating system or the file system cannot do this."""
    libc = ctypes.CDLL(None)
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            status = libc.renamex_np(first, second, ctypes.c_uint(_RENAME_SWAP))
        else:
            status = libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, ctypes.c_uint(_RENAME_EXCHANGE))
    except AttributeError:  # an older C library does not have the function
        return False
    return bool(status == 0)
