"""Rendering of a graph as an SVG picture, for places where scripts do not run, such as a notebook on GitHub."""

from __future__ import annotations

from html import escape
from typing import Final

from kg.render.label_lines import plain
from kg.render.page_data import LINE, PageGraph, PageNode

_MARGIN: Final = 24.0
_INK: Final = "#1c2430"
_GROUND: Final = "#f6f6f3"
_EDGE: Final = "#c9cdd1"
_TITLE: Final = 200


def render_svg(graph: PageGraph) -> str:
    """Return a picture of `graph` as SVG.

    Positions and colours are the same as on the HTML page of the graph with a light background. Labels are SVG text
    elements.
    """
    sides = [_box(node) for node in graph.nodes] or [(0.0, 0.0, 0.0, 0.0)]
    left, top = (min(box[axis] for box in sides) - _MARGIN for axis in (0, 1))
    right, bottom = (max(box[axis] for box in sides) + _MARGIN for axis in (2, 3))
    size = f"{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" font-family="sans-serif">',
        f"<title>{_text(graph.title)}</title>",
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" fill="{_GROUND}"/>',
        f'<g stroke="{_EDGE}">',
        *(_edge(graph, number) for number in range(len(graph.edges))),
        "</g>",
        f'<g stroke="{_GROUND}">',
        *(_shape(graph, node) for node in graph.nodes),
        "</g>",
        f'<g fill="{_INK}" text-anchor="middle" stroke="{_GROUND}" stroke-width="3" paint-order="stroke">',
        *(line for node in graph.nodes for line in _label(node)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return escape(plain(text)[:_TITLE])


def _box(node: PageNode) -> tuple[float, float, float, float]:
    half = max(node.diameter, node.width) / 2
    radius = node.diameter / 2
    return node.x - half, node.y - radius, node.x + half, node.y + radius + node.height


def _edge(graph: PageGraph, number: int) -> str:
    edge = graph.edges[number]
    one, other = graph.nodes[edge.source], graph.nodes[edge.target]
    ends = f'x1="{one.x}" y1="{one.y}" x2="{other.x}" y2="{other.y}"'
    dashes = ' stroke-dasharray="5 4"' if edge.dashed else ""
    width = f'stroke-width="{0.6 + 2 * edge.weight:.2f}"'
    return f"<line {ends} {width}{dashes}><title>{_text(edge.why)}</title></line>"


def _shape(graph: PageGraph, node: PageNode) -> str:
    colour, radius = graph.groups[node.group].light, node.diameter / 2
    title = f"<title>{_text(node.label)}</title>"
    match node.kind:
        case "article":
            corner = f'x="{node.x - radius:.1f}" y="{node.y - radius:.1f}"'
            return f'<rect {corner} width="{node.diameter}" height="{node.diameter}" fill="{colour}">{title}</rect>'
        case "missing":
            place = f'cx="{node.x}" cy="{node.y}" r="{radius:.1f}"'
            return f'<circle {place} fill="{_GROUND}" stroke="{colour}" stroke-width="1.5">{title}</circle>'
        case _:
            return f'<circle cx="{node.x}" cy="{node.y}" r="{radius:.1f}" fill="{colour}">{title}</circle>'


def _label(node: PageNode) -> list[str]:
    weight = ' font-weight="600"' if node.kind in ("article", "community") else ""
    first, height = node.y + node.diameter / 2 + node.font, node.font * LINE
    return [
        f'<text x="{node.x}" y="{first + at * height:.1f}" font-size="{node.font}"{weight}>{_text(line)}</text>'
        for at, line in enumerate(node.lines)
    ]
