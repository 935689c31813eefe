"""Where work runs: order, errors, and workers that are killed for real."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from kg.base.errors import MachineError, UsageError
from kg.engine.local import Local, ahead, run, started

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"


def double(number: int) -> int:
    time.sleep(0.2 if number == 0 else 0)  # the first is done last
    return 2 * number


def refuse(number: int) -> int:
    if number == 2:
        raise UsageError("two is wrong")
    return number


def die_once(marker: Path) -> str:
    """Killed at the first attempt, fine at the second."""
    if marker.name == "fatal" and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return marker.name


def die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def process(_: int) -> int:
    return os.getpid()


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_are_in_the_order_of_the_items(jobs: int) -> None:
    assert run(double, [0, 1, 2, 3], jobs=jobs) == [0, 2, 4, 6]


def test_a_result_is_there_as_soon_as_it_is_done() -> None:
    assert [index for index, _ in Local(2).completed(double, [0, 1, 2, 3])] == [1, 2, 3, 0]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_function_is_given_beforehand_reaches_it_in_every_worker(jobs: int) -> None:
    assert run(partial(pow, 3), [0, 1, 2], jobs=jobs) == [1, 3, 9]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_function_raises_passes_through(jobs: int) -> None:
    with pytest.raises(UsageError, match="two is wrong"):
        run(refuse, [0, 1, 2, 3], jobs=jobs)


def test_nothing_to_do() -> None:
    assert run(double, [], jobs=4) == []


def test_one_job_or_one_item_needs_no_worker() -> None:
    assert set(run(process, [0, 1], jobs=1)) == {os.getpid()}
    assert run(process, [0], jobs=4) == [os.getpid()]
    assert os.getpid() not in run(process, [0, 1], jobs=2)


def test_a_killed_worker_costs_a_retry(tmp_path: Path) -> None:
    items = [tmp_path / name for name in ("a", "b", "fatal", "c", "d")]
    done = list(Local(2).completed(die_once, items))
    assert (tmp_path / "fatal").exists()
    assert sorted(done) == list(enumerate(item.name for item in items))


def test_workers_that_always_die_are_given_up() -> None:
    with pytest.raises(MachineError, match="keep dying"):
        run(die, [1, 2, 3], jobs=2)


def slowly(seconds: float, marker: Path) -> int:
    marker.touch()
    time.sleep(seconds)
    return os.getpid()


def test_what_begins_ahead_runs_beside_this_process(tmp_path: Path) -> None:
    with ahead(partial(slowly, 0, tmp_path / "begun")) as begun:
        wait_for(lambda: list(tmp_path.iterdir()), 1)
        assert begun.result() not in {0, os.getpid()}


def test_what_began_ahead_and_was_killed_is_called_here(tmp_path: Path) -> None:
    with ahead(partial(die_once, tmp_path / "fatal")) as begun:
        wait_for(lambda: list(tmp_path.iterdir()), 1)
        assert begun.result() == "fatal"


def test_an_error_ahead_is_told_where_the_result_is_asked_for() -> None:
    with ahead(partial(refuse, 2)) as begun:
        time.sleep(0.1)
        with pytest.raises(UsageError, match="two is wrong"):
            begun.result()


def test_what_began_ahead_ends_with_an_error_here(tmp_path: Path) -> None:
    start = time.monotonic()

    def fail() -> None:
        with ahead(partial(slowly, 600, tmp_path / "begun")):
            wait_for(lambda: list(tmp_path.iterdir()), 1)
            raise UsageError("wrong")

    with pytest.raises(UsageError, match="wrong"):
        fail()
    assert time.monotonic() - start < 60


def test_a_pool_that_breaks_while_it_is_given_work_is_one_that_died(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pipe that wakes its thread may be closed by then."""
    submit, calls = ProcessPoolExecutor.submit, []

    def broken(pool: ProcessPoolExecutor, *call: object) -> object:
        calls.append(call)
        if len(calls) < 3:
            raise OSError("handle is closed")
        return submit(pool, *call)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", broken)
    assert run(double, [1, 2, 3], jobs=2) == [2, 4, 6]
    calls.clear()
    with ahead(partial(double, 4)) as begun:
        assert begun.result() == 8


def test_a_pipe_that_is_closed_when_a_pool_ends_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    shutdown = ProcessPoolExecutor.shutdown

    def closed(pool: ProcessPoolExecutor, **options: bool) -> None:
        shutdown(pool, **options)
        raise OSError("handle is closed")

    monkeypatch.setattr(ProcessPoolExecutor, "shutdown", closed)
    assert run(double, [1, 2, 3], jobs=2) == [2, 4, 6]


def mark(marker: Path) -> None:
    (marker / str(os.getpid())).touch()


def marked(marker: Path, _: int) -> bool:
    return (marker / str(os.getpid())).exists()


def test_workers_that_are_started_prepare_themselves_and_do_the_work(tmp_path: Path) -> None:
    with started(2, partial(mark, tmp_path)) as engine:
        wait_for(lambda: list(tmp_path.iterdir()), 2)
        assert dict(engine.completed(partial(marked, tmp_path), range(5))) == dict.fromkeys(range(5), True)
        assert len(list(tmp_path.iterdir())) == 2


def test_workers_that_are_started_and_not_needed_end() -> None:
    with started(2, partial(double, 1)) as engine:
        assert engine.pool is not None
        assert dict(engine.completed(process, [1])) == {0: os.getpid()}
        assert not any(worker.is_alive() for worker in (engine.pool._processes or {}).values())
    with started(2, partial(double, 1)) as engine:
        workers = [*engine.pool._processes.values()]
    assert not any(worker.is_alive() for worker in workers)


def test_workers_that_cannot_prepare_themselves_work_all_the_same() -> None:
    with started(2, partial(refuse, 2)) as engine:
        assert dict(engine.completed(double, [1, 2])) == {0: 2, 1: 4}


def test_workers_that_are_started_and_killed_cost_a_retry(tmp_path: Path) -> None:
    with started(2, partial(double, 1)) as engine:
        assert len(dict(engine.completed(die_once, [tmp_path / "fatal", tmp_path / "b"]))) == 2


def test_one_job_needs_no_worker_to_start() -> None:
    with started(1, partial(double, 1)) as engine:
        assert engine.pool is None


class Deadly:
    """Kills the worker that reads it."""

    def __reduce__(self) -> tuple[object, ...]:
        return die, (0,)


def test_workers_that_die_before_they_have_read_what_they_are_given_are_given_up() -> None:
    def end(*_: object) -> None:
        pytest.fail("waits for a worker that is dead")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(60)
    try:
        with pytest.raises(MachineError, match="keep dying"):
            run(partial(max, Deadly(), b"more than a pipe holds" * 50_000), [b"1", b"2", b"3"], jobs=2)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_a_script_without_a_main_guard_can_build(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, kg, kg.annotate.batch\n"
        "kg.annotate.batch.BATCH_BYTES = 50_000\n"
        "print('once')\n"
        "report = kg.build(sys.argv[1], 'out', jobs=2, cache=False)\n"
        "print(report.counts['articles'], __file__ == sys.argv[0], __spec__)\n"
    )
    command = [sys.executable, str(script), str(EXAMPLES)]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.stderr == ""
    assert result.stdout.splitlines() == ["once", "40 True None"]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds worker processes in /proc")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from kg.engine.local import run\n"
        "work = 'import os, pathlib, time; pathlib.Path(str(os.getpid())).touch(); time.sleep(60)'\n"
        "run(exec, [work, work], jobs=2)\n"
    )
    parent = subprocess.Popen([sys.executable, str(script)], cwd=tmp_path, stderr=subprocess.DEVNULL)
    workers = [int(path.name) for path in wait_for(lambda: list(tmp_path.glob("[0-9]*")), 2)]
    parent.kill()
    parent.wait()
    wait_for(lambda: [worker for worker in workers if not is_alive(worker)], len(workers))


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for(condition, count: int):
    """What `condition` returns, once it holds `count` items; fails after a minute."""
    for _ in range(600):
        if len(found := condition()) >= count:
            return found
        time.sleep(0.1)
    pytest.fail(f"{found} are fewer than {count}")
