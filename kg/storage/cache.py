"""Rows that earlier builds made, so that only what has changed is read and tagged again.

An entry is one file below `$XDG_CACHE_HOME/kg`, under the hash of everything that it depends on. A build copies what it
uses, so that an entry may vanish at any time; whatever is wrong with the cache costs time, and never a build.
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
"""Bytes that the cache may hold; `KG_CACHE_LIMIT`, in megabytes, gives another number."""
_TAG: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# What kg build has read and tagged (https://bford.info/cachedir/). It may be removed at any time.\n"
)


def cache_folder() -> Path:
    """Where the cache is, by the XDG Base Directory Specification, on macOS too."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(given) if Path(given).is_absolute() else Path.home() / ".cache") / "kg"


def cache_limit() -> int:
    """How many bytes it may hold.

    Raises:
        UsageError: if `KG_CACHE_LIMIT` is no number.
    """
    given = os.environ.get("KG_CACHE_LIMIT", "")
    if not given:
        return LIMIT
    if not given.isdecimal():
        raise UsageError(f'KG_CACHE_LIMIT is "{given}", which is no number of megabytes')
    return int(given) * 1_000_000


@dataclass(slots=True)
class Cache:
    """The files of a folder by key, of which those that were not used for the longest time go first.

    `is_whole` tells whether a file is as it was written. `failure` is why nothing more could be kept, once that is so.
    """

    folder: Path
    limit: int
    is_whole: Callable[[Path], bool]
    failure: OSError | None = field(default=None, init=False)
    _now: int = field(default_factory=time.time_ns, init=False)

    def fetch(self, key: str, copy: Path, is_usable: Callable[[Path], bool] = lambda copy: True) -> bool:
        """Copy the entry of that key to the new file `copy`; return whether there is one that is whole and usable.

        An entry that is not is removed.
        """
        entry = self._entry(key)
        try:
            os.utime(entry, ns=(self._now, self._now))
            _duplicate(entry, copy)
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
        """Keep a copy of `file` under a key; if that fails, it is not tried again."""
        if self.failure is not None:
            return
        entry = self._entry(key)
        unfinished = entry.with_name(f".{entry.name}.{os.getpid()}")
        try:
            self._begin(entry.parent)
            _duplicate(file, unfinished)
            os.utime(unfinished, ns=(self._now, self._now))
            unfinished.replace(entry)
        except OSError as error:
            self.failure = error
            with suppress(OSError):
                unfinished.unlink()

    def trim(self) -> None:
        """Remove entries until the rest is within the limit.

        Those of one build were used at the same time, and go in the order of their keys: where a build alone is over
        the limit, the next one finds the same part of it, and not a remainder that it will not need again.
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
        """Why nothing more could be kept, if so, with the file."""
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


def _duplicate(file: Path, copy: Path) -> None:
    """A second name for the same bytes where the file system can give it one, else a copy of them."""
    try:
        os.link(file, copy)
    except OSError:
        shutil.copyfile(file, copy)
