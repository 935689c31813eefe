"""Read and tag all files, one batch of files at a time.

If the cache has the results for a batch, they are taken from the cache. Otherwise, an engine runs the reading and
tagging of the batch in a process of this machine or of a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kg.annotate.batch import AnnotationJob, Batch, batches, digest
from kg.annotate.collect import Rows, holds_rows
from kg.annotate.worker_entry import annotate_batch
from kg.base.digests import digest_of
from kg.base.errors import MachineError
from kg.engine import Engine
from kg.read.files import read_bytes
from kg.storage.cache import Cache


@dataclass(frozen=True, slots=True)
class ReadAndTagged:
    """The result of reading and tagging all files."""

    rows: list[Rows]
    """References to the table rows with the results, one reference for each batch of files."""
    digests: dict[str, str]
    """Key: the path of a file, relative to the articles folder. Value: the digest of the file's contents."""


def digests_of(root: Path, files: Sequence[str]) -> dict[str, str]:
    """Return a mapping. Key: one of `files`, which are paths relative to `root`. Value: digest of the file's contents.

    The digests are computed by `kg.annotate.batch.digest`.
    """
    return {file: digest(read_bytes(root / file)) for file in files}


def read_and_tag(
    job: AnnotationJob,
    digests: Mapping[str, str],
    folder: Path,
    *,
    engine: Engine,
    on_done: Callable[[int], None],
    cache: Cache | None = None,
    software: str = "",
) -> ReadAndTagged:
    """Read and tag every file, and write the rows of tables that result to `folder`.

    Args:
        job: the settings for reading and tagging.
        digests: the files to read, sorted by path. Key: the path of a file, relative to `job.root`. Value: the digest
            that the file's contents had a moment ago, see `digests_of`.
        folder: a folder that does not exist yet. It is created, and gets one ZIP archive of rows for each batch.
        engine: the engine that runs the reading and tagging, in processes of this machine or of a cluster.
        on_done: called after each batch of files; its argument is the number of files in the batch.
        cache: cache of the rows of earlier builds, or None to use no cache.
        software: digest of the result of `kg.base.fingerprint.row_software`. It is used only in the keys of the cache.

    Raises:
        MachineError: if the engine fails, or if its workers read files that differ from those on this machine.
    """
    folder.mkdir()
    work = batches(job.root, list(digests))
    known = dict(digests)
    key = partial(_key, _basis(job, software))
    places = [folder / f"{number:06}.zip" for number in range(len(work))]
    missing: list[int] = []
    for number, batch in enumerate(work):
        entry = key(batch, [known[file] for file in batch])
        if cache is not None and cache.fetch(entry, places[number], holds_rows):
            on_done(len(batch))
        else:
            missing.append(number)
    results = engine.completed(partial(annotate_batch, job), [work[number] for number in missing])
    with closing(results):
        for index, annotated in results:
            number = missing[index]
            places[number].write_bytes(annotated.rows)
            read = dict(zip(work[number], annotated.digests, strict=True))
            _check_same_files(job.root, read, known)
            known |= read  # a file may have changed since `digests` was computed
            if cache is not None:
                cache.keep(key(work[number], annotated.digests), places[number])
            on_done(len(work[number]))
    if cache is not None:
        cache.trim()
    firsts = [0]
    for batch in work:
        firsts.append(firsts[-1] + len(batch))
    return ReadAndTagged([Rows(*pair) for pair in zip(places, firsts, strict=False)], known)


def _check_same_files(root: Path, read: Mapping[str, str], known: Mapping[str, str]) -> None:
    """Check that the files that a worker has read are the same on this machine. On a cluster, they may differ.

    Args:
        root: the articles folder.
        read: maps the path of each file that the worker has read to the digest of the contents that it found.
        known: maps the path of each file to the digest of its contents on this machine before the work began.

    Raises:
        MachineError: if a worker found other contents in a file, although the file has not changed on this machine.
    """
    for file, found in read.items():
        if found != known[file] and digest(read_bytes(root / file)) == known[file]:
            raise MachineError(
                f"a worker {'read something else in' if found else 'could not read'} {root / file}, which has not "
                "changed on this machine: every machine must have the same files at that path"
            )


def _basis(job: AnnotationJob, software: str) -> str:
    """Return a digest of everything that the rows of all batches depend on, except the contents of the files."""
    model = job.model.digest if job.model else None
    return digest_of([software, job.config, sorted(job.names), model])


def _key(basis: str, batch: Batch, digests: Sequence[str]) -> str:
    return digest_of([basis, list(zip(batch, digests, strict=True))])
