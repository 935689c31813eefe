"""HTML: links, titles, and text without tags."""

import pytest

from tests.read.texts import NAMES, published, read, segments, targets


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('a <a href="b.md">the *b*</a> c', [("b.md", "the b", 0)]),
        ("a\n<a href='/b'>b</a> <a class=x href=c>c</a>", [("/b", "b", 1), ("c", "c", 1)]),
        ('<p>\n<a\n href="b.md?x=1&amp;y=2">b &amp; c</a></p>', [("b.md?x=1&y=2", "b & c", 1)]),
        ('<a href="b.md"><img src="c.png"></a>', [("b.md", None, 0)]),
        ('# <a href="b.md">b</a>', [("b.md", "b", 0)]),
        ('| x |\n|---|\n| <a href="b.md">b</a> |', [("b.md", "b", 2)]),
        ('- <a href="b.md">b</a>\n\n> <a href="c.md">c</a>', [("b.md", "b", 0), ("c.md", "c", 2)]),
        ('x[^1]\n\n[^1]: <a href="b.md">b</a>', [("b.md", "b", 2)]),
        (
            '<details>\n<summary>a</summary>\n\n[b](b.md) <a href="c.md">c</a>\n\n</details>',
            [("b.md", "b", 3), ("c.md", "c", 3)],
        ),
        ('Pear\n: A <a href="b.md">fruit</a>', [("b.md", "fruit", 1)]),
        ('<div markdown="1">\n\n[b](b.md)\n\n</div>', [("b.md", "b", 2)]),
        ('<a href="b.md">never closed', [("b.md", "never closed", 0)]),
        ('<a href="b.md">b <a href="c.md">c</a>', [("b.md", "b", 0), ("c.md", "c", 0)]),
    ],
)
def test_links(source: str, expected: list[tuple[str, str | None, int]], name: str) -> None:
    assert [(address, title, line) for address, _, title, line in targets(source, name)] == expected


@pytest.mark.parametrize(
    "source",
    [
        '<!-- <a href="b.md">b</a> -->',
        '<!--\n<a href="b.md">b</a>\n-->',
        '`<a href="b.md">b</a>`',
        '```\n<a href="b.md">b</a>\n```',
        '    <a href="b.md">b</a>',
        '<img src="b.md"> <link href="b.md"> <area href="b.md">',
        '<a name="b"></a> <a id="c">c</a>',
        "<script>\nx = '<a href=\"b.md\">b</a>'\n</script>",
    ],
)
def test_what_is_no_link(source: str) -> None:
    assert targets(source) == []


def test_the_address_of_a_link_may_be_a_template_tag() -> None:
    assert targets('<p><a href="{% link b.md %}">b</a></p>') == [("/b.md", "path", "b", 0)]


@pytest.mark.parametrize(
    ("source", "title", "level"),
    [
        ('<h1 align="center">A <b>pear</b></h1>\n\nText', "A pear", 1),
        ('<p align="center"><img src="x.png"></p>\n<h1>\n  A pear<br>\n</h1>\n<p>Text</p>', "A pear", 1),
        ("<h2>A pear</h2>", "A pear", 2),
        ('<h1 align="center">\n\nA *pear*\n\n</h1>', "A pear", 1),
        ("<h1><img src=x></h1>\n\n# A pear", "A pear", 1),
        ("<p>Text</p>\n<h1>A pear</h1>", None, 0),
        ("Text\n\n<h1>A pear</h1>", None, 0),
    ],
)
def test_a_heading_in_html_can_be_the_title(source: str, title: str | None, level: int) -> None:
    text = read(source, "plain")
    assert (text.title and " ".join(text.title.split()), text.title_level) == (title, level)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<table><tr><td>a</td><td>b</td></tr></table>", [("prose", "a"), ("prose", "b")]),
        ("<p>a<br>b</p>", [("prose", "a"), ("prose", "b")]),
        ("<h2>Pears</h2>\n<p>Text &amp; more</p>", [("heading", "Pears"), ("prose", "Text & more")]),
        ("<style>\n.a { b: c }\n</style>\n\nText", [("prose", "Text")]),
        ("<script setup>\nif (a < b && c > d) e()\n</script>\nText", [("prose", "Text")]),
        ('<div>\n<select><option value="x">Pears</option></select>\n</div>', [("prose", "Pears")]),
        ('<pear-tree kind="a > b"></pear-tree> Text', [("prose", " Text")]),
        ("<div>vector<int> and <T></div>", [("prose", "vector<int> and <T>")]),
        ("git clone <object> and Map<String, T>", [("prose", "git clone <object> and Map<String, T>")]),
    ],
)
def test_text_of_html(source: str, expected: list[tuple[str, str]]) -> None:
    assert segments(source, "plain") == expected


@pytest.mark.parametrize("name", ["mkdocs", "jekyll"])
@pytest.mark.parametrize(
    ("source", "text", "links"),
    [
        ("<div markdown>\n[b](b.md) and *c*\n</div>", "b and c", ["b.md"]),
        ('<div markdown="1">\n- [b](b.md)\n- *c*\n</div>', "- b\n- c", ["b.md"]),
        ("a\n<figure class=\"x\" markdown='span'>\n  ![C](c.png)\n</figure>", "a\n\nC", []),
        ("<p markdown=1>[b](b.md)</p>", "b", ["b.md"]),
        ('<p markdown="0">[b](b.md)</p>', "[b](b.md)", []),
        ('<p title="a markdown text">[b](b.md)</p>', "[b](b.md)", []),
        ("<p>[b](b.md)</p>", "[b](b.md)", []),
    ],
)
def test_an_element_with_the_attribute_markdown_has_markdown(
    source: str, text: str, links: list[str], name: str
) -> None:
    assert published(source, name).strip() == text
    assert [address for address, *_ in targets(source, name)] == links


def test_no_break_spaces_are_spaces_and_keep_the_cells_of_a_table() -> None:
    assert published("&nbsp;|a\n--|--\n&nbsp;b&nbsp;|c", "plain") == " \ta\n\n b \tc"


@pytest.mark.parametrize("source", ["- [ ] a\n- [x] b", "1. [X] a\n2. [ ] b"])
def test_marks_of_tasks_are_no_text(source: str) -> None:
    assert segments(source, "plain") == [("item", "a"), ("item", "b")]


def test_other_brackets_in_items_stay() -> None:
    assert segments("- a [ ] b\n- [y] c\n\n[x] d", "plain") == [
        ("item", "a [ ] b"),
        ("item", "[y] c"),
        ("prose", "[x] d"),
    ]
