"""Copies of the files with kg's own vocabulary, so that an export can be read and checked without kg."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from kg.base.report import Report
from kg.base.tables import Tables
from kg.export.artifacts import Artifact, Exporter

ONTOLOGY: Final = "kg.ttl"
SHAPES: Final = "shapes.ttl"
CONTEXT: Final = "context.jsonld"
ARTICLE_FRAME: Final = "article-frame.jsonld"
CONCEPT_FRAME: Final = "concept-frame.jsonld"


def write_vocabulary(tables: Tables, report: Report, out: Path) -> None:
    """Write the ontology, the SHACL shapes, the JSON-LD context and the JSON-LD frames into `out`."""
    for name in (ONTOLOGY, SHAPES, CONTEXT, ARTICLE_FRAME, CONCEPT_FRAME):
        (out / name).write_bytes((files("kg") / "ontologies" / name).read_bytes())


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=ONTOLOGY,
                media_type="text/turtle",
                title="The ontology of kg",
                summary="the classes and properties of kg, in OWL",
                opens_with="Protégé, any RDF tool",
                dataset_order=120,
                page_order=72,
            ),
            Artifact(
                name=SHAPES,
                media_type="text/turtle",
                title="The shapes of the graph, in SHACL",
                summary="the shapes that every graph of kg has, in SHACL",
                opens_with="any SHACL validator",
                dataset_order=130,
                page_order=74,
            ),
            Artifact(
                name=CONTEXT,
                media_type="application/ld+json",
                title="The JSON-LD context of the graph",
                summary="the short names of graph.jsonld",
                opens_with="any JSON-LD tool",
                dataset_order=140,
                page_order=76,
            ),
            Artifact(
                name=ARTICLE_FRAME,
                media_type="application/ld+json",
                title="A JSON-LD frame for articles",
                summary="a frame that selects articles of graph.jsonld",
                opens_with="any JSON-LD processor",
                dataset_order=150,
                page_order=77,
            ),
            Artifact(
                name=CONCEPT_FRAME,
                media_type="application/ld+json",
                title="A JSON-LD frame for concepts",
                summary="a frame that selects concepts of graph.jsonld",
                opens_with="any JSON-LD processor",
                dataset_order=160,
                page_order=78,
            ),
        ),
        write=write_vocabulary,
    ),
)
