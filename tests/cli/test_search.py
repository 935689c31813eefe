"""kg search on the examples: text of 80 columns, JSON, notes, and what is refused."""

import json
import re
import shutil
from pathlib import Path

import pytest

from kg.export.search_index import FILE_NAME

QUERIES = [("data", "drift"), ("data drfit",), ("serving models on kubernets",), ("ML", "--kind", "concept")]


@pytest.mark.parametrize("arguments", QUERIES, ids=" ".join)
def test_text_has_80_columns_and_marks(kg, built: Path, arguments: tuple[str, ...]) -> None:
    """Only the url of an article may be longer, since it can be copied from one line."""
    found = kg("search", built, *arguments)
    assert (found.status, found.err) == (0, "")
    lines = found.out.splitlines()
    assert [line for line in lines if len(line) > 80 and not line.strip().startswith("/learn/")] == []
    assert "«" in found.out
    assert "\x1b" not in found.out
    assert [line for line in lines if re.match(r"1\. .+ \((concept|article), [01]\.\d\d\)$", line)]


def test_words_and_one_text_are_the_same_query(kg, built: Path) -> None:
    assert kg("search", built, "data", "drift") == kg("search", built, "data drift")


def test_a_concept_comes_with_a_sentence_and_its_article(kg, built: Path) -> None:
    out = kg("search", built, "data lineage", "--limit", 1).out
    assert out.startswith("1. data lineage (concept, 1.00)\n   data-lineage\n   | ")
    assert re.search(r"^   - in \S", out, re.MULTILINE)


def test_notes_tell_what_was_searched(kg, built: Path) -> None:
    assert kg("search", built, "data drfit").out.startswith('(searched for "data drift")\n\n1. data drift')
    assert kg("search", built, "drift xyzzyplugh").out.startswith("(no text has xyzzyplugh)\n\n1. ")


def test_json_has_the_same_hits(kg, built: Path) -> None:
    found = json.loads(kg("search", built, "modle registry", "--kind", "article", "--limit", 3, "--json").out)
    assert found["query"] == "model registry"
    assert found["corrections"] == {"modle": "model"}
    assert len(found["hits"]) == 3
    for hit in found["hits"]:
        assert set(hit) == {"kind", "label", "key", "iri", "score", "sentence", "marks", "article"}
        assert hit["kind"] == "article"
        assert hit["article"] == hit["key"]
        for start, end in hit["marks"]:
            assert hit["sentence"][start:end].strip()


def test_nothing_found_is_no_error(kg, built: Path) -> None:
    found = kg("search", built, "xyzzyplugh")
    assert (found.status, found.out, found.err) == (0, "Nothing was found.\n", "")
    near = kg("search", built, "2SHAP3value")
    assert (near.status, near.out) == (0, 'Nothing was found; did you mean "SHAP value"?\n')


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("***",), "there is nothing to search for: give at least one word"),
        ((), "Missing argument 'WORDS...'"),
        (("drift", "--kind", "subject"), "'subject' is not one of 'article', 'concept'"),
        (("drift", "--limit", "0"), "0 is not in the range"),
    ],
)
def test_wrong_use(kg, built: Path, arguments: tuple[str, ...], message: str) -> None:
    found = kg("search", built, *arguments)
    assert (found.status, found.out) == (2, "")
    assert message in found.err


def test_what_is_no_build_or_has_no_index_is_status_1(kg, built: Path, tmp_path: Path) -> None:
    assert kg("search", tmp_path, "drift").status == 1
    out = tmp_path / "out"
    shutil.copytree(built, out, ignore=shutil.ignore_patterns("store", FILE_NAME))
    found = kg("search", out, "drift")
    assert (found.status, found.out) == (1, "")
    assert found.err == f"kg: {out / FILE_NAME} is missing; build the graph again\n"
