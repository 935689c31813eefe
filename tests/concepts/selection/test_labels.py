"""How a concept is written."""

import pytest

from kg.concepts.selection.labels import Casing, Forms, Labels, choose_labels, collect_forms, split_alternatives

CASING = Casing(
    {"drift": 9, "Drift": 1, "data": 5, "API": 4, "Bayesian": 3, "network": 4, "SQL": 2, "statistic": 1, "index": 1}
)


def label(term: str, *, casing: Casing = CASING, **forms: dict[str, int]) -> str:
    return choose_labels(term, Forms(**forms), casing).preferred


def test_running_prose_beats_headings_and_authors() -> None:
    forms = {"elsewhere": {"Data Drift": 50}, "author": {"DATA DRIFT": 9}, "running": {"data drift": 1}}
    assert label("data drift", **forms) == "data drift"


def test_an_authors_spelling_beats_headings() -> None:
    assert label("k fold", elsewhere={"K-Fold": 5}, author={"k-fold": 1}) == "k-fold"


def test_a_heading_is_written_as_prose_writes_its_words() -> None:
    assert label("data drift", elsewhere={"Data Drift": 1}) == "data drift"
    assert label("bayesian network", elsewhere={"Bayesian Network": 1}) == "Bayesian network"
    assert label("sql injection", elsewhere={"SQL Injection": 1}) == "SQL injection"
    assert label("api data", elsewhere={"Api-Data": 1}) == "API-data"


def test_a_word_that_prose_lacks_keeps_the_capitals_of_an_acronym_only() -> None:
    assert label("gdpr request", elsewhere={"GDPR Request": 1}) == "GDPR request"
    assert label("mlflow", elsewhere={"MLflow": 1}) == "MLflow"


def test_the_singular_is_preferred_to_a_commoner_plural() -> None:
    assert label("bayesian network", running={"Bayesian networks": 9, "Bayesian network": 1}) == "Bayesian network"


def test_a_plural_is_made_singular_where_the_corpus_has_its_singular() -> None:
    assert label("data network", running={"data networks": 3}) == "data network"
    assert label("api", running={"APIs": 3}) == "API"
    assert label("inverted index", running={"inverted indices": 3}) == "inverted index"
    assert label("data model", running={"data models": 3}) == "data models"


def test_names_and_collectives_stay_plural() -> None:
    assert label("united state", casing=Casing({"state": 3}), running={"United States": 3}) == "United States"
    assert label("statistics", running={"statistics": 3}) == "statistics"


def test_the_commonest_form_wins_and_the_alphabet_between_equals() -> None:
    assert label("data drift", running={"Data drift": 2, "data drift": 3}) == "data drift"
    assert label("data drift", running={"data-drift": 2, "data drift": 2}) == "data drift"


def test_other_forms_are_alternatives_once_whatever_their_case() -> None:
    forms = Forms(
        running={"Bayesian network": 5, "bayesian networks": 2},
        elsewhere={"Bayesian Networks": 9, "BAYESIAN NETWORK": 1, "Bayesian-Network": 1},
        author={"Bayes nets": 1},
    )
    assert choose_labels("bayesian network", forms, CASING) == Labels(
        "Bayesian network", ("Bayes nets", "Bayesian networks", "Bayesian-network")
    )


def test_the_order_of_forms_does_not_matter() -> None:
    forms = {"data drift": 2, "Data drift": 2, "data drifts": 2}
    backwards = dict(reversed(forms.items()))
    for group in ("running", "author", "elsewhere"):
        one = choose_labels("data drift", Forms(**{group: forms}), CASING)
        assert one == choose_labels("data drift", Forms(**{group: backwards}), CASING)


@pytest.mark.parametrize(
    ("word", "written"),
    [("DRIFT", "drift"), ("api", "API"), ("bayesian", "Bayesian"), ("Unknown", "unknown"), ("IoT", "IoT"), ("X", "x")],
)
def test_casing(word: str, written: str) -> None:
    assert CASING.word(word) == written


def test_forms_are_collected_by_term() -> None:
    rows = [
        ("drift", "Drift", False, 2),
        ("drift", "drift", True, 3),
        ("drift", "drift", True, 1),
        ("api", "API", True, 1),
    ]
    assert collect_forms(rows) == {
        "drift": Forms(running={"drift": 4}, elsewhere={"Drift": 2}),
        "api": Forms(running={"API": 1}),
    }


def test_a_first_name_never_seen_in_prose_keeps_its_capital_before_a_name() -> None:
    casing = Casing({"Calvel": 2, "kernel": 1, "GPU": 3})
    assert casing.phrase("Raymond Calvel") == "Raymond Calvel"
    assert casing.phrase("Linear Kernel") == "linear kernel"
    assert casing.phrase("Shared GPU") == "shared GPU"


def test_capitals_of_definitions_and_headings_go_where_prose_does_without() -> None:
    casing = Casing({"data": 9, "network": 5, "Bayesian": 5, "Google": 4, "cloud": 4})
    assert label("data network", casing=casing, running={"Data Network": 2, "data networks": 1}) == "data network"
    assert label("data network", casing=casing, running={"Data Network": 9, "data networks": 1}) == "Data Network"
    assert label("bayesian network", casing=casing, running={"Bayesian Network": 2, "bayesian network": 1}) == (
        "Bayesian network"
    )
    assert label("google cloud", casing=casing, running={"Google Cloud": 3}) == "Google Cloud"


def test_a_word_that_names_take_is_still_one_in_lower_case() -> None:
    assert Casing({"Protocol": 3, "protocol": 1}).word("PROTOCOL") == "protocol"
    assert Casing({"Python": 30, "python": 1}).word("python") == "Python"
    assert Casing({"API": 3, "api": 1}).word("api") == "API"


def test_what_has_no_singular_stays_plural_unless_the_corpus_has_one() -> None:
    casing = Casing({"relation": 9, "relations": 9})
    assert label("public relation", casing=casing, running={"public relations": 3}) == "public relations"
    assert label("public relation", casing=casing, running={"public relations": 3}, author={"public relation": 1}) == (
        "public relation"
    )


def test_a_british_singular_is_one() -> None:
    assert label("data center", running={"data centre": 2, "data centers": 5}) == "data centre"


def test_no_label_holds_half_a_pair_of_brackets() -> None:
    found = choose_labels("gm crop", Forms(running={"GM crop": 2, "GM) crop": 1, "GM (crop)": 1}), CASING)
    assert found == Labels("GM crop", ("GM (crop)",))


@pytest.mark.parametrize(
    ("term", "running", "preferred"),
    [
        ("segregation of duty", {"segregation of duties": 2, "Segregation of duty": 1}, "segregation of duties"),
        ("law of motion", {"laws of motion": 5, "law of motion": 1}, "law of motion"),
        ("law of large number", {"laws of large numbers": 2}, "laws of large numbers"),
        ("adr", {"ADRs": 3}, "ADR"),
        ("role and responsibility", {"roles and responsibilities": 2}, "roles and responsibilities"),
        ("class and object", {"classes and objects": 2, "class and object": 1}, "class and object"),
        ("input and output shaft", {"input and output shafts": 2}, "input and output shaft"),
    ],
)
def test_what_is_singular_is_the_head(term: str, running: dict[str, int], preferred: str) -> None:
    casing = Casing(dict.fromkeys(("duty", "number", "object", "responsibility", "shaft"), 1))
    assert choose_labels(term, Forms(running=running), casing).preferred == preferred


@pytest.mark.parametrize(
    ("preferred", "others", "shown", "hidden"),
    [
        ("model", ["models", "Models"], [], ["Models", "models"]),
        ("API", ["APIs", "application programming interface"], ["application programming interface"], ["APIs"]),
        ("feature store", ["feature-store", "feature stores"], ["feature-store"], ["feature stores"]),
        ("dataset", ["data set", "data sets", "datasets"], ["data set"], ["data sets", "datasets"]),
        ("color model", ["colour model", "colour models"], ["colour model"], ["colour models"]),
        ("machine learning", ["ML systems"], ["ML systems"], []),  # the only form of a name
        ("analysis of variance", ["analyses of variance", "ANOVA"], ["ANOVA"], ["analyses of variance"]),
        ("DBMS", ["DBMSs", "DBM"], ["DBM"], ["DBMSs"]),
    ],
)
def test_plurals_are_hidden_and_names_are_not(
    preferred: str, others: list[str], shown: list[str], hidden: list[str]
) -> None:
    assert split_alternatives(Labels(preferred, tuple(others))) == (shown, hidden)
