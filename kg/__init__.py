"""A knowledge graph from a folder of Markdown articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.flow import build as build

__all__ = ["build"]


def __getattr__(name: str) -> object:
    # Late, because `kg --help` must not wait for spaCy.
    if name in __all__:
        from kg.flow import build

        return build
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
