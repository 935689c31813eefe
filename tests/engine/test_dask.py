"""Work on a real cluster of this machine: a scheduler, and workers that are killed, strange or half blind."""

import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from distributed import Client

from kg.annotate import batch
from kg.base.errors import MachineError, UsageError
from kg.engine import dask
from kg.engine.dask import IN_FLIGHT, Dask
from kg.pipeline.build import build
from tests.conftest import missing
from tests.pipeline.test_build import ARTICLES
from tests.published import assert_same

ROOT = Path(__file__).parents[2]
SCHEDULER = "import sys; sys.modules['kg'] = None\nfrom distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"
ALONE = "import sys, time; assert not hasattr(sys, 'busy'); sys.busy = 1; time.sleep(0.02); del sys.busy"


@dataclass
class Cluster:
    """A scheduler that has no kg, and the workers that it is given."""

    folder: Path
    processes: list[subprocess.Popen] = field(default_factory=list)

    def __post_init__(self) -> None:
        place = self.folder / "scheduler.json"
        self.start(SCHEDULER, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", place)
        wait_until(partial(is_json, place))
        self.address = json.loads(place.read_text())["address"].removeprefix("tcp://")
        self.client = Client(f"tcp://{self.address}", set_as_default=False)

    def start(self, program: str, *arguments: object, before: Sequence[str] = (), **environment: str) -> int:
        """The process id of a Python program."""
        with (self.folder / f"{len(self.processes)}.log").open("w") as log:
            process = subprocess.Popen(
                [*before, sys.executable, "-c", program, *map(str, arguments)],
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process.pid

    def start_worker(self, first: str = "", *, threads: int = 1, **more: object) -> int:
        """The same of a worker, which runs the program `first` before it is one."""
        options = ("--nthreads", threads, "--no-nanny", "--no-dashboard", "--local-directory", self.folder)
        return self.start(f"{first}\n{WORKER}", self.address, *options, **more)

    @contextmanager
    def worker(self, first: str = "", **more: object) -> Iterator[tuple[int, str]]:
        """A worker that is gone in the end; its process id and address."""
        before = set(self.client.nthreads())
        process = self.start_worker(first, **more)
        try:
            wait_until(lambda: len(self.client.nthreads()) > len(before))
            (address,) = set(self.client.nthreads()) - before
            yield process, address
        finally:
            self.kill(process)
            wait_until(lambda: len(self.client.nthreads()) == len(before))

    def kill(self, process: int) -> None:
        (found,) = (one for one in self.processes if one.pid == process)
        found.kill()
        found.wait()

    def tasks(self) -> int:
        """How many tasks the scheduler knows of."""
        return self.client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))

    def close(self) -> None:
        self.client.close()
        for process in self.processes:
            process.kill()
            process.wait()


def is_json(path: Path) -> bool:
    """Whether a file is there and whole."""
    try:
        json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return False
    return True


def wait_until(condition: Callable[[], object]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("waited for a minute")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers, of which one has two threads."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    cluster.start_worker()
    cluster.start_worker(threads=2)
    cluster.client.wait_for_workers(2)
    yield cluster
    cluster.close()


@pytest.fixture
def deserted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """No workers, and little patience with that."""
    monkeypatch.setattr(dask, "WORKER_SECONDS", 1)
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.close()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 10_000)


def engine(cluster: Cluster, check: Callable[[], str | None] = bool) -> Dask:
    """`bool()` finds nothing wrong."""
    return Dask(cluster.address, check)


def build_on(cluster: Cluster, out: Path, **options: object) -> None:
    build(ARTICLES, out, engine=f"dask://{cluster.address}", jobs=1, **{"cache": False} | options)


# What comes of it


def test_a_cluster_gives_the_bytes_of_this_machine(cluster: Cluster, built: Path, tmp_path: Path) -> None:
    told = []
    build_on(cluster, tmp_path / "out", progress=lambda *told_now: told.append(told_now))
    assert_same(tmp_path / "out", built)
    done = [now for stage, now, total in told if stage == "read and tag" and total]
    assert len(done) > 10
    assert done[-1] == 40
    assert cluster.tasks() == 0


def test_what_the_cache_has_needs_no_cluster(tmp_path: Path, built: Path) -> None:
    build(ARTICLES, tmp_path / "first", jobs=1)
    build(ARTICLES, tmp_path / "second", jobs=1, engine=f"dask://127.0.0.1:{closed_port()}")
    assert_same(tmp_path / "second", built)


def test_a_killed_worker_costs_no_article(cluster: Cluster, built: Path, tmp_path: Path) -> None:
    never = "import kg.annotate.worker_entry as entry, time\nentry.annotate_batch = lambda *_: time.sleep(600)"
    with cluster.worker(never + "\nentry.annotate_batch.__qualname__ = 'annotate_batch'") as (process, address):
        killed = []

        def kill(stage: str, done: int, total: int) -> None:
            if done >= 10 and not killed:
                killed.extend(cluster.client.processing(address)[address])
                cluster.kill(process)

        build_on(cluster, tmp_path / "out", progress=kill)
    assert killed
    assert_same(tmp_path / "out", built)


def test_an_index_for_each_result(cluster: Cluster) -> None:
    assert sorted(engine(cluster).completed(partial(pow, 3), range(20))) == [(n, 3**n) for n in range(20)]


def test_nothing_to_do_needs_no_cluster() -> None:
    assert list(Dask("127.0.0.1:1", bool).completed(int, [])) == []


def test_few_items_are_with_the_scheduler(cluster: Cluster) -> None:
    waiting = [cluster.tasks() for _ in engine(cluster).completed(abs, range(50))]
    assert max(waiting) <= 2 * IN_FLIGHT
    assert cluster.tasks() == 0


def test_a_worker_does_one_item_at_a_time(cluster: Cluster) -> None:
    assert len(list(engine(cluster).completed(exec, [ALONE] * 30))) == 30


def test_a_worker_that_does_not_know_the_function_is_asked_and_told(cluster: Cluster) -> None:
    cluster.client.run(exec, "import sys; sys.asked = 0")
    results = engine(cluster, partial(exec, "import sys; sys.asked += 1")).completed(partial(pow, 2), range(30))
    found = [next(results)]
    cluster.client.run(exec, "import kg.engine.dask as dask; dask._functions.clear()")
    found += results
    assert sorted(found) == [(n, 2**n) for n in range(30)]
    assert max(cluster.client.run(eval, "__import__('sys').asked").values()) > 1


def test_a_worker_keeps_few_functions(cluster: Cluster) -> None:
    for n in range(dask.KEPT + 2):
        assert list(engine(cluster).completed(partial(pow, n), [1])) == [(0, n)]
    count = "import kg.engine.dask as dask; assert len(dask._functions) == dask.KEPT, dask._functions"
    cluster.client.run(exec, count)


def test_what_the_function_raises_passes_through(cluster: Cluster) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(engine(cluster).completed(int, ["1", "two", "3"]))
    wait_until(lambda: cluster.tasks() == 0)


def test_who_leaves_early_leaves_nothing(cluster: Cluster) -> None:
    results = engine(cluster).completed(time.sleep, [0, *[0.5] * 20])
    next(results)
    results.close()
    wait_until(lambda: cluster.tasks() == 0)


def test_ctrl_c_leaves_the_cluster_as_it_was(cluster: Cluster, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg", "build", ARTICLES, "--out", tmp_path / "out", "--no-cache"]
    process = subprocess.Popen(
        [*map(str, command), "--engine", f"dask://{cluster.address}"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored by what runs in the background
    )
    wait_until(cluster.tasks)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "kg: interrupted; nothing was changed"
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
    wait_until(lambda: cluster.tasks() == 0)
    assert sorted(engine(cluster).completed(abs, [-1, -2])) == [(0, 1), (1, 2)]


# A cluster that fails


def closed_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "CONNECT_SECONDS", 1)
    port = closed_port()
    with pytest.raises(MachineError, match=rf"answers at 127.0.0.1:{port}: start one .*: dask scheduler --port {port}"):
        list(Dask(f"127.0.0.1:{port}", bool).completed(abs, [1]))


def test_something_else_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "CONNECT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(MachineError, match=f"no Dask scheduler answers at {address}"):
            list(Dask(address, bool).completed(abs, [1]))


def test_no_workers(deserted: Cluster) -> None:
    expected = f"at {deserted.address} has no workers: start some .*: dask worker {deserted.address} --nworkers"
    with pytest.raises(MachineError, match=expected):
        list(engine(deserted).completed(abs, [1]))


def test_the_last_worker_goes(deserted: Cluster) -> None:
    with deserted.worker() as (process, _):
        results = engine(deserted).completed(time.sleep, [0, *[1] * 5])
        next(results)
        deserted.kill(process)
        with pytest.raises(MachineError, match="has no workers"):
            list(results)


def test_the_scheduler_goes(
    deserted: Cluster, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dask, "CONNECT_SECONDS", 1)
    deserted.start_worker()
    deserted.client.wait_for_workers(1)
    results = engine(deserted).completed(time.sleep, [0, *[1] * 5])
    next(results)
    deserted.kill(deserted.processes[0].pid)
    deserted.client.close()  # which would have something to say of it
    with pytest.raises(MachineError, match="has ended"):
        list(results)
    assert caplog.text == ""


def test_an_item_that_kills_workers_is_given_up(deserted: Cluster) -> None:
    deserted.client.run_on_scheduler(lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", 0))
    with (
        deserted.worker() as (_, address),
        pytest.raises(MachineError, match=f"keep dying, the last one was {address}"),
    ):
        list(engine(deserted).completed(os._exit, [1]))


# Workers that would do something else


def refused(cluster: Cluster, out: Path, **worker: object) -> str:
    """Why a build on the cluster with one more worker fails; its beginning names that worker."""
    with cluster.worker(**worker) as (_, address), pytest.raises(MachineError) as error:
        build_on(cluster, out)
    assert not out.exists()
    beginning = f"the Dask worker {address} "
    assert str(error.value).startswith(beginning)
    return str(error.value).removeprefix(beginning)


def test_a_worker_with_another_version(cluster: Cluster, tmp_path: Path) -> None:
    first = (
        "import importlib.metadata as metadata\nversion = metadata.version\n"
        "metadata.version = lambda name: '1.0' if name == 'pyarrow' else version(name)"
    )
    said = refused(cluster, tmp_path / "out", first=first)
    assert said.startswith("would not give the same bytes: pyarrow is ")
    assert " here and 1.0 there; every machine needs the same software" in said


def test_a_worker_with_other_code(cluster: Cluster, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "kg", tmp_path / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "kg" / "base" / "model.py").open("a").write("# changed\n")
    said = refused(cluster, tmp_path / "out", PYTHONPATH=str(tmp_path))
    assert said.startswith("would not give the same bytes: code is ")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="names a processor of another architecture")
def test_a_worker_with_another_processor(cluster: Cluster, tmp_path: Path) -> None:
    said = refused(cluster, tmp_path / "out", OPENBLAS_CORETYPE="Nehalem")
    assert said.startswith("would not give the same bytes: processor is ")
    assert re.search(r"Nehalem, arithmetic [0-9a-f]{8} there; every machine needs the same software and kind of", said)


def test_a_worker_without_kg(cluster: Cluster, tmp_path: Path) -> None:
    said = refused(cluster, tmp_path / "out", first="import sys; sys.modules['kg'] = None")
    assert said.startswith("cannot import kg (")
    assert said.endswith("install the same kg there as here, and start it again")


# Workers that see other files


@pytest.fixture(scope="session")
def mounting() -> list[str]:
    """A command whose first argument is a program for sh, in which file systems can be mounted for it alone."""
    for command in (["unshare", "-m"], ["unshare", "-rm"]):
        trial = [*command, "sh", "-c", "mount -t tmpfs none /mnt"]
        if shutil.which("unshare") and subprocess.run(trial, capture_output=True).returncode == 0:
            return [*command, "sh", "-c"]
    missing("no file system can be mounted for a process of its own (unshare -m)")


def test_a_worker_without_the_folder(cluster: Cluster, tmp_path: Path, mounting: list[str]) -> None:
    before = [*mounting, f'mount -t tmpfs none {ARTICLES.parent} && exec "$@"', "sh"]
    said = refused(cluster, tmp_path / "out", before=before)
    assert said == f"does not see the articles folder {ARTICLES}: every machine must have it at that path"


def test_a_worker_with_an_empty_folder(cluster: Cluster, tmp_path: Path, mounting: list[str]) -> None:
    before = [*mounting, f'mount -t tmpfs none {ARTICLES} && exec "$@"', "sh"]
    said = refused(cluster, tmp_path / "out", before=before)
    assert said.startswith(f"cannot read {ARTICLES}/")
    assert said.endswith(".md: every machine must have the same files at that path")


def test_a_file_that_is_another_one_on_a_worker(deserted: Cluster, tmp_path: Path, mounting: list[str]) -> None:
    article = sorted(ARTICLES.rglob("*.md"))[1]  # not in the sample, which begins with the first and goes in steps
    before = [*mounting, f'mount --bind /dev/null {article} && exec "$@"', "sh"]
    with deserted.worker(before=before), pytest.raises(MachineError) as error:
        build_on(deserted, tmp_path / "out")
    assert str(error.value).startswith(f"a worker read something else in {article}, which has not changed")


# What is asked for


@pytest.mark.parametrize(
    "text", ["", "dask", "dask://", "dask://host", "dask://host:0", "dask://host:65536", "dask://a b:1", "ray://host:1"]
)
def test_engines_that_there_are_not(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is neither local nor dask://HOST:PORT"):
        build(ARTICLES, tmp_path / "out", engine=text)


def test_dask_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install markdown-kg\[dask\]"):
        build(ARTICLES, tmp_path / "out", engine="dask://127.0.0.1:8786")


def test_a_local_build_imports_no_dask() -> None:
    program = "import sys, kg.pipeline.build; print({'dask', 'distributed'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"
