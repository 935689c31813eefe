"""pages/*.html in a real browser: the graph is drawn, found, filtered and told of, and nothing in it runs."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kg.render.subject_pages import page_file
from tests.e2e.conftest import TITLES

pytestmark = pytest.mark.browser

MONITORING = "pages/monitoring.html"
COMMUNITIES = "pages/communities.html"

NEIGHBOUR_AT_THE_RIM = """number => {
    const { network, edges } = kgPage;
    const { x, y } = network.getPosition(number);
    const level = edges.filter(({ from, to }) => from === number || to === number)
        .map(({ from, to }) => network.getPosition(from === number ? to : from))
        .find((other) => Math.abs(other.y - y) < Math.abs(other.x - x) / 3);
    if (!level) return false;
    const { clientWidth, clientHeight } = document.querySelector('canvas');
    const scale = 70 / Math.abs(level.x - x);
    const side = Math.sign(x - level.x);
    const position = { x: level.x + side * (clientWidth / 2 - 25) / scale, y: y + (clientHeight / 2 - 130) / scale };
    network.moveTo({ position, scale });
    return true;
}"""
BOX = """number => {
    const { network, nodes } = kgPage;
    const { x, y } = network.canvasToDOM(network.getPosition(number));
    const radius = nodes[number].size * network.getScale();
    return [x - radius, y - radius, x + radius, y + radius];
}"""


def drawn(page: Page) -> int:
    """How many pixels of the map are something else than its ground."""
    page.evaluate("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    return page.evaluate(
        """() => {
            const canvas = document.querySelector('canvas');
            const sheet = new OffscreenCanvas(canvas.width, canvas.height);
            const copy = sheet.getContext('2d', { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let at = 3; at < data.length; at += 4) count += data[at] > 0;
            return count;
        }"""
    )


def hide_panel(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def place(page: Page, script: str) -> dict[str, float]:
    """Where something of the map is in the window; `script` gives its place on the canvas."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    at = page.evaluate(f"() => {{ const {{ network, nodes, edges }} = kgPage; {script} }}")
    return {"x": box["x"] + at["x"], "y": box["y"] + at["y"]}


def node_place(page: Page, number: int) -> dict[str, float]:
    return place(page, f"return network.canvasToDOM(network.getPosition({number}));")


def names(page: Page) -> list[str]:
    return page.locator("#list bdi").all_inner_texts()


def test_the_graph_is_drawn(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    assert page.title() == "Monitoring: Machine learning in production"
    assert page.locator("h1").inner_text() == "Monitoring"
    assert "showing" in page.locator("header").inner_text()
    assert drawn(page) > 5_000
    assert page.evaluate("kgPage.boxes().length") > 20
    assert page.evaluate("kgPage.nodes.length") == page.locator("#list button").count()


def test_labels_do_not_cover_each_other_at_any_zoom(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    shown = []
    for _ in range(6):
        drawn(page)
        boxes = page.evaluate("kgPage.boxes()")
        for at, one in enumerate(boxes):
            assert not any(
                one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3] for two in boxes[:at]
            )
        shown.append(len(boxes))
        page.evaluate("kgPage.network.moveTo({ scale: kgPage.network.getScale() * 0.7 })")
    assert shown[0] > shown[-1] > 0


@pytest.mark.parametrize(
    ("wanted", "first"), [("data drift", "data drift"), ("DRIFT", "drift"), ("kullback", "Kullback–Leibler divergence")]
)
def test_a_search_finds_by_any_part_of_a_name(open_page, built: Path, wanted: str, first: str) -> None:
    page = open_page(built, MONITORING)
    everything = len(names(page))
    page.fill("#search", wanted)
    assert names(page)[0] == first
    assert len(names(page)) < everything
    expect(page.locator("#status")).to_have_text(f"{len(names(page))} found")
    page.fill("#search", "")
    assert len(names(page)) == everything


def test_a_search_finds_by_other_labels(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    label, alias = page.evaluate(
        """() => {
            const { things, details } = JSON.parse(document.getElementById('data').textContent);
            const number = details.findIndex(one => one.aliases && one.aliases.some(other => other.length > 3));
            return [things[number][0], details[number].aliases.find(other => other.length > 3)];
        }"""
    )
    page.fill("#search", alias)
    assert label in names(page)


def test_a_search_that_finds_nothing_says_so(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    page.fill("#search", "zzz")
    expect(page.locator("#list")).to_have_text("Nothing on this page is called so.")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_hidden()


def test_the_legend_hides_and_shows(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    everything, before = len(names(page)), drawn(page)
    concepts = page.locator("#kinds button", has_text="concept")
    concepts.click()
    assert concepts.get_attribute("aria-pressed") == "false"
    assert len(names(page)) == 8
    assert drawn(page) < before / 2
    concepts.click()
    assert len(names(page)) == everything
    group = page.locator("#groups button").first
    count = int(group.locator("span").last.inner_text())
    group.click()
    assert len(names(page)) == everything - count
    expect(page.locator("#status")).to_contain_text("hidden")


def test_colours_are_those_of_communities_or_of_kinds(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)

    def colours() -> set[str]:
        marks = page.locator("#list .mark")
        return set(marks.evaluate_all("all => all.map(mark => getComputedStyle(mark).backgroundColor)"))

    assert len(colours()) > 3
    page.click("#by-kind")
    assert len(colours()) == 2
    page.click("#by-community")
    assert len(colours()) > 3


def test_a_click_on_a_node_tells_of_it(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    number = page.evaluate("kgPage.nodes.findIndex(node => node.kind === 'article')")
    at = node_place(page, number)
    page.mouse.click(at["x"], at["y"])
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    assert panel.locator("h2").inner_text() == names(page)[number]
    assert panel.locator("h3").all_inner_texts()[0].startswith("Concepts by salience")
    assert panel.locator(".quote").count() > 3
    before = panel.locator("h2").inner_text()
    panel.locator(".rows button").first.click()
    assert panel.locator("h2").inner_text() != before
    assert "in " in panel.locator(".head").inner_text()
    page.locator(".close").click()
    expect(panel).to_be_hidden()


def test_a_tooltip_says_why_an_edge_is_there(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    at = place(
        page,
        """
        const lengths = edges.map(({ from, to, quote }) => {
            const [one, other] = [network.getPosition(from), network.getPosition(to)];
            return quote ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
        });
        const { from, to } = edges[lengths.indexOf(Math.max(...lengths))];
        const [one, other] = [from, to].map(number => network.canvasToDOM(network.getPosition(number)));
        return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
        """,
    )
    page.mouse.move(at["x"] + 1, at["y"] + 1)
    page.mouse.move(at["x"], at["y"])
    tip = page.locator("#tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("salience 0.")
    expect(tip).to_contain_text("“")


def test_all_can_be_done_with_the_keyboard(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.href").endswith("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("drift")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wanted = names(page)[1]
    assert page.evaluate("document.activeElement.textContent") == wanted
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == wanted
    expect(page.locator("#status")).to_contain_text(wanted)
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == wanted
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    hide_panel(page)


def test_tab_reaches_each_control_once_and_never_the_canvas(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
        if reached[-1] == "fit":
            break
    assert reached[-3:] == ["in", "out", "fit"]
    assert not any("vis-" in name for name in reached)


def test_the_overview_shows_communities_and_opens_one_that_is_asked_for(open_page, built: Path) -> None:
    page = open_page(built, COMMUNITIES)
    first = names(page)[0]
    assert drawn(page) > 5_000
    page.goto(page.url + "#0")
    page.reload()
    assert page.locator("#panel h2").inner_text() == first
    titles = page.locator("#panel h3").all_inner_texts()
    assert [title.partition(",")[0] for title in titles][:2] == ["Leading concepts", "Most central articles"]
    hide_panel(page)


@pytest.mark.parametrize("width", [1440, 768, 390, 320])
def test_nothing_is_wider_than_the_window(open_page, built: Path, hostile: Path, width: int) -> None:
    for out, name in ((built, MONITORING), (built, COMMUNITIES), (hostile, f"pages/{page_file(TITLES[0])}")):
        page = open_page(out, name)
        page.set_viewport_size({"width": width, "height": 844})
        page.locator("#legend").evaluate("legend => { legend.open = true; }")
        page.locator("#list button").first.evaluate("button => button.click()")
        expect(page.locator("#panel")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.scrollHeight") <= 844
        assert page.locator("canvas").bounding_box()["height"] > 150
        assert drawn(page) > 500


def test_on_a_telephone_the_list_opens_for_a_search(open_page, built: Path) -> None:
    page = open_page(built, MONITORING)
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(page.locator("#list")).to_be_hidden()
    page.locator("#search").click()
    page.keyboard.type("drift")
    page.locator("#list button").first.click()
    expect(page.locator("#panel")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    hide_panel(page)
    assert drawn(page) > 500


@pytest.mark.parametrize("name", [MONITORING, COMMUNITIES])
def test_no_label_at_the_rim_covers_the_node_that_was_chosen(open_page, built: Path, name: str) -> None:
    page = open_page(built, name)
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    shown = 0
    for number in range(page.evaluate("kgPage.nodes.length")):
        page.locator(f"#list [data-number='{number}']").evaluate("button => button.click()")
        if not page.evaluate(NEIGHBOUR_AT_THE_RIM, number):
            continue
        drawn(page)
        boxes = page.evaluate("kgPage.boxes()")
        shown += len(boxes) > 1
        left, top, right, bottom = page.evaluate(BOX, number)
        assert not any(box[0] < right and left < box[2] and box[1] < bottom and top < box[3] for box in boxes), number
    assert shown


@pytest.mark.parametrize("open_page", ["light"], indirect=True)
def test_hostile_titles_are_text(open_page, hostile: Path) -> None:
    for title in TITLES:
        label = title.replace("\u0007", "\ufffd").replace("\u001b", "\ufffd")  # as YAML is read
        page = open_page(hostile, f"pages/{page_file(label)}")
        assert page.locator("h1 bdi").text_content() == label
        assert page.locator("script").count() == 3
        assert page.locator("img, iframe, [onclick], [onerror]").count() == 0
        assert drawn(page) > 500
        for number in range(page.locator("#list button").count()):
            page.locator("#list button").nth(number).click()
            assert page.locator("img, iframe, [onclick], [onerror]").count() == 0
            assert page.locator("#panel").bounding_box()["height"] < 900
        hide_panel(page)
