"""The core graph, the evidence and their store, by a process that begins as soon as the concepts are chosen.

The evidence needs nothing but them and the texts. So it is written, and loaded, while relations, communities and places
are still being found.
"""

from __future__ import annotations

import gc
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
"""Articles from which on starting processes costs less than it saves."""

_NAME: Final = f"{CORE.name}, {EVIDENCE} and store"
_EARLY: Final = ("articles", "mentions")
_CHOSEN: Final = "chosen"
"""Is there when these tables are."""
_REPORT: Final = "report"
_LINES: Final = "lines"
"""Is there when all lines are written, and says how much they are."""
_EVERY: Final = 0.05
"""Seconds between two looks for what is waited for."""


@dataclass(slots=True)
class Written:
    """The seconds that each part took, and what is said in each named graph."""

    timings: dict[str, float] = field(default_factory=dict)
    graphs: dict[str, GraphStatistics] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Measure a part."""
        start = time.perf_counter()
        yield
        self.timings[f"write {name}"] = round(time.perf_counter() - start, 3)


@dataclass(frozen=True, slots=True)
class GraphsTask:
    """What is to be written, for another process."""

    folder: Path
    """Where what is known early lies, and later the report."""
    tables: Path
    """Where all tables are shared by then, see `kg.base.tables.share_tables`."""
    out: Path
    base: str
    which: Which | Literal["none"]
    previous: Path | None

    def __call__(self) -> Written:
        """Write it, as soon as the tables that it needs are there.

        Raises:
            MachineError: if a file cannot be written.
        """
        minter, written = Minter(self.base), Written()
        self.out.mkdir(exist_ok=True)
        with writing(_NAME), gc_paused(), ExitStack() as stack:
            store = stack.enter_context(StoreWriter(self.out, self.previous))
            _await(self.folder / _CHOSEN)
            if self.which != "none":
                with written.part(EVIDENCE):
                    load = store.graph(minter.evidence_graph, EVIDENCE)
                    written.graphs["evidence"] = write_evidence(
                        shared_tables(self.folder), minter, self.out / EVIDENCE, self.which, load
                    )
            report = msgspec.json.decode(_await(self.folder / _REPORT).read_bytes(), type=Report)
            with written.part(CORE.name):
                load = store.graph(minter.core_graph, NTRIPLES)
                tables = shared_tables(self.tables)
                written.graphs["core"] = write_core(tables, ExportMetadata.of(report), self.out, load)
            _write_whole(self.folder / _LINES, pickle.dumps(written.graphs))
            with written.part("store"):
                stack.close()
        return written


class GraphsWriter:
    """Writes the graphs, as a context manager that ends what it began.

    Args:
        task: what is to be written.
        articles: how many there are.
        jobs: processes that a build may use. One of them writes the graphs as soon as it is told what it needs, if
            there may be several and there are many articles; otherwise `result` does.
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
        """Where all tables are to be shared."""
        return self._task.tables

    @property
    def processes(self) -> int:
        """How many are at it."""
        return int(self._ahead is not None)

    @property
    def cores(self) -> int:
        """How many it keeps busy until all lines are written: a second one loads them, where the store is a new one."""
        return self.processes * (1 if self._task.previous else 2)

    def begin(self, articles: pa.Table, mentions: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Begin, with all articles and their final mentions, both sorted by url.

        Returns:
            The same tables, of which the articles' texts and the mentions are shared with who writes the graphs.

        Raises:
            MachineError: if a file cannot be written.
        """
        with writing(_NAME):
            for name, table in zip(_EARLY, (articles.select(["url", "parts"]), mentions), strict=True):
                share_table(name, table, self._task.folder)
            (self._task.folder / _CHOSEN).touch()
        shared = shared_tables(self._task.folder)
        place = articles.schema.get_field_index("parts")
        return articles.set_column(place, articles.schema.field(place), shared.articles["parts"]), shared.mentions

    def tell(self, report: Report) -> None:
        """Give the report, as far as it is known, when all tables are shared."""
        _write_whole(self._task.folder / _REPORT, msgspec.json.encode(report))

    def wait_for_lines(self) -> None:
        """Wait, where a process writes graphs, until all lines are written and only the store is to be finished."""
        while self._ahead and not (self._ahead.is_done() or (self._task.folder / _LINES).exists()):
            time.sleep(_EVERY)

    def statistics(self) -> dict[str, GraphStatistics]:
        """What is said in each named graph, as soon as it is written; the store may still not be finished."""
        self.wait_for_lines()
        lines = self._task.folder / _LINES
        if not lines.exists():
            return self.result().graphs
        graphs: dict[str, GraphStatistics] = pickle.loads(lines.read_bytes())
        return graphs

    def result(self) -> Written:
        """What was written, when it is; asked for once all tables are shared, and the report is told."""
        if self._written is None:
            self._written = self._ahead.result() if self._ahead else self._task()
        return self._written


@contextmanager
def gc_paused() -> Iterator[None]:
    """Keep Python from looking for cycles: nodes and rows have none, but millions of them have it look all the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file that another process waits for, and must not see half of."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.rename(path)


def _await(path: Path) -> Path:
    while not path.exists():
        time.sleep(_EVERY)
    return path
