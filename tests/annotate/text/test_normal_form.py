"""What makes two spellings one concept, and which keywords are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.text.normal_form import keyword_label, normal_form, normal_word
from kg.base.iris import slug


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Systems", ("system",)),
        ("DBMS", ("dbms",)),
        ("AWS", ("aws",)),
        ("SaaS", ("saas",)),
        ("MODELS", ("model",)),
        ("API", ("api",)),
        ("APIs", ("api",)),
        ("GPUs", ("gpu",)),
        ("TCP/IP", ("tcp", "ip")),
        ("k-fold", ("k", "fold")),
        ("model's", ("model",)),
        ("Bayes’", ("bayes",)),
        ("Newton's", ("newton",)),
        ("(drift)", ("drift",)),
        ("“drift”,", ("drift",)),
        ("Straße", ("strasse",)),
        ("cafe\u0301", ("café",)),
        ("C++", ("c++",)),
        ("C#", ("c#",)),
        (".NET", (".net",)),
        ("--", ()),
        ("'s", ()),
    ],
)
def test_normal_word(word: str, expected: tuple[str, ...]) -> None:
    assert normal_word(word) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Data Drift", "data drift"),
        ("data drifts", "data drift"),
        ("machine-learning system", "Machine Learning Systems"),
        ("A/B test", "A/B tests"),
        ("Bayes' theorem", "Bayes’ Theorem"),
        ("model's  weights", "Model weight"),
        ("sub\u2011word", "sub-word"),
    ],
)
def test_spellings_of_one_concept(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"), [("C++", "C#"), ("C", "C++"), (".NET", "net"), ("bias", "bia"), ("news", "new")]
)
def test_spellings_of_two_concepts(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


@given(st.text(st.characters(categories=["L", "N", "Z", "P", "S"], exclude_characters="\u2028\u2029"), max_size=30))
def test_spaces_separate_normal_words(text: str) -> None:
    words = normal_form(text).split(" ")
    assert all(word == "".join(word.split()) for word in words)
    assert normal_form(text) == normal_form(f"  {text} ")


def test_one_slug_is_one_normal_form() -> None:
    for text in ("k-fold", "k\u2013fold", "k_fold", "k/fold", "k fold"):
        assert normal_form(text) == "k fold"
        assert slug(normal_form(text)) == "k-fold"


@pytest.mark.parametrize(
    ("keyword", "label"),
    [
        ("data drift", "data drift"),
        ("  data \n drift ", "data drift"),
        ("**data drift**", "data drift"),
        ("*p*-value", "p-value"),
        ('"shadow" deployment', '"shadow" deployment'),
        ('"deployment"', "deployment"),
        ("`while` loop", "while loop"),
        ("$x$-intercepts", "x-intercepts"),
        (r"\(k\)-fold", "k-fold"),
        ("[drift](https://example.org)", "drift"),
        ("C++", "C++"),
        ("node.js", "node.js"),
        ("R&D", "R&D"),
        ("Bayes' theorem", "Bayes' theorem"),
    ],
)
def test_keyword_that_is_a_term(keyword: str, label: str) -> None:
    assert keyword_label(keyword) == label


@pytest.mark.parametrize(
    "keyword",
    [
        *("`predict()`", "predict()", "$F_1$", "`json.dumps`", "`while`", "$x$", "std::vector", "a = b", "x_i", "50%"),
        *("2024", "--flag", "/etc/passwd", "", " ", "***", "x" * 101, "df.head()", "{}", "@decorator", "a.b.c"),
    ],
)
def test_keyword_that_is_code_or_nothing(keyword: str) -> None:
    assert keyword_label(keyword) is None


@given(st.text(max_size=40))
def test_any_keyword_is_survived(keyword: str) -> None:
    label = keyword_label(keyword)
    assert label is None or (label == label.strip() and any(c.isalpha() for c in label))


@pytest.mark.parametrize(
    ("keyword", "label"),
    [
        ("machine learning (ML)", "machine learning"),
        ("ML (machine learning)", "ML"),
        ("Java (programming language)", "Java"),
        ("time O(n)", None),
        ("f (x)", None),
        ("(almost) all", None),
    ],
)
def test_what_a_keyword_has_in_brackets_behind_explains_it(keyword: str, label: str | None) -> None:
    assert keyword_label(keyword) == label
