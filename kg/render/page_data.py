"""Data of a page or picture of a graph: nodes with positions and labels, and edges with their descriptions."""

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
"""Height of a line, in units of the font size."""
_LINE_WIDTH: Final = 11.0
_LINES: Final = 3
_FONT: Final = (11.0, 14.0)
_DIAMETER: Final = (9.0, 30.0)
_FREE: Final = (12.0, 9.0)
"""Horizontal and vertical margin between the boxes of two nodes."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A node without a position; its size grows with `importance`, which is at least 0."""

    label: str
    kind: str
    community: str | None
    importance: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PageNode:
    """A node with its position: `x` and `y` are its centre, its label is below it."""

    label: str
    kind: str
    group: int
    """The number of its `Group`."""
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
    """An edge between two node numbers; `weight` is 0 to 1, `why` a description, `quote` a sentence as proof."""

    source: int
    target: int
    weight: float
    why: str
    quote: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """An entry of the legend: nodes of one colour."""

    label: str
    count: int
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Thing:
    """An entry that a panel can refer to, nodes of the page first; `address` is its address on the site."""

    label: str
    kind: str
    address: str | None


@dataclass(frozen=True, slots=True)
class PageGraph:
    """All data of a page; `details` are the panels of the nodes in their order, `focus` is the main node's number."""

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
    """Return the nodes with positions, the groups of their colours, and their kinds.

    Args:
        drawn: the nodes.
        edges: the edges between them, by node number.
        communities: labels of communities by slug.
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
    """Yield the nodes with positions, given the centres of their boxes."""
    for node, (x, y) in zip(nodes, boxes, strict=True):
        top = y - node.height / 2
        yield PageNode(node.label, node.kind, node.group, x, round(top, 1), node.diameter, node.font, node.lines)


def _groups(drawn: Sequence[Drawn], communities: dict[str, str]) -> tuple[dict[str | None, int], tuple[Group, ...]]:
    """Return the number of each community's group, and the groups by number of nodes and importance, largest first.

    The last group holds all other nodes.
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
