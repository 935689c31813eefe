"""The start page: what it shows, and that nothing in the corpus can break out of it."""

from html.parser import HTMLParser
from pathlib import Path

from kg.base.config import Publish
from kg.base.model import Problem, Severity
from kg.pipeline.artifact_registry import artifacts
from kg.render.start_page import write_start_page
from tests.export.sample_tables import HOSTILE, PROBLEMS, SITE, article, link, report, sample_tables, tables

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Collects the tags, attributes and text of a page, and fails where a tag is not closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str | None]] = {}
        self.links: list[dict[str, str | None]] = []
        self.text = ""
        self.isolated: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value)
        if tag == "a":
            self.links.append(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "bdi":
            self.isolated.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open[-1:] == ["bdi"]:
            self.isolated[-1] += data


def page(out: Path, content=None, **values) -> Page:
    write_start_page(content or sample_tables(), report(**values), out, artifacts(Publish()))
    return Page((out / "index.html").read_text("utf-8"))


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    shown = page(tmp_path, problems=PROBLEMS)
    assert shown.tags.isdisjoint({"script", "img", "iframe", "object", "link"})
    assert not any(name.startswith("on") for name in shown.attributes)
    assert HOSTILE in shown.isolated
    # the title is the only place outside a bdi, since the element holds text alone
    assert shown.text.count(HOSTILE) == sum(text.count(HOSTILE) for text in shown.isolated) + 1


def test_nothing_is_loaded(tmp_path: Path) -> None:
    shown = page(tmp_path)
    assert "default-src 'none'; style-src 'unsafe-inline'" in shown.attributes["content"]
    assert "src" not in shown.attributes
    assert not any("//" in (href or "").removeprefix(SITE) for href in shown.attributes["href"])
    assert "url(" not in (tmp_path / "index.html").read_text("utf-8")
    assert "@import" not in (tmp_path / "index.html").read_text("utf-8")


def test_what_is_shown(tmp_path: Path) -> None:
    shown = " ".join(page(tmp_path, problems=PROBLEMS).text.split())
    assert "5 articles" not in shown  # a count and its word are a term and its description
    assert "7 related links, 3 of them to an article that is not here" in shown
    assert "1 error, 1 warning" in shown
    assert "z.md: not YAML a.md:9: a link to" in shown
    assert "Computer science 3 articles" in shown
    for name in ("graph.ttl", "graph.jsonld", "report.json", "tables/"):
        assert name in shown


def test_notes_are_counted_where_there_are_any(tmp_path: Path) -> None:
    assert "1 error, 1 warning; all of them" in " ".join(page(tmp_path, problems=PROBLEMS).text.split())
    note = Problem(Severity.NOTE, "language", ".", None, None, "one article is in German")
    shown = " ".join(page(tmp_path, problems=[note]).text.split())
    assert "0 errors, 0 warnings, 1 note; all of them are in report.json. .: one article is in German" in shown


def test_subjects_lead_with_what_sets_them_apart(tmp_path: Path) -> None:
    isolated = page(tmp_path).isolated
    mathematics = isolated.index("Mathématiques")
    assert isolated[mathematics + 1] == "dérive"  # though "data drift" stands in more articles


def test_an_empty_graph_has_a_page(tmp_path: Path) -> None:
    shown = page(tmp_path, tables([article("x", "Alone")]), title="One article")
    assert "No concept was found." in shown.text
    assert "No problems were found." in shown.text


def test_connected_articles_link_to_the_site(tmp_path: Path) -> None:
    shown = page(tmp_path)
    linked = [attributes for attributes in shown.links if "target" in attributes]
    assert [attributes["href"] for attributes in linked] == [
        SITE + name for name in ("b", "c", "d", "a/what%20is%20drift", "e")
    ]
    assert {attributes["rel"] for attributes in linked} == {"noopener noreferrer"}
    assert {attributes["target"] for attributes in linked} == {"_blank"}


def test_without_a_site_articles_are_not_linked(tmp_path: Path) -> None:
    shown = page(tmp_path, site=None)
    assert "Dérive" in shown.isolated
    assert not any("target" in attributes or "//" in (attributes["href"] or "") for attributes in shown.links)


def test_a_hostile_url_leads_nowhere_but_to_the_site(tmp_path: Path) -> None:
    urls = ["javascript:alert(1)", '"onclick="alert(1)', "//evil.example/x", "data:text/html,<script>alert(1)</script>"]
    articles = [article("a", "From here"), *(article(url, url) for url in urls)]
    content = tables(articles, [link("a", url, at, "url", url) for at, url in enumerate(urls, 1)])
    shown = page(tmp_path, content)
    assert {attributes["href"] for attributes in shown.links if "target" in attributes} == {
        SITE + "a",
        SITE + "javascript:alert(1)",
        SITE + "%22onclick=%22alert(1)",
        SITE + "x",
        SITE + "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    }
    assert not any(name.startswith("on") for name in shown.attributes)
