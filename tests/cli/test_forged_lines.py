"""What an article says can neither forge a line of the output of a command, nor be a command to a CI system."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FORGED = r"\n::error file=a.md,line=1::FORGED ##vso[task.x]y\r\nFORGED ##[error]z"
ARTICLE = f"""\
---
title: "Data drift {FORGED}"
url: "/a{FORGED}"
id: "7{FORGED}"
date: "soon{FORGED}"
language: "en{FORGED}"
author: ["Ada{FORGED}"]
subject: "Subject{FORGED}"
keywords: ["data drift{FORGED}", "concept drift"]
aliases: ["alias{FORGED}"]
draft: "maybe{FORGED}"
no_index: "perhaps{FORGED}"
related: ["/b{FORGED}", {{title: "t{FORGED}", id: "8{FORGED}"}}, [1]]
"field{FORGED}": x
"field{FORGED}": y
---
Data drift hurts. [a link](b&#10;::error::FORGED.md) Concept drift&#10;::error::FORGED too.
"""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "b.md").write_text(ARTICLE.replace("url:", "other:"), encoding="utf-8")
    (folder / "::error::FORGED.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    (folder / "c\n::error::FORGED.md").write_text("Text.\n", encoding="utf-8")
    return folder


def test_no_command_prints_a_forged_line(kg, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(articles)
    monkeypatch.setenv("COLUMNS", "1000")  # so that no cell of a table is folded
    out = tmp_path / "out"
    a = "https://kg.example/" + "a%0A::error%20file=a.md,line=1::FORGED%20##vso[task.x]y"
    labels = "SELECT * { ?s schema:headline|skos:prefLabel|dcterms:identifier ?label }"
    runs: list[Run] = [
        kg("check", ".", "--jobs", 1),
        kg("check", ".", "--jobs", 1, "--json"),
        kg("init", "."),
        kg("build", ".", "--out", out, "--jobs", 1),
        kg("build", ".", "--out", tmp_path / "json", "--jobs", 1, "--json"),
        kg("stats", out),
        kg("validate", out),
        kg("query", out, labels),
        kg("query", out, "--name", "top-concepts"),
        kg("query", out, "--name", "broken-links"),
        kg("search", out, "drift forged hurts"),
        kg("search", out, FORGED, "drift", "--json"),
        kg("explain", out, "data drift", "concept drift"),
        kg("explain", out, a, "data drift"),
        kg("view", out, "--focus", "data drift", "--output", tmp_path / "view.html"),
        kg("view", out, "--focus", f"no such {FORGED.encode().decode('unicode_escape')}"),
        kg("build", ".", "--base", "x\n::error::FORGED"),
    ]
    lines = [*_lines(runs)]
    assert len(lines) > 100
    assert sum("FORGED" in line for line in lines) > 10
    for line in lines:
        assert not line.lstrip().startswith(("::", "FORGED"))
        assert not re.search(r"##\w*\[", line)


def _lines(runs: list[Run]) -> Iterator[str]:
    for run in runs:
        yield from re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", run.out + run.err)
