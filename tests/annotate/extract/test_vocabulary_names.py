"""Names that are looked for in every article."""

from pathlib import Path

import pytest

from kg.annotate.collect import read_rows
from kg.annotate.extract.noun_phrases import find_candidates
from kg.annotate.extract.tokens import Tokens
from kg.annotate.extract.view import tagger_view
from kg.annotate.extract.vocabulary_names import indexed
from tests.annotate.annotating import annotated
from tests.annotate.sentences import article, candidates, tagged

TEXT = "It is fast and loose. Fast and loose is old."
TAGS = "It/PRP is/VBZ fast/JJ and/CC loose/JJ ./. Fast/JJ and/CC loose/JJ is/VBZ old/JJ ./."


def test_names_by_their_first_two_words() -> None:
    assert indexed(["data lake", "data", "data lake house", "set"]) == {
        ("data", "lake"): (("data", "lake"), ("data", "lake", "house"))
    }


def test_a_name_is_found_whatever_its_tags() -> None:
    view = tagger_view(article(TEXT))
    doc = tagged(view, TAGS)
    assert "fast and loose" not in find_candidates(Tokens(doc, view), view).terms
    wanted = indexed(["fast and loose", "loose is bold"])
    found = candidates(find_candidates(Tokens(doc, view), view, frozenset(), wanted))
    assert [TEXT[o.start : o.end] for o in found["fast and loose"].occurrences] == [
        "fast and loose",
        "Fast and loose",
    ]
    assert "loose is bold" not in found


def test_a_name_that_is_a_keyword_and_a_candidate_too_is_counted_once() -> None:
    text = "The model registry beats a model registry."
    view = tagger_view(article(text))
    doc = tagged(view, "The/DT model/NN registry/NN beats/VBZ a/DT model/NN registry/NN ./.")
    wanted = indexed(["model registry"])
    found = candidates(find_candidates(Tokens(doc, view), view, frozenset({"model registry"}), wanted))
    assert len(found["model registry"].occurrences) == 2


@pytest.mark.parametrize("names", [(), ("fast and loose",)])
def test_a_batch_looks_for_the_names_of_its_recipe(tmp_path: Path, names: tuple[str, ...]) -> None:
    (tmp_path / "a.md").write_text("# Old things\n\nThey played fast and loose all day.\n")
    rows = annotated(tmp_path / "rows", tmp_path, "a.md", names=names)
    terms = read_rows([rows], "candidates")["term"].to_pylist()
    assert ("fast and loose" in terms) is bool(names)
