"""The named queries: their answers on the sample graph, and how their parameters are understood."""

from pathlib import Path

import pytest

from kg.errors import QueryError
from kg.query.formats import rows_as_text
from kg.query.named import Kind, list_queries, load_query, run_named
from kg.query.store import GraphStore, open_store
from tests.publish.sample_tables import AWKWARD, BASE, HOSTILE, sample_tables, write_build

A = "a/what is drift"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    out: Path = tmp_path_factory.mktemp("build")
    write_build(sample_tables(), out)
    return open_store(out)


def ask(graph: GraphStore, name: str, **values: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The columns and rows of a named query, as a person sees them."""
    columns, rows = rows_as_text(run_named(graph, load_query(name), values), BASE)
    return columns, list(rows)


def test_every_query_says_what_it_answers() -> None:
    assert [query.name for query in list_queries()] == [
        "article-card",
        "article-concepts",
        "broken-links",
        "concept-articles",
        "concept-card",
        "related-path",
        "top-concepts",
    ]
    for query in list_queries():
        assert query.description.endswith(".")
        declared = [line for line in query.sparql.splitlines() if line.startswith("# param")]
        assert len(declared) == len(query.parameters)


def test_parameters_are_declared() -> None:
    subject, limit = load_query("top-concepts").parameters
    assert (subject.name, subject.kind, subject.default) == ("subject", Kind.SUBJECT, "<subjects>")
    assert (limit.name, limit.kind, limit.default) == ("limit", Kind.INTEGER, "20")
    assert load_query("article-card").parameters[0].default is None


def test_article_concepts(graph: GraphStore) -> None:
    assert ask(graph, "article-concepts") == (
        ("url", "label", "concept", "salience"),
        [
            (A, "data drift", "concept/data-drift", "0.9"),
            (A, "Technical debt", "concept/technical-debt", "0.3333"),
            ("b", "Technical debt", "concept/technical-debt", "1"),
            ("b", "C++", "concept/c-1f9f1b4e", "0.0001"),
            ("b", "data drift", "concept/data-drift", "0"),
            ("c", "dérive", "concept/dérive", "0.5"),
            ("c", "data drift", "concept/data-drift", "0.25"),
            ("d", "drift", "concept/drift", "0.5"),
            ("e", "", "", ""),
        ],
    )


def test_concept_articles(graph: GraphStore) -> None:
    assert ask(graph, "concept-articles", concept="Data Drift") == (
        ("url", "title", "salience", "frequency"),
        [(A, "What is data drift?", "0.9", "4"), ("c", "Dérive", "0.25", "1"), ("b", HOSTILE, "0", "0")],
    )


def test_top_concepts(graph: GraphStore) -> None:
    columns, rows = ask(graph, "top-concepts", limit="2")
    assert columns == ("label", "articles", "concept")
    assert rows == [
        ("data drift", "3", "concept/data-drift"),
        ("Technical debt", "2", "concept/technical-debt"),
    ]
    assert len(ask(graph, "top-concepts")[1]) == 5
    assert ask(graph, "top-concepts", subject="mathématiques")[1] == [
        ("data drift", "1", "concept/data-drift"),
        ("dérive", "1", "concept/dérive"),
    ]


def test_article_card(graph: GraphStore) -> None:
    columns, rows = ask(graph, "article-card", article=A)
    assert columns == ("property", "value", "salience", "iri")
    assert [row[:3] for row in rows] == [
        ("title", "What is data drift?", ""),
        ("url", A, ""),
        ("on the site", "https://www.example.org/learn/a/what%20is%20drift", ""),
        ("published", "2024-02-29", ""),
        ("author", "Ada", ""),
        ("author", "Émile", ""),
        ("subject", "Computer science", ""),
        ("keyword", AWKWARD, ""),
        ("keyword", "data drift", ""),
        ("concept", "data drift", "0.9"),
        ("concept", "Technical debt", "0.3333"),
        ("links to", HOSTILE, ""),
        ("links to (missing)", HOSTILE, ""),
    ]
    assert ("linked from", "What is data drift?", "", "a/what%20is%20drift") in ask(graph, "article-card", article="b")[
        1
    ]


def test_concept_card(graph: GraphStore) -> None:
    columns, rows = ask(graph, "concept-card", concept="data-drift")
    assert columns == ("property", "value", "number", "iri")
    assert [row[:3] for row in rows] == [
        ("label", "data drift", ""),
        ("other label", HOSTILE, ""),
        ("other label", "Drift", ""),
        ("other label", "data drifts", ""),
        ("definition", f"Data drift is a {HOSTILE}", ""),
        ("broader", "drift", "1"),
        ("related", "Technical debt", "0.5"),
        ("articles", "", "3"),
        ("articles in subject", "Computer science", "2"),
        ("articles in subject", "Mathématiques", "1"),
        ("salience in article", "What is data drift?", "0.9"),
        ("salience in article", "Dérive", "0.25"),
        ("salience in article", HOSTILE, "0"),
        ("articles shared with", "Technical debt", "2"),
        ("articles shared with", "C++", "1"),
        ("articles shared with", "dérive", "1"),
    ]


def test_concept_card_of_a_broader_concept(graph: GraphStore) -> None:
    rows = [row[:3] for row in ask(graph, "concept-card", concept="drift")[1]]
    assert ("narrower", "data drift", "3") in rows
    assert ("narrower", "dérive", "1") in rows
    assert not [row for row in rows if row[0] in {"broader", "related", "definition"}]


def test_related_path(graph: GraphStore) -> None:
    def urls(start: str, end: str) -> list[tuple[str, ...]]:
        columns, rows = ask(graph, "related-path", **{"from": start, "to": end})
        assert columns[:3] == ("length", "url_1", "title_1")
        return [(row[0], *filter(None, row[1::2])) for row in rows]

    assert urls(A, "b") == [("1", A, "b")]
    assert urls("b", A) == [("1", "b", A)]
    assert urls(A, "c") == [("2", A, "b", "c")]
    assert urls("d", A) == [("3", "d", "c", "b", A)]  # not over the missing article that both link to
    assert urls(A, "e") == []


def test_broken_links(graph: GraphStore) -> None:
    assert ask(graph, "broken-links") == (
        ("url", "title", "target", "target_title"),
        [
            (A, "What is data drift?", "gone & lost", HOSTILE),
            ("b", HOSTILE, "nowhere", ""),
            ("d", "A question alone", "gone & lost", HOSTILE),
        ],
    )


@pytest.mark.parametrize("value", ["data drift", "DATA DRIFTS", "data-drift", BASE + "concept/data-drift"])
def test_a_concept_has_many_names(graph: GraphStore, value: str) -> None:
    assert ask(graph, "concept-articles", concept=value)[1][0][0] == A


def test_a_preferred_label_comes_before_another_label(graph: GraphStore) -> None:
    assert [row[0] for row in ask(graph, "concept-articles", concept="drift")[1]] == ["d"]


@pytest.mark.parametrize("value", ["b", "/b", "https://elsewhere.example/b", BASE + "b"])
def test_an_article_is_its_url_or_iri(graph: GraphStore, value: str) -> None:
    assert ("url", "b", "", "") in ask(graph, "article-card", article=value)[1]


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        (
            "concept-crad",
            {},
            'there is no query named "concept-crad", did you mean "concept-card"? there are: article-',
        ),
        ("../../etc/passwd", {}, "there is no query named"),
        ("concept-card", {}, 'the query "concept-card" needs the parameter "concept": a concept\'s label'),
        ("concept-card", {"concept": "data drfit"}, 'no concept "data drfit"; did you mean "data drift"'),
        (
            "article-card",
            {"article": "a/what is dirft"},
            'no article "a/what is dirft"; did you mean "a/what is drift"',
        ),
        ("top-concepts", {"subject": "Computer scence"}, 'did you mean "Computer science"?'),
        ("top-concepts", {"limit": "-1"}, 'the parameter "limit" is a whole number, not "-1"'),
        ("top-concepts", {"limit": "1 } #"}, 'the parameter "limit" is a whole number'),
        ("broken-links", {"limit": "1"}, 'has no parameter "limit"; it has none'),
        ("top-concepts", {"subjct": "x"}, 'has no parameter "subjct"; it has: subject, limit'),
    ],
)
def test_what_is_wrong_is_said(graph: GraphStore, name: str, values: dict[str, str], message: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(graph, name, **values)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        '"} UNION { ?s ?p ?o } #',
        "> } ; SERVICE <http://127.0.0.1:9/> { ?s ?p ?o",
        "?concept",
        "<concept/data-drift>",
        BASE + "x> ?p ?o . <x:y",
        "\\u0022",
        "\n}",
    ],
)
@pytest.mark.parametrize(
    ("name", "parameter"), [("concept-card", "concept"), ("article-card", "article"), ("top-concepts", "subject")]
)
def test_a_value_is_never_sparql(graph: GraphStore, name: str, parameter: str, value: str) -> None:
    with pytest.raises(QueryError):
        ask(graph, name, **{parameter: value})
