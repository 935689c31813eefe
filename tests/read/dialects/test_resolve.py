"""The dialect of a folder is recognised, completes the configuration and places files."""

import os
from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import Config, ContentRoot, Read, ToolSettings, load_config
from kg.base.errors import ConfigError
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.project import read_configuration
from kg.read.dialects.registry import dialects
from kg.read.dialects.resolve import place, recognise, resolve_config
from kg.read.files import find_articles
from tests.read.dialects.folders import folder


@pytest.mark.parametrize(
    ("files", "articles", "tool", "content"),
    [
        (["a.md"], ".", "plain", ""),
        ([".obsidian/", "a.md"], ".", "obsidian", ""),
        (["hugo.toml", "content/a.md"], ".", "hugo", "content"),
        (["hugo.yaml", "content/a.md"], "content", "hugo", ""),
        (["config.toml", "notes/a.md"], "notes", "plain", ""),
        (["mkdocs.yml", "docs/a.md"], ".", "mkdocs", "docs"),
        (["mkdocs.yml", "docs/a.md"], "docs", "mkdocs", ""),
        (["_posts/2024-01-01-a.md"], "_posts", "jekyll", ""),
        (["hugo.toml", "content/.obsidian/", "content/a.md"], "content", "obsidian", ""),
        (["mkdocs.yml", "docs/a.md", "_config.yml"], ".", "mkdocs", "docs"),
        (["hugo.toml", "content/a.md", "_config.yml"], ".", "hugo", "content"),
        (["logseq/config.edn", "pages/a.md", ".obsidian/"], ".", "logseq", "pages"),
        (["dendron.yml", "a.md", ".obsidian/"], ".", "dendron", ""),
        (["Home.md", "_Sidebar.md", "_config.yml"], ".", "wiki", ""),
        (["Home.md", "_Sidebar.md", ".obsidian/"], ".", "wiki", ""),
        (["quartz.config.ts", "content/a.md", "content/.obsidian/"], ".", "obsidian", "content"),
    ],
)
def test_the_dialect_of_a_folder_and_where_its_content_lies(
    tmp_path: Path, files: list[str], articles: str, tool: str, content: str
) -> None:
    root = folder(tmp_path / "site", *files) / articles
    read = resolve_config(root, Config()).read
    assert (read.tool, read.content) == (tool, content)


@pytest.mark.parametrize(
    ("files", "tool"),
    [
        ([".obsidian/", "a.md"], "obsidian"),
        (["logseq/config.edn", "pages/a.md"], "logseq"),
        (["dendron.yml", "a.md"], "dendron"),
        (["docusaurus.config.js", "docs/a.mdx"], "docusaurus"),
        (["_config.yml", "a.markdown"], "jekyll"),
        (["hugo.toml", "content/a.md"], "hugo"),
        (["mkdocs.yml", "docs/a.md"], "mkdocs"),
        (["_config.yml", "a.md"], "jekyll"),
        (["book.toml", "src/SUMMARY.md"], "mdbook"),
        (["docusaurus.config.js", "docs/a.md"], "docusaurus"),
    ],
)
def test_the_tool_of_the_only_inner_folder_is_that_of_the_folder(tmp_path: Path, files: list[str], tool: str) -> None:
    inside = [f"site/notes/{file}" for file in files]
    root = folder(tmp_path, "site/README.md", "site/.git/", "site/pictures/", *inside) / "site"
    assert resolve_config(root, Config()).read.tool == tool
    folder(root, "other/a.md")
    assert resolve_config(root, Config()).read.tool == "plain"


@pytest.mark.parametrize("articles", [".", "content", "content/posts"])
def test_a_kg_toml_above_the_articles_may_name_a_folder_around_them(tmp_path: Path, articles: str) -> None:
    root = folder(tmp_path, "hugo.toml", "content/posts/a.md", "kg.toml")
    config = Config(read=Read(tool="hugo", content="content"))
    read = resolve_config(root / articles, config, root / "kg.toml").read
    files, _ = find_articles(root / articles, read)
    assert [place(file, read).url for file in files] == ["/posts/a/"]


def test_a_content_folder_must_exist(tmp_path: Path) -> None:
    root = folder(tmp_path, "docs/a.md")
    with pytest.raises(ConfigError, match=r'kg.toml: read.content: .* has no folder "dosc"'):
        resolve_config(root, Config(read=Read(content="dosc")), root / "kg.toml")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["mkdocs.yml", "docs/a.md"], ["docs/a.md"]),
        (["hugo.toml", "content/a.md"], ["content/a.md"]),
        (["_config.yml", "docs/a.md"], ["README.md", "docs/a.md"]),
        ([".obsidian/", "docs/a.md"], ["README.md", "docs/a.md"]),
    ],
)
def test_only_what_is_in_its_content_folder_is_a_page_of_a_site(
    tmp_path: Path, files: list[str], expected: list[str]
) -> None:
    root = folder(tmp_path, "README.md", "page.html", *files)
    found, problems = find_articles(root, resolve_config(root, Config()).read)
    assert found == expected
    assert ("outside-content" in {problem.code for problem in problems}) == ("README.md" not in found)


def test_the_tools_own_files_count_more_than_texts(tmp_path: Path) -> None:
    folder(tmp_path, "a.md", "b.md", text="[[a]]")
    dialect, reason = recognise(tmp_path, Read())
    assert (dialect.name, reason) == ("obsidian", "a.md has a wiki link to another file")
    dialect, reason = recognise(folder(tmp_path, "_config.yml"), Read())
    assert (dialect.name, reason) == ("jekyll", "it has _config.yml")


def test_a_folder_without_a_sign_is_plain(tmp_path: Path) -> None:
    dialect, reason = recognise(folder(tmp_path, "a.md"), Read())
    assert (dialect.name, reason) == ("plain", "no sign of another tool is there")


def test_what_kg_toml_says_is_not_guessed(tmp_path: Path) -> None:
    folder(tmp_path, "hugo.toml", "content/a.md", ".obsidian/")
    given = Config(read=Read(tool="plain", content="content/"))
    settings = ToolSettings(roots=(ContentRoot(folder="content"),))
    assert resolve_config(tmp_path, given).read == Read(tool="plain", content="content", settings=settings)
    assert resolve_config(tmp_path, Config(read=Read(tool="hugo"))).read.content == "content"


def test_what_tools_generate_is_excluded_beside_their_configuration_only(tmp_path: Path) -> None:
    folder(tmp_path, "hugo.toml", "content/a.md")
    read = resolve_config(tmp_path, Config(read=Read(exclude=("public", "x")))).read
    assert read.exclude == ("public", "x", "archetypes", "resources/_gen", "themes")
    assert resolve_config(tmp_path / "content", Config()).read.exclude == Read().exclude
    assert "_site" in resolve_config(folder(tmp_path / "j", "_config.yml", "a.md"), Config()).read.exclude


def test_resolved_options_stay_as_they_are(tmp_path: Path) -> None:
    folder(tmp_path, "hugo.toml", "content/a.md")
    once = resolve_config(tmp_path, Config())
    assert resolve_config(tmp_path, once) == once


@pytest.mark.parametrize("name", ["gatsby", "", "Hugo"])
def test_a_tool_that_does_not_exist_is_named_with_its_file_and_key(tmp_path: Path, name: str) -> None:
    path = folder(tmp_path, "kg.toml", text=f"[read]\ntool = '{name}'\n") / "kg.toml"
    names = ", ".join(dialect.name for dialect in dialects())
    with pytest.raises(ConfigError) as error:
        resolve_config(tmp_path, load_config(path), path)
    assert str(error.value) == f'{path}: read.tool: "{name}" is not one of {names}'


HUGO = Read(tool="hugo", content="content", settings=ToolSettings(roots=(ContentRoot(folder="content"),)))
JEKYLL = Read(tool="jekyll")
MKDOCS = Read(tool="mkdocs", content="docs", settings=ToolSettings(roots=(ContentRoot(folder="docs"),)))
VAULT = Read(tool="obsidian")


@pytest.mark.parametrize(
    ("options", "path", "expected"),
    [
        (Read(), "a-b/Data-Drift.md", Place("article/a-b/data-drift", "Data Drift", "a b")),
        (HUGO, "content/posts/my-trip/index.md", Place("/posts/my-trip/", "my trip", "posts")),
        (HUGO, "README.md", Place("article/readme", "README", None)),
        (Read(tool="hugo"), "posts/a_b.md", Place("/posts/a_b/", "a b", "posts")),
        (MKDOCS, "docs/index.md", Place("/index.html", "Home", None)),
    ],
)
def test_paths_begin_at_the_content_folder(options: Read, path: str, expected: Place) -> None:
    assert place(path, options) == expected


@pytest.mark.parametrize(
    ("written", "tag"), [("pt_BR", "pt-br"), ("English", "en"), ("zh-Hans", "zh-hans"), ("orchard", None), (None, None)]
)
def test_the_language_of_a_configuration_is_a_tag(written: str | None, tag: str | None) -> None:
    for tool in ("docusaurus", "hugo", "mdbook", "mkdocs"):
        options = Read(tool=tool, settings=ToolSettings(roots=(ContentRoot(folder="pages", language=written),)))
        assert place("pages/a.md", options).language == tag


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mkdocs.yml", "a: " + "[" * 200_000 + "]" * 200_000),
        ("hugo.yaml", "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 10))),
        ("hugo.toml", ".".join("a" * 20_000) + " = 1"),
        ("package.json", '{"a": ' + "[" * 200_000 + "]" * 200_000 + "}"),
    ],
)
def test_a_configuration_over_a_limit_is_not_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_configuration(tmp_path / name) == {}


def test_aliases_and_tags_of_a_configuration_are_read(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("a: &a {k: no}\nb: *a\nc: !!python/name:x.y 1\n", encoding="utf-8")
    assert read_configuration(tmp_path / "mkdocs.yml") == {"a": {"k": "no"}, "b": {"k": "no"}, "c": "1"}


def test_what_the_front_matter_says_comes_first() -> None:
    assert place("content/a/b.md", HUGO, Page(file=PurePosixPath(), slug="c")).url == "/a/c/"
    assert place("x.md", Read(tool="plain"), Page(file=PurePosixPath(), slug="y")).url == "article/x"
    for options, path in ((HUGO, "content/a.md"), (JEKYLL, "a.md"), (MKDOCS, "docs/a.md"), (VAULT, "a.md")):
        assert place(path, options, Page(file=PurePosixPath(), url="/own")).url == "/own"


@pytest.mark.parametrize("kind", ["pipe", "folder", "large", "circle", "binary"])
def test_a_configuration_that_cannot_be_read_harms_no_article(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.md").write_text("# A\n\nText.\n")
    names = (
        *("mkdocs.yml", "hugo.toml", "_config.yml", "docusaurus.config.js", "dendron.yml", "book.toml", "SUMMARY.md"),
        *("versions.json", "Home.md", "quartz.config.ts", "astro.config.mjs", "conf.py", ".vitepress"),
    )
    for name in names:
        path = tmp_path / name
        match kind:
            case "pipe":
                os.mkfifo(path)
            case "folder":
                path.mkdir()
            case "large":
                path.write_bytes(b"[" * 1_500_000)
            case "circle":
                path.symlink_to(name)
            case "binary":
                path.write_bytes(bytes(range(256)))
    for dialect in dialects():
        resolve_config(tmp_path, Config(read=Read(tool=dialect.name)))
    resolve_config(tmp_path, Config())
