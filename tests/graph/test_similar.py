"""Similar articles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from kg.base.tables import ARTICLES_FOUND, CONCEPTS_FOUND, MENTIONS, SIMILAR
from kg.graph import similar as module
from kg.graph.similar import MOST, similar_articles

Rows = list[dict[str, Any]]


def found(articles: dict[str, dict[str, float]], filed: dict[str, dict[str, Any]] | None = None) -> Rows:
    """The similar articles, for articles with the salience of each of their concepts."""
    slugs = sorted({slug for concepts in articles.values() for slug in concepts})
    mentions = [
        {"article": url, "rank": 1, "concept": slug, "salience": salience, "frequency": 2, "about": True}
        for url, concepts in sorted(articles.items())
        for slug, salience in concepts.items()
    ]
    table = similar_articles(
        pa.Table.from_pylist([{"url": url, **(filed or {}).get(url, {})} for url in sorted(articles)], ARTICLES_FOUND),
        pa.Table.from_pylist([{"slug": slug, "normal_form": slug.replace("-", " ")} for slug in slugs], CONCEPTS_FOUND),
        pa.Table.from_pylist(mentions, MENTIONS),
    )
    assert table.schema == SIMILAR
    rows: Rows = table.to_pylist()
    return rows


def first(rows: Rows, source: str) -> str:
    return next(row["target"] for row in rows if row["source"] == source)


DRIFT = {
    "a": {"data-drift": 0.9, "monitoring": 0.5},
    "b": {"data-drift": 0.8, "retraining": 0.3},
    "c": {"monitoring": 0.2, "kitchen": 0.9},
    "d": {"kitchen": 0.9},
    "e": {"solitude": 0.9},
}


def test_articles_with_the_same_salient_concepts_are_similar() -> None:
    rows = found(DRIFT)
    assert first(rows, "a") == "b"
    assert first(rows, "d") == "c"
    assert not [row for row in rows if "e" in (row["source"], row["target"])], "it shares no concept"
    assert all(row["source"] != row["target"] for row in rows)


def test_the_reason_is_the_shared_concepts_strongest_first() -> None:
    rows = found({**DRIFT, "f": {"data-drift": 0.9, "monitoring": 0.9, "retraining": 0.1}})
    row = next(row for row in rows if (row["source"], row["target"]) == ("a", "f"))
    assert set(row["concepts"]) == {"data-drift", "monitoring"}
    alone = next(row for row in rows if (row["source"], row["target"]) == ("a", "b"))
    assert alone["concepts"] == ["data-drift"]


def test_words_of_concepts_count() -> None:
    rows = found(
        {
            "a": {"convolutional-network": 0.9, "common": 0.3},
            "b": {"recurrent-network": 0.9, "common": 0.3},
            "c": {"pasta": 0.9, "common": 0.3},
            "d": {"other": 0.5},
        }
    )
    assert first(rows, "a") == "b"


def test_a_common_concept_says_little() -> None:
    articles = {f"x{n}": {"everywhere": 0.9, f"own-{n}": 0.2} for n in range(8)}
    rows = found({**articles, "a": {"everywhere": 0.9, "rare": 0.3}, "b": {"rare": 0.3, "everywhere": 0.1}})
    assert first(rows, "a") == "b"


def test_filing_decides_between_equals_and_never_joins_strangers() -> None:
    topics = {f"t{n:02}{part}": {f"topic-{n}": 0.9, "shared": 0.4} for n in range(30) for part in "abcd"}
    numbers = {url: {"id": str(10 * int(url[1:3]) + ord(url[3]))} for url in topics}
    rows = found({**topics, "far": {"topic-5": 0.9, "shared": 0.4}}, {**numbers, "far": {"id": "90000"}})
    targets = [row["target"] for row in rows if row["source"] == "t05a"]
    assert {*targets[:3]} == {"t05b", "t05c", "t05d"}, "the article far away has the same concepts"
    assert targets[3] == "far"
    assert not [row for row in rows if not row["concepts"]]


def test_figures() -> None:
    rows = found({f"a{n:02}": {"common": 0.5, f"own-{n % 4}": 0.7} for n in range(24)})
    by_source: dict[str, Rows] = {}
    for row in rows:
        by_source.setdefault(row["source"], []).append(row)
    for ranked in by_source.values():
        assert [row["rank"] for row in ranked] == list(range(1, len(ranked) + 1))
        assert len(ranked) <= MOST
        scores = [row["score"] for row in ranked]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < row["score"] < 1 and 0 < row["similarity"] <= 1 for row in ranked)
        assert len({row["target"] for row in ranked}) == len(ranked)


def test_small_folders() -> None:
    assert found({}) == found({"a": {}}) == found({"a": {"x": 0.5}}) == found({"a": {"x": 0.5}, "b": {"y": 0.5}}) == []
    assert [row["target"] for row in found({"a": {"x": 0.5}, "b": {"x": 0.5}})] == ["b", "a"]


def test_the_similarity_is_exact_whichever_concepts_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    articles = {
        f"a{n:03}": {f"c{slug}": round(float(random.random()), 4) for slug in sorted({*random.integers(0, 30, 8)})}
        for n in range(60)
    }
    whole = found(articles)
    monkeypatch.setattr(module, "_ROWS", 7)
    assert found(articles) == whole
    monkeypatch.setattr(module, "_COMMON", 16)
    similarity = {(row["source"], row["target"]): row["similarity"] for row in whole}
    fewer = {(row["source"], row["target"]): row["similarity"] for row in found(articles)}
    both = similarity.keys() & fewer.keys()
    assert len(both) > 0.9 * len(similarity)
    assert {pair: similarity[pair] for pair in both} == pytest.approx({pair: fewer[pair] for pair in both}, abs=2e-6)


def test_of_equally_similar_articles_the_first_are_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CANDIDATES", 3)
    alike = {f"a{number:02}": {"drift": 0.9} for number in range(30)}
    rows = found({**alike, "b": {"kitchen": 0.9}})
    assert [row["target"] for row in rows if row["source"] == "a20"] == ["a00", "a01", "a02"]
