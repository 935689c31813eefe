"""The core graph: what it says, and that each of its files says the same."""

import dataclasses
import subprocess
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.base.iris import PREFIXES
from kg.export.rdf.core_graph import core_nodes
from kg.export.rdf.evidence_graph import FILE_NAME as EVIDENCE
from kg.export.rdf.metadata import ExportMetadata
from kg.export.rdf.serialize import core_triples, write_core
from kg.export.rdf.terms import LICENSE, URL, decimal_literal
from tests.export.rdf.evidence_model import evidence_triples
from tests.export.sample_tables import (
    AWKWARD,
    BASE,
    EDITION,
    ELSEWHERE,
    HOSTILE,
    SITE,
    article,
    concept,
    mention,
    report,
    sample_tables,
    tables,
    write_build,
)

ROOT = Path(__file__).parents[3]
FILES = ("graph.nt", "graph.ttl", "graph.jsonld")
JSON_LD = ox.RdfFormat.JSON_LD


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("build")
    write_build(sample_tables(), out)
    return out


def by_oxigraph(path: Path) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=path)}


def by_rdflib(path: Path) -> set[tuple[rdflib.term.Node, ...]]:
    """The triples that rdflib reads, with literals left as they are written."""
    rdflib.NORMALIZE_LITERALS = False
    return set(rdflib.Graph().parse(path, format="json-ld" if path.suffix == ".jsonld" else None))


def expected() -> set[ox.Triple]:
    return set(core_triples(sample_tables(), EDITION))


def as_rdflib(triples: set[ox.Triple]) -> set[tuple[rdflib.term.Node, ...]]:
    def node(term: ox.NamedNode | ox.Literal) -> rdflib.term.Node:
        if isinstance(term, ox.NamedNode):
            return rdflib.URIRef(term.value)
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        plain = term.datatype.value == PREFIXES["xsd"] + "string"
        return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value))

    return {tuple(map(node, triple)) for triple in triples}


@pytest.mark.parametrize("name", FILES)
def test_oxigraph_reads_the_same_triples(build: Path, name: str) -> None:
    assert by_oxigraph(build / name) == expected()


@pytest.mark.parametrize("name", FILES)
def test_rdflib_reads_the_same_triples(build: Path, name: str) -> None:
    assert by_rdflib(build / name) == as_rdflib(expected())


@pytest.mark.node
@pytest.mark.parametrize("name", FILES)
def test_javascript_reads_the_same_triples(build: Path, name: str, node: Path) -> None:
    command = [node, ROOT / "tests" / "js" / "to_nquads.mjs", build / name]
    quads = subprocess.run(command, check=True, capture_output=True).stdout
    assert {quad.triple for quad in ox.parse(quads, ox.RdfFormat.N_QUADS)} == expected()


@pytest.mark.rapper
@pytest.mark.parametrize(("name", "syntax"), [("graph.nt", "ntriples"), ("graph.ttl", "turtle")])
def test_raptor_reads_the_same_triples(build: Path, name: str, syntax: str, rapper: Path) -> None:
    command = [rapper, "-q", "-i", syntax, "-o", "ntriples", build / name]
    read = subprocess.run(command, check=True, capture_output=True).stdout
    assert {quad.triple for quad in ox.parse(read, ox.RdfFormat.N_TRIPLES)} == expected()


def test_the_store_holds_both_graphs_and_opens_read_only(build: Path) -> None:
    store = ox.Store.read_only(str(build / "store"))
    evidence = set(evidence_triples(sample_tables(), "top"))
    for name, triples in {"core": expected(), "evidence": evidence}.items():
        quads = store.quads_for_pattern(None, None, None, ox.NamedNode(f"{BASE}graph/{name}"))
        # Without values: the store keeps a number, and not how it was written.
        assert Counter(quad.predicate for quad in quads) == Counter(triple.predicate for triple in triples)
    assert len(list(store.named_graphs())) == 2


def test_no_triple_stands_twice_and_subjects_stand_together() -> None:
    triples = list(core_triples(sample_tables(), EDITION))
    assert len(triples) == len(set(triples))
    subjects = [node.iri for node in core_nodes(sample_tables(), EDITION)]
    assert len(subjects) == len(set(subjects))


def test_every_node_is_typed_and_every_own_iri_is_described() -> None:
    triples = expected()
    typed = {triple.subject for triple in triples if triple.predicate.value == PREFIXES["rdf"] + "type"}
    mentioned = {t for triple in triples for t in (triple.subject, triple.object) if isinstance(t, ox.NamedNode)}
    assert {iri for iri in mentioned if iri.value.startswith(BASE)} == typed


def properties(path: str) -> dict[str, set[str]]:
    """What is said of the node BASE + `path`: short predicate -> its values in N-Triples."""
    found: dict[str, set[str]] = {}
    for triple in expected():
        if triple.subject.value == BASE + path:
            found.setdefault(short(triple.predicate.value), set()).add(short(str(triple.object)))
    return found


def short(text: str) -> str:
    for prefix, iri in PREFIXES.items():
        text = text.replace(f"<{iri}", f"<{prefix}:").replace(iri, f"{prefix}:")
    return text.replace(f"<{BASE}", "<")


def test_an_article_about_a_page_of_another_site() -> None:
    assert properties("c")["schema:isBasedOn"] == {f"<{ELSEWHERE}>"}
    assert "schema:isBasedOn" not in properties("b")


def test_an_article_with_everything() -> None:
    said = properties("a/what%20is%20drift")
    awkward = said.pop("schema:keywords") - {'"data drift"@en'}
    assert awkward == {str(ox.Literal(AWKWARD, language="en"))}
    assert said == {
        "rdf:type": {"<schema:Article>"},
        "dcterms:title": {'"What is data drift?"@en'},
        "schema:headline": {'"What is data drift?"@en'},
        "dcterms:identifier": {'"a/what is drift"'},
        "schema:url": {f"<{SITE}a/what%20is%20drift>"},
        "schema:datePublished": {'"2024-02-29"^^<xsd:date>'},
        "schema:author": {"<author/ada>", "<author/émile>"},
        "schema:wordCount": {'"16"^^<xsd:integer>'},
        "schema:inLanguage": {'"en"'},
        "dcterms:subject": {"<subject/computer-science>"},
        "schema:mainEntity": {"<a/what%20is%20drift#question>"},
        "dcterms:relation": {"<b>", "<gone%20&%20lost>"},
        "schema:about": {"<concept/data-drift>"},
        "schema:mentions": {"<concept/data-drift>", "<concept/technical-debt>"},
        "kg:participation": {'"0.0"^^<xsd:decimal>'},
        "prov:wasDerivedFrom": {"<a/what%20is%20drift#source>"},
    }
    assert properties("a/what%20is%20drift#source") == {
        "rdf:type": {"<prov:Entity>", "<schema:MediaObject>"},
        "schema:name": {'"a/what is drift.md"'},
        "schema:encodingFormat": {'"text/markdown"'},
        "schema:sha256": {f'"{64 * "0"}"'},
    }
    assert properties("a/what%20is%20drift#question") == {
        "rdf:type": {"<schema:Question>"},
        "schema:name": {'"What is drift?"@en'},
        "schema:text": {'"What is\\n  drift?"@en'},
        "schema:acceptedAnswer": {"<a/what%20is%20drift#answer>"},
    }
    assert properties("a/what%20is%20drift#answer")["rdf:type"] == {"<schema:Answer>"}


def test_authors_are_nodes() -> None:
    assert properties("author/ada") == {
        "rdf:type": {"<schema:Person>"},
        "schema:name": {'"Ada"'},
        "schema:url": {"<https://ada.example/>"},
    }
    assert properties("author/émile") == {"rdf:type": {"<schema:Organization>"}, "schema:name": {'"Émile"'}}
    assert properties("b")["schema:author"] == {"<author/ada>"}


def test_a_concept_has_the_number_of_its_articles_in_each_subject() -> None:
    counts = {
        triple.subject.value.removeprefix(BASE)
        for triple in expected()
        if triple.object == ox.NamedNode(f"{PREFIXES['kg']}SubjectCount")
    }
    assert counts == {
        "concept/c-1f9f1b4e#in-computer-science",
        "concept/data-drift#in-computer-science",
        "concept/data-drift#in-mathématiques",
        "concept/drift#in-computer-science",
        "concept/dérive#in-mathématiques",
        "concept/technical-debt#in-computer-science",
    }
    assert properties("concept/data-drift#in-computer-science") == {
        "rdf:type": {"<kg:SubjectCount>"},
        "kg:concept": {"<concept/data-drift>"},
        "kg:inSubject": {"<subject/computer-science>"},
        "kg:articleCount": {'"2"^^<xsd:integer>'},
        "kg:rank": {'"1"^^<xsd:integer>'},
    }
    ranks = {name: properties(name)["kg:rank"] for name in counts if name.endswith("computer-science")}
    assert [*sorted(ranks, key=lambda name: min(ranks[name]))] == [
        "concept/data-drift#in-computer-science",  # two articles
        "concept/technical-debt#in-computer-science",  # two articles
        "concept/c-1f9f1b4e#in-computer-science",
        "concept/drift#in-computer-science",
    ]
    assert properties("concept/data-drift#in-mathématiques")["kg:articleCount"] == {'"1"^^<xsd:integer>'}


def test_parts_without_a_question_hang_on_the_article() -> None:
    assert properties("b")["schema:hasPart"] == {"<b#answer>"}
    assert properties("c")["schema:hasPart"] == {"<c#body>"}
    assert properties("c#body") == {"rdf:type": {"<schema:WebPageElement>"}, "schema:text": {'"Text of Dérive."@fr'}}
    assert "schema:mainEntity" not in properties("b")
    assert "schema:acceptedAnswer" not in properties("d#question")


def test_annotations() -> None:
    assert properties("a/what%20is%20drift#mention-data-drift") == {
        "rdf:type": {"<oa:Annotation>"},
        "oa:hasBody": {"<concept/data-drift>"},
        "oa:hasTarget": {"<a/what%20is%20drift>"},
        "oa:motivatedBy": {"<oa:identifying>"},
        "kg:salience": {'"0.9"^^<xsd:decimal>'},
        "kg:frequency": {'"4"^^<xsd:integer>'},
        "kg:origin": {"<kg:author>", "<kg:extracted>"},
    }
    assert properties("b#mention-data-drift")["oa:motivatedBy"] == {"<oa:tagging>"}


def test_concepts_subjects_and_missing_articles() -> None:
    assert properties("concept/data-drift") == {
        "rdf:type": {"<skos:Concept>"},
        "skos:prefLabel": {'"data drift"@en'},
        "skos:hiddenLabel": {'"data drifts"@en'},
        "skos:altLabel": {'"Drift"@en', short(str(ox.Literal(HOSTILE, language="en")))},
        "skos:definition": {short(str(ox.Literal(f"Data drift is a {HOSTILE}", language="en")))},
        "skos:inScheme": {"<concepts>"},
        "skos:broader": {"<concept/drift>"},
        "skos:related": {"<concept/technical-debt>"},
        "kg:articleCount": {'"3"^^<xsd:integer>'},
    }
    assert properties("subject/mathématiques")["skos:prefLabel"] == {'"Mathématiques"@fr'}
    assert properties("subject/computer-science")["skos:inScheme"] == {"<subjects>"}
    assert properties("subject/computer-science")["skos:topConceptOf"] == {"<subjects>"}
    assert properties("nowhere") == {"rdf:type": {"<kg:MissingArticle>"}, "dcterms:identifier": {'"nowhere"'}}
    assert properties("gone%20&%20lost")["dcterms:title"] == {str(ox.Literal(HOSTILE))}


def test_the_schemes_say_what_they_are() -> None:
    title = str(ox.Literal(f"Concepts of {HOSTILE}", language="en"))
    said = properties("concepts")
    assert said.keys() == properties("subjects").keys()
    assert properties("subjects")["skos:hasTopConcept"] == {"<subject/computer-science>", "<subject/mathématiques>"}
    assert said.pop("skos:hasTopConcept")
    assert said == {
        "rdf:type": {"<skos:ConceptScheme>"},
        "dcterms:title": {title},
        "skos:prefLabel": {title},
        "dcterms:description": {'"What the articles are about."@en'},
        "dcterms:language": {f"<http://id.loc.gov/vocabulary/iso639-1/{code}>" for code in ("en", "fr")},
        "dcterms:license": {"<http://spdx.org/licenses/CC-BY-4.0>"},
        "prov:wasGeneratedBy": {"<build/0123456789abcdef>"},
    }


def test_the_build_is_an_activity_of_its_software() -> None:
    build = "build/0123456789abcdef"
    assert properties(build) == {
        "rdf:type": {"<prov:Activity>"},
        "dcterms:title": {str(ox.Literal(f"Build of {HOSTILE}", language="en"))},
        "kg:configurationHash": {f'"{64 * "0"}"'},
        "prov:endedAtTime": {'"2026-01-02T03:04:05Z"^^<xsd:dateTime>'},
        "prov:wasAssociatedWith": {f"<{build}#{name}>" for name in ("kg", "spacy", "pipeline", "model")},
    }
    versions = {
        "kg": ("kg", "1.0"),
        "spacy": ("spaCy", "3.8"),
        "pipeline": ("spaCy pipeline en_core_web_sm", "3.8.0"),
        "model": ("kg concept ranker en", "0123"),
    }
    for fragment, (name, version) in versions.items():
        assert properties(f"{build}#{fragment}") == {
            "rdf:type": {"<prov:SoftwareAgent>", "<schema:SoftwareApplication>"},
            "schema:name": {f'"{name}"'},
            "schema:softwareVersion": {f'"{version}"'},
        }


@pytest.mark.parametrize(
    ("given", "iri"),
    [
        ("CC-BY-4.0", "http://spdx.org/licenses/CC-BY-4.0"),
        ("https://example.org/terms", "https://example.org/terms"),
        (None, None),
    ],
)
def test_a_licence_is_an_iri(given: str | None, iri: str | None) -> None:
    edition = dataclasses.replace(EDITION, license=given)
    scheme = next(node for node in core_nodes(sample_tables(), edition) if node.iri.value == BASE + "concepts")
    licences = [value.value for predicate, value in scheme.properties if predicate == LICENSE]
    assert licences == ([iri] if iri else [])


def test_relations_of_concepts() -> None:
    assert properties("concepts")["skos:hasTopConcept"] == {"<concept/drift>"}
    drift = properties("concept/drift")
    assert drift["skos:topConceptOf"] == {"<concepts>"}
    assert drift["skos:narrower"] == {"<concept/data-drift>", "<concept/dérive>"}
    assert "skos:broader" not in drift
    assert properties("concept/technical-debt")["skos:related"] == {"<concept/data-drift>"}
    assert "skos:topConceptOf" not in properties("concept/technical-debt")
    assert properties("association/data-drift--technical-debt") == {
        "rdf:type": {"<kg:Association>"},
        "kg:concept": {"<concept/data-drift>", "<concept/technical-debt>"},
        "kg:articleCount": {'"2"^^<xsd:integer>'},
        "kg:npmi": {'"0.5"^^<xsd:decimal>'},
    }


def test_the_concepts_on_their_own_are_part_of_the_graph(build: Path) -> None:
    own = by_oxigraph(build / "concepts.ttl")
    subjects = {triple.subject.value.removeprefix(BASE).partition("/")[0] for triple in own}
    assert subjects == {"concepts", "concept", "community", "build"}
    assert own < expected()


def test_a_community_is_a_collection_of_its_concepts() -> None:
    tables = sample_tables()
    of_concept = dict(zip(tables.concepts["slug"].to_pylist(), tables.concepts["community"].to_pylist(), strict=True))
    assert tables.communities.num_rows > 0
    for row in tables.communities.to_pylist():
        assert properties(f"community/{row['slug']}") == {
            "rdf:type": {"<skos:Collection>"},
            "skos:prefLabel": {f'"{row["label"]}"@en'},
            "skos:member": {f"<concept/{slug}>" for slug, community in of_concept.items() if community == row["slug"]},
        }


def test_without_a_site_no_article_has_a_url() -> None:
    edition = ExportMetadata.of(report(site=None))
    urls = {triple.subject.value for triple in core_triples(sample_tables(), edition) if triple.predicate == URL}
    assert urls == {f"{BASE}author/ada"}


def test_the_same_tables_are_the_same_bytes(build: Path, tmp_path: Path) -> None:
    write_build(sample_tables(), tmp_path)
    for name in (*FILES, EVIDENCE, "concepts.ttl", "index.html"):
        assert (build / name).read_bytes() == (tmp_path / name).read_bytes()


@pytest.mark.parametrize(
    ("value", "lexical"),
    [(0.8123, "0.8123"), (1.0, "1.0"), (0.0, "0.0"), (0.0001, "0.0001"), (0.5, "0.5"), (0.1 + 0.2, "0.3")],
)
def test_decimals_are_canonical(value: float, lexical: str) -> None:
    assert decimal_literal(value) == ox.Literal(lexical, datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, title: str, text: str) -> None:
    content = tables([article("x", title, keywords=[text], parts=[{"name": "body", "text": text}])])
    out = tmp_path_factory.mktemp("any")
    write_build(content, out)
    wanted = set(core_triples(content, EDITION))
    for name in FILES:
        assert by_oxigraph(out / name) == wanted
        assert by_rdflib(out / name) == as_rdflib(wanted)


def test_every_property_of_the_ontology_has_a_domain_a_range_and_an_example() -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontologies" / "kg.ttl")
    kinds = (rdflib.OWL.DatatypeProperty, rdflib.OWL.ObjectProperty)
    properties = {subject for kind in kinds for subject in ontology.subjects(rdflib.RDF.type, kind)}
    properties = {subject for subject in properties if subject.startswith(PREFIXES["kg"])}
    domain_includes = rdflib.URIRef(PREFIXES["schema"] + "domainIncludes")
    assert len(properties) >= 8
    for subject in properties:
        assert ontology.value(subject, rdflib.RDFS.domain) or len(set(ontology.objects(subject, domain_includes))) > 1
        assert ontology.value(subject, rdflib.RDFS.range)
        assert str(subject).removeprefix(PREFIXES["kg"]) in str(ontology.value(subject, rdflib.SKOS.example))


def test_the_ontology_is_in_owl_2_dl() -> None:
    """The restrictions on types of OWL 2 (Structural Specification, 5.8.1) and on what may be left undeclared (3.3)."""
    rdf, rdfs, owl, xsd = rdflib.RDF, rdflib.RDFS, rdflib.OWL, rdflib.XSD
    ontology = rdflib.Graph().parse(ROOT / "ontologies" / "kg.ttl")
    declared = {
        kind: set(ontology.subjects(rdf.type, kind))
        for kind in (owl.Class, owl.ObjectProperty, owl.DatatypeProperty, owl.AnnotationProperty, owl.NamedIndividual)
    }
    objects, data, notes = (declared[owl[f"{kind}Property"]] for kind in ("Object", "Datatype", "Annotation"))
    assert not objects & data | objects & notes | data & notes
    for _, predicate, _ in ontology:
        assert predicate in notes or predicate in rdf or predicate in rdfs or predicate in owl, predicate
    for subject, value in ontology.subject_objects(rdfs.range):
        assert value in (declared[owl.Class] if subject in objects else xsd), value
    classes = {*ontology.objects(None, rdfs.domain), *ontology.objects(None, owl.disjointWith)}
    classes |= {kind for one in declared[owl.NamedIndividual] for kind in ontology.objects(one, rdf.type)}
    assert classes - {owl.NamedIndividual} <= declared[owl.Class]
    terms = {term for triple in ontology for term in triple if isinstance(term, rdflib.URIRef)}
    used = {term for term in terms if term.startswith(PREFIXES["kg"])}
    assert used <= set.union(*declared.values()) | {ontology.value(predicate=rdf.type, object=owl.Ontology)}
    (name,) = ontology.subjects(rdf.type, owl.Ontology)
    for predicate in ("created", "modified", "creator"):
        assert ontology.value(name, rdflib.DCTERMS[predicate]), predicate
    assert str(ontology.value(name, owl.versionIRI)) == f"{name}/{ontology.value(name, owl.versionInfo)}"


def test_the_ontology_describes_every_term_that_is_used() -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontologies" / "kg.ttl")
    own = {str(subject).removeprefix(PREFIXES["kg"]) for subject in ontology.subjects(rdflib.RDFS.label)}
    iris = {t.value for triple in expected() for t in triple if isinstance(t, ox.NamedNode)}
    assert {iri.removeprefix(PREFIXES["kg"]) for iri in iris if iri.startswith(PREFIXES["kg"])} <= own
    for subject in set(ontology.subjects(rdflib.RDFS.label)):
        assert len(list(ontology.objects(subject, rdflib.RDFS.comment))) == 1
        assert len(list(ontology.objects(subject, rdflib.RDFS.domain))) <= 1


def test_an_article_less_leaves_nearly_all_blocks_as_they_are(tmp_path: Path) -> None:
    def blocks(count: int) -> list[bytes]:
        found: list[bytes] = []
        left = [article(f"a{number:03}", f"Article {number}") for number in range(500) if number != count]
        write_core(tables(left), EDITION, tmp_path, found.append)
        assert b"".join(found) == (tmp_path / "graph.nt").read_bytes()
        return found

    whole, without = blocks(-1), blocks(100)
    assert len(whole) > 30
    assert len(set(whole) - set(without)) <= 2
    assert len(set(without) - set(whole)) <= 2


def test_titles_have_the_language_of_kg_toml_and_labels_that_of_their_articles() -> None:
    content = tables(
        [
            article("a", "Eins", language="de-at", subject="Backen"),
            article("b", "Zwei", language="de", subject="Backen"),
        ],
        concepts=[concept("teig", "Teig", 2, language="de")],
        mentions=[mention(url, 1, "teig", 0.9, 1, "author") for url in ("a", "b")],
    )
    edition = dataclasses.replace(EDITION, title="Backbuch", language="de")
    found = set(core_triples(content, edition))
    labels = {triple.object for triple in found if triple.predicate.value == PREFIXES["skos"] + "prefLabel"}
    assert {label.language for label in labels} == {"de"}
    assert ox.Literal("Backen", language="de") in labels
    assert ox.Literal("Concepts of Backbuch", language="de") in labels
