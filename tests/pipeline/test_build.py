"""The whole flow on examples/articles: tables, files, and the same bytes whatever the circumstances."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib

from kg.annotate import batch
from kg.annotate.extract.token_model import FILE_NAME as TOKENS
from kg.annotate.extract.token_model import load_token_model
from kg.annotate.nlp.pipeline import load_tagger
from kg.annotate.text.normal_form import normal_form
from kg.base.config import Config
from kg.base.errors import UsageError
from kg.base.iris import PREFIXES, Minter
from kg.base.report import read_report
from kg.base.tables import SCHEMAS, Tables, read_tables, share_tables
from kg.cli import commands
from kg.concepts.ranking.ranker import SHIPPED, model_version
from kg.export.graph_process import GraphsTask, GraphsWriter
from kg.graph.index import GraphIndex
from kg.pipeline.build import build
from kg.pipeline.write_all import publish
from kg.query.formats import rows_as_text
from kg.query.named import load_query, run_named
from kg.query.store import open_store
from kg.render.site.places import Unplaced
from tests.published import assert_same, published, stored

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
ARTICLES = EXAMPLES / "articles"
KEYS = {
    "articles": ("url",),
    "links": ("source", "target"),
    "concepts": ("slug",),
    "mentions": ("article", "rank"),
    "relations": ("source", "target"),
    "communities": ("slug",),
    "similar": ("source", "rank"),
}


@pytest.fixture(scope="module")
def tables(built: Path) -> Tables:
    return read_tables(built / "tables")


# What is built


def test_files(built: Path) -> None:
    assert {path.name for path in built.iterdir()} == {
        *(
            "index.html",
            "pages",
            "graph.nt",
            "graph.ttl",
            "graph.jsonld",
            "evidence.nt.gz",
            "concepts.ttl",
            "dataset.ttl",
            "tables",
            "store",
            "search.sqlite",
            "report.json",
        ),
        *("graph.graphml", "graph.gexf", "nodes.csv", "edges.csv"),
        *("kg.ttl", "shapes.ttl", "context.jsonld", "article-frame.jsonld", "concept-frame.jsonld"),
    }
    assert {path.name for path in (built / "tables").iterdir()} == {f"{name}.parquet" for name in SCHEMAS}


@pytest.mark.parametrize("name", SCHEMAS)
def test_tables_have_their_schema_and_order(built: Path, name: str) -> None:
    table = pq.read_table(built / "tables" / f"{name}.parquet")
    assert table.schema.equals(SCHEMAS[name])
    assert table.num_rows
    keys = list(zip(*(table[column].to_pylist() for column in KEYS[name]), strict=True))
    assert keys == sorted(set(keys))


def test_tables_refer_to_each_other(tables: Tables) -> None:
    urls = set(tables.articles["url"].to_pylist())
    slugs = set(tables.concepts["slug"].to_pylist())
    assert set(tables.links["source"].to_pylist()) <= urls
    assert set(tables.mentions["article"].to_pylist()) <= urls
    assert set(tables.mentions["concept"].to_pylist()) == slugs
    for row in tables.links.to_pylist():
        assert (row["target"] in urls) == (row["status"] != "missing")


def test_occurrences_are_the_words_of_their_concept(tables: Tables) -> None:
    texts = {(row["url"], part["name"]): part["text"] for row in tables.articles.to_pylist() for part in row["parts"]}
    labels = {
        row["slug"]: {normal_form(label) for label in (row["pref_label"], *row["alt_labels"], *row["hidden_labels"])}
        for row in tables.concepts.to_pylist()
    }
    seen = 0
    for row in tables.mentions.to_pylist():
        assert len(row["occurrences"]) == row["frequency"]
        for place in row["occurrences"]:
            text = texts[row["article"], place["part"]]
            assert 0 <= place["sentence_start"] <= place["start"] < place["end"] <= place["sentence_end"] <= len(text)
            words = text[place["start"] : place["end"]].replace("$", "")  # "$x$-intercepts" is the term "x intercept"
            assert normal_form(words) in labels[row["concept"]]
            seen += 1
    assert seen > 300


def test_ranks_and_saliences(tables: Tables) -> None:
    by_article: dict[str, list[dict]] = {}
    for row in tables.mentions.to_pylist():
        by_article.setdefault(row["article"], []).append(row)
        assert 0 < row["salience"] <= 1
        assert row["salience"] == round(row["salience"], 4)
        assert row["about"] == (row["salience"] >= 0.5)
        assert row["origins"]
        assert row["frequency"] or row["origins"] == ["author"]
    for rows in by_article.values():
        assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
        assert [row["salience"] for row in rows] == sorted((row["salience"] for row in rows), reverse=True)


def test_the_store_has_the_descriptions_outside_the_union(built: Path) -> None:
    graph = open_store(built)
    files = {"core": "graph.nt", "evidence": "evidence.nt.gz", "dataset": "dataset.ttl", "ontology": "kg.ttl"}

    def count(sparql: str) -> list[tuple[str, int]]:
        rows = graph.select(sparql)
        return sorted((str(name.value).removeprefix(graph.minter.base), int(n.value)) for name, n in rows)

    sizes = {f"graph/{name}": len(list(parsed(built / file))) for name, file in files.items()}
    assert dict(count("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")) == sizes
    ((_, union),) = count('SELECT ("" AS ?g) (COUNT(*) AS ?n) { ?s ?p ?o }')
    assert union == sizes["graph/core"] + sizes["graph/evidence"]
    for name, size in sizes.items():
        ((_, read),) = count(f'SELECT ("" AS ?g) (COUNT(*) AS ?n) FROM <{graph.minter.base}{name}> {{ ?s ?p ?o }}')
        assert read == size
    assert graph.run("ASK { kg:salience rdfs:label ?x }") is False
    assert graph.run(f"ASK {{ GRAPH <{graph.minter.base}graph/ontology> {{ kg:salience rdfs:label ?x }} }}") is True


def parsed(path: Path) -> Iterable[ox.Quad]:
    if path.suffix == ".gz":
        return ox.parse(gzip.decompress(path.read_bytes()), ox.RdfFormat.N_TRIPLES)
    return ox.parse(path=path)


def test_words_are_counted_in_all_parts(tables: Tables) -> None:
    for row in tables.articles.to_pylist():
        assert row["word_count"] == sum(len(part["text"].split()) for part in row["parts"]) > 10


def test_counts_of_concepts_are_those_of_their_mentions(tables: Tables) -> None:
    mentions = tables.mentions.to_pylist()
    for concept in tables.concepts.to_pylist():
        own = [row for row in mentions if row["concept"] == concept["slug"]]
        assert concept["article_count"] == len(own)
        assert concept["frequency"] == sum(row["frequency"] for row in own)
        assert set(concept["origins"]) == {origin for row in own for origin in row["origins"]}
        assert concept["pref_label"] not in concept["alt_labels"]
        assert concept["alt_labels"] == sorted(set(concept["alt_labels"]))
        assert concept["hidden_labels"] == sorted(set(concept["hidden_labels"]) - {*concept["alt_labels"]})


def test_the_report_counts_what_was_built(built: Path, tables: Tables) -> None:
    report = read_report(built)
    assert report.errors == 0
    assert {problem.code for problem in report.problems} == {"missing-target"}
    assert report.counts["files"] == report.counts["articles"] == tables.articles.num_rows == 40
    assert report.counts["links"] == tables.links.num_rows
    for status in ("url", "id", "missing"):
        assert report.counts[f"links_{status}" if status == "missing" else f"links_by_{status}"] == sum(
            row == status for row in tables.links["status"].to_pylist()
        )
    assert report.counts["concepts"] == tables.concepts.num_rows
    assert report.counts["mentions"] == tables.mentions.num_rows
    assert {"find articles", "read and tag", "choose concepts"} <= report.timings.keys()


def test_progress_counts_every_article(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build(ARTICLES / "training", tmp_path / "out", jobs=1, progress=lambda *news: told.append(news))
    assert ("read and tag", 8, 8) in told
    stages = [stage for stage, done, _ in told if not done]
    assert stages[:3] == ["find articles", "read and tag", "choose concepts"]
    assert set(stages) <= read_report(tmp_path / "out").timings.keys()


def test_the_package_offers_build_at_every_access() -> None:
    program = "import kg; print([callable(kg.build) for _ in range(2)], hasattr(kg, 'absent'))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[True, True] False\n"


# The same triples in every file, for every reader


def triples(path: Path) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=path)}


def without_build(out: Path) -> list[str]:
    """The core graph but for what names the build, which depends on the configuration."""
    return [line for line in (out / "graph.nt").read_text("utf-8").splitlines() if "/build/" not in line]


def evidence(out: Path) -> set[ox.Triple]:
    unpacked = gzip.decompress((out / "evidence.nt.gz").read_bytes())
    return {quad.triple for quad in ox.parse(unpacked, ox.RdfFormat.N_TRIPLES)}


@pytest.fixture(scope="module")
def core(built: Path) -> set[ox.Triple]:
    """The triples of graph.nt, which each reader must find in each file."""
    found = triples(built / "graph.nt")
    assert len(found) == len((built / "graph.nt").read_bytes().splitlines()) > 5000
    return found


def as_text(nodes: set[ox.Triple]) -> set[str]:
    return {str(triple) for triple in nodes}


@pytest.mark.parametrize("name", ["graph.ttl", "graph.jsonld"])
def test_oxigraph_reads_the_same_triples(built: Path, core: set[ox.Triple], name: str) -> None:
    assert triples(built / name) == core


@pytest.mark.parametrize("name", ["graph.nt", "graph.ttl", "graph.jsonld"])
def test_rdflib_reads_the_same_triples(built: Path, core: set[ox.Triple], name: str) -> None:
    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph().parse(built / name, format="json-ld" if name.endswith("jsonld") else None)
    written = graph.serialize(format="nt", encoding="utf-8")
    assert {quad.triple for quad in ox.parse(written, ox.RdfFormat.N_TRIPLES)} == core


@pytest.mark.rapper
@pytest.mark.parametrize(("name", "syntax"), [("graph.nt", "ntriples"), ("graph.ttl", "turtle")])
def test_raptor_reads_the_same_triples(built: Path, core: set[ox.Triple], name: str, syntax: str, rapper: Path) -> None:
    command = [rapper, "-q", "-i", syntax, "-o", "ntriples", built / name]
    read = subprocess.run(command, check=True, capture_output=True).stdout
    assert {quad.triple for quad in ox.parse(read, ox.RdfFormat.N_TRIPLES)} == core


@pytest.mark.node
@pytest.mark.parametrize("name", ["graph.nt", "graph.ttl", "graph.jsonld"])
def test_javascript_reads_the_same_triples(built: Path, core: set[ox.Triple], name: str, node: Path) -> None:
    command = [node, ROOT / "tests" / "js" / "to_nquads.mjs", built / name]
    quads = subprocess.run(command, check=True, capture_output=True).stdout
    assert {quad.triple for quad in ox.parse(quads, ox.RdfFormat.N_QUADS)} == core


def as_stored(read: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Triples with decimals as the store writes them: it holds values, and gives back 1.0 as 1."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in read)
    return {quad.triple for quad in store}


def test_the_store_holds_the_same_triples(built: Path, core: set[ox.Triple]) -> None:
    assert stored(built) == as_stored(core | evidence(built))


def test_the_concept_scheme_on_its_own(built: Path, core: set[ox.Triple], tables: Tables) -> None:
    scheme = triples(built / "concepts.ttl")
    assert scheme <= core
    concept = ox.NamedNode(PREFIXES["skos"] + "Concept")
    assert sum(triple.object == concept for triple in scheme) == tables.concepts.num_rows


def test_a_query_has_every_article(built: Path, tables: Tables) -> None:
    store = open_store(built)
    index = GraphIndex(tables, store.minter)
    columns, rows = rows_as_text(run_named(store, index, load_query("article-concepts"), {}), store.minter.base)
    assert columns[0] == "url"
    assert {row[0] for row in rows} == set(tables.articles["url"].to_pylist())


def test_the_base_of_the_configuration_begins_every_own_iri(core: set[ox.Triple]) -> None:
    subjects = {triple.subject.value for triple in core}
    assert all(subject.startswith("https://ml-in-production.example/") for subject in subjects)


# The same bytes, whatever the circumstances


def test_many_batches_and_two_workers(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 15_000)
    build(ARTICLES, tmp_path / "out", jobs=2, cache=False)
    assert_same(tmp_path / "out", built)


def test_files_written_by_two_workers(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.pipeline.write_all.WORTH_A_PROCESS", 0)
    monkeypatch.setattr("kg.export.graph_process.WORTH_A_PROCESS", 0)
    build(ARTICLES, tmp_path / "out", jobs=2, cache=False)
    assert_same(tmp_path / "out", built)


def test_what_a_killed_worker_had_begun_to_publish_is_written_again(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    (out / "graph.ttl").write_text("half a tri")
    tables, report = read_tables(built / "tables"), read_report(built)
    task = GraphsTask(tmp_path / "graphs", tmp_path / "shared", out, report.configuration["base"], "top", None)
    with GraphsWriter(task, articles=tables.articles.num_rows, jobs=1) as graphs:
        graphs.begin(tables.articles, tables.mentions)
        share_tables(tables, graphs.shared)
        publish(report, out, Unplaced(), graphs, jobs=1)
    assert_same(out, built)
    wanted = triples(built / "graph.nt") | evidence(built)
    assert stored(out) == as_stored(wanted)


@pytest.mark.parametrize("seed", ["0", "1"])
def test_any_hash_seed(built: Path, tmp_path: Path, seed: str) -> None:
    command = [sys.executable, "-m", "kg", "build", ARTICLES, "--out", tmp_path / "out", "--jobs", "1", "--no-cache"]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
    assert_same(tmp_path / "out", built)


def test_files_made_in_another_order_and_listed_in_another(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(EXAMPLES / "kg.toml", tmp_path)
    for path in sorted(ARTICLES.rglob("*.md"), reverse=True):
        copy = tmp_path / "articles" / path.relative_to(ARTICLES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    scandir = os.scandir

    class Backwards(ExitStack):
        def __init__(self, folder: str) -> None:
            super().__init__()
            with scandir(folder) as entries:
                self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            return self.entries

        def __next__(self) -> os.DirEntry[str]:
            return next(self.entries)

    with monkeypatch.context() as patch:
        patch.setattr("kg.read.files.os.scandir", Backwards)
        build(tmp_path / "articles", tmp_path / "out", jobs=1, cache=False)
    assert_same(tmp_path / "out", built)


def test_a_second_build_into_the_same_folder(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(ARTICLES, out, jobs=1, concepts_per_article=2)
    assert published(out) != published(built)
    build(ARTICLES, out, jobs=1)
    assert_same(out, built)


def test_evidence_is_the_best_occurrence_all_or_none(built: Path, tmp_path: Path) -> None:
    rows = read_tables(built / "tables").mentions.to_pylist()
    wanted = {"top": sum(row["frequency"] > 0 for row in rows), "all": sum(row["frequency"] for row in rows)}
    target = f"<{PREFIXES['oa']}SpecificResource>".encode()
    for which in ("all", "none"):
        build(ARTICLES, tmp_path / which, jobs=1, evidence=which)
        assert without_build(tmp_path / which) == without_build(built)
        assert (tmp_path / which / "tables" / "mentions.parquet").read_bytes() == (
            built / "tables" / "mentions.parquet"
        ).read_bytes()
    for which, out in {"top": built, "all": tmp_path / "all"}.items():
        assert gzip.decompress((out / "evidence.nt.gz").read_bytes()).count(target) == wanted[which]
        assert (out / "index.html").read_text("utf-8").count("evidence.nt.gz") == 2
        with_words = open_store(out).select("SELECT ?t { ?t a oa:SpecificResource ; oa:hasSource/schema:text [] }")
        assert len(list(with_words)) == wanted[which]
    assert not (tmp_path / "none" / "evidence.nt.gz").exists()
    assert "evidence" not in (tmp_path / "none" / "index.html").read_text("utf-8")


def test_there_is_evidence_where_files_and_urls_sort_otherwise(tmp_path: Path) -> None:
    for name, keyword in {"drift-a": "data drift", "drift": "concept drift"}.items():  # "-" comes before ".md"
        text = f"title: {name}\nurl: {name}\nkeywords: [{keyword}]\nanswer: We talk of {keyword} in the models."
        (tmp_path / "in" / f"{name}.md").parent.mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.md").write_text(f"---\n{text}\n---\n")
    build(tmp_path / "in", tmp_path / "out", jobs=1)
    targets = "SELECT DISTINCT ?article { ?target a oa:SpecificResource ; oa:hasScope ?article }"
    assert len(list(open_store(tmp_path / "out").select(targets))) == 2


def test_the_words_of_the_evidence_stand_where_it_says(built: Path) -> None:
    places = open_store(built).select(
        """SELECT ?text ?start ?end ?exact ?prefix ?suffix ?article ?source {
            ?annotation a oa:Annotation ; oa:hasTarget ?target .
            ?target oa:hasSource ?part ; oa:hasScope ?article ; oa:hasSelector ?position, ?quote .
            ?position oa:start ?start ; oa:end ?end .
            ?quote oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix .
            ?part schema:text ?text .
            ?annotation oa:hasTarget ?article .
        }"""
    )
    count = 0
    for text, start, end, exact, prefix, suffix, *_ in places:
        first, last = int(start.value), int(end.value)
        assert text.value[first:last] == exact.value
        assert text.value[max(0, first - 32) : first] == prefix.value
        assert text.value[last : last + 32] == suffix.value
        count += 1
    assert count == sum(row > 0 for row in read_tables(built / "tables").mentions["frequency"].to_pylist())


def test_no_time_is_written(built: Path) -> None:
    today = time.strftime("%Y-%m-%d").encode()
    # The ontology has its own date, which may be that of today.
    assert [name for name, content in published(built).items() if today in content and name != "kg.ttl"] == []


# Small and odd folders


def folder_of(tmp_path: Path, **articles: str) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in articles.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return folder


def test_an_empty_folder_is_an_empty_graph(tmp_path: Path) -> None:
    report = build(folder_of(tmp_path), tmp_path / "out", jobs=1, cache=False)
    assert (report.counts["files"], report.counts["articles"], report.counts["concepts"]) == (0, 0, 0)
    assert "no article was found" in " ".join(problem.message for problem in report.problems)
    assert triples(tmp_path / "out" / "graph.ttl") == triples(tmp_path / "out" / "graph.nt")
    store = open_store(tmp_path / "out")
    assert run_named(store, GraphIndex.open(tmp_path / "out" / "tables", store.minter), load_query("top-concepts"), {})


def test_one_article(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, drift="# Data drift\n\nData drift hurts a *machine learning* model.\n")
    report = build(folder, tmp_path / "out", jobs=2, base="https://graph.example/kb")
    assert report.counts["articles"] == 1
    tables = read_tables(tmp_path / "out" / "tables")
    assert tables.articles["title"].to_pylist() == ["Data drift"]
    assert "data-drift" in tables.concepts["slug"].to_pylist()
    assert ox.NamedNode("https://graph.example/kb/concept/data-drift") in {
        triple.subject for triple in triples(tmp_path / "out" / "graph.nt")
    }


@pytest.mark.corpus
def test_the_article_on_deployment_has_its_concepts_and_links(corpus: Path, tmp_path: Path) -> None:
    subject = tmp_path / "articles"
    subject.mkdir()
    for file in (corpus / "computer-science").glob("*machine-learning*.md"):
        shutil.copy(file, subject)
    build(subject, tmp_path / "out", base="https://graph.example/kb")
    tables = read_tables(tmp_path / "out" / "tables")
    name = "what-are-the-challenges-of-deploying-machine-learning-systems-in-production-environments"
    found = {row["concept"] for row in tables.mentions.to_pylist() if row["article"].endswith(name)}
    assert {"technical-debt", "data-drift", "scalability", "data-quality"} <= found
    assert sum(row["source"].endswith(name) for row in tables.links.to_pylist()) == 3


def test_an_article_without_concepts_is_in_every_answer(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, drift="# Data drift\n\nData drift hurts.\n", bare="# Well\n\nYes, it is.\n")
    build(folder, tmp_path / "out", jobs=1)
    tables = read_tables(tmp_path / "out" / "tables")
    assert "article/bare" not in tables.mentions["article"].to_pylist()
    store = open_store(tmp_path / "out")
    index = GraphIndex(tables, store.minter)
    _, rows = rows_as_text(run_named(store, index, load_query("article-concepts"), {}), store.minter.base)
    assert {row[0] for row in rows} == {"article/bare", "article/drift"}


def test_formulas_of_different_kinds_are_different_concepts(tmp_path: Path) -> None:
    text = "# Measures\n\nThe $\\alpha$-divergence is a divergence. We fear the $\\phi$-divergence too.\n"
    build(folder_of(tmp_path, measures=text), tmp_path / "out", jobs=1, concepts_per_article=20)
    labels = read_tables(tmp_path / "out" / "tables").concepts["pref_label"].to_pylist()
    assert [label for label in labels if "X" in label] == []


def test_so_many_concepts_an_article(tmp_path: Path) -> None:
    build(ARTICLES / "training", tmp_path / "out", jobs=1, concepts_per_article=7)
    counts = read_tables(tmp_path / "out" / "tables").mentions.group_by("article").aggregate([("rank", "max")])
    assert set(counts["rank_max"].to_pylist()) == {7}


def test_an_unreadable_article_costs_only_itself(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, drift="# Data drift\n\nData drift hurts.\n", broken="---\na: &a [*a]\n---\nText.\n")
    report = build(folder, tmp_path / "out", jobs=1)
    assert (report.counts["files"], report.counts["articles"], report.errors) == (2, 1, 1)


def test_two_articles_with_one_url_are_one_article(tmp_path: Path) -> None:
    text = "---\nurl: /same\ntitle: {0}\nkeywords: [model registry]\n---\n{0} hurts the model registry.\n"
    folder = folder_of(tmp_path, a=text.format("Drift"), b=text.format("Debt"))
    report = build(folder, tmp_path / "out", jobs=1)
    assert [(problem.code, problem.file) for problem in report.problems if problem.severity == "error"] == [
        ("duplicate-url", "b.md")
    ]
    tables = read_tables(tmp_path / "out" / "tables")
    assert tables.articles["title"].to_pylist() == ["Drift"]
    assert set(tables.mentions["article"].to_pylist()) == {"/same"}


def test_wrong_arguments_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, drift="# Data drift\n\nData drift hurts.\n")
    with pytest.raises(UsageError, match="no such folder of articles"):
        build(tmp_path / "absent", tmp_path / "deep" / "out")
    with pytest.raises(UsageError, match="is not absolute"):
        build(folder, tmp_path / "deep" / "out", base="example")
    with pytest.raises(UsageError, match=r"absent\.toml"):
        build(folder, tmp_path / "deep" / "out", config=tmp_path / "absent.toml")
    assert not (tmp_path / "deep").exists()


def test_the_default_base_is_warned_of(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, drift="# Data drift\n\nData drift hurts.\n")
    report = build(folder, tmp_path / "out", jobs=1)
    assert [problem.code for problem in report.problems] == ["default-base"]
    assert Config().base is None
    assert Minter(report.configuration["base"]).concept("drift") == "https://kg.example/concept/drift"


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("other", ["de_core_news_sm 3.8.0", "en_core_web_sm 3.7.1"])
def test_a_model_for_another_tagger_is_a_usage_error_and_writes_nothing(tmp_path: Path, jobs: int, other: str) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    ours = load_token_model(SHIPPED, "en_core_web_sm 3.8.0")
    (tmp_path / "model" / TOKENS).write_bytes(replace(ours, pipeline=other).to_bytes())
    (tmp_path / "kg.toml").write_text('[concepts]\nmodel = "model"\n')
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.md").write_text("# Data drift\n\nData drift hurts.\n")
    with pytest.raises(UsageError, match=rf"with the spaCy pipeline {other}, not with en_core_web_sm 3\.8\.0"):
        build(articles, tmp_path / "out", jobs=jobs)
    assert not (tmp_path / "out").exists()


def test_the_report_names_the_model(built: Path) -> None:
    assert read_report(built).versions["model"] == model_version(SHIPPED)


# What the report says of the features and of the tagger


def test_the_digest_of_features_changes_with_a_word_and_not_with_what_is_published(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, drift="# Data drift\n\nData drift hurts a model.", debt="# Technical debt\n\nIt grows."
    )
    first = build(folder, tmp_path / "out", jobs=1).digests
    assert re.fullmatch("[0-9a-f]{64}", first["features"])
    assert build(folder, tmp_path / "out", jobs=1, evidence="all", cache=False).digests == first
    (folder / "drift.md").write_text("# Data drift\n\nData drift hurts a small model.")
    second = build(folder, tmp_path / "out", jobs=1).digests
    assert second != first
    (folder / "drift.md").rename(folder / "moved.md")  # is another article: its url is another one
    assert build(folder, tmp_path / "out", jobs=1).digests not in (first, second)


def test_the_report_says_why_a_part_of_the_tagger_is_not_accelerated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(layer: object) -> object:
        raise ValueError("no such layer")

    folder = folder_of(tmp_path, drift="# Data drift\n\nData drift hurts a model.")
    assert set(build(folder, tmp_path / "out", jobs=1).acceleration.values()) == {None}
    monkeypatch.setattr("kg.annotate.nlp.accelerate.checked_replacement.encoder_layer", fail)
    load_tagger.cache_clear()
    report = build(folder, tmp_path / "out", jobs=1, cache=False)
    load_tagger.cache_clear()
    said = "fails: ValueError: no such layer"
    assert report.acceleration == {"tokenizer": None, "matrix products": None, "embedding": None, "encoder": said}
    assert read_report(tmp_path / "out").acceleration == report.acceleration
    commands(["build", str(folder), "--out", str(tmp_path / "out")], standalone_mode=False)  # says it again
    assert f"parts of the spaCy pipeline could not be accelerated (encoder: {said})" in capsys.readouterr().err
