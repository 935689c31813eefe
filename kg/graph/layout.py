"""Layout of the whole graph: each community is a disc, and connected discs lie near each other.

A force-directed layout of 50,000 nodes takes minutes, and in it the communities are hidden by crossing lines. A layout
in discs takes a second, and shows the communities.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kg.base.arrays import Floats, Ints
from kg.graph.communities import Community, membership
from kg.graph.network import Network

_GOLDEN_ANGLE: Final = np.pi * (3 - np.sqrt(5))
_GAP: Final = 1.15
"""Ratio of the radius of a disc to the radius of the spiral on which its nodes lie."""


def diameter(centrality: Floats) -> Floats:
    """Return the diameter of each node in the unit of the layout: the square root of its centrality, from 0.6 to 8."""
    size: Floats = np.clip(np.sqrt(centrality), 0.6, 8.0)
    return size


def layout(graph: Network, found: list[Community], centrality: Floats) -> Floats:
    """Return the coordinates of each node, in the unit of `diameter`, as an array of shape (nodes, 2).

    The nodes of a disc are placed on Vogel's spiral, the most central node in the middle, so that no nodes overlap (H.
    Vogel, "A better way to construct the sunflower head", 1979). Nodes without a community are placed in a ring around
    all discs.
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
    """Return points on a spiral, from the centre outwards, one for each value of `area`.

    The points are so far apart that nodes with these areas (squared diameters) do not overlap. A circle of radius
    `hole` around the centre remains empty.
    """
    distance = np.sqrt(np.cumsum(area) - area / 2 + hole**2)
    angle = np.arange(len(area)) * _GOLDEN_ANGLE
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


def _centres(graph: Network, group: Ints, radius: Floats) -> Floats:
    """Return the centre of each disc, as an array of shape (discs, 2).

    Discs are placed one after the other, in the order of the communities. Each disc gets a free place near a weighted
    mean of the centres of the discs placed before it. In this mean, the weight of an earlier disc is the sum of the
    weights of the edges between its nodes and the nodes of the new disc.

    Args:
        graph: the network.
        group: the number of each node's disc, negative for nodes without a disc.
        radius: the radius of each disc.
    """
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
    """Return the first point on a spiral around `wanted` at which a new disc overlaps none of the existing discs.

    `radius` is the radius of the new disc; `centres` and `radii` are those of the existing discs.
    """
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
