"""Builds in processes of their own that can be disturbed, and what is left when they were."""

import hashlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
HOURS: Final = 60.0
"""Seconds after which something that is waited for will never happen."""

_NURSERY: Final = """
import atexit, gc, json, os, signal, subprocess, sys
import kg.annotate.batch, kg.cli, kg.pipeline.build, kg.pipeline.write_all
import kg.export.graph_process, kg.query.formats, kg.query.named
import lightgbm, pyarrow.acero, pyarrow.dataset
from kg.annotate.nlp.pipeline import load_tagger
load_tagger(None)
gc.freeze()  # whose passes would copy every page into every child
exec(sys.argv[1])
print(flush=True)
for line in sys.stdin:
    what, *arguments = json.loads(line)
    if what == "call":
        print(subprocess.run(arguments).returncode, flush=True)
        continue
    if what == "wait":
        print(os.waitstatus_to_exitcode(os.waitpid(arguments[0], 0)[1]), flush=True)
        continue
    log = os.open(arguments.pop(0), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    if child := os.fork():
        os.close(log)
        print(child, flush=True)
    else:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what runs in the background,
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # and by what nohup runs
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        sys.argv = ["kg", *arguments]
        try:
            kg.cli.main()
        except SystemExit as end:
            sys.stdout.flush()
            atexit._run_exitfuncs()  # semaphores that something still refers to are not left behind by a real process
            os._exit(end.code)
"""

TELL: Final = "kg.cli.console.ProgressBar.__call__ = lambda bar, stage, done, total: print(stage, done, flush=True)"
TAGGING: Final = f"{TELL}\nkg.annotate.batch.BATCH_BYTES = 1"
PUBLISHING: Final = f"{TELL}\nkg.pipeline.write_all.WORTH_A_PROCESS = kg.export.graph_process.WORTH_A_PROCESS = 0"
"""Settings that have even a few articles tagged, or published, in worker processes, and the progress printed."""


class Nursery:
    """Starts `kg` in processes that have all imports behind them, so that what is disturbed is the build.

    `within` is a command that runs another one, `settings` Python that runs before any build, `cache` a folder for what
    is read.
    """

    def __init__(
        self,
        logs: Path,
        *,
        within: Sequence[str] = (),
        settings: str = "",
        cache: Path | None = None,
    ) -> None:
        self.settings = settings
        self._logs = logs
        self._logs.mkdir()
        self._started: list[int] = []
        self._process = subprocess.Popen(
            [*within, sys.executable, "-c", _NURSERY, settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **({"XDG_CACHE_HOME": str(cache)} if cache else {})},
        )
        self._answer()

    @property
    def root(self) -> Path:
        """The root of its file system."""
        return Path(f"/proc/{self._process.pid}/root")

    def call(self, *command: object) -> int:
        """The exit status of another program, run where its builds run."""
        return self._ask("call", *map(str, command))

    def start(self, *arguments: object) -> int:
        """The process that runs `kg` with these arguments, in a process group of its own."""
        self._started.append(self._ask("start", str(self._logs / str(len(self._started))), *map(str, arguments)))
        return self._started[-1]

    def wait(self, process: int) -> int:
        """The exit status of a process, or the negative number of the signal that killed it."""
        return self._ask("wait", process)

    def run(self, *arguments: object) -> int:
        """The exit status of `kg`."""
        return self.wait(self.start(*arguments))

    def said(self, process: int | None = None) -> str:
        """What a process has written, by default the last one."""
        number = len(self._started) - 1 if process is None else self._started.index(process)
        return (self._logs / str(number)).read_text("utf-8")

    def close(self) -> None:
        self._process.communicate()

    def _ask(self, *words: object) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], HOURS)[0]:
            self._process.kill()
            pytest.fail("a build never ends")
        return self._process.stdout.readline()


def files(out: Path) -> dict[str, str]:
    """Every file of a build with a hash of its bytes."""
    found = sorted(path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def workers_of(process: int) -> list[int]:
    """The worker processes of a build: its children but for multiprocessing's resource tracker."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == process and b"spawn_main" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until `condition` holds."""
    end = time.monotonic() + HOURS
    while not condition():
        if time.monotonic() > end:
            pytest.fail("waited in vain")
        time.sleep(0.01)


def is_gone(process: int) -> bool:
    """Whether a process has ended, and is waited for at most."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
