"""The named queries: their answers on the sample graph, and how their parameters are understood."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store
from rdflib.plugins.sparql import prepareQuery

from kg.base.errors import QueryError, UsageError
from kg.base.iris import PREFIXES
from kg.base.tables import Tables
from kg.graph.index import GraphIndex
from kg.query.named import Kind, NamedQuery, list_queries, load_query
from kg.query.store import GraphStore
from tests.export.sample_tables import (
    AWKWARD,
    BASE,
    HOSTILE,
    MINTER,
    article,
    concept,
    mention,
    sample_tables,
    tables,
    write_build,
)
from tests.query.build_to_ask import Build

A = "a/what is drift"
ARTICLES = sample_tables().articles.to_pylist()


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Build:
    out: Path = tmp_path_factory.mktemp("build")
    write_build(sample_tables(), out)
    return Build.open(out)


def ask(graph: Build, name: str, **values: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The columns and rows of a named query, as a person sees them."""
    return graph.ask(name, **values)


def test_every_query_says_what_it_answers() -> None:
    assert [query.name for query in list_queries()] == [
        "article-card",
        "article-concepts",
        "bridging-articles",
        "broken-links",
        "concept-articles",
        "concept-card",
        "cooccurrence",
        "evidence",
        "related-path",
        "shared-concepts",
        "subject-overview",
        "top-concepts",
    ]
    for query in list_queries():
        assert query.description.endswith(".")
        declared = [line for line in query.sparql.splitlines() if line.startswith("# param")]
        assert len(declared) == len(query.parameters)


def test_every_parameter_is_described() -> None:
    for query in list_queries():
        for parameter in query.parameters:
            assert len(parameter.description) > 15, (query.name, parameter.name)
            if parameter.kind is Kind.INTEGER:
                assert f"LIMIT {parameter.default}\n" in query.sparql
                assert query.whole_graph is None or query.whole_graph.endswith(f"\nLIMIT {parameter.default}\n")
            else:
                bound = re.findall(rf"VALUES \?{parameter.name} {{ (\S+) }}", query.sparql)
                assert len(set(bound)) == 1
                assert parameter.default in {None, *bound}


def test_parameters_are_declared() -> None:
    subject, limit = load_query("top-concepts").parameters
    assert (subject.name, subject.kind, subject.default) == ("subject", Kind.SUBJECT, "<subjects>")
    assert (limit.name, limit.kind, limit.default) == ("limit", Kind.INTEGER, "20")
    assert load_query("article-card").parameters[0].default is None


def test_article_concepts(graph: Build) -> None:
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


def test_concept_articles(graph: Build) -> None:
    assert ask(graph, "concept-articles", concept="Data Drift") == (
        ("url", "title", "salience", "frequency"),
        [(A, "What is data drift?", "0.9", "4"), ("c", "Dérive", "0.25", "1"), ("b", HOSTILE, "0", "0")],
    )


def test_top_concepts(graph: Build) -> None:
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


def test_article_card(graph: Build) -> None:
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


def test_concept_card(graph: Build) -> None:
    columns, rows = ask(graph, "concept-card", concept="data-drift")
    assert columns == ("property", "value", "number", "iri")
    assert [row[:3] for row in rows] == [
        ("label", "data drift", ""),
        ("other label", HOSTILE, ""),
        ("other label", "Drift", ""),
        ("hidden label", "data drifts", ""),
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


def test_concept_card_of_a_broader_concept(graph: Build) -> None:
    rows = [row[:3] for row in ask(graph, "concept-card", concept="drift")[1]]
    assert ("narrower", "data drift", "3") in rows
    assert ("narrower", "dérive", "1") in rows
    assert not [row for row in rows if row[0] in {"broader", "related", "definition"}]


def test_related_path(graph: Build) -> None:
    def urls(start: str, end: str) -> list[tuple[str, ...]]:
        columns, rows = ask(graph, "related-path", **{"from": start, "to": end})
        assert columns[:3] == ("length", "url_1", "title_1")
        return [(row[0], *filter(None, row[1::2])) for row in rows]

    assert urls(A, "b") == [("1", A, "b")]
    assert urls("b", A) == [("1", "b", A)]
    assert urls(A, "c") == [("2", A, "b", "c")]
    assert urls("d", A) == [("3", "d", "c", "b", A)]  # not over the missing article that both link to
    assert urls(A, "e") == []


def test_broken_links(graph: Build) -> None:
    assert ask(graph, "broken-links") == (
        ("url", "title", "target", "target_title"),
        [
            (A, "What is data drift?", "gone & lost", HOSTILE),
            ("b", HOSTILE, "nowhere", ""),
            ("d", "A question alone", "gone & lost", HOSTILE),
        ],
    )


def test_shared_concepts(graph: Build) -> None:
    assert ask(graph, "shared-concepts", article=A, other="b") == (
        ("label", "salience", "salience_in_other", "concept"),
        [
            ("Technical debt", "0.3333", "1", "concept/technical-debt"),
            ("data drift", "0.9", "0", "concept/data-drift"),
        ],
    )
    assert ask(graph, "shared-concepts", article=A, other="e")[1] == []


def test_cooccurrence(graph: Build) -> None:
    columns = ("label", "other_label", "articles", "npmi")
    assert ask(graph, "cooccurrence") == (columns, [("data drift", "Technical debt", "2", "0.5")])
    assert ask(graph, "cooccurrence", concept="technical-debt") == (
        columns,
        [("Technical debt", "data drift", "2", "0.5")],
    )
    assert ask(graph, "cooccurrence", concept="drift")[1] == []


def test_subject_overview(graph: Build) -> None:
    columns, rows = ask(graph, "subject-overview")
    assert columns == ("label", "property", "value", "number", "iri")
    assert rows == [
        ("Computer science", "articles", "", "3", ""),
        ("Computer science", "concept", "Technical debt", "2", "concept/technical-debt"),
        ("Computer science", "concept", "data drift", "2", "concept/data-drift"),
        ("Computer science", "concept", "C++", "1", "concept/c-1f9f1b4e"),
        ("Computer science", "concept", "drift", "1", "concept/drift"),
        ("Computer science", "links to", "Mathématiques", "1", "subject/mathématiques"),
        ("Mathématiques", "articles", "", "1", ""),
        ("Mathématiques", "concept", "data drift", "1", "concept/data-drift"),
        ("Mathématiques", "concept", "dérive", "1", "concept/dérive"),
        ("Mathématiques", "links to", "Computer science", "1", "subject/computer-science"),
    ]
    assert ask(graph, "subject-overview", subject="Mathématiques")[1] == rows[-4:]


def test_evidence(graph: Build) -> None:
    columns, rows = ask(graph, "evidence", concept="data drift")
    assert columns == ("label", "salience", "part", "start", "end", "prefix", "exact", "suffix", "url")
    assert [(row[1], row[-1]) for row in rows] == [("0.9", A), ("0.25", "c")]  # in b its words stand nowhere
    for _, _, part, start, end, _, exact, _, url in rows:
        texts = {row["url"]: {one["name"]: one["text"] for one in row["parts"]} for row in ARTICLES}
        assert texts[url][part][int(start) : int(end)] == exact
    assert ask(graph, "evidence", concept="data drift", article="c")[1] == [rows[1]]
    assert {row[0] for row in ask(graph, "evidence", article="c")[1]} == {"dérive", "data drift"}
    assert [row[-1] for row in ask(graph, "evidence")[1]] == ["b", A, "c", "d", A, "c", "b"]


def bridges() -> Tables:
    """Two groups of articles with a concept each, one article that has concepts of both, and one of two concepts."""
    topics = {"bread": ["crust", "flour", "oven", "yeast"], "birds": ["beak", "feather", "nest", "wing"]}
    having = {f"/{topic}/{number}": slugs for topic, slugs in topics.items() for number in range(4)}
    having["/both"] = [*topics["bread"][:3], *topics["birds"][:2]]
    having["/short"] = ["crust", "beak"]
    slugs = sorted({slug for found in having.values() for slug in found})
    return tables(
        [article(url, f"About {url}", subject=url.split("/")[1]) for url in sorted(having)],
        concepts=[concept(slug, slug, sum(slug in found for found in having.values())) for slug in slugs],
        mentions=[
            mention(url, rank, slug, 0.9, 1, "extracted")
            for url in sorted(having)
            for rank, slug in enumerate(having[url], start=1)
        ],
    )


def test_bridging_articles(tmp_path: Path) -> None:
    write_build(bridges(), tmp_path)
    graph = Build.open(tmp_path)
    columns, rows = ask(graph, "bridging-articles")
    assert columns == ("title", "participation", "concepts", "communities", "url")
    ((title, spread, concepts, communities, url),) = rows
    assert (title, spread, concepts, url) == ("About /both", "0.48", "5", "/both")
    of_bread, of_birds = communities.split("; ")
    assert {"crust", "flour", "oven", "yeast"} > set(of_bread.split(", "))
    assert {"beak", "feather", "nest", "wing"} > set(of_birds.split(", "))
    assert ask(graph, "bridging-articles", subject="both")[1] == rows
    assert ask(graph, "bridging-articles", subject="bread")[1] == []


def test_the_card_of_a_concept_has_its_matches(tmp_path: Path) -> None:
    write_build(sample_tables(), tmp_path)
    store = Store()
    core = NamedNode(MINTER.core_graph)
    store.bulk_load(path=tmp_path / "graph.nt", format=RdfFormat.N_TRIPLES, to_graph=core)
    drift = NamedNode(MINTER.concept("data-drift"))
    for match, iri in (("closeMatch", "https://other.example/b"), ("exactMatch", "https://other.example/a")):
        store.add(Quad(drift, NamedNode(PREFIXES["skos"] + match), NamedNode(iri), core))
    rows = ask(
        Build(GraphStore(store, MINTER), GraphIndex(sample_tables(), MINTER)), "concept-card", concept="data drift"
    )[1]
    assert [row for row in rows if row[0].endswith("match")] == [
        ("exact match", "", "", "https://other.example/a"),
        ("close match", "", "", "https://other.example/b"),
    ]


@pytest.mark.parametrize("value", ["data drift", "DATA DRIFTS", "data-drift", BASE + "concept/data-drift"])
def test_a_concept_has_many_names(graph: Build, value: str) -> None:
    assert ask(graph, "concept-articles", concept=value)[1][0][0] == A


def test_a_preferred_label_comes_before_another_label(graph: Build) -> None:
    assert [row[0] for row in ask(graph, "concept-articles", concept="drift")[1]] == ["d"]


@pytest.mark.parametrize("value", ["b", "/b", "https://elsewhere.example/b", BASE + "b"])
def test_an_article_is_its_url_or_iri(graph: Build, value: str) -> None:
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
        ("top-concepts", {"limit": "-1"}, 'the parameter "limit" must be a whole number, not "-1"'),
        ("top-concepts", {"limit": "1 } #"}, 'the parameter "limit" must be a whole number'),
        ("broken-links", {"limit": "1"}, 'has no parameter "limit"; it has none'),
        ("top-concepts", {"subjct": "x"}, 'has no parameter "subjct"; it has: subject, limit'),
    ],
)
def test_what_is_wrong_is_said(graph: Build, name: str, values: dict[str, str], message: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(graph, name, **values)
    assert message in str(caught.value)


VALUES = {"article": A, "other": "b", "from": A, "to": "b", "concept": "data drift", "subject": "Computer science"}
"""A value for every parameter that is bound."""
BOUND = [(query.name, one.name) for query in list_queries() for one in query.parameters if one.kind is not Kind.INTEGER]


def test_every_parameter_that_is_bound_is_tried() -> None:
    assert {parameter for _, parameter in BOUND} == VALUES.keys()


@pytest.mark.parametrize(
    "value",
    [
        '"} UNION { ?s ?p ?o } #',
        "> } ; SERVICE <http://127.0.0.1:9/> { ?s ?p ?o",
        "{}",
        "?concept",
        "<concept/data-drift>",
        "kg:concept",
        BASE + "x> ?p ?o . <x:y",
        "\\u0022",
        "\n}",
        "'; DROP ALL; #",
    ],
)
@pytest.mark.parametrize(("name", "parameter"), BOUND)
def test_a_value_is_never_sparql(graph: Build, name: str, parameter: str, value: str) -> None:
    needed = {one.name: VALUES[one.name] for one in load_query(name).parameters if one.name in VALUES}
    assert ask(graph, name, **needed)[0]
    with pytest.raises(QueryError) as caught:
        ask(graph, name, **{**needed, parameter: value})
    assert f'"{value}"' in str(caught.value)
    assert caught.value.line is None, "the query itself parses as ever"


def test_a_label_may_be_hostile(graph: Build) -> None:
    assert ask(graph, "concept-card", concept=HOSTILE) == ask(graph, "concept-card", concept="data drift")


def test_a_parameter_is_no_column(graph: Build) -> None:
    for query in list_queries():
        needed = {one.name: VALUES[one.name] for one in query.parameters if one.default is None}
        columns, _ = ask(graph, query.name, **needed)
        assert not set(columns) & {one.name for one in query.parameters}


@pytest.mark.parametrize("query", list_queries(), ids=lambda query: query.name)
def test_a_query_declares_its_prefixes(query: NamedQuery) -> None:
    assert isinstance(Store().query(query.sparql), QuerySolutions)
    prepareQuery(query.sparql)  # by rdflib, as SPARQL 1.1
    if query.whole_graph is not None:
        assert isinstance(Store().query(query.whole_graph), QuerySolutions)


def test_a_label_of_two_concepts_and_a_title_of_two_articles_are_refused(tmp_path: Path) -> None:
    content = tables(
        [article("x", "Same"), article("y", "Same"), article("z", "One")],
        concepts=[concept("a", "A one", 1, "IP"), concept("b", "A two", 1, "IP")],
        mentions=[mention("x", 1, "a", 0.9, 1, "extracted"), mention("y", 1, "b", 0.9, 1, "extracted")],
    )
    write_build(content, tmp_path)
    graph = Build.open(tmp_path)
    with pytest.raises(UsageError, match=r'the name of 2 concepts: a \("A one", 1 article\), b \('):
        ask(graph, "concept-articles", concept="ip")
    with pytest.raises(UsageError, match='"Same" is the title of 2 articles: x, y; give the url of one'):
        ask(graph, "article-card", article="Same")
    assert ask(graph, "article-card", article="one") == ask(graph, "article-card", article="z")


def test_only_queries_for_selectors_read_the_evidence() -> None:
    for query in list_queries():
        for sparql in filter(None, (query.sparql, query.whole_graph)):
            assert sparql.count("\nWHERE {\n") == 1, "FROM is put before it"
            assert query.reads_evidence == ("oa:hasSelector" in sparql)
