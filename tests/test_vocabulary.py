"""A build of examples/articles with examples/vocabulary.ttl: the whole flow, and the command line."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.annotate import batch
from kg.base.errors import DataError, UsageError
from kg.base.report import LinkedVocabulary, read_report
from kg.base.tables import SCHEMAS, Tables, read_tables
from kg.cli import main
from kg.concepts.relations.hierarchy import ancestors
from kg.pipeline.build import build
from tests.published import published

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
VOCABULARY = EXAMPLES / "vocabulary.ttl"
ACM = ROOT.parent / "shared" / "vocabularies" / "acm-ccs-2012-skos.rdf"
SKOS = "http://www.w3.org/2004/02/skos/core#"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("linked") / "out"
    build(EXAMPLES / "articles", out, vocabularies=[VOCABULARY], jobs=1)
    return out


@pytest.fixture(scope="module")
def tables(linked: Path) -> Tables:
    return read_tables(linked / "tables")


@pytest.fixture(scope="module")
def core(linked: Path) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=str(linked / "graph.nt"))}


def report_of(out: Path) -> LinkedVocabulary:
    (one,) = read_report(out).vocabularies
    return one


def test_what_matches(tables: Tables) -> None:
    kinds = {
        (row["pref_label"], match["label"]): match["kind"]
        for row in tables.concepts.to_pylist()
        for match in row["matches"]
    }
    assert kinds["data drift", "Data drift"] == "exact"
    assert kinds["canary release", "Canary releases"] == "exact"
    assert kinds["SLO", "Service level objectives"] == "exact"  # by the acronym that an article defines
    assert kinds["covariate shift", "Data drift"] == "close"  # by another label
    assert kinds["fallback", "Fallback"] == "close"  # one word, and nothing bears its meaning out
    assert "drift" not in {label for label, _ in kinds}  # two concepts of the vocabulary are called so
    theirs = [label for (_, label), kind in kinds.items() if kind == "exact"]
    assert len(theirs) == len(set(theirs))


def test_the_report_says_what_was_read_and_found(linked: Path, tables: Tables) -> None:
    report = report_of(linked)
    assert (report.file, report.scheme) == ("vocabulary.ttl", "https://vocabulary.example/operations")
    assert (report.title, report.concepts) == ("Operating machine learning", 30)
    kinds = [match["kind"] for row in tables.concepts.to_pylist() for match in row["matches"]]
    assert (report.exact, report.close) == (kinds.count("exact"), kinds.count("close"))
    assert report.exact >= 15
    (drift,) = report.ambiguous
    assert (drift.label, len(drift.senses)) == ("drift", 2)
    problems = [problem for problem in read_report(linked).problems if problem.code == "ambiguous-label"]
    assert [problem.file for problem in problems] == ["vocabulary.ttl"]
    assert read_report(linked).configuration["concepts"]["vocabularies"] == [str(VOCABULARY)]


def test_a_concept_that_only_the_vocabulary_knows(tables: Tables, built: Path) -> None:
    before = {row["slug"] for row in read_tables(built / "tables").concepts.to_pylist()}
    fresh = [row for row in tables.concepts.to_pylist() if row["slug"] not in before]
    assert [(row["pref_label"], row["origins"]) for row in fresh] == [("model release", ["vocabulary"])]
    for row in tables.mentions.to_pylist():
        if "vocabulary" in row["origins"]:
            assert row["occurrences"]
        assert row["about"] == (row["salience"] >= 0.5)


def test_the_graph_links_to_the_vocabulary(core: set[ox.Triple], tables: Tables) -> None:
    links = {
        (triple.subject.value, triple.predicate.value.removeprefix(SKOS), triple.object.value)
        for triple in core
        if triple.predicate.value.endswith("Match")
    }
    assert links == {
        (f"https://ml-in-production.example/concept/{row['slug']}", f"{match['kind']}Match", match["iri"])
        for row in tables.concepts.to_pylist()
        for match in row["matches"]
    }
    assert not [triple for triple in core if triple.predicate.value.endswith("sameAs")]
    origins = {triple.object.value.rsplit("#")[-1] for triple in core if triple.predicate.value.endswith("#origin")}
    assert origins == {"author", "extracted", "vocabulary"}


@pytest.mark.parametrize("name", ["graph.ttl", "graph.jsonld"])
def test_every_file_of_the_graph_says_the_same(linked: Path, core: set[ox.Triple], name: str) -> None:
    assert {quad.triple for quad in ox.parse(path=str(linked / name))} == core


def test_the_hierarchy_of_the_vocabulary_is_in_ours(tables: Tables) -> None:
    rows = [row for row in tables.relations.to_pylist() if "vocabulary" in row["origins"]]
    pairs = {(row["source"], row["target"]) for row in rows}
    assert ("data-drift", "model-monitoring") in pairs  # beyond "Changes of distribution", which no article has
    assert ("target-leakage", "data-leakage") in pairs
    assert {row["kind"] for row in rows} == {"broader"}


def test_skos_integrity(tables: Tables) -> None:
    above: dict[str, list[str]] = {}
    related = []
    for row in tables.relations.to_pylist():
        if row["kind"] == "broader":
            above.setdefault(row["source"], []).append(row["target"])
        else:
            related.append((row["source"], row["target"]))
    beyond = {slug: ancestors(above, slug) for slug in above}
    assert not [slug for slug, found in beyond.items() if slug in found]
    assert not [pair for pair in related if pair[1] in beyond.get(pair[0], ()) or pair[0] in beyond.get(pair[1], ())]


# The same bytes


def test_two_workers_and_many_batches(linked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 15_000)
    build(EXAMPLES / "articles", tmp_path / "out", vocabularies=[VOCABULARY], jobs=2)
    assert published(tmp_path / "out") == published(linked)


def test_any_hash_seed(linked: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg", "build", EXAMPLES / "articles", "--out", tmp_path / "out", "--jobs", "1"]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([*command, "--vocabulary", VOCABULARY], check=True, capture_output=True, env=environment)
    assert published(tmp_path / "out") == published(linked)


def test_the_order_of_statements_changes_nothing(linked: Path, tmp_path: Path) -> None:
    triples = sorted((quad.triple for quad in ox.parse(path=str(VOCABULARY))), key=str, reverse=True)
    ox.serialize(triples, str(tmp_path / "vocabulary.ttl"), ox.RdfFormat.N_TRIPLES)  # which is Turtle, too
    build(EXAMPLES / "articles", tmp_path / "out", vocabularies=[tmp_path / "vocabulary.ttl"], jobs=1)
    for name in SCHEMAS:
        file = f"tables/{name}.parquet"
        assert (tmp_path / "out" / file).read_bytes() == (linked / file).read_bytes()


def test_kg_toml_names_vocabularies_relative_to_itself_and_the_command_line_wins(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("# Lakes\n\nA data lake is a lake of data, and a data mesh is none.\n")
    (tmp_path / "lakes.ttl").write_text(f'<https://v.example/a> <{SKOS}prefLabel> "Data lakes"@en .')
    (tmp_path / "mesh.ttl").write_text(f'<https://v.example/b> <{SKOS}prefLabel> "Data meshes"@en .')
    twice = '[concepts]\nvocabularies = ["lakes.ttl", "./lakes.ttl"]\n'
    (tmp_path / "kg.toml").write_text(f'base = "https://x.example/"\n{twice}')
    report = build(tmp_path / "articles", tmp_path / "out", jobs=1)
    assert [one.file for one in report.vocabularies] == ["lakes.ttl"]
    assert report.configuration["concepts"]["vocabularies"] == ("lakes.ttl", "./lakes.ttl")
    report = build(tmp_path / "articles", tmp_path / "out", vocabularies=[tmp_path / "mesh.ttl"], jobs=1)
    assert [one.file for one in report.vocabularies] == ["mesh.ttl"]
    assert report.vocabularies[0].scheme is None


def test_what_cannot_be_read_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("<a> <b> .")
    for name, error in (("absent.ttl", UsageError), ("broken.ttl", DataError)):
        with pytest.raises(error, match=name):
            build(EXAMPLES / "articles", tmp_path / "out", vocabularies=[tmp_path / name], jobs=1)
    assert not (tmp_path / "out").exists()


# The command line


@pytest.fixture
def kg(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, captured.out, captured.err

    return run


def test_build_says_how_much_it_linked(kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(EXAMPLES / "articles" / "monitoring", tmp_path / "articles")
    shutil.copy(VOCABULARY, tmp_path / "a.ttl")  # whose warning is among the first
    monkeypatch.chdir(tmp_path)
    status, out, err = kg("build", "articles", "--out", "out", "--vocabulary", "a.ttl", "--jobs", 1)
    report = report_of(tmp_path / "out")
    assert status == 0
    assert f"{report.exact} exact, {report.close} close, 1 ambiguous, with Operating machine learning" in out
    assert "\na.ttl:1: warning: ambiguous concept names, which are not linked: 1" in f"\n{err}"


@pytest.mark.parametrize(
    ("name", "text", "status", "said"),
    [
        ("absent.ttl", None, 2, "absent.ttl: no such vocabulary file"),
        ("v.ttl", "<https://v.example/a> <https://v.example/b> .", 1, "v.ttl:1: not valid Turtle"),
        ("v.ttl", '<https://v.example/a> <https://v.example/b> "c" .', 1, "v.ttl: has no SKOS concept"),
        (
            "v.rdf",
            '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
            1,
            "v.rdf:1: its document type lies outside the file",
        ),
    ],
)
def test_errors_are_one_sentence(
    kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str | None, status: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / name).write_text(text)
    found, out, err = kg("build", EXAMPLES / "articles", "--out", "out", "--vocabulary", name, "--jobs", 1)
    assert (found, out) == (status, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


# The real vocabulary on real articles


@pytest.mark.corpus
@pytest.mark.slow
def test_the_acm_classification_links_to_articles_on_computers(corpus: Path, tmp_path: Path) -> None:
    if not ACM.exists():
        pytest.skip("the real vocabularies are not there: they belong in shared/vocabularies beside the repository")
    (tmp_path / "articles").mkdir()
    for path in sorted((corpus / "computer-science").glob("*.md"))[::20]:
        shutil.copy(path, tmp_path / "articles")
    build(tmp_path / "articles", tmp_path / "out", base="https://x.example/", vocabularies=[ACM])
    report = report_of(tmp_path / "out")
    assert report.concepts == 2299
    assert report.linked > 100
    matches = read_tables(tmp_path / "out" / "tables").concepts["matches"].to_pylist()
    labels = {match["label"] for found in matches for match in found if match["kind"] == "exact"}
    assert {"Operating systems", "Data structures", "Artificial intelligence"} <= labels
