"""A file on which kg fails with an error that nobody foresaw is reported, and ends no command."""

from pathlib import Path

import pytest

from kg.base.tables import read_tables


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in (("a", "Data drift hurts."), ("bad", "This one is BAD."), ("c", "Data drift is found.")):
        (folder / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n\n{text}\n", encoding="utf-8")
    return folder


def fail_on_bad(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    module, _, name = place.rpartition(".")
    before = getattr(__import__(module, fromlist=[name]), name)

    def failing(*arguments: object, **options: object) -> object:
        if "is BAD" in repr(arguments):
            raise IndexError("odd")
        return before(*arguments, **options)

    monkeypatch.setattr(place, failing)


@pytest.mark.parametrize("place", ["kg.read.article.split", "kg.annotate.worker.tagger_view"])
def test_build(kg, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    fail_on_bad(monkeypatch, place)
    result = kg("build", articles, "--out", tmp_path / "out", "--jobs", 1)
    assert result.status == 1
    assert f"{articles / 'bad.md'}:1: error: kg failed on this file (IndexError: odd" in result.err
    assert read_tables(tmp_path / "out" / "tables").articles["path"].to_pylist() == ["a.md", "c.md"]


def test_check(kg, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_on_bad(monkeypatch, "kg.read.article.split")
    result = kg("check", articles, "--jobs", 1)
    assert result.status == 1
    (line,) = result.out.splitlines()
    assert line.startswith(f"{articles / 'bad.md'}:1: error: kg failed on this file (IndexError: odd")


@pytest.mark.parametrize("place", ["kg.read.article.read_text", "kg.read.guess.split"])
def test_init(kg, articles: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    fail_on_bad(monkeypatch, place)
    result = kg("init", articles)
    assert result.status == 1
    assert f"{articles / 'bad.md'}:1: error: kg failed on this file (IndexError: odd" in result.err
    assert result.err.count("\n") == 1
    assert (articles / "kg.toml").exists()


def test_init_of_a_folder_whose_links_cannot_be_searched(kg, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (articles / "bad.md").write_text("This one is BAD: [[a]].\n")
    fail_on_bad(monkeypatch, "kg.read.dialects.obsidian.wiki_names")
    assert kg("init", articles).status == 0
