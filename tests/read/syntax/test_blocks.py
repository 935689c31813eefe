"""Definition lists, and lines that a reader does not see."""

import pytest

from tests.read.texts import NAMES, published, read, segments, targets


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Pear\n:   A _fruit_\n:   A tree", [("prose", t) for t in ("Pear", "A fruit", "A tree")]),
        ("Pear\n\n: A fruit\n\nText", [("prose", t) for t in ("Pear", "A fruit", "Text")]),
        ("Pear\n:   One\n\n    Two [x](x.md)\n\nText", [("prose", t) for t in ("Pear", "One", "Two x", "Text")]),
        ("Pear\n\n:   - one\n    - two", [("prose", "Pear"), ("item", "one"), ("item", "two")]),
        ("Pear\n\n:   ```\n    a\n    ```", [("prose", "Pear"), ("verbatim", "a")]),
        ('Pear\n\n:   !!! note "Frost"\n        Text', [("prose", t) for t in ("Pear", "Frost", "Text")]),
        (": no term", [("prose", ": no term")]),
    ],
)
def test_definition_lists(source: str, expected: list[tuple[str, str]]) -> None:
    assert segments(source, "plain") == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "line",
    [
        *("[TOC]", "[toc]", "[[_TOC_]]", "[[toc]]", "@[toc]", "${toc}", "{{TOC}}", r"\newpage", r"\tableofcontents"),
        *("*[HTML]: Hyper Text", "[//]: # (a (comment)", "[comment]: <> (x)", '[//]: # "x"', "(the-target)=", "+++"),
        *('--8<-- "pears.md"', "{* ../pears.py hl[1] *}", "{!pears.md!}", "<<< @/pears.js{2}", "@[code](pears.js)"),
        *("<!-- x -->", "{:toc}", "{: .x}", r"\pagebreak", "---\nkey: value\nlist:\n  - x\n---"),
    ],
)
def test_lines_that_a_reader_does_not_see(line: str, name: str) -> None:
    source = f"# Pears\n\nA\n\n{line}\n\nB"
    assert [text for _, text in segments(source, name)] == ["Pears", "A", "B"]
    assert read(source, name).title == "Pears"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a\n\n---\n\nNote: b\n\n---", "a\n\n\n\nNote: b\n\n"),
        (r"a \newpage b", r"a \newpage b"),
        ("    [TOC]", "[TOC]"),
        ("HTML is *[x]: y*", "HTML is [x]: y"),
        ("f(x)= 2", "f(x)= 2"),
    ],
)
def test_lines_that_a_reader_sees(source: str, text: str) -> None:
    assert published(source, "plain") == text


def test_nothing_in_a_comment_is_a_block_or_code() -> None:
    source = "<!-- ```\n:::note\n-->\n\n[a](a.md) :tada: [[B]]\n\n```\ncode\n```\n\n[^1]: [c](c.md)"
    assert [target[0] for target in targets(source)] == ["a.md", "B", "c.md"]
    assert segments(source, "plain") == [("prose", "a 🎉 B"), ("verbatim", "code"), ("prose", "c")]


def test_a_label_that_begins_like_a_comment_is_a_label() -> None:
    assert [address for address, *_ in targets("A [comment system].\n\n[comment system]: a.md\n")] == ["a.md"]
