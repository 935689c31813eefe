"""Everything that can be wrong with a folder, in one folder."""

from collections import defaultdict
from pathlib import Path

import pytest

from kg.base.config import Config, Read
from kg.base.errors import ConfigError, UsageError
from kg.base.model import Problem, Severity
from kg.inspect.check import check, read_folder
from kg.read.article import read_article
from kg.read.files import find_articles
from tests.broken_articles import READ_DESPITE_ERROR, write_broken_articles, write_good_articles


def test_good_articles_have_no_problems(tmp_path: Path) -> None:
    assert len(write_good_articles(tmp_path)) == 10
    assert check(tmp_path, jobs=1) == []


def test_every_broken_file_is_named_once_with_line_and_reason(tmp_path: Path) -> None:
    write_good_articles(tmp_path)
    expected = write_broken_articles(tmp_path)
    assert len(expected) >= 30
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in check(tmp_path, jobs=1):
        found[problem.file].append(problem)
    assert set(found) == set(expected)
    for file, (severity, line, message) in expected.items():
        assert [(p.severity, p.line) for p in found[file]] == [(severity, line)], file
        assert message in found[file][0].message


def test_a_warning_leaves_the_article(tmp_path: Path) -> None:
    expected = write_broken_articles(tmp_path)
    warned = {file for file, (severity, _, _) in expected.items() if severity is Severity.WARNING}
    assert len(warned) >= 20
    files, _ = find_articles(tmp_path, Read())
    read = {file for file in files if read_article(tmp_path, file, Config())[0] is not None}
    assert {file for file in read if "same-url" not in file} == warned | READ_DESPITE_ERROR


def test_worker_processes_find_the_same_as_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.annotate.batch.BATCH_BYTES", 20_000)
    write_good_articles(tmp_path)
    write_broken_articles(tmp_path)
    told: list[tuple[str, int, int]] = []
    assert check(tmp_path, jobs=2, progress=lambda *args: told.append(args)) == check(tmp_path, jobs=1)
    files = told[0][2]
    assert len(told) > 1
    assert told[-1] == ("read", files, files)


def test_a_link_to_a_missing_article_is_a_warning_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nurl: /a\nrelated:\n  - /nowhere\n  - /b\n---\nText.\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("---\nurl: /b\ndate: soon\n---\nText.\n", encoding="utf-8")
    assert [(p.severity, str(p)) for p in check(tmp_path)] == [
        (Severity.WARNING, "a.md:3: related link to /nowhere: no such article"),
        (Severity.WARNING, 'b.md:3: date: "soon" is not a date; write it like 2025-01-31'),
    ]


def test_a_folder_is_read_with_its_links_and_on_demand_with_its_texts(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nurl: /a\nrelated: /b\n---\nA text.\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("---\nurl: /b\nrelated: /nowhere\n---\nB text.\n", encoding="utf-8")
    (tmp_path / "c.md").write_text("---\nurl: /b\n---\nC text.\n", encoding="utf-8")
    found = read_folder(tmp_path, jobs=1, texts=True)
    assert [(article.path, [part.text for part in article.parts]) for article in found.articles] == [
        ("a.md", ["A text."]),
        ("b.md", ["B text."]),
    ]
    links = found.links.select(["source", "target", "status"]).to_pylist()
    assert [tuple(link.values()) for link in links] == [("/a", "/b", "url"), ("/b", "/nowhere", "missing")]
    assert found.problems == check(tmp_path, jobs=1)
    assert [article.parts for article in read_folder(tmp_path, jobs=1).articles] == [(), ()]


def test_links_of_an_article_that_is_left_out_are_not_reported(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"---\nurl: /same\nrelated: /only-{name}\n---\nText.\n", encoding="utf-8")
    assert [str(p) for p in check(tmp_path)] == [
        'b.md:2: the url "/same" is already used by a.md; this file is skipped',
        "a.md:3: related link to /only-a: no such article",
    ]


def test_kg_toml_in_the_folder_is_obeyed_and_another_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("---\nadresse: [1]\n---\nText.\n", encoding="utf-8")
    (tmp_path / "kg.toml").write_text('read.suffixes = [".txt"]\nfields.url = ["adresse"]\n', encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text('read.suffixes = [".rst"]\n', encoding="utf-8")
    assert [str(p) for p in check(tmp_path)] == ["a.txt:2: adresse: expected text, found a list"]
    assert [p.code for p in check(tmp_path, config=other)] == ["other-suffix"]


def test_no_folder_or_no_configuration_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder of articles"):
        check(tmp_path / "missing")
    with pytest.raises(ConfigError, match="cannot be read"):
        check(tmp_path, config=tmp_path / "missing.toml")


def test_a_vault_is_checked_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Links to [[b]], [[Gone]] and [x](LICENSE). %%[[no]]%%\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("---\ndraft: true\n---\nA draft.\n", encoding="utf-8")
    (tmp_path / "LICENSE").write_text("text", encoding="utf-8")
    assert [(p.severity, p.code, str(p)) for p in check(tmp_path, jobs=1)] == [
        (
            Severity.WARNING,
            "draft",
            ".: 1 draft is left out (b.md); set drafts = true in [read] of kg.toml to read drafts",
        ),
        (Severity.WARNING, "missing-target", "a.md:1: link to Gone: no such article"),
        (Severity.WARNING, "missing-target", "a.md:1: link to b: b.md is a draft, which is left out"),
    ]
    (tmp_path / "kg.toml").write_text("[read]\ndrafts = true\nexclude = ['a.md']\n", encoding="utf-8")
    assert check(tmp_path, jobs=1) == []


def test_articles_in_other_languages_are_one_note_and_it_comes_last(tmp_path: Path) -> None:
    for name, language in (("a", "fr"), ("b", "fr"), ("c", "de"), ("d", "en"), ("e", "gibberish")):
        (tmp_path / f"{name}.md").write_text(f"---\nlang: {language}\nurl: /{name}\n---\nA text.\n", encoding="utf-8")
    warning, note = check(tmp_path, jobs=1)
    assert (warning.severity, warning.file) == (Severity.WARNING, "e.md")
    assert note.severity is Severity.NOTE
    assert str(note).startswith(".: 3 articles are in French (2) or German (1), for which no spaCy pipeline is set: ")
