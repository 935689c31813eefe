"""Choice of the engine that reads and tags articles, and a check of the workers of a cluster.

The check makes sure that a worker gives the same results as the machine that builds.
"""

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
from kg.base.fingerprint import DISTRIBUTION, row_software
from kg.engine import Engine
from kg.engine.local import Local
from kg.read.files import read_bytes

_CLUSTER: Final = re.compile(r"dask://(?P<address>(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):(?P<port>[0-9]{1,5}))/?", re.ASCII)
_SAMPLE: Final = 8
"""Maximum number of files that each worker reads to check that they equal the files on this machine."""


def scheduler_address(engine: str) -> str | None:
    """Return the HOST:PORT of an engine "dask://HOST:PORT", or None for the engine "local".

    Raises:
        UsageError: if `engine` has neither form, or if it needs Dask and Dask is not installed.
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
    """Return the engine for a job: `local` if `scheduler` is None, otherwise the workers of this Dask scheduler.

    Args:
        scheduler: the HOST:PORT of the scheduler, or None; see `scheduler_address`.
        local: the engine that uses processes of this machine.
        job: the job that the workers will run.
        software: the software of this machine, see `kg.base.fingerprint.row_software`.
        digests: maps the path of each article to the digest of the file as this machine reads it.
    """
    if scheduler is None:
        return local
    from kg.engine.dask import Dask  # imported only here, since it imports asyncio, which only a cluster needs

    readable = [file for file, found in digests.items() if found]
    sample = readable[:: max(1, len(readable) // _SAMPLE)][:_SAMPLE]
    files = {file: digests[file] for file in sample}
    return Dask(scheduler, WorkerCheck(dict(software), job.config.annotate.pipeline, job.root, files))


@dataclass(frozen=True, slots=True)
class WorkerCheck:
    """A check that a worker has the same software, kind of processor and files as the machine that builds.

    It is called in the worker.
    """

    software: dict[str, str]
    """Software and processor of the machine on which `kg build` runs, see `kg.base.fingerprint.row_software`."""
    pipeline: str | None
    root: Path
    files: dict[str, str]
    """Key: the path of an article. Value: the digest of its file on the machine on which `kg build` runs."""

    def __call__(self) -> str | None:
        """Return the difference as a text that continues the subject "the worker", or None if nothing differs."""
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
