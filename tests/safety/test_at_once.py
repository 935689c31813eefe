"""Two builds at the same time, and readers while one is swapped in."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.query.store import open_store
from tests.published import published
from tests.safety.builds import Nursery
from tests.safety.conftest import Variant


def test_two_builds_into_one_folder_are_one_build_and_a_sentence(
    articles: Path, out: Path, variants: tuple[Variant, Variant], nursery: Nursery
) -> None:
    processes = [nursery.start("build", articles, "--out", out, *variants[1].options) for _ in range(2)]
    ended = [nursery.wait(process) for process in processes]
    assert sorted(ended) == [0, 3]
    winner, loser = (processes[ended.index(status)] for status in (0, 3))
    said = rf"kg: {re.escape(str(out))} is being built by another kg build \(process {winner} on .*\): wait .*\n"
    assert re.fullmatch(said, nursery.said(loser))
    assert published(out) == variants[1].graph
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_two_builds_beside_each_other_do_not_meet(
    articles: Path, variants: tuple[Variant, Variant], nursery: Nursery, tmp_path: Path
) -> None:
    targets = [tmp_path / "one", tmp_path / "one.building"]
    processes = [
        nursery.start("build", articles, "--out", out, *variant.options)
        for out, variant in zip(targets, variants, strict=True)
    ]
    assert [nursery.wait(process) for process in processes] == [0, 0]
    assert [published(out) for out in targets] == [variant.graph for variant in variants]
    assert sorted(tmp_path.iterdir()) == targets


@contextmanager
def reading(read: Callable[[], object]) -> Iterator[list[object]]:
    """Calls `read` over and over; what it returns or raises, without repetitions."""
    seen: list[object] = []
    end = threading.Event()

    def loop() -> None:
        while not end.is_set():
            try:
                found = read()
            except Exception as error:
                found = repr(error)
            if found not in seen:
                seen.append(found)
            end.wait(0.01)

    reader = threading.Thread(target=loop)
    reader.start()
    yield seen
    end.set()
    reader.join()


def test_a_reader_never_sees_less_than_a_build_or_two_of_them(
    articles: Path, out: Path, variants: tuple[Variant, Variant], nursery: Nursery
) -> None:
    read = [0]

    def build_read() -> object:
        """The names of the build in the report and in the graph: one, unless another took its place meanwhile."""
        before = out.stat().st_ino
        report = json.loads((out / "report.json").read_bytes())["build"]
        graph = set(re.findall(r"/build/(\w+)>", (out / "graph.nt").read_text("utf-8")))
        read[0] += 1
        return graph | {report} if out.stat().st_ino == before else graph

    def triples_stored() -> object:
        return next(open_store(out).select("SELECT (COUNT(*) AS ?count) { ?s ?p ?o }"))[0].value

    with reading(build_read) as builds, reading(triples_stored) as counts:
        for number in range(1, 7):
            assert nursery.run("build", articles, "--out", out, *variants[number % 2].options) == 0, nursery.said()
    assert len(builds) == 2
    assert all(isinstance(found, set) and len(found) == 1 for found in builds)
    assert len(counts) == 2
    assert all(str(found).isdigit() for found in counts)
    assert read[0] > 20
