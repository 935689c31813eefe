"""Concepts as kg.toml wants them, on evidence made by hand."""

from dataclasses import replace

import pyarrow as pa
import pytest

from kg.annotate import rows
from kg.annotate.curation import read_curation
from kg.base.config import Concepts
from kg.base.model import Severity
from kg.concepts.ranking.ranker import Ranker
from kg.concepts.terms.corpus import Corpus, in_one_part
from kg.concepts.terms.curate import unused_entries
from tests.concepts.by_hand import believe, candidate, concept, evidence, mention, mentions, selected

LEARNING = Concepts(merge={"machine learning": ("ML", "Machine-Learning Systems")})


def with_candidates(given: Corpus, *candidates: dict) -> Corpus:
    table = pa.Table.from_pylist(list(candidates), rows.CANDIDATES)
    return replace(given, read_candidates=in_one_part(table))


def at(file: int, term: str, *places: tuple[int, int, int]) -> dict:
    """A candidate that stands at part, start and end."""
    occurrences = [
        {"part": part, "start": start, "end": end, "sentence_start": 0, "sentence_end": 99}
        for part, start, end in places
    ]
    return {**candidate(file, term, len(places)), "occurrences": occurrences}


def places(found: tuple[pa.Table, pa.Table], slug: str) -> list[tuple[int, int]]:
    return [(place["start"], place["end"]) for place in mention(found, slug)["occurrences"]]


# reject


def test_what_is_rejected_is_no_concept_however_it_is_written() -> None:
    ranker = believe(0.9)
    given = evidence([["Gain multiplies", "drift"]], [(0, "gain multiply", 3), (0, "drift", 1)])
    options = Concepts(reject=("gains multiply",))
    assert mentions(selected(given, options, ranker)) == {"/0": ["drift"]}


def test_a_rejected_keyword_is_no_concept_either() -> None:
    ranker = believe()
    given = evidence([["Technical-Debts", "drift"]], [])
    assert mentions(selected(given, Concepts(reject=("technical debt",)), ranker)) == {"/0": ["drift"]}


# accept


def test_what_is_accepted_is_a_concept_wherever_it_stands() -> None:
    ranker = believe(0.0, 0.4, 0.1)
    given = evidence([[], [], []], [(0, "odd", 1), (1, "odd", 2), (2, "noise", 1)])
    found = selected(given, Concepts(accept=("odds",)), ranker)
    assert mentions(found) == {"/0": ["odd"], "/1": ["odd"]}
    assert [(row["salience"], row["about"], row["origins"]) for row in found[1].to_pylist()] == [
        (0.5, True, ["curated"]),
        (0.7, True, ["extracted", "curated"]),
    ]
    assert concept(found, "odd")["origins"] == ["extracted", "curated"]


def test_a_keyword_that_is_accepted_is_believed_once() -> None:
    ranker = believe(0.4)
    given = evidence([["odd"], ["odd"]], [(0, "odd", 1)])
    found = selected(given, Concepts(accept=("odd",)), ranker)
    assert [(row["article"], row["salience"], row["origins"]) for row in found[1].to_pylist()] == [
        ("/0", 0.7, ["author", "extracted", "curated"]),
        ("/1", 0.5, ["author"]),
    ]


def test_a_number_counts_accepted_concepts_like_all_others() -> None:
    ranker = believe(0.9, 0.1)
    given = evidence([[]], [(0, "drift", 1), (0, "odd", 1)])
    assert mentions(selected(given, Concepts(accept=("odd",), per_article=1), ranker)) == {"/0": ["drift"]}


# rename


def test_a_new_label_comes_first_and_moves_no_iri() -> None:
    ranker = believe(0.9)
    given = evidence([["Shap Values"]], [(0, "shap value", 1)])
    row = concept(selected(given, Concepts(rename={"SHAP value": "Shapley value"}), ranker), "shap-value")
    assert (row["pref_label"], row["alt_labels"]) == ("Shapley value", ["shap value"])
    assert row["hidden_labels"] == ["Shap Values"]


def test_a_label_in_another_case_leaves_no_second_one() -> None:
    ranker = believe(0.9)
    given = evidence([[]], [(0, "shap value", 1)])
    row = concept(selected(given, Concepts(rename={"shap value": "SHAP value"}), ranker), "shap-value")
    assert (row["pref_label"], row["alt_labels"]) == ("SHAP value", [])


# merge


def test_merged_terms_are_one_concept_with_all_occurrences() -> None:
    ranker = believe(0.8)
    given = with_candidates(
        evidence([[]], [(0, "machine learning", 1), (0, "ml", 1), (0, "machine learning system", 1)]),
        at(0, "machine learning", (0, 20, 36), (0, 50, 66)),
        at(0, "ml", (0, 70, 72), (0, 5, 7)),
        at(0, "machine learning system", (0, 20, 43), (0, 90, 113)),
    )
    found = selected(given, LEARNING, ranker)
    assert mentions(found) == {"/0": ["machine-learning"]}
    row = mention(found, "machine-learning")
    assert (row["salience"], row["frequency"], row["origins"]) == (0.8, 5, ["extracted"])
    assert places(found, "machine-learning") == [(5, 7), (20, 43), (50, 66), (70, 72), (90, 113)]
    assert concept(found, "machine-learning")["frequency"] == 5


def test_equal_and_nested_occurrences_count_once_and_parts_are_kept_apart() -> None:
    ranker = believe(0.9)
    given = with_candidates(
        evidence([[]], [(0, "machine learning", 1), (0, "ml", 1)]),
        at(0, "machine learning", (1, 10, 20), (0, 10, 20), (0, 15, 30)),
        at(0, "ml", (0, 12, 14), (0, 10, 20), (1, 21, 23)),
    )
    articles = given.articles.to_pylist()
    articles[0]["parts"] = [{"name": "question", "text": ""}, {"name": "answer", "text": ""}]
    given = replace(given, articles=pa.Table.from_pylist(articles, rows.ARTICLES))
    row = mention(selected(given, LEARNING, ranker), "machine-learning")
    assert [(place["part"], place["start"], place["end"]) for place in row["occurrences"]] == [
        ("question", 10, 20),
        ("question", 15, 30),
        ("answer", 10, 20),
        ("answer", 21, 23),
    ]
    assert row["frequency"] == 4


def test_names_are_merged_before_an_article_is_cut() -> None:
    ranker = believe(0.1, 0.2, 0.9)
    given = evidence([[], []], [(0, "ml", 2), (0, "noise", 1), (1, "machine learning", 1)])
    found = selected(given, LEARNING, ranker)
    assert mentions(found) == {"/0": ["machine-learning"], "/1": ["machine-learning"]}


def test_a_merged_concept_is_ranked_by_the_statistics_of_all_its_names(shipped: Ranker) -> None:
    options = Concepts(per_article=10, merge=LEARNING.merge)

    def salience(*candidates: dict) -> float:
        given = with_candidates(evidence([[], []], []), *candidates, at(1, "noise", (0, 1, 5)))
        return mention(selected(given, options, shipped), "machine-learning")["salience"]

    both = salience(at(0, "machine learning", (0, 20, 36)), at(0, "ml", (0, 40, 42), (0, 50, 52)))
    assert both == salience(at(0, "machine learning", (0, 20, 36), (0, 40, 42), (0, 50, 52)))
    assert both != salience(at(0, "machine learning", (0, 20, 36)))


def test_other_names_become_further_labels() -> None:
    ranker = believe(0.9, 0.9, 0.9)
    given = evidence([[], []], [(0, "machine learning", 1), (1, "ml", 9), (1, "drift", 1)])
    row = concept(selected(given, LEARNING, ranker), "machine-learning")
    assert (row["pref_label"], row["alt_labels"], row["article_count"]) == ("machine learning", ["ml"], 2)


def test_a_concept_that_stands_nowhere_is_written_as_in_the_configuration() -> None:
    ranker = believe(0.9)
    found = selected(evidence([[]], [(0, "ml", 1)]), Concepts(merge={"Machine Learning": ("ML",)}), ranker)
    row = concept(found, "machine-learning")
    assert (row["pref_label"], row["alt_labels"], row["normal_form"]) == (
        "Machine Learning",
        ["ml"],
        "machine learning",
    )


def test_a_merged_concept_can_be_renamed() -> None:
    ranker = believe(0.9)
    given = evidence([[]], [(0, "machine learning", 1), (0, "ml", 1)])
    options = Concepts(merge=LEARNING.merge, rename={"machine learning": "learning machines"})
    row = concept(selected(given, options, ranker), "machine-learning")
    assert (row["pref_label"], row["alt_labels"]) == ("learning machines", ["machine learning", "ml"])


def test_keywords_are_merged_like_terms() -> None:
    ranker = believe(0.2)
    given = evidence([["ML", "Machine Learning"], ["ML"]], [(0, "machine learning", 1)])
    found = selected(given, LEARNING, ranker)
    assert [(row["article"], row["salience"], row["frequency"]) for row in found[1].to_pylist()] == [
        ("/0", 0.6, 1),
        ("/1", 0.5, 0),
    ]
    row = concept(found, "machine-learning")
    assert (row["pref_label"], row["alt_labels"], row["origins"]) == (
        "machine learning",
        ["ML"],
        ["author", "extracted"],
    )


def test_an_accepted_concept_is_one_by_any_of_its_names() -> None:
    ranker = believe(0.0)
    options = Concepts(merge=LEARNING.merge, accept=("machine learning",))
    found = selected(evidence([[]], [(0, "ml", 1)]), options, ranker)
    assert mention(found, "machine-learning")["origins"] == ["curated"]


# unused entries


def unused(given: Corpus, options: Concepts, ranker: Ranker) -> list[tuple[str | None, str]]:
    concepts, _ = selected(given, options, ranker)
    problems = unused_entries(read_curation(options), given, concepts)
    assert {(p.severity, p.code, p.file) for p in problems} <= {(Severity.WARNING, "unused-entry", "kg.toml")}
    return [(problem.field, problem.message.partition(": ")[2]) for problem in problems]


def test_an_entry_that_matches_nothing_is_a_warning() -> None:
    ranker = believe(0.9, 0.9)
    given = evidence([["Model Registry"]], [(0, "drift", 1), (0, "feature store", 1)])
    options = Concepts(
        reject=("model registries", "models"),
        accept=("feature stores", "registry"),
        rename={"feature stores": "Feature store", "debt": "Debt"},
        merge={"feature store": ("store", "Feature Stores"), "data drift": ("concept drift",)},
    )
    nowhere = "no term and no keyword of these articles matches it"
    assert unused(given, options, ranker) == [
        ("concepts.reject", f'"models" has no effect: {nowhere}'),
        ("concepts.accept", '"registry" has no effect: it occurs in no text of these articles'),
        ("concepts.rename", '"debt" has no effect: no concept of this build matches it'),
        ("concepts.merge", f'"store" has no effect: {nowhere}'),
        ("concepts.merge", '"Feature Stores" has no effect: the two are already one concept'),
        ("concepts.merge", f'"concept drift" has no effect: {nowhere}'),
    ]


@pytest.mark.parametrize("options", [Concepts(), LEARNING])
def test_where_all_entries_match_there_is_no_warning(options: Concepts) -> None:
    ranker = believe(0.9, 0.9)
    given = evidence([["ML"]], [(0, "drift", 1), (0, "machine learning system", 1)])
    assert unused(given, options, ranker) == []
