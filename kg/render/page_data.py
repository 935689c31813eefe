"""The data of a page or picture of a graph: nodes with positions and labels, and edges with descriptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kg.base.arrays import Ints
from kg.graph.colours import (
    COMMUNITY_COLOURS,
    DARK_KIND_COLOURS,
    KIND_COLOURS,
    OTHER_COLOUR,
    community_colour,
)
from kg.graph.page_layout import page_layout
from kg.render.label_lines import text_width, wrapped

LINE: Final = 1.2
"""Height of a line of text, as a multiple of the font size."""
_LINE_WIDTH: Final = 11.0
_LINES: Final = 3
_FONT: Final = (11.0, 14.0)
_DIAMETER: Final = (9.0, 30.0)
_FREE: Final = (12.0, 9.0)
"""Space between two nodes with their labels, horizontally and vertically, in the unit of the page."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A node before its position on the page is computed.

    `x` and `y` are the initial position, in any unit. The size of the node grows with `importance`, which is at
    least 0.
    """

    label: str
    kind: str
    community: str | None
    importance: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PageNode:
    """A node with its position on the page.

    `x` and `y` are the centre of its circle. The `lines` of its label are below the circle.
    """

    label: str
    kind: str
    group: int
    """The number of the `Group` that the node belongs to."""
    x: float
    y: float
    diameter: float
    font: float
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        """The width of the label."""
        return self.font * max(map(text_width, self.lines))

    @property
    def height(self) -> float:
        """The height of the label."""
        return self.font * LINE * len(self.lines)


@dataclass(frozen=True, slots=True)
class PageEdge:
    """An edge between two nodes; `source` and `target` are their numbers.

    `weight` is from 0 to 1, `why` describes the edge, and `quote` is a sentence that proves it, or None.
    """

    source: int
    target: int
    weight: float
    why: str
    quote: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """An entry of the legend, for all nodes of one colour.

    `light` is the colour on a light background, and `dark` is the one on a dark background.
    """

    label: str
    count: int
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Thing:
    """An article, concept or community that the side panel can refer to.

    `address` is its address on the site, or None.
    """

    label: str
    kind: str
    address: str | None


@dataclass(frozen=True, slots=True)
class PageGraph:
    """All data of a page.

    `details` holds what the side panel says of each node, in the order of the nodes. `focus` is the number of the node
    that the page is about, or None. `things` has everything to which `details` refers. The first things are those that
    are nodes, in the order of the nodes.
    """

    title: str
    kind: str
    focus: int | None
    total: int
    nodes: tuple[PageNode, ...]
    edges: tuple[PageEdge, ...]
    groups: tuple[Group, ...]
    kinds: tuple[Group, ...]
    things: tuple[Thing, ...]
    details: tuple[dict[str, Any], ...]


def placed(
    drawn: Sequence[Drawn], edges: Sequence[PageEdge], communities: dict[str, str]
) -> tuple[tuple[PageNode, ...], tuple[Group, ...], tuple[Group, ...]]:
    """Return the nodes with their positions, and two legends: one for communities, and one for kinds of nodes.

    Args:
        drawn: the nodes.
        edges: the edges between these nodes.
        communities: the labels of communities; the keys are their slugs.
    """
    order, groups = _groups(drawn, communities)
    most = max((node.importance for node in drawn), default=0.0) or 1.0
    shares = [np.sqrt(max(node.importance, 0.0) / most) for node in drawn]
    nodes = [
        PageNode(
            label=node.label,
            kind=node.kind,
            group=order.get(node.community, len(groups) - 1),
            x=0.0,
            y=0.0,
            diameter=round(float(_DIAMETER[0] + share * (_DIAMETER[1] - _DIAMETER[0])), 1),
            font=round(float(_FONT[0] + share * (_FONT[1] - _FONT[0])), 1),
            lines=wrapped(node.label, _LINE_WIDTH, _LINES),
        )
        for node, share in zip(drawn, shares, strict=True)
    ]
    boxes = [[max(node.diameter, node.width) + _FREE[0], node.diameter + node.height + _FREE[1]] for node in nodes]
    places = page_layout(
        np.array(boxes).reshape(-1, 2),
        np.array([edge.source for edge in edges], np.int64),
        np.array([edge.target for edge in edges], np.int64),
        np.array([edge.weight for edge in edges]),
        _numbered([node.community for node in drawn]),
        np.array([[node.x, node.y] for node in drawn]).reshape(-1, 2),
    )
    return tuple(_moved(nodes, places.tolist())), groups, _kinds(drawn)


def _numbered(communities: Sequence[str | None]) -> Ints:
    numbers = {slug: number for number, slug in enumerate(sorted({slug for slug in communities if slug is not None}))}
    return np.array([-1 if slug is None else numbers[slug] for slug in communities], np.int64)


def _moved(nodes: Iterable[PageNode], boxes: list[list[float]]) -> Iterable[PageNode]:
    """Yield the nodes with their positions.

    `boxes` has one point for each node: the centre of the box that holds the node and its label.
    """
    for node, (x, y) in zip(nodes, boxes, strict=True):
        top = y - node.height / 2
        yield PageNode(node.label, node.kind, node.group, x, round(top, 1), node.diameter, node.font, node.lines)


def _groups(drawn: Sequence[Drawn], communities: dict[str, str]) -> tuple[dict[str | None, int], tuple[Group, ...]]:
    """Return a mapping from the slugs of communities to the numbers of their groups, and the groups.

    Groups are sorted by number of nodes and then by importance, the largest first. Nodes without a community, and those
    of communities for which there is no colour left, are in a last group "other". The mapping has no key for it.
    """
    counts = Counter(node.community for node in drawn if node.community is not None)
    importance = {slug: sum(node.importance for node in drawn if node.community == slug) for slug in counts}
    named = sorted(counts, key=lambda slug: (-counts[slug], -importance[slug], slug))[:COMMUNITY_COLOURS]
    rest = len(drawn) - sum(counts[slug] for slug in named)
    groups = [
        Group(communities[slug], counts[slug], community_colour(index), community_colour(index, dark=True))
        for index, slug in enumerate(named)
    ]
    if rest:
        groups.append(Group("other", rest, OTHER_COLOUR, OTHER_COLOUR))
    return {slug: index for index, slug in enumerate(named)}, tuple(groups)


def _kinds(drawn: Sequence[Drawn]) -> tuple[Group, ...]:
    counts = Counter(node.kind for node in drawn)
    light = {str(kind): colour for kind, colour in KIND_COLOURS.items()}
    dark = {str(kind): colour for kind, colour in DARK_KIND_COLOURS.items()}
    kinds = sorted(counts, key=lambda kind: ([*light].index(kind) if kind in light else -1, kind))
    return tuple(
        Group(kind, counts[kind], light.get(kind, OTHER_COLOUR), dark.get(kind, OTHER_COLOUR)) for kind in kinds
    )
