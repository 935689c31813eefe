"""Colours of communities and node kinds, on a light and on a dark background.

Each palette has eight colours that people with protanopia, deuteranopia or tritanopia can tell apart. These eight were
chosen from colours of eight hues, so that the smallest distance between two of them is as large as possible. Distances
were measured in the colour space Oklab, for normal vision and for each simulated deficiency (G. M. Machado, M. M.
Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009). Each
colour has a contrast of at least 3:1 to its background (WCAG 2.2, 1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kg.graph.property_graph import NodeKind

_LIGHT: Final = ("#536ad1", "#dd5f81", "#38633b", "#0096b5", "#7f7d17", "#9d418f", "#22326e", "#592811")
_DARK: Final = ("#b9bbfe", "#c97a3c", "#71eac2", "#6cb2ae", "#dbb552", "#9e76c7", "#556588", "#a94e39")

COMMUNITY_COLOURS: Final = len(_LIGHT)
"""Number of distinct colours for communities; if there are more communities, the colours repeat from the first."""

OTHER_COLOUR: Final = "#808892"
"""Colour, on both backgrounds, of nodes without a community, and of nodes whose community gets no colour of its own."""

KIND_COLOURS: Final[Mapping[NodeKind, str]] = MappingProxyType(
    {
        NodeKind.ARTICLE: "#22326e",
        NodeKind.MISSING: OTHER_COLOUR,
        NodeKind.CONCEPT: "#dd5f81",
        NodeKind.SUBJECT: "#38633b",
    }
)
DARK_KIND_COLOURS: Final[Mapping[NodeKind, str]] = MappingProxyType(
    {
        NodeKind.ARTICLE: "#62c3d8",
        NodeKind.MISSING: OTHER_COLOUR,
        NodeKind.CONCEPT: "#e58aa0",
        NodeKind.SUBJECT: "#4aa873",
    }
)


def community_colour(index: int, *, dark: bool = False) -> str:
    """Return the colour, such as "#536ad1", of the community with the number `index`, which counts from 0.

    The colour is for a light background or, if `dark` is true, for a dark one.
    """
    colours = _DARK if dark else _LIGHT
    return colours[index % len(colours)]
