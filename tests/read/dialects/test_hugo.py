"""A Hugo site: known by its configuration beside `content`; page bundles and attributes."""

from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.hugo import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import read_folder
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


def test_what_is_not_published_is_no_article(tmp_path: Path) -> None:
    texts = {
        "hugo.toml": 'baseURL = "https://trees.example/"\n',
        "content/parts/_index.md": "---\ncascade:\n  build:\n    render: never\n---\n",
        "content/parts/warning.md": "A saw is sharp.\n",
        "content/trees/_index.md": "---\ncascade:\n  - build: {render: never}\n    target: {kind: home}\n---\nA.\n",
        "content/trees/ash.md": "---\n_build: {render: false}\n---\nAsh.\n",
        "content/trees/oak.md": "---\nbuild: {list: never}\n---\nOak.\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    read = read_folder(tmp_path)
    assert read.urls == {"content/trees/_index.md": "/trees/", "content/trees/oak.md": "/trees/oak/"}
    assert read.said == ["note content/trees/ash.md:1: is not published, as its front matter says; it is left out"]


def test_links_to_paths_from_the_top_and_to_lists(tmp_path: Path) -> None:
    texts = {
        "hugo.toml": "",
        "content/a/saws.md": "[Oak](b/oak.md), [list](../../b/), [page](../filled/) and [nothing](../nothing/).\n",
        "content/a/filled.md": "---\nlayout: list\n---\n",
        "content/b/oak.md": "[Saws](a/saws/) and [the same](../../a/saws/).\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    read = read_folder(tmp_path)
    assert read.edges == {("content/a/saws.md", "content/b/oak.md"), ("content/b/oak.md", "content/a/saws.md")}
    assert read.said == ["warning content/a/saws.md:1: link to ../nothing/: no such article"]
