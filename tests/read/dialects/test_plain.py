"""A plain folder: addresses from paths, and Markdown in which little has a meaning."""

from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import Config, ToolSettings
from kg.read.article import parse_article
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.plain import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import read_folder
from tests.read.texts import published, read


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a-b/Data-Drift.md", Place("article/a-b/data-drift", "Data Drift", "a b")),
        ("index.md", Place("article/index", "index", None)),
        ("README.md", Place("article/readme", "README", None)),
    ],
)
def test_the_place_of_a_file(path: str, expected: Place) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path)), ToolSettings()) == expected


def test_the_syntax_of_other_tools_is_text() -> None:
    assert published("100%% #sure ^id {{ x }}", "plain") == "100%% #sure ^id {{ x }}"
    assert read("#tag", "plain").tags == ()


@pytest.mark.parametrize(
    ("path", "slug", "addresses"),
    [
        ("posts/frost.md", None, ()),
        ("posts/2024-01-31-frost.md", None, ("/posts/frost", "/posts/2024/01/31/frost")),
        ("2024-01-31.md", None, ()),
        ("posts/a.md", "frost", ("/frost", "/posts/frost")),
        ("a.md", "/Web/Saw/", ("/Web/Saw",)),
        ("pt-br/a.md", "saw", ("/pt-br/saw", "/pt-br/docs/saw")),
        ("en/a.md", "saw", ("/saw", "/en/saw", "/en/docs/saw")),
    ],
)
def test_dates_in_names_and_slugs_are_further_addresses(
    path: str, slug: str | None, addresses: tuple[str, ...]
) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path), slug=slug), ToolSettings()).addresses == addresses


def test_links_are_followed_by_the_rules_of_most_tools(tmp_path: Path) -> None:
    links = {
        "README.md": "[a](notes/a) [b](notes/deep/b.html) [notes](notes/) [raw](docs/raw)",
        "notes/README.md": "[a](./a/) [b](/notes/deep/b) [c](/en/notes/c/) [english](/en-GB/docs/notes/c)",
        "notes/a.md": "[b](deep/b.md) [c](../c/) [sub](sub) [start](../README.md)",
        "notes/a/sub.md": "[a](../a.md) [b](/deep/b)",
        "notes/c.md": "[gone](/notes/gone) [api](/api/notes/a) [french](/fr/notes/a) [folder](deep/) [x](?q=1)",
        "notes/deep/b.md": "[c](../../c/) [a](/a) [self](b.md) [docs](/docs/notes/a)",
    }
    for name, text in links.items():
        folder(tmp_path, name, text=text)
    found = read_folder(tmp_path)
    assert found.edges == {
        ("README.md", "notes/README.md"),
        ("README.md", "notes/a.md"),
        ("README.md", "notes/deep/b.md"),
        ("notes/README.md", "notes/a.md"),
        ("notes/README.md", "notes/c.md"),
        ("notes/README.md", "notes/deep/b.md"),
        ("notes/a.md", "README.md"),
        ("notes/a.md", "notes/a/sub.md"),
        ("notes/a.md", "notes/c.md"),
        ("notes/a.md", "notes/deep/b.md"),
        ("notes/a/sub.md", "notes/a.md"),
        ("notes/a/sub.md", "notes/deep/b.md"),
        ("notes/deep/b.md", "notes/a.md"),
        ("notes/deep/b.md", "notes/c.md"),
    }
    assert found.said == [
        "warning README.md:1: link to docs/raw: no such article",
        "warning notes/c.md:1: link to /api/notes/a: no such article",
        "warning notes/c.md:1: link to /fr/notes/a: no such article",
        "warning notes/c.md:1: link to /notes/gone: no such article",
    ]


@pytest.mark.parametrize(
    ("written", "url", "said"),
    [
        ("permalink: false", "article/a", []),
        ("permalink: /own/", "/own/", []),
        (
            'permalink: "/x/{{ page.fileSlug }}/"',
            "article/a",
            ["permalink: has a template expression that kg does not evaluate; it is not read"],
        ),
    ],
)
def test_an_address_in_the_front_matter(written: str, url: str, said: list[str]) -> None:
    article, problems = parse_article("a.md", f"---\n{written}\n---\ntext".encode(), Config())
    assert article is not None
    assert (article.url, [problem.message for problem in problems]) == (url, said)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<script setup>\nimport a from 'a'\n\nconst b = 1\n</script>\n\nWords.", "\n\n\n\n\n\nWords."),
        ("<style>\n.a {}\n</style>Words", "\n\nWords"),
        ("The tag `<script>x</script>` is code.", "The tag <script>x</script> is code."),
    ],
)
def test_scripts_are_not_published(source: str, text: str) -> None:
    assert published(source, "plain") == text
