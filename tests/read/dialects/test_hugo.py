"""A Hugo site: known by its configuration beside `content`; page bundles and attributes."""

from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.hugo import DIALECT
from tests.read.dialects.folders import folder
from tests.read.texts import published


@pytest.mark.parametrize(
    ("files", "articles", "reason", "content"),
    [
        (["hugo.toml", "content/a.md"], ".", "hugo.toml lies in it", "content"),
        (["hugo.yaml", "content/a.md"], "content", "hugo.yaml lies beside it", ""),
        (["config.toml", "content/a.md"], ".", "config.toml lies in it", "content"),
        (["config.toml", "notes/a.md"], "notes", None, ""),
        (["config.toml", "a.md"], ".", None, ""),
    ],
)
def test_a_site_is_known_by_its_configuration_beside_its_content(
    tmp_path: Path, files: list[str], articles: str, reason: str | None, content: str
) -> None:
    root = folder(tmp_path / "site", *files) / articles
    assert DIALECT.recognise(root) == reason
    assert DIALECT.settings(root).roots[0].folder == content


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("posts/My Post!.md", Place("/posts/my-post/", "My Post!", "posts")),
        ("posts/my-trip/index.md", Place("/posts/my-trip/", "my trip", "posts")),
        ("about/index.md", Place("/about/", "about", None)),
        ("posts/_index.md", Place("/posts/", "posts", "posts")),
        ("_index.md", Place("/index.html", "index", None)),
        ("posts/a_b.md", Place("/posts/a_b/", "a b", "posts")),
    ],
)
def test_the_place_of_a_file(path: str, expected: Place) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path)), ToolSettings()) == expected


@pytest.mark.parametrize("path", ["a/b.md", "a/b/index.md"])
def test_the_slug_is_the_last_step_of_the_address(path: str) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path), slug="c"), ToolSettings()).url == "/a/c/"


def test_attributes_of_a_heading_are_not_published() -> None:
    assert published("## Head {#id .class}", "hugo") == "Head"
