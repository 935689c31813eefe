"""The per-article stage: files -> rows, a batch of files at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.annotate.extract.token_model import TokenModel
from kg.base.config import Concepts, Config
from kg.read.files import file_size

BATCH_BYTES: Final = 250_000
"""Source bytes of a batch, on average: some seconds of work, so that progress shows and a lost worker costs little."""
_LONGEST_BATCH: Final = 4


@dataclass(frozen=True, eq=False)
class AnnotationJob:
    """What is the same for all batches, and is sent to every worker once."""

    root: Path
    config: Config
    """As `for_articles` leaves it."""
    model: TokenModel | None
    """Says which tokens are of keywords; none, where one is to be trained."""
    names: tuple[str, ...] = ()
    """Normal forms that are looked for in every article: the names that external vocabularies have."""


Batch = tuple[str, ...]
"""Some files, as paths below the root."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """What came of a batch: the digest of each file as it was read, and the rows, see `Collected.to_bytes`."""

    digests: tuple[str, ...]
    rows: bytes


def for_articles(config: Config) -> Config:
    """What of a configuration the rows of an article depend on; the rest as if nothing was said."""
    concepts = config.concepts
    kept = Concepts(keywords=concepts.keywords, accept=concepts.accept, merge=concepts.merge)
    return Config(site=config.site, read=config.read, fields=config.fields, annotate=config.annotate, concepts=kept)


def batches(root: Path, files: Sequence[str]) -> list[Batch]:
    """Cut the sorted `files` into batches of `BATCH_BYTES`, more or less.

    A batch ends where a hash of the file's own path says so, the likelier the larger the file is. So a file that comes
    or goes changes the batch that it is in, and no other one.
    """
    result: list[Batch] = []
    start = size = 0
    for index, file in enumerate(files):
        own = file_size(root / file)
        size += own
        chance = int.from_bytes(hashlib.sha256(file.encode()).digest()[:4]) / 2**32
        if chance < own / BATCH_BYTES or size >= _LONGEST_BATCH * BATCH_BYTES or index + 1 == len(files):
            result.append(tuple(files[start : index + 1]))
            start, size = index + 1, 0
    return result


def digest(raw: bytes | OSError) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal; the empty string where it could not be read."""
    return hashlib.sha256(raw).hexdigest() if isinstance(raw, bytes) else ""


def annotate_batch(job: AnnotationJob, batch: Batch) -> Annotated:
    """Read and annotate every file of a batch; see `kg.annotate.worker`."""
    # What loads spaCy is only loaded where articles are annotated.
    from kg.annotate.worker import annotate

    return annotate(job, batch)


def prepare(pipeline: str | None) -> None:
    """Load what `annotate_batch` needs, before there is a batch."""
    from kg.annotate.nlp.pipeline import load_tagger

    load_tagger(pipeline)
