"""How concepts hang together, through a whole build: SKOS's integrity conditions, read by rdflib from the file."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
import rdflib
from rdflib import DCTERMS, RDF, SKOS, Graph, URIRef

from kg.base.iris import KG
from kg.base.tables import Tables, read_tables
from kg.pipeline.build import build

BASE = "https://x.example/"
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ABOUT = {
    "drift": (
        "Data drift is a kind of drift that changes the inputs of a model over time. Data drift and concept drift "
        "both need a drift detector, and a drift monitor watches for drift."
    ),
    "sorting": (
        "Quicksort is a sorting algorithm that splits a list in two. Some people know algorithms such as quicksort "
        "and heapsort. A sorting algorithm is an algorithm that puts a list in order."
    ),
    "garden": "A garden needs a rain barrel. A rain barrel keeps water for a dry summer, and a compost heap soil.",
}
KEYWORDS = {
    "drift": ["data drift", "drift", "concept drift", "drift monitor"],
    "sorting": ["quicksort", "sorting algorithm", "algorithm", "heapsort"],
    "garden": ["garden", "rain barrel", "compost heap"],
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten articles on each of three topics, in which some things are said of kinds."""
    folder = tmp_path_factory.mktemp("relations")
    (folder / "articles").mkdir()
    for topic, text in ABOUT.items():
        for number in NUMBERS:
            head = f"---\nkeywords: {KEYWORDS[topic]}\n---\n# On {topic}, article {number}\n\n"
            words = f"{head}{text} This is part {number}.\n"
            (folder / "articles" / f"{topic}-{number}.md").write_text(words, encoding="utf-8")
    build(folder / "articles", folder / "out", base=BASE, jobs=1)
    return folder / "out"


@pytest.fixture(scope="module")
def tables(out: Path) -> Tables:
    return read_tables(out / "tables")


@pytest.fixture(scope="module", params=["graph.nt", "graph.ttl"])
def graph(request: pytest.FixtureRequest, out: Path) -> Graph:
    return Graph().parse(out / request.param)


def concept(slug: str) -> URIRef:
    return URIRef(f"{BASE}concept/{slug}")


def above(graph: Graph, start: rdflib.term.Node) -> set[rdflib.term.Node]:
    return set(graph.transitive_objects(start, SKOS.broader)) - {start}


def assert_integrity(graph: Graph) -> None:
    """What SKOS asks for, and what we promise beside it: no cycle, no shortcut, both directions."""
    for narrower, broader in graph.subject_objects(SKOS.broader):
        assert (broader, SKOS.narrower, narrower) in graph
        assert narrower not in above(graph, broader), "a cycle"
        others = set(graph.objects(narrower, SKOS.broader)) - {broader}
        assert not any(broader in above(graph, other) for other in others), "a shortcut"
    assert len(list(graph.triples((None, SKOS.narrower, None)))) == len(list(graph.triples((None, SKOS.broader, None))))
    for one, other in graph.subject_objects(SKOS.related):
        assert (other, SKOS.related, one) in graph
        assert one != other
        assert other not in above(graph, one), "S27"
        assert one not in above(graph, other), "S27"
    for scheme, top in graph.subject_objects(SKOS.hasTopConcept):
        assert (top, SKOS.topConceptOf, scheme) in graph
        assert (top, SKOS.inScheme, scheme) in graph
        assert (top, SKOS.broader, None) not in graph
    roots = set(graph.objects(None, SKOS.broader)) - set(graph.subjects(SKOS.broader, None))
    subjects = set(graph.objects(None, DCTERMS.subject))
    assert roots | subjects == set(graph.objects(None, SKOS.hasTopConcept))
    for found in graph.subjects(RDF.type, SKOS.Concept):
        preferred = list(graph.objects(found, SKOS.prefLabel))
        assert Counter(label.language for label in preferred).most_common(1)[0][1] == 1, "S14"
        assert not set(preferred) & set(graph.objects(found, SKOS.altLabel)), "S13"
        assert len(list(graph.objects(found, SKOS.definition))) <= 1
    classes = [set(graph.subjects(RDF.type, kind)) for kind in (SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection)]
    assert not any(one & other for one, other in combinations(classes, 2)), "S9, S37"
    assert not list(graph.triples((None, SKOS.exactMatch, None))), "S46 has nothing to check yet"


def assert_associations(graph: Graph) -> None:
    """One for each pair of related concepts, and none for any other."""
    kinds = rdflib.Namespace(KG)
    pairs = {frozenset(pair) for pair in graph.subject_objects(SKOS.related)}
    associations = set(graph.subjects(RDF.type, kinds.Association))
    assert len(associations) == len(pairs)
    for association in associations:
        ends = sorted(graph.objects(association, kinds.concept))
        assert frozenset(ends) in pairs
        slugs = sorted(str(end).rpartition("concept/")[2] for end in ends)
        assert str(association).rpartition("association/")[2] == "--".join(slugs)
        (npmi,), (count,) = graph.objects(association, kinds.npmi), graph.objects(association, kinds.articleCount)
        assert 0 < npmi.toPython() <= 1
        shared = set.intersection(*(set(graph.subjects(rdflib.SDO.mentions, end)) for end in ends))
        assert count.toPython() == len(shared)


def test_the_vocabulary_is_sound(graph: Graph) -> None:
    assert_integrity(graph)
    assert_associations(graph)


def test_the_examples_are_sound(built: Path) -> None:
    graph = Graph().parse(built / "graph.nt")
    assert list(graph.triples((None, SKOS.broader, None)))
    assert list(graph.triples((None, SKOS.definition, None)))
    assert_integrity(graph)
    assert_associations(graph)


@pytest.mark.parametrize(
    ("subject", "predicate", "object_"),
    [
        ("drift", SKOS.broader, "data-drift"),  # a cycle
        ("data-drift", SKOS.related, "drift"),  # S27
        ("quicksort", SKOS.broader, "algorithm"),  # a shortcut
    ],
)
def test_the_check_can_fail(out: Path, subject: str, predicate: URIRef, object_: str) -> None:
    graph = Graph().parse(out / "graph.nt")
    inverse = {SKOS.broader: SKOS.narrower, SKOS.related: SKOS.related}[predicate]
    graph.add((concept(subject), predicate, concept(object_)))
    graph.add((concept(object_), inverse, concept(subject)))
    with pytest.raises(AssertionError):
        assert_integrity(graph)


def test_what_is_said_is_there(graph: Graph) -> None:
    broader = {
        ("data-drift", "drift"),
        ("quicksort", "sorting-algorithm"),
        ("sorting-algorithm", "algorithm"),
    }
    for narrower, slug in broader:
        assert (concept(narrower), SKOS.broader, concept(slug)) in graph
    definition = rdflib.Literal(
        "Data drift is a kind of drift that changes the inputs of a model over time.", lang="en"
    )
    assert (concept("data-drift"), SKOS.definition, definition) in graph
    assert (concept("rain-barrel"), SKOS.related, concept("compost-heap")) in graph
    assert (concept("rain-barrel"), SKOS.related, concept("drift")) not in graph


def test_a_sentence_proves_what_it_says(tables: Tables) -> None:
    texts = {row["url"]: {part["name"]: part["text"] for part in row["parts"]} for row in tables.articles.to_pylist()}
    rows = tables.relations.to_pylist()
    proofs = {
        (row["source"], row["target"]): texts[row["article"]][row["part"]][row["start"] : row["end"]]
        for row in rows
        if row["article"] is not None
    }
    assert proofs["quicksort", "sorting-algorithm"].startswith("Quicksort is a sorting algorithm that splits")
    for row in rows:
        if row["kind"] == "related":
            assert (row["npmi"] is None, row["article"], row["origins"]) == (False, None, ["cooccurrence"])
        else:
            assert (row["npmi"], row["origins"] != []) == (None, True)
            assert ("pattern" in row["origins"]) == (row["article"] is not None)


def test_a_definition_is_in_the_article_that_it_is_from(tables: Tables) -> None:
    texts = {row["url"]: " ".join(row["parts"][0]["text"].split()) for row in tables.articles.to_pylist()}
    defined = [row for row in tables.concepts.to_pylist() if row["definition"] is not None]
    assert {row["slug"] for row in defined} >= {"data-drift", "quicksort", "sorting-algorithm"}
    assert all(row["definition"] in texts[row["definition_article"]] for row in defined)
    assert all(
        (row["definition"] is None) == (row["definition_article"] is None) for row in tables.concepts.to_pylist()
    )
