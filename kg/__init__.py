"""A knowledge graph from a folder of Markdown articles."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.flow import build as build
    from kg.notebook.graph import Graph as Graph
    from kg.notebook.graph import open_graph as open

__all__ = ["Graph", "build", "open"]

_PLACES = {"Graph": "kg.notebook.graph.Graph", "build": "kg.flow.build", "open": "kg.notebook.graph.open_graph"}


def __getattr__(name: str) -> object:
    # Late, because `kg --help` must not wait for spaCy and pandas.
    if name in _PLACES:
        module, _, attribute = _PLACES[name].rpartition(".")
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
