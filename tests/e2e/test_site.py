"""site/ in a real browser, from disk and from a plain web server; site-jsonld/ pasted into a page."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser

from kg.base.report import read_report
from kg.base.tables import read_tables
from tests.e2e.conftest import TITLES
from tests.e2e.test_start_page import contrast

CONCEPT = "concept/data-drift/index.html"


def an_article(out: Path) -> str:
    """The page of the article that mentions most."""
    pages = (out / "site" / "learn").rglob("index.html")
    return max(pages, key=lambda path: (path.stat().st_size, path)).relative_to(out / "site").as_posix()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(built_site: Path) -> Iterator[str]:
    """Where Python's own server, which redirects to a folder and shows its index.html, serves the pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=built_site / "site"))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_every_iri_resolves_on_a_plain_server(built_site: Path, address: str) -> None:
    base = read_report(built_site).configuration["base"]
    subjects = {quad.subject.value.partition("#")[0] for quad in ox.parse(path=built_site / "graph.nt")}
    pages = {iri for iri in subjects if not iri.startswith(f"{base}association/")}
    assert len(pages) > 300
    for iri in pages:
        with urllib.request.urlopen(address + quote(iri.removeprefix(base))) as answer:
            assert f'<link rel="canonical" href="{iri}">' in answer.read().decode("utf-8")
            assert answer.url.endswith("/")
    with urllib.request.urlopen(address) as answer:
        assert b"Knowledge graph" in answer.read()


@pytest.mark.browser
def test_a_reader_gets_from_an_article_to_a_concept_and_back(browser: Browser, built_site: Path, address: str) -> None:
    for start in (f"{(built_site / 'site').as_uri()}/", address):
        page = browser.new_page()
        page.goto(start + an_article(built_site))
        title = page.locator("h1").inner_text()
        page.locator(".scored a").first.click()
        assert page.locator(".kind").inner_text() == "Concept"
        page.locator(".scored a", has_text=title).click()
        assert page.locator("h1").inner_text() == title
        page.locator("dl a").first.click()
        assert page.locator(".kind").inner_text() == "Subject"
        page.locator("nav a").first.click()
        assert page.locator(".kind").inner_text() == "Knowledge graph"
        page.close()


@pytest.mark.browser
def test_a_concept_shows_sentences_with_its_words_marked(open_page, built_site: Path) -> None:
    page = open_page(built_site / "site", CONCEPT)
    marks = page.locator("q mark").all_inner_texts()
    concepts = read_tables(built_site / "tables").concepts.to_pylist()
    count = next(row["article_count"] for row in concepts if row["slug"] == "data-drift")
    assert len(marks) >= count - 1
    assert {mark.lower() for mark in marks} <= {"data drift", "data drifts"}
    assert page.locator("h2", has_text=f"In {count} articles").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("which", ["built_site", "hostile"])
def test_nothing_is_wider_than_the_window(open_page, request: pytest.FixtureRequest, which: str) -> None:
    site = request.getfixturevalue(which) / "site"
    kinds = [sorted(site.glob(f"{kind}/*/index.html"))[0] for kind in ("concept", "subject", "community", "build")]
    if which == "hostile":
        kinds += [site / str(number) / "index.html" for number in range(len(TITLES))]
    else:
        kinds += [site / an_article(site.parent), site / CONCEPT]
    kinds += [site / "index.html", site / "concepts" / "index.html", site / "subjects" / "index.html"]
    page = open_page(site)
    for path in kinds:
        page.goto(path.as_uri())
        for width in (1440, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.browser
def test_hostile_text_is_text(open_page, hostile: Path) -> None:
    page = open_page(hostile / "site")
    for number, title in enumerate(TITLES):
        page.goto((hostile / "site" / str(number) / "index.html").as_uri())
        assert page.locator("script, img, iframe, [onclick], [onerror]").count() == 0
        if number < 5:
            assert page.locator("h1").inner_text() == title
        assert page.locator("h1").evaluate("node => node.offsetHeight") < 400
        assert page.locator("dd").evaluate_all("nodes => Math.max(...nodes.map(node => node.offsetHeight))") < 600


@pytest.mark.browser
def test_a_title_that_turns_the_direction_turns_nothing_else(open_page, hostile: Path) -> None:
    page = open_page(hostile / "site", "4/index.html")
    item = page.locator("li", has_text="missing").first
    title, note = item.locator("bdi").bounding_box(), item.locator(".note").bounding_box()
    assert title is not None
    assert note is not None
    assert note["x"] >= title["x"] + title["width"] or note["y"] >= title["y"] + title["height"]


@pytest.mark.browser
@pytest.mark.parametrize("selector", ["h1", ".kind", "dt", ".note", "q", "mark", ".score", "a", "footer p"])
def test_text_can_be_read(open_page, built_site: Path, selector: str) -> None:
    assert contrast(open_page(built_site / "site", CONCEPT), selector) >= 4.5


@pytest.mark.browser
def test_what_is_embedded_stays_inside_its_script(browser: Browser, hostile: Path) -> None:
    index = json.loads((hostile / "site-jsonld" / "index.json").read_bytes())
    assert len(index) == len(TITLES)
    page = browser.new_page()
    for file in index.values():
        text = (hostile / "site-jsonld" / file).read_text("utf-8")
        page.set_content(f'<p>before</p><script type="application/ld+json">{text}</script><p>after</p>')
        assert page.locator("script").count() == 1
        assert page.locator("body *").count() == 3
        read = page.evaluate("JSON.parse(document.querySelector('script').textContent)")
        assert read == json.loads(text)
    page.close()
