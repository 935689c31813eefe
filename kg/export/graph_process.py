"""A process that writes the core graph, the evidence graph, and the store that contains both graphs.

The evidence graph has the words in the articles on which mentions of concepts are based. It depends only on the texts
and the mentions. The process therefore writes it, and loads it into the store, while the build still computes
relations, communities and the layout. The core graph has everything else, so it is written last.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

import msgspec
import pyarrow as pa

from kg.base.iris import Minter
from kg.base.memory import gc_paused
from kg.base.report import Report
from kg.base.tables import share_table, shared_tables
from kg.engine.local import Ahead, ahead
from kg.export.rdf.evidence_graph import FILE_NAME as EVIDENCE
from kg.export.rdf.evidence_graph import Which, write_evidence
from kg.export.rdf.metadata import ExportMetadata
from kg.export.rdf.serialize import CORE, NTRIPLES, write_core
from kg.export.rdf.statistics import GraphStatistics
from kg.export.store.write_store import StoreWriter
from kg.storage.staging import writing

WORTH_A_PROCESS: Final = 1000
"""Smallest number of articles for which a separate process saves more time than its start takes."""

_NAME: Final = f"{CORE.name}, {EVIDENCE} and store"
_EARLY: Final = ("articles", "mentions")
"""Names of the tables that the build shares first: it writes them to files that the process reads.

The file evidence.nt.gz is made from these tables alone.
"""
_EARLY_SHARED: Final = "chosen"
"""Name of an empty file, which the build creates when it has written the tables `_EARLY`."""
_REPORT: Final = "report"
_LINES: Final = "lines"
"""Name of a file with the pickled statistics of both graphs. The process writes it when all N-Triples are written."""
_EVERY: Final = 0.05
"""Seconds between two checks whether a file exists for which the process waits."""


@dataclass(slots=True)
class Written:
    """The result of a `GraphsTask`: the time that each part of its work took, and statistics of the named graphs.

    A key of `timings` is "write " and the name of a part, such as "write store"; the value is in seconds. The keys of
    `graphs` are "core" and "evidence".
    """

    timings: dict[str, float] = field(default_factory=dict)
    graphs: dict[str, GraphStatistics] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Measure how long the body of the with statement takes, and store this as the time of the part `name`."""
        start = time.perf_counter()
        yield
        self.timings[f"write {name}"] = round(time.perf_counter() - start, 3)


@dataclass(frozen=True, slots=True)
class GraphsTask:
    """The task of writing the graphs and their store. It can be pickled and run in another process.

    The task waits for each of its inputs until the build has written this input to a file.
    """

    folder: Path
    """Folder into which the build writes the tables `_EARLY`, and later the report."""
    tables: Path
    """Folder into which the build writes all tables (`kg.base.tables.share_tables`), before it writes the report."""
    out: Path
    base: str
    which: Which | Literal["none"]
    previous: Path | None
    """Folder of the last build, or None.

    The store of the last build is reused if the new graphs differ little from the graphs in it.
    """

    def __call__(self) -> Written:
        """Write each graph as soon as the build has written the tables that the graph needs, then finish the store.

        Raises:
            MachineError: if a file cannot be written.
        """
        minter, written = Minter(self.base), Written()
        self.out.mkdir(exist_ok=True)
        with writing(_NAME), gc_paused(), ExitStack() as stack:
            store = stack.enter_context(StoreWriter(self.out, self.previous))
            _wait_for(self.folder / _EARLY_SHARED)
            if self.which != "none":
                with written.part(EVIDENCE):
                    load = store.graph(minter.evidence_graph, EVIDENCE)
                    written.graphs["evidence"] = write_evidence(
                        shared_tables(self.folder), minter, self.out / EVIDENCE, self.which, load
                    )
            report = msgspec.json.decode(_wait_for(self.folder / _REPORT).read_bytes(), type=Report)
            with written.part(CORE.name):
                load = store.graph(minter.core_graph, NTRIPLES)
                tables = shared_tables(self.tables)
                written.graphs["core"] = write_core(tables, ExportMetadata.of(report), self.out, load)
            _write_whole(self.folder / _LINES, pickle.dumps(written.graphs))
            with written.part("store"):
                stack.close()
        return written


class GraphsWriter:
    """A context manager, with which a build starts a `GraphsTask` and gives the task its inputs.

    Leaving the context ends the separate process of the task, if there is one.

    Args:
        task: the task to run.
        articles: number of articles.
        jobs: number of processes that a build may use. If it is more than one, and there are at least `WORTH_A_PROCESS`
            articles, the task runs in a separate process while the build goes on. Otherwise, the method `result` runs
            the task in this process.
    """

    def __init__(self, task: GraphsTask, *, articles: int, jobs: int) -> None:
        self._task = task
        self._is_ahead = jobs > 1 and articles >= WORTH_A_PROCESS
        self._stack = ExitStack()
        self._ahead: Ahead[Written] | None = None
        self._written: Written | None = None

    def __enter__(self) -> Self:
        with writing(_NAME):
            self._task.folder.mkdir()
        if self._is_ahead:
            self._ahead = self._stack.enter_context(ahead(self._task))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, at)

    @property
    def shared(self) -> Path:
        """The folder into which the build must write all tables; see `kg.base.tables.share_tables`."""
        return self._task.tables

    @property
    def processes(self) -> int:
        """Number of separate processes that write the graphs: 1 if there is such a process, otherwise 0."""
        return int(self._ahead is not None)

    @property
    def cores(self) -> int:
        """Number of cores that the separate process keeps busy while it writes N-Triples; 0 without such a process.

        If there is no earlier store to reuse, two cores are busy: one writes lines, and one loads them into the store.
        """
        return self.processes * (1 if self._task.previous else 2)

    def begin(self, articles: pa.Table, mentions: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Write the tables of articles and mentions to files, so that the task can write the evidence.

        The process of the task maps these files into memory. The contents of the tables must be final, and the rows
        must be sorted by the url of the article.

        Returns:
            Tables with the same contents. The texts of the articles, and the mentions, are mapped from these files.

        Raises:
            MachineError: if a file cannot be written.
        """
        with writing(_NAME):
            for name, table in zip(_EARLY, (articles.select(["url", "parts"]), mentions), strict=True):
                share_table(name, table, self._task.folder)
            (self._task.folder / _EARLY_SHARED).touch()
        shared = shared_tables(self._task.folder)
        place = articles.schema.get_field_index("parts")
        return articles.set_column(place, articles.schema.field(place), shared.articles["parts"]), shared.mentions

    def tell(self, report: Report) -> None:
        """Write the report to a file, so that the task can write the core graph.

        Before this call, all tables must be in the folder `shared`. Entries of the report that are not known yet may be
        missing.
        """
        _write_whole(self._task.folder / _REPORT, msgspec.json.encode(report))

    def wait_for_lines(self) -> None:
        """Wait until the separate process has written all N-Triples or has ended.

        Return at once if there is no such process.
        """
        while self._ahead and not (self._ahead.is_done() or (self._task.folder / _LINES).exists()):
            time.sleep(_EVERY)

    def statistics(self) -> dict[str, GraphStatistics]:
        """Wait until all N-Triples are written, and return the statistics of each named graph.

        The store may still be unfinished when this method returns. The keys of the result are "core" and "evidence".
        """
        self.wait_for_lines()
        lines = self._task.folder / _LINES
        if not lines.exists():
            return self.result().graphs
        graphs: dict[str, GraphStatistics] = pickle.loads(lines.read_bytes())
        return graphs

    def result(self) -> Written:
        """Wait until the graphs and the store are written, and return the result of the task.

        Before this call, all tables must be in the folder `shared`, and `tell` must have been called.
        """
        if self._written is None:
            self._written = self._ahead.result() if self._ahead else self._task()
        return self._written


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, then rename it, so that a waiting process never reads an incomplete file."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.rename(path)


def _wait_for(path: Path) -> Path:
    while not path.exists():
        time.sleep(_EVERY)
    return path
