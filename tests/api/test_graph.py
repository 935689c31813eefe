"""kg.open: the same graph as the files, as frames, networkx, rdflib and answers."""

import datetime as dt
import gzip
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from pandas.api import types
from rdflib.plugins.sparql import prepareQuery

import kg
from kg.base.errors import DataError, KgError, QueryError, UsageError
from kg.base.iris import PREFIXES
from kg.base.tables import Tables, read_tables
from kg.query.named import list_queries
from tests.export.sample_tables import article, concept, mention, report
from tests.export.sample_tables import tables as made_of

BASE = "https://ml-in-production.example/"
DRIFT = "/learn/monitoring/questions/what-is-data-drift-and-how-is-it-detected"


@pytest.fixture(scope="module")
def graph(built: Path) -> kg.Graph:
    return kg.open(built)


@pytest.fixture(scope="module")
def tables(built: Path) -> Tables:
    return read_tables(built / "tables")


def test_what_is_public() -> None:
    assert kg.__all__ == ["Graph", "QueryTimeout", "QueryWarning", "build", "open"]
    assert kg.open.__module__ == "kg.api.graph"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kg.nothing


def test_the_command_line_waits_for_none_of_it() -> None:
    code = "import kg.cli, sys; print(*{'pandas', 'networkx', 'rdflib', 'spacy', 'IPython'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "\n"


def test_only_a_build_is_opened(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no report\.json"):
        kg.open(tmp_path)


def test_a_graph_says_what_it_holds(graph: kg.Graph) -> None:
    assert repr(graph).startswith("<Graph 'Machine learning in production': 40 articles, ")
    assert "<td>articles</td><td>40</td>" in graph._repr_html_()


# Frames


def test_articles(graph: kg.Graph, tables: Tables) -> None:
    frame = graph.articles
    assert frame.index.name == "url"
    assert frame.index.tolist() == tables.articles["url"].to_pylist()
    assert types.is_datetime64_any_dtype(frame["date"])
    assert isinstance(frame["subject"].dtype, pd.CategoricalDtype)
    assert frame.loc[DRIFT, "title"] == "What is data drift and how is it detected?"
    assert frame.loc[DRIFT, "date"] == pd.Timestamp("2025-01-16")
    assert isinstance(frame.loc[DRIFT, "keywords"], list)
    assert frame["centrality"].dtype == "float64"


def test_occurrences_point_into_the_texts_of_articles(graph: kg.Graph) -> None:
    (mention,) = graph.mentions.query("article == @DRIFT and concept == 'data-drift'").itertuples()
    words = [
        graph.articles.loc[DRIFT, place["part"]][place["start"] : place["end"]].lower() for place in mention.occurrences
    ]
    assert words == ["data drift"] * mention.frequency


def test_concepts_mentions_and_links(graph: kg.Graph, tables: Tables) -> None:
    assert graph.concepts.index.name == "slug"
    assert graph.concepts.loc["data-drift", "pref_label"] == "data drift"
    counted = graph.mentions.groupby("concept").size()
    assert counted.to_dict() == graph.concepts["article_count"].to_dict()
    assert len(graph.mentions) == tables.mentions.num_rows
    assert graph.mentions["about"].dtype == "bool"
    assert graph.links["status"].value_counts().to_dict() == {"url": 126, "missing": 4, "id": 1}


def test_relations(graph: kg.Graph, tables: Tables) -> None:
    frame = graph.relations
    assert len(frame) == tables.relations.num_rows > 0
    assert {*frame["source"], *frame["target"]} <= set(graph.concepts.index)
    assert set(frame["kind"]) == {"broader", "related"}
    assert frame[frame["kind"] == "related"]["npmi"].between(0, 1).all()
    assert isinstance(frame["kind"].dtype, pd.CategoricalDtype)
    assert graph.concepts["definition"].notna().any()


def test_communities_begin_with_the_largest(graph: kg.Graph, tables: Tables) -> None:
    assert graph.communities["article_count"].is_monotonic_decreasing
    assert sorted(graph.communities.index) == tables.communities["slug"].to_pylist()
    sizes = graph.articles.groupby("community", observed=True).size()
    assert sizes.to_dict() == graph.communities["article_count"].to_dict()


def test_frames_are_made_once(graph: kg.Graph) -> None:
    assert graph.articles is graph.articles


# networkx


def plain(found: nx.Graph) -> tuple[dict[str, Any], dict[tuple[str, str, str], Any]]:
    return dict(found.nodes(data=True)), {(a, b, data["kind"]): data for a, b, data in found.edges(data=True)}


def test_networkx_has_what_graphml_has(graph: kg.Graph, built: Path) -> None:
    found = graph.to_networkx()
    assert type(found) is nx.MultiDiGraph
    assert plain(found) == plain(nx.read_graphml(built / "graph.graphml"))
    assert all(key == data["kind"] for _, _, key, data in found.edges(keys=True, data=True))


def test_networkx_has_what_gexf_has(graph: kg.Graph, built: Path) -> None:
    found, read = plain(graph.to_networkx()), plain(nx.read_gexf(built / "graph.gexf"))
    assert found[1] == read[1]
    for iri, attributes in read[0].items():
        viz = attributes.pop("viz")
        assert {name: found[0][iri][name] for name in "xy"} == {name: viz["position"][name] for name in "xy"}
        assert {**found[0][iri], **attributes} == found[0][iri]


def test_networkx_can_write_what_it_is_given(graph: kg.Graph, tmp_path: Path) -> None:
    found = graph.to_networkx()
    nx.write_graphml(found, tmp_path / "again.graphml")
    nx.write_gexf(found, tmp_path / "again.gexf")
    assert len(nx.read_graphml(tmp_path / "again.graphml")) == len(found)


@pytest.mark.parametrize(
    ("layers", "node_kinds", "edge_kinds"),
    [
        (["relation"], {"article", "missing"}, {"relation"}),
        (["mentions"], {"article", "concept"}, {"about", "mentions"}),
        (["about"], {"article", "concept"}, {"about"}),
        (["broader"], {"concept"}, {"broader"}),
        (["related"], {"concept"}, {"related"}),
        (["subject"], {"article", "subject"}, {"subject"}),
        (["relation", "subject"], {"article", "missing", "subject"}, {"relation", "subject"}),
        ([], set(), set()),
    ],
)
def test_layers(graph: kg.Graph, layers: list[str], node_kinds: set[str], edge_kinds: set[str]) -> None:
    nodes, edges = plain(graph.to_networkx(layers))
    assert {node["kind"] for node in nodes.values()} == node_kinds
    assert {edge["kind"] for edge in edges.values()} == edge_kinds


def test_weights(graph: kg.Graph) -> None:
    ends = BASE + DRIFT.removeprefix("/"), BASE + "concept/data-drift", "about"
    salience, frequency, none = (
        graph.to_networkx(weights=weights).edges[ends] for weights in ("salience", "frequency", "none")
    )
    (mention,) = graph.mentions.query("article == @DRIFT and concept == 'data-drift'").itertuples()
    assert salience["weight"] == salience["salience"] == mention.salience
    assert frequency["weight"] == frequency["frequency"] == mention.frequency
    assert "weight" not in none
    assert {data["weight"] for *_, data in graph.to_networkx(["relation"], "frequency").edges(data=True)} == {1.0}


def test_unknown_layers_and_weights_are_refused(graph: kg.Graph) -> None:
    layers = "relation, mentions, about, broader, related, subject"
    with pytest.raises(UsageError, match=f'there is no layer "links"; there are: {layers}'):
        graph.to_networkx(["links"])
    with pytest.raises(UsageError, match='there is no weight "tf"; there are: salience, frequency, none'):
        graph.to_networkx(weights="tf")


# rdflib


@pytest.mark.parametrize("in_memory", [False, True])
def test_rdflib_has_what_the_files_have(
    in_memory: bool, graph: kg.Graph, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    dataset = graph.to_rdflib(in_memory=in_memory)
    written = ox.Store()  # which writes 0.0 as 0
    written.bulk_load(path=str(built / "graph.nt"), format=ox.RdfFormat.N_TRIPLES)
    wanted = {str(quad.triple) for quad in written}
    core = dataset.graph(rdflib.URIRef(BASE + "graph/core"))
    as_oxigraph = ox.parse(core.serialize(format="nt", encoding="utf-8"), ox.RdfFormat.N_TRIPLES)
    assert {str(quad.triple) for quad in as_oxigraph} == wanted
    evidence = dataset.graph(rdflib.URIRef(BASE + "graph/evidence"))
    lines = gzip.decompress((built / "evidence.nt.gz").read_bytes())
    assert len(evidence) == len(lines.splitlines()) > len(graph.mentions)
    union = set(dataset.triples((None, None, None)))
    assert union == set(core) | set(evidence)  # the union is the default graph
    assert len(dataset) == len(union) == len(core) + len(evidence)
    assert {found.identifier for found in dataset.graphs()} == {
        *(core.identifier, evidence.identifier, rdflib.graph.DATASET_DEFAULT_GRAPH_ID),
    }
    assert dict(dataset.namespaces()).items() >= {name: rdflib.URIRef(iri) for name, iri in PREFIXES.items()}.items()


def test_rdflib_reads_the_store_without_loading_it(graph: kg.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib.Graph, "parse", None)
    monkeypatch.setattr(ox.Store, "bulk_load", None)
    assert len(graph.to_rdflib()) > 1000


@pytest.mark.parametrize("in_memory", [False, True])
def test_a_query_through_rdflib_reads_the_union_or_the_graphs_that_it_names(in_memory: bool, graph: kg.Graph) -> None:
    dataset = graph.to_rdflib(in_memory=in_memory)

    def count(of: str, dataset_clause: str = "") -> int:
        (row,) = dataset.query(f"SELECT (COUNT(*) AS ?n) {dataset_clause} {{ {of} }}")
        return int(row.n)

    assert count("?article a schema:Article") == 40
    assert count("?target oa:hasScope ?article . ?article a schema:Article") > 400  # in both graphs
    assert count("?article a schema:Article", f"FROM <{BASE}graph/evidence>") == 0
    assert count("GRAPH ?g { ?article a schema:Article }", f"FROM NAMED <{BASE}graph/core>") == 40
    assert count("GRAPH ?g { ?article a schema:Article }", f"FROM NAMED <{BASE}graph/evidence>") == 0
    concept = rdflib.URIRef(BASE + "concept/data-drift")
    (bound,) = dataset.query("SELECT ?label { ?concept skos:prefLabel ?label }", initBindings={"concept": concept})
    assert bound.label == rdflib.Literal("data drift", lang="en")
    dataset.bind("mine", "https://mine.example/")
    with pytest.raises(QueryError, match="line 1, column 26: "):
        dataset.query("SELECT * { ?s mine:a ?o }}")
    (relative,) = dataset.query("SELECT ?label { <concept/data-drift> skos:prefLabel ?label }")
    assert relative == bound
    for refused in ("SELECT * {", "SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", "SELECT * {" + "{" * 10_000):
        with pytest.raises(QueryError, match="line 1, column"):
            dataset.query(refused)


@pytest.mark.parametrize("in_memory", [False, True])
def test_queries_that_rdflib_runs_by_itself_read_no_network_and_bind_any_term(in_memory: bool, graph: kg.Graph) -> None:
    dataset = graph.to_rdflib(in_memory=in_memory)
    service = "SELECT * { OPTIONAL { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }"
    source = "SELECT ?p FROM <http://127.0.0.1:1/> { ?s ?p ?o }"
    for refused in (service, source):
        with pytest.raises(QueryError, match="is not allowed: a query reads this graph and never the network"):
            dataset.query(prepareQuery(refused))
    concept = rdflib.URIRef(BASE + "concept/data-drift")
    with pytest.raises(QueryError, match="FROM takes values only for variables that it returns"):
        dataset.query(source, initBindings={"s": concept})
    label = rdflib.Literal("data drift", lang="en")
    known = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    both = prepareQuery(f"SELECT ?n {{ <{BASE}concept/data-drift> {known} ?l . ?l ?p ?n }}")
    assert list(dataset.query(both)) == []
    assert list(dataset.triples((label, None, None))) == list(dataset.triples((None, label, None))) == []


def test_whole_numbers_of_any_size_are_in_a_frame(graph: kg.Graph) -> None:
    numbers = [1, 2**63, 10**400]
    frame = graph.query("SELECT ?n { VALUES ?n { " + " ".join(map(str, numbers)) + " 1.5 } }")
    assert list(frame["n"]) == [*numbers, 1.5]


def test_the_store_cannot_be_changed_through_rdflib_but_a_copy_can(graph: kg.Graph) -> None:
    concept, label = rdflib.URIRef(BASE + "concept/data-drift"), rdflib.Literal("Drift")
    triple = (concept, rdflib.SKOS.note, label)
    core = rdflib.URIRef(BASE + "graph/core")
    changes: list[Callable[[rdflib.Dataset], object]] = [
        lambda dataset: dataset.add(triple),
        lambda dataset: dataset.graph(core).add(triple),
        lambda dataset: dataset.graph(core).addN([(*triple, dataset.graph(core))]),
        lambda dataset: dataset.parse(data="<a:a> <b:b> <c:c> .", format="nt"),
        lambda dataset: dataset.graph(rdflib.URIRef("https://example.org/mine")),
        lambda dataset: dataset.update("INSERT DATA { GRAPH <g:g> { <a:a> <b:b> <c:c> } }"),
        lambda dataset: dataset.update("DELETE WHERE { ?nothing <b:nothing> ?here }"),
        lambda dataset: dataset.remove((concept, None, None)),
        lambda dataset: dataset.remove_graph(core),
    ]
    stored = graph.to_rdflib()
    before = len(stored)
    for change in changes:
        with pytest.raises(UsageError, match=r"read-only; to_rdflib\(in_memory=True\) returns a copy"):
            change(stored)
    assert len(stored) == before
    loaded = graph.to_rdflib(in_memory=True)
    for change in changes:
        change(loaded)
    assert len(loaded) < before
    assert loaded.query("ASK { <a:a> <b:b> <c:c> }").askAnswer
    assert len(graph.to_rdflib()) == before


# Queries


def test_a_query_has_columns_of_the_right_types(graph: kg.Graph) -> None:
    found = graph.query("""
        SELECT ?url ?title ?date ?salience ?frequency ?nothing {
          ?mention oa:hasTarget ?article ; kg:salience ?salience ; kg:frequency ?frequency .
          ?article dcterms:identifier ?url ; dcterms:title ?title ; schema:datePublished ?date
          OPTIONAL { ?article kg:nothing ?nothing }
        } ORDER BY DESC(?salience) ?url LIMIT 5""")
    assert list(found.columns) == ["url", "title", "date", "salience", "frequency", "nothing"]
    assert [str(found[name].dtype) for name in ("url", "title", "salience", "frequency")] == [
        *("str", "str", "float64", "int64"),
    ]
    assert types.is_datetime64_any_dtype(found["date"])
    assert found["nothing"].isna().all()


def test_a_column_may_have_gaps(graph: kg.Graph) -> None:
    found = graph.query("""
        SELECT ?n ?b ?d ?x { VALUES (?n ?b ?d ?x) {
          (1 true "2024-02-29"^^xsd:date 1) (UNDEF UNDEF UNDEF "text") (2 false "1066-10-14"^^xsd:date 1.5)
        } }""")
    assert found["n"].tolist() == [1, pd.NA, 2]
    assert str(found["b"].dtype) == "boolean"
    assert found["d"].dt.year.tolist()[2] == 1066
    assert found["x"].tolist() == [1, "text", 1.5]


def test_values_that_are_not_of_their_type_are_text(graph: kg.Graph) -> None:
    found = graph.query('SELECT ?n { VALUES ?n { "many"^^xsd:integer 3 } }')
    assert found["n"].tolist() == ["many", 3]


def test_a_named_query(graph: kg.Graph) -> None:
    found = graph.query("concept-articles", concept="data drift")
    mentions = graph.mentions.query("concept == 'data-drift'").sort_values("salience", ascending=False)
    assert found["url"].tolist() == mentions["article"].tolist()
    assert found["frequency"].tolist() == mentions["frequency"].tolist()
    assert len(graph.query("top-concepts", limit=3)) == 3
    other = "/learn/training/questions/what-is-knowledge-distillation"
    assert graph.query("related-path", from_=DRIFT, to=other)["url_1"].tolist()[0] == DRIFT


def test_every_named_query_is_a_frame(graph: kg.Graph) -> None:
    values = {"article": DRIFT, "other": DRIFT, "concept": "data drift", "from": DRIFT, "to": DRIFT}
    for query in list_queries():
        needed = {p.name: values[p.name] for p in query.parameters if p.default is None and p.name in values}
        if len(needed) == sum(p.default is None for p in query.parameters):
            assert isinstance(graph.query(query.name, **needed), pd.DataFrame)


def test_answers_without_rows(graph: kg.Graph) -> None:
    assert graph.query("ASK { ?s a skos:Concept }")["answer"].tolist() == [True]
    triples = graph.query("CONSTRUCT { ?c skos:prefLabel ?l } WHERE { ?c kg:articleCount ?n ; skos:prefLabel ?l }")
    assert isinstance(triples, rdflib.Graph)
    assert {str(label) for label in triples.objects()} == set(graph.concepts["pref_label"])
    assert "skos:prefLabel" in triples.serialize(format="turtle")
    with pytest.warns(kg.QueryWarning, match="kg:nothing is not in the graph"):
        nothing = graph.query("SELECT ?a ?b { ?a kg:nothing ?b }")
    assert (list(nothing.columns), len(nothing)) == (["a", "b"], 0)


def test_wrong_queries(graph: kg.Graph) -> None:
    with pytest.raises(QueryError, match=r'no query named "top-concept", did you mean "top-concepts"\?'):
        graph.query("top-concept")
    with pytest.raises(QueryError, match="line 1, column"):
        graph.query("SELECT ?x {")
    with pytest.raises(UsageError, match="parameters are only for named queries"):
        graph.query("SELECT * { ?s ?p ?o }", limit=3)
    with pytest.raises(QueryError, match='did you mean "data drift"'):
        graph.query("concept-articles", concept="data drfit")


# One article, one concept


@pytest.mark.parametrize(
    "name",
    [DRIFT, DRIFT.removeprefix("/"), BASE + DRIFT.removeprefix("/"), "what is data drift and how is it detected?"],
)
def test_an_article(graph: kg.Graph, name: str) -> None:
    article = graph.article(name)
    assert (article.url, article.iri) == (DRIFT, BASE + DRIFT.removeprefix("/"))
    assert article.date == dt.date(2025, 1, 16)
    assert "data drift" in {mention.label for mention in article.concepts}
    assert [mention.salience for mention in article.concepts] == sorted(
        (mention.salience for mention in article.concepts), reverse=True
    )
    assert next(iter(article.links)) == "/learn/monitoring/questions/how-does-concept-drift-differ-from-data-drift"
    assert len(article.concepts) == (graph.mentions["article"] == DRIFT).sum()
    assert repr(article) == f"<Article {DRIFT!r}: {article.title!r}, {len(article.concepts)} concepts, 5 links>"


@pytest.mark.parametrize("name", ["data drift", "Data Drift", "data-drift", BASE + "concept/data-drift"])
def test_a_concept(graph: kg.Graph, name: str) -> None:
    concept = graph.concept(name)
    assert (concept.slug, concept.label) == ("data-drift", "data drift")
    assert DRIFT in {mention.key for mention in concept.articles}
    count = graph.concepts.loc["data-drift", "article_count"]
    assert repr(concept) == f"<Concept 'data-drift': 'data drift' in {count} articles>"


def test_a_concept_by_another_label(graph: kg.Graph) -> None:
    slug, row = next((slug, row) for slug, row in graph.concepts.iterrows() if row["alt_labels"])
    assert graph.concept(row["alt_labels"][0]).slug == slug


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda graph: graph.concept("data drfit"), 'called "data drfit"; did you mean "data drift"'),
        (lambda graph: graph.concept(DRIFT), f'"{DRIFT}" is an article, not a concept'),
        (lambda graph: graph.article("What is data drift and how is it detekted?"), 'did you mean "What is data drift'),
        (lambda graph: graph.article("data drift"), '"data drift" is a concept, not an article; did you mean'),
        (lambda graph: graph.neighbourhood("data drfit"), 'did you mean "data drift"'),
        (lambda graph: graph.neighbourhood("data drift", depth=0), "depth must be a whole number of at least 1"),
        (lambda graph: graph.cooccurrence("data drift"), "a list of concepts"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(graph: kg.Graph, ask: Any, message: str) -> None:
    with pytest.raises(KgError, match=message.replace("?", r"\?")):
        ask(graph)


# Neighbourhoods


def test_a_neighbourhood(graph: kg.Graph) -> None:
    found = graph.neighbourhood("data drift")
    assert found.focus.iri == BASE + "concept/data-drift"
    assert found.nodes.index[0] == found.focus.iri
    assert set(found.nodes["kind"]) == {"concept", "article"}
    assert str(found.nodes["articles"].dtype) == "Int64"
    near = graph.concept("data drift")
    joined = {mention.key for mention in near.articles} | {*near.related, *near.broader, *near.narrower}
    assert len(found.nodes) == len(joined) + 1
    assert "related" in set(found.edges["kind"])
    assert {*found.edges["source"], *found.edges["target"]} <= set(found.nodes.index)
    assert repr(found).startswith("<Neighbourhood of the concept 'data drift': ")


def test_a_neighbourhood_in_networkx_is_a_part_of_the_graph(graph: kg.Graph) -> None:
    whole, part = graph.to_networkx(), graph.neighbourhood("data drift", depth=2, max_nodes=30).to_networkx()
    assert len(part) == 30
    assert all(whole.nodes[node] == data for node, data in part.nodes(data=True))
    assert all(whole.edges[a, b, key] == data for a, b, key, data in part.edges(keys=True, data=True))


@pytest.mark.parametrize("damage", ["graph.nt", "evidence.nt.gz"])
def test_a_copy_in_memory_of_damaged_files_is_refused(built: Path, tmp_path: Path, damage: str) -> None:
    shutil.copytree(built, tmp_path / "out")
    file = tmp_path / "out" / damage
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(DataError, match="the triples cannot be read"):
        kg.open(tmp_path / "out").to_rdflib(in_memory=True)


def test_paths_are_those_of_explain_and_print_as_text(graph: kg.Graph) -> None:
    paths = graph.path("data drift", DRIFT)
    assert len(paths) == 3
    assert [end.iri for end in paths[0].nodes] == [graph.concept("data drift").iri, graph.article(DRIFT).iri]
    assert paths[0].steps[0].quotes
    assert [path.to_dict() for path in paths] == [path.to_dict() for path in graph.explain("data drift", DRIFT).paths]
    assert repr(paths).count("\n") == 0
    assert "«Data drift»" in str(paths)
    with pytest.raises(UsageError, match="did you mean"):
        graph.path("data drifd", DRIFT)


def test_an_article_has_its_published_text(graph: kg.Graph, tables: Tables) -> None:
    article = graph.article(DRIFT)
    (row,) = (row for row in tables.articles.to_pylist() if row["url"] == DRIFT)
    assert article.parts == {part["name"]: part["text"] for part in row["parts"]}
    assert article.text == f"{article.parts['question']}\n\n{article.parts['answer']}"


def test_a_timeline_counts_the_articles_of_each_period(graph: kg.Graph) -> None:
    months = graph.timeline("data drift", "month")
    assert list(months.columns) == ["articles", "share"]
    dates = graph.articles["date"]
    assert (str(months.index[0]), str(months.index[-1])) == (f"{dates.min():%Y-%m}", f"{dates.max():%Y-%m}")
    assert months["articles"].sum() == len(graph.concept("data drift").articles)
    having = graph.mentions.query("concept == 'data-drift'")["article"]
    for period, row in months.iterrows():
        inside = dates[dates.dt.to_period("M") == period]
        assert row["articles"] == inside.index.isin(having).sum()
        assert row["share"] == pytest.approx(row["articles"] / len(inside), nan_ok=True)
    years = graph.timeline("Data Drift")
    assert years["articles"].sum() == months["articles"].sum()
    assert months.index.name == years.index.name == "period"
    with pytest.raises(UsageError, match='there is no period "week"; there are: year, month'):
        graph.timeline("data drift", "week")  # type: ignore[arg-type]


def test_a_timeline_without_dates_is_empty_and_a_gap_has_no_share(tmp_path: Path) -> None:
    rows = [article("a", "A", date=dt.date(2020, 5, 1)), article("b", "B", date=dt.date(2022, 1, 1))]
    mentions = [mention("a", 1, "x", 0.5, 1, "extracted")]
    found = kg.Graph(tmp_path, report(), made_of(rows, [], [concept("x", "X", 1)], mentions)).timeline("x")
    assert found["articles"].tolist() == [1, 0, 0]
    assert found["share"].tolist() == pytest.approx([1, float("nan"), 0], nan_ok=True)
    undated = made_of([article("a", "A", date=None)], [], [concept("x", "X", 1)], mentions)
    assert kg.Graph(tmp_path, report(), undated).timeline("x").shape == (0, 2)


def test_cooccurrence_counts_the_articles_that_mention_both(graph: kg.Graph) -> None:
    found = graph.cooccurrence(["latency", "data-drift", "concept drift", "Latency"])
    assert [*found.index] == [*found.columns] == ["latency", "data drift", "concept drift"]
    having = {slug: set(rows["article"]) for slug, rows in graph.mentions.groupby("concept")}
    for one in found.index:
        for other in found.columns:
            both = having[graph.concept(one).slug] & having[graph.concept(other).slug]
            assert found.loc[one, other] == len(both)
    assert graph.cooccurrence([]).shape == (0, 0)
    with pytest.raises(UsageError, match="did you mean"):
        graph.cooccurrence(["data drifd"])


def test_a_subgraph_has_all_edges_between_its_nodes(graph: kg.Graph) -> None:
    whole = graph.to_networkx(["relation", "mentions", "broader", "related"])
    about_drift = f"SELECT ?a ?c {{ ?a schema:about <{BASE}concept/data-drift>, ?c }}"
    broken = "CONSTRUCT { ?a dcterms:relation ?m } { ?a dcterms:relation ?m . ?m a kg:MissingArticle }"
    community = graph.communities.index[0]
    for part in (
        graph.subgraph(subject="Monitoring"),
        graph.subgraph(community=community),
        graph.subgraph(query=about_drift),
        graph.subgraph(query=broken),
    ):
        assert isinstance(part, nx.MultiDiGraph)
        induced = whole.subgraph(part.nodes)
        assert len(part) > 2
        assert dict(part.nodes(data=True)) == dict(induced.nodes(data=True))
        assert {(*edge,): data for *edge, data in part.edges(keys=True, data=True)} == {
            (*edge,): data for *edge, data in induced.edges(keys=True, data=True)
        }
    articles = {node for node, kind in graph.subgraph(subject="Monitoring").nodes(data="kind") if kind == "article"}
    assert articles == {BASE + url[1:] for url in graph.articles.query("subject == 'Monitoring'").index}
    members = graph.subgraph(community=graph.communities.loc[community, "label"])
    assert set(nx.get_node_attributes(members, "community").values()) == {community}


def test_a_subgraph_is_picked_in_one_way(graph: kg.Graph) -> None:
    for wrong in ({}, {"subject": "Monitoring", "community": "x"}):
        with pytest.raises(UsageError, match="give exactly one of subject, community and query"):
            graph.subgraph(**wrong)
    with pytest.raises(UsageError, match="this is an ASK query"):
        graph.subgraph(query="ASK { ?s ?p ?o }")
    with pytest.raises(UsageError, match="did you mean"):
        graph.subgraph(subject="Monitorin")
    assert len(graph.subgraph(query="SELECT ?x { VALUES ?x { <https://elsewhere.example/> 'text' } }")) == 0


def test_what_is_printed_is_a_block_of_lines(graph: kg.Graph) -> None:
    concept_, article_, near = graph.concept("data drift"), graph.article(DRIFT), graph.neighbourhood("data drift")
    for thing in (graph, concept_, article_, near, graph.path("latency", DRIFT), graph.explain("latency", DRIFT)):
        assert len(repr(thing).splitlines()) == 1
        lines = [line for line in str(thing).splitlines() if not line.startswith("  url ")]
        assert len(lines) > 2
        assert max(map(len, lines)) <= 80
    assert str(graph).splitlines()[:2] == ["Graph Machine learning in production", "  articles     40"]


# Similar articles


def test_similar_articles(graph: kg.Graph) -> None:
    found = graph.similar(DRIFT, limit=3)
    assert found.index.tolist() == [1, 2, 3]
    assert [*found.columns] == ["url", "title", "score", "concepts", "linked"]
    assert found["score"].is_monotonic_decreasing
    assert all(found["concepts"].map(len))
    with pytest.raises(UsageError, match="nothing in the graph"):
        graph.similar("no such article")


def test_suggested_links_are_not_links(graph: kg.Graph) -> None:
    found = graph.suggest_links()
    assert [*found.columns] == ["source", "target", "source_title", "target_title", "score", "concepts"]
    links = {frozenset(pair) for pair in graph.links[["source", "target"]].itertuples(index=False)}
    assert len(found)
    assert not links & {frozenset(pair) for pair in found[["source", "target"]].itertuples(index=False)}


def test_a_search_is_a_data_frame(graph: kg.Graph) -> None:
    found = graph.search("data drfit", limit=4)
    assert [*found.columns] == ["kind", "label", "key", "score", "sentence"]
    assert found.iloc[0].to_dict() | {"sentence": ""} == {
        "kind": "concept",
        "label": "data drift",
        "key": "data-drift",
        "score": 1.0,
        "sentence": "",
    }
    assert len(found) == 4
    assert found.attrs["corrections"] == {"drfit": "drift"}
    assert (found["sentence"].str.casefold().str.contains("drift")).all()
    assert set(graph.search("drift", kind="article")["kind"]) == {"article"}
    assert set(graph.articles.index) >= set(graph.search("drift", "article")["key"])


def test_a_search_without_hits_has_the_same_columns(graph: kg.Graph) -> None:
    empty, found = graph.search("xyzzyplugh"), graph.search("drift")
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == found.dtypes.to_dict()


def test_a_search_refuses_what_has_no_meaning(graph: kg.Graph) -> None:
    for words, kind, limit in (("***", None, 10), ("drift", "subject", 10), ("drift", None, 0)):
        with pytest.raises(UsageError):
            graph.search(words, kind, limit)


@pytest.mark.parametrize("value", [None, 1.5, ["data drift"]])
def test_a_name_that_is_not_a_text_is_refused(graph: kg.Graph, value: Any) -> None:
    for method in (
        graph.article,
        graph.concept,
        graph.similar,
        graph.timeline,
        graph.neighbourhood,
        graph.search,
        lambda name: graph.path(name, "data drift"),
        lambda name: graph.explain("data drift", name),
    ):
        with pytest.raises(UsageError, match="must be a text, not"):
            method(value)
