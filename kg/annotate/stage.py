"""Read and tag all files.

The rows of a batch are taken from the cache if it has them. Else an engine annotates the batch.
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
    """The rows of each batch."""
    digests: dict[str, str]
    """Key: the path of a file. Value: the file's digest."""


def digests_of(root: Path, files: Sequence[str]) -> dict[str, str]:
    """Return a mapping. Key: the path of one of `files`, which are below `root`. Value: the digest of this file.

    See `kg.annotate.batch.digest`.
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
    """Read and annotate every file.

    Args:
        job: the settings of the annotation.
        digests: mapping from the path of each file below the job's root to the digest that it had a moment ago; sorted
            by path.
        folder: directory for the rows; it is created.
        engine: runs the work.
        on_done: called after each batch; its argument is the number of files in the batch.
        cache: cache of rows, or None to use none.
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
    """Check that a worker read the same files as this machine has; in a cluster the files may differ.

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
    """Return a digest of everything that the rows of all batches depend on, apart from the files themselves."""
    model = job.model.digest if job.model else None
    return digest_of([software, job.config, sorted(job.names), model])


def _key(basis: str, batch: Batch, digests: Sequence[str]) -> str:
    return digest_of([basis, list(zip(batch, digests, strict=True))])
