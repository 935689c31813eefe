"""An mdBook: known by book.toml and its table of contents."""

from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ContentRoot, ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.mdbook import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import TREES, Folder, read_folder
from tests.read.texts import published

BOOK = TREES / "mdbook"


@pytest.fixture(scope="module")
def book() -> Folder:
    return read_folder(BOOK)


def test_chapters_have_the_addresses_that_mdbook_gives_them(book: Folder) -> None:
    assert book.tool == "mdbook"
    assert book.urls == {
        "examples/licence.md": "article/examples/licence",
        "second-edition/src/changes.md": "/second-edition/changes.html",
        "text/keeping/README.md": "/keeping/index.html",
        "text/keeping/hives.md": "/keeping/hives.html",
        "text/keeping/notes.md": "/keeping/notes.html",
        "text/keeping/swarms.md": "/keeping/swarms.html",
        "text/preface.md": "/preface.html",
        "text/winter/feeding syrup.md": "/winter/feeding syrup.html",
        "text/winter/index.md": "/winter/index.html",
        "text/words.md": "/words.html",
    }


def test_titles_and_subjects(book: Folder) -> None:
    shown = {path: (article.title, article.subject) for path, article in book.articles.items()}
    assert shown["text/preface.md"] == ("Before you begin", None)
    assert shown["text/keeping/hives.md"] == ("Hives", "keeping")
    assert shown["text/keeping/swarms.md"] == ("swarms", "keeping")
    assert shown["text/winter/index.md"] == ("Winter", "winter")


def test_every_link_between_chapters_is_an_edge_and_a_lost_chapter_is_reported(book: Folder) -> None:
    assert book.edges == {
        ("second-edition/src/changes.md", "text/preface.md"),
        ("text/keeping/README.md", "text/keeping/hives.md"),
        ("text/keeping/README.md", "text/keeping/swarms.md"),
        ("text/keeping/README.md", "text/winter/index.md"),
        ("text/keeping/hives.md", "text/keeping/notes.md"),
        ("text/keeping/hives.md", "text/words.md"),
        ("text/keeping/notes.md", "text/keeping/hives.md"),
        ("text/keeping/swarms.md", "text/keeping/README.md"),
        ("text/keeping/swarms.md", "text/keeping/hives.md"),
        ("text/preface.md", "text/keeping/hives.md"),
        ("text/preface.md", "text/winter/index.md"),
        ("text/preface.md", "text/words.md"),
        ("text/winter/feeding syrup.md", "second-edition/src/changes.md"),
        ("text/winter/index.md", "text/winter/feeding syrup.md"),
    }
    assert book.missing == {("text/keeping/hives.md", "/keeping/wax.html")}
    assert book.said == ["warning text/keeping/hives.md:15: link to wax.md: no such article"]


def test_directives_and_ids_are_not_published(book: Folder) -> None:
    assert book.text("text/preface.md") == (
        "Before you begin\n"
        "A hive needs work from March to October. Read about hives first, then winter.\n"
        "All words are explained, and the first page is this one. The\n"
        "garden book is another book."
    )
    assert published("a {{#include x.md:1:2}} b", "mdbook") == "a  b"
    assert published("`{{#title x}}` and {{ x }}", "mdbook") == "{{#title x}} and {{ x }}"


@pytest.mark.parametrize(
    ("files", "articles", "reason", "content"),
    [
        (["book.toml", "src/SUMMARY.md"], ".", "book.toml lies in it", "src"),
        (["book.toml", "src/SUMMARY.md"], "src", "book.toml lies beside it", ""),
        (["book.toml", "src/SUMMARY.md", "src/a/b.md"], "src/a", "book.toml lies beside it", ""),
        (["book.toml", "src/a.md"], ".", None, ""),
        (["book.toml", "src/SUMMARY.md", "notes/"], "notes", None, ""),
    ],
)
def test_a_book_is_known_by_its_configuration_and_table_of_contents(
    tmp_path: Path, files: list[str], articles: str, reason: str | None, content: str
) -> None:
    root = folder(tmp_path / "book", *files, text="") / articles
    assert DIALECT.recognise(root) == reason
    assert DIALECT.settings(root).roots[0].folder == content


def test_settings_of_the_book(tmp_path: Path) -> None:
    folder(tmp_path, "src/SUMMARY.md", text="- [One](./one.md)\n")
    folder(
        tmp_path,
        "book.toml",
        text='[book]\ntitle = "B"\nlanguage = "pt-BR"\n[output.html]\nsite-url = "https://b.example/x/"',
    )
    settings = DIALECT.settings(tmp_path)
    assert (settings.title, settings.site) == ("B", "https://b.example/x/")
    assert settings.roots == (ContentRoot(folder="src", language="pt-BR"),)
    assert settings.exclude == ("src/SUMMARY.md", "book")
    assert settings.options == (("/index.html", "/one.html"),)


def test_a_chapter_in_a_part_of_the_book_keeps_its_address(tmp_path: Path) -> None:
    root = folder(tmp_path / "book", "book.toml", "src/SUMMARY.md", "src/a/b/c.md", text="") / "src/a"
    assert DIALECT.settings(root).roots == (ContentRoot(prefix="a"),)
    page = Page(file=PurePosixPath("b/c.md"), root=ContentRoot(prefix="a"))
    assert DIALECT.place(page, ToolSettings()) == Place("/a/b/c.html", "c", "b")


@pytest.mark.parametrize("text", ["", "[book", "book = 3", "[book]\nsrc = [3]\n[output]\nhtml = 1", "\ufffe"])
def test_a_strange_configuration_is_no_error(tmp_path: Path, text: str) -> None:
    folder(tmp_path, "book.toml", text=text)
    folder(tmp_path, "src/SUMMARY.md", "src/a.md", text="[x](\x00.md)")
    assert DIALECT.recognise(tmp_path) == "book.toml lies in it"
    assert DIALECT.settings(tmp_path).roots[0].folder == "src"
