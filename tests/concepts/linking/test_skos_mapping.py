"""Which concepts match a vocabulary's, on evidence made by hand."""

import dataclasses
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from kg.base.config import Concepts
from kg.base.tables import CONCEPTS_FOUND
from kg.concepts.linking.disambiguation import BORNE_OUT, SEVERAL, at_least
from kg.concepts.linking.lexicon import Lexicon
from kg.concepts.linking.mapping_report import ambiguous_labels, linked_vocabularies
from kg.concepts.linking.skos_mapping import stated_broader
from kg.concepts.ranking.ranker import Ranker
from kg.concepts.selection.select import MENTIONED
from kg.concepts.terms.candidate_store import Candidates
from kg.concepts.terms.corpus import Corpus, in_one_part
from tests.concepts import by_text
from tests.concepts.by_hand import Candidate, all_candidates, believe, evidence, mention, mentions, selected
from tests.concepts.by_vocabulary import external, iri, lexicon

LIKELY, UNLIKELY = 0.9, 0.01


def chosen(
    given: Corpus,
    names: Lexicon,
    salience: float = LIKELY,
    options: Concepts | None = None,
    inside: frozenset[str] = frozenset(),
):
    """Choose where every term has one salience and stands by itself, but for those that are `inside` of others."""
    table = all_candidates(given)
    alone = pa.array([int(term not in inside) for term in table["term"].to_pylist()], pa.int32())
    changed = table.set_column(table.schema.get_field_index("alone"), "alone", alone)
    given = dataclasses.replace(given, read_candidates=in_one_part(changed))
    return selected(given, options or Concepts(), _Even(believe().card, None, None, value=salience), names)


@dataclass(frozen=True)
class _Even(Ranker):
    """Gives every candidate one probability."""

    value: float = 0.0

    def salience(self, candidates: Candidates, words: pa.Table) -> np.ndarray:
        return np.full(len(candidates.file), self.value)


def standing(terms: Mapping[str, Sequence[int]], articles: int = 40) -> Corpus:
    """Articles in which terms stand."""
    rows: list[Candidate] = sorted((file, term, 1) for term, files in terms.items() for file in files)
    return evidence([[]] * articles, rows)


def matched(found: tuple[pa.Table, pa.Table]) -> dict[str, list[tuple[str, str]]]:
    """Of each concept that matches any, the kinds and labels."""
    return {
        row["normal_form"]: [(match["kind"], match["label"]) for match in row["matches"]]
        for row in found[0].to_pylist()
        if row["matches"]
    }


def test_a_name_of_several_words_in_any_case_plural_and_hyphen() -> None:
    given = standing({"data management system": [1, 2, 3], "noise": [1]})
    found = chosen(given, lexicon("Data-Management Systems"))
    assert matched(found) == {"data management system": [("exact", "Data-Management Systems")]}
    (match,) = found[0].filter(pa.compute.equal(found[0]["slug"], "data-management-system"))["matches"].to_pylist()[0]
    assert match == {
        "iri": iri("Data-Management Systems"),
        "kind": "exact",
        "label": "Data-Management Systems",
        "scheme": "https://v.example/",
    }


def test_another_label_is_a_close_match() -> None:
    given = standing({"relational database": [1, 2, 3]})
    names = lexicon(("Data management systems", ["relational databases"], []))
    assert matched(chosen(given, names)) == {"relational database": [("close", "Data management systems")]}


def test_a_name_written_as_one_word_or_as_two() -> None:
    given = standing({"touchscreen": [1, 2, 3], "semi structured data": [4, 5, 6]})
    assert matched(chosen(given, lexicon("Touch screens", "Semistructured data"))) == {
        "touchscreen": [("exact", "Touch screens")],
        "semi structured data": [("exact", "Semistructured data")],
    }


def test_two_words_in_few_articles_may_stand_together_by_chance() -> None:
    names = lexicon("User models")
    assert matched(chosen(standing({"user model": range(SEVERAL - 1)}), names)) == {
        "user model": [("close", "User models")]
    }
    enough = chosen(standing({"user model": range(SEVERAL)}), names)
    assert matched(enough) == {"user model": [("exact", "User models")]}
    three = chosen(standing({"large user model": [1]}), lexicon("Large user models"))
    assert matched(three) == {"large user model": [("exact", "Large user models")]}
    small = chosen(standing({"power and energy": [1]}), lexicon("Power and energy"))
    assert matched(small) == {"power and energy": [("close", "Power and energy")]}


def test_company_bears_two_words_out() -> None:
    names = lexicon(("User models", [], ["Interface design"]), "Interface design")
    together = standing({"user model": [1], "interface design": [1, 2, 3]})
    assert matched(chosen(together, names))["user model"] == [("exact", "User models")]
    for places in ([9], [9, 10, 11]):  # in several articles too, none of which has anything near it
        apart = standing({"user model": places, "interface design": [1, 2, 3]})
        assert matched(chosen(apart, names))["user model"] == [("close", "User models")]


WORD = lexicon(("Trees", [], ["Graph theory"]), ("Spanning forests", [], ["Graph theory"]), "Graph theory")


def test_one_word_must_be_borne_out_by_its_company() -> None:
    with_company = standing({"tree": [1, 2, 3, 4], "graph theory": [1, 2, 3], "spanning forest": [4]})
    assert matched(chosen(with_company, WORD))["tree"] == [("exact", "Trees")]
    alone = standing({"tree": [1, 2, 3, 4], "graph theory": [7, 8]})
    assert matched(chosen(alone, WORD))["tree"] == [("close", "Trees")]
    one_article = standing({"tree": [1], "graph theory": [1, 2]})
    assert matched(chosen(one_article, WORD))["tree"] == [("close", "Trees")]


def test_company_that_is_everywhere_bears_nothing_out() -> None:
    everywhere = standing({"tree": [1, 2, 3, 4], "graph theory": range(int(40 / BORNE_OUT) + 5)})
    assert matched(chosen(everywhere, WORD))["tree"] == [("close", "Trees")]


def test_company_that_is_missing_contradicts() -> None:
    elsewhere = standing({"tree": range(20), "graph theory": range(20, 40)})
    found = chosen(elsewhere, WORD)
    assert "tree" not in matched(found)
    (report,) = linked_vocabularies(WORD, found[0])
    assert [(one.label, one.senses) for one in report.doubted] == [
        ("graph theory", [f"Graph theory <{iri('Graph theory')}>"]),
        ("tree", [f"Trees <{iri('Trees')}>"]),
    ]


def test_another_label_of_one_word_is_a_match_only_where_it_is_borne_out() -> None:
    names = lexicon(("Rooted graphs", ["trees"], ["Graph theory"]), "Graph theory")
    assert "tree" not in matched(chosen(standing({"tree": [1, 2, 3, 4], "graph theory": [7, 8, 9]}), names))
    together = standing({"tree": [1, 2, 3, 4], "graph theory": [1, 2, 3]})
    assert matched(chosen(together, names))["tree"] == [("close", "Rooted graphs")]


def test_a_name_with_capitals_is_believed_if_prose_writes_it_so() -> None:
    texts = ["They run Linux here.", "The office is closed.", "The office runs iOS.", "Bell Labs made a user model."]
    given = by_text.evidence(texts, "Linux", "office", "iOS", "Bell Labs", "user model")
    assert matched(chosen(given, lexicon("Linux", "Office", "iOS", "Bell Labs", "User Model"))) == {
        "bell lab": [("exact", "Bell Labs")],
        "ios": [("exact", "iOS")],
        "linux": [("exact", "Linux")],
        "office": [("close", "Office")],
        "user model": [("close", "User Model")],
    }


def test_an_acronym_matches_what_is_written_as_one() -> None:
    names = lexicon(("Metropolitan area networks", ["man"], ["Networks"]), ("Routers", [], ["Networks"]), "Networks")
    small = by_text.evidence(["The man has routers."] * 2 + ["Nothing."] * 30, "man", "routers")
    assert "man" not in matched(chosen(small, names))
    capitals = by_text.evidence(["The MAN has routers."] * 2 + ["Nothing."] * 30, "MAN", "routers")
    assert matched(chosen(capitals, names))["man"] == [("exact", "Metropolitan area networks")]


def test_an_acronym_with_its_expansion_is_one_concept_with_one_match() -> None:
    texts = ["A support vector machine (SVM) is old.", "An SVM is old.", "A support vector machine is old."]
    given = by_text.evidence(texts, "support vector machine", "SVM")
    assert matched(chosen(given, lexicon(("Support vector machines", ["svm", "svms"], [])))) == {
        "support vector machine": [("exact", "Support vector machines")]
    }


def test_an_acronym_of_something_else_matches_nothing() -> None:
    texts = ["A domain specific language (DSL) helps.", "A DSL helps.", "A domain specific language helps."]
    given = by_text.evidence(texts, "domain specific language", "DSL")
    assert matched(chosen(given, lexicon(("DSL", ["digital subscriber line"], [])))) == {}


def test_an_ambiguous_name_links_nothing_and_is_reported() -> None:
    names = lexicon(("Drift of data", ["drift alone"], []), ("Drift of concepts", ["drift alone"], []), "Data sets")
    found = chosen(standing({"drift alone": [1, 2, 3], "data set": [1, 2, 3]}), names)
    assert matched(found) == {"data set": [("exact", "Data sets")]}
    (report,) = linked_vocabularies(names, found[0])
    assert (report.concepts, report.linked, report.exact, report.close, report.doubted) == (3, 1, 1, 0, [])
    (ambiguous,) = report.ambiguous
    assert (ambiguous.label, ambiguous.reason) == ("drift alone", "vocabulary")
    assert ambiguous.senses == [f"{label} <{iri(label)}>" for label in ("Drift of concepts", "Drift of data")]
    (problem,) = ambiguous_labels(names, found[0])
    assert (problem.severity, problem.code, problem.file) == ("warning", "ambiguous-label", "v.ttl")
    assert problem.message.startswith('ambiguous concept names, which are not linked: 1 ("drift alone")')


def test_an_ambiguous_name_is_no_matter_where_another_name_tells() -> None:
    texts = ["Exploratory data analysis (EDA) is first.", "EDA again.", "Exploratory data analysis."]
    given = by_text.evidence(texts, "exploratory data analysis", "EDA")
    names = lexicon(("Exploratory data analysis", ["eda"], []), ("Electronic design automation", ["eda"], []))
    found = chosen(given, names)
    assert matched(found) == {"exploratory data analysis": [("exact", "Exploratory data analysis")]}
    assert ambiguous_labels(names, found[0]) == []


def test_at_most_one_of_ours_is_exactly_one_of_theirs_and_the_other_way_round() -> None:
    names = lexicon("ETL (extract transform load)")
    both = by_text.evidence(["ETL again.", "An extract transform load."] * 3, "ETL", "extract transform load")
    found = matched(chosen(both, names, options=Concepts()))
    assert [kind for row in found.values() for kind, _ in row].count("exact") <= 1
    two = Lexicon([external("Data sets"), external("Data sets", name="w")])
    found = matched(chosen(standing({"data set": [1, 2, 3]}), two))
    assert found == {"data set": [("exact", "Data sets"), ("exact", "Data sets")]}  # one in each vocabulary
    same = Lexicon([external("Data sets"), external(("Sets of data", ["data sets"], []), "Data sets")])
    assert sum(kind == "exact" for kind, _ in matched(chosen(standing({"data set": [1, 2, 3]}), same))["data set"]) <= 1


def test_of_two_concepts_that_kg_toml_merges_into_one_neither_is_exact() -> None:
    names = lexicon("Data sets", "Data tables")
    given = standing({"data set": [1, 2, 3], "data table": [4, 5, 6]})
    found = matched(chosen(given, names, options=Concepts(merge={"data thing": ("data set", "data table")})))
    assert found == {"data thing": [("close", "Data sets"), ("close", "Data tables")]}


# Mentions


def test_a_name_is_a_concept_wherever_it_stands() -> None:
    found = chosen(standing({"data lake": [1, 2, 3]}), lexicon("Data lakes"), UNLIKELY)
    assert mentions(found) == {f"/{file}": ["data-lake"] for file in (1, 2, 3)}
    for row in found[1].to_pylist():
        assert (row["origins"], row["salience"], row["about"]) == (["vocabulary"], UNLIKELY, False)
    assert found[0]["origins"].to_pylist() == [["vocabulary"]]


def test_what_is_only_close_is_a_concept_where_it_is_not_unlikely() -> None:
    names = lexicon(("Data management systems", ["data lakes"], []))
    assert mentions(chosen(standing({"data lake": [1, 2, 3]}), names, MENTIONED - 0.001)) == {}
    assert set(mentions(chosen(standing({"data lake": [1, 2, 3]}), names, MENTIONED))) == {"/1", "/2", "/3"}


def test_a_name_that_stands_inside_of_others_only_is_not_exact() -> None:
    given = standing({"static memory": [1, 2, 3], "static memory allocation": [1, 2, 3]})
    names = lexicon("Static memory")
    assert matched(chosen(given, names)) == {"static memory": [("exact", "Static memory")]}
    inside = chosen(given, names, inside=frozenset({"static memory"}))
    assert matched(inside) == {"static memory": [("close", "Static memory")]}


def test_the_origin_stands_beside_others() -> None:
    given = evidence([["Data lakes"], [], []], [(file, "data lake", 1) for file in range(3)])
    found = chosen(given, lexicon("Data lakes"))
    assert mention((found[0], found[1].filter(pa.compute.equal(found[1]["article"], "/0"))), "data-lake")[
        "origins"
    ] == ["author", "extracted", "vocabulary"]


def test_one_word_is_no_concept_by_a_doubtful_meaning_or_where_it_is_unlikely() -> None:
    assert mentions(chosen(standing({"trees": [], "tree": [1, 2, 3]}), lexicon("Trees"), 0.2)) == {}
    terms = {"tree": [1, 2, 3, 4], "graph theory": [1, 2, 3], "spanning forest": [4]}
    assert set(mentions(chosen(standing(terms), WORD, 0.2))["/1"]) == {"tree", "graph-theory"}
    assert set(mentions(chosen(standing(terms), WORD, UNLIKELY))["/1"]) == {"graph-theory"}


def test_a_number_of_concepts_keeps_the_best_of_them_too() -> None:
    given = evidence([[]], [(0, "data lake", 1), (0, "data mesh", 1)])
    ranker = believe(0.1, 0.2)
    found = selected(given, Concepts(per_article=1), ranker, lexicon("Data lakes"))
    assert mentions(found) == {"/0": ["data-mesh"]}


def test_what_kg_toml_rejects_is_none() -> None:
    found = chosen(standing({"data lake": [1, 2, 3]}), lexicon("Data lakes"), options=Concepts(reject=("Data lakes",)))
    assert found[0].num_rows == 0


def test_without_a_vocabulary_nothing_changes() -> None:
    given = standing({"data lake": [1, 2, 3], "noise": [1]})
    ranker = believe(0.9, 0.2, 0.3, 0.8)
    assert selected(given, Concepts(), ranker, Lexicon()) == selected(given, Concepts(), ranker)
    assert selected(given, Concepts(), ranker)[0]["matches"].to_pylist() == [[]]


def test_the_order_of_concepts_and_articles_changes_nothing() -> None:
    labels = [("Data sets", ["sets of data"], ["Data"]), ("Data lakes", [], ["Data"]), "Data", "Big data"]
    terms = {"data set": [1, 2, 3], "data lake": [2], "data": [1, 2, 3, 4], "set of data": [5, 6, 7]}
    expected = chosen(standing(terms), lexicon(*labels))
    shuffled = random.Random(7).sample(labels, len(labels))
    again = chosen(standing(dict(reversed(terms.items()))), lexicon(*shuffled))
    assert again == expected


# Figures and the hierarchy


@pytest.mark.parametrize(
    ("observed", "expected", "probability"),
    [(0, 3.0, 1.0), (1, 0.0, 0.0), (1, 1.0, 0.6321), (3, 1.0, 0.0803), (10, 2.0, 0.0000465), (900, 1000.0, 0.9994)],
)
def test_probability_of_so_much_company(observed: int, expected: float, probability: float) -> None:
    assert at_least(observed, expected) == pytest.approx(probability, abs=1e-4)


def table(*rows: tuple[str, str, str]) -> pa.Table:
    """Concepts with one match each: slug, kind, label."""
    matches = [[{"iri": iri(label), "kind": kind, "label": label, "scheme": None}] for _, kind, label in rows]
    plain = [{"slug": slug, "matches": match} for (slug, _, _), match in zip(rows, matches, strict=True)]
    return pa.Table.from_pylist(plain, CONCEPTS_FOUND)


CHAIN = lexicon(("A", [], ["B"]), ("B", [], ["C"]), ("C", [], ["D"]), "D")


def test_broader_concepts_beyond_those_that_match_none() -> None:
    assert stated_broader(CHAIN, table(("a", "exact", "A"), ("b", "exact", "B"), ("d", "exact", "D"))) == [
        ("a", "b"),
        ("b", "d"),
    ]
    assert stated_broader(CHAIN, table(("a", "exact", "A"), ("b", "close", "B"), ("d", "exact", "D"))) == [("a", "d")]


def test_a_circle_in_a_vocabulary_ends() -> None:
    circle = lexicon(("A", [], ["B"]), ("B", [], ["C"]), ("C", [], ["A"]))
    assert stated_broader(circle, table(("a", "exact", "A"))) == []
    assert stated_broader(circle, table(("a", "exact", "A"), ("c", "exact", "C"))) == [("a", "c"), ("c", "a")]
