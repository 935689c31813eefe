"""index.html in a real browser: it opens from disk, shows what it should, and nothing in it runs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from kg.flow import build
from kg.report import read_report

pytestmark = pytest.mark.browser

TITLES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><h1 onclick=alert(1)>Broken out",
    "{{ 7 * 7 }} ${alert(1)} javascript:alert(1)",
    "\u202eright to left\u202d\u2066 override",
    "W" * 10_000,
    "Kontrolle \u0007\u001b[31m 漢字 😀 مرحبا",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build in which every title, subject, keyword, link and problem is an attack; each links to all others."""
    root = tmp_path_factory.mktemp("hostile")
    folder = root / "articles"
    folder.mkdir()
    links = [{"url": f"/{number}", "title": title} for number, title in enumerate(TITLES)]
    for number, title in enumerate(TITLES):
        fields = {
            "url": f"/{number}",
            "title": title,
            "subject": title,
            "tags": [f"{title[:80]} drift"],
            "related": [*links, {"url": f'/missing/{number}"><script>alert(2)</script>', "title": title}],
            "date": title,
        }
        matter = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items())
        (folder / f"{number}.md").write_text(f"---\n{matter}\n---\nData drift hurts a {title[:99]} model.\n", "utf-8")
    (root / "kg.toml").write_text(f"title = {json.dumps(TITLES[0] + TITLES[1])}\n", "utf-8")
    assert build(folder, root / "out", jobs=1).counts["articles"] == len(TITLES)
    return root / "out"


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page with what it did that it must not do."""

    page: Page
    misdeeds: list[str] = field(default_factory=list)


@pytest.fixture(params=["light", "dark"])
def open_page(browser: Browser, request: pytest.FixtureRequest):
    """Opens the start page of a build, in both colour schemes; fails if it does anything but be read."""
    contexts = []

    def open_(out: Path) -> Page:
        context = browser.new_context(color_scheme=request.param)
        opened = Opened(context.new_page())
        contexts.append((context, opened))

        def guard(route: Route) -> None:
            if route.request.url.startswith("file://"):
                route.continue_()
            else:
                opened.misdeeds.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", guard)
        opened.page.on("console", lambda message: opened.misdeeds.append(f"console: {message.text}"))
        opened.page.on("pageerror", lambda error: opened.misdeeds.append(f"error: {error}"))
        opened.page.on("requestfailed", lambda failed: opened.misdeeds.append(f"failed: {failed.url}"))
        opened.page.on("dialog", lambda dialog: (opened.misdeeds.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        opened.page.goto((out / "index.html").as_uri())
        return opened.page

    yield open_
    for context, opened in contexts:
        opened.page.evaluate("new Promise(requestAnimationFrame)")
        context.close()
        assert opened.misdeeds == []


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
    assert page.get_by_role("heading", name="Deployment").is_visible()
    assert page.locator(".bars li").count() == 30


def test_every_file_it_names_is_there(open_page, built: Path) -> None:
    names = open_page(built).locator("table a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert set(names) == {path.name + "/" * path.is_dir() for path in built.iterdir() if path.name != "index.html"}


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
