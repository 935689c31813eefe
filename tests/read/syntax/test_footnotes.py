"""Footnotes: the marks vanish, the texts stay, and the links in them are links."""

import pytest

from tests.read.texts import NAMES, published, segments, targets


@pytest.mark.parametrize("name", NAMES)
def test_marks_vanish_and_definitions_are_blocks(name: str) -> None:
    source = "Bread.[^1] Ovens [^oven] are hot.\n\n[^1]: See _rye_.\n[^oven]: Hot"
    assert segments(source, name) == [("prose", t) for t in ("Bread. Ovens are hot.", "See rye.", "Hot")]


def test_definitions_of_several_lines() -> None:
    source = "a[^n]\n\n[^n]: One\nlazy line\n\n    Second [x](x.md).\n\n        code\n\nAfter."
    assert segments(source, "plain") == [
        *(("prose", t) for t in ("a", "One\nlazy line", "Second x.")),
        ("verbatim", "code"),
        ("prose", "After."),
    ]
    assert targets(source) == [("x.md", "path", "x", 5)]


@pytest.mark.parametrize("margin", [0, 1, 2, 3])
def test_the_margin_of_a_definition_does_not_count(margin: int) -> None:
    source = f"a[^n]\n\n{' ' * margin}[^n]: One\n\n    Two [x].\n\n  [x]: x.md"
    assert segments(source, "plain") == [("prose", text) for text in ("a", "One", "Two x.")]
    assert targets(source) == [("x.md", "path", "x", 4)]


def test_a_definition_may_begin_below_its_mark() -> None:
    assert segments("a[^n]\n\n[^n]:\n    Text", "plain") == [("prose", "a"), ("prose", "Text")]


@pytest.mark.parametrize("name", ["obsidian", "plain"])
def test_wiki_links_in_definitions_are_links(name: str) -> None:
    found = targets("a[^1] b[^2]\n\n[^1]: [[Rye]]\n[^2]: See [[Oven]] for more.", name)
    assert [(address, line) for address, _, _, line in found] == [("Rye", 2), ("Oven", 3)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Rye^[A grass, see [oats](oats.md).] grows.", "Rye (A grass, see oats.) grows."),
        ("x^[2] and a^[n]", "x^[2] and a^[n]"),
        ("[^1] [^2](b.md) at the start", "  ^2 at the start"),
        ("match [^a-z] or [^abc]", "match [^a-z] or [^abc]"),
        ("`[^1]` and $[^1]$", "[^1] and $[^1]$"),
        ("```\n[^1]: a\n```", "\n[^1]: a\n"),
    ],
)
def test_notes_in_the_line_and_what_is_no_footnote(source: str, text: str) -> None:
    assert published(source, "plain").strip() == text.strip()


def test_a_code_block_between_definitions_stays_code() -> None:
    source = "[^1]: a\n\n```\nb\n\n[^2]: c\n```\n\nd"
    assert segments(source, "plain") == [("prose", "a"), ("verbatim", "b\n\n[^2]: c"), ("prose", "d")]
