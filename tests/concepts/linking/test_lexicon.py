"""The names that vocabularies give their concepts."""

from kg.concepts.linking.lexicon import Lexicon, LexiconEntry
from tests.concepts.by_vocabulary import external, lexicon


def names(found: Lexicon) -> dict[str, list[tuple[str, bool]]]:
    return {
        name: sorted((found.concept(entry).label, preferred) for entry, preferred in entries.items())
        for name, entries in found.names.items()
    }


def test_labels_in_normal_form() -> None:
    found = lexicon(("Data-Management Systems", ["data management system", "Databases"], []))
    assert names(found) == {
        "data management system": [("Data-Management Systems", True)],
        "database": [("Data-Management Systems", False)],
    }


def test_an_acronym_says_as_much_as_the_label() -> None:
    found = lexicon(("Support vector machines", ["svm", "margin classifiers"], []), "DNS (Domain Name System)")
    assert names(found) == {
        "support vector machine": [("Support vector machines", True)],
        "svm": [("Support vector machines", True)],
        "margin classifier": [("Support vector machines", False)],
        "dns": [("DNS (Domain Name System)", True)],
        "domain name system": [("DNS (Domain Name System)", True)],
    }
    assert found.acronyms == {"svm", "dns"}


def test_a_label_with_a_qualifier_says_less_without_it() -> None:
    assert names(lexicon("Mercury (planet)")) == {"mercury": [("Mercury (planet)", False)]}


def test_code_mathematics_and_words_of_discourse_are_no_names() -> None:
    assert names(lexicon("f(x) = 1", "Examples", "C", "Use", "Queues")) == {"queue": [("Queues", True)]}


def test_a_name_of_two_concepts_of_one_vocabulary_is_ambiguous() -> None:
    one = external(("Metropolitan area networks", ["man"], []), "Man", ("Adults", ["Man"], []))
    other = external("Man", name="w")
    found = Lexicon([one, other])
    (group,) = found.ambiguous["man"]
    assert [found.concept(entry).label for entry in group] == ["Adults", "Man", "Metropolitan area networks"]
    assert {entry.vocabulary for entry in group} == {0}
    assert found.looked_for == ["adult", "metropolitan area network"]


def test_what_is_above_below_and_beside() -> None:
    found = lexicon(("Seas", [], ["Waters"]), "Waters")
    seas, waters = LexiconEntry(0, 0), LexiconEntry(0, 1)
    assert found.above(seas) == [waters]
    assert found.below == {waters: [seas]}
    assert found.beside(seas) == []
