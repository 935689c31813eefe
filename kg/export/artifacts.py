"""Description of the files of a build: name, media type, title, what opens them, and what writes them.

A module of `kg.export` or `kg.render` that writes files lists its exporters in `EXPORTERS`. A new file needs only such
a module: `kg.pipeline.artifact_registry` collects them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg.base.config import Publish
from kg.base.report import Report
from kg.base.tables import Tables

Write = Callable[[Tables, Report, Path], None]
"""Writes files into the folder of a build. It runs in a worker process, so it must be picklable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file or a folder of a build."""

    name: str
    """The path below OUT; that of a folder ends in a slash."""
    media_type: str | None
    """An IANA media type, of the content where the file is compressed; None for a folder."""
    title: str
    """The title in dataset.ttl and in report.json."""
    opens_with: str
    """Programs that open it."""
    summary: str = ""
    """The content in a few words, for the start page and the README; the title if it is empty."""
    dataset_order: int | None = None
    """The position among the distributions of dataset.ttl; None for an artifact that is not data."""
    page_order: int | None = None
    """The position on the start page and in the README; None if it is not listed, such as a file of a folder."""
    dump_of: Literal["core", "evidence"] | None = None
    """The named graph that it serializes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """Artifacts that are written together.

    The flow itself writes the artifacts of an exporter with neither `write` nor `parts`.
    """

    artifacts: tuple[Artifact, ...]
    write: Write | None = None
    """Writes all artifacts in one task."""
    parts: Callable[[Tables], Iterable[Write]] | None = None
    """Splits the work into several tasks, which run in parallel."""
    enabled: Callable[[Publish], bool] = lambda publish: True
    """Whether the configuration asks for the artifacts."""

    @property
    def name(self) -> str:
        """The names of the artifacts, for messages and timings."""
        return ", ".join(artifact.name.rstrip("/") for artifact in self.artifacts)

    def tasks(self, tables: Tables) -> list[Write]:
        """Return the tasks that write the artifacts."""
        if self.write is not None:
            return [self.write]
        return [] if self.parts is None else [*self.parts(tables)]


def distributions(artifacts: Iterable[Artifact]) -> list[Artifact]:
    """Select the distributions of dataset.ttl and sort them."""
    return _ordered((artifact.dataset_order, artifact) for artifact in artifacts)


def listed(artifacts: Iterable[Artifact]) -> list[Artifact]:
    """Select the artifacts that the start page and the README list and sort them."""
    return _ordered((artifact.page_order, artifact) for artifact in artifacts)


def _ordered(artifacts: Iterable[tuple[int | None, Artifact]]) -> list[Artifact]:
    placed = [(order, artifact.name, artifact) for order, artifact in artifacts if order is not None]
    return [artifact for _, _, artifact in sorted(placed, key=lambda one: one[:2])]
