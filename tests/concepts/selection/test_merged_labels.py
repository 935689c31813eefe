"""How a concept with several names is written."""

from kg.annotate.curation import read_curation
from kg.base.config import Concepts
from kg.concepts.selection.labels import Casing, Forms, Labels
from kg.concepts.selection.merged_labels import concept_labels, tell_apart
from kg.concepts.terms.variants import PREFERRED, Variants

CASING = Casing({"machine": 5, "learning": 5, "ML": 5, "data": 9, "set": 3})
ML = Variants(inside={(0, "ml"): "machine learning"}, expansions={"ml": {"machine learning": 3}})
FORMS = {
    "machine learning": Forms(running={"machine learning": 9}, elsewhere={"Machine Learning": 99}),
    "ml": Forms(running={"ML": 5, "mL": 40}, elsewhere={"MLs": 1, "ml": 7}),
}


def label(names: dict[str, int], variants: Variants = ML, forms: dict[str, Forms] | None = None) -> Labels:
    concept = "machine learning" if "ml" in names else "dataset"
    return concept_labels(concept, names, forms or FORMS, CASING, variants, Forms())


def test_an_expansion_is_preferred_to_its_acronym() -> None:
    assert label({"machine learning": 9, "ml": 9}) == Labels("machine learning", ("ML", "MLs"))


def test_an_acronym_that_stands_far_more_often_is_the_name() -> None:
    assert label({"machine learning": 2, "ml": 2 * PREFERRED - 1}).preferred == "machine learning"
    assert label({"machine learning": 2, "ml": 2 * PREFERRED}).preferred == "ML"


def test_an_expansion_that_is_no_term_is_written_as_its_definition() -> None:
    variants = Variants(inside=ML.inside, expansions=ML.expansions, written={"machine learning": "Machine Learning"})
    assert label({"ml": 2}, variants, {"ml": FORMS["ml"]}) == Labels("machine learning", ("ML", "MLs"))


def test_the_commoner_writing_of_a_compound_is_preferred() -> None:
    forms = {"dataset": Forms(running={"dataset": 2}), "data set": Forms(running={"data set": 4, "data sets": 9})}
    variants = Variants(everywhere={"data set": "dataset"})
    assert label({"dataset": 2, "data set": 13}, variants, forms) == Labels("data set", ("data sets", "dataset"))
    assert label({"dataset": 20, "data set": 13}, variants, forms).preferred == "dataset"


def test_what_kg_toml_says_comes_first() -> None:
    curation = read_curation(
        Concepts(merge={"machine learning": ("ML",)}, rename={"machine learning": "learning by machine"})
    )
    variants = Variants(inside=ML.inside, curation=curation)
    found = label({"machine learning": 1, "ml": 900}, variants)
    assert found.preferred == "learning by machine"
    assert "machine learning" in found.alternative


def test_two_concepts_with_one_label_are_told_apart_by_the_expansions() -> None:
    labels = {
        1: Labels("IP", ("Internet Protocol",), "Internet Protocol"),
        2: Labels("IP", ("IPs",), "intellectual property"),
        3: Labels("IP", ()),
        4: Labels("drift", ()),
    }
    terms = {1: "internet protocol", 2: "intellectual property", 3: "ip", 4: "drift"}
    assert tell_apart(labels, terms, dict.fromkeys(labels, "en")) == {
        1: Labels("IP (Internet Protocol)", ("IP", "Internet Protocol"), "Internet Protocol"),
        2: Labels("IP (intellectual property)", ("IP", "IPs"), "intellectual property"),
        3: labels[3],
        4: labels[4],
    }


def test_a_label_with_its_expansion_is_not_that_of_another_concept() -> None:
    labels = {
        1: Labels("IP", (), "Internet Protocol"),
        2: Labels("IP", (), "intellectual property"),
        3: Labels("IP (Internet Protocol)", ()),
    }
    found = tell_apart(labels, {1: "ip", 2: "intellectual property", 3: "ip internet"}, dict.fromkeys(labels, "en"))
    preferred = [found[number].preferred for number in labels]
    assert preferred == ["IP (ip)", "IP (intellectual property)", "IP (Internet Protocol)"]


def test_a_label_that_kg_toml_gives_twice_gets_the_normal_form() -> None:
    labels = {1: Labels("drift", ("data drift",)), 2: Labels("drift", ("concept drift",))}
    found = tell_apart(labels, {1: "data drift", 2: "concept drift"}, {1: "en", 2: "en"})
    assert [found[number].preferred for number in (1, 2)] == ["drift (data drift)", "drift"]
