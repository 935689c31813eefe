"""kill -9 at any moment of a build: the old one is whole, and the next one finds nothing in its way."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.published import published
from tests.safety.builds import Nursery, files
from tests.safety.conftest import Variant

MOMENTS = 16


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_a_whole_one(
    articles: Path, out: Path, variants: tuple[Variant, Variant], nursery: Nursery
) -> None:
    chance = random.Random(6)
    seconds, killed = 1.0, 0
    for moment in range(MOMENTS):
        before, (current, wanted) = files(out), (variants[moment % 2], variants[1 - moment % 2])
        command = ("build", articles, "--out", out, *wanted.options)
        process = nursery.start(*command, *["--no-cache"][: moment % 3])
        time.sleep((moment + chance.random()) / MOMENTS * seconds)
        os.kill(process, signal.SIGKILL)
        killed += nursery.wait(process) == -signal.SIGKILL
        assert files(out) == before or published(out) == wanted.graph
        assert current.graph != wanted.graph
        assert nursery.run("query", out, "--name", "top-concepts") == 0, nursery.said()
        start = time.monotonic()
        assert nursery.run(*command) == 0, nursery.said()
        seconds = time.monotonic() - start
        assert published(out) == wanted.graph
        assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert killed >= MOMENTS // 2


def test_what_a_build_left_that_was_killed_when_all_was_done_is_removed_by_one_with_nothing_to_do(
    articles: Path, out: Path, variants: tuple[Variant, Variant], nursery: Nursery
) -> None:
    assert nursery.run("build", articles, "--out", out, *variants[0].options) == 0
    left = out.parent / ".out.building"
    (left / "tmpold").mkdir(parents=True)
    (left / "lock").write_text("process 1 on nowhere")
    assert nursery.run("build", articles, "--out", out, *variants[0].options) == 0
    assert "is up to date" in nursery.said()
    assert [path.name for path in out.parent.iterdir()] == ["out"]


STEPS = """
import os, signal, sys
from pathlib import Path
import kg.storage.staging

def replace(out, text):
    with kg.storage.staging.staging(out) as folder:
        (folder / "out").mkdir()
        for name in ("a", "b"):
            (folder / "out" / name).write_text(text)
        kg.storage.staging.swap_in(folder / "out", out)

def whole(out):
    read = {path.name: path.read_text() for path in out.iterdir()}
    assert sorted(read) == ["a", "b"] and len(set(read.values())) == 1, read
    return read["a"]

if sys.argv[2] == "two renames":
    kg.storage.staging._exchange = lambda one, other: False
out = Path(sys.argv[1])
replace(out, "old")
steps = seen = 0
while True:
    child = os.fork()
    if child == 0:
        def count(event, arguments):
            global steps
            if event.startswith(("os.", "shutil.", "fcntl.", "tempfile.", "ctypes.")) or event == "open":
                steps -= 1
                if steps < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(count)
        replace(out, "new")
        steps = 1_000_000
        os._exit(0)
    ended = os.waitpid(child, 0)[1] == 0
    if out.exists():
        seen += whole(out) == "new"
    else:
        assert sys.argv[2] == "two renames"
        print("missing")
    replace(out, "old")  # which puts back what there was, and finds nothing in its way
    assert whole(out) == "old" and list(out.parent.iterdir()) == [out]
    if ended:
        break
    steps += 1
assert steps > 20 and 1 < seen < steps, (steps, seen)
"""


@pytest.mark.parametrize("way", ["exchange", "two renames"])
def test_a_swap_killed_between_any_two_steps(tmp_path: Path, way: str) -> None:
    """Every call that a build makes to the system, from the lock to the last removal, is once the last one."""
    command = [sys.executable, "-c", STEPS, tmp_path / "exports" / "out", way]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == ([] if way == "exchange" else ["missing"])
