"""A look at a folder: what is guessed, why, and a kg.toml that says so and builds."""

import shutil
from pathlib import Path

import msgspec
import pytest

from kg.base.config import Config, Fields, load_config
from kg.base.errors import UsageError
from kg.base.model import Severity
from kg.inspect.check import check
from kg.inspect.init import FieldGuess, as_toml, look, said, write_guess
from kg.pipeline.build import build
from kg.read.dialects.resolve import resolve_config
from kg.read.settings import read_settings

EXAMPLES = Path(__file__).parents[2] / "examples"


def notes(root: Path, *front_matters: str) -> Path:
    for number, matter in enumerate(front_matters):
        (root / f"{number:03}.md").write_text(f"---\n{matter}\n---\nA text.\n", encoding="utf-8")
    return root


def guessed(root: Path) -> dict[str, tuple[str, ...]]:
    return {
        field.role: tuple(name for name, count in zip(field.names, field.counts, strict=True) if count)
        for field in look(root).fields
    }


@pytest.mark.parametrize(
    ("name", "tool", "title", "site"),
    [
        ("articles", "plain", "articles", None),
        ("vault", "obsidian", "vault", None),
        ("hugo", "hugo", "Field notes on birds", "https://field-notes.example"),
        ("mkdocs", "mkdocs", "Ferry", "https://ferry.example"),
    ],
)
def test_what_is_written_for_an_example_loads_and_reads_as_before(
    tmp_path: Path, name: str, tool: str, title: str, site: str | None
) -> None:
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("kg.toml"))
    before = check(folder, jobs=1)
    guess, path = write_guess(folder)
    assert path == folder / "kg.toml"
    written = load_config(path)
    assert written == guess.config
    resolved = resolve_config(folder, written)
    assert msgspec.structs.replace(resolved, read=msgspec.structs.replace(resolved.read, settings=None)) == written
    assert read_settings(folder)[0] == resolved
    path.unlink()
    assert read_settings(folder)[0] == resolved
    path.write_text(as_toml(guess), encoding="utf-8")
    assert (written.read.tool, written.title, written.site) == (tool, title, site)
    assert (guess.files, len(guess.preview)) == (guess.looked_at, 5)
    assert check(folder, jobs=1) == before
    assert as_toml(look(folder)) == path.read_text("utf-8")


def test_what_is_written_builds(tmp_path: Path) -> None:
    folder = tmp_path / "hugo"
    shutil.copytree(EXAMPLES / "hugo", folder)
    write_guess(folder, force=True)
    report = build(folder, tmp_path / "out", jobs=1)
    assert [problem for problem in report.problems if problem.severity is Severity.ERROR] == []
    assert report.counts["articles"] == 6
    assert report.title == "Field notes on birds"


def test_a_jekyll_site(tmp_path: Path) -> None:
    files = {
        "_config.yml": 'title: My blog\nurl: "https://j.example"\nbaseurl: "/blog"\n',
        "_posts/2024-01-31-an-owl.md": "---\ntags: owl heron\ncategories: diary\n---\n## Intro\n\n"
        "See [b]({% post_url 2024-02-01-b %}), [about]({{ site.baseurl }}{% link about.md %}) and [c](/blog/c.html).\n",
        "birds/_posts/2024-02-01-b.md": "---\ntitle: B\n---\nFrom [an owl](/blog/diary/2024/01/31/an-owl.html).\n",
        "about.md": "---\ntitle: About\n---\nAbout [the blog](/).\n",
        "index.md": "---\nlayout: home\n---\n",
        "_drafts/d.md": "A draft.\n",
        "_includes/i.md": "---\n{% if x %}\n---\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    guess, _ = write_guess(tmp_path)
    assert (guess.config.title, guess.config.site) == ("My blog", "https://j.example/blog")
    assert [(article.url, article.title, article.subject) for article in guess.preview] == [
        ("/diary/2024/01/31/an-owl.html", "an owl", "diary"),
        ("/about.html", "About", None),
        ("/birds/2024/02/01/b.html", "B", "birds"),
    ]
    assert guess.preview[0].keywords == ("owl", "heron")
    assert [str(problem) for problem in check(tmp_path, jobs=1)] == [
        ".: 1 draft is left out (_drafts/d.md); set drafts = true in [read] of kg.toml to read drafts",
        "_posts/2024-01-31-an-owl.md:7: link to /c.html: no such article",
    ]


@pytest.mark.parametrize(
    "site", ["javascript:alert(1)", "https://x y/", "'https://x\"><script>'", "https://x/?a", "/docs"]
)
def test_a_site_that_pages_cannot_link_to_is_not_written(tmp_path: Path, site: str) -> None:
    (tmp_path / "_config.yml").write_text(f'title: "\\x07Docs"\nurl: {site}\n')
    (tmp_path / "a.md").write_text('+++\n"\\u0007".author = "x"\n+++\nText.\n')
    _, path = write_guess(tmp_path)
    config = load_config(path)
    assert (config.site, config.title) == (None, "\ufffdDocs")


def test_the_fields_of_the_examples_are_those_of_the_defaults() -> None:
    guess = look(EXAMPLES / "articles")
    assert FieldGuess("title", ("title", "article_title"), (40, 40)) in guess.fields
    assert FieldGuess("links", ("related_article*", "related"), (39, 0)) in guess.fields
    assert said(guess.fields[0], guess.looked_at) == "40 of 40 files have `url`"
    assert as_toml(guess).count("40 of 40 files have `title`") == 1


@pytest.mark.parametrize(
    ("matter", "role", "names"),
    [
        ("Title: x", "title", None),
        ("headline: x", "title", ("headline",)),
        ("title: x\nheadline: y", "title", ("title",)),
        ("pubDate: 2024-01-31", "date", ("pubDate",)),
        ("date: soon\npublish-date: 2024-01-31", "date", ("publish-date",)),
        ("date: Jan 31, 2024", "date", ("date",)),
        ("date: 2024", "date", None),
        ("created: '{{date}}'", "date", None),
        ("redirect_from: [/a]", "redirects", ("redirect_from",)),
        ("published: false", "date", None),
        ("topics: [a]", "keywords", ("topics",)),
        ("meta: {Topics: a}", "keywords", ("meta.Topics",)),
        ("seo: {page_keywords: a}\ntags: [b]", "keywords", ("seo.page_keywords", "tags")),
        ("see-also: [/x]", "links", ("see-also",)),
        ("related_article1: {url: /x}", "links", ("related_article*",)),
        ("image: {url: x.png}", "url", None),
        ("section: Art", "subject", ("section",)),
        ("wip: true", "draft", ("wip",)),
        ("draft: soon", "draft", None),
        ("title: ''\ntags: []", "title", None),
        ("body: text", "answer", ("body",)),
    ],
)
def test_fields_are_guessed_by_name_and_kind_of_value(
    tmp_path: Path, matter: str, role: str, names: tuple[str, ...] | None
) -> None:
    if role == "title" and matter.startswith("Title"):
        names = ("Title",)
    assert guessed(notes(tmp_path, matter)).get(role) == names


def test_the_commonest_of_several_names_comes_first(tmp_path: Path) -> None:
    notes(tmp_path, "labels: [a]", "topics: [a]", "topics: [b]\nlabels: ''", "tag: x")
    (field,) = look(tmp_path).fields
    assert (field.role, field.names, field.counts) == ("keywords", ("topics", "labels"), (2, 1))


def test_a_folder_without_front_matter_and_with_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\ntext", encoding="utf-8")
    (tmp_path / "b.md").write_bytes(b"\xff")
    (tmp_path / "c.md").write_text("---\na: &a [*a]\n---\ntext", encoding="utf-8")
    guess = look(tmp_path)
    assert (guess.fields, [article.title for article in guess.preview]) == ((), ["A"])
    assert guess.config.fields == Fields()
    assert load_config(write_guess(tmp_path)[1]) == guess.config


def test_odd_names_are_written_as_toml_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / 'a "quoted" \\ naïve\x7f folder'
    folder.mkdir()
    notes(folder, "meta: {'topics': [x]}")
    _, path = write_guess(folder)
    assert load_config(path).title == folder.name.replace("\x7f", "\ufffd")


def test_of_many_files_some_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.read.guess._MOST", 3)
    guess = look(notes(tmp_path, *(f"id: {number}" for number in range(10))))
    assert (guess.files, guess.looked_at, guess.fields[0].counts) == (10, 3, (3,))
    assert [article.path for article in guess.preview] == ["000.md", "002.md", "004.md", "006.md", "008.md"]


def test_a_kg_toml_that_is_there_stays(tmp_path: Path) -> None:
    notes(tmp_path, "id: 1")
    (tmp_path / "kg.toml").write_text("title = 'mine'\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"kg\.toml exists already; replace it with --force"):
        write_guess(tmp_path)
    assert load_config(tmp_path / "kg.toml") == Config(title="mine")
    write_guess(tmp_path, force=True)
    assert load_config(tmp_path / "kg.toml").fields.id == ("id",)


def test_a_folder_without_articles_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"has no article in it: no file ends in \.md or \.markdown or \.mdx"):
        look(tmp_path)
    with pytest.raises(UsageError, match="no such folder of articles"):
        look(tmp_path / "absent")
    assert list(tmp_path.iterdir()) == []
