"""Where the nodes of a page stand."""

import numpy as np
import pytest

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
