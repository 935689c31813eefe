"""MkDocs documentation: known by mkdocs.yml and the folder that it names."""

from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.mkdocs import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import read_folder
from tests.read.texts import published


@pytest.mark.parametrize(
    ("files", "articles", "reason", "content"),
    [
        (["mkdocs.yml", "docs/a.md"], ".", "mkdocs.yml lies in it", "docs"),
        (["mkdocs.yml", "docs/a.md"], "docs", "mkdocs.yml lies beside it", ""),
        (["mkdocs.yml", "docs/", "other/a.md"], "other", None, ""),
        (["mkdocs.yml", "a.md"], ".", None, ""),
    ],
)
def test_a_project_is_known_by_its_configuration_and_documents(
    tmp_path: Path, files: list[str], articles: str, reason: str | None, content: str
) -> None:
    root = folder(tmp_path / "site", *files) / articles
    assert DIALECT.recognise(root) == reason
    assert DIALECT.settings(root).roots[0].folder == content


def test_the_documents_folder_is_the_one_that_mkdocs_yml_names(tmp_path: Path) -> None:
    folder(tmp_path, "mkdocs.yml", text="site_name: x\ndocs_dir: './manual'  # not docs\nhook: !!python/name:x.y\n")
    folder(tmp_path, "manual/a.md")
    assert DIALECT.settings(tmp_path).roots[0].folder == "manual"
    assert DIALECT.recognise(tmp_path / "manual") == "mkdocs.yml lies beside it"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.md", Place("/index.html", "index", None)),
        ("guide/README.md", Place("/guide/", "guide", "guide")),
        ("guide/My page.md", Place("/guide/My page/", "My page", "guide")),
    ],
)
def test_the_place_of_a_file(path: str, expected: Place) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path)), ToolSettings()) == expected


def test_attributes_of_a_heading_are_not_published() -> None:
    assert published("## Head {: #id }", "mkdocs") == "Head"


def test_the_heading_of_a_post_and_its_date_of_creation_make_its_address(tmp_path: Path) -> None:
    texts = {
        "mkdocs.yml": "site_name: Trees\nplugins: [blog]\n",
        "docs/blog/posts/ash.md": "---\ndate: {created: 2024-01-31, updated: 2024-02-01}\n---\n# The *old* ash!\nA.\n",
        "docs/blog/posts/oak.md": "---\ndate: 2024-01-31\ntitle: Oak\n---\n# The oak\n\nText.\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    read = read_folder(tmp_path)
    assert read.urls == {
        "docs/blog/posts/ash.md": "/blog/2024/01/31/the-old-ash/",
        "docs/blog/posts/oak.md": "/blog/2024/01/31/oak/",
    }
    assert not read.problems


def test_a_page_that_is_only_an_include_is_no_article_and_no_mistake(tmp_path: Path) -> None:
    texts = {
        "mkdocs.yml": "site_name: Trees\n",
        "docs/contributing.md": '--8<-- "CONTRIBUTING.md"\n',
        "docs/oak.md": "[Help](contributing.md) us.\n",
        "docs/empty.md": "\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    read = read_folder(tmp_path)
    assert read.urls == {"docs/oak.md": "/oak/"}
    assert read.said == ["error docs/empty.md:1: the article has no text"]
