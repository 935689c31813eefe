"""Labels in lines, colours, and the picture in SVG."""

import re

import pytest
from lxml import etree

from kg.graph.colours import COMMUNITY_COLOURS, DARK_KIND_COLOURS, KIND_COLOURS, OTHER_COLOUR, community_colour
from kg.graph.index import GraphIndex
from kg.graph.neighbourhood import neighbourhood
from kg.graph.property_graph import NodeKind
from kg.render.label_lines import plain, text_width, wrapped
from kg.render.subgraph_page import subgraph_page
from kg.render.svg import render_svg
from tests.export.sample_tables import HOSTILE, MINTER, article, sample_tables, tables

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("data drift", ("data drift",)),
        ("How does concept drift differ from data drift?", ("How does concept", "drift differ from data", "drift?")),
        ("W" * 10_000, ("WWWWWWWWWWW…",)),
        ("a very short start and then " + "W" * 99, ("a very short start and", "then", "WWWWWWWWWWW…")),
        ("one two three four five six seven eight nine ten eleven twelve thirteen", None),
        ("\u202eevil\u2066 \u0007\ttabs  and\nlines", ("evil tabs and lines",)),
        ("", ("…",)),
    ],
)
def test_labels_are_cut_into_lines(text: str, lines: tuple[str, ...] | None) -> None:
    found = wrapped(text, 11, 3)
    assert all(text_width(line) <= 11 for line in found)
    assert len(found) <= 3
    if lines is None:
        assert found[-1].endswith("…")
    else:
        assert found == lines


def test_letters_of_any_script_are_kept() -> None:
    assert plain("漢字 😀 مرحبا é") == "漢字 😀 مرحبا é"


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("dark", "ground"), [(False, "#f6f6f3"), (True, "#14181d")])
def test_every_colour_stands_out_from_its_ground(dark: bool, ground: str) -> None:
    kinds = DARK_KIND_COLOURS if dark else KIND_COLOURS
    colours = [community_colour(index, dark=dark) for index in range(COMMUNITY_COLOURS)]
    assert len(set(colours)) == COMMUNITY_COLOURS
    for colour in [*colours, *kinds.values(), OTHER_COLOUR]:
        assert re.fullmatch("#[0-9a-f]{6}", colour)
        light, shade = sorted([luminance(colour), luminance(ground)], reverse=True)
        assert (light + 0.05) / (shade + 0.05) >= 3, colour


def test_after_the_last_colour_they_begin_anew_and_every_kind_has_one() -> None:
    assert community_colour(COMMUNITY_COLOURS) == community_colour(0)
    assert set(KIND_COLOURS) == set(DARK_KIND_COLOURS) == set(NodeKind)


def picture(text: str, depth: int, content=None) -> str:
    content = content or sample_tables()
    index = GraphIndex(content, MINTER)
    return render_svg(subgraph_page(index, neighbourhood(content, MINTER, index.resolve(text), depth)))


def test_a_picture_holds_every_node_edge_and_label_inside_of_it() -> None:
    drawn = picture("data drift", 3)
    tree = etree.fromstring(drawn.encode())
    left, top, width, height = map(float, tree.get("viewBox").split())
    shapes = [element for tag in ("circle", "rect") for element in tree.iterfind(f"{SVG}g/{SVG}{tag}")]
    assert len(shapes) == len(sample_tables().articles) + len(sample_tables().concepts) + 2  # two are missing
    for text in tree.iter(f"{SVG}text"):
        assert left < float(text.get("x")) < left + width
        assert top < float(text.get("y")) < top + height
    assert "data drift" in [text.text for text in tree.iter(f"{SVG}text")]
    assert drawn == picture("data drift", 3)


def test_hostile_text_is_text_in_a_picture() -> None:
    content = tables([article("x", HOSTILE, subject=f"{HOSTILE} & ]]>")])
    drawn = picture("x", 1, content)
    tree = etree.fromstring(drawn.encode())
    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
        "svg",
        "g",
        "title",
        "rect",
        "circle",
        "line",
        "text",
    }
    assert "<script" not in drawn
    assert tree.find(f"{SVG}title").text == plain(HOSTILE)
