"""The registry of the files and folders that a build writes ("artifacts") and of the exporters that write them.

Each module of `kg.export` and `kg.render` may have exporters in its `EXPORTERS`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import kg.export
import kg.render
from kg.base.config import Publish
from kg.base.report import PublishedArtifact
from kg.export.artifacts import Artifact, Exporter

_PACKAGES = (kg.export, kg.render)


@cache
def exporters() -> tuple[Exporter, ...]:
    """Import all modules of `kg.export` and `kg.render`; return their exporters, in the order of the modules' names."""
    found: list[Exporter] = []
    for package in _PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            found += getattr(importlib.import_module(module.name), "EXPORTERS", ())
    return tuple(found)


def artifacts(publish: Publish) -> list[Artifact]:
    """Return the files and folders that a build with this configuration writes, sorted by name."""
    found = (artifact for exporter in exporters() if exporter.enabled(publish) for artifact in exporter.artifacts)
    return sorted(found, key=lambda artifact: artifact.name)


def published_artifacts(publish: Publish) -> list[PublishedArtifact]:
    """Return the files and folders that `artifacts` returns, in the form in which report.json lists them."""
    return [PublishedArtifact(one.name, one.media_type, one.title) for one in artifacts(publish)]
