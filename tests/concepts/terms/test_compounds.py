"""Compounds in one word and in two."""

import pyarrow as pa
import pytest

from kg.annotate import rows
from kg.concepts.terms.compounds import compounds
from kg.concepts.terms.corpus import in_one_part
from kg.concepts.terms.term_index import TermIndex


def joined(*terms: str, words: dict[str, int] | None = None, forms: dict[str, str] | None = None) -> dict[str, str]:
    """The terms that are written otherwise; `words` are in prose, `forms` a surface for each term, in headings."""
    seen = [{"word": word, "use": "noun", "count": count} for word, count in (words or {}).items()]
    surfaces = [{"term": t, "form": f, "running": False, "count": 1} for t, f in (forms or {}).items()]
    return compounds(
        TermIndex(pa.array(terms, pa.string())),
        pa.Table.from_pylist(seen, rows.WORDS),
        in_one_part(pa.Table.from_pylist(surfaces, rows.FORMS)),
    )


@pytest.mark.parametrize("open_form", ["data set", "life cycle", "trade off", "e mail", "non linear", "pre processing"])
def test_the_closed_form_is_the_concept(open_form: str) -> None:
    closed = open_form.replace(" ", "")
    assert joined(open_form, closed, words={closed: 1}) == {open_form: closed}


@pytest.mark.parametrize(
    ("open_form", "closed", "written"),
    [
        ("sales force", "salesforce", "Salesforce"),
        ("project manager", "projectmanager", "ProjectManager"),
        ("c 1", "c1", "c1"),
        ("person a", "persona", "persona"),
        ("re form", "reform", "reform"),
        ("smooth er", "other", "other"),
    ],
)
def test_what_only_looks_like_a_compound(open_form: str, closed: str, written: str) -> None:
    assert joined(open_form, closed, words={written: 9}) == {}


def test_a_name_with_the_same_capitals_is_one() -> None:
    assert joined("wi fi", "wifi", words={"WiFi": 3}, forms={"wi fi": "Wi-Fi"}) == {"wi fi": "wifi"}


def test_a_compound_must_be_a_term_in_both_writings_unless_it_has_a_prefix() -> None:
    assert joined("high light intensity", "highlight", words={"highlight": 3}) == {}
    assert joined("multi core processor", "multicore chip", words={"multicore": 3}) == {
        "multi core processor": "multicore processor"
    }


def test_only_the_goes_from_the_front_of_a_term() -> None:
    assert joined("the edge", "edge", "the hague", "a level", "level") == {"the edge": "edge"}
