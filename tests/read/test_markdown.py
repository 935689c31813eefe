"""Markdown -> Part: what is published, cut into segments, with marks."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.base.model import Part, PartName
from kg.read.failure import TooLargeError
from kg.read.markdown import MAX_CHARACTERS, plain_line, read_text, to_part

TAGS = ["<b>", "</b>", "<br>", "<!-- ", " -->", "<div>", "<T>"]
FRAGMENTS = [
    *"ab1 \n\t*_`~$\\[]()<>!#|-+>&;:=",
    "\n\n",
    "\n    ",
    "$$",
    r"\[",
    r"\]",
    r"\(",
    r"\)",
    "```",
    "\n- ",
    "\n1. ",
]
PIECES = [
    "\n# ",
    "\n> ",
    "|\n|-|-|\n|",
    "**",
    "~~",
    "&nbsp;",
    "&#10;",
    "![",
    "](u)",
    '[a]: u "',
    "\ufdd0",
    "é",
    "\r",
    *TAGS,
]


def answer(source: str) -> Part:
    return to_part(PartName.ANSWER, source)


def segments(part: Part) -> list[tuple[str, str]]:
    return [(segment.kind.value, part.text[segment.start : segment.end]) for segment in part.segments]


def marks(part: Part) -> list[tuple[str, str]]:
    return [(mark.kind.value, part.text[mark.start : mark.end]) for mark in part.marks]


markdown = st.text() | st.lists(st.sampled_from(FRAGMENTS + PIECES), max_size=40).map("".join)


@given(markdown, st.sampled_from(PartName))
@settings(max_examples=500, deadline=None)
@example("a\r\nb\rc", PartName.ANSWER)
def test_any_text_keeps_its_line_breaks_and_has_sound_segments_and_marks(source: str, name: PartName) -> None:
    part = to_part(name, source)
    assert part.text.count("\n") == source.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    edge = 0
    for segment in part.segments:
        assert edge <= segment.start < segment.end <= len(part.text)
        edge = segment.end
    for mark in part.marks:
        assert 0 <= mark.start <= mark.end <= len(part.text)


LINES = [
    "{}",
    "# {}",
    "- {}",
    "  - {}",
    "3) {}",
    "> {}",
    "**{}** b",
    "*{}",
    "$x_{}$",
    "|{}|b|",
    "|-|-|",
    "`{}`",
    "    {}",
]
BLOCKS = [
    "<b>{}</b>",
    "<div>",
    "</div>{}",
    "<br>{}<br>",
    "![{}](u)",
    "[{}](u)",
    "```",
    "~~~",
    "$$",
    "{}  ",
    r"{}\ ",
    "===",
    "",
]


@given(st.lists(st.sampled_from(LINES + BLOCKS), max_size=25))
@settings(max_examples=300, deadline=None)
def test_a_word_stays_on_its_line(lines: list[str]) -> None:
    source = [line.format(f"w{number}w") for number, line in enumerate(lines)]
    published = answer("\n".join(source)).text.split("\n")
    for number, line in enumerate(source):
        if f"w{number}w" in line:
            assert f"w{number}w" in published[number]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("# Title\n\nText", "Title\n\nText", [("heading", "Title"), ("prose", "Text")]),
        ("Title\n===", "Title\n", [("heading", "Title")]),
        (
            "- one\n- two\n  - three\n\n  more",
            "- one\n- two\n  - three\n\nmore",
            [("item", "one"), ("item", "two"), ("item", "three"), ("item", "more")],
        ),
        ("3) a\n4) b", "3) a\n4) b", [("item", "a"), ("item", "b")]),
        ("- # A\n- b", "- A\n- b", [("heading", "A"), ("item", "b")]),
        ("> quote\n> two", "quote\ntwo", [("prose", "quote\ntwo")]),
        ("> - a\n\nb", "- a\n\nb", [("item", "a"), ("prose", "b")]),
        ("a  \nb\\\nc", "a\nb\nc", [("prose", "a\nb\nc")]),
        ("one\n\n* * *\n\ntwo", "one\n\n\n\ntwo", [("prose", "one"), ("prose", "two")]),
        ("```py\n$x$\n\nb\n```\nafter", "\n$x$\n\nb\n\nafter", [("verbatim", "$x$\n\nb"), ("prose", "after")]),
        ("- ```\n  x\n  ```", "- \nx\n", [("verbatim", "x")]),
        ("    code\n    more\n\ntext", "code\nmore\n\ntext", [("verbatim", "code\nmore"), ("prose", "text")]),
        ("```", "", []),
        ("[a]\n\n[a]: u", "a\n\n", [("prose", "a")]),
        ("", "", []),
    ],
)
def test_blocks_are_segments(source: str, text: str, expected: list[tuple[str, str]]) -> None:
    part = answer(source)
    assert part.text == text
    assert segments(part) == expected


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("A **bold** and *soft* _word_ ~~gone~~.", "A bold and soft word gone.", [("bold", "bold")]),
        ("***both***", "both", [("bold", "both")]),
        ("**Bold:** text", "Bold: text", [("bold", "Bold:")]),
        ("**a** b** c", "a b** c", [("bold", "a")]),
        (r"\*not\* \_soft\_", "*not* _soft_", []),
        ("`while` loop", "while loop", [("code", "while")]),
        ("`` a ` b ``", "a ` b", [("code", "a ` b")]),
        ("**a $x$ `c`**", "a $x$ c", [("math", "$x$"), ("code", "c"), ("bold", "a $x$ c")]),
        ("$x$-intercepts", "$x$-intercepts", [("math", "$x$")]),
        (r"\$5 and \(x_1\), \[not maths\]", r"$5 and \(x_1\), [not maths]", [("math", r"\(x_1\)")]),
        ("$a_1$ and $b_1$ *c*", "$a_1$ and $b_1$ c", [("math", "$a_1$"), ("math", "$b_1$")]),
        ("![alt *text*](u.png)", "alt text", []),
        ("[link **b**](u) <https://a.org/%41>", "link b https://a.org/%41", [("bold", "b")]),
        ("# **B** c", "B c", [("bold", "B")]),
        ("\ufdd0 $x$ \ufdd3", "\ufffd $x$ \ufffd", [("math", "$x$")]),
    ],
)
def test_emphasis_vanishes_and_bold_code_and_mathematics_are_marks(
    source: str, text: str, expected: list[tuple[str, str]]
) -> None:
    part = answer(source)
    assert part.text == text
    assert marks(part) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("before $$x$$ after", [("prose", "before "), ("verbatim", "$$x$$"), ("prose", " after")]),
        ("a\n$$\nx\n\ny\n$$\nb", [("prose", "a\n"), ("verbatim", "$$\nx\n\ny\n$$"), ("prose", "\nb")]),
        (r"- \[x=1\]", [("verbatim", r"\[x=1\]")]),
        ("1. a $$x$$ b", [("item", "a "), ("verbatim", "$$x$$"), ("item", " b")]),
        ("# a $$x$$", [("heading", "a "), ("verbatim", "$$x$$")]),
    ],
)
def test_displayed_mathematics_splits_its_segment(source: str, expected: list[tuple[str, str]]) -> None:
    assert segments(answer(source)) == expected


def test_table_cells_are_segments_and_pipes_in_mathematics_stay() -> None:
    part = answer("| $|x|$ | `c` |\n|---|:-:|\n| **d** | $P(A|B)$ |\n| | e | f |\n\nend")
    assert part.text == "$|x|$\tc\n\nd\t$P(A|B)$\n\te\n\nend"
    assert segments(part) == [
        *(("cell", cell) for cell in ("$|x|$", "c", "d", "$P(A|B)$", "e")),
        ("prose", "end"),
    ]
    assert marks(part) == [("math", "$|x|$"), ("code", "c"), ("bold", "d"), ("math", "$P(A|B)$")]


def test_pipes_in_mathematics_alone_are_no_table() -> None:
    source = "$|a|$\n$|b|$"
    assert segments(answer(source)) == [("prose", source)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a<br>b<br/>c", "a b c"),
        ("<b>a</b> <span class='x'>b</span> H<sub>2</sub>O", "a b H2O"),
        ("vector<int> and Map<String, List<T>>", "vector<int> and Map<String, List<T>>"),
        ("a <!-- hidden --> b", "a  b"),
        ("a <img src='x\ny'> b\nc", "a \n b\nc"),
        ("<div>\n<p>one</p>\n<T> &amp; x < y\n</div>\n\ntwo", "\none\n<T> & x < y\n\n\ntwo"),
        ("<!-- a\n<b> -->\nshown", "\n\nshown"),
        ("<!-- never closed\n\ntext", "<!-- never closed\n\ntext"),
        ("&amp; &eacute; &lt;b&gt; &nosuch;", "& é <b> &nosuch;"),
        ("a&#10;b&#13;c&#12;d&NewLine;e", "a b c d e"),
        ("<p>a&#10;b&#13;c&#12;d&NewLine;e</p>", "a b c d e"),
        ("a&#7;b&#xFFFE;c&#0;d&#xFDD0;e", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("<http://a.org/%0A%07%EF%B7%90%EF%B7%91>", "http://a.org/%0A%07%EF%B7%90%EF%B7%91"),
    ],
)
def test_html_and_entities_in_an_answer(source: str, text: str) -> None:
    assert answer(source).text == text


@pytest.mark.parametrize("source", ["What is <script>?", "<div>block</div>", "Is <b>x</b> bold?", "<!-- a --> x"])
def test_nothing_in_a_question_is_html(source: str) -> None:
    assert to_part(PartName.QUESTION, source).text == source


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("x <!-- $a$ --> $b$ y", "x  $b$ y"),
        ("[a](http://x/$a$) $b$", "a $b$"),
        ("![a]($a$ '$a$') $b$", "a $b$"),
        ("<a title='$a$'>y</a> $b$", "y $b$"),
        ("[$a$]: u\n\n$b$ c", "\n\n$b$ c"),
        ("|a|\n|-|\n|c|$a$|\n\n$b$", "a\n\nc\n\n$b$"),
        ("<!-- $$\na\n$$ -->\n\n$b$\nc", "\n\n\n\n$b$\nc"),
    ],
)
def test_mathematics_that_vanishes_with_its_surroundings_shifts_no_other(source: str, text: str) -> None:
    part = answer(source)
    assert part.text == text
    assert marks(part) == [("math", "$b$")]


def test_the_length_of_a_text_is_limited_but_for_its_code_blocks() -> None:
    words = "word " * (MAX_CHARACTERS // 5)
    code = "```\n" + "code\n" * 100_000 + "```\n"
    assert to_part(PartName.BODY, f"{code}{words[:-10]}\n\n{code}").segments[-1].kind == "verbatim"
    for text in (words + "!", f"{code}{words}\n{code}", "`a` " * (MAX_CHARACTERS // 4 + 1)):
        with pytest.raises(TooLargeError, match="outside code blocks, over the limit of 1,000,000 for one article"):
            to_part(PartName.BODY, text)


def test_where_indented_lines_are_no_code_they_are_read_as_other_lines() -> None:
    source = "# Head\n\t- item\n\t\t- [a](b.md)"
    assert read_text(PartName.BODY, source, ()).targets == ()
    found = read_text(PartName.BODY, source, (), indented_code=False)
    assert ([target.address for target in found.targets], found.part.text) == (["b.md"], "Head\n- item\n  - a")


def test_deep_lists_are_read_to_their_end() -> None:
    source = "\n".join(f"{'  ' * depth}- item {depth}" for depth in range(25)) + "\n- last"
    assert to_part(PartName.BODY, source).text == source


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("the `/home` directory", "the /home directory"),
        ("*Streptococcus pneumoniae*", "Streptococcus pneumoniae"),
        ("**Data** and _drift_", "Data and drift"),
        ("[data drift](https://example.org/drift)", "data drift"),
        ("A* Algorithm", "A* Algorithm"),
        ("$x_1$-coordinates *and* `$x`", "$x_1$-coordinates and $x"),
        ("$10 *billion*", "$10 billion"),
        ("__init__ of `__main__`", "__init__ of __main__"),
        ("bbox_to_anchor", "bbox_to_anchor"),
        ("# `x`", "# x"),
        ("1. `x`", "1. x"),
        ("R&amp;D", "R&D"),
        ("vector<int>", "vector<int>"),
    ],
)
def test_a_line_without_marks(marked: str, plain: str) -> None:
    assert plain_line(marked) == plain
