"""A knowledge graph from a folder of Markdown articles."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.api.graph import Graph as Graph
    from kg.api.graph import open_graph as open
    from kg.base.errors import QueryTimeout as QueryTimeout
    from kg.base.errors import QueryWarning as QueryWarning
    from kg.pipeline.build import build as build

__all__ = ["Graph", "QueryTimeout", "QueryWarning", "build", "open"]

_PLACES = {
    "Graph": "kg.api.graph.Graph",
    "QueryTimeout": "kg.base.errors.QueryTimeout",
    "QueryWarning": "kg.base.errors.QueryWarning",
    "build": "kg.pipeline.build.build",
    "open": "kg.api.graph.open_graph",
}


def __getattr__(name: str) -> object:
    # Imported on first use, so that `kg --help` does not wait for spaCy and pandas.
    if name in _PLACES:
        module, _, attribute = _PLACES[name].rpartition(".")
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
