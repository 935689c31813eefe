"""Build a folder in this process and print digests of its unrounded features, as JSON.

`python -m tests.determinism.observed_build ARTICLES --jobs 2 --batch-bytes 5000 --shuffle 3`

The build is a real one. What is changed is what its features must not depend on: how files are cut into batches, the
order in which workers get them, and what a worker did before. With `--shuffle SEED` every batch is worked on twice, in
a random order, and both results must have the same bytes. With `--small-caches` and one job, everything that a worker
keeps from one article to the next is full after a few articles.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
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

COMPARED = ("candidates", "acronyms", "kinds", "definitions")
"""The tables whose rows are of single articles; forms and words are counted for a whole batch."""
SMALL_CACHES = {
    "kg.annotate.nlp.pipeline.MAX_WORDS": 0,
    "kg.annotate.nlp.accelerate.tokenizer.MAX_CHUNKS": 50,
    "kg.annotate.nlp.accelerate.embedding.MAX_CACHED_ROWS": 50,
    "kg.annotate.extract.lexemes._MOST": 50,
}


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


def observed_build(articles: Path, out: Path, jobs: int, seed: int | None) -> dict[str, Any]:
    """Build `articles` into `out` without the cache.

    Returns:
        "kernel" of BLAS; "columns", a digest of each column of the rows; "salience", a digest of the unrounded
        salience of all candidates; "features", the digest in the report.
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

    def engine(*arguments: Any) -> Engine:
        return engine_at(*arguments) if seed is None else Shuffled(engine_at(*arguments), seed)

    with (
        mock.patch.object(resources, "read_and_tag", observed_read),
        mock.patch.object(resources, "engine_at", engine),
        mock.patch.object(Ranker, "salience", observed_salience),
    ):
        report = build(articles, out, jobs=jobs, cache=False)
    kernels = {pool.get("architecture", "") for pool in threadpool_info() if pool["user_api"] == "blas"}
    return {"kernel": " ".join(sorted(kernels)), "features": report.digests["features"], **found}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--batch-bytes", type=int, default=250_000)
    parser.add_argument("--shuffle", type=int, metavar="SEED")
    parser.add_argument("--small-caches", action="store_true")
    given = parser.parse_args()
    limits = SMALL_CACHES if given.small_caches else {}
    with TemporaryDirectory() as folder, ExitStack() as patches:
        for name, value in {"kg.annotate.batch.BATCH_BYTES": given.batch_bytes, **limits}.items():
            patches.enter_context(mock.patch(name, value))
        found = observed_build(given.articles, Path(folder, "out"), given.jobs, given.shuffle)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
