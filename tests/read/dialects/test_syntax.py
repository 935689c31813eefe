"""What Obsidian, Hugo, Jekyll and MkDocs write beyond Markdown: what is published of it, and which links are in it."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.base.model import PartName
from kg.read.dialects.syntax import masked, unwrapped, wiki_names, wiki_target
from kg.read.markdown import Text, read_text
from tests.read.test_markdown import FRAGMENTS, PIECES

TOOLS = ["plain", "obsidian", "hugo", "jekyll", "mkdocs"]
SYNTAX = [
    *("[[", "]]", "![[", "|", "\\|", "#", "^", "%%", "==", "#tag", " ^id", "a/b", "name", "x.md", "{", "}", '"'),
    *("{{<", ">}}", "{{%", "%}}", "{{", "}}", "{%", "%}", 'ref "x.md"', "link x.md", "post_url x", "{#id}", "{: .c}"),
    *("highlight", "endhighlight", "comment", "endcomment", "{% highlight r %}", "{% endhighlight %}", "[a](", ")"),
    *("\n!!! note", ' "Title"', "\n??? tip", '\n=== "Tab"', "\n> [!note] ", "\n    ", "\n        ", "\n", "\ufddb"),
]


def read(source: str, tool: str) -> Text:
    return read_text(PartName.BODY, source, tool)


def targets(source: str, tool: str = "plain") -> list[tuple[str, str, str | None, int]]:
    return [(t.address, t.kind.value, t.title, t.line) for t in read(source, tool).targets]


def segments(source: str, tool: str) -> list[tuple[str, str]]:
    part = read(source, tool).part
    return [(segment.kind.value, part.text[segment.start : segment.end]) for segment in part.segments]


anything = st.lists(st.sampled_from(FRAGMENTS + PIECES + SYNTAX), max_size=40).map("".join)


@given(st.text() | anything, st.sampled_from(TOOLS))
@settings(max_examples=800, deadline=None)
@example("!!! a\n    b\n\n     c", "mkdocs")
@example("[{{<ref x>}}](u) [[a|{{<ref y>}}]]", "hugo")
def test_any_text_keeps_its_line_breaks_and_has_sound_segments_marks_and_targets(source: str, tool: str) -> None:
    found = read(source, tool)
    part = found.part
    lines = source.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert part.text.count("\n") == lines
    assert not {c for c in part.text if "\ufdd0" <= c <= "\ufddb"}
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
        "a [[x|{}]] ^id",
        "=={}==",
        "#{}",
        "{{{{< x >}}}} {}",
        "{{% x %}} {}",
        "[{}](u)",
    ),
]


@given(st.lists(st.sampled_from(LINES), max_size=25), st.sampled_from(TOOLS))
@settings(max_examples=300, deadline=None)
def test_a_word_stays_on_its_line(lines: list[str], tool: str) -> None:
    source = [line.format(f"w{number}w") if "{}" in line else line for number, line in enumerate(lines)]
    published = read("\n".join(source), tool).part.text.split("\n")
    for number, line in enumerate(source):
        if f"w{number}w" in line:
            assert f"w{number}w" in published[number]


@pytest.mark.parametrize(
    ("source", "text", "target"),
    [
        ("[[Note]]", "Note", ("Note", "Note")),
        ("[[Note|the label]]", "the label", ("Note", "Note")),
        ("[[folder/Note]]", "folder/Note", ("folder/Note", "Note")),
        ("[[Note#A heading]]", "Note > A heading", ("Note", "Note")),
        ("[[Note#A#B]]", "Note > A > B", ("Note", "Note")),
        ("[[Note#^block]]", "Note", ("Note", "Note")),
        ("[[Note#A|label]]", "label", ("Note", "Note")),
        ("[[#Own heading]]", "Own heading", None),
        ("[[#^block|x]]", "x", None),
        ("[[Café au lait]]", "Café au lait", ("Café au lait", "Café au lait")),
        ("[[Note.md]]", "Note.md", ("Note.md", "Note.md")),
        ("[[Node.js]]", "Node.js", ("Node.js", "Node.js")),
        ("[[paper.pdf]]", "paper.pdf", None),
        ("![[Note]]", "", ("Note", "Note")),
        ("![[Note#A|300]]", "", ("Note", "Note")),
        ("![[image.png|300x200]]", "", None),
        ("![[a/Sound.MP3]]", "", None),
        ("|a|\n|-|\n|[[b\\|c]]|", "a\n\nc", ("b", "b")),
        ("**[[Note]]**", "Note", ("Note", "Note")),
        ("# [[Note]]", "Note", ("Note", "Note")),
    ],
)
@pytest.mark.parametrize("tool", TOOLS)
def test_wiki_links_leave_their_words(source: str, text: str, target: tuple[str, str] | None, tool: str) -> None:
    assert read(source, tool).part.text == text
    assert [(address, title) for address, kind, title, _ in targets(source, tool)] == ([target] if target else [])


@pytest.mark.parametrize(
    "source",
    [
        "[[1, 2]] [[3]]",
        "[[ -f file ]]",
        "\\[[Note]]",
        "`[[Note]]`",
        "```\n[[Note]]\n```",
        "    [[Note]]",
        "$[[A]]$",
        "$$\n[[A]]\n$$",
        "<!-- [[Note]] -->",
        "[[a\nb]]",
        "[[]]",
        "[[docs]](https://example.org)",
    ],
)
def test_what_is_no_wiki_link(source: str) -> None:
    assert [target for target in targets(source, "obsidian") if target[1] == "name"] == []


def test_wiki_links_in_a_markdown_files_body_are_found_outside_code() -> None:
    assert list(wiki_names("text [[Note]]")) == ["Note"]
    assert list(wiki_names("---\na: b\n---\n![[a/Note#b]] [[#own]] [[x.png]]")) == ["a/Note"]
    assert list(wiki_names("---\na: '[[Note]]'\n---\ntext `[[Note]]`\n\n```\n[[Note]]\n```\n[[1, 2]]")) == []
    target = wiki_target("[[a/Note|x]]")
    assert target is not None
    assert (target.address, target.title) == ("a/Note", "Note")
    assert wiki_target("see [[Note]]") is None


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#bread and #bread/rye, #a-b_c #été", ["bread", "bread/rye", "a-b_c", "été"]),
        ("- #item\n> #quote\n# Head #head", ["item", "quote", "head"]),
        ("#123 #2024-01 #1a c#d (#e) a\\#f \\#g # h ##i", ["2024-01", "1a"]),
        ("`#a` $#b$ [x](#c) <a href='#d'> https://e.org/#f", []),
        ("```\n#a\n```\n\n    #b", []),
        ("%% #a %% #b/", ["b"]),
    ],
)
def test_tags_of_a_vault(source: str, tags: list[str]) -> None:
    assert list(read(source, "obsidian").tags) == tags
    assert read(source, "plain").tags == ()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a %%hidden%% b", "a  b"),
        ("a\n%%\nhidden `x` [[y]]\n%%\nb", "a\n\n\n\nb"),
        ("100%% sure", "100%% sure"),
        ("a paragraph. ^abc-1\n\nb", "a paragraph.\n\nb"),
        ("- item ^id\n- two", "- item\n- two"),
        ("|a|\n|-|\n\n^table", "a\n\n\n"),
        ("2 ^ 3 and x^2", "2 ^ 3 and x^2"),
    ],
)
def test_comments_and_block_ids_of_a_vault_are_not_published(source: str, text: str) -> None:
    found = read(source, "obsidian")
    assert (found.part.text, found.targets) == (text, ())


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
    assert read(source, "plain").part.text == text


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
    assert [(kind, text.strip("\n")) for kind, text in segments(source, "obsidian") if text.strip()] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('!!! note "A title"\n    Text.', [("prose", "A title"), ("prose", "Text.")]),
        ("!!! warning\n    Text\n    more.\n\n    Second.", [("prose", "Text\nmore."), ("prose", "Second.")]),
        ('???+ tip inline end "T"\n\n    Text.\n\nafter', [("prose", "T"), ("prose", "Text."), ("prose", "after")]),
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
    assert [(kind, text.strip("\n")) for kind, text in segments(source, "mkdocs") if text.strip()] == expected


def test_a_text_without_admonitions_is_left_as_it_is() -> None:
    source = "a\n    b\n\n    code !!! x\n> quote"
    assert unwrapped(source) is source


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('a {{< figure src="x.png" title="Y" >}} b', "a  b"),
        ('{{< figure\n  src="x.png" >}}\nb', "\n\nb"),
        ("{{% note %}}\nInner *text*.\n{{% /note %}}", "\nInner text.\n"),
        ("{{</* shown */>}}", "{{</* shown */>}}"),
        ("`{{< x >}}`", "{{< x >}}"),
        ("{{< highlight go >}}\nfunc a()\n\n*b*\n{{< /highlight >}}\nc", "\nfunc a()\n\n*b*\n\nc"),
        ("a {{< comment >}} *b* {{< /comment >}} c", "a  c"),
        ("## Head {#id .class}", "Head"),
        ("{{< never closed", "{{< never closed"),
    ],
)
def test_shortcodes_vanish_and_the_text_between_them_stays(source: str, text: str) -> None:
    assert read(source, "hugo").part.text == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a {% include x.html %} b {%- if c -%} d", "a  b  d"),
        ("{% highlight ruby %}\nputs 1\n{% endhighlight %}", "\nputs 1\n"),
        ("{% raw %}{{ x }}{% endraw %} {{ page.title }}", " "),
        ("{% comment %}\n*b*\n{%endcomment%} c", "\n\n c"),
        ("Text\n{: .lead}\n\n## Head {#id}", "Text\n\n\nHead"),
    ],
)
def test_liquid_vanishes(source: str, text: str) -> None:
    assert read(source, "jekyll").part.text == text


@pytest.mark.parametrize(
    ("source", "tool", "expected"),
    [
        (
            '[b]({{< ref "p/b.md#x" >}}) {{% relref "/c" %}}',
            "hugo",
            [("p/b.md", "reference", "b"), ("/c", "reference", None)],
        ),
        (
            '{{< ref `a b.md` >}}{{< relref path="c.md" >}}',
            "hugo",
            [("a", "reference", None), ("c.md", "reference", None)],
        ),
        ('[x]({{< ref "#own" >}})', "hugo", [("", "path", "x")]),
        ("[b]({% post_url 2024-01-02-b %})", "jekyll", [("2024-01-02-b", "name", "b")]),
        ("[c]({% link _docs/c.md %}#x)", "jekyll", [("/_docs/c.md#x", "path", "c")]),
        ("[c]({{ site.baseurl }}{% link c.md %})", "jekyll", [("/c.md", "path", "c")]),
        ('[d]({{ "/d/" | relative_url }})', "jekyll", [("/d/", "path", "d")]),
        ("[a *b*](../b.md#c) ![no](x.md)", "mkdocs", [("../b.md#c", "path", "a b")]),
        ("[![pic](x.png)](page.md)", "plain", [("page.md", "path", "pic")]),
        (
            "[a][r] and [r]\n\n[r]: <My note.md> 'T'",
            "plain",
            [("My note.md", "path", "a"), ("My note.md", "path", "r")],
        ),
        (
            "[x](My%20note.md) <https://a.org>",
            "plain",
            [("My%20note.md", "path", "x"), ("https://a.org", "path", "https://a.org")],
        ),
        ("`[x](a.md)`\n\n    [x](b.md)\n\n<!-- [x](c.md) -->", "plain", []),
        ("a footnote[^1]\n\n[^1]: Ibid.", "plain", []),
    ],
)
def test_what_links_lead_to(source: str, tool: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert [target[:3] for target in targets(source, tool)] == expected


def test_targets_have_their_lines() -> None:
    source = "# Head\n\n[[a]]\n%% x\ny %%\n$$\n1\n$$\n- [b](b.md)\n  more [[c]]\n\n> [!t] [[d]]\n> [[e]]"
    assert [(address, line) for address, _, _, line in targets(source, "obsidian")] == [
        *(("a", 2), ("b.md", 8), ("c", 9), ("d", 11), ("e", 12))
    ]


def test_the_title_is_the_first_heading_of_the_first_level() -> None:
    assert read("## Two\n\n# The *one*\n\n# Next", "plain").title == "The one"
    assert read("## Two", "plain").title is None


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
    ],
)
@pytest.mark.parametrize("tool", ["obsidian", "hugo", "jekyll"])
def test_hostile_repetition_is_read_in_linear_time(piece: str, tool: str) -> None:
    start = time.perf_counter()
    masked(unwrapped(piece * 100_000), tool)
    assert time.perf_counter() - start < 5
