"""The process that writes the graphs, and who waits for it."""

import pickle
import threading
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from kg.export import graph_process as graphs
from kg.export.graph_process import GraphsTask, GraphsWriter
from kg.export.rdf.statistics import GraphStatistics
from tests.export.sample_tables import BASE, sample_tables


class Begun:
    """Work in another process, which is done when it is told to be."""

    done = False

    def is_done(self) -> bool:
        return self.done


@pytest.fixture
def writer(tmp_path: Path) -> GraphsWriter:
    task = GraphsTask(tmp_path / "graphs", tmp_path / "shared", tmp_path / "out", BASE, "top", None)
    return GraphsWriter(task, articles=10, jobs=2)


@pytest.mark.parametrize("end", ["lines", "died"])
def test_who_waits_for_lines_goes_on_when_they_are_written_or_never_will_be(writer: GraphsWriter, end: str) -> None:
    writer._task.folder.mkdir()
    writer._ahead = begun = Begun()
    waiting = threading.Thread(target=writer.wait_for_lines)
    waiting.start()
    time.sleep(3 * graphs._EVERY)
    assert waiting.is_alive()
    if end == "lines":
        (writer._task.folder / graphs._LINES).touch()
    begun.done = end == "died"
    waiting.join(10)
    assert not waiting.is_alive()


def test_nobody_waits_where_no_process_writes(writer: GraphsWriter) -> None:
    content = sample_tables()
    with writer:
        writer.begin(content.articles, content.mentions)
        assert writer.processes == 0
        writer.wait_for_lines()


def test_what_is_shared_early_is_the_same_and_takes_no_memory(writer: GraphsWriter) -> None:
    content = sample_tables()
    with writer:
        before = pa.total_allocated_bytes()
        articles, mentions = writer.begin(content.articles, content.mentions)
        assert pa.total_allocated_bytes() == before
    assert articles.equals(content.articles)
    assert mentions.equals(content.mentions)


@pytest.mark.parametrize(("previous", "cores"), [(None, 2), (Path("last"), 1)])
def test_a_new_store_takes_a_core_of_its_own(tmp_path: Path, previous: Path | None, cores: int) -> None:
    writer = GraphsWriter(GraphsTask(tmp_path, tmp_path, tmp_path, BASE, "top", previous), articles=10, jobs=2)
    assert writer.cores == 0
    writer._ahead = Begun()
    assert writer.cores == cores


def test_statistics_are_there_before_the_store_is(writer: GraphsWriter) -> None:
    writer._task.folder.mkdir()
    writer._ahead = Begun()
    said = {"core": GraphStatistics(3, Counter(a=2), Counter())}
    graphs._write_whole(writer._task.folder / graphs._LINES, pickle.dumps(said))
    assert writer.statistics() == said
