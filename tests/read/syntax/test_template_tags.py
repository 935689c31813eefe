"""Shortcodes and Liquid tags: hidden, with the links in them."""

import pytest

from tests.read.texts import published, targets


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
        ('[b]({{< ref "p/b.md#x" >}}) {{% relref "/c" %}}', [("p/b.md", "reference", "b"), ("/c", "reference", None)]),
        ('{{< ref `a b.md` >}}{{< relref path="c.md" >}}', [("a", "reference", None), ("c.md", "reference", None)]),
        ('[x]({{< ref "#own" >}})', [("", "reference", "x")]),
        ("[b]({% post_url 2024-01-02-b %})", [("2024-01-02-b", "reference", "b")]),
        ("[c]({% link _docs/c.md %}#x)", [("/_docs/c.md#x", "path", "c")]),
    ],
)
def test_targets_of_template_tags(source: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert [target[:3] for target in targets(source, "plain")] == expected
