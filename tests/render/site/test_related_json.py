"""The JSON files with related articles."""

from __future__ import annotations

import json
from pathlib import Path

from kg.base.config import Config, Publish
from kg.render.site.places import Unplaced, without_file
from kg.render.site.related_json import write_related_json
from tests.export.sample_tables import BASE, article, concept, link, mention, report, tables

URLS = ["learn/a", "learn/b", "learn/c", "learn/d", "learn/hidden", "learn/x?y=1"]
CONTENT = tables(
    [article(url, f"About *{url}*", no_index=url == "learn/hidden") for url in URLS],
    [link("learn/a", "learn/b", 1, "url", "B")],
    [concept("data-drift", "data drift", 6), *(concept(f"z{n}", f"z{n}", 1) for n in range(6))],
    [
        row
        for number, url in enumerate(URLS)
        for row in (
            mention(url, 1, "data-drift", 0.9, 1, "extracted"),
            mention(url, 2, f"z{number}", 0.1, 1, "extracted"),
        )
    ],
)


def test_each_article_has_what_it_does_not_link_to(tmp_path: Path) -> None:
    unplaced = without_file(CONTENT, Config(base=BASE, publish=Publish(related_json=True)))
    assert unplaced.related == {"learn/x?y=1"}
    assert [problem.code for problem in unplaced.problems] == ["no-related-json"]
    write_related_json(CONTENT, report(), tmp_path, unplaced, (0, 3))
    write_related_json(CONTENT, report(), tmp_path, unplaced, (3, 6))
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")}
    assert files == {f"related/{url}.json" for url in URLS[:-1]}
    found = json.loads((tmp_path / "related/learn/a.json").read_text("utf-8"))
    assert found["url"] == "learn/a"
    assert {entry["url"] for entry in found["related"]} == {"learn/c", "learn/d", "learn/x?y=1"}
    assert found["related"][0]["title"].startswith("About learn/"), "a title has no Markdown"
    assert found["related"][0]["concepts"] == ["data drift"]
    assert len(json.loads((tmp_path / "related/learn/b.json").read_text("utf-8"))["related"]) == 4


def test_an_article_like_none_has_an_empty_list(tmp_path: Path) -> None:
    write_related_json(tables([article("a", "A")]), report(), tmp_path, Unplaced(), (0, 1))
    assert json.loads((tmp_path / "related/a.json").read_text("utf-8")) == {"url": "a", "related": []}
