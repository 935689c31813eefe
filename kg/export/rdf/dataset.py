"""dataset.ttl: the description of the export as a dataset, for data catalogues and query programs.

The contents are described in VoID (https://www.w3.org/TR/void/), the files in DCAT 3
(https://www.w3.org/TR/vocab-dcat-3/), their checksums in SPDX, and the provenance in PROV-O.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pyarrow.compute as pc
from pyoxigraph import Literal, NamedNode, RdfFormat, serialize

from kg.base.iris import NAMESPACES, slug
from kg.base.tables import Tables
from kg.export.artifacts import Artifact, Exporter, distributions
from kg.export.rdf.metadata import ExportMetadata, language_iris
from kg.export.rdf.statistics import GraphStatistics
from kg.export.rdf.terms import (
    DESCRIPTION,
    ENTITY,
    LANGUAGE,
    LICENSE,
    MODIFIED,
    TITLE,
    TYPE,
    WAS_GENERATED_BY,
    XSD_DATE,
    Property,
    RdfNode,
    integer_literal,
    term,
    triples,
)

FILE_NAME: Final = "dataset.ttl"

_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_KEYWORDS: Final = 10


_DATASET: Final = term("void:Dataset")
_TRIPLES: Final = term("void:triples")
_SUBSET: Final = term("void:subset")
_GZIP: Final = NamedNode(_MEDIA_TYPES + "application/gzip")


def write_dataset(
    tables: Tables,
    edition: ExportMetadata,
    graphs: Mapping[str, GraphStatistics],
    artifacts: Iterable[Artifact],
    out: Path,
) -> None:
    """Write `out`/dataset.ttl. All files that dataset.ttl is to describe must already be in `out`.

    Args:
        tables: the tables of the graph.
        edition: the metadata of the export.
        graphs: the statistics of the named graphs; the keys are "core" and "evidence".
        artifacts: the files and folders that the build writes. Of these, only files that are listed in dataset.ttl
            (see `Artifact.dataset_order`) and exist in `out` are described.
        out: the output folder.
    """
    files = [artifact for artifact in distributions(artifacts) if (out / artifact.name).is_file()]
    nodes = _Description(tables, edition, graphs, files, out).nodes()
    with (out / FILE_NAME).open("wb") as file:
        serialize(triples(nodes), file, RdfFormat.TURTLE, prefixes=NAMESPACES)


class _Description:
    """The contents of dataset.ttl.

    The IRI of each part of the dataset, such as a file, is the IRI of the dataset, followed by "#" and a name.
    """

    def __init__(
        self,
        tables: Tables,
        edition: ExportMetadata,
        graphs: Mapping[str, GraphStatistics],
        files: Sequence[Artifact],
        out: Path,
    ) -> None:
        self._tables = tables
        self._edition = edition
        self._graphs = graphs
        self._out = out
        self._files = files
        self._dataset = NamedNode(edition.minter.dataset)

    def nodes(self) -> Iterator[RdfNode]:
        """Yield the dataset, its linksets, its named graphs with their partitions, its files, and the build."""
        linksets = list(self._linksets())
        subsets: list[Property] = [(_SUBSET, node.iri) for node in linksets]
        yield RdfNode(self._dataset, [*self._about(), *self._contents(), *subsets])
        yield from linksets
        for name, statistics in self._graphs.items():
            yield from self._graph(name, statistics)
        with ThreadPoolExecutor() as threads:  # hashing releases the GIL, so threads run in parallel
            for file, checksum in zip(self._files, threads.map(self._checksum, self._files), strict=True):
                yield from self._distribution(file, checksum)
        yield from self._edition.provenance()

    def _part(self, name: str) -> NamedNode:
        return NamedNode(f"{self._dataset.value}#{name}")

    def _address(self, file: str) -> NamedNode:
        """Return the address that a file has on a web host (docs/how-to/publish.md has the layout)."""
        return NamedNode(self._edition.minter.base + file)

    def _about(self) -> Iterator[Property]:
        yield TYPE, _DATASET
        yield TYPE, term("dcat:Dataset")
        yield TYPE, ENTITY
        yield TITLE, Literal(self._edition.title, language=self._edition.language)
        counts = f"{self._tables.articles.num_rows:,} articles and {self._tables.concepts.num_rows:,} concepts"
        fallback = f"A knowledge graph of {counts}, with the words that each concept was found in."
        if self._edition.description:
            yield DESCRIPTION, Literal(self._edition.description, language=self._edition.language)
        else:
            yield DESCRIPTION, Literal(fallback, language="en")
        for language in language_iris(self._tables.articles["language"].unique().to_pylist()):
            yield LANGUAGE, language
        if (license := self._edition.license_iri()) is not None:
            yield LICENSE, license
        if (newest := pc.max(self._tables.articles["date"]).as_py()) is not None:
            yield MODIFIED, Literal(newest.isoformat(), datatype=XSD_DATE)
        yield WAS_GENERATED_BY, self._edition.activity

    def _contents(self) -> Iterator[Property]:
        minter = self._edition.minter
        yield term("void:uriSpace"), Literal(minter.base)
        yield _TRIPLES, integer_literal(sum(statistics.triples for statistics in self._graphs.values()))
        yield term("void:entities"), integer_literal(sum(graph.entities for graph in self._graphs.values()))
        for subject in sorted({minter.subject(label) for label in self._subjects()}):
            yield term("dcat:theme"), NamedNode(subject)
        for label, language in self._most_common("pref_label", "language"):
            yield term("dcat:keyword"), Literal(label, language=language)
        for example in self._examples():
            yield term("void:exampleResource"), NamedNode(example)
        for namespace in self._vocabularies():
            yield term("void:vocabulary"), NamedNode(namespace)
        for name in self._graphs:
            yield _SUBSET, self._named_graph(name)
        for file in self._files:
            yield term("dcat:distribution"), self._part(file.name)

    def _subjects(self) -> list[str]:
        found: list[str] = pc.drop_null(self._tables.articles["subject"].unique()).to_pylist()
        return found

    def _vocabularies(self) -> list[str]:
        used = {_curie(iri).partition(":")[0] for graph in self._graphs.values() for iri in graph.properties}
        return sorted(NAMESPACES[prefix] for prefix in used - {"rdf", "rdfs"})

    def _most_common(self, *columns: str) -> list[tuple[str, ...]]:
        order = self._tables.concepts.sort_by([("article_count", "descending"), ("slug", "ascending")])
        rows = order.slice(0, _KEYWORDS).select(columns).to_pylist()
        return [tuple(row[name] for name in columns) for row in rows]

    def _examples(self) -> Iterator[str]:
        """Yield the IRIs of the most central article, the concept with the most articles, and the first subject."""
        minter = self._edition.minter
        articles = self._tables.articles.sort_by([("centrality", "descending"), ("url", "ascending")])
        yield from (minter.article(url) for url in articles["url"].slice(0, 1).to_pylist())
        yield from (minter.concept(slug) for (slug,) in self._most_common("slug")[:1])
        yield from sorted(minter.subject(label) for label in self._subjects())[:1]

    def _named_graph(self, name: str) -> NamedNode:
        minter = self._edition.minter
        return NamedNode({"core": minter.core_graph, "evidence": minter.evidence_graph}[name])

    def _graph(self, name: str, statistics: GraphStatistics) -> Iterator[RdfNode]:
        title = {"core": "Core graph", "evidence": "Evidence"}[name]
        properties: list[Property] = [(TYPE, _DATASET), (TITLE, Literal(title, language="en"))]
        properties += [(_TRIPLES, integer_literal(statistics.triples))]
        properties += [(term("void:entities"), integer_literal(statistics.entities))]
        properties += [(term("void:classes"), integer_literal(len(statistics.classes)))]
        properties += [(term("void:properties"), integer_literal(len(statistics.properties)))]
        dumps = [file for file in self._files if file.dump_of == name]
        properties += [(term("void:dataDump"), self._address(file.name)) for file in dumps]
        partitions = [
            *self._partitions(name, "class", term("void:entities"), statistics.classes),
            *self._partitions(name, "property", _TRIPLES, statistics.properties),
        ]
        properties += [(link, node.iri) for link, node in partitions]
        yield RdfNode(self._named_graph(name), properties)
        yield from (node for _, node in partitions)

    def _partitions(
        self, graph: str, kind: str, counted: NamedNode, counts: Mapping[str, int]
    ) -> Iterator[tuple[NamedNode, RdfNode]]:
        for iri, count in sorted(counts.items()):
            node = self._part(f"{graph}-{kind}-{_curie(iri)}")
            yield (
                term(f"void:{kind}Partition"),
                RdfNode(
                    node,
                    [(TYPE, _DATASET), (term(f"void:{kind}"), NamedNode(iri)), (counted, integer_literal(count))],
                ),
            )

    def _linksets(self) -> Iterator[RdfNode]:
        """Yield two void:Linksets for each external vocabulary: one for its exact, one for its close matches."""
        for vocabulary in self._edition.vocabularies:
            for name, count in (("exactMatch", vocabulary.exact), ("closeMatch", vocabulary.close)):
                fragment = f"linkset-{slug(vocabulary.title)}-{vocabulary.sha256[:8]}-{name}"
                properties: list[Property] = [
                    (TYPE, term("void:Linkset")),
                    (TITLE, Literal(f"Links into {vocabulary.title}", language="en")),
                    (term("void:linkPredicate"), term(f"skos:{name}")),
                    (term("void:subjectsTarget"), self._named_graph("core")),
                    (_TRIPLES, integer_literal(count)),
                ]
                if vocabulary.scheme is not None:
                    properties.append((term("void:objectsTarget"), NamedNode(vocabulary.scheme)))
                yield RdfNode(self._part(fragment), properties)

    def _checksum(self, file: Artifact) -> str:
        with (self._out / file.name).open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()

    def _distribution(self, file: Artifact, checksum: str) -> Iterable[RdfNode]:
        name = file.name
        sum_iri = self._part(f"{name}-checksum")
        size = Literal(str((self._out / name).stat().st_size), datatype=term("xsd:nonNegativeInteger"))
        properties: list[Property] = [
            (TYPE, term("dcat:Distribution")),
            (TITLE, Literal(file.title, language="en")),
            (term("dcat:mediaType"), NamedNode(f"{_MEDIA_TYPES}{file.media_type}")),
            (term("dcat:byteSize"), size),
            (term("dcat:accessURL"), self._address(name)),
            (term("dcat:downloadURL"), self._address(name)),
            (term("spdx:checksum"), sum_iri),
        ]
        if name.endswith(".gz"):
            properties.append((term("dcat:compressFormat"), _GZIP))
        if (license := self._edition.license_iri()) is not None:
            properties.append((LICENSE, license))
        yield RdfNode(self._part(name), properties)
        yield RdfNode(
            sum_iri,
            [
                (TYPE, term("spdx:Checksum")),
                (term("spdx:algorithm"), term("spdx:checksumAlgorithm_sha256")),
                (term("spdx:checksumValue"), Literal(checksum, datatype=term("xsd:hexBinary"))),
            ],
        )


def _curie(iri: str) -> str:
    """Return the prefixed name of a term, such as `schema:Article`; used as a readable fragment of an IRI."""
    prefix, namespace = next((prefix, space) for prefix, space in NAMESPACES.items() if iri.startswith(space))
    return f"{prefix}:{iri.removeprefix(namespace)}"


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=FILE_NAME,
                media_type="text/turtle",
                title="The description of the dataset",
                summary="what there is, in VoID and DCAT, with checksums",
                opens_with="data catalogues, any RDF tool",
                page_order=70,
            ),
        )
    ),
)
"""The exporter of dataset.ttl. The build calls `write_dataset` after all files that it describes are written."""
