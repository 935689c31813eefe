"""Globs, and which files they let in."""

from pathlib import Path

import pytest

from kg.base.config import Read
from kg.read.files import exists_below, find_articles
from kg.read.globs import matcher


@pytest.mark.parametrize(
    ("glob", "fits", "fits_not"),
    [
        ("**", ["a", "a/b"], []),
        ("*.md", ["a.md"], ["a/b.md", "a.mdx"]),
        ("**/*.md", ["a.md", "a/b.md", "a/b/c.md"], ["a.txt"]),
        ("drafts", ["drafts", "drafts/a.md", "drafts/b/c.md"], ["drafts.md", "x/drafts/a.md"]),
        ("drafts/", ["drafts/a.md"], ["drafts.md"]),
        ("drafts/**", ["drafts", "drafts/a.md"], ["drafts.md"]),
        ("**/drafts", ["drafts/a.md", "x/y/drafts/a.md"], ["mydrafts/a.md"]),
        ("a/**/b.md", ["a/b.md", "a/x/y/b.md"], ["ab.md", "a/xb.md"]),
        ("./a?.md", ["ab.md"], ["a.md", "a/.md"]),
        ("a[b].(md)", ["a[b].(md)"], ["ab.md"]),
        ("a**b", ["aXb"], ["a/b"]),
        ("**/_*.{md,mdx}", ["_a.md", "b/_a.mdx"], ["_a.txt", "a.md", "_a.md,mdx"]),
        ("{a,b*}/{c}.{d,}", ["a/{c}.d", "bX/{c}."], ["a/c.d", "c/{c}.d"]),
    ],
)
def test_a_glob_fits_a_path_or_the_folder_above_it(glob: str, fits: list[str], fits_not: list[str]) -> None:
    assert [path for path in fits if not matcher([glob]).fullmatch(path)] == []
    assert [path for path in fits_not if matcher([glob]).fullmatch(path)] == []


def test_no_glob_fits_nothing() -> None:
    assert matcher([]).fullmatch("") is None


def test_what_is_included_and_not_excluded_is_an_article(tmp_path: Path) -> None:
    for name in ("README.md", "a/b.md", "a/c.md", "node_modules/x.md", "a/node_modules/p/y.md", "z/d.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text", encoding="utf-8")
    assert find_articles(tmp_path, Read())[0] == ["README.md", "a/b.md", "a/c.md", "z/d.md"]
    assert find_articles(tmp_path, Read(include=("a", "*.md"), exclude=("**/c.md", "a/node_modules")))[0] == [
        "README.md",
        "a/b.md",
    ]
    (tmp_path / "z" / "out.md").symlink_to("/")
    assert len(find_articles(tmp_path, Read())[1]) == 1
    assert find_articles(tmp_path, Read(exclude=("z",)))[1] == []


def test_what_exists_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    exists = exists_below(tmp_path)
    assert exists("a")
    assert not exists("b")
    assert not exists("a\0b")
    assert not exists("a" * 5000)
