"""The output folder: what is replaced, what never is, and that a build that fails leaves the old one."""

import errno
import os
import stat
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import MachineError, UsageError
from kg.flow import build
from kg.output import check_target, staging, swap_in

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
    "writer",
    [
        "kg.flow.write_tables",
        "kg.publish.everything.write_ntriples",
        "kg.publish.everything.write_jsonld",
        "kg.publish.everything.write_evidence",
        "kg.publish.everything.write_store",
        "kg.publish.everything.write_start_page",
        "kg.flow.write_report",
        "kg.flow.read_and_tag",
    ],
)
def test_a_full_disk_leaves_the_old_build(
    articles: Path, tmp_path: Path, writer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build(articles, out, jobs=1, cache=False)
    before = snapshot(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "graph.nt")

    monkeypatch.setattr(writer, full)
    with pytest.raises(MachineError, match=r"could not be written: graph\.nt: No space left on device"):
        build(articles, out, jobs=1, cache=False)
    assert snapshot(tmp_path) == before


def test_an_interrupted_build_leaves_the_old_build(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build(articles, out, jobs=1, cache=False)
    before = snapshot(tmp_path)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.publish.everything.write_turtle", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build(articles, out, jobs=1, cache=False)
    assert snapshot(tmp_path) == before


def test_a_swap_that_fails_puts_the_old_build_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = tmp_path / "out", tmp_path / "staging" / "out"
    for folder, text in ((old, "old"), (new, "new")):
        folder.mkdir(parents=True)
        (folder / "graph.nt").write_text(text)
    rename = Path.rename

    def fail_for_the_new(self: Path, target: Path) -> Path:
        if self == new:
            raise OSError(errno.EIO, "disk error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_the_new)
    with pytest.raises(OSError, match="disk error"):
        swap_in(new, old)
    assert read_alone(old) == "old"


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


def abandoned(out: Path, name: str) -> Path:
    """The folder that a killed build into `out` leaves."""
    folder = out.with_name(f".{out.name}.building-{name}")
    (folder / "out").mkdir(parents=True)
    (folder / "lock").touch()
    return folder


def test_what_killed_builds_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left, others = abandoned(tmp_path / "out", "x"), abandoned(tmp_path / "another", "x")
    with staging(tmp_path / "out") as folder:
        assert sorted(tmp_path.iterdir()) == sorted([folder, others])
    assert list(tmp_path.iterdir()) == [others]
    assert not left.exists()


def test_a_build_into_the_same_folder_at_the_same_time_is_left_alone(tmp_path: Path) -> None:
    with staging(tmp_path / "out") as one, staging(tmp_path / "out") as other:
        assert one.exists()
        assert other.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_build_killed_while_it_swaps_gives_the_old_one_back(tmp_path: Path) -> None:
    left = abandoned(tmp_path / "out", "x")
    (left / "replaced").mkdir()
    (left / "replaced" / "graph.nt").write_text("old")
    with pytest.raises(ValueError, match="failed"), staging(tmp_path / "out"):
        raise ValueError("failed")
    assert read_alone(tmp_path / "out") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
