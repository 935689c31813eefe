"""The data of a page or picture that shows a graph: nodes with positions and labels, and edges with descriptions."""

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
"""Height of a line of a node's label, as a multiple of the font size."""
_LINE_WIDTH: Final = 11.0
_LINES: Final = 3
_FONT: Final = (11.0, 14.0)
_DIAMETER: Final = (9.0, 30.0)
_FREE: Final = (12.0, 9.0)
"""Minimum distance between two nodes, including their labels: the horizontal distance, and the vertical one.

The unit is the same as for the coordinates of nodes.
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A node whose position on the page is not computed yet.

    `kind` is, for example, "article" or "concept", and `community` is the slug of the node's community, or None. `x`
    and `y` are the position from which the layout starts, in any unit. The larger the `importance` (a number of at
    least 0), the larger the node is drawn.
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

    `x` and `y` are the centre of the circle that represents the node, and `diameter` is the diameter of this circle.
    `lines` are the lines of the node's label, which are below the circle, in the font size `font`.
    """

    label: str
    kind: str
    group: int
    """The index of the node's `Group` (an entry of the legend) in `PageGraph.groups`."""
    x: float
    y: float
    diameter: float
    font: float
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        """The width of the node's label, in the unit of `x`."""
        return self.font * max(map(text_width, self.lines))

    @property
    def height(self) -> float:
        """The height of all lines of the node's label, in the unit of `y`."""
        return self.font * LINE * len(self.lines)


@dataclass(frozen=True, slots=True)
class PageEdge:
    """An edge between two nodes; `source` and `target` are the indices of these nodes in `PageGraph.nodes`.

    `weight` is from 0 to 1. `why` is a text that describes the edge. `quote` is a sentence of an article that proves
    the edge, or None. `dashed` tells whether the line is dashed, as the lines between two concepts are.
    """

    source: int
    target: int
    weight: float
    why: str
    quote: str | None
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """An entry of the legend: a label for all nodes of one colour; `count` is the number of these nodes.

    `light` is the colour on a light background, and `dark` is the colour on a dark background.
    """

    label: str
    count: int
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Thing:
    """An article, missing article, concept or community that the side panel of a page can refer to.

    A missing article is one that a link leads to, but that does not exist. `address` is the web address of an article.
    It is None if this address is not known, and also for missing articles, concepts and communities.
    """

    label: str
    kind: str
    address: str | None


@dataclass(frozen=True, slots=True)
class PageGraph:
    """All data of a page that shows a graph, or a part of a graph.

    `focus` is the index of the node that the page is about, or None. `total` is the number of nodes from which the
    shown ones were chosen. `groups` is the legend for the communities, and `kinds` is the legend for kinds of nodes.
    `details` has, in the order of the nodes, the contents of the side panel for a selected node. It refers to articles,
    concepts and communities by their indices in `things`, which begins with the nodes, in the same order.
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
    """Compute the positions of nodes.

    Args:
        drawn: the nodes.
        edges: the edges between the nodes; `source` and `target` of an edge are indices in `drawn`.
        communities: the labels of communities; the keys are the slugs of the communities.

    Returns:
        The nodes with their positions, the legend for the communities, and the legend for kinds of nodes.
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

    `boxes` has one point (x, y) for each node: the centre of the box around the node's circle and its label.
    """
    for node, (x, y) in zip(nodes, boxes, strict=True):
        top = y - node.height / 2
        yield PageNode(node.label, node.kind, node.group, x, round(top, 1), node.diameter, node.font, node.lines)


def _groups(drawn: Sequence[Drawn], communities: dict[str, str]) -> tuple[dict[str | None, int], tuple[Group, ...]]:
    """Return a mapping from the slug of each community to the index of its group, and a tuple of all groups.

    A group is an entry of the legend. Groups are sorted by their number of nodes, and then by the total importance of
    their nodes, the largest first. When all colours are used up, the nodes of all further communities are put into a
    last group "other", together with the nodes that have no community. The slugs of these communities are not keys of
    the mapping.
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
