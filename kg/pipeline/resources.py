"""The resources of a build (processes, cache and memory), and the choice of the steps that run at the same time.

Nothing in this module changes a byte of the output. The module follows these rules:

- Worker processes start while the articles are still being found (`kg.engine.local.started`).
- The process that writes the core graph and the evidence starts before concepts are chosen. It writes the evidence as
  soon as the mentions of concepts are final (`kg.export.graph_process`).
- Python's garbage collector for cycles pauses while concepts are chosen.
- After each step that needed much memory, memory that has become free is returned to the system.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from kg.annotate.batch import AnnotationJob, for_articles
from kg.annotate.collect import is_whole
from kg.annotate.extract.token_model import TokenModel
from kg.annotate.stage import ReadAndTagged, read_and_tag
from kg.annotate.worker_entry import prepare
from kg.base.clock import Clock, Progress
from kg.base.digests import digest_of
from kg.base.iris import DEFAULT_BASE
from kg.base.memory import compact_allocator, gc_paused, release_memory
from kg.base.paths import real_path
from kg.base.tables import Tables, share_tables, write_tables
from kg.concepts.ranking.ranker import Ranker
from kg.concepts.ranking.score_cache import cached_scores
from kg.engine.local import Local, available_cores, started
from kg.export.graph_process import GraphsTask, GraphsWriter
from kg.pipeline.cluster_workers import engine_at, scheduler_address
from kg.pipeline.plan import Plan
from kg.storage.cache import Cache, cache_folder, cache_limit
from kg.storage.staging import staging, writing


class Resources:
    """Context manager for the resources of a running build: processes, the cache and the staging folder.

    Args:
        plan: the plan of the build.
        jobs: number of worker processes; if None, the number of cores that this process may use.
        engine: "local" or "dask://HOST:PORT".
        cache: whether to use the cache: for the results of reading and tagging articles, and for the ranker's scores.
        previous: whether the output folder has a complete build, whose store may be reused.
        progress: called while the build runs, see `kg.base.clock.Progress`.

    Raises:
        UsageError: the engine is unknown.
    """

    def __init__(
        self, plan: Plan, *, jobs: int | None, engine: str, cache: bool, previous: bool, progress: Progress
    ) -> None:
        self.clock = Clock(progress)
        self.jobs = jobs or available_cores()
        self.cache = Cache(cache_folder(), cache_limit(), is_whole) if cache else None
        self._plan = plan
        self._scheduler = scheduler_address(engine)
        self._previous = previous
        self._stack = ExitStack()
        self._local = Local(self.jobs)

    def __enter__(self) -> Self:
        if self._scheduler is None and not self._previous:  # otherwise there may be nothing to read on this machine
            begin = partial(prepare, self._plan.settings.annotate.pipeline)
            self._local = self._stack.enter_context(started(self.jobs, begin))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, at)

    @property
    def folder(self) -> Path:
        """The staging folder, in which everything is written until the build is complete; see `stage_output`."""
        return self._folder

    @property
    def out(self) -> Path:
        """The folder, inside the staging folder, that will become the output folder."""
        return self._folder / "out"

    def stage_output(self) -> None:
        """Lock the output folder and make a staging folder beside it.

        Raises:
            MachineError: another build holds the lock, or a folder cannot be made.
        """
        self._folder = self._stack.enter_context(staging(self._plan.target))

    def read_and_tag(self, digests: dict[str, str], model: TokenModel) -> ReadAndTagged:
        """Read and tag all articles with the engine, except the batches of articles that are in the cache.

        Args:
            digests: maps the path of each file to the digest of the file.
            model: the model that tells which tokens are part of a keyword.

        Returns:
            The rows of all articles, including the rows from the cache.
        """
        plan = self._plan
        job = AnnotationJob(real_path(plan.root), for_articles(plan.settings), model, tuple(plan.lexicon.looked_for))
        with self.clock.stage("read and tag"):
            return read_and_tag(
                job,
                digests,
                self.folder / "rows",
                software=digest_of(plan.row_software),
                engine=engine_at(self._scheduler, self._local, job, plan.row_software, digests),
                cache=self.cache,
                on_done=self.clock.counter("read and tag", len(digests)),
            )

    def with_scores(self, ranker: Ranker) -> Ranker:
        """Return a copy of `ranker` that reuses the scores which earlier builds of this folder left in the cache."""
        remember = partial(cached_scores, self.cache, self._plan.scores_key, self.folder)
        return replace(ranker, remember=remember)

    def start_graphs(self, articles: int) -> GraphsWriter:
        """Start to write the core graph and the evidence, and return the object that controls this work.

        The work is done in a separate process if there are many articles. It waits until `share` is called.
        """
        task = GraphsTask(
            self.folder / "graphs",
            self.folder / "tables",
            self.out,
            self._plan.settings.base or DEFAULT_BASE,
            self._plan.settings.publish.evidence,
            self._plan.target if self._previous else None,
        )
        self._graphs = self._stack.enter_context(GraphsWriter(task, articles=articles, jobs=self.jobs))
        return self._graphs

    @contextmanager
    def choosing(self) -> Iterator[None]:
        """Measure the time of the stage in which concepts are chosen, and apply settings that save memory in it."""
        with self.clock.stage("choose concepts"), gc_paused(), compact_allocator():
            yield

    def share(self, articles: pa.Table, mentions: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Give the articles and mentions to the process that writes the evidence; return tables with equal contents."""
        return self._graphs.begin(articles, mentions)

    def release(self) -> None:
        """Return unused memory to the system, since other processes of the build need it."""
        release_memory()

    def write_tables(self, tables: Tables) -> Tables:
        """Write all tables twice: as output, and to a folder from which other processes read them.

        Return the tables as they are mapped into memory from that folder.
        """
        with writing("tables"):
            write_tables(tables, self.out / "tables")
            return share_tables(tables, self._graphs.shared)
