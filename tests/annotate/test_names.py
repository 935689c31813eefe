"""Names that are looked for in every article."""

from pathlib import Path

import pytest

from kg.annotate.batch import Batch, annotate_batch, batches
from kg.annotate.candidates import find_candidates
from kg.annotate.collect import read_rows
from kg.annotate.names import load_names, write_names
from kg.annotate.view import tagger_view
from kg.config import Config
from tests.annotate.sentences import article, tagged

TEXT = "It is fast and loose. Fast and loose is old."
TAGS = "It/PRP is/VBZ fast/JJ and/CC loose/JJ ./. Fast/JJ and/CC loose/JJ is/VBZ old/JJ ./."


def names(folder: Path, *forms: str) -> Path:
    write_names(forms, folder / "names.txt")
    return folder / "names.txt"


def test_names_by_their_first_two_words(tmp_path: Path) -> None:
    load_names.cache_clear()
    path = names(tmp_path, "data lake", "data", "data lake house", "set", "data lake")
    assert path.read_text("utf-8") == "data\ndata lake\ndata lake house\nset\n"
    assert load_names(path) == {("data", "lake"): (("data", "lake"), ("data", "lake", "house"))}
    assert load_names(path) is load_names(path)


def test_a_name_is_found_whatever_its_tags(tmp_path: Path) -> None:
    load_names.cache_clear()
    view = tagger_view(article(TEXT))
    doc = tagged(view, TAGS)
    assert "fast and loose" not in find_candidates(doc, view).candidates
    wanted = load_names(names(tmp_path, "fast and loose", "loose is bold"))
    found = find_candidates(doc, view, frozenset(), wanted).candidates
    assert [TEXT[o.start : o.end] for o in found["fast and loose"].occurrences] == [
        "fast and loose",
        "Fast and loose",
    ]
    assert "loose is bold" not in found


def test_a_name_that_is_a_keyword_and_a_candidate_too_is_counted_once(tmp_path: Path) -> None:
    load_names.cache_clear()
    text = "The model registry beats a model registry."
    view = tagger_view(article(text))
    doc = tagged(view, "The/DT model/NN registry/NN beats/VBZ a/DT model/NN registry/NN ./.")
    wanted = load_names(names(tmp_path, "model registry"))
    found = find_candidates(doc, view, frozenset({"model registry"}), wanted)
    assert len(found.candidates["model registry"].occurrences) == 2


@pytest.mark.parametrize("given", [False, True])
def test_a_batch_reads_the_names_from_their_file(tmp_path: Path, given: bool) -> None:
    load_names.cache_clear()
    (tmp_path / "a.md").write_text("# Old things\n\nThey played fast and loose all day.\n")
    path = names(tmp_path, "fast and loose") if given else None
    (work,) = batches(tmp_path, ("a.md",), tmp_path / "rows", Config(), None, path)
    assert work == Batch(tmp_path, ("a.md",), 0, tmp_path / "rows" / "000000", Config(), None, path)
    terms = read_rows([annotate_batch(work)], "candidates")["term"].to_pylist()
    assert ("fast and loose" in terms) is given
