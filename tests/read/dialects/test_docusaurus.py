"""A Docusaurus site: what its configuration says, and the addresses and links of its pages."""

import datetime as dt
import shutil
from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ContentRoot, ToolSettings
from kg.read.dialects.dialect import Page
from kg.read.dialects.docusaurus import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import TREES, Folder, read_folder

SITE = TREES / "docusaurus"
FRENCH = "i18n/fr/docusaurus-plugin-content-docs/current"


@pytest.fixture(scope="module")
def site() -> Folder:
    return read_folder(SITE)


def test_pages_have_the_addresses_that_docusaurus_gives_them(site: Folder) -> None:
    assert site.tool == "docusaurus"
    assert site.urls == {
        "README.md": "article/readme",
        "blog/2024-01-31-late-frost.md": "/blog/2024/01/31/late-frost",
        "blog/2024/03/02/first-blossom/index.md": "/blog/2024/03/02/first-blossom",
        "blog/harvest.md": "/blog/gathering",
        "community/index.md": "/people/",
        "community/meetings.md": "/people/meetings",
        "docs/01-trees/01-pruning.md": "/docs/next/trees/pruning",
        "docs/01-trees/02-grafting.mdx": "/docs/next/trees/grafting",
        "docs/01-trees/index.md": "/docs/next/trees/",
        "docs/intro.md": "/docs/next/",
        "docs/reference/1.2-sharpening.md": "/docs/next/reference/1.2-sharpening",
        "docs/soil.md": "/docs/next/earth/soil",
        "docs/tools/README.md": "/docs/next/tools/",
        "docs/tools/ladder.md": "/docs/next/tools/steps",
        "docs/tools/saws/saws.md": "/docs/next/tools/saws/",
        "i18n/fr/docusaurus-plugin-content-blog/2024-01-31-late-frost.md": "/fr/blog/2024/01/31/late-frost",
        f"{FRENCH}/01-trees/01-pruning.md": "/fr/docs/next/trees/pruning",
        f"{FRENCH}/intro.md": "/fr/docs/next/",
        "src/pages/about.md": "/about",
        "src/pages/team/index.mdx": "/team/",
        "versioned_docs/version-2.0/intro.md": "/docs/",
        "versioned_docs/version-2.0/trees/pruning.md": "/docs/trees/pruning",
    }


def test_titles_subjects_dates_languages_and_keywords(site: Folder) -> None:
    shown = {path: (article.title, article.subject) for path, article in site.articles.items()}
    assert shown["docs/01-trees/01-pruning.md"] == ("Winter pruning", "trees")
    assert shown["docs/01-trees/02-grafting.mdx"] == ("Grafting", "trees")
    assert shown["docs/intro.md"] == ("About the orchard", None)
    assert shown["docs/reference/1.2-sharpening.md"] == ("1.2 sharpening", "reference")
    assert shown["docs/tools/README.md"] == ("tools", "tools")
    assert shown["docs/tools/ladder.md"] == ("The ladder", "tools")
    assert shown["blog/2024/03/02/first-blossom/index.md"] == ("First blossom", "blog")
    dates = {path: article.date for path, article in site.articles.items() if article.date}
    assert dates["blog/2024-01-31-late-frost.md"] == dt.date(2024, 1, 31)
    assert dates["blog/2024/03/02/first-blossom/index.md"] == dt.date(2024, 3, 2)
    assert dates["blog/harvest.md"] == dt.date(2023, 9, 20)
    assert {path for path, article in site.articles.items() if article.language == "fr"} == {
        f"{FRENCH}/intro.md",
        f"{FRENCH}/01-trees/01-pruning.md",
        "i18n/fr/docusaurus-plugin-content-blog/2024-01-31-late-frost.md",
    }
    assert site.articles["docs/01-trees/01-pruning.md"].keywords == ("winter", "saws")


def test_every_link_between_pages_is_an_edge(site: Folder) -> None:
    expected = {
        "README.md": ["docs/intro.md"],
        "blog/2024-01-31-late-frost.md": [
            "blog/2024/03/02/first-blossom/index.md",
            "versioned_docs/version-2.0/trees/pruning.md",
        ],
        "blog/2024/03/02/first-blossom/index.md": ["blog/2024-01-31-late-frost.md"],
        "blog/harvest.md": ["community/meetings.md"],
        "community/index.md": ["community/meetings.md", "versioned_docs/version-2.0/intro.md"],
        "community/meetings.md": ["community/index.md"],
        "docs/01-trees/01-pruning.md": [
            "docs/01-trees/02-grafting.mdx",
            "docs/tools/ladder.md",
            "docs/tools/saws/saws.md",
        ],
        "docs/01-trees/02-grafting.mdx": [
            "blog/2024-01-31-late-frost.md",
            "docs/01-trees/01-pruning.md",
            "docs/soil.md",
            "docs/tools/README.md",
        ],
        "docs/01-trees/index.md": ["docs/01-trees/01-pruning.md", "docs/01-trees/02-grafting.mdx"],
        "docs/intro.md": [
            "community/index.md",
            "docs/01-trees/01-pruning.md",
            "docs/01-trees/02-grafting.mdx",
            "docs/soil.md",
            "docs/tools/README.md",
            "docs/tools/saws/saws.md",
        ],
        "docs/reference/1.2-sharpening.md": ["docs/tools/saws/saws.md"],
        "docs/soil.md": ["community/meetings.md", "docs/01-trees/index.md", "docs/reference/1.2-sharpening.md"],
        "docs/tools/README.md": ["docs/tools/ladder.md", "docs/tools/saws/saws.md"],
        "docs/tools/ladder.md": ["docs/intro.md", "docs/tools/README.md"],
        "docs/tools/saws/saws.md": ["community/index.md", "docs/reference/1.2-sharpening.md"],
        "i18n/fr/docusaurus-plugin-content-blog/2024-01-31-late-frost.md": [f"{FRENCH}/01-trees/01-pruning.md"],
        f"{FRENCH}/01-trees/01-pruning.md": [f"{FRENCH}/intro.md"],
        f"{FRENCH}/intro.md": [
            "docs/01-trees/02-grafting.mdx",
            "docs/soil.md",
            f"{FRENCH}/01-trees/01-pruning.md",
        ],
        "src/pages/about.md": ["docs/intro.md", "src/pages/team/index.mdx"],
        "src/pages/team/index.mdx": ["src/pages/about.md"],
        "versioned_docs/version-2.0/intro.md": ["versioned_docs/version-2.0/trees/pruning.md"],
        "versioned_docs/version-2.0/trees/pruning.md": [
            "docs/01-trees/01-pruning.md",
            "versioned_docs/version-2.0/intro.md",
        ],
    }
    assert site.edges == {(source, target) for source, targets in expected.items() for target in targets}


def test_what_is_said_of_the_site(site: Folder) -> None:
    assert site.missing == {
        ("community/meetings.md", "/docs/trees/grafting"),
        ("docs/intro.md", "/docs/next/gone"),
    }
    assert [line for line in site.said if not line.startswith("error")] == [
        "note .: 1 folder with old versions of the documentation is left out (versioned_docs/version-1.0)",
        "warning .: 1 draft is left out (docs/frost.md); set drafts = true in [read] of kg.toml to read drafts",
        "warning community/meetings.md:3: link to /docs/trees/grafting: no such article",
        "warning docs/intro.md:17: link to ./gone.md: no such article",
    ]


def test_javascript_is_not_published_and_what_a_reader_sees_is(site: Folder) -> None:
    assert site.text("docs/01-trees/02-grafting.mdx") == (
        "Grafting\n"
        "Whip graft\n"
        "A whip graft joins a scion and a rootstock of the same width.\n"
        "Cleft graftA cleft graft needs a thick rootstock.\n"
        "Good soil helps, and a pruned tree takes a graft better.\n"
        "See the tools and pruning again, or @site.\n"
        "The fragment has a link to the blog."
    )
    text = site.text("docs/01-trees/01-pruning.md")
    assert text.startswith("Prune in …, when the tree sleeps.\n")
    assert "import Tree from './tree';\n<Tree height={3} />" in text
    for word in ("Measure", "spur", "March", "months"):
        assert word not in text.replace("import Tree", "")


def test_settings_of_the_site() -> None:
    settings = DIALECT.settings(SITE)
    assert (settings.title, settings.site) == ("Orchard handbook", "https://trees.example/orchard")
    assert settings.roots == (
        ContentRoot(folder="docs", prefix="docs/next", language="en", kind="docs"),
        ContentRoot(folder=FRENCH, prefix="fr/docs/next", language="fr", kind="docs"),
        ContentRoot(folder="versioned_docs/version-2.0", prefix="docs", language="en", kind="docs"),
        ContentRoot(folder="blog", prefix="blog", language="en", kind="blog"),
        ContentRoot(folder="i18n/fr/docusaurus-plugin-content-blog", prefix="fr/blog", language="fr", kind="blog"),
        ContentRoot(folder="src/pages", language="en", kind="pages"),
        ContentRoot(folder="community", prefix="people", language="en", kind="docs"),
    )
    assert "docs/**/_*" in settings.exclude
    assert "versioned_docs/version-1.0" in settings.exclude


@pytest.mark.parametrize(
    ("articles", "place"),
    [
        (".", "website/docusaurus.config.mjs lies in it"),
        ("docs", "website/docusaurus.config.mjs lies beside it"),
        ("website", "docusaurus.config.mjs lies in it"),
    ],
)
def test_documents_can_lie_outside_the_folder_of_the_site(tmp_path: Path, articles: str, place: str) -> None:
    root = tmp_path / "project"
    folder(root / "website", "docusaurus.config.mjs", text=CONFIGURATION.replace("PLUGINS", ""))
    folder(
        root, "docs/guide/a.md", text="[b](b.md) [c](@site/../docs/guide/c.md) [d](/docs/guide/b) [news](/blog/news)"
    )
    folder(root, "docs/guide/b.md", "docs/guide/c.md", "website/blog/news.md", text="text [a](/docs/guide/a)")
    assert DIALECT.recognise(root / articles) == place
    found = read_folder(root / articles)
    urls = {PurePosixPath(path).stem: url for path, url in found.urls.items()}
    expected = {"a": "/docs/guide/a", "b": "/docs/guide/b", "c": "/docs/guide/c", "news": "/blog/news"}
    here = {"docs": "abc", "website": ["news"]}.get(articles, expected)
    assert urls == {name: expected[name] for name in here}
    edges = {(PurePosixPath(source).stem, PurePosixPath(target).stem) for source, target in found.edges}
    every = {("a", "b"), ("a", "c"), ("a", "news"), ("b", "a"), ("c", "a"), ("news", "a")}
    assert edges == {(source, target) for source, target in every if source in urls and target in urls}
    assert found.missing == set()


CONFIGURATION = """
import {themes} from 'prism-react-renderer';
export default {
  title: "Project",
  url: 'https://project.example',
  baseUrl: process.env.BASE ?? '/',
  presets: [['@docusaurus/preset-classic', {docs: {path: '../docs'}, pages: false}]],
  PLUGINS
}
"""


@pytest.mark.parametrize("parser", ["true", "false"])
def test_links_to_lists_that_docusaurus_makes_are_ignored(tmp_path: Path, parser: str) -> None:
    docs = f"docs: {{path: 'docs', numberPrefixParser: {parser}}}"
    text = CONFIGURATION.replace("PLUGINS", "").replace("docs: {path: '../docs'}", docs)
    folder(tmp_path, "docusaurus.config.js", text=text)
    folder(tmp_path, "docs/a.md", text="[t](/docs/tags/pear) [c](/docs/category/pears) [no](/docs/pears)")
    found = read_folder(tmp_path)
    assert found.missing == {("docs/a.md", "/docs/pears")}
    assert len(found.said) == 1


def test_a_part_of_the_documents_keeps_its_addresses(tmp_path: Path) -> None:
    folder(tmp_path, "docusaurus.config.js", text=CONFIGURATION.replace("PLUGINS", "").replace("../docs", "docs"))
    folder(tmp_path, "docs/01-guide/02-a.md", text="[b](b.md) [own](/own)")
    folder(tmp_path, "docs/01-guide/b.md", text="---\nslug: /own\n---\n[a](/docs/guide/a)")
    found = read_folder(tmp_path / "docs/01-guide")
    assert found.urls == {"02-a.md": "/docs/guide/a", "b.md": "/docs/own"}
    assert found.edges == {("02-a.md", "b.md"), ("b.md", "02-a.md")}


def test_what_a_last_version_is_decides_where_the_documents_are(tmp_path: Path) -> None:
    shutil.copytree(SITE, tmp_path / "site")
    path = tmp_path / "site/docusaurus.config.js"
    written = path.read_text()

    def prefixes(options: str) -> dict[str, str]:
        path.write_text(written.replace("docs: {", f"docs: {{{options}"))
        return {
            root.folder: root.prefix for root in DIALECT.settings(tmp_path / "site").roots if root.prefix[:2] != "fr"
        }

    assert prefixes("lastVersion: 'current',")["docs"] == "docs"
    assert "versioned_docs/version-2.0" not in prefixes("lastVersion: 'current',")
    assert prefixes("lastVersion: '1.0',")["versioned_docs/version-1.0"] == "docs"
    assert prefixes("versions: {current: {path: 'edge'}},")["docs"] == "docs/edge"
    assert prefixes("disableVersioning: true,")["docs"] == "docs"
    assert prefixes("routeBasePath: '/',")["docs"] == "next"
    assert prefixes("path: 'gone',").keys() == prefixes("").keys() - {"docs"}


def test_an_old_version_is_read_if_it_is_the_articles_folder() -> None:
    found = read_folder(SITE / "versioned_docs/version-1.0")
    assert found.urls == {"intro.md": "/docs/1.0/"}


def test_only_the_next_version_has_the_links_of_the_last_one() -> None:
    found = read_folder(SITE / "docs")
    assert found.urls["01-trees/01-pruning.md"] == "/docs/next/trees/pruning"
    assert ("soil.md", "01-trees/index.md") in found.edges
    assert found.missing == {("intro.md", "/docs/next/gone")}


def place(path: str, kind: str = "docs", prefix: str = "docs", slash: str | None = None, **fields: str) -> str:
    page = Page(file=PurePosixPath(path), root=ContentRoot(prefix=prefix, kind=kind), **fields)  # type: ignore[arg-type]
    options = (("trailing slash", slash),) if slash else ()
    return DIALECT.place(page, ToolSettings(options=options)).url


@pytest.mark.parametrize(
    ("path", "fields", "url"),
    [
        ("a.md", {}, "/docs/a"),
        ("02-a.md", {}, "/docs/a"),
        ("2024-01-a.md", {}, "/docs/2024-01-a"),
        ("3. My page.md", {}, "/docs/My page"),
        ("1 - b/2_c.md", {}, "/docs/b/c"),
        ("b/index.md", {}, "/docs/b/"),
        ("b/Readme.md", {}, "/docs/b/"),
        ("01-b/01-b.md", {}, "/docs/b/"),
        ("01-b/b.md", {}, "/docs/b/b"),
        ("index.md", {}, "/docs/"),
        ("b/a.md", {"id": "x"}, "/docs/b/x"),
        ("b/index.md", {"id": "x"}, "/docs/b/"),
        ("b/a.md", {"slug": "/x/y"}, "/docs/x/y"),
        ("b/a.md", {"slug": "x/"}, "/docs/b/x/"),
        ("b/c/a.md", {"slug": "../x"}, "/docs/b/x"),
        ("b/index.md", {"slug": "x"}, "/docs/b/x"),
        ("a.md", {"slug": "/"}, "/docs/"),
        ("a.md", {"slash": "true"}, "/docs/a/"),
        ("b/index.md", {"slash": "false"}, "/docs/b"),
        ("02-a.md", {"kind": "docs with numbers"}, "/docs/02-a"),
        ("index.md", {"prefix": ""}, "/index.html"),
        ("a.md", {"prefix": ""}, "/a"),
        ("2024-01-31-a.md", {"kind": "blog", "prefix": "blog"}, "/blog/2024/01/31/a"),
        ("2024-1-5-a.mdx", {"kind": "blog", "prefix": "blog"}, "/blog/2024/1/5/a"),
        ("x/2024/01/31/a/index.md", {"kind": "blog", "prefix": "blog"}, "/blog/2024/01/31/x/a"),
        ("a/index.md", {"kind": "blog", "prefix": "blog"}, "/blog/a"),
        ("2024-01-31-a.md", {"kind": "blog", "prefix": "news", "slug": "/b/c"}, "/news/b/c"),
        ("a/b.md", {"kind": "pages", "prefix": ""}, "/a/b"),
        ("01-a.md", {"kind": "pages", "prefix": ""}, "/01-a"),
        ("a/index.mdx", {"kind": "pages", "prefix": "fr"}, "/fr/a/"),
        ("index.md", {"kind": "pages", "prefix": ""}, "/index.html"),
    ],
)
def test_the_address_of_a_file(path: str, fields: dict[str, str], url: str) -> None:
    assert place(path, **fields) == url


@pytest.mark.parametrize(
    "text", ["", "{", "module.exports = {presets: 3, title: 4, plugins: [[], [5, 6], null]}", "\ufffe"]
)
def test_a_strange_configuration_is_no_error(tmp_path: Path, text: str) -> None:
    folder(tmp_path, "docusaurus.config.js", "versions.json", text=text)
    folder(tmp_path, "docs/a.md", "versioned_docs/version-1/a.md")
    assert DIALECT.recognise(tmp_path) == "docusaurus.config.js lies in it"
    assert DIALECT.settings(tmp_path).roots[0] == ContentRoot(folder="docs", prefix="docs", kind="docs")


def test_a_configuration_without_documents_is_no_sign(tmp_path: Path) -> None:
    folder(tmp_path, "docusaurus.config.js", "a.md", text="module.exports = {title: 'x', baseUrl: '/'}")
    assert DIALECT.recognise(tmp_path) is None
