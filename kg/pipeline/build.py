"""The build, from a folder of articles to the published files. Read this module first.

Reading and tagging turn each article, with its links and candidate terms, into rows of several tables
(`kg.annotate.rows`). The steps in `kg.pipeline.steps` turn these rows into the tables of the graph. The steps in
`kg.pipeline.write_all` turn these tables into files. `kg.pipeline.resources` decides which steps run at the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from kg.annotate.collect import read_rows
from kg.annotate.stage import digests_of
from kg.base.clock import Progress
from kg.base.errors import DataError
from kg.base.iris import Minter
from kg.base.model import Severity
from kg.base.report import Report, read_report, write_report
from kg.concepts.review.synonyms import propose
from kg.pipeline.artifact_registry import artifacts
from kg.pipeline.build_report import build_report, with_proposals
from kg.pipeline.change_detection import (
    check_not_emptied,
    check_same_source,
    input_digest,
    is_whole_build,
    size_of,
    source_digest,
)
from kg.pipeline.plan import make_plan
from kg.pipeline.resources import Resources
from kg.pipeline.steps import find_files, load_models, make_tables
from kg.pipeline.write_all import finish_store, publish
from kg.render.site.places import without_file
from kg.storage.staging import check_can_write, check_target, swap_in, tidy


def build(
    articles: str | Path,
    out: str | Path | None = None,
    *,
    config: str | Path | None = None,
    base: str | None = None,
    concepts_per_article: int | Literal["auto"] | None = None,
    vocabularies: Sequence[str | Path] = (),
    evidence: Literal["top", "all", "none"] | None = None,
    jobs: int | None = None,
    engine: str = "local",
    cache: bool = True,
    site_jsonld: bool | None = None,
    site_faq: bool | None = None,
    site_pages: bool | None = None,
    related_json: bool | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Report:
    """Build the knowledge graph of a folder of Markdown articles.

    Args:
        articles: the articles folder.
        out: the output folder, which is replaced as a whole when the build is complete. By default, it is
            `exports/NAME`, where NAME is the name of the articles folder.
        config: a file kg.toml; by default the one in the folder `articles` or beside this folder, if there is one.
        base: the base IRI; overrides kg.toml.
        concepts_per_article: how many of the best candidates of each article become concepts, or "auto" for all
            candidates that are probably concepts; overrides kg.toml.
        vocabularies: SKOS files whose concepts are matched with the concepts of the graph; override kg.toml.
        evidence: which occurrences of concepts to publish as evidence: "top" for the best one of each concept in each
            article, "all", or "none"; overrides kg.toml.
        jobs: number of worker processes; by default, the number of cores that this process may use.
        engine: the engine that reads and tags the articles: "local" for worker processes of this machine, or
            "dask://HOST:PORT" for the workers of the Dask scheduler at that address. Those workers must see the same
            files and have the same software.
        cache: whether to use results of earlier builds. If true, articles whose results are in the cache are not read
            and tagged again, and new results are kept there. The store of the existing output is reused if it differs
            little from the new store. If no input has changed, the existing output is left as it is.
        site_jsonld: whether to write JSON-LD to embed in the web pages of the articles; overrides kg.toml.
        site_faq: whether to include questions and answers in that JSON-LD; overrides kg.toml.
        site_pages: whether to write an HTML page for each IRI; overrides kg.toml.
        related_json: whether to write a JSON file with related articles for each article; overrides kg.toml.
        progress: called while the build runs, see `kg.base.clock.Progress`.

    Returns:
        The report with counts and all problems, as it is in report.json. If an article cannot be read, the report has
        an error for this article, and the graph is built from the other articles.

    Raises:
        UsageError: `articles` is not a folder, `out` is not a kg build, the default output folder has the build of
            another folder, kg.toml is invalid, a vocabulary does not exist, or the engine is unknown.
        DataError: a vocabulary cannot be read as SKOS, or `articles` has no articles but the build in `out` has some.
        MachineError: the disk is full, a file cannot be written, workers keep dying, or workers of a cluster cannot be
            used.
    """
    plan = make_plan(
        Path(articles),
        Path(out) if out is not None else None,
        Path(config) if config is not None else None,
        base=base,
        concepts={"per_article": concepts_per_article, "vocabularies": tuple(map(str, vocabularies)) or None},
        publish={
            "evidence": evidence,
            "site_jsonld": site_jsonld,
            "site_faq": site_faq,
            "site_pages": site_pages,
            "related_json": related_json,
        },
    )
    check_target(plan.target, plan.root)
    if out is None:
        check_same_source(plan)
    previous = _whole_build(plan.target) if cache else None
    if previous is None:
        check_can_write(plan.target)
    resources = Resources(plan, jobs=jobs, engine=engine, cache=cache, previous=previous is not None, progress=progress)
    with resources:
        # Find the articles; if nothing has changed, the previous build is the result.
        with resources.clock.stage("find articles"):
            found = find_files(plan)
            check_not_emptied(plan, found.files)
            digests = digests_of(plan.root, found.files)
        if previous and previous.inputs == input_digest(plan, found.problems, digests):
            tidy(plan.target)
            return msgspec.structs.replace(previous, unchanged=True)

        # Read and tag each article. The result: rows.
        models = load_models(plan)
        resources.stage_output()
        read = resources.read_and_tag(digests, models.tokens)

        # Choose concepts, relate them, and resolve links. The result: tables.
        graphs = resources.start_graphs(len(found.files))
        with resources.choosing():
            ranker = resources.with_scores(models.ranker)
            tables, problems = make_tables(plan, found, read.rows, ranker, resources.folder, resources)
            tables = resources.write_tables(tables)

        # Publish the tables. The result: files, pages and the store.
        unplaced = without_file(tables, plan.settings, [artifact.name for artifact in artifacts(plan.settings.publish)])
        problems = [*found.problems, *problems, *unplaced.problems]
        files = len(found.files) + sum(problem.severity is Severity.ERROR for problem in found.problems)
        report = build_report(plan, tables, problems, files, read.rows)
        with resources.clock.stage("publish"):
            timings = publish(report, resources.out, unplaced, graphs, jobs=resources.jobs)
            report = with_proposals(report, propose(tables, read_rows(read.rows, "acronyms")))
            timings |= finish_store(graphs, resources.out, Minter(report.configuration["base"]))  # takes longest

        # Replace the output folder by the new one.
        report = msgspec.structs.replace(
            report,
            timings=resources.clock.timings | timings,
            inputs=input_digest(plan, found.problems, read.digests),
            source=source_digest(plan),
            size=size_of(resources.out),
            cache_failure=resources.cache.failure_text if resources.cache else None,
        )
        write_report(report, resources.out)
        swap_in(resources.out, plan.target)
    return report


def _whole_build(target: Path) -> Report | None:
    """Return the report of the build in `target`; None if there is no build, or if it is not complete."""
    try:
        report = read_report(target)
        return report if is_whole_build(report, target) else None
    except (DataError, OSError):
        return None
