"""`kg check`: find the problems of a folder of articles without building."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from kg.annotate.batch import Batch, batches
from kg.annotate.curation import read_curation
from kg.annotate.nlp.package import pipeline_language
from kg.base.clock import Clock
from kg.base.config import Config, find_config, load_config
from kg.base.model import ParsedArticle, Problem, in_order
from kg.engine.local import Local, available_cores
from kg.graph.articles import duplicate_urls
from kg.graph.link_resolution import resolve_links
from kg.read.article import read_article
from kg.read.dialects.resolve import resolve_config
from kg.read.files import exists_below, find_articles
from kg.read.folder_problems import language_problems, with_drafts_said_once


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
        jobs: number of worker processes; by default, as many as this process may use cores.
        progress: called with the name of the stage, the number of articles read and the total number of articles.

    Raises:
        UsageError: `articles` is not a folder, kg.toml is invalid, or its spaCy pipeline is not installed.
    """
    root = Path(articles)
    path = Path(config) if config is not None else find_config(root)
    settings = resolve_config(root, load_config(path) if path is not None else Config(), path)
    read_curation(settings.concepts, path)  # raises an error if entries contradict each other
    language = pipeline_language(settings.annotate.pipeline)
    files, problems = find_articles(root, settings.read)
    work = batches(root.resolve(), files)
    count = Clock(progress).counter("read", len(files))
    results: dict[int, tuple[list[ParsedArticle], list[Problem]]] = {}
    for index, result in Local(jobs or available_cores()).completed(
        partial(_read_batch, root.resolve(), settings, language), work
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
    _, dangling = resolve_links(rows, links, settings.read, exists=exists_below(root))
    foreign = language_problems([article.language for article in kept], language)
    return in_order([*with_drafts_said_once(problems), *duplicates, *dangling, *foreign])


def _read_batch(root: Path, config: Config, language: str, batch: Batch) -> tuple[list[ParsedArticle], list[Problem]]:
    """Read the articles of a batch. Return the articles, without their texts, and the problems with them."""
    articles: list[ParsedArticle] = []
    problems: list[Problem] = []
    for file in batch:
        article, wrong = read_article(root, file, config, language)
        problems += wrong
        if article is not None:
            articles.append(replace(article, parts=()))
    return articles, problems
