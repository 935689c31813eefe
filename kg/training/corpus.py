"""Training data from a corpus whose articles have keywords.

The training data consist of candidates (terms that may become concepts), a mask of the candidates that are keywords,
and groups of articles. The groups are for cross-validation: each group is held out once.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kg.annotate.batch import AnnotationJob
from kg.annotate.collect import read_rows
from kg.annotate.curation import Curation
from kg.annotate.nlp.package import pipeline_identity
from kg.annotate.stage import digests_of, read_and_tag
from kg.base.arrays import Bools, Ints
from kg.base.config import Concepts, Config
from kg.base.errors import DataError
from kg.base.paths import real_path
from kg.concepts.selection.select import without_keywords
from kg.concepts.terms.corpus import Corpus, in_one_part
from kg.concepts.terms.variants import Variants, find_variants
from kg.engine.local import Local
from kg.read.files import find_articles
from kg.training.tokens import Vectors, load_vectors

LEAST_ARTICLES: Final = 100
"""Minimum number of articles with keywords that training needs.

A model that is fitted to fewer articles does not generalise.
"""
LEAST_GROUP: Final = 100
"""Minimum number of articles of a subject that forms its own group in cross-validation.

All smaller subjects together form one group.
"""
OTHERS: Final = "(smaller subjects)"
"""Name of the group of articles, in cross-validation, whose subjects are too small to be groups of their own."""
_FOLDS: Final = 5


@dataclass(frozen=True)
class TrainingCorpus:
    """Training data from a corpus whose articles have keywords. The number of an article is its row in `articles`."""

    articles: pa.Table
    """The articles that have keywords, as rows of `kg.annotate.rows.ARTICLES`, but without the keywords themselves."""
    candidates: pa.Table
    """The candidates of the articles, as rows of `kg.annotate.rows.CANDIDATES`.

    The column `file` has the number of the article. The candidates were extracted without using the keywords.
    """
    words: pa.Table
    variants: Variants
    """The concept that each term denotes, found without using the keywords."""
    repeated: Ints
    """Numbers of the articles that repeat the text of another article."""
    vectors: Vectors
    keywords: list[frozenset[str]]
    """For each article, the concepts that its author chose as keywords, as normal forms."""
    chosen: list[Bools]
    """For each article, a mask of its candidates: True for each candidate that is a keyword of the article."""
    groups: npt.NDArray[np.object_]
    """The name of each article's group: a subject, `OTHERS`, or for example "fold 1".

    In cross-validation, a group is held out as a whole.
    """
    pipeline: str
    """Name and version of the spaCy pipeline that tagged the articles."""


def read_corpus(
    root: Path, config: Config, work: Path, *, jobs: int, on_done: Callable[[int, int], None] = lambda done, total: None
) -> TrainingCorpus:
    """Read and tag all articles below `root`, and return training data from those that have keywords.

    Args:
        root: the folder of the articles.
        config: the configuration, which tells how articles are read. Its options for concepts are not used.
        work: an empty folder for temporary files, which take about 100 KB per article.
        jobs: number of worker processes.
        on_done: called with the number of articles done so far, and the number of all articles.

    Raises:
        DataError: if fewer than `LEAST_ARTICLES` articles have keywords, or if no candidate is a keyword of its
            article.
    """
    blind = msgspec.structs.replace(config, concepts=Concepts(keywords=False))
    files, _ = find_articles(root, config.read)
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        on_done(done, len(files))

    job = AnnotationJob(real_path(root), blind, None)
    rows = read_and_tag(job, digests_of(root, files), work / "rows", engine=Local(jobs), on_done=count).rows
    every = read_rows(rows, "articles")
    with_some = np.array([len(keywords) > 0 for keywords in every["keywords"].to_pylist()], np.bool_)
    if with_some.sum() < LEAST_ARTICLES:
        raise DataError(f"{root}: {with_some.sum()} articles have keywords; training needs {LEAST_ARTICLES} of them")
    numbers = np.full(1 + max(every["file"].to_pylist()), -1)
    numbers[every["file"].to_numpy()[with_some]] = np.arange(with_some.sum())
    articles, candidates, acronyms = (
        _numbered(table, numbers) for table in (every, read_rows(rows, "candidates"), read_rows(rows, "acronyms"))
    )
    words, forms = read_rows(rows, "words"), read_rows(rows, "forms")
    hidden = without_keywords(articles)
    evidence = Corpus(hidden, in_one_part(candidates), in_one_part(forms), words, acronyms)
    variants = find_variants(evidence, Curation())
    keywords = [
        frozenset(variants.concept(number, keyword["form"]) for keyword in found)
        for number, found in enumerate(articles["keyword_terms"].to_pylist())
    ]
    chosen = _chosen(candidates, keywords, variants)
    if not any(flags.any() for flags in chosen):
        raise DataError(f"{root}: none of the {len(keywords)} articles with keywords has one of them as a term")
    return TrainingCorpus(
        hidden,
        candidates,
        words,
        variants,
        evidence.repeated,
        _kept(load_vectors(rows), np.flatnonzero(with_some)),
        keywords,
        chosen,
        _groups(articles),
        pipeline_identity(config.annotate.pipeline),
    )


def _numbered(table: pa.Table, numbers: Ints) -> pa.Table:
    """Replace the file numbers in the column `file` by article numbers.

    `numbers[n]` is the number of the article from file n. If it is -1, the rows of file n are dropped.
    """
    found = numbers[table["file"].to_numpy()]
    place = table.schema.get_field_index("file")
    table = table.set_column(place, table.schema.field(place), pa.array(found, pa.int32()))
    return table.filter(pa.array(found >= 0)).combine_chunks()


def _kept(vectors: Vectors, numbers: Ints) -> Vectors:
    spans = [vectors.spans[number] for number in numbers.tolist()]
    return Vectors(vectors.values, vectors.starts[numbers], vectors.lengths[numbers], spans)


def _chosen(candidates: pa.Table, keywords: Sequence[frozenset[str]], variants: Variants) -> list[Bools]:
    found: list[list[bool]] = [[] for _ in keywords]
    for number, term in zip(candidates["file"].to_pylist(), candidates["term"].to_pylist(), strict=True):
        found[number].append(variants.concept(number, term) in keywords[number])
    return [np.array(flags, np.bool_) for flags in found]


def _groups(articles: pa.Table) -> npt.NDArray[np.object_]:
    """Return the name of each article's group for cross-validation.

    If at least two subjects have `LEAST_GROUP` articles or more, each of them is a group, and the articles of all other
    subjects are one more group. Otherwise the articles are divided into folds, which are random groups of about equal
    size. Hashes of the articles' urls decide which article is in which fold, so the result is reproducible.
    """
    subjects = [subject.casefold() if subject else "" for subject in articles["subject"].to_pylist()]
    counts = Counter(subjects)
    large = {subject for subject, count in counts.items() if subject and count >= LEAST_GROUP}
    if len(large) >= 2:
        return np.array([subject if subject in large else OTHERS for subject in subjects], object)
    urls = articles["url"].to_pylist()
    place = np.argsort(np.argsort([hash_of(url) for url in urls]))
    return np.array([f"fold {1 + number % _FOLDS}" for number in place], object)


def hash_of(url: str) -> str:
    """Return a hash of an article's url. Articles that are sorted by it are in a random, but reproducible order."""
    return hashlib.sha256(url.encode()).hexdigest()
