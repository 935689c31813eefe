"""Builds that are asked to stop, whose workers die, or that die and leave workers behind."""

import os
import random
import re
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.published import published
from tests.safety.builds import PUBLISHING, TAGGING, Nursery, files, is_gone, wait_for, workers_of
from tests.safety.conftest import Variant

SAID = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated", signal.SIGHUP: "terminated"}
BUSY = {TAGGING: "read and tag 2", PUBLISHING: "publish 0"}
WORKERS = {TAGGING: 2, PUBLISHING: 3}
"""The graphs have one of their own."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds worker processes in /proc"),
]


@pytest.fixture(scope="module", params=[TAGGING, PUBLISHING], ids=["tagging", "publishing"])
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Its builds have workers in one stage."""
    nursery = Nursery(tmp_path_factory.mktemp("nursery") / "logs", settings=request.param)
    yield nursery
    nursery.close()


def start(nursery: Nursery, articles: Path, out: Path) -> tuple[int, list[int]]:
    """A build of the second variant, and its workers, at work."""
    jobs = WORKERS[nursery.settings]
    process = nursery.start("build", articles, "--out", out, "--jobs", jobs, "--no-cache", "--concepts-per-article", 9)
    wait_for(lambda: BUSY[nursery.settings] in nursery.said(process))
    wait_for(lambda: len(workers_of(process)) == jobs)
    return process, workers_of(process)


@pytest.mark.parametrize("number", SAID)
def test_a_build_that_is_asked_to_stop_leaves_no_trace(
    articles: Path, out: Path, variants: tuple[Variant, Variant], nursery: Nursery, number: int
) -> None:
    chance, stopped = random.Random(number), 0
    for moment in range(4):
        old = files(out)
        process = nursery.start("build", articles, "--out", out, "--no-cache", *variants[0].options)
        wait_for(lambda: len(list(out.parent.iterdir())) == 2)
        time.sleep((moment + chance.random()) / 8)
        os.kill(process, number)
        if (status := nursery.wait(process)) != 0:
            stopped += 1
            assert status == 128 + number, nursery.said()
            assert re.fullmatch(rf"\n?kg: {SAID[number]}; nothing was changed\n", nursery.said())
            assert files(out) == old
        assert list(out.parent.iterdir()) == [out]
    assert stopped >= 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_asked_to_stop_ends_its_workers(
    articles: Path, out: Path, old: dict[str, str], many: Nursery, number: int
) -> None:
    process, workers = start(many, articles, out)
    if number == signal.SIGINT:
        os.killpg(process, number)  # as a terminal does, to the workers too
    else:
        os.kill(process, number)
    assert many.wait(process) == 128 + number, many.said()
    assert all(map(is_gone, workers))
    assert many.said().endswith(f"kg: {SAID[number]}; nothing was changed\n")
    assert "Traceback" not in many.said()
    assert "warning" not in many.said()
    assert files(out) == old
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize("which", [0, -1], ids=["first", "last"])
def test_a_worker_that_is_killed_costs_a_retry_and_not_a_byte(
    articles: Path, out: Path, variants: tuple[Variant, Variant], many: Nursery, which: int
) -> None:
    process, workers = start(many, articles, out)
    os.kill(workers[which], signal.SIGKILL)
    assert many.wait(process) == 0, many.said()
    assert "Traceback" not in many.said()
    assert published(out) == variants[1].graph
    assert list(out.parent.iterdir()) == [out]


def test_a_build_whose_workers_always_die_says_so(
    articles: Path, out: Path, old: dict[str, str], many: Nursery
) -> None:
    process = many.start("build", articles, "--out", out, "--jobs", WORKERS[many.settings], "--no-cache")
    while not is_gone(process):
        for worker in workers_of(process):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        time.sleep(0.02)
    assert many.wait(process) == 3
    assert many.said().splitlines()[-1].startswith("kg: worker processes keep dying")
    assert "Traceback" not in many.said()
    assert files(out) == old
    assert list(out.parent.iterdir()) == [out]


def test_workers_end_with_a_build_that_is_killed(
    articles: Path, out: Path, old: dict[str, str], variants: tuple[Variant, Variant], many: Nursery
) -> None:
    process, workers = start(many, articles, out)
    os.kill(process, signal.SIGKILL)
    assert many.wait(process) == -signal.SIGKILL
    assert files(out) == old
    assert many.run("build", articles, "--out", out, *variants[1].options) == 0
    wait_for(lambda: all(map(is_gone, workers)))
    assert published(out) == variants[1].graph
    assert list(out.parent.iterdir()) == [out]
