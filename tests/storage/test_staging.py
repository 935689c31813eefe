"""The output folder: what is replaced, what never is, and that a build that fails leaves the old one."""

import errno
import fcntl
import os
import shutil
import stat
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.base.errors import MachineError, UsageError
from kg.pipeline.build import build
from kg.storage import staging as output
from kg.storage.staging import _exchange, check_can_write, check_place, check_target, staging, swap_in, writing

ARTICLE = "# {0}\n\nThe {0} of a machine learning model is watched by the platform team.\n"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for topic in ("data drift", "model registry"):
        (folder / f"{topic.replace(' ', '-')}.md").write_text(ARTICLE.format(topic))
    return folder


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Every file below `folder` with its bytes, and every folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def read_alone(out: Path) -> str:
    return (out / "graph.nt").read_text("utf-8")


def test_a_folder_with_anything_else_is_never_touched(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "thesis"
    (out / "tables").mkdir(parents=True)
    (out / "chapter.md").write_text("years of work")
    (out / "report.json").write_text('{"generator": "another"}')
    before = snapshot(tmp_path)
    with pytest.raises(UsageError, match="not empty and not a build of kg"):
        build(articles, out, jobs=1, cache=False)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("name", ["file", "link"])
def test_a_file_or_a_broken_link_is_refused(articles: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(UsageError, match=name):
        build(articles, tmp_path / name, jobs=1)
    assert (tmp_path / "file").read_text() == "mine"
    assert (tmp_path / "link").is_symlink()


def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    for place, said in [
        ("file/out", "file is a file"),
        ("file/deep/out", "file is a file"),
        ("one", "one is a link that leads nowhere"),
        ("one/deep/out", "one is a link that leads nowhere"),
    ]:
        with pytest.raises(UsageError, match=said):
            check_place(tmp_path / place)
    check_place(tmp_path / "deep" / "out")


def test_a_folder_with_the_working_directory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out" / "pages").mkdir(parents=True)
    for folder in ("out", "out/pages"):
        monkeypatch.chdir(tmp_path / folder)
        with pytest.raises(UsageError, match="the working directory is in it"):
            check_place(tmp_path / "out")
    check_place(Path("new"))
    monkeypatch.chdir(tmp_path)
    check_place(Path("out"))


def test_a_working_directory_that_was_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    check_place(tmp_path / "out")
    with pytest.raises(MachineError, match="the working directory does not exist any more"):
        check_target(Path("out"), tmp_path)


@pytest.mark.parametrize("name", ["out", "with space"])
def test_a_mount_point_is_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / name
    out.mkdir()
    check_place(out)
    mounts = tmp_path / "mountinfo"
    escaped = str(out).replace(" ", r"\040")
    mounts.write_text(f"36 35 98:0 /mnt / rw - ext4 /dev/root rw\n37 36 98:0 /of {escaped} rw - ext4 /dev/root rw\n")
    with monkeypatch.context() as patch:
        patch.setattr(output, "_MOUNTS", mounts)
        with pytest.raises(UsageError, match="is a disk of its own"):
            check_place(out)
    monkeypatch.setattr(Path, "is_mount", lambda path: path == out)
    with pytest.raises(UsageError, match="is a disk of its own"):
        check_place(out)


def test_a_place_that_cannot_be_written_is_refused_before_articles_are_read(
    articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.pipeline.build.Resources", None)
    with pytest.raises(MachineError, match="/proc/out could not be written"):
        build(articles, "/proc/out", jobs=1)


def test_an_empty_folder_is_filled(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    build(articles, out, jobs=1, cache=False)
    assert (out / "graph.nt").exists()


def test_a_build_of_ours_is_replaced_whole(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    build(articles, out, jobs=1, cache=False)
    (out / "left-over.txt").write_text("of an older version")
    (articles / "model-registry.md").unlink()
    report = build(articles, out, jobs=1, cache=False)
    assert report.counts["articles"] == 1
    assert "model-registry" not in read_alone(out)
    assert not (out / "left-over.txt").exists()
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_link_to_a_folder_stays_a_link(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to("disk")
    build(articles, tmp_path / "out", jobs=1)
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "disk" / "graph.nt").exists()


def test_an_output_inside_the_articles_is_not_read(articles: Path) -> None:
    out = articles / "graph"
    build(articles, out, jobs=1, cache=False)
    (out / "stray.md").write_text(ARTICLE.format("stray note"))
    report = build(articles, out, jobs=1, cache=False)
    assert report.counts["files"] == 2
    assert "stray" not in read_alone(out)


@pytest.mark.parametrize("out", [".", "articles"])
def test_an_output_around_the_articles_is_refused(
    articles: Path, tmp_path: Path, out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = snapshot(tmp_path)
    with pytest.raises(UsageError, match="holds the articles"):
        build("articles", out, jobs=1)
    assert snapshot(tmp_path) == before


def test_the_output_can_be_read_by_those_who_may_read_new_files(articles: Path, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        build(articles, tmp_path / "out", jobs=1)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o750


@pytest.mark.parametrize(
    ("writer", "what"),
    [
        ("kg.pipeline.resources.read_and_tag", "out"),
        ("kg.concepts.terms.candidate_store.TemporaryFile", "candidates"),
        ("kg.pipeline.resources.write_tables", "tables"),
        ("kg.export.graph_process.write_core", "graph.nt, graph.ttl, graph.jsonld, evidence.nt.gz and store"),
        ("kg.export.graph_process.write_evidence", "graph.nt, graph.ttl, graph.jsonld, evidence.nt.gz and store"),
        ("kg.export.graph_process.StoreWriter", "graph.nt, graph.ttl, graph.jsonld, evidence.nt.gz and store"),
        ("kg.pipeline.write_all.write_dataset", "dataset.ttl"),
        ("kg.pipeline.build.write_report", "out"),
    ],
)
def test_a_full_disk_is_one_sentence_and_leaves_the_old_build(
    articles: Path, tmp_path: Path, writer: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build(articles, out, jobs=1, cache=False)
    before = snapshot(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "file")

    monkeypatch.setattr(writer, full)
    with pytest.raises(MachineError, match=f"{what} could not be written, because the disk is full: make room"):
        build(articles, out, jobs=1, cache=False)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
        OSError("IO error: No space left on device: While appending to file: store/000010.sst"),
        RuntimeError("Corruption: IO error: No space left on device"),
    ],
)
def test_a_full_disk_is_known_by_its_number_or_its_name(error: Exception) -> None:
    with pytest.raises(MachineError, match="because the disk is full"), writing("it"):
        raise error


def test_what_is_no_failure_to_write_is_not_taken_for_one() -> None:
    with pytest.raises(RuntimeError, match="a mistake"), writing("it"):
        raise RuntimeError("a mistake")
    with pytest.raises(MachineError, match=r"^it could not be written: file: Permission denied$"), writing("it"):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), "file")


def test_an_interrupted_build_leaves_the_old_build(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build(articles, out, jobs=1, cache=False)
    before = snapshot(tmp_path)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.export.graph_process.write_core", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build(articles, out, jobs=1, cache=False)
    assert snapshot(tmp_path) == before


def write_graph(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "graph.nt").write_text(text)
    return folder


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How `swap_in` replaces a folder: in one step, or as on a system or a disk that has none."""
    if request.param == "two renames":
        monkeypatch.setattr("kg.storage.staging._exchange", lambda *_: False)
    return request.param


@pytest.mark.parametrize("old", ["build", "empty", "none"])
def test_a_swap_leaves_the_new_build_alone(tmp_path: Path, way: str, old: str) -> None:
    out = tmp_path / "out"
    if old != "none":
        out.mkdir()
    if old == "build":
        (out / "left-over.txt").touch()
    with staging(out) as folder:
        swap_in(write_graph(folder / "out", "new"), out)
    assert read_alone(out) == "new"
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "graph.nt"]


def test_this_system_exchanges_folders_in_one_step(tmp_path: Path) -> None:
    one, other = write_graph(tmp_path / "one", "one"), write_graph(tmp_path / "other", "other")
    assert _exchange(one, other)
    assert (read_alone(one), read_alone(other)) == ("other", "one")
    assert not _exchange(one, tmp_path / "absent")
    assert read_alone(one) == "other"


@pytest.mark.parametrize("failing", ["out", "replaced"])
def test_a_swap_that_fails_puts_the_old_build_back(
    tmp_path: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = write_graph(tmp_path / "out", "old")
    monkeypatch.setattr("kg.storage.staging._exchange", lambda *_: False)
    rename = Path.rename

    def fail_once(self: Path, target: Path) -> Path:
        if target.name == failing and self.name == "out":
            raise OSError(errno.EIO, "disk error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(MachineError, match="disk error"), staging(out) as folder:
        swap_in(write_graph(folder / "out", "new"), out)
    assert read_alone(out) == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_an_old_build_that_cannot_be_put_back_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = write_graph(tmp_path / "out", "old")
    monkeypatch.setattr("kg.storage.staging._exchange", lambda *_: False)
    rename = Path.rename

    def fail_for_out(self: Path, target: Path) -> Path:
        if target == out:
            raise OSError(errno.EIO, "disk error")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail_for_out)
        with pytest.raises(MachineError, match="disk error"), staging(out) as folder:
            swap_in(write_graph(folder / "out", "new"), out)
    assert not out.exists()
    with staging(out):
        assert read_alone(out) == "old"


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError, match=r"could not be written: .*file"), staging(tmp_path / "file" / "out"):
        pass


def test_the_old_store_can_be_open_while_it_is_replaced(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(articles, out, jobs=1, cache=False)
    store = ox.Store.read_only(str(out / "store"))
    size = len(list(store))
    (articles / "model-registry.md").unlink()
    build(articles, out, jobs=1, cache=False)
    assert len(list(store)) == size
    assert len(list(ox.Store.read_only(str(out / "store")))) < size


def test_a_new_folder_is_a_fine_target(articles: Path, tmp_path: Path) -> None:
    check_target(tmp_path / "new" / "folder", articles)
    assert not (tmp_path / "new").exists()


def test_a_disk_of_its_own_is_refused_before_anything_is_built(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda self: self == tmp_path / "out")
    with pytest.raises(UsageError, match="a disk of its own and cannot be replaced"):
        check_target(tmp_path / "out", articles)


# The folder that a build is written in


def building(out: Path) -> Path:
    return out.with_name(f".{out.name}.building")


def abandoned(out: Path) -> Path:
    """The folder that a killed build into `out` leaves."""
    folder = building(out)
    (folder / "tmpabc" / "out").mkdir(parents=True)
    (folder / "lock").write_text("process 1 on nowhere")
    return folder


def test_what_a_killed_build_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left, others = abandoned(tmp_path / "out"), abandoned(tmp_path / "another")
    with staging(tmp_path / "out") as folder:
        assert folder.parent == left
        assert sorted(left.iterdir()) == sorted([folder, left / "lock"])
    assert list(tmp_path.iterdir()) == [others]


def test_a_second_build_into_the_same_folder_is_told_who_has_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("out")
    with staging(tmp_path / "out") as folder:
        said = rf"out is being built by another kg build \(process {os.getpid()} on .*\): wait"
        for same in (tmp_path / "out", tmp_path / "x" / ".." / "out"):
            with pytest.raises(MachineError, match=said), staging(same):
                pass
        with staging(tmp_path / "another") as other:
            assert folder.exists()
            assert other.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["link"]


def test_who_has_the_lock_is_said_though_it_wrote_its_name_a_moment_later(tmp_path: Path) -> None:
    with staging(tmp_path / "out") as folder:
        lock = folder.parent / "lock"
        written = lock.read_bytes()
        lock.write_bytes(b"")
        later = threading.Timer(0.3, lock.write_bytes, [written])
        later.start()
        with pytest.raises(MachineError, match=rf"process {os.getpid()} on"), staging(tmp_path / "out"):
            pass
        later.join()


def test_a_killed_build_is_not_named_as_the_one_that_has_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = abandoned(tmp_path / "out")
    seen: list[bytes] = []
    clean = output._clean
    monkeypatch.setattr(output, "_clean", lambda *at: (seen.append((left / "lock").read_bytes()), clean(*at)))
    with staging(tmp_path / "out"):
        assert seen == [b""]


def test_a_build_killed_while_it_swaps_gives_the_old_one_back(tmp_path: Path) -> None:
    left = abandoned(tmp_path / "out")
    write_graph(left / "replaced", "old")
    with pytest.raises(ValueError, match="failed"), staging(tmp_path / "out"):
        raise ValueError("failed")
    assert read_alone(tmp_path / "out") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_lock_that_its_build_has_just_removed_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build ends, and removes its folder, after the next one has opened its lock and before that has it."""
    folder = abandoned(tmp_path / "out")
    shutil.rmtree(folder / "tmpabc")
    flock, ended = fcntl.flock, []

    def end_first(lock: int, how: int) -> None:
        if not ended:
            ended.append((folder / "lock").unlink())
            folder.rmdir()
        flock(lock, how)

    monkeypatch.setattr(fcntl, "flock", end_first)
    with staging(tmp_path / "out") as staged:
        assert staged.parent == folder
        with pytest.raises(MachineError, match="another kg build"), staging(tmp_path / "out"):
            pass
    assert ended
    assert list(tmp_path.iterdir()) == []


def test_who_comes_while_a_build_removes_its_folder_keeps_a_lock_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rmdir, lock = Path.rmdir, building(tmp_path / "out") / "lock"

    def lock_first(self: Path) -> None:
        lock.write_text("process 2 on here")
        rmdir(self)

    with staging(tmp_path / "out"):
        monkeypatch.setattr(Path, "rmdir", lock_first)
    assert lock.read_text() == "process 2 on here"


def test_a_disk_without_locks_has_one_build_at_a_time_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with staging(tmp_path / "out") as folder:
        with (
            pytest.raises(MachineError, match=r"if that build was killed, remove .*\.out\.building"),
            staging(tmp_path / "out"),
        ):
            pass
        assert folder.exists()
    assert list(tmp_path.iterdir()) == []
    left = abandoned(tmp_path / "out")
    with pytest.raises(MachineError, match="this disk has no file locks"), staging(tmp_path / "out"):
        pass
    assert (left / "tmpabc").exists()


def test_what_kg_has_not_left_is_not_removed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "years").mkdir(parents=True)
    building(tmp_path / "one").symlink_to("mine")
    building(tmp_path / "two").mkdir()
    (building(tmp_path / "two") / "work.md").touch()
    before = snapshot(tmp_path)
    for name in ("one", "two"):
        with pytest.raises(MachineError, match="exists and "), staging(tmp_path / name):
            pass
    assert snapshot(tmp_path) == before


def test_a_name_that_is_too_long_is_an_error_that_says_so(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 300)
    check_target(target, tmp_path / "articles")
    with pytest.raises(MachineError, match="too long"):
        check_can_write(target)
