"""Attribute lists vanish where tools read them; other braces stay."""

import pytest

from tests.read.texts import NAMES, published, read, segments, targets


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("# Class Bindings {#class-bindings}", "Class Bindings"),
        ("# Class Bindings{#class-bindings}", "Class Bindings"),
        ("# Class Bindings { #class-bindings .wide data-x=1 }", "Class Bindings"),
        ("# Class Bindings {#class-bindings} ##", "Class Bindings"),
        ("# Class Bindings ## {#class-bindings}", "Class Bindings"),
        ("# C# {#c-sharp}", "C#"),
        ('# Pears {id="pears"}', "Pears"),
        ("# Pears { data-search-exclude }", "Pears"),
        ("# Pears {-}", "Pears"),
        ("# Pears {/* #pears */}", "Pears"),
        ("# Pears {#pears-–-and-plums}", "Pears"),
        ("Pears {#pears}\n=====", "Pears"),
        ("# Pears\n{: #pears .wide}", "Pears"),
        ("# {braces} and {2}", "{braces} and {2}"),
    ],
)
def test_titles_have_no_attributes(source: str, title: str, name: str) -> None:
    assert read(source, name).title == title


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("[a](b.md){ .md-button } c", "a c"),
        ('[a](b.md){: target="_blank" rel="x"} c', "a c"),
        ("![Pear](a.png){ width=300 } c", "Pear c"),
        ("`a`{.python} and *b*{: .c} and **d**{#e}", "a and b and d"),
        ("[a](b.md){ data-preview } c", "a c"),
        ("A line {.wide}", "A line"),
        ("A line {: .wide #id}\nb", "A line\nb"),
        ("[small]{.smallcaps} text", "small text"),
        (':material-check:{ style="color: red" } Yes', " Yes"),
    ],
)
def test_attributes_after_markup_and_at_line_ends_vanish(source: str, text: str) -> None:
    assert published(source, "plain") == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("* TOC\n{:toc}\n\na", [("prose", "a")]),
        ("1. Contents\n{: toc .x}\n\na", [("prose", "a")]),
        ("a\n{: .note}\nb", [("prose", "a"), ("prose", "b")]),
        ("{.note}\n> a", [("prose", "a")]),
        ("a\n{width=300}", [("prose", "a")]),
        ('{::options parse_block_html="true" /}\na', [("prose", "a")]),
        ("{::comment}\nhidden\n\nhidden\n{:/comment}\na", [("prose", "a")]),
        ("{::comment}\nnever closed", [("prose", "never closed")]),
    ],
)
def test_attributes_in_a_line_of_their_own(source: str, expected: list[tuple[str, str]]) -> None:
    assert segments(source, "plain") == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "source",
    [
        '{"a": 1, "b": {"c": 2}}',
        "a {.x} b and {#y} c",
        r"\newcommand{\x}[1]{#1}",
        r"\frac{1}{.5} and \ref{fig}",
        "f(x){a=1} and {x}",
        'println!("{:?} {:.2} {:#x} is")',
        "/DISASM{:[BYTES|NOBYTES]}",
    ],
)
def test_other_braces_stay(source: str, name: str) -> None:
    assert published(source, name) == source.replace("\\[", "[")


@pytest.mark.parametrize("source", ["`{#a}`", "$x${#a}", "```\n# A {#a}\n```", "$$\nx {.y}\n$$", "    a {.b}"])
def test_code_and_mathematics_keep_braces(source: str) -> None:
    assert "{" in published(source, "plain")


def test_a_link_keeps_its_target_and_title() -> None:
    assert targets("[Pear](pear.md){ .md-button }") == [("pear.md", "path", "Pear", 0)]
