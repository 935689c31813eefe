"""All checks of a build, which `kg validate` runs.

Files are read as streams. Where possible, several checks use the triples while a file is read once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from kg.base.iris import Minter
from kg.base.report import FILE_NAME as REPORT
from kg.base.report import Report, read_report
from kg.export.rdf.vocabulary import ONTOLOGY
from kg.validate.against_tables import Mentioned, Texts, check_tables
from kg.validate.census import Census
from kg.validate.compare_triples import Subset
from kg.validate.core import ARTICLE, CONFIGURATION, SCHEME, Core, name
from kg.validate.dataset import FILE as DATASET
from kg.validate.dataset import activities, check_dataset, read_description
from kg.validate.evidence import FILE as EVIDENCE
from kg.validate.evidence import EvidenceCheck
from kg.validate.links import check_links
from kg.validate.outcome import Validation, outcome
from kg.validate.rules import Findings
from kg.validate.shapes import Shapes, check_shapes
from kg.validate.skos import check_skos
from kg.validate.sources import Progress, ReadFile, Sources
from kg.validate.stored import Graphs, compare_store
from kg.validate.triples import Block, iri, lexical, split

GRAPH: Final = "graph.nt"
_OTHERS: Final = ("graph.ttl", "graph.jsonld")
_CONCEPTS: Final = "concepts.ttl"
_NODES_AT_A_TIME: Final = 20_000  # maximum number of nodes that are checked against the shapes at once
_BESIDE: Final = {name("prov:Entity"), name("schema:SoftwareApplication")}
"""Classes without a shape. Each node with such a class also has another class, which has a shape."""


def validate(
    out: str | Path, *, everything: bool = False, progress: Progress = lambda stage, done, total: None
) -> Validation:
    """Check the build in the folder `out`.

    Args:
        out: the output folder of a build.
        everything: whether to check all nodes against the shapes, and not only a sample of every kind of node. All
            other checks are complete in either case.
        progress: called while the checks run, see `kg.validate.sources.Progress`.

    Returns:
        The result. It has no findings if every rule holds.

    Raises:
        DataError: if `out` is not a kg build.
    """
    folder = Path(out)
    return _Run(folder, read_report(folder), progress, everything).result()


class _Run:
    """One validation, with its intermediate results."""

    def __init__(self, out: Path, report: Report, progress: Progress, everything: bool) -> None:
        self._everything = everything
        self._out, self._report, self._progress = out, report, progress
        self._minter = Minter(report.configuration["base"])
        self._findings = Findings()
        self._sources = Sources(out, self._findings, progress)
        self._shapes = Shapes()
        self._core = Core(self._minter.base)
        self._censuses: dict[str, Census] = {}
        self._checked: dict[str, int] = {}
        self._left_out: list[str] = []

    def result(self) -> Validation:
        """Run all checks, and return the result.

        A check is skipped if it needs a file that cannot be read. The result lists the skipped checks.
        """
        graph = self._graph()
        if graph is None:
            self._left_out.append(f"everything that needs {GRAPH}")
        elif self._is_of_this_build():
            self._progress("SKOS and links", 0, 0)
            check_skos(self._core, self._minter.base, self._findings)
            check_links(self._core, self._minter.base, self._findings)
            evidence = self._tables_and_evidence()
            graphs: Graphs = {self._minter.core_graph: (GRAPH, graph.stored)}
            if self._evidence_mode != "none":
                graphs[self._minter.evidence_graph] = None if evidence is None else (EVIDENCE, evidence.stored)
            descriptions = {self._minter.dataset: DATASET, self._minter.ontology_graph: ONTOLOGY}
            described = descriptions if self._report.build else {}
            compare_store(self._out, self._minter, graphs, described, self._findings, self._progress)
            if self._report.build:
                self._dataset(graph, evidence)
                self._nodes()
            else:
                message = "it was built by an earlier version, which wrote no provenance and no dataset.ttl"
                self._findings.add("older-build", message, file=REPORT)
                self._left_out.append(f"{DATASET} and the shapes")
        self._artifacts()
        return outcome(self._out, self._findings, self._checked, self._left_out)

    def _artifacts(self) -> None:
        """Check that each file and folder that report.json lists exists. In an older build, the list is empty."""
        for artifact in self._report.artifacts:
            name = artifact.name.rstrip("/")
            if not (self._out / name).exists():
                self._findings.add("missing-file", f"{name} is not there", file=name)

    @property
    def _evidence_mode(self) -> Literal["top", "all", "none"]:
        mode: Literal["top", "all", "none"] = self._report.configuration.get("publish", {}).get("evidence", "none")
        return mode

    def _census(self, file: str) -> Census:
        census = Census(file, self._shapes.once, self._findings, keep_all=self._everything)
        self._censuses[file] = census
        return census

    def _graph(self) -> ReadFile | None:
        """Read graph.nt, and compare the other files of the core graph with it.

        Return the tallies of graph.nt, or None if it cannot be read to its end.
        """
        concepts = Subset()
        has_concepts = self._sources.is_whole(_CONCEPTS, concepts.add)
        census = self._census(GRAPH)

        def take(lines: Block, hashed: npt.NDArray[np.uint64]) -> None:
            concepts.cross_off(hashed)
            triples = [split(line) for line in lines]
            self._core.add(triples)
            census.add(triples)

        graph = self._sources.read(GRAPH, take)
        census.close()
        if graph is None:
            return None
        self._sources.expected = self._checked["triples of the core graph"] = graph.written.count
        if has_concepts and concepts.left:
            self._report_missing(concepts)
        for file in _OTHERS:
            self._sources.compare_file(file, GRAPH, graph)
        return graph

    def _report_missing(self, concepts: Subset) -> None:
        def look(lines: Block) -> None:
            for line in lines:
                if concepts.is_left(line):
                    self._findings.add("concepts-file", f"not in {GRAPH}: {line.decode()[:300]}", file=_CONCEPTS)

        self._sources.is_whole(_CONCEPTS, look)

    def _is_of_this_build(self) -> bool:
        """Return whether graph.nt is a graph of kg with the base IRI in report.json; the other checks need this.

        If it is not, add a finding. This method also adds findings for other signs that the files are from different
        builds, but these signs do not change what it returns.
        """
        core, report = self._core, self._report
        scheme = f"<{self._minter.concept_scheme}>".encode()
        if SCHEME not in core.types.get(scheme, ()):
            message = f"{GRAPH} does not describe {iri(scheme)}: {REPORT} has another base, or kg did not write {GRAPH}"
            self._findings.add("other-build", message, file=GRAPH)
            self._left_out.append(f"everything that needs {GRAPH}")
            return False
        for hashes in core.values[CONFIGURATION].values():
            if report.configuration_sha256 not in map(lexical, hashes):
                message = f"{GRAPH} was built with another configuration than {REPORT} says"
                self._findings.add("other-build", message, file=GRAPH)
        articles = len(core.of_class(ARTICLE))
        if articles != report.counts.get("articles"):
            message = f"{GRAPH} has {articles:,} articles, and {REPORT} counts {report.counts.get('articles', 0):,}"
            self._findings.add("other-build", message, file=GRAPH)
        return True

    def _tables_and_evidence(self) -> ReadFile | None:
        """Check the tables and the evidence, and return the tallies of the evidence.

        Return None if there is no evidence, or if the tables or the evidence cannot be read to their end.
        """
        tables = self._sources.tables()
        if tables is None:
            self._left_out.append("evidence, which needs the tables")
            return None
        self._progress("tables", 0, 0)
        texts = Texts(tables.articles, self._minter)
        mentioned = Mentioned(tables, self._minter, self._core)
        self._checked |= {"annotations": len(self._core.annotations), "occurrences": int(mentioned.offsets[-1])}
        check_tables(self._core, tables, self._minter, texts, mentioned, self._findings)
        mode = self._evidence_mode
        if mode == "none":
            if (self._out / EVIDENCE).exists():
                message = f"{EVIDENCE} exists, but {REPORT} says that no evidence was written"
                self._findings.add("other-build", message, file=EVIDENCE)
            return None
        evidence = EvidenceCheck(self._core, texts, mentioned, self._findings)
        census = self._census(EVIDENCE)

        def take(lines: Block, hashed: npt.NDArray[np.uint64]) -> None:
            triples = [split(line) for line in lines]
            evidence.add(triples)
            census.add(triples)

        read = self._sources.read(EVIDENCE, take)
        census.close()
        if read is None:
            del self._censuses[EVIDENCE]
            self._left_out.append("evidence after the part of the file that could be read")
            return None
        evidence.close(mode)
        self._checked |= {"triples of the evidence": read.written.count, "pieces of evidence": evidence.count}
        return read

    def _dataset(self, graph: ReadFile, evidence: ReadFile | None) -> None:
        triples = {self._minter.core_graph: graph.written.count}
        if evidence is not None:
            triples[self._minter.evidence_graph] = evidence.written.count
        elif self._evidence_mode == "none":
            triples[self._minter.evidence_graph] = 0
        if not self._sources.is_whole(DATASET, lambda lines: None):
            return
        said = read_description(self._out / DATASET)
        for activity in activities(said):
            if f"<{activity}>".encode() not in self._core.types:
                message = f"{DATASET} describes the build {activity}, which is not that of {GRAPH}"
                self._findings.add("other-build", message, activity, file=DATASET)
        described = self._core.types.__contains__
        check_dataset(said, self._out, self._minter, triples, described, self._findings, self._progress)

    def _nodes(self) -> None:
        """Check a sample of the nodes, or all nodes if `validate` was called with `everything`, against the shapes."""
        for file, census in self._censuses.items():
            for class_ in sorted(census.classes - self._shapes.targets.keys() - _BESIDE):
                message = f"{iri(class_)} is not a class of kg"
                self._findings.add("unknown-class", message, file=file)
        nodes = [*dict.fromkeys(node for census in self._censuses.values() for node in census.chosen())]
        self._checked["nodes checked against the shapes"] = len(nodes)
        streams = {file: self._sources.stream(file) for file in self._censuses}
        for start in range(0, len(nodes), _NODES_AT_A_TIME):
            self._progress("shapes", start, len(nodes))
            some = nodes[start : start + _NODES_AT_A_TIME]
            check_shapes(self._shapes, some, streams, self._censuses, self._core.short, self._findings)
