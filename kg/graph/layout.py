"""Where every node of the whole graph stands: communities as discs, the related ones near each other.

A force-directed layout of 50,000 nodes takes minutes and draws a hairball; discs take a second and show the groups.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kg.base.arrays import Floats, Ints
from kg.graph.communities import Community, membership
from kg.graph.network import Network

_GOLDEN_ANGLE: Final = np.pi * (3 - np.sqrt(5))
_GAP: Final = 1.15
"""How much larger a disc is kept than what stands in it."""


def diameter(centrality: Floats) -> Floats:
    """How large each node is drawn, in the layout's unit: by area as central as it is, within limits."""
    size: Floats = np.clip(np.sqrt(centrality), 0.6, 8.0)
    return size


def layout(graph: Network, found: list[Community], centrality: Floats) -> Floats:
    """Two coordinates a node, in the unit of `diameter`: no two nodes of a disc cover each other.

    Inside its disc a node stands the nearer to the centre, the more central it is, on Vogel's spiral (H. Vogel, "A
    better way to construct the sunflower head", 1979). Nodes without a community stand around all discs.
    """
    group = membership(found, graph.size)
    area = diameter(centrality) ** 2
    radius = _GAP * np.sqrt(np.bincount(group[group >= 0], area[group >= 0], len(found)))
    centres = _centres(graph, group, radius)
    places = np.zeros((graph.size, 2))
    for index in range(len(found)):
        nodes = _by_centrality(np.flatnonzero(group == index), centrality)
        places[nodes] = centres[index] + _sunflower(area[nodes])
    loose = _by_centrality(np.flatnonzero(group < 0), centrality)
    outside = (np.hypot(*centres.T) + radius).max(initial=0.0)
    places[loose] = _sunflower(4 * area[loose], hole=outside)
    return places.round(2)


def _by_centrality(nodes: Ints, centrality: Floats) -> Ints:
    return nodes[np.lexsort((nodes, -centrality[nodes]))]


def _sunflower(area: Floats, hole: float = 0.0) -> Floats:
    """Points that have so much room each, from the middle on, around a hole of that radius."""
    distance = np.sqrt(np.cumsum(area) - area / 2 + hole**2)
    angle = np.arange(len(area)) * _GOLDEN_ANGLE
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


def _centres(graph: Network, group: Ints, radius: Floats) -> Floats:
    """Of each disc, the largest first: as near to the discs that it has edges with as there is room."""
    count = len(radius)
    one, other = group[graph.source], group[graph.target]
    between = (one >= 0) & (other >= 0) & (one != other)
    edges = np.zeros((count, count))
    np.add.at(edges, (one[between], other[between]), graph.weight[between])
    edges += edges.T
    centres = np.zeros((count, 2))
    for index in range(1, count):
        pull = edges[index, :index]
        wanted = np.average(centres[:index], axis=0, weights=pull) if pull.any() else np.zeros(2)
        centres[index] = _free_place(wanted, radius[index], centres[:index], radius[:index])
    if count:
        centres -= np.average(centres, axis=0, weights=radius**2)
    return centres


def _free_place(wanted: Floats, radius: float, centres: Floats, radii: Floats) -> Floats:
    """The first point of a spiral around `wanted` where a disc overlaps none of those that are there."""
    step = radius / 2
    first, most = 0, 256
    while True:
        tried = wanted + step * _sunflower(np.ones(first + most))[first:]
        distance = np.hypot(*(tried[:, None, :] - centres[None, :, :]).T).T
        free = np.flatnonzero((distance >= radii + radius).all(axis=1))
        if len(free):
            place: Floats = tried[free[0]]
            return place
        first, most = first + most, 2 * most
