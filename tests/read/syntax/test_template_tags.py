"""Shortcodes and Liquid tags: hidden, with the links in them."""

import pytest

from tests.read.texts import published, segments, targets


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
        ("{{< never closed", "{{< never closed"),
    ],
)
def test_shortcodes_vanish_and_the_text_between_them_stays(source: str, text: str) -> None:
    assert published(source, "hugo") == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a {% include x.html %} b {%- if c -%} d", "a … b  d"),
        ("{% highlight ruby %}\nputs 1\n{% endhighlight %}", "\nputs 1\n"),
        ("{% comment %}\n*b*\n{%endcomment%} c", "\n\n c"),
    ],
)
def test_liquid_vanishes(source: str, text: str) -> None:
    assert published(source, "jekyll") == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[b]({{< relref `/p/My b.md#x y` >}}) c", [("/p/My b.md", "reference", "b")]),
        ('[b]({{< ref "p/b.md#x" >}}) {{% relref "/c" %}}', [("p/b.md", "reference", "b"), ("/c", "reference", None)]),
        (
            '{{< ref `a b.md` >}}{{< relref path="c.md" >}}',
            [("a b.md", "reference", None), ("c.md", "reference", None)],
        ),
        ('[x]({{< ref "#own" >}})', [("", "reference", "x")]),
        ("[b]({% post_url 2024-01-02-b %})", [("2024-01-02-b", "reference", "b")]),
        ("[c]({% link _docs/c.md %}#x)", [("/_docs/c.md#x", "path", "c")]),
    ],
)
def test_targets_of_template_tags(source: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert [target[:3] for target in targets(source, "plain")] == expected


@pytest.mark.parametrize(
    "tag", ["{% include a.html %}", "{% if a %} {%- assign b = 1 -%}", "{{< note >}}", "{{% note\n%}}"]
)
def test_a_line_of_tags_is_no_part_of_a_paragraph(tag: str) -> None:
    source = f"See [roses] and\n{tag}\n[roses]: /roses\n{tag}\n3. Third.\n"
    assert [address for address, *_ in targets(source)] == ["/roses"]
    assert ("item", "Third.") in segments(source, "plain")


@pytest.mark.parametrize("source", ["<ul>\n{% for a in b %}\n    <li>{{ a }}</li>\n</ul>", "    {% raw %}\n    code"])
def test_a_line_of_tags_before_an_indented_line_does_not_make_it_code(source: str) -> None:
    assert published(source, "jekyll").split() == (["{%", "raw", "%}", "code"] if "raw" in source else [])


def test_a_line_of_tags_between_the_rows_of_a_table_does_not_end_it() -> None:
    source = "| a | b |\n|---|---|\n{% if c %}\n| d | e |\n"
    assert [kind for kind, _ in segments(source, "plain")] == ["cell"] * 4


@pytest.mark.parametrize("tool", ["dendron", "jekyll", "mkdocs"])
def test_an_ellipsis_stands_for_a_value_in_a_sentence(tool: str) -> None:
    source = "Barns of {{ product }} keep a loft.\n\n{{ badge }} Lofts."
    assert published(source, tool) == "Barns of … keep a loft.\n\n Lofts."
