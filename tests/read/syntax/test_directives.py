"""Directives: the title and the text stay, the marks, the type and the options do not."""

import pytest

from tests.read.texts import NAMES, segments, targets


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (":::info\n\nText.\n\n:::", [("prose", "Text.")]),
        (":::tip[Sharp *saws*]\n\nText.\n\n:::\n\nAfter.", [("prose", t) for t in ("Sharp saws", "Text.", "After.")]),
        ("Before\n::: warning Frost\nText\nmore.\n:::\nAfter.", None),
        (':::note{title="Frost" icon=x}\nText\n:::', [("prose", "Frost"), ("prose", "Text")]),
        ("::: details Show {open}\nText\n:::", [("prose", "Show"), ("prose", "Text")]),
        ('::: {.callout-note title="Frost"}\nText\n:::', [("prose", "Frost"), ("prose", "Text")]),
        ("::: {#fig .wide}\nText\n:::", [("prose", "Text")]),
        ("::::tabs\n:::tab[One]\na\n:::\n:::tab[Two]\nb\n:::\n::::", [("prose", t) for t in ("One", "a", "Two", "b")]),
        ("- item\n\n  :::note[Pears]\n  inner\n  :::\n- b", [("item", t) for t in ("item", "Pears", "inner", "b")]),
        ("1. one\n\n   ::: tip\n   inner\n   :::", [("item", "one"), ("item", "inner")]),
        ("> ::: tip Pears\n> inner\n> :::", [("prose", "Pears"), ("prose", "inner")]),
        ("::: mermaid\ngraph *a*\n:::\nb", [("verbatim", "graph *a*"), ("prose", "b")]),
        ("::: orchard.trees.Pear\n    options:\n      members: []\n\nText.", [("prose", "Text.")]),
        ("::video[A frost fan]{id=x}\n\nText.", [("prose", "A frost fan"), ("prose", "Text.")]),
    ],
)
def test_containers(source: str, expected: list[tuple[str, str]] | None) -> None:
    if expected is None:
        expected = [("prose", "Before"), ("prose", "Frost"), ("prose", "Text\nmore."), ("prose", "After.")]
    assert segments(source, "plain") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (":::{note}\nText.\n:::", [("prose", "Text.")]),
        (":::{admonition} A _pear_\n:class: tip\n:name: x\nText.\n:::", [("prose", "A pear"), ("prose", "Text.")]),
        (
            "```{warning} Frost\n---\nclass: tip\n---\nText.\n```\nAfter",
            [("prose", t) for t in ("Frost", "Text.", "After")],
        ),
        ("````{tip}\n```python\na\n```\nText.\n````\nb", [("verbatim", "a"), ("prose", "Text."), ("prose", "b")]),
        (":::{code-block} python\n:linenos:\na = *1*\n:::\nb", [("verbatim", "a = *1*"), ("prose", "b")]),
        (":::{figure} pear.png\n:alt: A pear\nThe pear.\n:::", [("prose", "A pear"), ("prose", "The pear.")]),
        (":::{versionadded} 1.2\nText.\n:::", [("prose", "Text.")]),
        ("```{r}\na\n```", [("verbatim", "a")]),
        ("```{note}\nnever closed", [("prose", "never closed")]),
    ],
)
def test_directives_of_myst(source: str, expected: list[tuple[str, str]]) -> None:
    assert segments(source, "plain") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/// note | Frost\n\nText.\n\n///", [("prose", "Frost"), ("prose", "Text.")]),
        ("/// tip\n    type: x\n\nText.\n///\nAfter.", [("prose", "Text."), ("prose", "After.")]),
        ("/// html | div.wide\nText.\n///", [("prose", "Text.")]),
        ("/// summary of a pear\nText.", [("prose", "/// summary of a pear\nText.")]),
    ],
)
def test_blocks_of_python_markdown(source: str, expected: list[tuple[str, str]]) -> None:
    assert segments(source, "mkdocs") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (':::image type="content" source="a.png" alt-text="A pear.":::', [("prose", "A pear.")]),
        (':::image source="a.png" alt-text="A pear.":::\n\nLong.\n\n:::image-end:::', None),
        ('Press :::image type="icon" source="a.svg"::: or :::no-loc text="Save":::.', [("prose", "Press  or Save.")]),
        ('::: moniker range=">=x"\nText\n::: moniker-end', [("prose", "Text")]),
        (':::code language="py" source="~/a.py" range="1-3":::\n\nText', [("prose", "Text")]),
        (':::row:::\n   :::column span="2":::\n      Text\n      more\n   :::column-end:::\n:::row-end:::', None),
    ],
)
def test_directives_of_microsoft_learn(source: str, expected: list[tuple[str, str]] | None) -> None:
    if expected is None:
        expected = [("prose", "Text\nmore")] if "row" in source else [("prose", "A pear."), ("prose", "Long.")]
    assert segments(source, "plain") == expected


def test_links_in_an_indented_column_are_links() -> None:
    source = (
        ":::row:::\n   :::column:::\n      [Pear](pear.md)\\\n      [Plum](plum.md)\n   :::column-end:::\n:::row-end:::"
    )
    assert [target[0] for target in targets(source)] == ["pear.md", "plum.md"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "source",
    [
        "```\n:::note\n```",
        "    :::note\n    a",
        "`:::note`",
        "std::string::npos and a :: b",
        "a ::: b",
        "$$\n:::x:::\n$$",
    ],
)
def test_what_is_no_directive(source: str, name: str) -> None:
    words = source.replace("`", "").replace("    ", "").strip("\n")
    assert [text for _, text in segments(source, name)] == [words]
