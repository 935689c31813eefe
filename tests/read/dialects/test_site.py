"""Whose conventions a folder follows, and which address, title, subject and date a file's path gives."""

import datetime as dt
from pathlib import Path

import pytest

from kg.base.config import Config, Read
from kg.read.dialects.site import Place, find_tool, place, resolve_config


def folder(root: Path, *files: str, text: str = "text") -> Path:
    """A folder of these files; a name that ends in a slash is a folder."""
    for name in files:
        if name.endswith("/"):
            (root / name).mkdir(parents=True, exist_ok=True)
        else:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("files", "articles", "tool", "content"),
    [
        (["a.md"], ".", "plain", ""),
        ([".obsidian/", "a.md"], ".", "obsidian", ""),
        (["hugo.toml", "content/a.md"], ".", "hugo", "content"),
        (["hugo.yaml", "content/a.md"], "content", "hugo", ""),
        (["config.toml", "content/a.md"], ".", "hugo", "content"),
        (["config.toml", "notes/a.md"], "notes", "plain", ""),
        (["config.toml", "a.md"], ".", "plain", ""),
        (["mkdocs.yml", "docs/a.md"], ".", "mkdocs", "docs"),
        (["mkdocs.yml", "docs/a.md"], "docs", "mkdocs", ""),
        (["mkdocs.yml", "docs/", "other/a.md"], "other", "plain", ""),
        (["_config.yml", "_posts/2024-01-01-a.md"], ".", "jekyll", ""),
        (["_posts/2024-01-01-a.md"], ".", "jekyll", ""),
        (["_posts/2024-01-01-a.md"], "_posts", "jekyll", ""),
    ],
)
def test_a_tool_is_known_by_what_lies_in_the_folder_or_beside_it(
    tmp_path: Path, files: list[str], articles: str, tool: str, content: str
) -> None:
    root = folder(tmp_path / "site", *files) / articles
    read = resolve_config(root, Config()).read
    assert (read.tool, read.content) == (tool, content)
    assert find_tool(root, Read())[1]


def test_the_documents_folder_is_the_one_that_mkdocs_yml_names(tmp_path: Path) -> None:
    folder(tmp_path, "mkdocs.yml", text="site_name: x\ndocs_dir: './manual'  # not docs\nhook: !!python/name:x.y\n")
    folder(tmp_path, "manual/a.md")
    assert resolve_config(tmp_path, Config()).read.content == "manual"
    assert resolve_config(tmp_path / "manual", Config()).read.tool == "mkdocs"


def test_a_folder_with_wiki_links_is_a_vault(tmp_path: Path) -> None:
    folder(tmp_path, "a.md", text="`[[b]]`, [[1, 2]] and `kg` [[options]]")
    assert find_tool(tmp_path, Read())[0] == "plain"
    folder(tmp_path, "sub/b.md", text="see [[x/A#heading|this]]")
    assert find_tool(tmp_path, Read()) == ("obsidian", "sub/b.md has a wiki link to another file")


def test_what_kg_toml_says_is_not_guessed(tmp_path: Path) -> None:
    folder(tmp_path, "hugo.toml", "content/a.md", ".obsidian/")
    given = Config(read=Read(tool="plain", content="content/"))
    assert resolve_config(tmp_path, given).read == Read(tool="plain", content="content")
    assert resolve_config(tmp_path, Config(read=Read(tool="hugo"))).read.content == "content"


def test_what_tools_generate_is_excluded_beside_their_configuration_only(tmp_path: Path) -> None:
    folder(tmp_path, "hugo.toml", "content/a.md")
    read = resolve_config(tmp_path, Config(read=Read(exclude=("public", "x")))).read
    assert read.exclude == ("public", "x", "archetypes", "resources/_gen", "themes")
    assert resolve_config(tmp_path / "content", Config()).read.exclude == Read().exclude
    assert "_site" in resolve_config(folder(tmp_path / "j", "_config.yml", "a.md"), Config()).read.exclude


def test_settled_options_stay_as_they_are(tmp_path: Path) -> None:
    folder(tmp_path, "hugo.toml", "content/a.md")
    once = resolve_config(tmp_path, Config())
    assert resolve_config(tmp_path, once) == once


PLAIN = Read(tool="plain")
VAULT = Read(tool="obsidian")
HUGO = Read(tool="hugo", content="content")
JEKYLL = Read(tool="jekyll")
MKDOCS = Read(tool="mkdocs", content="docs")


@pytest.mark.parametrize(
    ("options", "path", "expected"),
    [
        (Read(), "a-b/Data-Drift.md", Place("article/a-b/data-drift", "Data Drift", "a b")),
        (PLAIN, "index.md", Place("article/index", "index", None)),
        (
            VAULT,
            "My folder/Data-Drift v1.2.md",
            Place("article/my-folder/data-drift-v12-3519bfad", "Data-Drift v1.2", "My folder"),
        ),
        (HUGO, "content/posts/My Post!.md", Place("/posts/my-post/", "My Post!", "posts")),
        (HUGO, "content/posts/my-trip/index.md", Place("/posts/my-trip/", "my trip", "posts")),
        (HUGO, "content/about/index.md", Place("/about/", "about", None)),
        (HUGO, "content/posts/_index.md", Place("/posts/", "posts", "posts")),
        (HUGO, "content/_index.md", Place("/index.html", "index", None)),
        (HUGO, "README.md", Place("article/readme", "README", None)),
        (Read(tool="hugo"), "posts/a_b.md", Place("/posts/a_b/", "a b", "posts")),
        (MKDOCS, "docs/index.md", Place("/index.html", "index", None)),
        (MKDOCS, "docs/guide/README.md", Place("/guide/", "guide", "guide")),
        (MKDOCS, "docs/guide/My page.md", Place("/guide/My page/", "My page", "guide")),
        (
            JEKYLL,
            "_posts/2024-1-5-my-title.md",
            Place("/2024/01/05/my-title.html", "my title", None, dt.date(2024, 1, 5)),
        ),
        (JEKYLL, "Birds/_posts/2024-01-31-x.md", Place("/birds/2024/01/31/x.html", "x", "Birds", dt.date(2024, 1, 31))),
        (JEKYLL, "_posts/2024-02-31-x.md", Place("/2024/02/31/x.html", "x", None)),
        (JEKYLL, "about.md", Place("/about.html", "about", None)),
        (JEKYLL, "_docs/setup/index.md", Place("/docs/setup/", "setup", "docs")),
        (JEKYLL, "index.md", Place("/index.html", "index", None)),
    ],
)
def test_what_a_path_says(options: Read, path: str, expected: Place) -> None:
    assert place(path, options) == expected


def test_what_the_front_matter_says_comes_first() -> None:
    assert place("content/a/b.md", HUGO, name="c").url == "/a/c/"
    assert place("content/a/b/index.md", HUGO, name="c").url == "/a/c/"
    assert place("_posts/2024-01-31-x.md", JEKYLL, name="y", categories=["A", "b c"]).url == "/a/b c/2024/01/31/y.html"
    assert place("x.md", PLAIN, name="y").url == "article/x"
    for options, path in ((HUGO, "content/a.md"), (JEKYLL, "a.md"), (MKDOCS, "docs/a.md"), (VAULT, "a.md")):
        assert place(path, options, url="/own").url == "/own"
