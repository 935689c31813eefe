"""The store is loaded in blocks, some of them side by side."""

import gc
import os
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.export.store import write_store as store
from kg.export.store.write_store import FOLDER, StoreWriter

GRAPHS = {"https://kg.test/one": "one.nt", "https://kg.test/other": "other.nt"}


def line(graph: str, number: int) -> str:
    """A line of N-Triples, some of which stand in both graphs."""
    return f'<https://kg.test/s{number}> <https://kg.test/p> "{number if number % 3 else graph}" .\n'


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_BLOCK", 500)


@pytest.mark.usefixtures("small_blocks")
def test_all_of_many_blocks_is_loaded_into_its_graph(tmp_path: Path) -> None:
    with StoreWriter(tmp_path) as writer:
        for iri, name in GRAPHS.items():
            load = writer.graph(iri, name)
            for number in range(200):
                load(line(iri, number).encode())
    loaded = ox.Store.read_only(str(tmp_path / FOLDER))
    for iri in GRAPHS:
        wanted = {
            triple.triple for number in range(200) for triple in ox.parse(line(iri, number), ox.RdfFormat.N_TRIPLES)
        }
        assert {quad.triple for quad in loaded.quads_for_pattern(None, None, None, ox.NamedNode(iri))} == wanted
    assert len(loaded) == 400


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("broken", [0, 100, 199])
def test_a_block_that_cannot_be_loaded_is_told_whenever_it_comes(tmp_path: Path, broken: int) -> None:
    def write() -> None:
        with StoreWriter(tmp_path) as writer:
            load = writer.graph("https://kg.test/one", "one.nt")
            for number in range(200):
                load(b"no triple\n" if number == broken else line("one", number).encode())

    with pytest.raises(SyntaxError):
        write()
    gc.collect()  # the error's traceback holds the store
    ox.Store(str(tmp_path / FOLDER))  # which RocksDB would refuse while another one is open


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no nice value of its own")
def test_merging_waits_for_loading(tmp_path: Path) -> None:
    with StoreWriter(tmp_path):
        threads = Path("/proc/self/task").iterdir()
        merging = [int(thread.name) for thread in threads if (thread / "comm").read_text().strip() == store._MERGING]
        assert merging, "RocksDB has given its threads another name"
        assert {os.getpriority(os.PRIO_PROCESS, thread) for thread in merging} == {store._NICE}
