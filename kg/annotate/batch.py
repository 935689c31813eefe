"""The per-article stage: turn files into rows of tables, one batch of files at a time.

The rows of an article hold what was read from its file and found in its text; see `kg.annotate.rows`.
"""

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
"""Average size of a batch, in bytes of source files.

A batch takes a few seconds. So progress is visible, and little work is lost if a worker fails.
"""
_MAX_BATCH_SIZE: Final = 4
"""A batch ends as soon as its size reaches this multiple of `BATCH_BYTES`."""


@dataclass(frozen=True, eq=False)
class AnnotationJob:
    """The settings that all batches share; they are sent to each worker once."""

    root: Path
    config: Config
    """The configuration, with only the settings that an article's rows depend on; see `for_articles`."""
    model: TokenModel | None
    """Model that tells which tokens are part of keywords; None if such a model is to be trained."""
    names: tuple[str, ...] = ()
    """Normal forms of the names in external vocabularies, to look for in every article."""


Batch = tuple[str, ...]
"""Paths of files, relative to the root."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """The result of a batch."""

    digests: tuple[str, ...]
    """Digest of each file, computed from the bytes that were read."""
    rows: bytes
    """The rows, as `Collected.to_bytes` returns them."""


def for_articles(config: Config) -> Config:
    """Return `config` with only the settings that an article's rows depend on; all others have their defaults."""
    concepts = config.concepts
    kept = Concepts(keywords=concepts.keywords, accept=concepts.accept, merge=concepts.merge)
    return Config(site=config.site, read=config.read, fields=config.fields, annotate=config.annotate, concepts=kept)


def batches(root: Path, files: Sequence[str]) -> list[Batch]:
    """Split the sorted `files` into batches of about `BATCH_BYTES` each.

    A hash of a file's path decides whether a batch ends after that file. The larger the file, the more
    likely the batch ends after it. Adding or removing a file therefore changes only the batch that contains it.
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
