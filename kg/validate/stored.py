"""Comparison of the store with the files. A separate process reads the store, since damaged blocks may crash it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Store, parse

from kg.base.errors import DataError, MachineError, QueryTimeout
from kg.base.iris import Minter
from kg.query.process import QueryRunner
from kg.validate.compare_triples import Tally, differences
from kg.validate.rules import Findings
from kg.validate.sources import Progress, difference
from kg.validate.triples import Block, LineBlocks, as_stored, read_triples

STORE: Final = "store"
_TIMEOUT: Final = 600.0
"""The store counts as damaged if reading it makes no progress for so many seconds."""
_MEMORY: Final = 2_000_000_000
"""Maximum number of bytes that the process may address, in addition to the size of the store's files.

Reading an undamaged store needs a third of this.
"""

Graphs = dict[str, tuple[str, Tally] | None]
"""Key: the IRI of a named graph. Value: the file with its triples, and the tally `ReadFile.stored` of this file.

If the file could not be read, the value is None.
"""


def compare_store(
    out: Path, minter: Minter, graphs: Graphs, descriptions: Mapping[str, str], findings: Findings, progress: Progress
) -> None:
    """Read every block of the store of a build, and add findings for triples that differ from those of the files.

    Args:
        out: the folder of the build.
        minter: the IRIs of the build.
        graphs: the large named graphs, which have no blank nodes.
        descriptions: maps the IRI of each small named graph to the name of the Turtle file with its triples. The store
            must have these graphs and `graphs`, and no others.
        findings: the findings to which others are added.
        progress: called while the store is read.
    """
    if not (out / STORE).is_dir():
        findings.add("missing-file", f"{STORE} is not there", file=STORE)
        return
    memory = _MEMORY + sum(file.stat().st_size for file in (out / STORE).iterdir())
    runner = QueryRunner(out, minter, _TIMEOUT, memory=memory)
    compared = _Comparison(out, runner, graphs, descriptions, findings, progress)
    try:
        compared.run()
    except DataError as error:
        findings.add("broken-file", str(error), file=STORE)
    except (MachineError, QueryTimeout) as error:
        message = f"{out / STORE}: the store could not be read to its end, probably since it is damaged ({error})"
        findings.add("broken-file", message, file=STORE)


class _Comparison:
    """One comparison of a store with the files."""

    def __init__(
        self,
        out: Path,
        runner: QueryRunner,
        graphs: Graphs,
        descriptions: Mapping[str, str],
        findings: Findings,
        progress: Progress,
    ) -> None:
        self._out, self._runner, self._findings, self._progress = out, runner, findings, progress
        self._graphs, self._descriptions = graphs, descriptions
        self._described: dict[str, list[bytes]] = {graph: [] for graph in descriptions}

    def run(self) -> None:
        """Read the store once, and compare it. Where a graph differs, it is read again to find the differences."""
        tallies: dict[str, Tally] = {}
        lines = LineBlocks(lambda block: None)
        for part in self._runner.scan():
            if isinstance(part, bytes):
                lines.write(part)
            elif len(part) == 1:
                lines.close()
                tallies[part[0]] = Tally()
                lines = LineBlocks(partial(self._count, part[0], tallies[part[0]]))
            else:
                lines.close()
                name, dumped, counted = part
                if dumped != counted:
                    message = f"an index of {name} has {counted:,} triples instead of {dumped:,}"
                    self._findings.add("store", message, file=STORE)
        for graph in sorted(tallies.keys() - self._graphs.keys() - self._descriptions.keys()):
            self._findings.add("store", f"the store has a graph {graph}, which no file has", file=STORE)
        for graph, read in self._graphs.items():
            if read is not None and read[1] != tallies.get(graph, Tally()):
                self._differences(graph, *read, tallies.get(graph, Tally()))
        for graph, file in self._descriptions.items():
            self._compare_description(self._described[graph], file)

    def _count(self, graph: str, tally: Tally, lines: Block) -> None:
        tally.add(lines)
        if graph in self._described:
            self._described[graph] += lines
        read = self._graphs.get(graph)
        self._progress(f"{STORE}, {graph.rpartition('/')[2]}", tally.count, read[1].count if read else 0)

    def _differences(self, graph: str, file: str, tally: Tally, stored: Tally) -> None:
        def of_file(take: Callable[[Block], None]) -> None:
            read_triples(self._out / file, lambda lines: take([as_stored(line) for line in lines]))

        def of_store(take: Callable[[Block], None]) -> None:
            lines = LineBlocks(take)
            for part in self._runner.scan(graph):
                if isinstance(part, bytes):
                    lines.write(part)
            lines.close()

        for line, more in differences(tally.buckets_that_differ(stored), of_file, of_store):
            self._findings.add("store", difference(line, more, file, "the store"), file=STORE)

    def _compare_description(self, lines: list[bytes], file: str) -> None:
        """Compare the lines of a named graph of the store, which may have blank nodes, with a Turtle file."""
        written = Store()  # a store, because it changes the form of numbers
        try:
            written.load(path=self._out / file, format=RdfFormat.TURTLE)
        except (OSError, SyntaxError):
            return  # other checks report a file that is missing or has changed
        in_file = _canonical(written.quads_for_pattern(None, None, None))
        in_store = _canonical(parse(input=b"\n".join([*lines, b""]), format=RdfFormat.N_TRIPLES))
        for found, where, elsewhere in (
            (in_file - in_store, file, "the store"),
            (in_store - in_file, "the store", file),
        ):
            for line in sorted(found):
                self._findings.add("store", f"in {where}, but missing in {elsewhere}: {line}", file=STORE)


def _canonical(quads: Iterable[Quad]) -> set[str]:
    """Return the triples of a graph as text. Blank nodes have canonical names, so equal graphs give equal sets."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in dataset}
