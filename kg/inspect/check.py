"""`kg check`: find the problems of a folder of articles without building."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa

from kg.annotate.batch import Batch, batches
from kg.annotate.curation import read_curation
from kg.annotate.nlp.package import pipeline_language
from kg.base.clock import Clock
from kg.base.config import Config
from kg.base.model import ParsedArticle, Problem, in_order
from kg.base.paths import real_path
from kg.engine.local import Local, available_cores
from kg.graph.articles import duplicate_urls
from kg.graph.link_table import resolve_links
from kg.read.article import read_article
from kg.read.files import exists_below, find_articles
from kg.read.folder_problems import language_problems, reasons_left_out, with_drafts_said_once
from kg.read.settings import read_settings


@dataclass(frozen=True, slots=True)
class FolderReading:
    """The contents of a folder of articles, read without a build.

    Attributes:
        articles: the articles, in the order of their paths.
        links: the links of the articles, a table with the schema `kg.base.tables.LINKS`.
        problems: all problems with the articles, errors first.
    """

    articles: list[ParsedArticle]
    links: pa.Table
    problems: list[Problem]


def check(
    articles: str | Path,
    *,
    config: str | Path | None = None,
    jobs: int | None = None,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> list[Problem]:
    """Return all problems with the articles that a build would report, errors first.

    Args:
        articles: the articles folder.
        config: a kg.toml; by default the one in `articles` or beside it.
        jobs: number of worker processes; by default, one for each processor core that kg may use.
        progress: called with the name of the stage, the number of articles read and the total number of articles.

    Raises:
        UsageError: if `articles` is not a folder, if kg.toml is invalid, or if its spaCy pipeline is not installed.
    """
    return read_folder(articles, config=config, jobs=jobs, progress=progress).problems


def read_folder(
    articles: str | Path,
    *,
    config: str | Path | None = None,
    jobs: int | None = None,
    texts: bool = False,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> FolderReading:
    """Read a folder of articles as a build does, and resolve the links.

    The arguments and errors are those of `check`. The articles have their texts only if `texts` is true.
    """
    root = Path(articles)
    settings, path = read_settings(root, Path(config) if config is not None else None)
    read_curation(settings.concepts, path)  # raises an error if entries contradict each other
    language = pipeline_language(settings.annotate.pipeline)
    files, problems = find_articles(root, settings.read)
    work = batches(real_path(root), files)
    count = Clock(progress).counter("read", len(files))
    results: dict[int, tuple[list[ParsedArticle], list[Problem]]] = {}
    for index, result in Local(jobs or available_cores()).completed(
        partial(_read_batch, real_path(root), settings, language, texts), work
    ):
        results[index] = result
        count(len(work[index]))
    read: list[ParsedArticle] = []
    for _, (found, wrong) in sorted(results.items()):
        read += found
        problems += wrong
    duplicates = duplicate_urls((article.url, article.path, article.line) for article in read)
    left_out = {problem.file for problem in duplicates}
    kept = [article for article in read if article.path not in left_out]
    links = [
        {"file": file, "position": position, **asdict(link)}
        for file, article in enumerate(kept)
        for position, link in enumerate(article.links, start=1)
    ]
    rows = [{"file": file, **{name: getattr(a, name) for name in a.__slots__}} for file, a in enumerate(kept)]
    reasons = reasons_left_out([*problems, *duplicates], (article.path for article in kept))
    table, dangling = resolve_links(rows, links, settings.read, exists=exists_below(root), left_out=reasons)
    foreign = language_problems([article.language for article in kept], language)
    return FolderReading(kept, table, in_order([*with_drafts_said_once(problems), *duplicates, *dangling, *foreign]))


def _read_batch(
    root: Path, config: Config, language: str, texts: bool, batch: Batch
) -> tuple[list[ParsedArticle], list[Problem]]:
    """Read a batch of files. Return their articles, with or without their texts, and the problems that were found."""
    articles: list[ParsedArticle] = []
    problems: list[Problem] = []
    for file in batch:
        article, wrong = read_article(root, file, config, language)
        problems += wrong
        if article is not None:
            articles.append(article if texts else replace(article, parts=()))
    return articles, problems
