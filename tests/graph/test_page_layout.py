"""Where the nodes of a page stand."""

import numpy as np
import pytest

from kg.graph import page_layout as module
from kg.graph.page_layout import page_layout


def overlaps(places: np.ndarray, boxes: np.ndarray) -> int:
    """How many pairs of boxes cover each other by more than the rounding."""
    apart = np.abs(places[:, None, :] - places[None, :, :])
    both = (apart < (boxes[:, None, :] + boxes[None, :, :]) / 2 - 0.11).all(axis=2)
    return (int(both.sum()) - len(boxes)) // 2


def random_graph(size: int, edges: int) -> tuple[np.ndarray, ...]:
    """Boxes, sources, targets, weights, groups and places of a graph that is always the same."""
    random = np.random.default_rng(size)
    boxes = random.uniform([20, 15], [150, 60], (size, 2))
    ends = random.integers(size, size=(2, edges))
    return boxes, ends[0], ends[1], random.random(edges), random.integers(-1, 5, size), random.normal(size=(size, 2))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 10, 300])
def test_no_box_covers_another(size: int) -> None:
    boxes, *rest = random_graph(max(size, 1), 2 * size)
    cut = [values[:size] for values in (boxes, rest[3], rest[4])]
    places = page_layout(cut[0], rest[0], rest[1], rest[2], cut[1], cut[2])
    assert places.shape == (size, 2)
    assert np.isfinite(places).all()
    assert overlaps(places, cut[0]) == 0


def test_all_nodes_may_begin_at_one_place() -> None:
    boxes, source, target, weight, group, start = random_graph(40, 60)
    assert overlaps(page_layout(boxes, source, target, weight, group, np.zeros_like(start)), boxes) == 0


def test_the_same_graph_is_the_same_picture() -> None:
    assert (page_layout(*random_graph(50, 80)) == page_layout(*random_graph(50, 80))).all()


def test_the_picture_lies_around_its_middle_and_is_rather_wide() -> None:
    places = page_layout(*random_graph(100, 150))
    assert np.abs(places.min(axis=0) + places.max(axis=0)).max() < 1
    width, height = np.ptp(places, axis=0)
    assert 0.8 < width / height < 2.5


def test_what_is_connected_stands_together() -> None:
    boxes = np.full((20, 2), 20.0)
    source, target = np.array([[a, b] for a in range(20) for b in range(a) if a // 10 == b // 10]).T
    start = np.random.default_rng(1).normal(size=(20, 2))
    places = page_layout(boxes, source, target, np.ones(len(source)), np.full(20, -1), start)
    one, other = places[:10], places[10:]
    inside = np.hypot(*(one - one.mean(axis=0)).T).mean()
    assert np.hypot(*(one.mean(axis=0) - other.mean(axis=0))) > 1.5 * inside


def plain_forces(
    source: np.ndarray, target: np.ndarray, weight: np.ndarray, group: np.ndarray, places: np.ndarray
) -> np.ndarray:
    """What `_forces` does, for all pairs, edge or not, in new memory."""
    count, grouped = len(places), group >= 0
    mass = 1.0 + np.sqrt(np.bincount(np.r_[source, target], minlength=count))
    pull = np.zeros((count, count))
    np.add.at(pull, (np.r_[source, target], np.r_[target, source]), np.tile(0.35 + weight, 2))
    members = np.bincount(group[grouped]).clip(1)
    for step in range(module._STEPS):
        x, y = (places[:, axis, None] - places[None, :, axis] for axis in (0, 1))
        distance = np.sqrt(x * x + y * y) + 1e-6
        force = np.outer(mass, mass) / distance**2 - pull * np.log1p(distance) / distance
        from_centre = np.hypot(*places.T)[:, None] + 1e-6
        move = np.column_stack([(x * force).sum(axis=1), (y * force).sum(axis=1)])
        move -= module._GRAVITY * mass[:, None] * places * np.log1p(from_centre) / from_centre
        centres = [np.bincount(group[grouped], places[grouped, axis]) / members for axis in (0, 1)]
        move[grouped] += module._TOGETHER * (np.column_stack(centres)[group[grouped]] - places[grouped])
        length = np.hypot(*move.T)[:, None] + 1e-9
        places = places + move / length * np.minimum(length, 0.25 * np.sqrt(count) * (1 - step / module._STEPS))
    return places


def plain_pushed(places: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """What `_pushed` does, for all pairs, near or not."""
    half_width, half_height = ((boxes[:, None, axis] + boxes[None, :, axis]) / 2 for axis in (0, 1))
    number = np.arange(len(boxes))
    side = np.sign(number[:, None] - number[None, :])
    for _ in range(module._PUSHES):
        x, y = (places[:, axis, None] - places[None, :, axis] for axis in (0, 1))
        over_x, over_y = half_width - np.abs(x), half_height - np.abs(y)
        both = (over_x > 0) & (over_y > 0) & (side != 0)
        if not both.any():
            break
        sideways = over_x * half_height < over_y * half_width
        move_x = np.where(x == 0, side, np.sign(x)) * over_x * (both & sideways)
        move_y = np.where(y == 0, side, np.sign(y)) * over_y * (both & ~sideways)
        crowd = 2 * np.sqrt(both.sum(axis=1)).clip(1.0)[:, None]
        places = places + np.column_stack([move_x.sum(axis=1), move_y.sum(axis=1)]) / crowd
    return places


@pytest.mark.parametrize("size", [2, 3, 40, 130])
def test_what_is_left_out_changes_nothing(size: int) -> None:
    boxes, *graph, start = random_graph(size, 2 * size)
    assert (module._forces(*graph, start) == plain_forces(*graph, start)).all()
    for spread in (100.0, 20.0 * np.sqrt(size), 0.0):
        assert (module._pushed(spread * start, boxes) == plain_pushed(spread * start, boxes)).all()
