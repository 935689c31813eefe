"""Division of the articles' files into batches, and the data that a worker process gets and returns for a batch.

A worker reads and tags the articles of a batch, and returns rows of tables. The rows contain the articles and the terms
found in their texts; see `kg.annotate.rows`.
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
"""Average total size, in bytes, of the files of a batch. A worker reads and tags one batch of files at a time.

A batch of this size takes a few seconds. So progress is visible, and little work is lost if a worker dies.
"""
_MAX_BATCH_SIZE: Final = 4
"""A batch is full when the total size of its files is at least this multiple of `BATCH_BYTES`."""


@dataclass(frozen=True, eq=False)
class AnnotationJob:
    """The settings for reading and tagging. All batches of files share them, and each worker receives them once."""

    root: Path
    config: Config
    """The configuration. Settings that do not affect reading and tagging have their defaults, see `for_articles`."""
    model: TokenModel | None
    """Model that predicts which tokens are part of keywords; None if data are collected to train such a model."""
    names: tuple[str, ...] = ()
    """Names from external vocabularies to look for in every article, as normal forms (singular, lower case)."""


Batch = tuple[str, ...]
"""The files of one batch, as paths relative to the folder of all articles."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """The result of reading and tagging one batch of files."""

    digests: tuple[str, ...]
    """Digest of the bytes that were read from each file, as returned by the function `digest`."""
    rows: bytes
    """The rows of all articles of the batch, as a ZIP archive of tables; see `Collected.to_bytes`."""


def for_articles(config: Config) -> Config:
    """Return a copy of `config` in which all settings that do not affect reading and tagging have their defaults.

    So cached results of reading and tagging stay valid after a change of such a setting.
    """
    concepts = config.concepts
    kept = Concepts(keywords=concepts.keywords, accept=concepts.accept, merge=concepts.merge)
    return Config(site=config.site, read=config.read, fields=config.fields, annotate=config.annotate, concepts=kept)


def batches(root: Path, files: Sequence[str]) -> list[Batch]:
    """Split the sorted `files` into batches with a size of about `BATCH_BYTES` bytes each.

    Whether a batch ends after a file depends on a hash of the file's path and on the file's size: the larger the file,
    the more likely a batch ends after it. So adding or removing a file usually changes only the batch with this file.
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
