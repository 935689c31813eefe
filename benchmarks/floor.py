"""The floor under a build's time: spaCy's tokenizer and tagger, and nothing else, over the texts of a folder.

Usage: python benchmarks/floor.py ARTICLES [--jobs N]

Title and text of every article are read first. What is timed are N processes, by default one a core, that load the
model that kg uses without all that a tag does not need, and tag their share of the texts. kg does all of this and
more, so that a build's seconds divided by the floor's say the same on any machine, and on a busy one too, if both
run in turn. Prints one line of JSON: articles, tokens, jobs, seconds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from spacy.language import Language

from kg.annotate.nlp.package import pipeline_package
from kg.engine.local import available_cores

NOT_NEEDED = ["parser", "ner", "senter", "attribute_ruler", "lemmatizer"]
IN_MEMORY = 256  # texts after which the words that spaCy has seen are forgotten
TOGETHER = 64  # texts whose matrices are multiplied together, which is kind to the floor


def tagger() -> Language:
    """The pipeline that kg uses, cut down to what gives every token a tag."""
    return importlib.import_module(pipeline_package(None)).load(exclude=NOT_NEEDED)


def tag(texts: Sequence[str]) -> int:
    """Tag the texts, keep nothing, and return the number of their tokens."""
    pipeline, tokens = tagger(), 0
    for first in range(0, len(texts), IN_MEMORY):
        with pipeline.memory_zone():
            docs = pipeline.pipe(texts[first : first + IN_MEMORY], batch_size=TOGETHER)
            tokens += sum(map(len, docs))
    return tokens


def count_tokens(texts: Iterable[str]) -> int:
    """The number of tokens, without tags."""
    pipeline, tokens = tagger(), 0
    for number, text in enumerate(texts, start=1):
        tokens += len(pipeline.make_doc(text))
        if number % 10_000 == 0:
            pipeline = tagger()  # a tokenizer keeps every word that it has seen
    return tokens


def main() -> None:
    from sources import read_sources  # not in the workers, which spawn imports this file for

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("articles", type=Path)
    options.add_argument("--jobs", type=int, default=available_cores())
    given = options.parse_args()
    texts = [f"{source.title}\n\n{source.markdown}" for source in read_sources(given.articles)]
    if not texts:
        sys.exit(f"{given.articles}: no article that has a text")
    shares = [texts[worker :: given.jobs] for worker in range(given.jobs)]
    start = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(given.jobs) as pool:
        tokens = sum(pool.map(tag, shares, chunksize=1))
    seconds = time.perf_counter() - start
    print(json.dumps({"articles": len(texts), "tokens": tokens, "jobs": given.jobs, "seconds": round(seconds, 3)}))


if __name__ == "__main__":
    main()
