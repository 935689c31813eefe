"""Descriptions of the files of a build: their names, titles and media types, and the programs that open them.

Every module of `kg.export` or `kg.render` that writes files lists their descriptions and the functions that write them
in `EXPORTERS`. To add a file to the build, it is enough to add such a module: `kg.pipeline.artifact_registry` finds it.
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
"""A function that writes files. Its arguments are the tables, the report and the output folder.

It runs in a worker process, so it must be picklable.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file or a folder of a build."""

    name: str
    """The path below the output folder. The path of a folder ends in a slash."""
    media_type: str | None
    """The IANA media type; None for a folder. For a compressed file, it is the media type of the content."""
    title: str
    """The title of the file, for dataset.ttl and report.json."""
    opens_with: str
    """Names of programs that can open the file."""
    summary: str = ""
    """A short description for the start page and the README; if it is empty, the title is shown."""
    dataset_order: int | None = None
    """A number by which the distributions in dataset.ttl are sorted; None if dataset.ttl does not list the file."""
    page_order: int | None = None
    """A number by which the files on the start page and in the README are sorted.

    It is None if they do not list the file, for example because they list the folder that contains it instead.
    """
    dump_of: Literal["core", "evidence"] | None = None
    """The named graph that the file contains, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """Artifacts (files or folders) that are written together, and the functions that write them.

    If an exporter has neither `write` nor `parts`, other code of the build writes the artifacts.
    """

    artifacts: tuple[Artifact, ...]
    write: Write | None = None
    """Function that writes all artifacts in one task."""
    parts: Callable[[Tables], Iterable[Write]] | None = None
    """Function that returns several functions, which run in parallel; each writes some of the artifacts' files."""
    enabled: Callable[[Publish], bool] = lambda publish: True
    """Function that tells whether the configuration asks for the artifacts."""

    @property
    def name(self) -> str:
        """The names of the artifacts as one text, separated by commas, for messages and timings."""
        return ", ".join(artifact.name.rstrip("/") for artifact in self.artifacts)

    def tasks(self, tables: Tables) -> list[Write]:
        """Return the functions that write the artifacts; all of them must be called."""
        if self.write is not None:
            return [self.write]
        return [] if self.parts is None else [*self.parts(tables)]


def distributions(artifacts: Iterable[Artifact]) -> list[Artifact]:
    """Return the artifacts that dataset.ttl lists as distributions, sorted by `dataset_order`."""
    return _ordered((artifact.dataset_order, artifact) for artifact in artifacts)


def listed(artifacts: Iterable[Artifact]) -> list[Artifact]:
    """Return the artifacts that the start page and the README list, sorted by `page_order`."""
    return _ordered((artifact.page_order, artifact) for artifact in artifacts)


def _ordered(artifacts: Iterable[tuple[int | None, Artifact]]) -> list[Artifact]:
    placed = [(order, artifact.name, artifact) for order, artifact in artifacts if order is not None]
    return [artifact for _, _, artifact in sorted(placed, key=lambda one: one[:2])]
