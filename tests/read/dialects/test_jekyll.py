"""A Jekyll site: posts named by date, collections, and Liquid output."""

import datetime as dt
from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.jekyll import DIALECT
from tests.read.dialects.folders import folder
from tests.read.texts import published, targets


@pytest.mark.parametrize(
    ("files", "articles", "reason"),
    [
        (["_config.yml", "_posts/2024-01-01-a.md"], ".", "it has _config.yml"),
        (["_posts/2024-01-01-a.md"], ".", "it has _posts"),
        (["_posts/2024-01-01-a.md"], "_posts", "it is called _posts"),
        (["_config.yaml", "a.md"], ".", "it has _config.yaml"),
        (["_config.toml", "a.md"], ".", "it has _config.toml"),
        (["docs/_config.yaml", "docs/a.md"], ".", "docs/_config.yaml lies in it"),
        (["_config.yml", "scaffolds/post.md", "source/_posts/a.md"], ".", None),  # a Hexo site
        (["_config.yml", "scaffolds/post.md", "source/_posts/a.md"], "source/_posts", None),
        (["blog/_config.yml", "blog/scaffolds/post.md", "blog/source/_posts/a.md"], ".", None),
        (["a.md"], ".", None),
    ],
)
def test_a_site_is_known_by_its_configuration_or_its_posts(
    tmp_path: Path, files: list[str], articles: str, reason: str | None
) -> None:
    root = folder(tmp_path / "site", *files) / articles
    assert DIALECT.recognise(root) == reason


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "_posts/2024-1-5-my-title.md",
            Place("/2024/01/05/my-title.html", "my title", None, dt.date(2024, 1, 5)),
        ),
        ("Birds/_posts/2024-01-31-x.md", Place("/birds/2024/01/31/x.html", "x", "Birds", dt.date(2024, 1, 31))),
        ("about.md", Place("/about.html", "about", None)),
        ("_docs/setup/index.md", Place("/docs/setup/", "setup", "docs")),
        ("index.md", Place("/index.html", "index", None)),
    ],
)
def test_the_place_of_a_file(path: str, expected: Place) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path)), ToolSettings()) == expected


def test_categories_begin_the_address_of_a_post_and_the_slug_ends_it() -> None:
    page = Page(file=PurePosixPath("_posts/2024-01-31-x.md"), slug="y", categories=["A", "b c"])
    place = DIALECT.place(page, ToolSettings())
    assert place.url == "/a/b c/2024/01/31/y.html"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% raw %}{{ x }}{% endraw %} {{ page.title }}", " "),
        ("Text\n{: .lead}\n\n## Head {#id}", "Text\n\n\nHead"),
    ],
)
def test_output_and_attributes_are_not_published(source: str, text: str) -> None:
    assert published(source, "jekyll") == text


def test_output_in_a_link_is_no_part_of_its_address_but_for_what_it_quotes() -> None:
    assert targets("[c]({{ site.baseurl }}{% link c.md %})", "jekyll") == [("/c.md", "path", "c", 0)]
    assert targets('[d]({{ "/d/" | relative_url }})', "jekyll") == [("/d/", "path", "d", 0)]
