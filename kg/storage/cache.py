"""Cache of what earlier builds have read and tagged, so that only changed articles are read and tagged again.

An entry is one file below `$XDG_CACHE_HOME/kg`. The name of the file is a hash of everything that its contents depend
on. A build makes copies of the entries that it uses, so an entry may be removed at any time. If the cache cannot be
read or written, a build takes longer, but does not fail.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.base.errors import UsageError

LIMIT: Final = 4_000_000_000
"""Maximum size of the cache in bytes.

The environment variable `KG_CACHE_LIMIT` can set another maximum size, in megabytes.
"""
_TAG: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Articles that kg build has read and tagged (https://bford.info/cachedir/). It may be removed at any time.\n"
)


def cache_folder() -> Path:
    """Return the folder of the cache. It is determined by the XDG Base Directory Specification, also on macOS."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(given) if Path(given).is_absolute() else Path.home() / ".cache") / "kg"


def cache_limit() -> int:
    """Return the maximum size of the cache in bytes, see `LIMIT`.

    Raises:
        UsageError: if `KG_CACHE_LIMIT` is not a number.
    """
    given = os.environ.get("KG_CACHE_LIMIT", "")
    if not given:
        return LIMIT
    if not given.isdecimal():
        raise UsageError(f'KG_CACHE_LIMIT is "{given}", which is not a number of megabytes')
    return int(given) * 1_000_000


@dataclass(slots=True)
class Cache:
    """A cache of files, each of which has a key. The least recently used files are removed first.

    Attributes:
        folder: the folder of the cache.
        limit: maximum size of the cache in bytes. The cache may be larger until `trim` is called.
        is_whole: function that tells whether a file is complete and undamaged.
        failure: the first error that occurred in `keep`, or None. After an error, `keep` does nothing.
    """

    folder: Path
    limit: int
    is_whole: Callable[[Path], bool]
    failure: OSError | None = field(default=None, init=False)
    _now: int = field(default_factory=time.time_ns, init=False)

    def fetch(self, key: str, copy: Path, is_usable: Callable[[Path], bool] = lambda copy: True) -> bool:
        """Copy the file that the cache has under a key to the new file `copy`, and return whether this was possible.

        If the cache has no file under the key, the result is false and `copy` is not created. The same is true if the
        file is damaged, or if `is_usable` returns false for it; then the file is also removed from the cache.
        """
        entry = self._entry(key)
        try:
            os.utime(entry, ns=(self._now, self._now))
            _link_or_copy(entry, copy)
        except OSError:
            copy.unlink(missing_ok=True)
            return False
        if self.is_whole(copy) and is_usable(copy):
            return True
        copy.unlink()
        with suppress(OSError):
            entry.unlink()
        return False

    def keep(self, key: str, file: Path) -> None:
        """Put a copy of `file` into the cache under a key. If an earlier call has failed, do nothing."""
        if self.failure is not None:
            return
        entry = self._entry(key)
        unfinished = entry.with_name(f".{entry.name}.{os.getpid()}")
        try:
            self._begin(entry.parent)
            _link_or_copy(file, unfinished)
            os.utime(unfinished, ns=(self._now, self._now))
            unfinished.replace(entry)
        except OSError as error:
            self.failure = error
            with suppress(OSError):
                unfinished.unlink()

    def trim(self) -> None:
        """Remove the least recently used files from the cache until its size is within the limit.

        All files that one build used have the same time of use, and are removed in the order of their keys. This order
        matters if the files of one build alone exceed the limit. Since it is the same in each build, every build keeps
        the same files, and the next build finds them again.
        """
        found: list[tuple[int, str, int]] = []
        for entry in self.folder.glob("*/*"):
            with suppress(OSError):
                stat = entry.stat()
                found.append((stat.st_mtime_ns, str(entry), stat.st_size))
        size = sum(length for _, _, length in found)
        for _, path, length in sorted(found):
            if size <= self.limit:
                break
            with suppress(OSError):
                Path(path).unlink()
            size -= length

    @property
    def failure_text(self) -> str | None:
        """Description of `failure`, with the name of the file and the reason; None if there was no failure."""
        if self.failure is None:
            return None
        return f"{self.failure.filename or self.folder}: {self.failure.strerror or self.failure}"

    def _entry(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _begin(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        tag = self.folder / "CACHEDIR.TAG"
        if not tag.exists():
            tag.write_text(_TAG, encoding="ascii")


def _link_or_copy(file: Path, copy: Path) -> None:
    """Create `copy` as a hard link to `file` if the file system supports hard links, else as a copy of `file`."""
    try:
        os.link(file, copy)
    except OSError:
        shutil.copyfile(file, copy)
