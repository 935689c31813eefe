"""Where the per-article stage runs: on this machine, or on a cluster whose workers do what this machine would do."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.annotate.batch import AnnotationJob, digest
from kg.annotate.nlp.package import pipeline_version
from kg.base.errors import UsageError
from kg.base.software import DISTRIBUTION, row_software
from kg.engine import Engine
from kg.engine.local import Local
from kg.read.files import read_bytes

_CLUSTER: Final = re.compile(r"dask://(?P<address>(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):(?P<port>[0-9]{1,5}))/?", re.ASCII)
_SAMPLE: Final = 8
"""Files that every worker must see as they are here."""


def scheduler_address(engine: str) -> str | None:
    """The HOST:PORT in "dask://HOST:PORT"; None for "local".

    Raises:
        UsageError: if it is neither, or if Dask is not installed.
    """
    if engine == "local":
        return None
    found = _CLUSTER.fullmatch(engine)
    if found is None or not 0 < int(found["port"]) < 65536:
        raise UsageError(f'the engine "{engine}" is neither local nor dask://HOST:PORT')
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(f"dask:// needs Dask, which is not installed: pip install {DISTRIBUTION}[dask]")
    return found["address"]


def engine_at(
    scheduler: str | None, local: Local, job: AnnotationJob, software: Mapping[str, str], digests: Mapping[str, str]
) -> Engine:
    """The engine: processes of this machine, or the workers of a scheduler.

    Args:
        scheduler: see `scheduler_address`.
        local: processes of this machine.
        job: what is to be done.
        software: see `kg.base.software.row_software`.
        digests: of each article by its path, as this machine reads it.
    """
    if scheduler is None:
        return local
    from kg.engine.dask import Dask  # loads asyncio, which only a cluster needs

    readable = [file for file, found in digests.items() if found]
    sample = readable[:: max(1, len(readable) // _SAMPLE)][:_SAMPLE]
    files = {file: digests[file] for file in sample}
    return Dask(scheduler, WorkerCheck(dict(software), job.config.annotate.pipeline, job.root, files))


@dataclass(frozen=True, slots=True)
class WorkerCheck:
    """Checks in a worker that it has the software, the kind of processor and the files of the machine that asks."""

    software: dict[str, str]
    """See `kg.base.software.row_software`."""
    pipeline: str | None
    root: Path
    files: dict[str, str]

    def __call__(self) -> str | None:
        """What differs; None if nothing does."""
        own = row_software(pipeline_version(self.pipeline))
        names = sorted(self.software.keys() | own.keys())
        differing = [
            f"{name} is {self.software.get(name, 'absent')} here and {own.get(name, 'absent')} there"
            for name in names
            if self.software.get(name) != own.get(name)
        ]
        if differing:
            return (
                f"would not give the same bytes: {', '.join(differing)}; every machine needs the same software and "
                "kind of processor, and workers that have started with it"
            )
        if not self.root.is_dir():
            return f"does not see the articles folder {self.root}: every machine must have it at that path"
        for file, expected in self.files.items():
            found = digest(read_bytes(self.root / file))
            if found != expected:
                what = "does not read the same in" if found else "cannot read"
                return f"{what} {self.root / file}: every machine must have the same files at that path"
        return None
