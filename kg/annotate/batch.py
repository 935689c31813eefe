"""The per-article stage: turn files into rows, one batch of files at a time."""

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
"""Mean source bytes of a batch: a few seconds of work, so that progress is visible and losing a worker costs little."""
_MAX_BATCH_SIZE: Final = 4
"""Size at which a batch ends in any case, in units of `BATCH_BYTES`."""


@dataclass(frozen=True, eq=False)
class AnnotationJob:
    """The settings common to all batches; sent to each worker once."""

    root: Path
    config: Config
    """As returned by `for_articles`."""
    model: TokenModel | None
    """Model of the tokens that are part of keywords; None if one is to be trained."""
    names: tuple[str, ...] = ()
    """Normal forms to look for in every article: the names in external vocabularies."""


Batch = tuple[str, ...]
"""Paths of files, relative to the root."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """The result of a batch: the digest of each file as read, and the rows as returned by `Collected.to_bytes`."""

    digests: tuple[str, ...]
    rows: bytes


def for_articles(config: Config) -> Config:
    """Return the part of `config` that the rows of an article depend on, with defaults for all other settings."""
    concepts = config.concepts
    kept = Concepts(keywords=concepts.keywords, accept=concepts.accept, merge=concepts.merge)
    return Config(site=config.site, read=config.read, fields=config.fields, annotate=config.annotate, concepts=kept)


def batches(root: Path, files: Sequence[str]) -> list[Batch]:
    """Split the sorted `files` into batches of about `BATCH_BYTES` each.

    A hash of a file's path decides whether a batch ends after it; the probability is proportional to the file's size.
    Adding or removing a file therefore changes only the batch that contains it.
    """
    result: list[Batch] = []
    start = size = 0
    for index, file in enumerate(files):
        own = file_size(root / file)
        size += own
        chance = int.from_bytes(hashlib.sha256(file.encode()).digest()[:4]) / 2**32
        if chance < own / BATCH_BYTES or size >= _MAX_BATCH_SIZE * BATCH_BYTES or index + 1 == len(files):
            result.append(tuple(files[start : index + 1]))
            start, size = index + 1, 0
    return result


def digest(raw: bytes | OSError) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal, or an empty string if the file could not be read."""
    return hashlib.sha256(raw).hexdigest() if isinstance(raw, bytes) else ""


def annotate_batch(job: AnnotationJob, batch: Batch) -> Annotated:
    """Read and annotate every file of a batch; see `kg.annotate.worker`."""
    # Imported here because it imports spaCy, which only annotating processes need.
    from kg.annotate.worker import annotate

    return annotate(job, batch)


def prepare(pipeline: str | None) -> None:
    """Load the tagger that `annotate_batch` needs before the first batch arrives."""
    from kg.annotate.nlp.pipeline import load_tagger

    load_tagger(pipeline)
