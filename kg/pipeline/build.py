"""The flow, from a folder of articles to everything that is published; read this file first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.batch import AnnotationJob, for_articles, prepare
from kg.annotate.collect import Rows, is_whole, read_rows
from kg.annotate.curation import Curation, read_curation
from kg.annotate.extract.token_model import load_token_model
from kg.annotate.nlp.package import pipeline_identity, pipeline_version
from kg.annotate.stage import digests_of, read_and_tag
from kg.base.clock import Clock, Progress
from kg.base.config import Config, find_config, load_config
from kg.base.digests import digest_of
from kg.base.errors import DataError
from kg.base.iris import DEFAULT_BASE, check_base
from kg.base.memory import compact_allocator, release_memory
from kg.base.model import Problem, Severity
from kg.base.report import Report, read_report, time_of_build, versions, write_report
from kg.base.software import code_digest, output_software, row_software
from kg.base.tables import Tables, each_row, share_tables, write_tables
from kg.concepts.linking.lexicon import Lexicon
from kg.concepts.linking.mapping_report import ambiguous_labels, linked_vocabularies
from kg.concepts.linking.skos_mapping import stated_broader
from kg.concepts.ranking.ranker import Ranker, load_ranker, model_folder, model_version
from kg.concepts.ranking.score_cache import cached_scores
from kg.concepts.relations.relate import relate
from kg.concepts.review.synonyms import propose
from kg.concepts.selection.select import select
from kg.concepts.terms.corpus import Corpus, added_up
from kg.concepts.terms.curate import unused_entries
from kg.engine.local import Local, available_cores, started
from kg.export.graph_process import GraphsTask, GraphsWriter, gc_paused
from kg.graph.articles import article_table, duplicate_urls
from kg.graph.links import resolve_links
from kg.graph.structure import with_structure
from kg.pipeline.build_report import build_report, with_proposals
from kg.pipeline.cluster import engine_at, scheduler_address
from kg.pipeline.inputs import input_digest, is_whole_build, size_of
from kg.pipeline.write_all import publish
from kg.read.dialects.site import resolve_config
from kg.read.files import exists_below, find_articles
from kg.read.folder_problems import language_problems
from kg.read.vocabulary import read_vocabulary
from kg.render.site.places import without_file
from kg.storage.cache import Cache, cache_folder, cache_limit
from kg.storage.staging import check_target, staging, swap_in, tidy, writing


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
        vocabularies: SKOS files whose concepts are looked for and matched; instead of those in kg.toml.
        evidence: publish the best occurrence of each pair of an article and a concept, or all, or none; instead of what
            kg.toml says.
        jobs: worker processes; by default one a core.
        engine: where articles are read and tagged: "local", in worker processes of this machine, or
            "dask://HOST:PORT", on the workers of that Dask scheduler, which must see the same files and have the same
            software.
        cache: keep what is read of each article for the next build, and use what earlier ones kept; take over the store
            of the output that is there, where little of it differs; and leave that output as it is where nothing that
            it depends on has changed.
        site_jsonld: write JSON-LD to embed in the articles' pages, or not, instead of what kg.toml says.
        site_faq: write it with their questions and answers, or not.
        site_pages: write a page for everything that has an IRI, or not.
        progress: called while the build runs.

    Returns:
        The report, as in report.json: counts, and every problem found. An article that cannot be read is an error in
        it, and everything else is built.

    Raises:
        UsageError: `articles` is no folder, `out` is a folder that is not ours, kg.toml is wrong, there is no
            vocabulary of that name, or no such engine.
        DataError: a vocabulary cannot be read as SKOS.
        MachineError: the disk is full, a file cannot be written, workers keep dying, or a cluster's are not fit.
    """
    scheduler = scheduler_address(engine)
    root = Path(articles)
    target = Path(out) if out is not None else Path("exports") / root.resolve().name
    source = Path(config) if config is not None else find_config(root)
    chosen = {"per_article": concepts_per_article, "vocabularies": tuple(map(str, vocabularies)) or None}
    published = {
        "evidence": evidence,
        "site_jsonld": site_jsonld,
        "site_faq": site_faq,
        "site_pages": site_pages,
    }
    settings = resolve_config(root, _settings(source, base, chosen, published))
    lexicon = _lexicon(settings, None if vocabularies else source)
    curation = read_curation(settings.concepts, source)
    model = model_folder(settings.concepts.model, source)
    pipeline = pipeline_version(settings.annotate.pipeline)
    software = versions(pipeline, model_version(model))
    ended = time_of_build()
    check_target(target, root)
    processes = jobs or available_cores()
    clock = Clock(progress)
    previous = _whole_build(target) if cache else None
    with ExitStack() as stack:
        local = Local(processes)
        if scheduler is None and previous is None:  # there will be something to do
            local = stack.enter_context(started(processes, partial(prepare, settings.annotate.pipeline)))
        with clock.stage("find articles"):
            files, unreadable = find_articles(root, settings.read, skip=target)
            digests = digests_of(root, files)
        basis = digest_of(output_software(software))
        told = partial(input_digest, root, settings, unreadable, lexicon.digests, ended, basis, skip=target)
        if previous and previous.inputs == told(digests):
            tidy(target)
            return msgspec.structs.replace(previous, unchanged=True)
        rows_software = row_software(pipeline)
        ranker = load_ranker(model)
        job = AnnotationJob(
            root.resolve(),
            for_articles(settings),
            load_token_model(model, pipeline_identity(settings.annotate.pipeline)),
            tuple(lexicon.looked_for),
        )
        kept = Cache(cache_folder(), cache_limit(), is_whole) if cache else None
        folder = stack.enter_context(staging(target))
        with clock.stage("read and tag"):
            read = read_and_tag(
                job,
                digests,
                folder / "rows",
                software=digest_of(rows_software),
                engine=engine_at(scheduler, local, job, rows_software, digests),
                cache=kept,
                on_done=clock.counter("read and tag", len(files)),
            )
        task = GraphsTask(
            folder / "graphs",
            folder / "tables",
            folder / "out",
            settings.base or DEFAULT_BASE,
            settings.publish.evidence,
            target if previous else None,
        )
        graphs = stack.enter_context(GraphsWriter(task, articles=len(files), jobs=processes))
        with clock.stage("choose concepts"), gc_paused(), compact_allocator():
            asked = ["odds", software["lightgbm"], software["model"], code_digest(("concepts",)), str(root.resolve())]
            remember = partial(cached_scores, kept, digest_of(asked), folder)
            ranker = replace(ranker, remember=remember)
            tables, found = _tables(root, read.rows, settings, curation, ranker, lexicon, graphs, folder)
            with writing("tables"):
                write_tables(tables, folder / "out" / "tables")
                tables = share_tables(tables, graphs.shared)
        unplaced = without_file(tables, settings)
        problems = [*unreadable, *found, *unplaced.problems]
        linked = linked_vocabularies(lexicon, tables.concepts)
        report = build_report(
            root, settings, software, tables, problems, linked, len(files) + len(unreadable), ended, read.rows
        )
        with clock.stage("publish"):
            writers = publish(report, folder / "out", unplaced, graphs, jobs=processes)
            report = with_proposals(report, propose(tables, read_rows(read.rows, "acronyms")))
            writers |= graphs.result().timings  # the store takes longest
        report = msgspec.structs.replace(
            report,
            timings=clock.timings | writers,
            inputs=told(read.digests),
            size=size_of(folder / "out"),
            cache_failure=kept.failure_text if kept else None,
        )
        write_report(report, folder / "out")
        swap_in(folder / "out", target)
    return report


def _whole_build(target: Path) -> Report | None:
    """The report of the build in `target`, if there is one of which nothing is missing."""
    try:
        report = read_report(target)
        return report if is_whole_build(report, target) else None
    except (DataError, OSError):
        return None


def _settings(source: Path | None, base: str | None, concepts: Mapping[str, Any], publish: Mapping[str, Any]) -> Config:
    """What kg.toml says, but where something else was asked for."""
    settings = load_config(source) if source is not None else Config()
    return msgspec.structs.replace(
        settings,
        base=check_base(base or settings.base or DEFAULT_BASE),
        concepts=msgspec.structs.replace(settings.concepts, **_given(concepts)),
        publish=msgspec.structs.replace(settings.publish, **_given(publish)),
    )


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _lexicon(settings: Config, source: Path | None) -> Lexicon:
    """The names of all vocabularies, whose paths are relative to the kg.toml `source`, if they are from there."""
    folder = source.parent if source is not None else Path()
    paths = {(folder / path).resolve(): folder / path for path in settings.concepts.vocabularies}
    return Lexicon([read_vocabulary(path) for path in paths.values()])


def _tables(
    root: Path,
    rows: Sequence[Rows],
    settings: Config,
    curation: Curation,
    ranker: Ranker,
    lexicon: Lexicon,
    graphs: GraphsWriter,
    folder: Path,
) -> tuple[Tables, list[Problem]]:
    """The graph's tables from the rows of all batches, and what was wrong with them.

    `graphs` begins as soon as the concepts are chosen. `folder` is for temporary files.
    """
    articles = read_rows(rows, "articles")
    duplicates = duplicate_urls(zip(*(articles[name].to_pylist() for name in ("url", "path", "line")), strict=True))
    if duplicates:
        left_out = pa.array([problem.file for problem in duplicates], pa.string())
        articles = articles.filter(pc.invert(pc.is_in(articles["path"], left_out)))
    evidence = Corpus(
        articles=articles,
        read_candidates=partial(
            _in_parts, rows, "candidates", articles["file"].combine_chunks() if duplicates else None
        ),
        read_forms=partial(_in_parts, rows, "forms", None),
        words=added_up(read_rows(rows, "words")),
        acronyms=read_rows(rows, "acronyms"),
    )
    selection = select(evidence, settings.concepts, ranker, lexicon, folder)
    repeated, words = evidence.repeated, evidence.words
    table, mentions = graphs.begin(article_table(articles), selection.mentions())
    articles = articles.drop_columns(["parts"])
    release_memory()  # choosing took a lot of room
    concepts = selection.concepts()
    unused = unused_entries(curation, evidence, concepts)
    del evidence, selection
    release_memory()
    concepts, relations = relate(
        concepts,
        mentions,
        articles,
        texts=table,
        kinds=read_rows(rows, "kinds"),
        sentences=read_rows(rows, "definitions"),
        words=words,
        without=articles.filter(pc.is_in(articles["file"], pa.array(repeated, pa.int32())))["url"].to_pylist(),
        stated=stated_broader(lexicon, concepts),
    )
    edges, dangling = resolve_links(
        each_row(articles.select(["file", "url", "id", "title", "subject", "path", "aliases"])),
        each_row(read_rows(rows, "links")),
        settings.read,
        exists=exists_below(root),
    )
    tables = with_structure(table, edges, concepts, mentions, relations)
    found = read_rows(rows, "problems").to_pylist()
    problems = [Problem(**{**row, "severity": Severity(row["severity"])}) for row in found]
    foreign = language_problems(articles["is_english"].to_pylist())
    shared = ambiguous_labels(lexicon, concepts)
    return tables, [*problems, *duplicates, *dangling, *unused, *foreign, *shared]


def _in_parts(rows: Sequence[Rows], name: str, files: pa.Array | None, columns: Sequence[str]) -> Iterator[pa.Table]:
    """These columns of the rows of that name of each batch, or of those of its files that are among `files`."""
    yield read_rows([], name, columns).select(columns)
    for part in rows:
        if files is None:
            yield read_rows([part], name, columns).select(columns)
        else:
            found = read_rows([part], name, ["file", *columns])
            yield found.filter(pc.is_in(found["file"], files)).select(columns)
