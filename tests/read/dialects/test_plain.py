"""A plain folder: addresses from paths, and Markdown in which little has a meaning."""

from pathlib import PurePosixPath

import pytest

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.plain import DIALECT
from tests.read.texts import published, read


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a-b/Data-Drift.md", Place("article/a-b/data-drift", "Data Drift", "a b")),
        ("index.md", Place("article/index", "index", None)),
        ("README.md", Place("article/readme", "README", None)),
    ],
)
def test_the_place_of_a_file(path: str, expected: Place) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path)), ToolSettings()) == expected


def test_the_syntax_of_other_tools_is_text() -> None:
    assert published("100%% #sure ^id {{ x }}", "plain") == "100%% #sure ^id {{ x }}"
    assert read("#tag", "plain").tags == ()
