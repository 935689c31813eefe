"""Build a folder in several ways in this process, and print digests of its unrounded features, as JSON.

`python -m tests.determinism.observed_build ARTICLES`

The builds are real ones, but for the files, which are not written. What differs is what the features must not depend
on: how files are cut into batches, the order in which workers get them, and what a worker did before. If a variation
has a seed, every batch is worked on twice, in a random order, and both results must have the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn
from unittest import mock

import numpy as np
import pyarrow as pa
from threadpoolctl import threadpool_info

from kg.annotate.collect import read_rows
from kg.annotate.stage import ReadAndTagged
from kg.concepts.ranking.ranker import Ranker
from kg.engine import Engine
from kg.pipeline import resources
from kg.pipeline.build import build
from kg.pipeline.build_report import build_report

COMPARED = ("candidates", "acronyms", "kinds", "definitions")
"""The tables whose rows are of single articles; forms and words are counted for a whole batch."""
SMALL_CACHES = {
    "kg.annotate.nlp.pipeline.MAX_WORDS": 0,
    "kg.annotate.nlp.accelerate.tokenizer.MAX_CHUNKS": 50,
    "kg.annotate.nlp.accelerate.embedding.MAX_CACHED_ROWS": 50,
    "kg.annotate.extract.lexemes._MOST": 50,
}
"""Limits for what a worker keeps from one article to the next. It is full after a few articles."""


@dataclass(frozen=True)
class Variation:
    """A way to build a folder; `seed` is for the order of the batches, and `limits` are values of module attributes."""

    batch_bytes: int
    jobs: int = 1
    seed: int | None = None
    limits: Mapping[str, int] = field(default_factory=dict)


VARIATIONS = {
    "caches that are full at once": Variation(30_000, limits=SMALL_CACHES),  # the first, so that they are empty
    "all files at once": Variation(1_000_000),
    "each file alone, in a worker that has seen others": Variation(1, seed=1),
    "three workers": Variation(5_000, jobs=3, seed=2),
}


class ReportError(Exception):
    """The report of a build is complete, and only its files are missing."""


class Shuffled:
    """An engine that hands every item to `engine` twice, in a random order."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self._engine = engine
        self._seed = seed

    def completed(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Yield one result for each item, after a check that its second result is equal."""
        order = [*range(len(items))] * 2
        random.Random(self._seed).shuffle(order)
        first: dict[int, Any] = {}
        for place, result in self._engine.completed(function, [items[index] for index in order]):
            index = order[place]
            if index in first:
                assert result == first[index], f"{items[index]}: the second result differs"
                yield index, result
            else:
                first[index] = result


def digest(column: pa.ChunkedArray) -> str:
    """Return a digest of the values, of floats to the last bit."""
    values = column.combine_chunks()
    if pa.types.is_list(values.type):
        content = repr(values.to_pylist()).encode()
    elif pa.types.is_string(values.type):
        content = "\0".join(values.to_pylist()).encode()
    else:
        content = values.to_numpy(zero_copy_only=False).tobytes()
    return hashlib.sha256(content).hexdigest()


def observed_build(articles: Path, out: Path, variation: Variation) -> dict[str, Any]:
    """Build `articles` without the cache, up to the report.

    Returns:
        "columns", a digest of each column of the rows; "salience", a digest of the unrounded salience of all
        candidates; "features", the digest in the report.
    """
    found: dict[str, Any] = {}
    read_and_tag, engine_at, salience = resources.read_and_tag, resources.engine_at, Ranker.salience

    def observed_read(*arguments: Any, **options: Any) -> ReadAndTagged:
        read = read_and_tag(*arguments, **options)
        tables = {name: read_rows(read.rows, name) for name in COMPARED}
        found["columns"] = {
            f"{name}.{column}": digest(table[column]) for name, table in tables.items() for column in table.column_names
        }
        return read

    def observed_salience(ranker: Ranker, *arguments: Any) -> np.ndarray:
        result = salience(ranker, *arguments)
        found["salience"] = hashlib.sha256(result.tobytes()).hexdigest()
        return result

    def observed_report(*arguments: Any) -> NoReturn:
        found["features"] = build_report(*arguments).digests["features"]
        raise ReportError

    def engine(*arguments: Any) -> Engine:
        made = engine_at(*arguments)
        return made if variation.seed is None else Shuffled(made, variation.seed)

    with ExitStack() as patches:
        for name, value in {"kg.annotate.batch.BATCH_BYTES": variation.batch_bytes, **variation.limits}.items():
            patches.enter_context(mock.patch(name, value))
        patches.enter_context(mock.patch.object(resources, "read_and_tag", observed_read))
        patches.enter_context(mock.patch.object(resources, "engine_at", engine))
        patches.enter_context(mock.patch.object(Ranker, "salience", observed_salience))
        patches.enter_context(mock.patch("kg.pipeline.build.build_report", observed_report))
        patches.enter_context(suppress(ReportError))
        build(articles, out, jobs=variation.jobs, cache=False)
    return found


def main(articles: Path) -> None:
    """Print the kernel of BLAS, and what each variation found."""
    with TemporaryDirectory() as folder:
        builds = {name: observed_build(articles, Path(folder, "out"), each) for name, each in VARIATIONS.items()}
    kernels = {pool.get("architecture", "") for pool in threadpool_info() if pool["user_api"] == "blas"}
    print(json.dumps({"kernel": " ".join(sorted(kernels)), "builds": builds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
