"""The read model: every look-up, on tables in memory and on the files of a build."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg.base.errors import DataError, UsageError
from kg.base.tables import SCHEMAS, Tables, write_tables
from kg.graph import columns
from kg.graph.index import GraphIndex
from kg.graph.rows import Focus, FocusKind, LinkRow, NeighbourKind, SubjectRow
from tests.export.sample_tables import (
    AWKWARD,
    HOSTILE,
    MINTER,
    article,
    broader,
    concept,
    mention,
    related,
    sample_tables,
    tables,
)

SAMPLE = sample_tables()
A = "a/what is drift"


@pytest.fixture(scope="module", params=["memory", "files", "row groups"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> GraphIndex:
    if request.param == "memory":
        return GraphIndex(SAMPLE, MINTER)
    folder = tmp_path_factory.mktemp("tables")
    write_tables(SAMPLE, folder)
    if request.param == "row groups":
        for name in SCHEMAS:
            pq.write_table(getattr(SAMPLE, name), folder / f"{name}.parquet", row_group_size=2)
    return GraphIndex.open(folder, MINTER)


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("data drift", FocusKind.CONCEPT, "data-drift"),
        (" DATA DRIFT ", FocusKind.CONCEPT, "data-drift"),
        ("Data Drifts", FocusKind.CONCEPT, "data-drift"),
        ("data-drift", FocusKind.CONCEPT, "data-drift"),
        ("concept/data-drift", FocusKind.CONCEPT, "data-drift"),
        (MINTER.concept("data-drift"), FocusKind.CONCEPT, "data-drift"),
        ("drift", FocusKind.CONCEPT, "drift"),  # though "data drift" is also called so
        ("computer science", FocusKind.SUBJECT, "Computer science"),
        (MINTER.subject("Computer science"), FocusKind.SUBJECT, "Computer science"),
        ("what is data drift?", FocusKind.ARTICLE, A),
        (A, FocusKind.ARTICLE, A),
        (A.upper(), FocusKind.ARTICLE, A),
        (MINTER.article(A), FocusKind.ARTICLE, A),
        (MINTER.article(A).upper(), FocusKind.ARTICLE, A),
    ],
)
def test_a_thing_is_found_by_each_of_its_names(index: GraphIndex, text: str, kind: FocusKind, key: str) -> None:
    found = index.resolve(text)
    assert (found.kind, found.key) == (kind, key)


def test_a_community_is_found_by_its_name(index: GraphIndex) -> None:
    for row in index.communities.values():
        for text in (row.label, f"community/{row.slug}"):
            assert index.resolve(text, {FocusKind.COMMUNITY}).key == row.slug


def test_a_slash_at_the_beginning_of_a_url_may_be_left_out_but_not_added() -> None:
    found = GraphIndex(tables([article("/x/y", "One"), article("z", "Two")]), MINTER)
    assert [focus.key for text in ("/X/y", "x/y", "z") for focus in found.matches(text)[:1]] == ["/x/y", "/x/y", "z"]
    assert found.matches("/z") == found.matches("//x/y") == []


def test_of_equal_names_the_case_decides_and_then_a_concept_comes_first() -> None:
    content = tables(
        [article("x", "Monitoring", subject="Monitoring")],
        concepts=[concept("monitoring", "monitoring", 1)],
        mentions=[mention("x", 1, "monitoring", 0.5, 1, "extracted")],
    )
    found = GraphIndex(content, MINTER)
    kinds = [found.resolve(text).kind for text in ("monitoring", "Monitoring", "MONITORING", "x")]
    assert kinds == [FocusKind.CONCEPT, FocusKind.SUBJECT, FocusKind.CONCEPT, FocusKind.ARTICLE]
    assert [focus.kind for focus in found.matches("monitoring", (FocusKind.ARTICLE, FocusKind.SUBJECT))] == [
        FocusKind.SUBJECT,
        FocusKind.ARTICLE,
        FocusKind.SUBJECT,  # by its key
    ]


SAME_NAMES = tables(
    [article("x", "What is IP?"), article("y", "What is IP?"), article("man", "Man")],
    concepts=[
        concept("intellectual-property", "IP (intellectual property)", 2, "IP"),
        concept("internet-protocol", "IP (Internet Protocol)", 1, "IP"),
        concept("man", "Man", 1),
        concept("metropolitan-area-network", "MAN", 1),
    ],
    mentions=[
        mention("x", 1, "intellectual-property", 0.9, 1, "extracted"),
        mention("x", 2, "internet-protocol", 0.8, 1, "extracted"),
        mention("y", 1, "intellectual-property", 0.7, 1, "extracted"),
        mention("y", 2, "man", 0.6, 1, "extracted"),
        mention("y", 3, "metropolitan-area-network", 0.5, 1, "extracted"),
    ],
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "ip",
            '"ip" is the name of 2 concepts: intellectual-property ("IP (intellectual property)", 2 articles), '
            'internet-protocol ("IP (Internet Protocol)", 1 article); give the slug of one',
        ),
        ("what is ip?", '"what is ip?" is the title of 2 articles: x, y; give the url of one'),
    ],
)
def test_a_name_of_several_things_is_refused_with_their_keys(text: str, said: str) -> None:
    index = GraphIndex(SAME_NAMES, MINTER)
    for call in (index.find, index.resolve):
        with pytest.raises(UsageError, match=re.escape(said)):
            call(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("MAN", "metropolitan-area-network"),  # written exactly like one label
        ("Man", "man"),
        ("man", "man"),  # like no label, but exactly like a slug
        ("IP (internet protocol)", "internet-protocol"),
        ("concept/man", "man"),
    ],
)
def test_the_best_match_is_taken_where_there_is_one(text: str, key: str) -> None:
    found = GraphIndex(SAME_NAMES, MINTER).find(text)
    assert found is not None
    assert (found.kind, found.key) == (FocusKind.CONCEPT, key)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dta drift", 'nothing in the graph is called "dta drift"; did you mean "data drift"'),
        ("debt", '"debt"; did you mean "Technical debt" or'),
        ("zzzzzz", 'nothing in the graph is called "zzzzzz"'),
        ("x" * 500, f'called "{"x" * 79}…"'),
    ],
)
def test_a_near_miss_is_told_what_comes_near(index: GraphIndex, text: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        index.resolve(text)
    assert said in str(raised.value)


def test_an_iri_is_looked_up_as_it_is(index: GraphIndex) -> None:
    focus = Focus(FocusKind.ARTICLE, A, "What is data drift?", MINTER.article(A))
    assert index.by_iri(MINTER.article(A)) == focus == index.focus(FocusKind.ARTICLE, A)
    assert index.by_iri(MINTER.concept("dérive")) == index.focus(FocusKind.CONCEPT, "dérive")
    assert index.by_iri(MINTER.subject("Mathématiques")) == index.focus(FocusKind.SUBJECT, "Mathématiques")
    for slug in index.communities:
        assert index.by_iri(MINTER.community(slug)) == index.focus(FocusKind.COMMUNITY, slug)
    assert index.by_iri(MINTER.article(A).upper()) is None
    assert index.by_iri(MINTER.article("gone & lost")) is None


def test_completions_are_ordered_by_label_and_by_articles(index: GraphIndex) -> None:
    found = index.by_prefix("D", {FocusKind.CONCEPT, FocusKind.ARTICLE})
    assert [focus.label for focus in found] == ["data drift", "drift", "dérive", "Dérive"]
    assert [focus.label for focus in index.by_prefix("drif", {FocusKind.CONCEPT})] == ["drift", "data drift"]
    assert [focus.key for focus in index.by_prefix("d", {FocusKind.CONCEPT}, limit=1)] == ["data-drift"]
    assert index.by_prefix("zz") == []


def test_rows_are_those_of_the_tables(index: GraphIndex) -> None:
    row = index.article(A)
    assert (row.title, row.subject, row.authors) == ("What is data drift?", "Computer science", ["Ada", "Émile", "Ada"])
    assert index.concept("data-drift").alt_labels == sorted(["Drift", HOSTILE])
    assert index.concept("data-drift").hidden_labels == ["data drifts"]
    assert index.resolve("DATA DRIFTS").key == "data-drift"
    assert index.subject("Computer science") == SubjectRow("Computer science", 3)
    assert [*index.articles(["e", "b", "none"])] == ["b", "e"]
    for slug, community in index.communities.items():
        assert index.community(slug) == community
        assert len(index.concepts_of_community(slug)) == community.concept_count
        assert len(index.articles_of_community(slug)) == community.article_count
    assert sorted(index.articles_of_subject("Computer science")) == [A, "b", "d"]
    for look_up, key in ((index.article, "x"), (index.concept, "x"), (index.subject, "x"), (index.community, "x")):
        with pytest.raises(KeyError):
            look_up(key)


def test_mentions_are_found_from_both_ends(index: GraphIndex) -> None:
    assert [row.concept for row in index.mentions_of(A)] == ["data-drift", "technical-debt"]
    assert [(row.article, row.salience) for row in index.articles_of("data-drift")] == [(A, 0.9), ("c", 0.25), ("b", 0)]
    assert index.mentions_of(A)[0].occurrences == ()
    occurrences = SAMPLE.mentions["occurrences"][0].as_py()
    assert index.mentions_of(A, occurrences=True)[0].occurrences == occurrences
    assert index.mentions_by_article([A, "e", "b"]) == {url: index.mentions_of(url) for url in (A, "b")}
    slugs = ["technical-debt", "data-drift", "none"]
    assert index.mentions_by_concept(slugs, occurrences=True) == {
        slug: index.articles_of(slug, occurrences=True) for slug in slugs[:2]
    }
    between = index.mentions_between(["b", A], ["technical-debt"])
    assert [(row.article, len(row.occurrences)) for row in between] == [(A, 1), ("b", 2)]
    assert index.mentions_of("e") == index.articles_of("none") == []


def test_links_are_found_from_both_ends(index: GraphIndex) -> None:
    assert [(row.target, row.status) for row in index.links_from(A)] == [("b", "url"), ("gone & lost", "missing")]
    assert index.links_to("gone & lost") == [
        LinkRow(A, "gone & lost", 2, "missing", HOSTILE, None),
        LinkRow("d", "gone & lost", 2, "missing", HOSTILE, "related"),
    ]
    assert index.links_by_source([A, "d"]) == {url: index.links_from(url) for url in (A, "d")}
    assert index.links_by_target(["b", "nowhere"]) == {url: index.links_to(url) for url in ("b", "nowhere")}
    assert index.linked["b"] == {"c": None}
    assert index.missing_titles == {"gone & lost": HOSTILE, "nowhere": None}


def test_relations_say_what_a_concept_is_to_another() -> None:
    content = tables(
        [article("x", "X")],
        concepts=[concept(slug, slug, 1) for slug in "abc"],
        mentions=[mention("x", rank, slug, 0.5, 1, "extracted") for rank, slug in enumerate("abc", start=1)],
        relations=[broader("a", "b"), related("b", "c", 0.5, 1)],
    )
    found = GraphIndex(content, MINTER)
    seen = {slug: [(row.seen_from(slug), row.other(slug)) for row in found.relations_of(slug)] for slug in "abc"}
    assert seen == {"a": [("broader", "b")], "b": [("narrower", "a"), ("related", "c")], "c": [("related", "b")]}
    assert found.relations_by_concept() == found.relations_by_concept("abc")
    assert found.relations_of("none") == []


def test_neighbours_are_one_step_away_the_heaviest_of_a_kind_first(index: GraphIndex) -> None:
    found = [(entry.kind, entry.focus.key, entry.weight) for entry in index.neighbours(index.resolve("d"))]
    assert found[:4] == [
        (NeighbourKind.MENTION, "drift", 0.5),
        (NeighbourKind.LINK, "e", None),
        (NeighbourKind.BACKLINK, "c", None),
        (NeighbourKind.SUBJECT, "Computer science", None),
    ]
    mentions = [entry.focus.key for entry in index.neighbours(index.resolve("data drift")) if entry.weight is not None]
    assert mentions[-3:] == [A, "c", "b"]
    members = index.neighbours(index.resolve("computer science"))
    assert [entry.focus.key for entry in members] == index.articles_of_subject("Computer science")
    for slug, row in index.communities.items():
        assert len(index.neighbours(index.focus(FocusKind.COMMUNITY, slug))) == row.article_count + row.concept_count


def test_texts_and_the_best_sentence_are_read_on_demand(index: GraphIndex) -> None:
    assert index.text(A) == {"question": "What is\n  drift?", "answer": AWKWARD}
    assert [*index.texts(["d", "c"])] == ["c", "d"]
    best = index.best_sentence(A, "technical-debt")
    assert best is not None
    assert (best.article, best.part, best.start, best.end) == (A, "answer", 0, len(AWKWARD))
    assert [piece.text for piece in best.pieces if piece.marked] == ["漢字 😀"]
    assert index.best_sentence(A, "drift") is None
    assert index.best_sentence("e", "drift") is None
    pairs = [("e", "drift"), (A, "drift"), ("d", "drift"), (A, "technical-debt"), ("b", "technical-debt")]
    assert index.best_sentences(pairs) == {
        pair: index.best_sentence(*pair) for pair in ((A, "technical-debt"), ("b", "technical-debt"), ("d", "drift"))
    }
    assert index.best_sentences([]) == {}


def test_saliences_are_the_highest_of_the_concepts(index: GraphIndex) -> None:
    assert index.saliences(["data-drift"]) == {A: 0.9, "b": 0.0, "c": 0.25}
    assert index.saliences(["data-drift", "technical-debt"]) == {A: 0.9, "b": 1.0, "c": 0.25}
    assert index.saliences([]) == index.saliences(["unknown"]) == {}


def test_labels_of_a_concept_begin_with_the_preferred_one(index: GraphIndex) -> None:
    assert index.labels_of("data-drift") == ["data drift", *sorted(["Drift", HOSTILE]), "data drifts"]
    assert index.labels_of("drift") == ["drift"]


def test_rows_are_found_in_every_chunk_of_a_column() -> None:
    column = pa.chunked_array([["a", "b"], [], ["c"], ["d", "e", "f"]], pa.string())
    table = columns.ColumnsInMemory(pa.table({"letters": column}))
    for numbers in ([], [0], [5], [1, 2], [0, 2, 5], [0, 1, 2, 3, 4, 5], [3, 5]):
        assert table.values_at("letters", np.array(numbers, np.int64)) == ["abcdef"[number] for number in numbers]


def test_a_large_column_is_streamed_a_few_times_and_then_kept(tmp_path: Path) -> None:
    write_tables(SAMPLE, tmp_path)
    found = GraphIndex.open(tmp_path, MINTER)
    texts = [found.text(A) for _ in range(columns._STREAMED + 2)]
    assert all(text == texts[0] for text in texts)


def test_an_empty_build_has_nothing_to_find() -> None:
    found = GraphIndex(tables([]), MINTER)
    assert found.matches("x") == found.by_prefix("") == found.mentions_of("x") == found.relations_of("x") == []
    assert found.links_by_target(["x"]) == {}


def test_a_build_without_a_later_column_can_be_read(tmp_path: Path) -> None:
    write_tables(SAMPLE, tmp_path)
    pq.write_table(SAMPLE.articles.drop_columns(["participation"]), tmp_path / "articles.parquet")
    assert GraphIndex.open(tmp_path, MINTER).article(A).participation is None


def test_tables_that_are_not_ours_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the tables cannot be read"):
        GraphIndex.open(tmp_path, MINTER)
    write_tables(SAMPLE, tmp_path)
    (tmp_path / "mentions.parquet").write_bytes(b"no table")
    with pytest.raises(DataError, match="build the graph again"):
        GraphIndex.open(tmp_path, MINTER)


def test_what_is_read_later_is_of_the_same_build(tmp_path: Path) -> None:
    write_tables(SAMPLE, tmp_path / "tables")
    found = GraphIndex.open(tmp_path / "tables", MINTER)
    (tmp_path / "tables").rename(tmp_path / "old")
    write_tables(tables([article("new", "New")]), tmp_path / "tables")
    assert found.text("b") == {"answer": "Only an answer."}


def test_tables_of_several_chunks_are_the_same(index: GraphIndex) -> None:
    chunked = Tables(
        **{
            name: pa.concat_tables([getattr(SAMPLE, name).slice(0, 1), getattr(SAMPLE, name).slice(1)])
            for name in SCHEMAS
        }
    )
    found = GraphIndex(chunked, MINTER)
    assert found.mentions_by_concept(["data-drift"]) == index.mentions_by_concept(["data-drift"])
    assert found.articles([A, "e"]) == index.articles([A, "e"])


def test_a_look_up_in_a_fresh_process_imports_no_pandas(tmp_path: Path) -> None:
    write_tables(SAMPLE, tmp_path)
    code = f"""
import sys
from pathlib import Path
from kg.base.iris import Minter
from kg.graph.index import GraphIndex

index = GraphIndex.open(Path({str(tmp_path)!r}), Minter({MINTER.base!r}))
focus = index.resolve("data drift")
index.by_prefix("data"), index.neighbours(focus), index.neighbours(index.by_iri({MINTER.article("b")!r}))
index.mentions_between([{A!r}, "d"], ["data-drift", "drift"]), index.texts(["b", "d"])
assert index.best_sentence(index.articles_of(focus.key)[0].article, focus.key)
print("pandas" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"
