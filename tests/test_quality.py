"""What concepts are measured by: files in which a person marks what a build says, and texts with keywords."""

from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from draw_sample import draw, main, shared_sentences, shown, texts
from marks import COLUMNS, KINDS, Counts, Item, count, interval, read_items, table, write_items

from kg.annotate.text.normal_form import normal_form
from kg.base.config import load_config
from kg.base.tables import read_tables
from kg.read.article import read_article
from kg.read.files import find_articles

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "exports" / "sample"
ABSTRACTS = ROOT / "benchmarks" / "abstracts"

ITEMS = [
    Item("/a", "answer", 4, 8, "data drift", mark="right"),
    Item("/a", "answer", 20, 25, "using data", mark="wrong", reason="verb-phrase"),
    Item("/b", "", None, None, 'the "so called" drift', mark="wrong", reason="fragment"),
    Item("/b", "body", 0, 7, "model", "software", "head pattern", mark="wrong", reason="fragment"),
    Item("/b", "body", 0, 7, "test"),
]


def occurrence(start: int, end: int, sentence: tuple[int, int], part: str = "answer") -> dict[str, object]:
    return {"part": part, "start": start, "end": end, "sentence_start": sentence[0], "sentence_end": sentence[1]}


def mention(article: str, rank: int, concept: str, *occurrences: dict[str, object]) -> dict[str, object]:
    row = {"article": article, "rank": rank, "concept": concept, "occurrences": list(occurrences)}
    return row | {"origins": ["extracted"]}


def edge(source: str, target: str, kind: str, origin: str, *place: object) -> dict[str, object]:
    found = dict(zip(("article", "part", "start", "end"), place or [None] * 4, strict=True))
    return {"source": source, "target": target, "kind": kind, "origins": [origin], **found}


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "quality").glob("*.tsv")), ids=lambda path: path.stem)
def test_committed_marks_are_of_a_known_kind_and_say_only_what_they_may(path: Path) -> None:
    assert path.stem.partition("-")[0] in KINDS
    assert read_items(path)


def test_items_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_items(tmp_path / "concepts-x.tsv", ITEMS)
    assert read_items(tmp_path / "concepts-x.tsv") == ITEMS


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("/a\tanswer\t4\t8\tdrift\t\t\tmaybe\t", 'the mark "maybe" is neither right nor wrong'),
        ("/a\tanswer\t4\t8\tdrift\t\t\twrong\t", '"" is no reason for the mark "wrong"'),
        ("/a\tanswer\t4\t8\tdrift\t\t\twrong\tugly", '"ugly" is no reason for the mark "wrong"'),
        ("/a\tanswer\t4\t8\tdrift\t\t\tright\tgeneric", '"generic" is no reason for the mark "right"'),
        ("/a\tanswer\t8\t4\tdrift\t\t\t\t", '"8" to "4" is no place'),
        ("/a\t\t4\t8\tdrift\t\t\t\t", '"4" to "8" is no place'),
        ("/a\tanswer\t4\t8\tdrift", "5 columns instead of 9"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "concepts-x.tsv"
    path.write_text("\t".join(COLUMNS) + f"\n/b\t\t\t\tfine\t\t\t\t\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"concepts-x\.tsv:3: ") as error:
        read_items(path)
    assert str(error.value).endswith(message)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("url\tlabel\n", encoding="utf-8")
    with pytest.raises(
        ValueError, match="the columns must be url, part, start, end, label, other, origins, mark, reason"
    ):
        read_items(tmp_path / "x.tsv")


def test_marks_are_counted() -> None:
    assert count(ITEMS) == Counts(5, 1, 3, {"fragment": 2, "verb-phrase": 1})


def test_the_table_has_a_line_for_each_file_and_for_each_origin_in_it() -> None:
    _, *lines = table({"concepts-x": ITEMS, "top-x": ITEMS[-1:]})
    assert [line.split() for line in lines] == [
        ["concepts-x", "5", "4", "1", "3", "0.25", "0.05-0.70", "fragment", "2,", "verb-phrase", "1"],
        ["-", "4", "3", "1", "2", "0.33", "0.06-0.79", "fragment", "1,", "verb-phrase", "1"],
        ["head", "pattern", "1", "1", "0", "1", "0.00", "0.00-0.79", "fragment", "1"],
        ["top-x", "1", "0", "0", "0"],
    ]


def test_the_interval_is_wilsons() -> None:
    assert interval(8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)
    assert interval(0, 10) == pytest.approx((0, 0.2775328), abs=1e-6)


def test_concepts_are_drawn_with_their_words_and_a_seed() -> None:
    tables = read_tables(SAMPLE / "tables")
    drawn = draw(tables, "concepts", 20, seed=1)
    assert drawn == draw(tables, "concepts", 20, seed=1) != draw(tables, "concepts", 20, seed=2)
    forms = {row["pref_label"]: row["normal_form"] for row in tables.concepts.to_pylist()}
    parts = texts(tables, {found.item.url for found in drawn})
    words = {d.item.label: parts[d.item.url, d.item.part][d.item.start : d.item.end] for d in drawn if d.item.part}
    assert len(words) > 10
    assert {label: normal_form(word) for label, word in words.items()} == {label: forms[label] for label in words}


def test_the_top_concepts_are_those_of_the_most_articles() -> None:
    tables = read_tables(SAMPLE / "tables")
    counts = {row["pref_label"]: row["article_count"] for row in tables.concepts.to_pylist()}
    drawn = [counts[found.item.label] for found in draw(tables, "top", 10, seed=1)]
    assert drawn == sorted(counts.values(), reverse=True)[:10]


@pytest.fixture
def tables() -> SimpleNamespace:
    """Three concepts, of which two are in one sentence of /b, with edges and a definition."""
    mentions = [
        mention("/a", 1, "drift", occurrence(0, 5, (0, 9))),
        mention("/a", 2, "data-drift", occurrence(10, 20, (10, 30))),
        mention("/b", 1, "data-drift", occurrence(0, 10, (0, 20)), occurrence(21, 31, (21, 40))),
        mention("/b", 3, "drift", occurrence(35, 40, (21, 40))),
        mention("/b", 5, "model"),
    ]
    text = "Data drift was seen. Data drift\nis a drift"
    concepts = [
        {
            "slug": "data-drift",
            "pref_label": "data drift",
            "definition": "Data drift is a drift",
            "definition_article": "/b",
        },
        {"slug": "drift", "pref_label": "drift", "definition": None, "definition_article": None},
        {"slug": "model", "pref_label": "model", "definition": None, "definition_article": None},
    ]
    edges = [
        edge("data-drift", "drift", "broader", "head"),
        edge("data-drift", "model", "broader", "pattern", "/a", "answer", 0, 9),
        edge("drift", "model", "related", "cooccurrence"),
    ]
    articles = [
        {"url": "/a", "parts": [{"name": "answer", "text": "Drift is."}]},
        {"url": "/b", "parts": [{"name": "question", "text": "What?"}, {"name": "answer", "text": text}]},
    ]
    return SimpleNamespace(
        articles=pa.Table.from_pylist(articles),
        mentions=pa.Table.from_pylist(mentions),
        concepts=pa.Table.from_pylist(concepts),
        relations=pa.Table.from_pylist(edges),
    )


def test_an_edge_is_drawn_with_the_sentence_that_says_it_or_one_that_has_both(tables: SimpleNamespace) -> None:
    drawn = {found.item.other: found for found in draw(tables, "broader", 5, seed=1)}
    assert drawn["drift"].item == Item("/b", "answer", 21, 40, "data drift", "drift", "head")
    assert drawn["model"].item == Item("/a", "answer", 0, 9, "data drift", "model", "pattern")
    parts = {("/b", "answer"): "Data drift was seen. Data drift is a drift."}
    assert shown(drawn["drift"], parts) == "data drift -> drift\n    /b answer\n    Data drift is a dri"


def test_an_edge_without_such_a_sentence_has_no_place(tables: SimpleNamespace) -> None:
    (drawn,) = draw(tables, "related", 5, seed=1)
    assert drawn.item == Item("", "", None, None, "drift", "model", "cooccurrence")
    assert shown(drawn, {}) == "drift -> model"


def test_a_definition_is_drawn_where_it_stands(tables: SimpleNamespace) -> None:
    (drawn,) = draw(tables, "definitions", 5, seed=1)
    assert drawn.item == Item("/b", "answer", 21, 42, "data drift")


def test_sentences_come_from_the_articles_to_which_both_matter_most() -> None:
    left = [mention(url, rank, "a", occurrence(1, 2, (0, 9))) for url, rank in (("/x", 4), ("/y", 1), ("/z", 1))]
    right = [mention(url, rank, "b", occurrence(5, 6, (0, 9))) for url, rank in (("/x", 1), ("/y", 2))]
    assert list(shared_sentences(left, right)) == [("/y", "answer", 0, 9), ("/x", "answer", 0, 9)]


def test_a_file_that_has_marks_is_not_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["draw_sample.py", str(SAMPLE), "--kind", "top", "--count", "3", "--folder", str(tmp_path)]
    monkeypatch.setattr("sys.argv", command)
    assert main() == 0
    path = tmp_path / "top-sample.tsv"
    items = read_items(path)
    assert len(items) == 3
    assert f"1. {items[0].label}\n" in capsys.readouterr().out
    write_items(path, ITEMS[:1])
    assert main() == 1
    assert read_items(path) == ITEMS[:1]


def test_every_abstract_is_read_with_its_keywords() -> None:
    config = load_config(ABSTRACTS / "kg.toml")
    files, _ = find_articles(ABSTRACTS, config.read)
    read = [read_article(ABSTRACTS, file, config) for file in files]
    assert len(read) == 40
    assert [problem for _, problems in read for problem in problems] == []
    articles = [article for article, _ in read if article]
    assert len({article.subject for article in articles}) == len({article.url for article in articles}) == 40
    for article in articles:
        assert 5 <= len(article.keywords) <= 8
        assert 150 <= sum(len(part.text.split()) for part in article.parts) <= 180
