"""A real browser that opens pages from disk, fails where one does more than be read, and a build full of attacks."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from kg.pipeline.build import build

TITLES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><h1 onclick=alert(1)>Broken out",
    "{{ 7 * 7 }} ${alert(1)} javascript:alert(1)",
    "\u202eright to left\u202d\u2066 override",
    "W" * 10_000,
    "Kontrolle \u0007\u001b[31m 漢字 😀 مرحبا",
]


@pytest.fixture(scope="session")
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
    assert build(folder, root / "out", jobs=1, site_jsonld=True, site_pages=True).counts["articles"] == len(TITLES)
    return root / "out"


@dataclass
class Opened:
    """A page with what it did that it must not do."""

    page: Page
    misdeeds: list[str] = field(default_factory=list)


@pytest.fixture(params=["light", "dark"])
def open_page(browser: Browser, request: pytest.FixtureRequest):
    """Opens a page of a build, in both colour schemes; fails if it does anything but be read."""
    contexts = []

    def open_(out: Path, name: str = "index.html") -> Page:
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
        opened.page.goto((out / name).as_uri())
        return opened.page

    yield open_
    for context, opened in contexts:
        opened.page.evaluate("new Promise(requestAnimationFrame)")
        context.close()
        assert opened.misdeeds == []
