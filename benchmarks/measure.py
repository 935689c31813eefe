"""Run a command and measure it: seconds, processor seconds, and the most memory that all its processes had at once.

Memory is sampled every fifth of a second over the command's process group. Linux says of each process its proportional
set size (PSS), in which a page that several share counts once; macOS only its resident set (RSS), in which it counts
for each of them, so that sums come out higher there.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.2
MEMORY = "PSS" if sys.platform == "linux" else "RSS"
"""What is summed up here."""

_GROUP = 2  # the field of /proc/PID/stat that has the process group, after the name in parentheses


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took, its exit status, and what it wrote to stdout and, at the end, to stderr."""

    seconds: float
    processor: float
    """Seconds of all processes that were waited for, as user and in the kernel."""
    peak: int
    """Bytes."""
    status: int
    output: str
    errors: str


class CommandError(RuntimeError):
    """A command ended with a status that it should not have."""


def measure(command: Sequence[str], *, fine: Sequence[int] = (0,), more: Mapping[str, str] | None = None) -> Measured:
    """Run `command`, with `more` in its environment, until it ends; nothing that it started outlives this call.

    Raises:
        CommandError: if its exit status is none of `fine`.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        before, start = _processor(), time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=os.environ | (more or {}),
            start_new_session=True,
        )
        try:
            with sampled(process.pid) as peak:
                process.wait()
            seconds = time.perf_counter() - start
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS refuses where only a zombie is left
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        output.seek(0)
        errors.seek(0)
        told = errors.read().decode("utf-8", "replace")[-2000:]
        if process.returncode not in fine:
            raise CommandError(f"{' '.join(command)} ended with {process.returncode}:\n{told}")
        return Measured(
            seconds=seconds,
            processor=_processor() - before,
            peak=peak[0],
            status=process.returncode,
            output=output.read().decode("utf-8", "replace"),
            errors=told,
        )


@contextlib.contextmanager
def sampled(group: int) -> Iterator[list[int]]:
    """Yields a list whose one number grows to the most bytes that a process group had while the block ran."""
    peak = [0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY):
            peak[0] = max(peak[0], memory_of(group))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def memory_of(group: int) -> int:
    """The bytes that all processes of a group have now."""
    return _proportional(group) if sys.platform == "linux" else _resident(group)


def _proportional(group: int) -> int:
    total = 0
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError, IndexError, StopIteration):  # it has ended since
                state = (process / "stat").read_text().rpartition(")")[2].split()
                if int(state[_GROUP]) == group:
                    lines = (process / "smaps_rollup").read_text().splitlines()
                    total += 1024 * int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return total


def _resident(group: int) -> int:
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,rss="], capture_output=True, text=True, check=False).stdout
    pairs = (line.split() for line in listed.splitlines())
    return sum(1024 * int(size) for of, size in pairs if int(of) == group)


def _processor() -> float:
    """Seconds that processes have used which this one started, and which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
