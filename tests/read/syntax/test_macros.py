"""Macros in double braces: a cross-reference shows its words, other macros show nothing."""

import pytest

from tests.read.texts import published


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('A {{Glossary("branch")}} breaks.', "A branch breaks."),
        ('{{domxref("Saw.cut()", "cut()")}} and {{jsxref("Array.map()")}}', "cut() and Array.map()"),
        ("{{ CSSxRef('leaf-color', 'the colour') }}", "the colour"),
        ('{{cssxref("leaf", "", "#syntax")}}', "leaf"),
        ('{{HTMLElement("a")}} {{htmlelement("a", "anchor")}}', "<a> anchor"),
        ('{{RFC(2119, "x")}} {{rfc("2119")}}', "RFC x RFC 2119"),
        ('a {{ToolSidebar("Saws")}} b', "a  b"),
        ('{{EmbedLiveSample("Result", 600, 120)}}', ""),
        ("{{Compat}} {{Specifications}} {{APIRef}} {{deprecated_inline}} {{HTMLSidebar}}", "    "),
        ('{{AvailableInWorkers("window")}}', ""),
        ('{{Glossary("a",\n  "b c")}} d', "b c\n d"),
        ('`{{Glossary("x")}}`', '{{Glossary("x")}}'),
        ("{{ name }} {{Name}} {{a.b}} {{f(}}", "{{ name }} {{Name}} {{a.b}} {{f(}}"),
    ],
)
def test_what_a_macro_shows(source: str, text: str) -> None:
    assert published(source, "plain") == text
