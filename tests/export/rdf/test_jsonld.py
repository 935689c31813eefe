"""JSON-LD: the context, the order of keys, lists, and frames, with jsonld.js as the processor."""

import json
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.namespace import SH

from kg.base.iris import NAMESPACES
from kg.export.rdf.jsonld import load_context

ROOT = Path(__file__).parents[3]
ONTOLOGIES = ROOT / "ontologies"
BASE = "https://ml-in-production.example/"
DRIFT = "learn/monitoring/questions/what-is-data-drift-and-how-is-it-detected"
FRAMES = ("article-frame.jsonld", "concept-frame.jsonld")


def lists() -> dict[str, str]:
    """The names of the context whose values are always a list, with the IRIs that they stand for."""
    definitions = {name: value for name, value in load_context().items() if isinstance(value, dict)}
    return {name: value["@id"] for name, value in definitions.items() if value.get("@container") == "@set"}


def documents(built: Path, built_site: Path) -> Iterator[dict[str, Any]]:
    for path in (built / "graph.jsonld", *(built_site / "site").rglob("*.jsonld")):
        yield json.loads(path.read_bytes())


def test_the_context_has_no_version_and_no_names_that_differ_in_case_only() -> None:
    context = load_context()
    assert not [name for name in context if name.startswith("@")]
    assert len({name.casefold() for name in context}) == len(context)


def test_every_property_that_can_have_several_values_is_a_list() -> None:
    shapes = rdflib.Graph().parse(ONTOLOGIES / "shapes.ttl")
    paths = {path for path in shapes.objects(None, SH.path) if isinstance(path, rdflib.URIRef)} - {rdflib.RDF.type}
    nodes = set(shapes.subjects(rdflib.RDF.type, SH.NodeShape))
    several = set()
    for node in nodes:
        of_node = {shape: shapes.value(shape, SH.path) for shape in shapes.objects(node, SH.property)}
        single = {path for shape, path in of_node.items() if shapes.value(shape, SH.maxCount) == rdflib.Literal(1)}
        several |= paths.intersection(of_node.values()) - single
    # A build and a scheme may get further titles and descriptions from others; kg gives them one.
    several -= {rdflib.DCTERMS.title, rdflib.DCTERMS.description}
    prefixes = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in NAMESPACES.items():
        prefixes.bind(prefix, iri)
    used = {prefixes.qname(path) for path in several}
    context = load_context().values()
    defined = {value if isinstance(value, str) else value["@id"] for value in context}
    assert set(lists().values()) == used & defined


def test_nodes_have_the_streaming_form_and_lists_are_lists(built: Path, built_site: Path) -> None:
    always = lists()
    nodes = list(chain.from_iterable(document["@graph"] for document in documents(built, built_site)))
    assert len(nodes) > 1000
    for node in nodes:
        keys = [key for key in node if key.startswith("@")]
        assert keys == list(node)[: len(keys)] == (["@type", "@id"] if "@type" in node else ["@id"])
        for name, value in node.items():
            assert isinstance(value, list) == (name in always) or name == "@type", (name, value)
    assert {name for node in nodes for name in node} >= {"author", "keywords", "about", "prefLabel", "origin"}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_has_the_context_of_the_graph(name: str) -> None:
    assert json.loads((ONTOLOGIES / name).read_text("utf-8"))["@context"] == load_context()


def framed(node: Path, frame: str, file: Path, *iri: str) -> dict[str, Any]:
    command = [node, ROOT / "tests" / "js" / "frame.mjs", ONTOLOGIES / frame, file, *iri]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return result


@pytest.mark.node
def test_the_frame_of_an_article(built: Path, node: Path) -> None:
    article = framed(node, FRAMES[0], built / "graph.jsonld", BASE + DRIFT)
    assert article["title"]["@value"] == "What is data drift and how is it detected?"
    assert article["mainEntity"]["acceptedAnswer"]["text"]["@value"].startswith("Data drift")
    assert [author["name"] for author in article["author"]] == ["Field Notes"]
    labels = [concept["prefLabel"][0]["@value"] for concept in article["about"]]
    assert "data drift" in labels
    assert {"@id", "@type", "title", "identifier"} >= article["relation"][0].keys()
    assert len(framed(node, FRAMES[0], built / "graph.jsonld")["@graph"]) == 40


@pytest.mark.node
def test_the_frame_of_a_concept(built: Path, node: Path) -> None:
    concept = framed(node, FRAMES[1], built / "graph.jsonld", BASE + "concept/data-drift")
    assert concept["prefLabel"] == [{"@language": "en", "@value": "data drift"}]
    (related,) = concept["related"]
    assert related["prefLabel"][0]["@value"] == "model monitoring"
    mentioned = {article["@id"]: article["title"]["@value"] for article in concept["@reverse"]["mentions"]}
    assert len(mentioned) == int(concept["articleCount"]) > 1
    assert BASE + DRIFT in mentioned
