"""The page of kg explain in a real browser: it is read, in both schemes and on a phone, and does nothing else."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from kg.base.iris import Minter
from kg.base.report import read_report
from kg.graph.index import GraphIndex
from kg.query.explain import explain
from kg.query.explain.page import render_page
from tests.e2e.conftest import TITLES

pytestmark = pytest.mark.browser

SKEW = "/learn/monitoring/questions/what-is-training-serving-skew"
DRIFT = "/learn/monitoring/questions/what-is-data-drift-and-how-is-it-detected"


def write(out: Path, a: str, b: str, folder: Path) -> Path:
    report = read_report(out)
    found = explain(GraphIndex.open(out / "tables", Minter(report.configuration["base"])), a, b)
    (folder / "why.html").write_text(render_page(found, report.title), "utf-8")
    return folder


def fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def contrast(page: Page, selector: str) -> float:
    """Of an element's letters and the ground that they stand on (WCAG 2.2, relative luminance)."""
    return page.locator(selector).first.evaluate(
        """element => {
            const part = (value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
            const light = (colour) => {
                const [r, g, b] = colour.match(/[\\d.]+/g).map((value) => part(Number(value) / 255));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            let ground = element;
            while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
            const both = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor].map(light);
            return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
        }"""
    )


def test_the_page_is_read(open_page, built: Path, tmp_path: Path) -> None:
    page = open_page(write(built, SKEW, DRIFT, tmp_path), "why.html")
    assert page.title().startswith("What is training-serving skew")
    assert "Shared concepts" in page.locator("main").inner_text()
    assert page.locator("mark").count() >= 2
    for width in (1440, 390, 320):
        fits(page, width)
    for selector in ("mark", ".says", ".faint", "blockquote", "figcaption"):
        assert contrast(page, selector) >= 4.5, selector


def test_hostile_titles_are_text(open_page, hostile: Path, tmp_path: Path) -> None:
    page = open_page(write(hostile, "/1", "/5", tmp_path), "why.html")
    assert TITLES[1] in page.locator("h1").inner_text()
    assert page.locator("img, script, h1[onclick]").count() == 0
    assert page.locator("mark").count() >= 2
    for width in (1440, 390):
        fits(page, width)
