"""kg search: first hits on the examples, hostile queries, damaged indexes."""

import shutil
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.base.errors import DataError, UsageError
from kg.base.iris import Minter
from kg.base.report import read_report
from kg.base.tables import read_tables
from kg.export.search_index import FILE_NAME, write_search_index
from kg.graph.index import GraphIndex
from kg.graph.rows import FocusKind
from kg.query.search import SearchIndex
from kg.query.search.words import MOST_WORDS
from tests.export.sample_tables import MINTER, article, report, sample_tables, tables

CONCEPT, ARTICLE = FocusKind.CONCEPT, FocusKind.ARTICLE
# A query, the kind of the first hit, and its label.
FIRST = [
    # Names of concepts: any label, in any form, order and case, or the slug.
    ("data drift", CONCEPT, "data drift"),
    ("drift data", CONCEPT, "data drift"),
    ("DATA DRIFT", CONCEPT, "data drift"),
    ("ML", CONCEPT, "machine learning"),
    ("service level objectives", CONCEPT, "SLO"),
    ("continuous integration", CONCEPT, "CI"),
    ("General Data Protection Regulation", CONCEPT, "GDPR"),
    ("a/b tests", CONCEPT, "A/B test"),
    ("training-serving-skew", CONCEPT, "training-serving skew"),
    ("serving skew training", CONCEPT, "training-serving skew"),
    ("naive bayes", CONCEPT, "naïve Bayes"),
    ("poincare embeddings", CONCEPT, "Poincaré embedding"),
    ("what is data lineage", CONCEPT, "data lineage"),
    ("the model card", CONCEPT, "model card"),
    ("when retrain a model", CONCEPT, "retraining"),
    ("hyperparameters tuning", CONCEPT, "hyperparameter tuning"),
    # Misspelt.
    ("data drfit", CONCEPT, "data drift"),
    ("datadrift", CONCEPT, "data drift"),
    ("machin lerning", CONCEPT, "machine learning"),
    ("modle registy", CONCEPT, "model registry"),
    ("knowlege distilation", CONCEPT, "knowledge distillation"),
    ("canary relase", CONCEPT, "canary release"),
    ("techncial debt", CONCEPT, "technical debt"),
    ("quantisation", CONCEPT, "quantization"),
    ("Kulback Leibler divergance", CONCEPT, "Kullback–Leibler divergence"),
    # Beginnings of words.
    ("calib", CONCEPT, "calibration"),
    ("differential priv", CONCEPT, "differential privacy"),
    ("feature sto", CONCEPT, "feature store"),
    # Words of a title or a text.
    ("serving models on kubernetes", ARTICLE, "How do you serve models on Kubernetes?"),
    ("kubernets serving modles", ARTICLE, "How do you serve models on Kubernetes?"),
    ("why did my loss become nan", ARTICLE, "Why did the training loss turn into NaN?"),
    ("gpu utilization meaning", ARTICLE, "What does GPU utilisation really tell you?"),
    ("explain shap values", ARTICLE, "What do SHAP values explain, and what do they not?"),
    ("tune hyperparameters with bayes", ARTICLE, "How does Bayesian optimization tune hyperparameters?"),
    ("dashboard metrics monitoring", ARTICLE, "Which metrics belong on a model monitoring dashboard?"),
    ("bad release runbok", ARTICLE, "Rollback runbook for a bad model release"),
    ("small model learns from large model", ARTICLE, "How can a small model learn from a large one?"),
    ("measuring fairness of classifiers", ARTICLE, "How do you measure fairness in a classifier?"),
    ("distort recomender feedback", ARTICLE, "How do feedback loops distort a recommender system?"),
    ("dead letter queue for rejected rows", ARTICLE, "How does schema validation protect data quality?"),
    # A title and a url.
    (
        "What is technical debt in machine learning systems?",
        ARTICLE,
        "What is technical debt in machine learning systems?",
    ),
    ("/learn/monitoring/questions/what-is-training-serving-skew", ARTICLE, "What is training-serving skew?"),
]


def opened(out: Path) -> SearchIndex:
    return SearchIndex(GraphIndex.open(out / "tables", Minter(read_report(out).configuration["base"])), out)


@pytest.fixture(scope="module")
def examples(built: Path) -> SearchIndex:
    return opened(built)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """The index of the tables that were made by hand, which have awkward labels and texts."""
    out = tmp_path_factory.mktemp("search")
    write_search_index(sample_tables(), report(), out)
    return SearchIndex(GraphIndex(sample_tables(), MINTER), out)


@pytest.mark.parametrize(("query", "kind", "label"), FIRST)
def test_the_first_hit(examples: SearchIndex, query: str, kind: FocusKind, label: str) -> None:
    first = examples.search(query).hits[0]
    assert (first.kind, first.label) == (kind, label)


def test_a_named_concept_is_first_and_its_articles_come_by_salience(examples: SearchIndex) -> None:
    concept, *rest = examples.search("SLO", limit=100).hits
    assert (concept.key, concept.score) == ("service-level-objective", 1.0)
    index = examples._index
    salient = {row.article for row in index.articles_of(concept.key) if row.salience > 0.5}
    articles = [hit for hit in rest if hit.kind is ARTICLE]
    assert salient
    assert {hit.key for hit in articles[: len(salient)]} == salient


def test_articles_are_found_by_a_label_that_they_do_not_have(examples: SearchIndex) -> None:
    found = {hit.key: hit for hit in examples.search("service level objective", [ARTICLE], limit=100).hits}
    mentions = examples._index.articles_of("service-level-objective")
    assert {row.article for row in mentions} <= set(found)
    assert any("«SLO" in marked(hit) for hit in found.values())


def marked(hit) -> str:
    return "".join(f"«{piece.text}»" if piece.marked else piece.text for piece in hit.pieces)


def test_scores_are_sorted_and_between_0_and_1(examples: SearchIndex) -> None:
    for query, _, _ in FIRST:
        hits = examples.search(query, limit=50).hits
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert len({(hit.kind, hit.key) for hit in hits}) == len(hits)


def test_a_limit_cuts_the_list_and_changes_nothing_else(examples: SearchIndex) -> None:
    for query in ("data drift", "model", "metrics of latency"):
        assert examples.search(query, limit=3).hits == examples.search(query, limit=30).hits[:3]
        assert examples.search(query, limit=10**30).hits == examples.search(query, limit=1000).hits
    with pytest.raises(UsageError, match="at least 1"):
        examples.search("drift", limit=0)


def test_one_kind_alone(examples: SearchIndex) -> None:
    every = examples.search("model", limit=1000).hits
    for kind in (ARTICLE, CONCEPT):
        assert examples.search("model", [kind], limit=1000).hits == tuple(hit for hit in every if hit.kind is kind)


def test_the_sentence_has_the_words_and_is_in_the_article(examples: SearchIndex, built: Path) -> None:
    texts = {row["url"]: " ".join(part["text"] for part in row["parts"]) for row in rows(built)}
    for query in ("latency budget", "data drift", "kubernetes readiness"):
        for hit in examples.search(query).hits:
            assert "«" in marked(hit)
            sentence = hit.sentence.strip("…")
            assert sentence in " ".join(texts[hit.article].split())


def rows(out: Path) -> list[dict]:
    found: list[dict] = read_tables(out / "tables").articles.to_pylist()
    return found


def test_words_are_marked_in_every_form(examples: SearchIndex) -> None:
    first = examples.search("replayed QUEUES", [ARTICLE]).hits[0]
    assert marked(first) == "When the fault is repaired, «replay» the «queue»."


@pytest.mark.parametrize(
    ("query", "corrections"),
    [
        ("data drfit", {"drfit": "drift"}),
        ("machin lerning", {"lerning": "learning"}),  # the stem of "machin" is that of "machine"
        ("datadrift", {"datadrift": "data drift"}),
        ("data drift", {}),
        ("calib", {}),  # the beginning of a word
        ("retraning drifft", {"retraning": "retraining", "drifft": "drift"}),
    ],
)
def test_the_answer_tells_what_was_corrected(examples: SearchIndex, query: str, corrections: dict[str, str]) -> None:
    answer = examples.search(query)
    assert answer.corrections == corrections
    assert answer.query == " ".join(corrections.get(word, word) for word in query.split())
    assert answer.unknown == ()


@pytest.mark.parametrize("query", ["2031", "v17", "qz", "xyzzyplugh"])
def test_numbers_and_short_words_are_not_corrected(examples: SearchIndex, query: str) -> None:
    answer = examples.search(f"drift {query} drift")
    assert (answer.corrections, answer.unknown) == ({}, (query,))
    assert answer.hits[0].label == "drift"


def test_no_hit_suggests_names(examples: SearchIndex) -> None:
    assert examples.search("xyzzyplugh") == examples.search("xyzzyplugh")
    answer = examples.search("xyzzyplugh")
    assert (answer.hits, answer.unknown, answer.near) == ((), ("xyzzyplugh",), ())
    assert "SHAP value" in examples.search("2SHAP3value").near


HOSTILE = [
    '"data drift"',
    "data AND drift",
    "data NEAR drift",
    "NEAR(data drift, 2)",
    "title: drift",
    "title:drift",
    "{title text} : drift",
    "drift*",
    "^drift",
    "drift OR",
    "NOT drift",
    "drift -data",
    "(drift",
    "drift)",
    '"drift',
    "'drift'",
    "drift; DROP TABLE article",
    "drift' OR 1=1 --",
    "drift\x00data",
    "\x00\x00drift",
    "\ud800 drift \udcff",
    "drift \x02 \x03",
    "DRİFT drift",
    "drift 漢字 😀",
    "drift/data%20",
    "https://kg.example/concept/drift",
    "drift " * 20_000,
    f"drift {'x' * 100_000}",
    "drift " + '" ' * 100_000,
]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query[:30]))
def test_nothing_in_a_query_is_syntax(examples: SearchIndex, query: str) -> None:
    answer = examples.search(query, limit=5)
    assert any("drift" in hit.label for hit in answer.hits), query[:30]


@pytest.mark.parametrize("query", ["", "   ", "\x00", '"', "***", "^:()-", "…", "😀", "\ud800", "\n\t" * 1000])
def test_a_query_without_words_is_refused(examples: SearchIndex, query: str) -> None:
    with pytest.raises(UsageError, match="give at least one word"):
        examples.search(query)


def test_a_query_of_too_many_words_is_refused(examples: SearchIndex) -> None:
    text = " ".join(f"word{number}" for number in range(20_000))
    with pytest.raises(UsageError, match=f"can have {MOST_WORDS} different words, and this one has 20,000"):
        examples.search(text)
    examples.search(" ".join(text.split()[:MOST_WORDS]))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60) | st.text('"*:^()+-{} ANDORTE\x00drift', max_size=40))
def test_no_query_fails(sample: SearchIndex, query: str) -> None:
    try:
        answer = sample.search(query)
    except UsageError:
        return
    for hit in answer.hits:
        assert hit.sentence == "".join(piece.text for piece in hit.pieces)
        hit.to_dict()


def test_awkward_texts_and_labels(sample: SearchIndex) -> None:
    assert sample.search("C++").hits[0].label == "C++"
    assert sample.search("漢字").hits[0].key == "a/what is drift"
    assert sample.search("derive").hits[0].label == "dérive"
    assert {hit.kind for hit in sample.search("onerror alert").hits} == {CONCEPT, ARTICLE}


def test_control_characters_move_no_mark(tmp_path: Path) -> None:
    text = "A\x02B \x03 and\x00then the \x01 whale came, and everybody saw it. Nothing else happened."
    own = tables([article("a", "Seen", parts=[{"name": "body", "text": text}])])
    write_search_index(own, report(), tmp_path)
    (hit,) = SearchIndex(GraphIndex(own, MINTER), tmp_path).search("whales").hits
    assert [piece.text for piece in hit.pieces if piece.marked] == ["whale"]


def test_an_empty_build(tmp_path: Path) -> None:
    write_search_index(tables([]), report(), tmp_path)
    answer = SearchIndex(GraphIndex(tables([]), MINTER), tmp_path).search("drift data")
    assert (answer.hits, answer.unknown) == ((), ("drift", "data"))


def test_the_index_of_another_build_gives_no_wrong_hit(tmp_path: Path) -> None:
    """A build may have been replaced after its tables were read."""
    write_search_index(sample_tables(), report(), tmp_path)
    other = tables([article("only", "What is data drift?")])
    hits = SearchIndex(GraphIndex(other, MINTER), tmp_path).search("data drift only").hits
    assert {hit.key for hit in hits} <= {"only"}


def test_several_threads(built: Path) -> None:
    index = opened(built)
    queries = [query for query, _, _ in FIRST[::5]]
    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(index.search, queries)] == [*map(index.search, queries)]


class TestDamaged:
    """An index that is missing, damaged, or of another version."""

    @pytest.fixture
    def out(self, tmp_path: Path) -> Path:
        write_search_index(sample_tables(), report(), tmp_path)
        return tmp_path

    def search(self, out: Path) -> None:
        SearchIndex(GraphIndex(sample_tables(), MINTER), out).search("data drift debt")

    def test_missing(self, out: Path) -> None:
        (out / FILE_NAME).unlink()
        with pytest.raises(DataError, match=r"search\.sqlite is missing; build the graph again"):
            self.search(out)

    @pytest.mark.parametrize("content", [b"", b"no database " * 1000])
    def test_no_database(self, out: Path, content: bytes) -> None:
        (out / FILE_NAME).write_bytes(content)
        with pytest.raises(DataError, match="build the graph again"):
            self.search(out)

    def test_cut_off(self, out: Path) -> None:
        whole = (out / FILE_NAME).read_bytes()
        (out / FILE_NAME).write_bytes(whole[:8192])
        with pytest.raises(DataError, match=r"cannot be read \(.*\); build the graph again"):
            self.search(out)

    def test_every_page_overwritten(self, out: Path) -> None:
        """No page that is noise crashes a search, and none raises another exception."""
        whole = (out / FILE_NAME).read_bytes()
        for start in range(0, len(whole), 4096):
            damaged = bytearray(whole)
            damaged[start : start + 4096] = bytes(range(256)) * 16
            (out / FILE_NAME).write_bytes(damaged)
            with suppress(DataError):
                self.search(out)

    def test_another_version(self, out: Path) -> None:
        with sqlite3.connect(out / FILE_NAME) as changed:
            changed.execute("PRAGMA user_version = 99")
        changed.close()
        with pytest.raises(DataError, match="another version of kg; build the graph again"):
            self.search(out)

    @pytest.mark.skipif(sys.platform == "win32", reason="names of files")
    def test_any_path_and_read_only(self, out: Path, tmp_path: Path) -> None:
        folder = tmp_path / "a?mode=rw&b #c%20 é"
        folder.mkdir()
        shutil.copy(out / FILE_NAME, folder)
        before = (folder / FILE_NAME).read_bytes()
        (folder / FILE_NAME).chmod(0o444)
        self.search(folder)
        assert [path.name for path in folder.iterdir()] == [FILE_NAME]
        assert (folder / FILE_NAME).read_bytes() == before
