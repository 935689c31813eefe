"""Writing of all published files. Files that do not depend on each other are written in parallel."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa

from kg.base.config import Publish
from kg.base.iris import Minter
from kg.base.memory import gc_paused, release_memory
from kg.base.report import Report
from kg.base.tables import Tables, shared_tables
from kg.engine.local import run
from kg.export.artifacts import Write
from kg.export.graph_process import WORTH_A_PROCESS, GraphsWriter
from kg.export.rdf.dataset import FILE_NAME as DATASET
from kg.export.rdf.dataset import write_dataset
from kg.export.rdf.metadata import ExportMetadata
from kg.export.rdf.vocabulary import ONTOLOGY
from kg.export.store.write_store import FOLDER, add_graphs
from kg.pipeline.artifact_registry import artifacts, exporters
from kg.render.site.embedded import write_site_index, write_site_jsonld
from kg.render.site.places import EMBEDDED, RELATED, SITE, Unplaced
from kg.render.site.related_json import write_related_json
from kg.render.site.write_site import write_article_pages, write_concept_pages, write_other_pages
from kg.render.start_page import FILE_NAME as START_PAGE
from kg.render.start_page import write_start_page
from kg.storage.staging import writing

_ARTICLES_A_TASK: Final = 1000  # maximum number of articles whose pages one task writes
_CONCEPTS_A_TASK: Final = 5000  # maximum number of concepts whose pages one task writes


@dataclass(frozen=True, slots=True)
class _PartWriter:
    """A function that is called in worker processes, and writes some files of the export."""

    shared: Path
    report: Report
    out: Path

    def __call__(self, part: tuple[str, Write]) -> float:
        """Write some files, and return the seconds that this took.

        `part` is a pair: a name for error messages, and the function that writes the files.
        """
        name, write = part
        start = time.perf_counter()
        with writing(name), gc_paused():
            write(shared_tables(self.shared), self.report, self.out)
        return time.perf_counter() - start


def publish(report: Report, out: Path, unplaced: Unplaced, graphs: GraphsWriter, *, jobs: int) -> dict[str, float]:
    """Write all files that depend on the tables into `out`. At the end, only the store may still be unfinished.

    Args:
        report: the report as far as it is known; this function does not write it.
        out: the output folder.
        unplaced: the IRIs that get no page in a site, and the urls of articles that get no JSON-LD to embed.
        graphs: the writer of the core graph and the evidence, which may have begun its work. Its attribute `shared` is
            the folder from which processes read the tables.
        jobs: maximum number of processes.

    Returns:
        A mapping from "write NAME" to the seconds that the exporter NAME took. One entry is for all pages of a site.

    Raises:
        MachineError: if a file cannot be written.
    """
    graphs.tell(report)
    seconds: dict[str, float] = defaultdict(float)
    writer = _PartWriter(graphs.shared, report, out)
    tables = shared_tables(graphs.shared)

    def write(*parts: tuple[str, Write]) -> None:
        at_once = jobs - graphs.processes if report.counts["articles"] >= WORTH_A_PROCESS else 1
        for (name, _), taken in zip(parts, run(writer, parts, jobs=at_once), strict=True):
            seconds[f"write {name}"] += taken

    release_memory()
    settings = msgspec.convert(report.configuration["publish"], Publish)
    described = artifacts(settings)
    enabled = [exporter for exporter in exporters() if exporter.enabled(settings)]
    exports = [(exporter.name, task) for exporter in enabled for task in exporter.tasks(tables)]
    start_page = partial(write_start_page, artifacts=described)
    site = [*_site(tables, settings, unplaced)]
    if jobs <= graphs.cores and not site:  # a core becomes idle when nothing but the store is left to write
        graphs.wait_for_lines()
    write(*exports, (START_PAGE, start_page), *site)
    statistics = graphs.statistics()
    start = time.perf_counter()
    with writing(DATASET):
        write_dataset(tables, ExportMetadata.of(report), statistics, described, out)
    seconds[f"write {DATASET}"] = time.perf_counter() - start
    return {name: round(taken, 3) for name, taken in seconds.items()}


def finish_store(graphs: GraphsWriter, out: Path, minter: Minter) -> dict[str, float]:
    """Wait until the store has the graphs that `graphs` writes, and add the named graphs of dataset.ttl and kg.ttl.

    Returns:
        The timings of `graphs`.

    Raises:
        MachineError: if a file cannot be written.
    """
    timings = graphs.result().timings
    with writing(FOLDER):
        add_graphs(out, {minter.dataset: DATASET, minter.ontology_graph: ONTOLOGY})
    return timings


def _site(tables: Tables, settings: Publish, unplaced: Unplaced) -> Iterator[tuple[str, Write]]:
    """Yield the tasks that write a site. Each is a pair of a name and a function, which takes some seconds to run."""
    if settings.site_pages:
        for rows in _chunks(tables.concepts, _CONCEPTS_A_TASK):
            yield SITE, partial(write_concept_pages, unplaced=unplaced, rows=rows)
        for rows in _chunks(tables.articles, _ARTICLES_A_TASK):
            yield SITE, partial(write_article_pages, unplaced=unplaced, rows=rows)
        yield SITE, partial(write_other_pages, unplaced=unplaced)
    if settings.site_jsonld or settings.site_faq:
        for rows in _chunks(tables.articles, _ARTICLES_A_TASK):
            yield EMBEDDED, partial(write_site_jsonld, unplaced=unplaced, rows=rows)
        yield EMBEDDED, partial(write_site_index, unplaced=unplaced)
    if settings.related_json:
        for rows in _chunks(tables.articles, _ARTICLES_A_TASK):
            yield RELATED, partial(write_related_json, unplaced=unplaced, rows=rows)


def _chunks(table: pa.Table, size: int) -> list[tuple[int, int]]:
    """Split a table into ranges of at most `size` rows, and return these ranges.

    Each range is a pair: the number of its first row, and the number of the row after its last row.
    """
    return [(start, min(start + size, table.num_rows)) for start in range(0, table.num_rows, size)]
