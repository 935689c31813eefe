"""The registry of artifacts: the exporters of all modules of `kg.export` and `kg.render`."""

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
    """Import all modules of `kg.export` and `kg.render` and return their `EXPORTERS`, in the order of module names."""
    found: list[Exporter] = []
    for package in _PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            found += getattr(importlib.import_module(module.name), "EXPORTERS", ())
    return tuple(found)


def artifacts(publish: Publish) -> list[Artifact]:
    """Return the artifacts of a build with this configuration, sorted by name."""
    found = (artifact for exporter in exporters() if exporter.enabled(publish) for artifact in exporter.artifacts)
    return sorted(found, key=lambda artifact: artifact.name)


def published_artifacts(publish: Publish) -> list[PublishedArtifact]:
    """Return the same artifacts in the form of report.json."""
    return [PublishedArtifact(one.name, one.media_type, one.title) for one in artifacts(publish)]
