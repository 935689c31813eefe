"""Layout of the graph on one page: connected nodes lie near each other, and labels do not overlap.

First, a force-directed layout is computed. The forces are those of ForceAtlas2 (M. Jacomy and others, 2014), with two
changes: the attraction is logarithmic, as in A. Noack's LinLog, which separates groups, and the cooling schedule is
taken from T. Fruchterman and E. Reingold (1991). Then each node is treated as a box that also contains its label:
overlapping boxes are pushed apart, and boxes that still overlap are moved to the nearest free place. Nothing is random,
so the same graph always gives the same picture.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from kg.base.arrays import Floats, Ints

_STEPS: Final = 250
_PUSHES: Final = 250
_NEAR: Final = 30.0
"""Two boxes are near each other if the gap between them is smaller than this along both axes.

The unit is the same as for the sizes of the boxes. Only boxes near each other are checked for overlap. The list of
pairs of near boxes is made anew when a box has moved by more than half of this gap since the list was made.
"""
_GRAVITY: Final = 0.12
_TOGETHER: Final = 0.25
"""Strength of the pull of a node towards the centre of its group."""
_ASPECT_RATIO: Final = 1.35
"""Ratio of the width to the height of a picture."""
_AREA_RATIO: Final = 2.0
"""Ratio of the picture's area to the total area of all boxes, before the boxes are pushed apart."""
_TRIES: Final = 400
_GOLDEN_ANGLE: Final = np.pi * (3 - np.sqrt(5))


def page_layout(boxes: Floats, source: Ints, target: Ints, weight: Floats, group: Ints, start: Floats) -> Floats:
    """Return the coordinates of the centre of each node, in the unit of `boxes`, as an array of shape (nodes, 2).

    The middle of the picture is at (0, 0).

    Args:
        boxes: width and height of the box that contains a node, its label and a margin, an array of shape (nodes, 2).
        source: the node number of one end of each edge.
        target: the node number of the other end of each edge.
        weight: attraction of each edge, from 0 to 1.
        group: the number of each node's group, from 0; negative for nodes without a group.
        start: initial coordinates of each node, in any unit, an array of shape (nodes, 2).
    """
    if len(boxes) < 2:
        return np.zeros((len(boxes), 2))
    places = _rotated(_forces(source, target, weight, group, _spread(start)))
    width, height = np.ptp(places, axis=0).clip(1e-3)
    area = _AREA_RATIO * boxes.prod(axis=1).sum()
    places *= [np.sqrt(area * _ASPECT_RATIO) / width, np.sqrt(area / _ASPECT_RATIO) / height]
    places = _without_overlap(_pushed(places, boxes), boxes)
    middle = (places.min(axis=0) + places.max(axis=0)) / 2
    rounded: Floats = (places - middle).round(1)
    return rounded


def _spread(start: Floats) -> Floats:
    """Return the coordinates `start`, scaled to the unit in which the forces are computed.

    Every node is also moved a little, each in another direction, so that no two nodes are at the same place.
    """
    count = len(start)
    unit = (start - start.mean(axis=0)) / max(float(start.std()), 1e-9) * np.sqrt(count)
    angle = np.arange(count) * _GOLDEN_ANGLE
    spread: Floats = unit + 0.1 * np.column_stack([np.cos(angle), np.sin(angle)])
    return spread


def _forces(source: Ints, target: Ints, weight: Floats, group: Ints, places: Floats) -> Floats:
    count = len(places)
    mass = 1.0 + np.sqrt(np.bincount(np.r_[source, target], minlength=count))
    pull = np.zeros((count, count))
    np.add.at(pull, (np.r_[source, target], np.r_[target, source]), np.tile(0.35 + weight, 2))
    edges = np.nonzero(pull)
    pull = pull[edges]
    push = mass[:, None] * mass[None, :]
    grouped = group >= 0
    members = np.bincount(group[grouped]).clip(1)
    x, y, distance, force = np.empty((4, count, count))  # reused: allocating them takes as long as filling them
    for step in range(_STEPS):
        np.subtract.outer(places[:, 0], places[:, 0], out=x)
        np.subtract.outer(places[:, 1], places[:, 1], out=y)
        np.multiply(x, x, out=distance)
        np.multiply(y, y, out=force)
        distance += force
        np.sqrt(distance, out=distance)
        distance += 1e-6
        apart = distance[edges]
        distance *= distance
        np.divide(push, distance, out=force)
        force[edges] -= pull * np.log1p(apart) / apart
        x *= force
        y *= force
        move = np.column_stack([x.sum(axis=1), y.sum(axis=1)])
        from_centre = np.hypot(*places.T)[:, None] + 1e-6
        move -= _GRAVITY * mass[:, None] * places * np.log1p(from_centre) / from_centre
        centres = [np.bincount(group[grouped], places[grouped, axis]) / members for axis in (0, 1)]
        move[grouped] += _TOGETHER * (np.column_stack(centres)[group[grouped]] - places[grouped])
        length = np.hypot(*move.T)[:, None] + 1e-9
        temperature = 0.25 * np.sqrt(count) * (1 - step / _STEPS)
        places = places + move / length * np.minimum(length, temperature)
    return places


def _rotated(places: Floats) -> Floats:
    """Return `places`, rotated so that the direction of their largest variance is horizontal."""
    x, y = (places - places.mean(axis=0)).T
    angle = np.arctan2(2 * (x * y).sum(), (x * x).sum() - (y * y).sum()) / 2
    return np.column_stack([x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)])


def _pushed(places: Floats, boxes: Floats) -> Floats:
    """Push overlapping boxes apart, and return the new places of all boxes, as an array of shape (boxes, 2).

    Two overlapping boxes are pushed apart along the axis with the smaller overlap, relative to the size of the boxes.
    """
    count = len(boxes)
    limits = [np.add.outer(side, side) / 2 + _NEAR for side in boxes.T]
    looked = np.full_like(places, np.inf)
    for _ in range(_PUSHES):
        if np.abs(places - looked).max() > _NEAR / 2:  # boxes that are not in the list of pairs may overlap now
            looked = places
            one, other = _near(places, limits)
            room = (boxes[one] + boxes[other]) / 2
            moves = np.zeros((2, count, count))  # all pairs in a fixed order, on which the last digit of sums depends
        distance = places[one] - places[other]
        over = room - np.abs(distance)
        covered = (over > 0).all(axis=1)
        if not covered.any():
            break
        sideways = over[:, 0] * room[:, 1] < over[:, 1] * room[:, 0]
        move = np.where(distance < 0, -over, over) * np.column_stack([covered & sideways, covered & ~sideways])
        crowd = np.bincount(np.r_[one[covered], other[covered]], minlength=count).clip(1)
        moves[:, one, other], moves[:, other, one] = move.T, -move.T
        places = places + moves.sum(axis=2).T / (2 * np.sqrt(crowd)[:, None])
    return places


def _near(places: Floats, limits: list[Floats]) -> tuple[Ints, Ints]:
    """Return all pairs of boxes whose centres are closer to each other than a limit, along both axes.

    The result is two arrays: the first has the number of one box of each pair, and the second has the number of the
    other box. `limits` has two matrices, one for each axis. Each matrix has the limit for every pair of boxes.
    """
    near_x, near_y = (
        np.abs(np.subtract.outer(place, place)) < limit for place, limit in zip(places.T, limits, strict=True)
    )
    one, other = np.divmod(np.flatnonzero(np.tril(near_x & near_y, -1)), len(places))
    return one, other


def _without_overlap(places: Floats, boxes: Floats) -> Floats:
    """Return new places at which no two boxes overlap.

    Each box that overlaps a box with a smaller number is moved to the first free place on a spiral around it.
    """
    spiral = np.sqrt(np.arange(_TRIES))[:, None] * np.column_stack(
        [np.cos(np.arange(_TRIES) * _GOLDEN_ANGLE), np.sin(np.arange(_TRIES) * _GOLDEN_ANGLE)]
    )
    step = boxes.min(axis=0) / 3
    done = places.copy()
    for node in range(1, len(boxes)):
        room = (boxes[:node] + boxes[node]) / 2
        distance = np.abs(done[:node] - places[node])
        if not (distance < room).all(axis=1).any():
            continue
        stretch = 1.0
        while True:
            way = spiral * step * stretch
            near = (distance < room + np.abs(way).max(axis=0)).all(axis=1)
            free = np.flatnonzero(_is_free(places[node] + way, done[:node][near], room[near]))
            if len(free):
                done[node] = places[node] + way[free[0]]
                break
            stretch *= 1.5
    return done


def _is_free(tried: Floats, done: Floats, room: Floats) -> npt.NDArray[np.bool_]:
    """Return for each place in `tried` whether a box there overlaps none of the boxes at the places `done`.

    `room` has a row for each place in `done`, with one distance for each axis. The tried box overlaps the box at that
    place if the centres of the two boxes are closer to each other than these distances, along both axes.
    """
    near_x, near_y = (np.abs(tried[:, axis, None] - done[None, :, axis]) < room[:, axis] for axis in (0, 1))
    uncovered: npt.NDArray[np.bool_] = np.logical_not((near_x & near_y).any(axis=1))
    return uncovered
