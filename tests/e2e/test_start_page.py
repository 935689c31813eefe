"""index.html in a real browser: it opens from disk, shows what it should, and nothing in it runs."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from playwright.sync_api import Page

from kg.base.report import read_report
from tests.e2e.conftest import TITLES

pytestmark = pytest.mark.browser


def test_the_start_page_shows_what_was_built(open_page, built: Path) -> None:
    page = open_page(built)
    counts = read_report(built).counts
    assert page.title() == "Machine learning in production: knowledge graph"
    assert page.locator("h1").inner_text() == "Machine learning in production"
    shown = dict(
        zip(page.locator(".counts dt").all_inner_texts(), page.locator(".counts dd").all_inner_texts(), strict=True)
    )
    assert shown["articles"] == f"{counts['articles']:,}"
    assert shown["concepts"] == f"{counts['concepts']:,}"
    assert shown["related links"] == f"{counts['links']:,}"
    assert shown["communities"] == f"{counts['communities']:,}"
    assert page.get_by_role("heading", name="Deployment", exact=True).is_visible()
    assert page.locator(".bars li").count() == 30


def test_every_file_it_names_is_there(open_page, built: Path) -> None:
    names = open_page(built).locator("table a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert set(names) == {path.name + "/" * path.is_dir() for path in built.iterdir() if path.name != "index.html"}


@pytest.mark.parametrize("which", ["built", "hostile"])
def test_every_page_it_links_to_is_there(open_page, request: pytest.FixtureRequest, which: str) -> None:
    out: Path = request.getfixturevalue(which)
    links = open_page(out).locator("h3 a, .note a").evaluate_all("links => links.map(link => link.href)")
    pages = {Path(url2pathname(urlsplit(link).path)) for link in links}
    assert pages == set((out / "pages").iterdir())


@pytest.mark.parametrize("which", ["built", "hostile"])
def test_nothing_is_wider_than_the_window(open_page, request: pytest.FixtureRequest, which: str) -> None:
    page = open_page(request.getfixturevalue(which))
    for width in (1440, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.evaluate(
            """width => [...document.querySelectorAll('body *')]
                .filter(node => node.getBoundingClientRect().right > width + 1).map(node => node.outerHTML)""",
            width,
        )
        assert wide == []


def test_hostile_titles_are_text(open_page, hostile: Path) -> None:
    page = open_page(hostile)
    assert page.title() == TITLES[0] + TITLES[1] + ": knowledge graph"
    assert page.locator("h1").inner_text() == TITLES[0] + TITLES[1]
    assert page.locator("script, img, iframe, [onclick], [onerror]").count() == 0
    shown = page.locator("body").inner_text()
    for title in TITLES[:5]:
        assert title in shown
    assert page.locator("bdi", has_text="right to left").count() > 0
    assert page.locator(".rows").count() >= 3


def test_a_title_of_ten_thousand_characters_does_not_bury_the_rest(open_page, hostile: Path) -> None:
    page = open_page(hostile)
    tallest = page.locator("li, h1, h3").evaluate_all("nodes => Math.max(...nodes.map(node => node.offsetHeight))")
    assert 0 < tallest < 450


def contrast(page: Page, selector: str) -> float:
    """The contrast ratio of an element's text with what it stands on (WCAG 2.2)."""
    return page.locator(selector).first.evaluate(
        """node => {
            const light = colour => {
                const [r, g, b] = colour.match(/[\\d.]+/g).map(Number)
                    .map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                return .2126 * r + .7152 * g + .0722 * b;
            };
            let ground = node;
            while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
            const both = [light(getComputedStyle(node).color), light(getComputedStyle(ground).backgroundColor)].sort();
            return (Math.max(...both) + .05) / (Math.min(...both) + .05);
        }"""
    )


@pytest.mark.parametrize("selector", ["h1", ".kicker", "section p", ".rows span", ".faint", "a"])
def test_text_can_be_read(open_page, built: Path, selector: str) -> None:
    assert contrast(open_page(built), selector) >= 4.5
