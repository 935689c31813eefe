"""Takes the pictures in docs/images anew, of a build of examples/articles: `python -m tests.e2e.pictures`."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from kg.pipeline.build import build
from kg.render.subject_pages import FOLDER, page_file
from tests.conftest import ROOT, running_browser

PICTURES = ROOT / "docs" / "images"
SUBJECT = "Monitoring"
ARTICLE = "What is data drift and how is it detected?"


def opened(browser: Browser, file: Path, width: int, height: int) -> Page:
    """A page in a window of so many pixels, in light colours and without motion."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(file.as_uri())
    return page


def take(page: Page, name: str) -> None:
    page.evaluate("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    page.screenshot(path=PICTURES / name)
    print(f"{(PICTURES / name).relative_to(ROOT)}")


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("chromium is not on PATH: install it (apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder, running_browser(Path(chromium)) as browser:
        out = Path(folder) / "out"
        build(ROOT / "examples" / "articles", out)
        take(opened(browser, out / "index.html", 1200, 900), "start-page.png")
        page = opened(browser, out / FOLDER / page_file(SUBJECT), 1280, 740)
        number = page.locator("#list button", has_text=ARTICLE).get_attribute("data-number")
        page.goto(f"{page.url}#{number}")
        page.reload()
        take(page, "subject-page.png")


if __name__ == "__main__":
    main()
