"""Neighbourhoods in a notebook: a page in a frame that loads nothing, and a picture for where no page is shown."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.terminal.interactiveshell import TerminalInteractiveShell
from IPython.utils.capture import capture_output
from lxml import etree, html
from playwright.sync_api import Browser
from traitlets.config import Config

import kg
from kg.api.graph import Graph
from kg.api.pictures import Neighbourhood
from kg.base.errors import UsageError
from tests.export.sample_tables import HOSTILE, article, concept, link, mention, report, tables


@pytest.fixture(scope="module")
def drift(built: Path) -> Neighbourhood:
    return kg.open(built).neighbourhood("data drift", depth=2, max_nodes=40)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Neighbourhood:
    """Titles, labels, texts and links that would break out of a page."""
    parts = [{"name": "body", "text": f"Text {HOSTILE}. More of it."}]
    content = tables(
        [article("a", HOSTILE, parts=parts, subject=HOSTILE), article("b", f"b {HOSTILE}", parts=parts)],
        [link("a", "b", 1, "url", HOSTILE), link("a", "gone", 2, "missing", HOSTILE)],
        [concept("drift", HOSTILE, 2), concept("debt", "technical debt", 2, HOSTILE)],
        [mention(url, rank, slug, 0.5, 1, "extracted") for url in "ab" for rank, slug in ((1, "drift"), (2, "debt"))],
    )
    return Graph(tmp_path_factory.mktemp("hostile"), report(), content).neighbourhood("technical debt", depth=3)


@pytest.fixture(autouse=True)
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a notebook runs in."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    yield
    InteractiveShell.clear_instance()


def shown(part: Neighbourhood) -> list[dict[str, str]]:
    """The outputs of `show` as a notebook gets them."""
    with capture_output() as captured:
        part.show()
    assert (captured.stdout, captured.stderr) == ("", "")
    return [output.data for output in captured.outputs]


def frame(part: Neighbourhood) -> Any:
    """The frame that `show` shows."""
    (found,) = html.fragment_fromstring(shown(part)[0]["text/html"]).iter("iframe")
    return found


def test_show_gives_a_page_and_then_a_picture(drift: Neighbourhood) -> None:
    page, picture = shown(drift)
    assert set(page) == {"text/html", "text/plain"}
    assert set(picture) == {"image/svg+xml", "text/plain"}
    assert page["text/plain"] == picture["text/plain"] == repr(drift)
    assert picture["image/svg+xml"] == drift._repr_svg_()


def test_the_frame_holds_the_page_and_may_run_scripts_alone(drift: Neighbourhood) -> None:
    found = frame(drift)
    assert set(found.attrib) == {"sandbox", "style", "srcdoc"}
    assert set(found.get("sandbox").split()) == {"allow-scripts", "allow-popups", "allow-popups-to-escape-sandbox"}
    page = found.get("srcdoc")
    assert "default-src 'none'" in page
    assert "<h1><bdi>data drift</bdi></h1>" in page


def test_the_same_part_is_the_same_output(drift: Neighbourhood) -> None:
    assert shown(drift) == shown(drift)


def test_hostile_text_stays_text(hostile: Neighbourhood) -> None:
    page, picture = shown(hostile)
    outer = html.fragment_fromstring(page["text/html"])
    assert [element.tag for element in outer.iter()] == ["div", "style", "iframe"]
    tree = etree.fromstring(picture["image/svg+xml"].encode())
    assert {etree.QName(element).localname for element in tree.iter()}.isdisjoint({"script", "img", "foreignObject"})
    assert not any(name.startswith("on") for element in tree.iter() for name in element.attrib)
    assert HOSTILE in set(hostile.nodes["label"])


def test_outside_of_a_notebook_a_page_is_written(drift: Neighbourhood, monkeypatch: pytest.MonkeyPatch) -> None:
    InteractiveShell.clear_instance()
    first = drift.show()
    monkeypatch.setitem(sys.modules, "IPython", None)
    second = drift.show()
    assert isinstance(first, Path)
    assert isinstance(second, Path)
    assert first != second
    assert first.name == "data-drift.html"
    assert first.read_bytes() == second.read_bytes()
    assert "<h1><bdi>data drift</bdi></h1>" in first.read_text("utf-8")
    for path in (first, second):
        shutil.rmtree(path.parent)


def test_a_terminal_with_ipython_is_no_notebook(monkeypatch: pytest.MonkeyPatch, drift: Neighbourhood) -> None:
    terminal = TerminalInteractiveShell.__new__(TerminalInteractiveShell)
    monkeypatch.setattr("IPython.get_ipython", lambda: terminal)
    path = drift.show()
    assert path is not None
    shutil.rmtree(path.parent)


def test_a_page_is_written_where_one_asks_for_it(drift: Neighbourhood, tmp_path: Path) -> None:
    assert drift.show(tmp_path / "page.html") == tmp_path / "page.html"
    assert (tmp_path / "page.html").stat().st_size > 100_000
    with pytest.raises(UsageError, match="is a folder: give the name of a file"):
        drift.show(tmp_path)


@pytest.mark.browser
@pytest.mark.parametrize("name", ["drift", "hostile"])
def test_a_browser_draws_the_page_and_asks_for_nothing(
    name: str, browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    part: Neighbourhood = request.getfixturevalue(name)
    file = tmp_path / "notebook.html"
    file.write_text(f"<!doctype html><meta charset=utf-8>{shown(part)[0]['text/html']}", encoding="utf-8")
    page = browser.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.goto(file.as_uri())
    inside = page.frame_locator("iframe")
    inside.locator("canvas").wait_for()
    assert inside.locator("h1").inner_text() == part.focus.label
    assert asked == [file.as_uri()]
    assert wrong == []
    page.close()
