"""The resources of a build: processes, cache and memory, and which steps run concurrently.

Nothing here changes a byte of the output. The policy:

- Worker processes start while the articles are still being found (`kg.engine.local.started`).
- The process that writes the graphs starts before concepts are chosen, and writes the evidence as soon as the mentions
  are final (`kg.export.graph_process`).
- Python's cycle collector pauses while concepts are chosen, and free memory is returned to the system after each step
  that needed much.
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

from kg.annotate.batch import AnnotationJob, for_articles, prepare
from kg.annotate.collect import is_whole
from kg.annotate.extract.token_model import TokenModel
from kg.annotate.stage import ReadAndTagged, read_and_tag
from kg.base.clock import Clock, Progress
from kg.base.digests import digest_of
from kg.base.iris import DEFAULT_BASE
from kg.base.memory import compact_allocator, release_memory
from kg.base.tables import Tables, share_tables, write_tables
from kg.concepts.ranking.ranker import Ranker
from kg.concepts.ranking.score_cache import cached_scores
from kg.engine.local import Local, available_cores, started
from kg.export.graph_process import GraphsTask, GraphsWriter, gc_paused
from kg.pipeline.cluster_workers import engine_at, scheduler_address
from kg.pipeline.plan import Plan
from kg.storage.cache import Cache, cache_folder, cache_limit
from kg.storage.staging import staging, writing


class Resources:
    """Context manager for everything that a build holds while it runs.

    Args:
        plan: the plan of the build.
        jobs: worker processes; one a core if None.
        engine: "local" or "dask://HOST:PORT".
        cache: whether rows and scores of earlier builds are used and kept.
        previous: whether the output folder holds a whole build, whose store may be reused.
        progress: called with the progress.

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
        if self._scheduler is None and not self._previous:  # then there will be articles to read
            begin = partial(prepare, self._plan.settings.annotate.pipeline)
            self._local = self._stack.enter_context(started(self.jobs, begin))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, at)

    @property
    def folder(self) -> Path:
        """The staging folder, see `stage_output`."""
        return self._folder

    @property
    def out(self) -> Path:
        """The folder that becomes the output folder."""
        return self._folder / "out"

    def stage_output(self) -> None:
        """Lock the output folder and make a staging folder beside it.

        Raises:
            MachineError: another build holds the lock, or a folder cannot be made.
        """
        self._folder = self._stack.enter_context(staging(self._plan.target))

    def read_and_tag(self, digests: dict[str, str], model: TokenModel) -> ReadAndTagged:
        """Read and tag all articles with the engine, except the batches that are in the cache.

        Args:
            digests: the digest of each file by its path.
            model: the model that tells which tokens are part of a keyword.
        """
        plan = self._plan
        job = AnnotationJob(plan.root.resolve(), for_articles(plan.settings), model, tuple(plan.lexicon.looked_for))
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
        """Return the ranker with the cache of scores that earlier builds of this folder kept."""
        remember = partial(cached_scores, self.cache, self._plan.scores_key, self.folder)
        return replace(ranker, remember=remember)

    def start_graphs(self, articles: int) -> GraphsWriter:
        """Start the process that writes the graphs; it waits for `share`."""
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
        """Time the stage in which concepts are chosen, with its settings of memory."""
        with self.clock.stage("choose concepts"), gc_paused(), compact_allocator():
            yield

    def share(self, articles: pa.Table, mentions: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Hand the articles and the mentions to the graph process, which then writes the evidence."""
        return self._graphs.begin(articles, mentions)

    def release(self) -> None:
        """Return free memory to the system, since other processes of the build need it."""
        release_memory()

    def write_tables(self, tables: Tables) -> Tables:
        """Write all tables, and return them as mapped from the folder that the other processes read them from."""
        with writing("tables"):
            write_tables(tables, self.out / "tables")
            return share_tables(tables, self._graphs.shared)
