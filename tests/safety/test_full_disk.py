"""A disk that is really full: what is there stays, and one sentence says what could not be written."""

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import missing
from tests.published import published
from tests.safety.builds import PUBLISHING, TAGGING, Nursery, files
from tests.safety.conftest import Variant

SAID: Final = re.compile(r"kg: (.+) could not be written, because the disk is full: make room, .*\n\Z")


@pytest.fixture(scope="module")
def namespace() -> Sequence[str]:
    """The command that runs another one where it may mount a disk, which is gone with it."""
    for command in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
        try:
            if not subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode:
                return command
        except FileNotFoundError:
            missing("unshare is not on PATH: it is util-linux's, of Linux")
    missing("this user may not mount a disk, not even in a namespace of its own")


@contextmanager
def small_disk(place: Path, nursery: Nursery) -> Iterator[Callable[[float], None]]:
    """A disk at `place`, and what leaves so many kilobytes of it."""
    place.mkdir()
    assert nursery.call("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place) == 0

    def leave(room: int) -> None:
        found = (nursery.root / place.relative_to("/")).rglob("*")
        used = sum(path.lstat().st_blocks for path in found) // 2
        assert nursery.call("mount", "-o", f"remount,size={used + room}k", place) == 0

    try:
        yield leave
    finally:
        nursery.close()


def what_was_full(articles: Path, place: Path, nursery: Nursery, jobs: int, rooms: Sequence[int]) -> list[str]:
    """What could not be written with so many kilobytes left, after which there is room enough."""
    out = place / "out"
    seen = nursery.root / out.relative_to("/")
    with small_disk(place, nursery) as leave:
        assert nursery.run("build", articles, "--out", out, "--jobs", 1, "--concepts-per-article", 3) == 0
        old, parts = files(seen), []
        for room in rooms:
            leave(room)
            assert nursery.run("build", articles, "--out", out, "--jobs", jobs) == 3, (room, nursery.said())
            said = SAID.search(nursery.said())
            assert said is not None, nursery.said()
            assert "Traceback" not in nursery.said()
            parts.append(said[1])
            assert files(seen) == old
            assert [path.name for path in seen.parent.iterdir()] == ["out"]
        leave(20_000)
        assert nursery.run("build", articles, "--out", out, "--jobs", 1) == 0, nursery.said()
        assert files(seen) != old
        assert [path.name for path in seen.parent.iterdir()] == ["out"]
    return parts


@pytest.mark.slow
def test_wherever_the_disk_fills_the_old_build_is_as_it_was(
    namespace: Sequence[str], articles: Path, tmp_path: Path
) -> None:
    nursery, place = Nursery(tmp_path / "logs", within=namespace), tmp_path / "disk"
    parts = what_was_full(articles, place, nursery, 1, (0, 50, 200, 400, 700, 800, 900, 1000, 1600, 2000))
    assert parts[0] == str(place / "out")
    assert "tables" in parts
    assert any(part.startswith("graph.gexf") for part in parts)
    assert any(part.startswith("pages") for part in parts)
    assert parts[-1].endswith("store")


@pytest.mark.slow
def test_a_cache_on_a_full_disk_costs_no_build(
    namespace: Sequence[str], articles: Path, variants: tuple[Variant, Variant], tmp_path: Path
) -> None:
    place, out = tmp_path / "disk", tmp_path / "out"
    nursery = Nursery(tmp_path / "logs", within=namespace, cache=place)
    with small_disk(place, nursery) as leave:
        for room in (4, 20):
            leave(room)
            assert nursery.run("build", articles, "--out", out, *variants[0].options) == 0, nursery.said()
            assert re.search("the cache cannot be written: .*No space left on device", nursery.said())
            assert published(out) == variants[0].graph
            assert list((nursery.root / place.relative_to("/")).rglob(".*")) == []
            assert nursery.call("rm", "-r", out) == 0
        leave(20_000)
        assert nursery.run("build", articles, "--out", out, *variants[0].options) == 0
        assert "nothing is kept" not in nursery.said()
        assert published(out) == variants[0].graph


@pytest.mark.slow
@pytest.mark.parametrize(("stage", "room"), [(TAGGING, 30), (PUBLISHING, 700)], ids=["tagging", "publishing"])
def test_a_worker_that_meets_a_full_disk_says_so_too(
    namespace: Sequence[str], articles: Path, tmp_path: Path, stage: str, room: int
) -> None:
    nursery, place = Nursery(tmp_path / "logs", within=namespace, settings=stage), tmp_path / "disk"
    parts = what_was_full(articles, place, nursery, 2, [room])
    assert (parts == [str(place / "out")]) == (stage == TAGGING)
