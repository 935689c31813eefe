"""The examples that are no examples/articles: each is built, and every link leads where its tool would take it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.base.report import Report
from kg.base.tables import Tables, read_tables
from kg.pipeline.build import build

EXAMPLES = Path(__file__).parents[1] / "examples"


@dataclass(frozen=True)
class Built:
    """A build, in which articles are named by their files."""

    report: Report
    tables: Tables

    @property
    def links(self) -> dict[str, list[str]]:
        """The targets of each file in their order; a missing one by its url."""
        paths = {row["url"]: row["path"] for row in self.tables.articles.select(["url", "path"]).to_pylist()}
        found: dict[str, list[str]] = {}
        for row in sorted(self.tables.links.to_pylist(), key=lambda row: row["position"]):
            found.setdefault(paths[row["source"]], []).append(paths.get(row["target"], row["target"]))
        return found

    def article(self, path: str) -> dict:
        """The row of the article that was read from a file."""
        (row,) = (row for row in self.tables.articles.to_pylist() if row["path"] == path)
        return row

    @property
    def texts(self) -> str:
        return "\n".join(part["text"] for row in self.tables.articles.to_pylist() for part in row["parts"])


def built(name: str, out: Path) -> Built:
    report = build(EXAMPLES / name, out / name, jobs=1)
    assert report.errors == 0
    return Built(report, read_tables(out / name / "tables"))


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built("vault", tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def hugo(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built("hugo", tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def mkdocs(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built("mkdocs", tmp_path_factory.mktemp("out"))


@pytest.mark.parametrize("name", ["vault", "hugo", "mkdocs"])
def test_without_its_kg_toml_an_example_is_read_the_same_way(name: str, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    shutil.copytree(EXAMPLES / name, articles)
    (articles / "kg.toml").unlink()
    with_file = build(EXAMPLES / name, tmp_path / "with", jobs=1)
    without = build(articles, tmp_path / "without", jobs=1)
    assert without.configuration["read"] == with_file.configuration["read"]
    changed = {key for key, count in with_file.counts.items() if without.counts[key] != count}
    # Only kg.toml knows where the site is, and one page of MkDocs's is linked to by its whole address.
    assert changed == ({"links", "links_by_url", "communities"} & changed if name == "mkdocs" else set())


# Obsidian


def test_every_link_of_the_vault_leads_where_obsidian_takes_it(vault: Built) -> None:
    assert vault.links == {
        "Baker's percentage.md": ["Ingredients/Salt.md", "Ingredients/Flour.md"],
        "Equipment/Baking stone.md": ["Recipes/Country loaf.md"],
        "Equipment/Proofing.md": ["Techniques/Proofing.md", "Sourdough starter.md", "Equipment/Baking stone.md"],
        "Home.md": [
            "Sourdough starter.md",
            "Recipes/Country loaf.md",
            "Ingredients/Flour.md",
            "Ingredients/Salt.md",
            "Techniques/Autolyse.md",
            "Techniques/Bulk fermentation.md",
            "Techniques/Proofing.md",
            "Techniques/Steam.md",
        ],
        "Ingredients/Flour.md": ["Ingredients/Salt.md", "Sourdough starter.md"],
        "Ingredients/Salt.md": ["Baker's percentage.md", "Techniques/Autolyse.md"],
        "Journal/2024-03-09.md": [
            "Techniques/Bulk fermentation.md",
            "Sourdough starter.md",
            "Recipes/Country loaf.md",
            "Equipment/Baking stone.md",
            "/article/marta",
        ],
        "Recipes/Country loaf.md": [
            "Sourdough starter.md",
            "Techniques/Autolyse.md",
            "Ingredients/Salt.md",
            "Techniques/Stretch and fold.md",
            "Techniques/Bulk fermentation.md",
            "Techniques/Proofing.md",
            "Techniques/Steam.md",
            "Ingredients/Flour.md",
            "Recipes/Rye/Rye loaf.md",
        ],
        "Recipes/Rye/Rye loaf.md": ["Sourdough starter.md", "Recipes/Country loaf.md", "Baker's percentage.md"],
        "Sourdough starter.md": ["Ingredients/Flour.md", "Techniques/Bulk fermentation.md", "Baker's percentage.md"],
        "Techniques/Autolyse.md": [
            "Ingredients/Flour.md",
            "Ingredients/Salt.md",
            "Recipes/Rye/Rye loaf.md",
            "Techniques/Bulk fermentation.md",
            "Techniques/Stretch and fold.md",
        ],
        "Techniques/Bulk fermentation.md": [
            "Techniques/Stretch and fold.md",
            "Sourdough starter.md",
            "Journal/2024-03-09.md",
            "Techniques/Proofing.md",  # not Equipment/Proofing.md, whose path is shorter but not so close
        ],
        "Techniques/Proofing.md": [
            "Equipment/Proofing.md",
            "Techniques/Bulk fermentation.md",
            "Techniques/Steam.md",
        ],
        "Techniques/Steam.md": ["/article/dutch-oven", "Equipment/Baking stone.md"],
        "Techniques/Stretch and fold.md": ["Techniques/Bulk fermentation.md"],
    }


def test_what_is_missing_or_left_out_of_the_vault_is_said_with_its_line(vault: Built) -> None:
    assert [str(problem) for problem in vault.report.problems] == [
        ".: 1 draft is left out (Journal/Cold oven.md); set drafts = true in [read] of kg.toml to read drafts",
        "Journal/2024-03-09.md:7: link to Marta: no such article",
        "Techniques/Steam.md:6: link to Dutch oven: no such article",
    ]
    assert vault.report.counts["drafts"] == 1


def test_tags_aliases_dates_and_subjects_of_the_vault(vault: Built) -> None:
    starter = vault.article("Sourdough starter.md")
    assert starter["keywords"] == ["fermentation", "starter", "wild-yeast"]
    assert str(starter["date"]) == "2023-11-04"
    assert vault.article("Home.md")["keywords"] == ["bread", "index", "baking/sourdough"]
    assert vault.article("Journal/2024-03-09.md")["keywords"] == ["journal/2024", "over-fermentation"]
    assert vault.article("Techniques/Stretch and fold.md")["keywords"] == ["technique", "gluten"]
    assert vault.article("Recipes/Rye/Rye loaf.md")["subject"] == "Recipes"
    assert vault.article("Home.md")["title"] == "Home"
    assert vault.article("Equipment/Proofing.md")["title"] == "Proofing"
    assert vault.article("Journal/2024-03-09.md")["title"] == "2024-03-09"


def test_obsidians_marks_are_not_published(vault: Built) -> None:
    for mark in ("==", "%%", "[!", "^definition", "^next", "photograph the ear", ".png"):
        assert mark not in vault.texts
    assert "[[" in vault.texts  # in code
    assert vault.texts.count("[[") == 1


# Hugo


def test_every_link_of_the_hugo_site_leads_where_hugo_takes_it(hugo: Built) -> None:
    assert hugo.links == {
        "content/guides/_index.md": [
            "content/guides/binoculars.md",
            "content/guides/field-notes.md",
            "content/guides/owls.md",
        ],
        "content/guides/binoculars.md": ["content/guides/field-notes.md", "content/guides/owls.md"],
        "content/guides/field-notes.md": ["content/posts/spring-migration/index.md", "content/guides/binoculars.md"],
        "content/guides/owls.md": ["content/posts/owls.md", "content/guides/field-notes.md"],
        "content/posts/owls.md": [
            "content/guides/owls.md",
            "content/guides/binoculars.md",
            "content/posts/spring-migration/index.md",
            "/posts/list-of-the-wood/",
        ],
        "content/posts/spring-migration/index.md": ["content/guides/field-notes.md"],
    }


def test_the_pages_of_the_hugo_site_have_their_addresses(hugo: Built) -> None:
    rows = hugo.tables.articles.to_pylist()
    assert [(row["url"], row["title"], row["subject"], str(row["date"])) for row in rows] == [
        ("/guides/", "Guides", "guides", "None"),
        ("/guides/binoculars/", "Choosing binoculars", "Equipment", "2023-09-12"),
        ("/guides/owls/", "Owls by ear", "Identification", "2024-01-20"),
        ("/guides/taking-field-notes/", "Keeping field notes", "Methods", "2023-10-02"),
        ("/posts/owls/", "Two owls in one wood", "Diary", "2024-02-11"),
        ("/posts/spring-migration/", "How spring migration arrives", "Diary", "2024-04-18"),
    ]


def test_what_hugo_has_beside_articles_is_no_error(hugo: Built) -> None:
    assert [str(problem) for problem in hugo.report.problems] == [
        ".: 1 draft is left out (content/posts/night-heron.md); set drafts = true in [read] of kg.toml to read drafts",
        "content/posts/owls.md:17: link to /posts/list-of-the-wood/: no such article",
    ]
    assert hugo.report.counts["files"] == 9  # archetypes/ is not among them; two are sections without text
    assert hugo.report.counts["articles"] == 6


def test_shortcodes_are_not_published_and_code_between_them_is(hugo: Built) -> None:
    assert "{{<" not in hugo.texts
    assert "{{%" not in hugo.texts
    assert "figure" not in hugo.texts
    assert "every pair looks good" in hugo.texts
    assert "1 wren {{ not a shortcode }}" in hugo.texts


# MkDocs


def test_every_link_of_the_documentation_leads_where_mkdocs_takes_it(mkdocs: Built) -> None:
    assert mkdocs.links == {
        "docs/faq.md": ["docs/guide/install.md", "docs/reference/configure.md"],
        "docs/guide/configure.md": ["docs/reference/configure.md", "docs/faq.md"],
        "docs/guide/index.md": ["docs/guide/configure.md", "docs/reference/Chunk format.md"],
        "docs/guide/install.md": ["docs/reference/configure.md", "docs/guide/configure.md", "docs/index.md"],
        "docs/index.md": [
            "docs/guide/install.md",
            "docs/guide/index.md",
            "docs/guide/configure.md",
            "docs/reference/configure.md",
            "docs/reference/Chunk format.md",
            "docs/faq.md",
        ],
        "docs/reference/Chunk format.md": ["docs/guide/index.md"],
        "docs/reference/configure.md": [
            "docs/guide/configure.md",
            "docs/reference/Chunk format.md",
            "/reference/exit-codes/",
        ],
    }


def test_the_pages_of_the_documentation_have_their_addresses_and_titles(mkdocs: Built) -> None:
    rows = mkdocs.tables.articles.to_pylist()
    assert {row["url"]: row["title"] for row in rows} == {
        "/index.html": "Ferry",
        "/faq/": "Questions",
        "/guide/": "How a transfer works",
        "/guide/configure/": "Configuring a transfer",
        "/guide/install/": "Installing Ferry",
        "/reference/Chunk format/": "Chunk format",
        "/reference/configure/": "Options",
    }
    assert mkdocs.article("docs/guide/index.md")["keywords"] == ["transfer", "checksum"]


def test_admonitions_and_tabs_are_prose_and_their_code_is_code(mkdocs: Built) -> None:
    (part,) = mkdocs.article("docs/guide/install.md")["parts"]
    lines = part["text"].split("\n")
    source = (EXAMPLES / "mkdocs" / "docs" / "guide" / "install.md").read_text("utf-8").rstrip().split("\n")
    assert len(lines) == len(source)
    assert lines[source.index('??? note "Behind a firewall"')] == "Behind a firewall"
    assert lines[source.index("        ferry receive --connect source.example:7420")].startswith("ferry receive")
    assert "{" not in part["text"]
