"""The constructs of all dialects together: line breaks, links and titles stay, in linear time."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.read.dialects.registry import get_dialect
from kg.read.syntax.blocks import unwrapped
from kg.read.syntax.masking import masked
from tests.read.test_markdown import FRAGMENTS, PIECES
from tests.read.texts import NAMES, published, read, targets

SYNTAX = [
    *("[[", "]]", "![[", "|", "\\|", "#", "^", "%%", "==", "#tag", " ^id", "a/b", "name", "x.md", "{", "}", '"'),
    *("{{<", ">}}", "{{%", "%}}", "{{", "}}", "{%", "%}", 'ref "x.md"', "link x.md", "post_url x", "{#id}", "{: .c}"),
    *("highlight", "endhighlight", "comment", "endcomment", "{% highlight r %}", "{% endhighlight %}", "[a](", ")"),
    *("\n!!! note", ' "Title"', "\n??? tip", '\n=== "Tab"', "\n> [!note] ", "\n    ", "\n        ", "\n", "\ufddb"),
    *(
        "\n:::tip",
        "\n::: x Title",
        "\n:::",
        "[Label]",
        "\n:::{note} ",
        "\n```{tip}",
        "\n/// note | T",
        "\n///",
        "::",
        ":::",
    ),
    *(
        "\n:::row:::\n   :::column:::\n      ",
        ':::image a="b" alt-text="',
        '":::',
        "\n:::{math}",
        "\n:class: x",
        "\n---\n",
    ),
    *(
        "[^1]",
        "\n[^1]: ",
        "[^1]:",
        "^[a note",
        "\n: ",
        "\n:   ",
        "\n\n    ",
        "\n{:toc}",
        "\n* TOC",
        "\n{::comment}",
        "\n{:/}",
    ),
    *(
        "{.c}",
        "{a=1}",
        "{-}",
        "]{.c}",
        "{#",
        ":tada:",
        ":x",
        ":material-x:",
        "~a~",
        "^2^",
        "++b++",
        "{++",
        "++}",
        "{~~",
        "~>",
    ),
    *(
        "{--",
        "--}",
        "[!INCLUDE [",
        "{ref}`",
        "](My note.md)",
        "][",
        "[a][b.c]",
        "\n*[H]: ",
        "\n[TOC]",
        "\n[//]: # (",
        "\\newpage",
    ),
    *(
        "<a href=b>",
        "</a>",
        "<h1>",
        "</h1>",
        "<script>",
        "</script>",
        "<td>",
        "\n<div>",
        "<!--",
        "-->",
        "- [ ] ",
        "![i.png|3](u)",
    ),
]

anything = st.lists(st.sampled_from(FRAGMENTS + PIECES + SYNTAX), max_size=40).map("".join)


@given(st.text() | anything, st.sampled_from(NAMES))
@settings(max_examples=800, deadline=None)
@example("!!! a\n    b\n\n     c", "mkdocs")
@example("[{{<ref x>}}](u) [[a|{{<ref y>}}]]", "hugo")
@example("$$\n:::\n$$\n:   $$\n\n    a\n$$", "plain")
def test_any_text_keeps_its_line_breaks_and_has_sound_segments_marks_and_targets(source: str, tool: str) -> None:
    found = read(source, tool)
    part = found.part
    lines = source.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert part.text.count("\n") == lines
    assert not {c for c in part.text if "\ufdd0" <= c <= "\ufddd"}
    edge = 0
    for segment in part.segments:
        assert edge <= segment.start < segment.end <= len(part.text)
        edge = segment.end
    for mark in part.marks:
        assert 0 <= mark.start <= mark.end <= len(part.text)
    assert [target.line for target in found.targets if not 0 <= target.line <= lines] == []
    assert all(tag and not tag.startswith("#") for tag in found.tags)


LINES = [
    *("{}", "# {}", "- {}", "> {}", "> [!note] {}", "> [!tip]- {}", '!!! note "{}"', "??? tip", '=== "{}"', "    {}"),
    *(
        "        {}",
        "",
        "```",
        "[[{}]]",
        "a [[{0}|{0}]] ^id",
        "=={}==",
        "#{}",
        "{{{{< x >}}}} {}",
        "{{% x %}} {}",
        "[{}](u)",
    ),
    *(
        ":::tip[{}]",
        "::: tip {}",
        ":::",
        "  :::note {}",
        ":::{{note}} {}",
        "```{{tip}} {}",
        "````{{tip}} {}",
        "````",
        "/// tip | {}",
    ),
    *(
        "///",
        ":::row:::",
        "   :::column:::",
        "      {}",
        "[^1]: {}",
        "{} [^1]",
        "{}^[a {} note]",
        ": {}",
        ":   {}",
        "{{: .c}}",
    ),
    *(
        "# {} {{#id}}",
        "{} {{.c}}",
        "* TOC {}",
        "a :tada: {} :x:",
        "H~2~{}",
        "++{}++",
        "{{++{}++}}",
        "[{}](a b.md)",
        "[{}][a.b]",
    ),
    *(
        '<a href="{}">{}</a>',
        "<h1>{}</h1>",
        "<td>{}</td>",
        "<p>{}<br>{}</p>",
        "- [ ] {}",
        "1. [x] {}",
        "[TOC]",
        "[^1]:",
        "---",
    ),
    *("{{ref}}`{}`", ':::image alt-text="{}":::', "~~~~", "<!-- {} -->", "$$", "![{}.png](u)", "::a[{}]{{}}"),
]


HIDING = frozenset({"---", "<!-- {} -->", "* TOC {}", '<a href="{}">{}</a>'})
"""Lines that may hide words: fields between lines, comments, what is before `{:toc}`, and addresses."""


@given(st.lists(st.sampled_from(LINES), max_size=25), st.sampled_from(NAMES))
@settings(max_examples=300, deadline=None)
def test_a_word_stays_on_its_line(lines: list[str], tool: str) -> None:
    source = [line.format(*[f"w{number}w"] * (1 + line.count("{}"))) for number, line in enumerate(lines)]
    text = read("\n".join(source), tool).part.text.split("\n")
    for number, line in enumerate(text):
        assert {int(word) for word in re.findall(r"w(\d+)w", line)} <= {number}
    if not HIDING.intersection(lines):
        for number, line in enumerate(source):
            if f"w{number}w" in line and ".png" not in line:
                assert f"w{number}w" in text[number]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("==lit== and ==two words==", "lit and two words"),
        ("==**bold**, `code` and [[N]]==", "bold, code and N"),
        ("a == b and c == d", "a == b and c == d"),
        ("if a==b or b==c", "if a==b or b==c"),
        ("`==x==` $==x==$", "==x== $==x==$"),
        ("Title\n=====", "Title\n"),
        ("==not\nclosed==", "==not\nclosed=="),
    ],
)
def test_highlights(source: str, text: str) -> None:
    assert published(source, "plain") == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a *b*](../b.md#c) ![no](x.md)", [("../b.md#c", "path", "a b")]),
        ("[![pic](x.png)](page.md)", [("page.md", "path", "pic")]),
        ("[a][r] and [r]\n\n[r]: <My note.md> 'T'", [("My note.md", "path", "a"), ("My note.md", "path", "r")]),
        (
            "[x](My%20note.md) <https://a.org>",
            [("My%20note.md", "path", "x"), ("https://a.org", "path", "https://a.org")],
        ),
        ("`[x](a.md)`\n\n    [x](b.md)\n\n<!-- [x](c.md) -->", []),
        ("a footnote[^1]\n\n[^1]: Ibid.", []),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_targets_of_markdown_links(source: str, name: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert [target[:3] for target in targets(source, name)] == expected


def test_targets_have_their_lines() -> None:
    source = "# Head\n\n[[a]]\n%% x\ny %%\n$$\n1\n$$\n- [b](b.md)\n  more [[c]]\n\n> [!t] [[d]]\n> [[e]]"
    assert [(address, line) for address, _, _, line in targets(source, "obsidian")] == [
        *(("a", 2), ("b.md", 8), ("c", 9), ("d", 11), ("e", 12))
    ]


@pytest.mark.parametrize(
    ("source", "title", "level"),
    [
        ("# The *one*\n\n# Next", "The one", 1),
        ("## Two\n\n# One", "Two", 2),
        ("Text.\n\n# Section", None, 0),
        ("- item\n\n# Section", None, 0),
        ("[![badge](x.svg)](https://x.org) ![y](y.png)\n\n<!-- x -->\n\n# One", "One", 1),
        ("```\ncode\n```\n\n# Section", None, 0),
        ("", None, 0),
    ],
)
def test_the_title_is_a_heading_with_which_the_text_begins(source: str, title: str | None, level: int) -> None:
    text = read(source, "plain")
    assert (text.title, text.title_level) == (title, level)


@pytest.mark.parametrize(
    "piece",
    [
        "[[a",
        "![[",
        "{{<",
        "{%",
        "{% comment %}",
        "==a ",
        "%%",
        " ^a",
        "{#",
        "#",
        "!!! a\n",
        "> [!",
        "{{< highlight >}}",
        " " * 9,
        ":::\n",
        "::: a\n",
        ":::{a}\n",
        ":::{math}\n",
        ":::image ",
        "```{note}\n",
        "/// a\n",
        "[^1]: a\n",
        "[^",
        "[^1]",
        "^[a ",
        ": a\n",
        "a\n: b\n",
        ":a",
        ":tada:",
        "{:",
        "{: .a\n",
        "{#a b",
        "{.a}",
        "{a=1 ",
        "){a=1}",
        "{++",
        "{~~a~>",
        "++aa ",
        "~a",
        "a^2",
        "](a b",
        "](",
        "[a][",
        "[!a [",
        "{a}`",
        "---\na: b\n",
        "<!--\n",
        "a <!-- ",
        "{::comment}\n",
        "*[a]: b\n",
        "- - ",
    ],
)
@pytest.mark.parametrize("tool", NAMES)
def test_hostile_repetition_is_read_in_linear_time(piece: str, tool: str) -> None:
    start = time.process_time()
    masked(unwrapped(piece * 8_000)[0], get_dialect(tool).extensions)
    assert time.process_time() - start < 1
