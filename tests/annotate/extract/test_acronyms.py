"""Which pairs of a short and a long form a text defines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.extract.acronyms import Acronym, are_initials, bare, definitions, is_short_form, must_be_in_capitals
from kg.annotate.extract.view import tagger_view
from tests.annotate.sentences import article


def found(text: str, keywords: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.short, one.long) for one in definitions(tagger_view(article(text)), keywords)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We use machine learning (ML) here.", "ML", "machine learning"),
        ("We use ML (machine learning) here.", "ML", "machine learning"),
        ("Support vector machines (SVMs) are old.", "SVM", "Support vector machines"),
        ("The internet of things (IoT) grows.", "IoT", "internet of things"),
        ("It is software as a service (SaaS).", "SaaS", "software as a service"),
        ("The area under the curve (AUC) counts.", "AUC", "area under the curve"),
        ("Deoxyribonucleic acid (DNA) is long.", "DNA", "Deoxyribonucleic acid"),
        ("This messenger RNA (mRNA) is short.", "mRNA", "messenger RNA"),
        (
            "Their $k$-nearest neighbors (kNN, or so) are near. A limited liability company (LLC) is.",
            "LLC",
            "limited liability company",
        ),
        ("The non-deterministic finite automata (NFAs) halt.", "NFA", "non-deterministic finite automata"),
        ("**Data Definition Language (DDL)**: it defines.", "DDL", "Data Definition Language"),
        ("AUC stands for the area under the curve.", "AUC", "area under the curve"),
        ("ML stands for machine learning and AI for more.", "ML", "machine learning"),
        ("The “natural language processing” (NLP) of it.", "NLP", "natural language processing"),
    ],
)
def test_a_definition(text: str, short: str, long: str) -> None:
    assert (short, long) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Machine learning techniques (ML) help.",  # "techniques" gives no letter
        "This is large (see Figure 2).",
        "It has 50 hertz (Hz).",
        "Apples and pears (fruit) are good.",
        "AGI (AI) is hard.",
        "Many users (USA) like it.",
        "It works. Models (ML) do too.",
        "(ML) comes first.",
        "machine learning ML",
    ],
)
def test_no_definition(text: str) -> None:
    assert found(text) == []


def test_a_definition_does_not_cross_a_sentence_or_a_paragraph() -> None:
    assert found("Use a machine. Learning (ML) is fun.") == []
    assert found("The machine\n\nLearning (ML) is fun.") == []


def test_keywords_define_too_and_each_pair_is_told_once() -> None:
    assert found("Machine learning.", ("machine learning (ML)", "machine learning (ML)", "ML")) == [
        ("ML", "machine learning")
    ]


def test_terms_are_normal_forms() -> None:
    assert Acronym("SVM", "Support Vector Machines").terms == ("svm", "support vector machine")


def test_short_forms_have_two_capitals() -> None:
    yes = {word for word in "ML IoT mRNA SaaS R&D TCP/IP Hz Data pH A B2B".split() if is_short_form(word)}
    assert yes == {"ML", "IoT", "mRNA", "SaaS", "R&D", "TCP/IP", "B2B"}
    assert [bare(word) for word in ("CNNs", "DNS", "gas")] == ["CNN", "DNS", "gas"]


def test_initials_may_leave_out_small_words() -> None:
    assert are_initials("OOP", "object-oriented programming")
    assert are_initials("ROI", "return on investment")
    assert are_initials("CFO", "chief of finance office")
    assert not are_initials("DNA", "deoxyribonucleic acid")


@given(st.text(st.sampled_from("AMLamls ().,;:“&-/\n"), max_size=120))
def test_any_text_gives_pairs_whose_letters_stand_in_order(text: str) -> None:
    for short, long in found(text):
        rest = iter(long.lower())
        assert all(letter in rest for letter in short.lower() if letter.isalnum())
        assert long[0].isalnum() or long[0] in "&-"


def test_brackets_without_end_take_no_time() -> None:
    assert found("(" * 20_000 + "ML" + " a" * 20_000) == []


def test_the_words_that_must_be_in_capitals() -> None:
    terms = [("or", "OR"), ("iot", "IoT"), ("api", "APIs"), ("or gate", "OR gates"), ("sql injection", "SQL injection")]
    assert must_be_in_capitals(terms, {"or"}) == {
        "or": {"or"},
        "iot": {"iot"},
        "api": {"api"},
        "or gate": {"or"},
    }


def test_a_term_that_is_also_written_in_small_letters_is_no_acronym() -> None:
    assert must_be_in_capitals([("acid", "ACID"), ("acid", "acids")], set()) == {}
