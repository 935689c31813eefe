"""Which files of a folder are articles, and what is wrong with the rest."""

import os
import sys
from pathlib import Path

import pytest

from kg.base.config import Read
from kg.base.errors import UsageError
from kg.base.model import Severity
from kg.read.files import files_below, find_articles, small_text


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text", encoding="utf-8")


def found(
    folder: Path, options: Read | None = None, skip: Path | None = None
) -> tuple[list[str], list[tuple[str, str]]]:
    """The paths, and for each problem its file and message."""
    files, problems = find_articles(folder, options or Read(), skip=skip)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert all(problem.line == 1 for problem in errors)
    return files, [(problem.file, problem.message) for problem in errors]


def test_articles_are_sorted_by_path_whatever_their_depth(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "a/z.markdown", "a.md", "B.MD", "a/b/c.md", "é.md", "note.txt", "md", "x.md/in.md")
    assert found(tmp_path) == (["B.MD", "a.md", "a/b/c.md", "a/z.markdown", "b.md", "x.md/in.md", "é.md"], [])


def test_the_suffixes_are_those_of_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.txt")
    assert found(tmp_path, Read(suffixes=(".txt",))) == (["b.txt"], [])


def test_hidden_files_and_folders_are_no_articles(tmp_path: Path) -> None:
    write(tmp_path, ".a.md", ".git/b.md", "c/.d/e.md", "f.md")
    assert found(tmp_path) == (["f.md"], [])


def test_the_output_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "out/b.md", "out2/c.md")
    assert found(tmp_path, skip=tmp_path / "a" / ".." / "out") == (["a.md", "out2/c.md"], [])
    assert found(tmp_path, skip=tmp_path.parent / "elsewhere")[0] == ["a.md", "out/b.md", "out2/c.md"]


def test_the_output_of_an_earlier_build_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "exports/x/report.json", "exports/x/graph.nt", "exports/x/b.md", "exports/y/report.json")
    write(tmp_path, "exports/y/c.md")
    assert found(tmp_path)[0] == ["a.md", "exports/y/c.md"]


def test_documents_with_another_suffix_are_one_note(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.rst", "c/d.RST", "e.txt", "f.png", "g", ".h.txt", "i.mdx")
    (problem,) = find_articles(tmp_path, Read(suffixes=(".md",)))[1]
    assert (problem.severity, problem.file) == (Severity.NOTE, ".")
    assert problem.message == (
        "4 documents are not read because of their suffixes (2 .rst, 1 .mdx, 1 .txt); if a suffix is one of Markdown, "
        "add it to suffixes in [read] of kg.toml"
    )


def test_a_link_that_leads_out_is_a_problem_and_one_that_stays_inside_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    write(folder, "a.md", "sub/b.md")
    write(tmp_path, "outside.md", "beside/c.md")
    (folder / "in.md").symlink_to("a.md")
    (folder / "in").symlink_to("sub")
    (folder / "out.md").symlink_to("../outside.md")
    (folder / "out").symlink_to("../beside")
    (folder / "out.txt").symlink_to("../outside.md")
    leads_out = "is a link that leads out of the articles folder; it is not followed"
    assert found(folder) == (["a.md", "sub/b.md"], [("out", leads_out), ("out.md", leads_out)])


def test_links_that_lead_nowhere_or_in_circles(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "broken.md").symlink_to("missing.md")
    (tmp_path / "one.md").symlink_to("two.md")
    (tmp_path / "two.md").symlink_to("one.md")
    (tmp_path / "self").symlink_to(".")
    (tmp_path / "broken").symlink_to("missing")
    nowhere = "is a link that leads nowhere"
    assert found(tmp_path) == (["a.md"], [("broken.md", nowhere), ("one.md", nowhere), ("two.md", nowhere)])


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, "articles/a.md")
    (tmp_path / "link").symlink_to("articles")
    assert found(tmp_path / "link") == (["a.md"], [])


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    for name, size in (("at-limit.md", 5_000_000), ("over.md", 50_000_000)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    too_large = "50.0 MB is over the limit of 5 MB for one article ([read] max_file_bytes)"
    assert found(tmp_path) == (["at-limit.md"], [("over.md", too_large)])
    assert found(tmp_path, Read(max_file_bytes=100_000_000))[1] == []


def test_what_is_no_regular_file_is_left_out(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "pipe.md")
    assert found(tmp_path) == ([], [("pipe.md", "is not a regular file; it is left out")])


def test_folders_are_nested_to_any_depth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = 1200  # Python's limit of recursion is 1,000
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.md").touch()
    try:
        assert found(tmp_path) == (["d/" * depth + "a.md"], [])
    finally:  # which shutil.rmtree cannot remove
        Path("a.md").unlink()
        for _ in range(depth):
            os.chdir("..")
            Path("d").rmdir()


def test_a_text_beside_the_articles_is_read_if_it_is_small_and_regular(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_text("\ufeffa = 1", "utf-8")
    assert small_text(path) == "a = 1"
    with pytest.raises(OSError, match="too large"):
        small_text(path, limit=5)
    path.write_bytes(b"\xff")
    assert small_text(path, errors="replace") == "\ufffd"
    with pytest.raises(UnicodeDecodeError):
        small_text(path)
    for absent in (tmp_path, tmp_path / "absent", tmp_path / ("x" * 300)):
        with pytest.raises(FileNotFoundError):
            small_text(absent)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileNotFoundError):
        small_text(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"two\nlines.md", r"two\nlines.md"),
        (b"bell\x07.md", r"bell\x07.md"),
        ("right\u202eleft.md".encode(), r"right\u202eleft.md"),
        pytest.param(
            b"caf\xe9.md",
            r"caf\udce9.md",
            marks=pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses such names"),
        ),
    ],
)
def test_a_file_name_that_no_report_can_show_is_a_problem(tmp_path: Path, name: bytes, shown: str) -> None:
    (tmp_path / os.fsdecode(name)).write_text("text", encoding="utf-8")
    assert found(tmp_path) == ([], [(shown, "the file name is not valid text; rename the file")])


@pytest.mark.parametrize(
    "name", ["with space.md", "quote'\".md", "#%?.md", "日本語.md", "😀.md", "a\u00a0b.md", "👨\u200d👩\u200d👧.md"]
)
def test_other_odd_file_names_are_fine(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    assert found(tmp_path)[0] == [name]


def test_problems_in_folders_with_odd_names_can_be_shown(tmp_path: Path) -> None:
    odd = tmp_path / "two\nlines"
    odd.mkdir()
    (odd / "broken.md").symlink_to("missing.md")
    with (odd / "over.md").open("wb") as file:
        file.truncate(50_000_000)
    assert [file for file, _ in found(tmp_path)[1]] == [r"two\nlines/broken.md", r"two\nlines/over.md"]


def test_a_folder_that_cannot_be_listed_is_a_problem(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may list every folder")
    write(tmp_path, "a.md", "locked/b.md")
    (tmp_path / "locked").chmod(0)
    try:
        assert found(tmp_path) == (["a.md"], [("locked", "cannot be listed: Permission denied")])
    finally:
        (tmp_path / "locked").chmod(0o700)


def test_a_folder_that_vanishes_while_it_is_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.md", "gone/b.md")
    scandir = os.scandir

    def failing(path: Path) -> object:
        if path.name == "gone":
            raise FileNotFoundError(2, "No such file or directory")
        return scandir(path)

    monkeypatch.setattr("kg.read.files.os.scandir", failing)
    assert found(tmp_path) == (["a.md"], [("gone", "cannot be listed: No such file or directory")])


@pytest.mark.parametrize("name", ["missing", "file.md"])
def test_what_is_no_folder_is_wrong_use(tmp_path: Path, name: str) -> None:
    write(tmp_path, "file.md")
    with pytest.raises(UsageError, match="no such folder of articles"):
        find_articles(tmp_path / name, Read())


def test_files_below_some_levels(tmp_path: Path) -> None:
    for path in ("a.md", "b/a.md", "b/c/a.md", "b/c/d/a.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    counts = [len(list(files_below(tmp_path, levels))) for levels in (0, 1, 2, 3, None)]
    assert counts == [1, 2, 3, 4, 4]
