"""kg explain on the examples: text of 80 columns, JSON, a page."""

import json
import re
from functools import partial
from pathlib import Path

import click
import pytest

from kg.base.iris import Minter
from kg.base.report import read_report
from kg.base.tables import read_tables
from kg.graph.index import GraphIndex
from kg.query.explain import explain
from kg.query.explain.text import explanation_lines

SKEW = "/learn/monitoring/questions/what-is-training-serving-skew"
DRIFT = "/learn/monitoring/questions/what-is-data-drift-and-how-is-it-detected"
LINEAGE = "/learn/data-engineering/questions/what-is-data-lineage"
PAIRS = [(SKEW, DRIFT), (DRIFT, "data drift"), ("data drift", "concept drift"), ("data lineage", "calibration")]
GUTTER = re.compile(r"^ [AB ] \| ", re.MULTILINE)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_text_has_80_columns_and_marks(kg, built: Path, a: str, b: str) -> None:
    found = kg("explain", built, a, b)
    assert (found.status, found.err) == (0, "")
    lines = found.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("A  ")
    assert "«" in found.out
    assert "\x1b" not in found.out


def test_sentences_of_both_articles_are_shown(kg, built: Path) -> None:
    out = kg("explain", built, SKEW, DRIFT).out
    assert "Shared concepts, the most telling first" in out
    assert re.search(r"^ A \| .*", out, re.MULTILINE)
    assert re.search(r"^ B \| .*", out, re.MULTILINE)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_colour_changes_no_word(built: Path, a: str, b: str) -> None:
    found = explain(GraphIndex.open(built / "tables", Minter(read_report(built).configuration["base"])), a, b)
    plain, coloured = ("\n".join(explanation_lines(found, bold)) for bold in (None, partial(click.style, bold=True)))
    assert "\x1b[1m" in coloured
    words = ESCAPE.sub("", coloured)
    assert GUTTER.sub("", words).split() == GUTTER.sub("", plain).replace("«", "").replace("»", "").split()
    assert max(map(len, words.splitlines())) <= 80


def test_json_says_the_same(kg, built: Path) -> None:
    found = json.loads(kg("explain", built, SKEW, DRIFT, "--json").out)
    assert found["connected"] is True
    texts = {
        (row["url"], part["name"]): part["text"]
        for row in read_tables(built / "tables").articles.to_pylist()
        for part in row["parts"]
    }
    quotes = [quote for section in found["sections"] for finding in section["findings"] for quote in finding["quotes"]]
    assert quotes
    for quote in quotes:
        sentence = texts[quote["article"], quote["part"]][quote["start"] : quote["end"]]
        assert quote["text"].strip("…") in " ".join(sentence.split())
        assert quote["marks"]


def test_limit_is_obeyed_and_what_is_left_is_counted(kg, built: Path) -> None:
    out = kg("explain", built, SKEW, DRIFT, "--limit", 1).out
    assert "\n2. " not in out
    assert re.search(r"^and \d+ more: give --limit$", out, re.MULTILINE)


def test_what_is_not_connected_is_no_error(kg, built: Path) -> None:
    tables = read_tables(built / "tables")
    single = [row["slug"] for row in tables.concepts.to_pylist() if row["article_count"] == 1]
    of = {row["concept"]: row["article"] for row in tables.mentions.to_pylist()}
    one, other = next((a, b) for a in single for b in single if of[a] != of[b] and a.split("-")[-1] != b.split("-")[-1])
    found = kg("explain", built, one, other)
    assert found.status == 0
    assert "no article mentions both" in " ".join(found.out.split())


def test_a_page_is_written(kg, built: Path, tmp_path: Path) -> None:
    page = tmp_path / "why.html"
    found = kg("explain", built, "data drift", "concept drift", "--output", page)
    assert found.status == 0
    assert found.out.endswith(f"  open {page}\n")
    assert "<mark>data drift</mark>" in page.read_text("utf-8").lower()
    assert kg("explain", built, "data drift", "concept drift", "--output", tmp_path).status == 2


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ("data drifd", "calibration", 'nothing in the graph is called "data drifd"; did you mean "data drift"'),
        ("calibration", "Calibration", "are the same concept: give two"),
        ("calibration", "\x1b[31m", "nothing in the graph is called"),
    ],
)
def test_wrong_use(kg, built: Path, a: str, b: str, message: str) -> None:
    found = kg("explain", built, a, b)
    assert (found.status, found.out) == (2, "")
    assert message in found.err


def test_no_build_is_status_1(kg, tmp_path: Path) -> None:
    assert kg("explain", tmp_path, "a", "b").status == 1
