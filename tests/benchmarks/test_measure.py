"""benchmarks/measure.py: what a command took, with everything that it started."""

import os
import select
import subprocess
import sys
from pathlib import Path

import measure as measuring
import pytest
from measure import CommandError, measure, memory_of

HOLD = "import time; held = b'x' * {size}; time.sleep(1)"
SIZE = 150_000_000


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_memory_of_a_child_counts() -> None:
    child = HOLD.format(size=SIZE)
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert SIZE < measure(python(parent)).peak < 2 * SIZE


def test_memory_of_two_at_once_is_summed() -> None:
    child = HOLD.format(size=SIZE)
    start = f"subprocess.Popen([sys.executable, '-c', {child!r}])"
    parent = f"import subprocess, sys; first, second = {start}, {start}; first.wait(); second.wait()"
    assert 2 * SIZE < measure(python(parent)).peak < 3 * SIZE


def test_other_processes_do_not_count() -> None:
    with subprocess.Popen(python(HOLD.format(size=SIZE)), start_new_session=True) as other:
        try:
            assert measure(python("import time; time.sleep(1)")).peak < SIZE
        finally:
            other.kill()


def test_what_was_written_and_the_time_of_the_processor_are_there() -> None:
    work = "import sys, time\nwhile time.process_time() < 0.5: pass\n"
    program = work + "print('out'); print('err', file=sys.stderr); sys.exit(1)"
    measured = measure(python(program), fine=[0, 1])
    assert (measured.status, measured.output, measured.errors) == (1, "out\n", "err\n")
    assert measured.processor > 0.4
    assert measured.seconds > 0.4


def test_the_environment_is_added_to() -> None:
    program = "import os; print(os.environ['XDG_CACHE_HOME'], 'PATH' in os.environ)"
    assert measure(python(program), more={"XDG_CACHE_HOME": "here"}).output == "here True\n"


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(CommandError, match=r"(?s)ended with 3:.*no luck"):
        measure(python("import sys; print('no luck', file=sys.stderr); sys.exit(3)"))


def test_nothing_outlives_the_command(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    end = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    stays = f"import time; held = open({str(fifo)!r}, 'wb', 0); held.write(b'x'); print(flush=True); time.sleep(60)"
    leaves = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {stays!r}], stdout=-1).stdout.readline()"
    measure(python(leaves))
    assert os.read(end, 1) == b"x"
    assert select.select([end], [], [], 20)[0], "the process that stays still holds the other end"
    assert os.read(end, 1) == b""
    os.close(end)


def test_a_group_of_nobody_has_no_memory() -> None:
    assert memory_of(2**22 + 1) == 0
    assert memory_of(os.getpgrp()) > 1_000_000


def test_resident_memory_is_that_of_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = subprocess.CompletedProcess([], 0, stdout="    10    500\n    11    900\n    10   1500\n")
    monkeypatch.setattr(measuring.subprocess, "run", lambda *_, **__: listed)
    assert measuring._resident(10) == 2000 * 1024
