"""kg related and kg suggest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.base.iris import Minter
from kg.cli.suggest import _item
from kg.graph.index import GraphIndex
from kg.query.suggest import Suggestion, SuggestionKind
from tests.export.sample_tables import article, tables

DRIFT = "What is data drift and how is it detected?"


def test_similar_articles_and_their_reasons(kg, built: Path) -> None:
    found = kg("related", built, DRIFT, "--limit", 3)
    assert (found.status, found.err) == (0, "")
    lines = found.out.splitlines()
    assert lines[0] == f'Similar to "{DRIFT}"'
    assert [line[:4] for line in lines if line[:2].strip()][1:] == [" 1  ", " 2  ", " 3  "]
    assert "shares" in found.out
    assert max(map(len, lines)) <= 80


def test_json_of_similar_articles(kg, built: Path) -> None:
    found = json.loads(kg("related", built, DRIFT, "--json", "--limit", 10).out)
    assert found["title"] == DRIFT
    assert [one["rank"] for one in found["related"]] == list(range(1, len(found["related"]) + 1))
    assert all(one["concepts"] for one in found["related"])
    assert any(one["linked"] for one in found["related"])


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("What is data drft and how is it detected?",), 2, "did you mean"),
        (("data drift",), 2, "is a concept, not an article"),
        ((DRIFT, "--limit", "11"), 2, "11 is not in the range"),
    ],
)
def test_wrong_use(kg, built: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    found = kg("related", built, *arguments)
    assert found.status == status
    assert said in found.err


def test_suggestions_as_text(kg, built: Path) -> None:
    found = kg("suggest", built, "--limit", 2)
    assert (found.status, found.err) == (0, "")
    for title in ("Missing links", "Concepts that many articles mention", "Articles that are nearly the same"):
        assert title in found.out
    assert max(map(len, found.out.splitlines())) <= 80


def test_suggestions_in_other_formats(kg, built: Path) -> None:
    found = json.loads(kg("suggest", built, "--format", "json", "--limit", 3).out)
    assert [one["kind"] for one in found] == ["link", "orphan", "definition", "duplicate"]
    assert len(found[0]["suggestions"]) == 3 <= found[0]["total"]
    lines = kg("suggest", built, "--format", "md", "--limit", 3).out.splitlines()
    assert lines[0] == "# Suggestions for Machine learning in production"
    assert sum(line.startswith("- [ ] **") for line in lines) >= 6


def test_markup_is_escaped_and_equal_titles_come_with_urls() -> None:
    title = "R&D costs $5"
    index = GraphIndex(tables([article(url, title) for url in "ab"]), Minter("https://kg.example/"))
    ends = [index.resolve_article(url) for url in "ab"]
    suggestion = Suggestion(SuggestionKind.DUPLICATE, *ends, 0.5, ("cost",), "both are about cost")
    shown = r"- [ ] **R\&D costs \$5 \(a\)** → **R\&D costs \$5 \(b\)**: both are about cost"
    assert _item(suggestion, index) == shown
