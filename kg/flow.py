"""The flow, from a folder of articles to everything that is published; read this file first."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from kg import engine
from kg.annotate.batch import Batch, annotate_batch, batches
from kg.annotate.collect import read_rows
from kg.annotate.curation import Curation, read_curation
from kg.annotate.pipeline import pipeline_version
from kg.concepts.curate import unused_entries
from kg.concepts.ranking import Ranker, load_ranker, model_folder, model_version
from kg.concepts.relations import relate
from kg.concepts.repeats import repeats
from kg.concepts.select import Evidence, select
from kg.concepts.synonyms import Proposals, propose
from kg.config import FILE_NAME as CONFIG_NAME
from kg.config import Config, find_config, load_config
from kg.graph.articles import article_table, duplicate_urls
from kg.graph.links import resolve_links
from kg.graph.structure import with_structure
from kg.iris import DEFAULT_BASE, check_base
from kg.model import LinkStatus, Problem, RelationKind, Severity, in_order
from kg.output import check_target, staging, swap_in
from kg.publish.everything import publish
from kg.publish.site.places import without_file
from kg.read.files import exists_below, find_articles
from kg.read.folder import DRAFT, language_problems, with_drafts_said_once
from kg.read.site import settled
from kg.report import Report, build_digest, time_of_build, versions, write_report
from kg.tables import Tables, write_tables

Progress = Callable[[str, int, int], None]
"""Told the stage, how many of its articles are done, and how many there are (0 of 0 where a stage has none)."""


def build(
    articles: str | Path,
    out: str | Path | None = None,
    *,
    config: str | Path | None = None,
    base: str | None = None,
    concepts_per_article: int | Literal["auto"] | None = None,
    evidence: Literal["top", "all", "none"] | None = None,
    jobs: int | None = None,
    site_jsonld: bool | None = None,
    site_faq: bool | None = None,
    site_pages: bool | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Report:
    """Build the knowledge graph of a folder of Markdown articles.

    Args:
        articles: the folder.
        out: where everything is written, swapped in whole when it is done; `exports/NAME` by default, where NAME is the
            articles folder's own.
        config: a kg.toml; by default the one in `articles` or beside it, if there is one.
        base: the base IRI, instead of the one in kg.toml.
        concepts_per_article: keep that many of the best of every article, or what is probably one; instead of what
            kg.toml says.
        evidence: publish the best occurrence of each pair of an article and a concept, or all, or none; instead of what
            kg.toml says.
        jobs: worker processes; by default one a core.
        site_jsonld: write JSON-LD to embed in the articles' pages, or not, instead of what kg.toml says.
        site_faq: write it with their questions and answers, or not.
        site_pages: write a page for everything that has an IRI, or not.
        progress: called while the build runs.

    Returns:
        The report, as in report.json: counts, and every problem found. An article that cannot be read is an error in
        it, and everything else is built.

    Raises:
        UsageError: `articles` is no folder, `out` is a folder that is not ours, or kg.toml is wrong.
        MachineError: the disk is full, a file cannot be written, or workers keep dying.
    """
    root = Path(articles)
    target = Path(out) if out is not None else Path("exports") / root.resolve().name
    source = Path(config) if config is not None else find_config(root)
    published = {
        "evidence": evidence,
        "site_jsonld": site_jsonld,
        "site_faq": site_faq,
        "site_pages": site_pages,
    }
    settings = settled(root, _settings(source, base, concepts_per_article, published))
    curation = read_curation(settings.concepts, source)
    model = model_folder(settings.concepts.model, source)
    version, ranker = model_version(model), load_ranker(model)
    ended = time_of_build()
    check_target(target, root)
    processes = jobs or engine.available_cores()
    clock = _Clock(progress)
    with clock.stage("find articles"):
        files, unreadable = find_articles(root, settings.read, skip=target)
    with staging(target) as folder:
        with clock.stage("read and tag"):
            work = batches(root.resolve(), files, folder / "rows", settings, model)
            done = clock.counter("read and tag", work)
            rows = engine.run(annotate_batch, work, jobs=processes, on_done=done)
        with clock.stage("choose concepts"):
            tables, found, proposals = _tables(root, rows, settings, curation, ranker)
            write_tables(tables, folder / "out" / "tables")
        unplaced = without_file(tables, settings)
        problems = [*unreadable, *found, *unplaced.problems]
        report = _report(root, settings, version, tables, problems, proposals, len(files) + len(unreadable), ended)
        with clock.stage("publish"):
            writers = publish(report, folder / "out", unplaced, jobs=processes)
        report = msgspec.structs.replace(report, timings=clock.timings | writers)
        write_report(report, folder / "out")
        swap_in(folder / "out", target)
    return report


def _settings(
    source: Path | None, base: str | None, concepts: int | str | None, published: Mapping[str, bool | str | None]
) -> Config:
    settings = load_config(source) if source is not None else Config()
    settings = msgspec.structs.replace(settings, base=check_base(base or settings.base or DEFAULT_BASE))
    if concepts is not None:
        counted = msgspec.structs.replace(settings.concepts, per_article=concepts)
        settings = msgspec.structs.replace(settings, concepts=counted)
    told = {name: value for name, value in published.items() if value is not None}
    return msgspec.structs.replace(settings, publish=msgspec.structs.replace(settings.publish, **told))


def _tables(
    root: Path, rows: Sequence[Path], settings: Config, curation: Curation, ranker: Ranker
) -> tuple[Tables, list[Problem], Proposals]:
    """The graph's tables from the rows of all batches, what was wrong with them, and what a person should look at."""
    articles = read_rows(rows, "articles")
    found = read_rows(rows, "problems").to_pylist()
    problems = [Problem(**{**row, "severity": Severity(row["severity"])}) for row in found]
    duplicates = duplicate_urls(zip(*(articles[name].to_pylist() for name in ("url", "path", "line")), strict=True))
    left_out = pa.array([problem.file for problem in duplicates], pa.string())
    articles = articles.filter(pc.invert(pc.is_in(articles["path"], left_out)))
    links = read_rows(rows, "links").to_pylist()
    written = articles.drop_columns(["parts"]).to_pylist()
    edges, dangling = resolve_links(written, links, settings.read, exists=exists_below(root))
    candidates = read_rows(rows, "candidates")
    evidence = Evidence(
        articles=articles,
        candidates=candidates.filter(pc.is_in(candidates["file"], articles["file"].combine_chunks())),
        forms=read_rows(rows, "forms"),
        words=read_rows(rows, "words"),
        acronyms=read_rows(rows, "acronyms"),
    )
    concepts, mentions = select(evidence, settings.concepts, ranker)
    proposals = propose(evidence, concepts, mentions)
    concepts, relations = relate(
        concepts,
        mentions,
        articles,
        kinds=read_rows(rows, "kinds"),
        sentences=read_rows(rows, "definitions"),
        words=evidence.words,
        without=articles.filter(pc.is_in(articles["file"], pa.array(repeats(articles), pa.int32())))["url"].to_pylist(),
    )
    unused = unused_entries(curation, evidence.articles, evidence.candidates, concepts)
    tables = with_structure(article_table(articles), edges, concepts, mentions, relations)
    foreign = language_problems(articles["is_english"].to_pylist())
    return tables, [*problems, *duplicates, *dangling, *unused, *foreign], proposals


def _report(
    root: Path,
    settings: Config,
    model: str,
    tables: Tables,
    problems: list[Problem],
    proposals: Proposals,
    files: int,
    ended: str | None,
) -> Report:
    if settings.base == DEFAULT_BASE:
        message = (
            f"no base IRI is set, so the graph's names begin with {DEFAULT_BASE}: give --base or base in {CONFIG_NAME}"
        )
        problems = [*problems, Problem(Severity.WARNING, "default-base", CONFIG_NAME, None, "base", message)]
    if not files:
        message = f"no article was found: no file in {root} ends in {' or '.join(settings.read.suffixes)}"
        problems = [*problems, Problem(Severity.WARNING, "no-article", ".", None, None, message)]
    status = Counter(tables.links["status"].to_pylist())
    kinds = Counter(tables.relations["kind"].to_pylist())
    missing = tables.links.filter(pc.equal(tables.links["status"], LinkStatus.MISSING.value))
    counts: dict[str, Any] = {
        "files": files,
        "articles": tables.articles.num_rows,
        "drafts": sum(problem.code == DRAFT for problem in problems),
        "links": tables.links.num_rows,
        "links_by_url": status[LinkStatus.URL],
        "links_by_id": status[LinkStatus.ID],
        "links_by_path": status[LinkStatus.PATH],
        "links_by_name": status[LinkStatus.NAME],
        "links_missing": status[LinkStatus.MISSING],
        "missing_articles": len(set(missing["target"].to_pylist())),
        "concepts": tables.concepts.num_rows,
        "mentions": tables.mentions.num_rows,
        "broader": kinds[RelationKind.BROADER],
        "related": kinds[RelationKind.RELATED],
        "definitions": pc.count(tables.concepts["definition"]).as_py(),
        "communities": tables.communities.num_rows,
        "near_synonyms": len(proposals.near_synonyms),
        "ambiguous_terms": len(proposals.ambiguous),
    }
    software = versions(pipeline_version(settings.annotate.pipeline), model)
    sources = zip(tables.articles["path"].to_pylist(), tables.articles["sha256"].to_pylist(), strict=True)
    return Report(
        title=settings.title or root.resolve().name.replace("-", " "),
        build=build_digest(sources, settings.digest(), software),
        ended=ended,
        configuration=msgspec.to_builtins(settings),
        configuration_sha256=settings.digest(),
        versions=software,
        counts=counts,
        problems=in_order(with_drafts_said_once(problems)),
        near_synonyms=proposals.near_synonyms,
        ambiguous=proposals.ambiguous,
        timings={},
    )


class _Clock:
    """Times the stages and tells of their progress."""

    def __init__(self, progress: Progress) -> None:
        self.timings: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._progress(name, 0, 0)
        start = time.perf_counter()
        yield
        self.timings[name] = round(time.perf_counter() - start, 3)

    def counter(self, name: str, work: Sequence[Batch]) -> Callable[[int], None]:
        """A function that is told a batch's index when it is done."""
        total = sum(len(batch.files) for batch in work)
        done = 0

        def count(index: int) -> None:
            nonlocal done
            done += len(work[index].files)
            self._progress(name, done, total)

        return count
