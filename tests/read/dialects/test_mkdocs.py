"""MkDocs documentation: known by mkdocs.yml and the folder that it names."""

import datetime as dt
from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.mkdocs import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import TREES, Folder, read_folder
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
        ("index.md", Place("/index.html", "Home", None)),
        ("guide/README.md", Place("/guide/", "Guide", "guide")),
        ("guide/first-steps.md", Place("/guide/first-steps/", "First steps", "guide")),
        ("guide/API.md", Place("/guide/API/", "API", "guide")),
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


@pytest.fixture(scope="module")
def site() -> Folder:
    return read_folder(TREES / "mkdocs")


def test_pages_have_the_addresses_that_mkdocs_gives_them(site: Folder) -> None:
    assert site.tool == "mkdocs"
    assert site.urls == {
        "manual/index.md": "/index.html",
        "manual/kept.draft.md": "/kept.draft/",
        "manual/news/index.md": "/news/",
        "manual/news/posts/first-proof.md": "/news/2023/01/the-first-proof/",
        "manual/news/posts/visitors.md": "/news/2023/05/visitors--their-names/",
        "manual/parts/care.md": "/parts/care/",
        "manual/press/index.md": "/press/",
        "manual/press/platen.md": "/press/platen/",
        "manual/rules.md": "/rules/",
        "manual/type/README.md": "/type/",
        "manual/type/lay.md": "/type/lay/",
        "manual/type/stick.md": "/type/stick/",
        "manual/words.md": "/words/",
    }


def test_titles_subjects_dates_and_keywords(site: Folder) -> None:
    shown = {path: (article.title, article.subject) for path, article in site.articles.items()}
    assert shown["manual/index.md"] == ("Welcome to the shop", None)
    assert shown["manual/news/posts/visitors.md"] == ("Visitors & their names!", "Days")
    assert shown["manual/press/platen.md"] == ("The platen press: a short manual", "press")
    assert shown["manual/rules.md"] == ("Rules of the shop", None)
    assert shown["manual/type/README.md"] == ("The type case", "type")
    assert shown["manual/type/lay.md"] == ("Lay of the case", "type")
    assert shown["manual/type/stick.md"] == ("Stick", "type")
    assert shown["manual/words.md"] == ("Words", None)
    assert {path: article.date for path, article in site.articles.items() if article.date} == {
        "manual/news/posts/first-proof.md": dt.date(2023, 1, 31),
        "manual/news/posts/visitors.md": dt.date(2023, 5, 14),
        "manual/press/platen.md": dt.date(2022, 9, 1),
    }
    assert site.articles["manual/press/platen.md"].keywords == ("press", "iron")
    assert site.articles["manual/news/posts/first-proof.md"].keywords == ("proof",)


def test_every_link_between_pages_is_an_edge(site: Folder) -> None:
    expected = {
        "manual/index.md": [
            "manual/news/index.md",
            "manual/press/platen.md",
            "manual/type/README.md",
            "manual/type/stick.md",
        ],
        "manual/kept.draft.md": ["manual/press/platen.md"],
        "manual/news/posts/first-proof.md": ["manual/type/lay.md"],
        "manual/news/posts/visitors.md": ["manual/news/posts/first-proof.md", "manual/rules.md"],
        "manual/press/index.md": ["manual/press/platen.md"],
        "manual/press/platen.md": ["manual/type/stick.md"],
        "manual/type/README.md": [
            "manual/press/platen.md",
            "manual/rules.md",
            "manual/type/lay.md",
            "manual/type/stick.md",
        ],
        "manual/type/lay.md": ["manual/type/stick.md", "manual/words.md"],
        "manual/type/stick.md": ["manual/type/README.md", "manual/words.md"],
        "manual/words.md": ["manual/press/platen.md"],
    }
    assert site.edges == {(source, target) for source, targets in expected.items() for target in targets}


def test_what_is_said_of_the_site(site: Folder) -> None:
    assert site.missing == {
        ("manual/press/platen.md", "/paper/"),
        ("manual/rules.md", "/news/fire/"),
        ("manual/type/lay.md", "/type/ligatures/"),
    }
    draft = "manual/news/posts/plan.md"
    assert [line for line in site.said if "suffix" not in line] == [
        "note .: 1 file is not in the content of the site (manual and others) and not read: README.md; to read it, set "
        'tool = "plain" in [read] of kg.toml',
        f"warning .: 1 draft is left out ({draft}); set drafts = true in [read] of kg.toml to read drafts",
        "warning manual/press/platen.md:17: link to ../../paper/: no such article",
        "warning manual/rules.md:10: link to news/fire.md: no such article",
        "warning manual/rules.md:6: link to type/index.md: no such article; "
        "the name of manual/type/README.md is only similar",
        "warning manual/type/lay.md:6: link to ligatures.md: no such article",
    ]


def test_what_a_reader_of_the_page_sees_is_published(site: Folder) -> None:
    assert site.text("manual/type/README.md") == (
        "The type case\n"
        "The upper case has the capitals.  The lower case has the small letters, and the e has the largest box.\n"
        "Before you touch it\n"
        "Wash your hands. Lead is a poison, as the rules say.\n"
        "Learn the lay of the case by heart.\n"
        "See also the stick and the press."
    )
    assert site.text("manual/type/stick.md") == (
        "Width\n"
        "A composing stick holds one line. The measure is set with a screw and a setting rule.\n"
        "Left hand\n"
        "Hold the stick in the left hand, and pick sorts from the case.\n"
        "Right hand\n"
        "Ask for a stick for left-handed printers.\n"
        "The measure is counted in picas, see words."
    )
    assert site.text("manual/words.md") == (
        "Words\n"
        "Pica\n"
        "A sixth of an inch.\n"
        "Twelve points are a pica.\n"
        "Forme\n"
        "What is locked in the chase, see the press.\n"
        "A sort is one piece of type of lead. Press ctrl+p to print this page."
    )
    assert "![" not in site.text("manual/type/lay.md")


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ("", "/blog/2024/03/09/an-oak/"),
        ("post_url_format: '{slug}'", "/blog/an-oak/"),
        ("post_url_format: '{categories}/{file}'", "/blog/big-trees/oak/"),
        ("{post_url_format: '{categories}/{slug}', post_url_max_categories: 2}", "/blog/big-trees/old/an-oak/"),
        ("post_url_date_format: yy/M/d", "/blog/24/3/9/an-oak/"),
        ("post_url_date_format: yyyy-MMM", "/blog/2024-Mar/an-oak/"),
    ],
)
def test_the_format_of_the_addresses_of_posts(tmp_path: Path, options: str, url: str) -> None:
    folder(tmp_path, "mkdocs.yml", text=f"plugins:\n  - blog: {options if options[:1] == '{' else f'{{{options}}}'}\n")
    matter = "date: 2024-03-09\ncategories: [Big trees, Old]"
    folder(tmp_path, "docs/blog/posts/oak.md", text=f"---\n{matter}\n---\n# An oak\n\nOak.\n")
    assert read_folder(tmp_path).urls == {"docs/blog/posts/oak.md": url}


def test_what_the_plugin_for_exclusion_names_is_no_page(tmp_path: Path) -> None:
    folder(tmp_path, "mkdocs.yml", text="plugins:\n- exclude: {glob: ['parts/*', draft.md]}\n")
    folder(tmp_path / "docs", "parts/oak.md", "parts/old/ash.md", "draft.md", "a/parts/elm.md", "a/draft.md")
    assert set(read_folder(tmp_path).urls) == {"docs/a/parts/elm.md", "docs/a/draft.md"}


@pytest.mark.parametrize("name", ["community", "concepts", "author", "graph"])
def test_names_that_begin_other_iris_are_addresses_of_pages_like_others(tmp_path: Path, name: str) -> None:
    links = f"[a](../../{name}/) [b](/{name}) [c](../../{name}/tree/) [d](/{name}/tree)"
    folder(tmp_path, "mkdocs.yml", text="site_name: Trees\n")
    folder(tmp_path, "docs/about/help.md", text=links)
    folder(tmp_path, f"docs/{name}/README.md", f"docs/{name}/tree.md", text="A text.")
    read = read_folder(tmp_path)
    assert {target for _, target in read.edges} == {f"docs/{name}/README.md", f"docs/{name}/tree.md"}
    assert (read.missing, read.said) == (set(), [])


def test_what_is_excluded_and_kept_again(tmp_path: Path) -> None:
    folder(tmp_path, "mkdocs.yml", text="exclude_docs: |\n  *.old.md\n  /parts/\n  !oak.old.md\n  b/oak.old.md\n")
    excluded = ["ash.old.md", "a/ash.old.md", "parts/x.md", "b/oak.old.md", "templates/x.md", "a/README.md"]
    kept = ["a/index.md", "a/oak.old.md", "a/parts/x.md", "a/templates/x.md", "b/README.md", "oak.old.md"]
    folder(tmp_path / "docs", *excluded, *kept)
    assert sorted(read_folder(tmp_path).urls) == [f"docs/{path}" for path in kept]
    assert sorted(read_folder(tmp_path / "docs").urls) == kept
