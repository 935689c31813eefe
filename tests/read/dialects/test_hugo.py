"""A Hugo site: known by its configuration beside `content`; page bundles and attributes."""

from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.hugo import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import read_folder
from tests.read.texts import published, targets


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


def test_the_configuration_of_a_language_may_be_a_file(tmp_path: Path) -> None:
    texts = {
        "config/_default/hugo.toml": "defaultContentLanguage = 'de'\n[permalinks]\nnews = '/:year/:slug/'\n",
        "config/_default/languages.de.toml": "contentDir = 'content/de'\n",
        "config/_default/languages.pt-br.toml": "contentDir = 'content/pt'\n",
        "config/_default/menus.de.toml": "",
        "content/de/oak.md": "Eiche.\n",
        "content/pt/oak.md": "Carvalho.\n",
        "content/pt/news/ash.md": "---\ntitle: O freixo\ndate: 2024-01-31\n---\nFreixo.\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    urls = {"content/de/oak.md": "/oak/", "content/pt/oak.md": "/pt-br/oak/"}
    assert read_folder(tmp_path).urls == urls | {"content/pt/news/ash.md": "/pt-br/2024/o-freixo/"}


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


def test_a_link_leads_to_the_page_in_its_language_also_where_that_page_has_no_text(tmp_path: Path) -> None:
    texts = {
        "hugo.toml": "[languages.en]\ncontentDir = 'content/en'\n[languages.fr]\ncontentDir = 'content/fr'\n",
        "content/en/oak.md": "Oak.\n",
        "content/en/ash.md": "Ash.\n",
        "content/en/Elm.md": "Elm.\n",
        "content/fr/oak.md": "Chene.\n",
        "content/fr/ash.md": "---\ntitle: not translated\n---\n",
        "content/fr/yew.html": "If.",
        "content/fr/all.md": "[a](/oak), [b](/ash/), [c](/elm/) and [d](/yew/).\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    read = read_folder(tmp_path)
    assert read.edges == {
        ("content/fr/all.md", "content/fr/oak.md"),
        ("content/fr/all.md", "content/en/Elm.md"),
    }
    assert not [line for line in read.said if "link" in line]


def test_a_link_in_a_file_of_a_language_leads_to_the_page_in_this_language(tmp_path: Path) -> None:
    texts = {
        "hugo.toml": "[languages.en]\n[languages.fr]\n",
        **{f"content/{name}.md": f"[a](/oak/) and [b](/ash/) in {name}.\n" for name in ("en", "all.fr")},
        "content/paths.fr.md": '[a](oak.md) and [b]({{< relRef "ash.md" >}})\n',
        **{f"content/{name}.md": f"{name}\n" for name in ("oak", "oak.fr", "ash")},
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    fr = {(f"content/{name}.fr.md", f"content/{to}.md") for name in ("all", "paths") for to in ("oak.fr", "ash")}
    assert read_folder(tmp_path).edges == fr | {("content/en.md", f"content/{name}.md") for name in ("oak", "ash")}


def test_a_bare_web_address_is_a_link() -> None:
    source = (
        "See https://a.example/x_y_z. Or (http://b.example/q?a=b), or [c](https://c.example/).\n\n`https://d.example`"
    )
    addresses = ["https://a.example/x_y_z", "http://b.example/q?a=b", "https://c.example/"]
    assert [address for address, *_ in targets(source, "hugo")] == addresses
    assert published("See https://a.example/x_y_z.", "hugo") == "See https://a.example/x_y_z."
    marked = '[https://a.example](b.md) <https://c.example> <a href="https://d.example">d</a>'
    assert [address for address, *_ in targets(marked, "hugo")] == ["b.md", "https://c.example", "https://d.example"]
