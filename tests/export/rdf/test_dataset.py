"""dataset.ttl: what it says of the export is what the export has."""

import dataclasses
import gzip
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF, SKOS, VOID

from kg.base.config import Publish
from kg.base.report import LinkedVocabulary
from kg.export.artifacts import distributions
from kg.export.rdf.dataset import write_dataset
from kg.export.rdf.statistics import GraphStatistics
from kg.pipeline.artifact_registry import artifacts
from tests.export.sample_tables import BASE, EDITION, sample_tables, tables

SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
EDITION_BUILD = rdflib.URIRef(EDITION.activity.value)
MEDIA_TYPES = {artifact.name: artifact.media_type for artifact in distributions(artifacts(Publish()))}
OTHERS = {"dataset.ttl", "index.html", "report.json"}
"""What an export has beside its data; and pages/ and store/."""


def base(built: Path) -> str:
    return next(line for line in (built / "graph.nt").read_text("utf-8").splitlines())[1:].partition("build/")[0]


@pytest.fixture(scope="module")
def described(built: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(built / "dataset.ttl")


def counted(path: Path) -> tuple[int, Counter[str], Counter[str], int]:
    """Entities, triples by property, instances by class, and triples, of an N-Triples file."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    triples = {quad.triple for quad in ox.parse(content, ox.RdfFormat.N_TRIPLES)}
    properties = Counter(triple.predicate.value for triple in triples)
    classes = Counter(triple.object.value for triple in triples if triple.predicate.value == str(RDF.type))
    typed = {triple.subject for triple in triples if triple.predicate.value == str(RDF.type)}
    return len(typed), properties, classes, len(triples)


@pytest.mark.parametrize(("graph", "file"), [("core", "graph.nt"), ("evidence", "evidence.nt.gz")])
def test_the_graphs_are_counted(built: Path, described: rdflib.Graph, graph: str, file: str) -> None:
    core = rdflib.URIRef(f"{base(built)}graph/{graph}")
    entities, properties, classes, triples = counted(built / file)
    assert described.value(core, VOID.triples).toPython() == triples
    assert described.value(core, VOID.entities).toPython() == entities
    for link, kind, count, expected in (
        (VOID.propertyPartition, VOID.property, VOID.triples, properties),
        (VOID.classPartition, VOID["class"], VOID.entities, classes),
    ):
        partitions = {
            str(described.value(node, kind)): described.value(node, count).toPython()
            for node in described.objects(core, link)
        }
        assert partitions == expected


def test_the_dataset_is_the_sum_of_its_graphs(built: Path, described: rdflib.Graph) -> None:
    dataset = rdflib.URIRef(base(built) + "graph/dataset")
    assert {VOID.Dataset, DCAT.Dataset, PROV.Entity} <= set(described.objects(dataset, RDF.type))
    graphs = [node for node in described.objects(dataset, VOID.subset) if "/graph/" in str(node)]
    assert len(graphs) == 2
    for count in (VOID.triples, VOID.entities):
        parts = [described.value(graph, count).toPython() for graph in graphs]
        assert described.value(dataset, count).toPython() == sum(parts)
    build = described.value(dataset, PROV.wasGeneratedBy)
    assert (build, RDF.type, PROV.Activity) in described
    assert described.value(dataset, DCTERMS.modified).toPython().isoformat() == "2025-12-24"


def test_every_file_is_a_distribution_with_its_size_and_checksum(built: Path, described: rdflib.Graph) -> None:
    dataset = rdflib.URIRef(base(built) + "graph/dataset")
    files = set()
    for node in described.objects(dataset, DCAT.distribution):
        name = str(node).partition("#")[2]
        content = (built / name).read_bytes()
        assert described.value(node, DCAT.byteSize).toPython() == len(content)
        checksum = described.value(node, SPDX.checksum)
        assert described.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        assert str(described.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()
        assert str(described.value(node, DCAT.downloadURL)) == base(built) + name
        assert str(described.value(node, DCAT.accessURL)) == base(built) + name
        assert str(described.value(node, DCAT.mediaType)).endswith(f"/{MEDIA_TYPES[name]}")
        files.add(name)
    paths = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert files == {path for path in paths if path not in OTHERS and not path.startswith(("pages/", "store/"))}


def test_the_examples_are_in_the_graph(built: Path, described: rdflib.Graph) -> None:
    dataset = rdflib.URIRef(base(built) + "graph/dataset")
    examples = {str(iri) for iri in described.objects(dataset, VOID.exampleResource)}
    subjects = {quad.subject.value for quad in ox.parse(path=built / "graph.nt")}
    assert len(examples) == 3
    assert examples <= subjects
    assert {str(iri) for iri in described.objects(dataset, DCAT.theme)} <= subjects
    assert len(list(described.objects(dataset, DCAT.keyword))) == 10


def written(tmp_path: Path, content: Any, **values: Any) -> rdflib.Graph:
    edition, graphs = dataclasses.replace(EDITION, **values), {"core": GraphStatistics()}
    write_dataset(content, edition, graphs, artifacts(Publish()), tmp_path)
    return rdflib.Graph().parse(tmp_path / "dataset.ttl")


def test_what_kg_toml_says_is_said(tmp_path: Path) -> None:
    dataset = rdflib.URIRef(BASE + "graph/dataset")
    graph = written(tmp_path, sample_tables(), description='A "graph"', license="CC0-1.0")
    assert str(graph.value(dataset, DCTERMS.description)) == 'A "graph"'
    assert str(graph.value(dataset, DCTERMS.license)) == "http://spdx.org/licenses/CC0-1.0"
    assert list(graph.objects(dataset, DCAT.distribution)) == []


def test_an_export_without_articles_is_described_too(tmp_path: Path) -> None:
    dataset = rdflib.URIRef(BASE + "graph/dataset")
    graph = written(tmp_path, tables([]))
    assert graph.value(dataset, VOID.triples).toPython() == 0
    assert list(graph.objects(dataset, VOID.exampleResource)) == []
    assert graph.value(dataset, DCTERMS.modified) is None


def test_links_into_a_vocabulary_are_a_linkset_of_each_kind(tmp_path: Path) -> None:
    scheme = "https://vocabulary.example/scheme"
    linked = LinkedVocabulary("v.ttl", scheme, "A (vocabulary)", "ab" * 32, concepts=9, linked=3, exact=2, close=1)
    graph = written(tmp_path, sample_tables(), vocabularies=(linked,))
    linksets = list(graph.subjects(RDF.type, VOID.Linkset))
    assert {
        (str(graph.value(node, VOID.linkPredicate)), graph.value(node, VOID.triples).toPython()) for node in linksets
    } == {
        (str(SKOS.exactMatch), 2),
        (str(SKOS.closeMatch), 1),
    }
    for node in linksets:
        assert str(graph.value(node, VOID.subjectsTarget)) == BASE + "graph/core"
        assert str(graph.value(node, VOID.objectsTarget)) == scheme
        assert (rdflib.URIRef(BASE + "graph/dataset"), VOID.subset, node) in graph
    assert (EDITION_BUILD, PROV.used, rdflib.URIRef(scheme)) in graph
