"""benchmarks/measure.py: what a command took, with everything that it started."""

import os
import subprocess
import sys
import time

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


def test_nothing_outlives_the_command() -> None:
    left = "import time; time.sleep(60)"
    program = f"import subprocess, sys, os; print(subprocess.Popen([sys.executable, '-c', {left!r}]).pid)"
    pid = int(measure(python(program)).output)
    for _ in range(100):
        if not _runs(pid):
            break
        time.sleep(0.05)
    assert not _runs(pid)


def test_a_group_of_nobody_has_no_memory() -> None:
    assert memory_of(2**22 + 1) == 0
    assert memory_of(os.getpgrp()) > 1_000_000


def _runs(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")
