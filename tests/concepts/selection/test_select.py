"""Which terms become concepts, on evidence made by hand; the probabilities are given, so that no weight matters."""

import random
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from kg.annotate.text.normal_form import normal_form
from kg.base.config import Concepts
from kg.base.tables import CONCEPTS_FOUND, MENTIONS
from kg.concepts.ranking.ranker import Ranker
from kg.concepts.selection.select import EARNED, MENTIONED, SEVERAL
from kg.concepts.selection.to_tables import ABOUT
from kg.concepts.terms.corpus import Corpus, in_one_part
from tests.concepts.by_hand import (
    CUT,
    all_candidates,
    all_forms,
    believe,
    concept,
    evidence,
    mention,
    mentions,
    selected,
)

TEN = Concepts(per_article=10)


def test_auto_keeps_what_is_probably_a_concept() -> None:
    ranker = believe(CUT, CUT - 0.001, 0.9, 0.8, 0.7, 0.6)
    terms = [
        (file, term, 1) for file, term in ((0, "drift"), (0, "noise"), (0, "debt"), *((n, "drift") for n in (1, 2, 3)))
    ]
    found = selected(evidence([[]] * 4, terms), Concepts(), ranker)
    assert mentions(found)["/0"] == ["debt", "drift"]


def test_several_articles_earn_a_node_too() -> None:
    terms = [(file, term, 1) for term in ("drift", "noise") for file in range(SEVERAL)]
    given = evidence([[]] * SEVERAL, [*terms, (0, "debt", 1), (1, "debt", 1)])
    ranker = believe(ABOUT, *[CUT] * (SEVERAL - 1), *[ABOUT - 0.0001] * SEVERAL, ABOUT, ABOUT)
    assert mentions(selected(given, Concepts(), ranker)) == {f"/{file}": ["drift"] for file in range(SEVERAL)}


def test_a_term_must_earn_its_node_in_some_article() -> None:
    terms = [(0, "drift", 1), (1, "drift", 1), (0, "noise", 1), (1, "noise", 1)]
    ranker = believe(EARNED, 0.4, EARNED - 0.0001, 0.4)
    assert mentions(selected(evidence([[], []], terms), Concepts(), ranker)) == {"/0": ["drift"], "/1": ["drift"]}
    assert "noise" in mentions(selected(evidence([[], ["noise"]], terms), Concepts(), ranker))["/0"]


def test_auto_keeps_passing_mentions_of_an_established_concept() -> None:
    ranker = believe(0.9, MENTIONED, MENTIONED - 0.001)
    given = evidence([[], [], []], [(file, "drift", 1) for file in range(3)])
    assert mentions(selected(given, Concepts(), ranker)) == {"/0": ["drift"], "/1": ["drift"]}


def test_several_words_are_a_mention_of_an_established_concept_wherever_they_stand() -> None:
    ranker = believe(0.9, 0.001, 0.0)
    given = evidence([[], [], []], [(file, "data drift", 1) for file in range(3)])
    assert mentions(selected(given, Concepts(), ranker)) == {f"/{file}": ["data-drift"] for file in range(3)}


def test_an_authors_keyword_establishes_a_concept() -> None:
    ranker = believe(0.0, 0.1)
    given = evidence([["Data Drift"], []], [(0, "data drift", 1), (1, "data drift", 1)])
    assert mentions(selected(given, Concepts(), ranker)) == {"/0": ["data-drift"], "/1": ["data-drift"]}


def test_a_term_that_few_of_its_articles_chose_is_not_established() -> None:
    ranker = believe(0.9, 0.2, 0.2, 0.2)
    given = evidence([[], [], [], []], [(file, "approach", 1) for file in range(4)])
    assert mentions(selected(given, Concepts(), ranker)) == {"/0": ["approach"]}


def test_a_number_keeps_so_many_of_the_best_however_unlikely() -> None:
    ranker = believe(0.01, 0.03, 0.02, 0.5)
    given = evidence([[], []], [(0, "a b", 1), (0, "c d", 1), (0, "e f", 1), (1, "a b", 1)])
    assert mentions(selected(given, Concepts(per_article=2), ranker)) == {"/0": ["c-d", "e-f"], "/1": ["a-b"]}


def test_equals_are_in_alphabetical_order() -> None:
    ranker = believe(0.5, 0.50001, 0.5)
    given = evidence([[]], [(0, "zebra", 1), (0, "mule", 1), (0, "ant", 1)])
    assert mentions(selected(given, TEN, ranker)) == {"/0": ["ant", "mule", "zebra"]}


def test_a_keyword_in_the_text_is_a_concept_of_at_least_one_half() -> None:
    ranker = believe(0.0, 0.8)
    found = selected(evidence([["Data Drift"]], [(0, "data drift", 3), (0, "noise", 1)]), Concepts(), ranker)
    assert mentions(found) == {"/0": ["noise", "data-drift"]}
    assert mention(found, "data-drift") == {
        "article": "/0",
        "rank": 2,
        "concept": "data-drift",
        "salience": 0.5,
        "frequency": 3,
        "about": True,
        "origins": ["author"],
        "occurrences": [
            {"part": "body", "start": start, "end": 5, "sentence_start": 0, "sentence_end": 9} for start in range(3)
        ],
    }


def test_what_the_text_says_of_a_keyword_is_the_other_half() -> None:
    ranker = believe(0.4)
    found = selected(evidence([["drift"]], [(0, "drift", 1)]), Concepts(), ranker)
    assert mention(found, "drift")["salience"] == 0.7


def test_a_keyword_that_the_text_lacks_is_a_concept_without_occurrences() -> None:
    ranker = believe(0.9)
    found = selected(evidence([["Model Registry"]], [(0, "drift", 1)]), Concepts(), ranker)
    absent = mention(found, "model-registry")
    assert (absent["salience"], absent["frequency"], absent["occurrences"]) == (0.5, 0, [])
    assert absent["origins"] == ["author"]
    assert concept(found, "model-registry")["pref_label"] == "Model Registry"
    assert concept(found, "model-registry")["frequency"] == 0


def test_keywords_that_are_code_or_discourse_are_no_concepts() -> None:
    ranker = believe()
    keywords = ["`predict()`", "$F_1$", "x_i = 3", "example", "2024", "7", "", "drift"]
    assert mentions(selected(evidence([keywords], []), TEN, ranker)) == {"/0": ["drift"]}


def test_keywords_of_one_normal_form_are_one_concept() -> None:
    ranker = believe()
    given = evidence([["Feature Stores", "feature store"], ["feature store"], ["feature-store"]], [])
    found = selected(given, TEN, ranker)
    assert mentions(found) == {"/0": ["feature-store"], "/1": ["feature-store"], "/2": ["feature-store"]}
    row = concept(found, "feature-store")
    assert (row["pref_label"], row["article_count"]) == ("feature store", 3)
    assert (row["alt_labels"], row["hidden_labels"]) == (["feature-store"], ["Feature Stores"])


def test_keywords_are_not_believed_where_the_configuration_says_so() -> None:
    ranker = believe(0.8)
    given = evidence([["data drift", "model registry"]], [(0, "data drift", 1)])
    found = selected(given, Concepts(keywords=False), ranker)
    assert mentions(found) == {"/0": ["data-drift"]}
    assert mention(found, "data-drift")["origins"] == ["extracted"]
    assert mention(found, "data-drift")["salience"] == 0.8


def test_origins_say_who_found_a_concept() -> None:
    ranker = believe(0.9, 0.9, 0.0)
    given = evidence([["drift", "debt"], []], [(0, "drift", 1), (1, "debt", 1), (0, "debt", 1)])
    found = selected(given, Concepts(), ranker)
    origins = {(row["article"], row["concept"]): row["origins"] for row in found[1].to_pylist()}
    assert origins == {
        ("/0", "drift"): ["author", "extracted"],
        ("/0", "debt"): ["author"],
        ("/1", "debt"): ["extracted"],
    }
    assert concept(found, "debt")["origins"] == ["author", "extracted"]


def test_about_begins_at_one_half() -> None:
    ranker = believe(ABOUT, ABOUT - 0.0001)
    found = selected(evidence([[]], [(0, "drift", 1), (0, "debt", 1)]), TEN, ranker)
    assert (mention(found, "drift")["about"], mention(found, "debt")["about"]) == (True, False)


def test_salience_has_four_digits() -> None:
    ranker = believe(0.123456789)
    found = selected(evidence([[]], [(0, "drift", 1)]), TEN, ranker)
    assert mention(found, "drift")["salience"] == 0.1235


def test_counts_are_of_the_articles_that_kept_the_concept() -> None:
    ranker = believe(0.9, 0.01, 0.9)
    given = evidence([[], [], []], [(0, "drift", 2), (1, "drift", 5), (2, "drift", 1)])
    row = concept(selected(given, Concepts(), ranker), "drift")
    assert (row["article_count"], row["frequency"]) == (2, 3)


def test_nothing_at_all_is_two_empty_tables() -> None:
    ranker = believe()
    for given in (evidence([], []), evidence([[], []], [])):
        concepts, found = selected(given, Concepts(), ranker)
        assert (concepts.schema, concepts.num_rows) == (CONCEPTS_FOUND, 0)
        assert (found.schema, found.num_rows) == (MENTIONS, 0)


REMEDIES = Concepts(
    reject=("stores",),
    accept=("Models",),
    rename={"debts": "Owing"},
    merge={"data drift": ("drift", "shadow mode"), "registry": ("model registries",)},
)


@pytest.mark.parametrize("options", [Concepts(), Concepts(per_article=3), REMEDIES])
def test_the_order_of_the_evidence_does_not_matter(options: Concepts, shipped: Ranker) -> None:
    names = ["drift", "data drift", "debt", "model", "model registry", "registry", "feature", "store"]
    keywords = [["data drift", "Debt"], ["debts"], ["registry", "shadow mode"], []]
    candidates = [(file, name, 1 + (file + at) % 3) for file in range(4) for at, name in enumerate(names)]
    expected = selected(evidence(keywords, candidates), options, shipped)
    for seed in range(5):
        given = evidence(keywords, candidates)
        others = {name: shuffle(getattr(given, name), seed) for name in ("articles", "words", "acronyms")}
        shuffled = Corpus(
            read_candidates=in_one_part(shuffle_articles(all_candidates(given), seed)),
            read_forms=in_one_part(shuffle(all_forms(given), seed)),
            **others,
        )
        concepts, found = selected(shuffled, options, shipped)
        assert concepts.equals(expected[0])
        assert found.equals(expected[1])


def test_the_parts_in_which_the_evidence_is_read_do_not_matter(shipped: Ranker) -> None:
    names = ["drift", "ML", "machine learning", "data set", "dataset", "machine learning model", "ML model"]
    keywords = [["data drift", "Debt"], ["ML"], ["registry", "data sets"], []]
    candidates = [(file, normal_form(name), 1 + (file + at) % 3) for file in range(4) for at, name in enumerate(names)]
    given = evidence(keywords, candidates)
    merged = Concepts(merge={"drift": ("data drift",)}, reject=("debt",))
    table = all_candidates(given)
    parts = [table.filter(pc.equal(table["file"], file)) for file in range(4)]
    apart = replace(given, read_candidates=lambda columns: [part.select(columns) for part in [table[:0], *parts]])
    for together, by_article in zip(selected(given, merged, shipped), selected(apart, merged, shipped), strict=True):
        assert together.num_rows > 0
        assert together.equals(by_article)


def shuffle(table: pa.Table, seed: int) -> pa.Table:
    """The rows in another order and in other chunks."""
    return reordered(table, random.Random(seed).sample(range(table.num_rows), table.num_rows), seed)


def shuffle_articles(candidates: pa.Table, seed: int) -> pa.Table:
    """The articles in another order and in other chunks; the rows of each stay together, as they are in the text."""
    files = candidates["file"].to_pylist()
    place = random.Random(seed).sample(range(max(files) + 1), max(files) + 1)
    return reordered(candidates, sorted(range(len(files)), key=lambda row: place[files[row]]), seed)


def reordered(table: pa.Table, order: list[int], seed: int) -> pa.Table:
    cut = seed % (table.num_rows + 1)
    rows = pa.array(order, pa.int64())
    return pa.concat_tables([table.take(rows[:cut]), table.take(rows[cut:])])


def test_auto_takes_no_order_for_a_concept_however_likely() -> None:
    terms = [(0, "ensure validity", 1), (0, "data validity", 1), (0, "multiply", 1), (0, "ensure that", 1)]
    given = evidence([["ensure that"]], terms)
    found = selected(given, Concepts(), believe(0.9, 0.9, 0.9, 0.9))
    assert mentions(found) == {"/0": ["ensure-that", "data-validity"]}
    assert len(mentions(selected(given, Concepts(per_article=9), believe(0.9, 0.9, 0.9, 0.9)))["/0"]) == 4


def in_languages(given: Corpus, *tags: str) -> Corpus:
    place = given.articles.schema.get_field_index("language")
    return replace(given, articles=given.articles.set_column(place, "language", pa.array(tags)))


def test_a_label_has_the_language_of_most_articles_of_the_concept() -> None:
    keywords = [["Datendrift", "drift"], ["drift"], ["drift", "log"], ["log"]]
    given = in_languages(evidence(keywords, []), "de-at", "en-gb", "en", "de")
    found = selected(given, Concepts(), believe())
    languages = dict(zip(*(found[0][name].to_pylist() for name in ("slug", "language")), strict=True))
    assert languages == {"datendrift": "de", "drift": "en", "log": "de"}
