"""The colours of communities and of kinds of nodes, on light and on dark ground.

Eight colours that stay apart for eyes that see no red, no green or no blue: of the colours in eight hues, those whose
least distance in Oklab is the largest, as seen and as simulated (G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", 2009). Each stands out from its ground by 3:1
(WCAG 2.2, 1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kg.graph.property_graph import NodeKind

_LIGHT: Final = ("#536ad1", "#dd5f81", "#38633b", "#0096b5", "#7f7d17", "#9d418f", "#22326e", "#592811")
_DARK: Final = ("#b9bbfe", "#c97a3c", "#71eac2", "#6cb2ae", "#dbb552", "#9e76c7", "#556588", "#a94e39")

COMMUNITY_COLOURS: Final = len(_LIGHT)
"""So many communities have a colour of their own; then they begin anew."""

OTHER_COLOUR: Final = "#808892"
"""Of what has no community, or one without a colour of its own; on either ground."""

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
    """The colour `#rrggbb` of a community by its number, on light or on dark ground."""
    colours = _DARK if dark else _LIGHT
    return colours[index % len(colours)]
