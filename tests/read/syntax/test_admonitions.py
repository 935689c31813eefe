"""Callouts, admonitions and tabs: a title, and prose."""

import pytest

from kg.read.syntax.blocks import unwrapped
from tests.read.texts import segments


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("> [!note] A *title*\n> Text.", [("prose", "A title"), ("prose", "Text.")]),
        ("> [!note]\n> Text.", [("prose", "Text.")]),
        (
            "> [!faq]+ Why?\n> - one\n>\n> ```\n> [!x] y\n> ```",
            [*(("prose", "Why?"), ("item", "one")), ("verbatim", "[!x] y")],
        ),
        ("> [!a] b\n> > [!c] d\n> > e", [("prose", "b"), ("prose", "d"), ("prose", "e")]),
        ("> a quote\n> of two lines", [("prose", "a quote\nof two lines")]),
    ],
)
def test_callouts_are_a_title_and_prose(source: str, expected: list[tuple[str, str]]) -> None:
    assert segments(source, "obsidian") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('!!! note "A title"\n    Text.', [("prose", "A title"), ("prose", "Text.")]),
        ("!!! warning\n    Text\n    more.\n\n    Second.", [("prose", "Text\nmore."), ("prose", "Second.")]),
        ('???+ tip inline end "T"\n\n    Text.\n\nafter', [("prose", "T"), ("prose", "Text."), ("prose", "after")]),
        ("!!!note\n    Text.", [("prose", "Text.")]),
        ('???+tip "A title"\n    Text.', [("prose", "A title"), ("prose", "Text.")]),
        ("!!! a\n    - x\n\n        code", [("item", "x"), ("item", "code")]),
        ("!!! a\n    x\n\n        code", [("prose", "x"), ("verbatim", "code")]),
        ("!!! a\n    ```\n    !!! b\n        c\n    ```\n    d", [("verbatim", "!!! b\n    c"), ("prose", "d")]),
        ("!!! a\n    ??? b\n        c\n    d\ne", [("prose", "c\nd\ne")]),
        (
            '=== "One"\n\n    x\n\n=== "Two"\n\n    y',
            [("prose", "One"), ("prose", "x"), ("prose", "Two"), ("prose", "y")],
        ),
        ("- item\n\n    !!! a\n        text", [("item", "item"), ("item", "text")]),
        ("!!! wow this\nis prose", [("prose", "!!! wow this\nis prose")]),
        ("```\n!!! a\n    b\n```", [("verbatim", "!!! a\n    b")]),
        ("!!! a\n\tText.", [("prose", "Text.")]),
    ],
)
def test_admonitions_and_tabs_are_a_title_and_what_they_hold(source: str, expected: list[tuple[str, str]]) -> None:
    assert segments(source, "mkdocs") == expected


def test_a_text_without_admonitions_is_left_as_it_is() -> None:
    source = "a\n    b\n\n    code !!! x\n> quote"
    assert unwrapped(source)[0] is source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("- a\n\n    > [!NOTE]\n    > b", [("item", "a"), ("item", "b")]),
        ("> [!tip] _Pears_\n> b", [("prose", "Pears"), ("prose", "b")]),
        ("> [!INCLUDE [frost](../frost.md)]\n\nText.", [("prose", "Text.")]),
    ],
)
def test_callouts_in_lists_and_titles_with_emphasis(source: str, expected: list[tuple[str, str]]) -> None:
    assert segments(source, "plain") == expected
