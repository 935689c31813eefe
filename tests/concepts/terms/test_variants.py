"""Which terms are one concept, and which stay apart."""

import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given as always
from hypothesis import strategies as st

from kg.annotate import rows
from kg.annotate.extract.token_model import FEATURES as TOKEN_FEATURES
from kg.base.config import Concepts
from kg.concepts.terms.corpus import Corpus, in_one_part
from kg.concepts.terms.merge_candidates import COUNTED
from tests.concepts.by_hand import all_candidates, all_forms, believe, candidate, concept, mentions, selected
from tests.concepts.by_text import evidence, united, united_rows, variants

DEFINED = "We use machine learning (ML) because ML is good."
MACHINE = ("machine learning", "ML")


def concepts(given: Corpus, options: Concepts | None = None) -> dict[int, list[str]]:
    result: dict[int, list[str]] = {}
    for file, term in united(given, options):
        result.setdefault(file, []).append(term)
    return result


# acronyms


def test_in_an_article_that_defines_it_an_acronym_is_its_expansion() -> None:
    found = united(evidence([DEFINED], *MACHINE))
    assert list(found) == [(0, "machine learning")]
    row = found[0, "machine learning"]
    assert [(place["start"], place["end"]) for place in row["occurrences"]] == [(7, 23), (25, 27), (37, 39)]
    assert (row["frequency"], row["words"]) == (3, 2)


def test_elsewhere_it_is_the_one_expansion_that_the_corpus_gives_it() -> None:
    given = evidence([DEFINED, "ML is everywhere."], *MACHINE)
    assert concepts(given) == {0: ["machine learning"], 1: ["machine learning"]}


def test_two_expansions_stay_apart_and_each_article_has_its_own() -> None:
    given = evidence(
        [
            "The principal component analysis (PCA) is linear. PCA is old.",
            "Patient-controlled analgesia (PCA) is safe. PCA is new.",
            "PCA is undefined.",
        ],
        "principal component analysis",
        "Patient-controlled analgesia",
        "PCA",
    )
    assert concepts(given) == {0: ["principal component analysis"], 1: ["patient controlled analgesia"], 2: ["pca"]}


def test_expansions_of_the_same_stems_or_with_an_acronym_inside_are_one() -> None:
    given = evidence(
        [
            "The hypertext transfer protocol (HTTP) and hypertext transfer protocol secure (HTTPS).",
            "Use HTTP secure (HTTPS) and a graphics processing unit (GPU).",
            "HTTPS on a graphical processing unit (GPU).",
        ],
        *("HTTP", "HTTPS", "GPU", "hypertext transfer protocol", "hypertext transfer protocol secure", "HTTP secure"),
        *("graphics processing unit", "graphical processing unit"),
    )
    found = concepts(given)
    assert sorted(found[2]) == ["graphic processing unit", "hypertext transfer protocol secure"]
    assert sorted(found[1]) == ["graphic processing unit", "http", "hypertext transfer protocol secure"]


def test_the_expansion_that_stands_in_an_article_decides_before_the_corpus() -> None:
    given = evidence(
        [
            "The principal component analysis (PCA) is linear. PCA is old.",
            "Patient-controlled analgesia (PCA) is safe. PCA is new.",
            "In principal component analysis the axes turn. PCA is fast.",
        ],
        "principal component analysis",
        "Patient-controlled analgesia",
        "PCA",
    )
    assert concepts(given)[2] == ["principal component analysis"]


@pytest.mark.parametrize(("others", "expected"), [(4, "machine learning"), (3, "ml")])
def test_an_expansion_is_dominant_from_four_in_five(others: int, expected: str) -> None:
    texts = [DEFINED] * others + ["The maximum likelihood (ML) is a mean.", "ML is meant."]
    texts = [f"{number}. {text}" for number, text in enumerate(texts)]
    given = evidence(texts, *MACHINE, "maximum likelihood")
    assert concepts(given)[len(texts) - 1] == [expected]


def test_an_article_that_repeats_another_is_no_second_witness() -> None:
    texts = [DEFINED] * 4 + ["The maximum likelihood (ML) is a mean.", "ML is meant."]
    given = evidence(texts, *MACHINE, "maximum likelihood")
    assert concepts(given)[5] == ["ml"]


def test_letters_inside_words_need_two_witnesses_and_initials_one() -> None:
    texts = ["Deoxyribonucleic acid (DNA) is long.", "DNA is short.", "An acid: deoxyribonucleic acid (DNA), again."]
    surfaces = "Deoxyribonucleic acid", "deoxyribonucleic acid", "DNA"
    assert concepts(evidence(texts[:2], *surfaces))[1] == ["dna"]
    assert concepts(evidence(texts, *surfaces))[1] == ["deoxyribonucleic acid"]


def test_a_word_without_capitals_is_no_acronym() -> None:
    texts = ["The amyloid precursor protein (APP) folds. APP folds.", "An app is a program. This app too.", "APP!"]
    given = evidence(texts, "amyloid precursor protein", "APP", "app")
    expected = {0: ["amyloid precursor protein"], 1: ["app"], 2: ["amyloid precursor protein"]}
    assert concepts(given) == expected


def test_a_longer_term_takes_the_expansion_where_the_corpus_has_it() -> None:
    given = evidence(
        [DEFINED + " Use ML models and ML parties.", "Build machine learning models."],
        *MACHINE,
        "ML models",
        "ML parties",
        "machine learning models",
    )
    found = concepts(given)
    assert sorted(found[0]) == ["machine learning", "machine learning model", "ml party"]
    assert sorted(found[1]) == ["machine learning", "machine learning model"]


def test_keywords_mean_what_the_article_means() -> None:
    ranker = believe(0.9, 0.9, 0.9)
    texts = [DEFINED, "ML is everywhere.", "Nothing here but a model."]
    said = [["ML"], ["machine learning (ML)"], ["ML", "Machine Learning (ML)"]]
    found = selected(evidence(texts, *MACHINE, "model", keywords=said), Concepts(), ranker)
    assert mentions(found) == {
        "/0": ["machine-learning"],
        "/1": ["machine-learning"],
        "/2": ["model", "machine-learning"],
    }
    row = concept(found, "machine-learning")
    assert sorted([row["pref_label"], *row["alt_labels"]]) == ["ML", "machine learning"]


# compounds


@pytest.mark.parametrize("surface", ["data set", "data-set", "Data Sets"])
def test_a_compound_in_two_words_is_the_one_in_one(surface: str) -> None:
    given = evidence([f"A {surface} is here.", "The dataset is there."], surface, "dataset")
    assert concepts(given) == {0: ["dataset"], 1: ["dataset"]}


def test_a_compound_inside_a_longer_term_is_joined_too() -> None:
    texts = ["A training data set is a data set.", "A dataset is one."]
    given = evidence(texts, "training data set", "data set", "dataset")
    assert concepts(given)[0] == ["dataset", "training dataset"]


def test_a_prefix_is_joined_though_it_is_no_term() -> None:
    given = evidence(
        ["Mind the hyper-parameter tuning.", "Each hyperparameter."], "hyper-parameter tuning", "hyperparameter"
    )
    assert concepts(given)[0] == ["hyperparameter tuning"]


def test_a_name_is_no_compound() -> None:
    given = evidence(["Our sales force sells.", "We use Salesforce daily."], "sales force", "Salesforce")
    assert concepts(given) == {0: ["sales force"], 1: ["salesforce"]}


def test_to_re_form_is_not_to_reform() -> None:
    given = evidence(["They re-form it, a re-form.", "A reform is due."], "re-form", "reform")
    assert concepts(given) == {0: ["re form"], 1: ["reform"]}


def test_a_leading_the_is_left_out() -> None:
    given = evidence(["The edge computes.", "An edge."], "The edge", "edge")
    assert concepts(given) == {0: ["edge"], 1: ["edge"]}


# kg.toml


def test_what_kg_toml_says_wins_over_what_is_found() -> None:
    given = evidence([DEFINED, "ML."], *MACHINE)
    assert concepts(given, Concepts(merge={"Meta Language": ("ML",)})) == {
        0: ["machine learning", "meta language"],
        1: ["meta language"],
    }
    assert concepts(given, Concepts(accept=("ML",)))[1] == ["ml"]


def test_found_variants_go_where_kg_toml_merges() -> None:
    given = evidence([DEFINED, "ML."], *MACHINE)
    found = concepts(given, Concepts(merge={"learning": ("machine learning",)}))
    assert found == {0: ["learning"], 1: ["learning"]}


def test_a_compound_that_kg_toml_names_is_the_concept() -> None:
    given = evidence(["A data set is here.", "The dataset is there."], "data set", "dataset")
    assert concepts(given, Concepts(accept=("data set",))) == {0: ["data set"], 1: ["data set"]}
    ranker = believe()
    assert mentions(selected(given, Concepts(reject=("data set",)), ranker)) == {}


def test_a_term_with_an_acronym_in_it_that_kg_toml_names_stays() -> None:
    texts = [DEFINED + " Use ML models.", "Build machine learning models."]
    given = evidence(texts, *MACHINE, "ML models", "machine learning models")
    assert "ml model" not in concepts(given)[0]
    assert "ml model" in concepts(given, Concepts(accept=("ML model",)))[0]


# statistics


def test_statistics_are_those_of_the_concept() -> None:
    given = evidence([DEFINED], *MACHINE)
    given_rows = all_candidates(given).to_pylist()
    for row, first, last, bold in zip(given_rows, (0.2, 0.1), (0.4, 0.9), (1, 2), strict=True):
        row.update(first=first, last=last, bold=bold, in_title=bold == 2, shape="gn" if bold == 1 else "nn")
        row.update(fit=last / 2, inside=first / 2)
    given = replace(given, read_candidates=in_one_part(pa.Table.from_pylist(given_rows, rows.CANDIDATES)))
    row = united(given)[0, "machine learning"]
    assert (row["first"], row["last"]) == (pytest.approx(0.1), pytest.approx(0.9))
    assert (row["bold"], row["in_title"], row["shape"]) == (3, True, "gn")
    assert (row["fit"], row["inside"]) == (pytest.approx(0.45), pytest.approx(0.1))


def test_every_column_of_a_candidate_has_a_rule() -> None:
    ruled = {"file", "term", "shape", "words", "frequency", "first", "last", "in_title", "occurrences"}
    assert set(rows.CANDIDATES.names) == ruled | {*COUNTED, *TOKEN_FEATURES}


@always(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["ml", "machine learning", "noise", "data set", "dataset"])),
        unique=True,
    )
)
def test_each_article_has_each_concept_once_and_loses_no_occurrence(pairs: list[tuple[int, str]]) -> None:
    table = pa.Table.from_pylist(
        [
            {
                **candidate(file, term, 1),
                "occurrences": [
                    {"part": 0, "start": 10 * place, "end": 10 * place + 5, "sentence_start": 0, "sentence_end": 9}
                ],
            }
            for place, (file, term) in enumerate(pairs)
        ],
        rows.CANDIDATES,
    )
    found = variants(evidence([DEFINED, "data set and dataset"], *MACHINE, "data set", "dataset"))
    result = united_rows(in_one_part(table), found)
    keys = [(row["file"], row["term"]) for row in result]
    assert len(keys) == len(set(keys))
    assert sum(row["frequency"] for row in result) == len(pairs)
    assert {term for file, term in keys if file == 0} <= {"machine learning", "noise", "dataset"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_evidence_does_not_matter(seed: int) -> None:
    texts = [DEFINED, "ML and a data set.", "The maximum likelihood (ML).", "A dataset."]
    given = evidence(texts, *MACHINE, "data set", "dataset", "maximum likelihood")
    names = "articles", "words", "acronyms"

    def shuffled(table: pa.Table) -> pa.Table:
        order = list(range(table.num_rows))
        random.Random(seed).shuffle(order)
        return table.take(np.array(order, np.int64))

    others = {name: shuffled(getattr(given, name)) for name in names}
    candidates, forms = (in_one_part(shuffled(table)) for table in (all_candidates(given), all_forms(given)))
    other = Corpus(read_candidates=candidates, read_forms=forms, **others)
    assert variants(other) == variants(given)
    assert united(other) == united(given)


# words of the same letters

RISK = "The operational risk (OR) is high."


def test_an_acronym_that_is_a_function_word_needs_its_expansion_in_the_article() -> None:
    texts = [RISK, "Use an OR gate: OR is a disjunction.", "An operational risk. An OR."]
    found = concepts(evidence(texts, "operational risk", "OR"))
    assert found == {0: ["operational risk"], 1: ["or"], 2: ["operational risk"]}


def test_a_word_is_no_mention_of_the_acronym_of_its_letters() -> None:
    texts = ["CAM is new.", "CAM is old.", "A cam turns.", "A cam and a CAM."]
    given = evidence(texts, "CAM", "cam", keywords=[["CAM"], [], [], ["cam"]])
    assert variants(given).other_words == {(2, "cam")}
    ranker = believe(0.9, 0.9, 0.9)
    assert mentions(selected(given, Concepts(), ranker)) == {"/0": ["cam"], "/1": ["cam"], "/3": ["cam"]}


def test_a_word_that_most_articles_write_as_a_word_is_no_acronym() -> None:
    given = evidence(["SET is a game.", "A set.", "Sets."], "SET", "set", "Sets", keywords=[["SET"], [], []])
    assert variants(given).other_words == frozenset()


def test_a_word_is_not_written_like_the_acronym_of_its_letters() -> None:
    texts = ["The atomic consistent isolated database (ACID) holds. ACID!", "An acid. Acids. An acid."]
    given = evidence(texts, "atomic consistent isolated database", "ACID", "acid", "Acids")
    found = selected(given, Concepts(), believe(0.9, 0.9))
    assert concept(found, "acid")["pref_label"] == "acid"


# one thing, two forms


def test_a_keyword_that_the_text_lacks_takes_the_expansion_too() -> None:
    texts = ["A passive infrared (PIR) eye. The passive infrared sensor.", "A passive infrared (PIR) eye.", "Nothing."]
    surfaces = "passive infrared", "passive infrared sensor", "PIR"
    given = evidence(texts, *surfaces, keywords=[[], [], ["PIR sensors"]])
    assert variants(given).concept(2, "pir sensor") == "passive infrared sensor"


def test_an_expansion_that_lacks_a_word_of_another_is_the_same() -> None:
    full = "clustered regularly interspaced short palindromic repeat"
    other = full.replace("short ", "")
    texts = [f"The {full} (CRISPR) cuts.", f"The {other} (CRISPR) is CRISPR.", "CRISPR is new."]
    assert concepts(evidence(texts, full, other, "CRISPR")) == {0: [full], 1: [full], 2: [full]}


def test_an_acronym_that_is_the_name_of_its_only_expansion_is_that_everywhere() -> None:
    texts = ["Ribonucleic acid (RNA): RNA, RNA and RNA.", "RNA is short."]
    given = evidence(texts, "Ribonucleic acid", "RNA")
    assert concepts(given) == {0: ["ribonucleic acid"], 1: ["ribonucleic acid"]}
