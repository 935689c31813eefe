"""Front matter: YAML without guessing, the line of every field, and nothing lost for one mistake."""

import re
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.base.model import Severity
from kg.read.frontmatter import FrontMatterError, is_template, split


def front_matter(yaml: str) -> str:
    return f"---\n{yaml}\n---\ntext\n"


def mistakes(text: str) -> list[tuple[str, int, str]]:
    """The severity, line and message of each mistake in the front matter of a text."""
    return [(found.severity.value, found.line, found.message) for found in split(text).mistakes]


def error_of(yaml: str) -> tuple[str, int, str]:
    with pytest.raises(FrontMatterError) as caught:
        split(f"---\n{yaml}\n---\ntext\n")
    return caught.value.code, caught.value.line, str(caught.value)


def test_values_are_read_as_they_are_written() -> None:
    matter = split(
        "---\nid: 007\ntitle: No\ndate: 2025-01-31\nscore: -1.0\nempty:\ntilde: ~\non: {yes: [1e3, true]}\n---\n"
    )
    assert matter.values == {
        "id": "007",
        "title": "No",
        "date": "2025-01-31",
        "score": "-1.0",
        "empty": None,
        "tilde": None,
        "on": {"yes": ["1e3", "true"]},
    }


def test_every_field_and_every_field_of_a_field_has_its_line() -> None:
    matter = split("---\nid: 1\nseo:\n  title: a\n  deep:\n    er: b\n\nurl: >-\n  /c\n---\n\ntext")
    assert matter.lines == {"id": 2, "seo": 3, "seo.title": 4, "seo.deep": 5, "url": 8}
    assert (matter.body, matter.body_line) == ("\ntext", 11)


def test_empty_lines_may_be_above_it() -> None:
    matter = split("\n \n---\nid: 1\nid: 2\nx: [\n---\n\ntext\n", below_empty_lines=True)
    assert (matter.values["id"], matter.lines["id"], matter.repeated) == ("2", 5, {"id": 5})
    assert (matter.body, matter.body_line, [mistake.line for mistake in matter.mistakes]) == ("\ntext\n", 8, [6])
    assert split("\n+++\nid = 1\n+++\ntext", below_empty_lines=True).values == {"id": "1"}


@pytest.mark.parametrize("text", ["\n---\n\nA rule.\n", "\n\ntext\n\n---\nid: 1\n---\n", "\n"])
def test_empty_lines_above_something_else_are_text(text: str) -> None:
    assert split(text, below_empty_lines=True).body == text


def test_a_repeated_field_is_noted_and_the_last_one_counts() -> None:
    matter = split("---\nid: 1\nseo: {a: 1, a: 2}\nid: 2\n---\n")
    assert matter.values == {"id": "2", "seo": {"a": "2"}}
    assert matter.repeated == {"id": 4, "seo.a": 3}


@pytest.mark.parametrize(
    ("text", "values", "body"),
    [
        ("# Heading\n", {}, "# Heading\n"),
        ("", {}, ""),
        ("---\n---\ntext", {}, "text"),
        ("---\n# title: only a comment\n---\ntext", {}, "text"),
        ("---\n# title: only\n# a comment\n---\ntext", {}, "text"),
        ("---\na: 1\n---", {"a": "1"}, ""),
        ("---  \na: 1\n...\t\ntext\n---\n", {"a": "1"}, "text\n---\n"),
        ("--- a\ntext", {}, "--- a\ntext"),
        ("\n---\na: 1\n---\n", {}, "\n---\na: 1\n---\n"),
        ("---\na: |\n  b\n  ---\n---\ntext", {"a": "b\n---\n"}, "text"),
    ],
)
def test_where_the_front_matter_begins_and_ends(text: str, values: dict[str, object], body: str) -> None:
    assert (split(text).values, split(text).body) == (values, body)
    assert split(text).mistakes == ()


@pytest.mark.parametrize(
    "text",
    [
        "---\nAn ordinary sentence.\n---\nMore.\n",
        "---\n\nA sentence after a rule: with two: colons.\nIt goes on.\n\n---\n\nMore.\n",
        "---\n- one\n- two\n---\n",
        "---\n# Heading\n---\n",
        "---\n\n# Heading\n\nMore: of it.\n",
        "---\nNever closed, and no field.\n",
        "---\n",
        "---\n\n* * *\n",
        "---\n```\ncode: here\n```\n---\n",
        "+++\nA line that is no TOML.\n+++\n",
        "+++\nNever closed.\n",
    ],
)
def test_a_horizontal_rule_is_no_front_matter(text: str) -> None:
    matter = split(text)
    assert (matter.values, matter.body, matter.body_line, matter.mistakes) == ({}, text, 1, ())


@pytest.mark.parametrize(
    ("text", "values", "body", "begins"),
    [
        ("---\na: 1\n\ntext\n", {"a": "1"}, "\ntext\n", 4),
        ("---\na: 1\nb:\n- x\ntext\n", {"a": "1", "b": ["x"]}, "text\n", 5),
        ("---\na: 1\nb:\n- x\n\n- item of the text\n", {"a": "1", "b": ["x"]}, "\n- item of the text\n", 6),
        ("---\na: 1\n\n# Heading\n\ntext: x\n", {"a": "1"}, "\n# Heading\n\ntext: x\n", 4),
        ("---\na: 1\n\nb: 2\n", {"a": "1", "b": "2"}, "", None),
        ("---\na: 1\n\ntext\n\n---\n\nmore\n", {"a": "1"}, "\ntext\n\n---\n\nmore\n", 4),
        ("+++\na = 1\n[b]\nc = 2\n\ntext\n", {"a": "1", "b": {"c": "2"}}, "\ntext\n", 6),
        ("+++\na = 1\n---\n", {"a": "1"}, "---\n", 3),
    ],
)
def test_front_matter_without_an_end_ends_where_the_text_begins(
    text: str, values: dict[str, object], body: str, begins: int | None
) -> None:
    matter = split(text)
    assert (matter.values, matter.body) == (values, body)
    mark = text[:3]
    message = f'the front matter that begins with "{mark}" is not closed by another "{mark}"'
    told = f"; the text is taken to begin in line {begins}" if begins else ""
    assert mistakes(text)[0] == ("warning", 1, message + told)


# Broken YAML


def test_aliases_and_merge_keys_are_followed() -> None:
    matter = split("---\nbase: &b {a: 1, b: 2}\nmore: {<<: *b, b: 3}\nsame: *b\n? 1\n: x\n---\n")
    assert matter.values["more"] == {"a": "1", "b": "3"}
    assert matter.values["same"] == {"a": "1", "b": "2"}
    assert matter.lines["1"] == 5


@pytest.mark.parametrize(
    ("yaml", "line", "problem", "values"),
    [
        ("a: 1\nb: c: d\ne: 2", 3, "mapping values are not allowed in this context", {"a": "1", "b": "c: d", "e": "2"}),
        ("b: [[X]]  [[Y]]", 2, "did not find expected", {"b": "[[X]]  [[Y]]"}),
        ('b: "\\q"\na: 1', 2, "unknown escape character", {"b": "\\q", "a": "1"}),
        ("a: 'it's'", 2, "did not find expected key", {"a": "it's"}),
        ('a: 1\nb: "open\nc: 2', 3, "found unexpected end of stream", {"a": "1", "b": "open", "c": "2"}),
        ("a: *emphasis*", 2, "did not find expected alphabetic", {"a": "*emphasis*"}),
        ("a: 1\nb: *c", 3, "found undefined alias", {"a": "1", "b": "*c"}),
        ("a: @ada", 2, "found character that cannot start any token", {"a": "@ada"}),
        ("a: [x, 'y', @z]", 2, "found character that cannot start any token", {"a": ["x", "y", "@z"]}),
        ("a: [x, y\nb: 1", 2, "did not find expected ',' or ']'", {"a": ["x", "y"], "b": "1"}),
        ("a: [draft] of a talk", 2, "did not find expected", {"a": "[draft] of a talk"}),
        ("a: x\0y", 2, "control characters are not allowed", {"a": "x\0y"}),
        ("é: 1\nb: x\ufffey", 3, "control characters are not allowed", {"é": "1", "b": "x\ufffey"}),
        ("c: é\nb: x\uffffy", 3, "control characters are not allowed", {"c": "é", "b": "x\uffffy"}),
        ("'a': b: c", 2, "mapping values are not allowed", {"a": "b: c"}),
        ("og:title: a: b", 2, "mapping values are not allowed", {"og:title": "a: b"}),
    ],
)
def test_a_broken_line_is_plain_text(yaml: str, line: int, problem: str, values: dict[str, object]) -> None:
    matter = split(front_matter(yaml))
    assert (matter.values, matter.body) == (values, "text\n")
    ((severity, found_line, message),) = mistakes(front_matter(yaml))
    assert (severity, found_line) == ("warning", line)
    assert message.startswith("broken YAML: ")
    assert problem in message
    assert "; read as plain text: " in message
    assert matter.lines == {name: 2 + [*values].index(name) for name in values}


@pytest.mark.parametrize(
    ("yaml", "line", "treatment", "values"),
    [
        ("a:\n\tb: 1\nc: 2", 3, "left out: a", {"c": "2"}),
        ("a:\n    b: 1\n  c: 2\nd: x: y\ne: z", 4, "read as plain text: d; left out: a", {"d": "x: y", "e": "z"}),
        ("a: 1\n<<: 1", 3, "read as plain text: <<", {"a": "1", "<<": "1"}),
        ("a: x, y\nb:true\nc: 2", 3, "read as plain text: b", {"a": "x, y", "b": "true", "c": "2"}),
        ("a: x: y\nhttps://x.example\nb: 1", 2, "left out: a", {"b": "1"}),
    ],
)
def test_a_broken_field_of_several_lines_is_left_out(
    yaml: str, line: int, treatment: str, values: dict[str, object]
) -> None:
    assert split(front_matter(yaml)).values == values
    ((severity, found_line, message),) = mistakes(front_matter(yaml))
    assert (severity, found_line) == ("warning", line)
    assert message.endswith(f"; {treatment}")


def test_one_message_names_the_broken_fields() -> None:
    yaml = "\n".join(f"field{number}: a: b" for number in range(8))
    ((_, line, message),) = mistakes(front_matter(yaml))
    assert line == 2
    assert message.endswith("read as plain text: field0, field1, field2, field3, field4 and 3 more")
    assert [split(front_matter(yaml)).values[f"field{number}"] for number in range(8)] == ["a: b"] * 8


def test_a_text_in_quotes_that_is_not_closed_costs_no_other_field() -> None:
    yaml = 'title: T\ndescription: "one\ntwo\n  three\ntags: [a]'
    matter = split(front_matter(yaml))
    assert matter.values == {"title": "T", "tags": ["a"]}
    assert matter.body == "text\n"
    assert [found.line for found in matter.mistakes] == [3]


def test_templates_are_no_broken_yaml() -> None:
    yaml = 'a: {{b}}\nc: {{ d }}\ne: <% tp.date.now("YYYY") %>\nf: {% if x %}\ng: [{{h}}, i]\nj: {{date}} {{time}}'
    matter = split(front_matter(yaml))
    assert matter.mistakes == ()
    assert [name for name, value in matter.values.items() if isinstance(value, str) and is_template(value)] == [
        *"acefj"
    ]
    assert matter.values["g"] == ["{{h}}", "i"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{date}}", True),
        ("<% tp.file.title %>", True),
        ("{{date}}-{{time}}", True),
        ("{% if x %}", True),
        ("A note of {{date}}", False),
        ("", False),
        ("{{", False),
    ],
)
def test_what_is_a_template(text: str, expected: bool) -> None:
    assert is_template(text) is expected


@pytest.mark.parametrize(
    ("yaml", "value"),
    [
        ("a: [[2024-03-09]]", "[[2024-03-09]]"),
        ("a: [[Note|a label]]", "[[Note|a label]]"),
        ("a: [[Note: a title]]", "[[Note: a title]]"),
        ("a: [[One, two]]", "[[One, two]]"),
        ("a:\n- [[é X]]\n- b", ["[[é X]]", "b"]),
        ("a: [[[X]], [[Y]]]", ["[[X]]", "[[Y]]"]),
        ("a: {b: [[X]]}", {"b": "[[X]]"}),
        ("a: [[x], y]", [["x"], "y"]),
        ("a: [ [x] ]", [["x"]]),
        ("a:\n- - x", [["x"]]),
    ],
)
def test_an_unquoted_wiki_link_is_a_text(yaml: str, value: object) -> None:
    matter = split(front_matter(yaml))
    assert (matter.values["a"], matter.mistakes) == (value, ())


# Tags


@pytest.mark.parametrize(
    ("yaml", "value"),
    [
        ("a: !!int 12", "12"),
        ("a: !!int 0x1F", "0x1F"),
        ("a: !!float 1", "1"),
        ("a: !!float -.inf", "-.inf"),
        ("a: !!bool yes", "yes"),
        ("a: !!str", ""),
        ("a: !!null ~", None),
        ("a: ! 12", "12"),
        ("a: !!timestamp 2024-01-31", "2024-01-31"),
        ("a: !!timestamp 2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("a: !!binary aGVsbG8=", "aGVsbG8="),
        ("a: !!set {b, c}", {"b": None, "c": None}),
        ("a: !!omap [b: 1]", [{"b": "1"}]),
        ("a: !!pairs [b: 1, b: 2]", [{"b": "1"}, {"b": "2"}]),
        ("a: !!seq [b]", ["b"]),
        ("a: !!map {b: c}", {"b": "c"}),
        ("a: <<", "<<"),
        ("a: =", "="),
    ],
)
def test_a_value_that_fits_its_tag_is_read_as_it_is_written(yaml: str, value: object) -> None:
    matter = split(front_matter(yaml))
    assert (matter.values, matter.mistakes) == ({"a": value}, ())


BAD_TAGS = [
    *("!!bool maybe", "!!int +", "!!int 1.5", "!!int ''", "!!float ''", "!!float x", "!!null x"),
    *("!!timestamp soon", "!!timestamp 2024-13-45", "!!timestamp 2024-02-30", "!!timestamp 2001-12-14t99:99:99"),
    *("!!binary x", "!!binary é", "!!int [1]", "!!bool {b: c}", "!!seq x", "!!map [x]", "!!str [x]", "!!str {x: y}"),
    *("!!set x", "!!omap x", "!!omap {b: c}", "!!omap [x]", "!!pairs [{b: c, d: e}]", "!!merge x", "!!value x"),
    *("!foo", "!foo x", "!!foo x", "!!python/name:os.system"),
    *("!!python/object/apply:os.getcwd []", "!!python/tuple [x]"),
]


@pytest.mark.parametrize("tag", BAD_TAGS)
def test_a_tag_that_does_not_fit_is_one_error_and_costs_one_value(tag: str) -> None:
    matter = split(front_matter(f"title: T\nx: {tag}\nlist:\n- a\n- b:\n  - {tag}\nid: 1"))
    assert matter.values == {"title": "T", "x": None, "list": ["a", {"b": [None]}], "id": "1"}
    assert matter.body == "text\n"
    (mistake,) = matter.mistakes
    assert (mistake.severity, mistake.line, mistake.field) == (Severity.ERROR, 3, "x")
    written = tag.partition(" ")[0]
    message = f"x: the tag {written} does not fit this value or is not known; the value is left out"
    assert mistake.message == f"{message} (and 1 more)"


def test_a_tag_of_a_key_or_of_the_whole_front_matter_costs_nothing() -> None:
    assert split(front_matter("!!int a: 1")).values == {"a": "1"}
    whole = split("---\n!foo\na: 1\n---\n")
    assert whole.values == {"a": "1"}
    assert [found.severity for found in whole.mistakes] == [Severity.ERROR]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["!!int", "!!float", "!!bool", "!!timestamp", "!!null", "!!binary", "!!set", "!x", ""]),
            st.text(st.sampled_from("0123456789+-._:xobeEtTzZ ~[]{},ynaif?&*<'\""), max_size=12),
        ),
        max_size=3,
    )
)
def test_no_tag_raises_anything(pairs: list[tuple[str, str]]) -> None:
    yaml = "\n".join(f"f{number}: {tag} {value}" for number, (tag, value) in enumerate(pairs))
    assert isinstance(split(front_matter(yaml + "\nlast: 1")).body, str)


@given(st.text(st.sampled_from("ab:-# \n\t'\"[]{}|>&*!%@,?\\"), max_size=80))
def test_no_text_is_lost(yaml: str) -> None:
    text = front_matter(yaml)
    matter = split(text)
    assert text.endswith(matter.body)
    assert matter.body.endswith("text\n")


# Limits


LISTS = "a0: &a0 x\n" + "\n".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]" for n in range(1, 10))
MERGES = "a0: &a0 {k: x}\n" + "\n".join(f"a{n}: &a{n} {{<<: [{f'*a{n - 1}, ' * 9}]}}" for n in range(1, 10))
CHAIN = "a0: &a0 [x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 2000))


@pytest.mark.parametrize("yaml", [LISTS, MERGES, CHAIN, "a: &a [*a]", "a: &a {b: *a}", "&a {<<: *a}", "? &a [*a]\n: b"])
def test_aliases_that_expand_without_bound(yaml: str) -> None:
    assert error_of(yaml) == (
        "alias-bomb",
        2,
        f"the front matter has more than {10_001 + len(yaml):,} values once its aliases are written out",
    )


def test_aliases_of_many_broken_fields_expand_to_no_more() -> None:
    fields = "\n".join(f"b{number}: [&a{number} [{'x, ' * 99}], {f'*a{number}, ' * 99}]" for number in range(99))
    assert split(front_matter(fields[: fields.index("b1:")])).values
    code, _, _ = error_of(f"broken: a: b\n{fields}")
    assert code == "alias-bomb"


def test_as_many_values_as_an_author_writes_are_fine() -> None:
    assert len(split("---\na:\n" + "- x\n" * 50_000 + "---\n").values["a"]) == 50_000  # type: ignore[arg-type]


def test_doubling_aliases_are_counted_in_linear_time() -> None:
    begun = time.monotonic()
    error_of("a0: &a0 [x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 20_000)))
    assert time.monotonic() - begun < 30


DEEP = [
    ("a: " + "[" * 10_000 + "]" * 10_000, 2),
    ("b: 1\na: " + "[" * 100_000, 3),
    ("a: " + "{b: " * 10_000, 2),
    ("a:\n" + "\n".join(" " * n + "-" for n in range(1, 10_000)), 102),
    ("\n".join(" " * n + "a:" for n in range(2_000)), 102),
    ("a:\n " + "- " * 100_000 + "x", 3),
    ("? " * 10_000 + "x", 2),
]


def test_deep_nesting_does_not_crash_the_interpreter() -> None:
    script = """
import sys
from kg.read.frontmatter import FrontMatterError, split
for yaml in sys.stdin.read().split("\\0"):
    try:
        split(f"---\\n{yaml}\\n---\\n")
    except FrontMatterError as error:
        print(error.code, error.line)
"""
    sources = "\0".join(yaml for yaml, _ in DEEP)
    done = subprocess.run([sys.executable, "-c", script], input=sources, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"too-deep {line}" for _, line in DEEP]


def test_a_hundred_levels_are_read() -> None:
    value = split(f"---\na: {'[' * 99}x{']' * 99}\n---\n").values["a"]
    for _ in range(97):
        (value,) = value  # type: ignore[misc]
    assert value == "[[x]]"
    assert error_of(f"a: {'[' * 100}x{']' * 100}") == (
        "too-deep",
        2,
        "the front matter is nested more than 100 levels deep",
    )


def test_a_huge_key_is_a_key() -> None:
    key = "k" * 100_000
    assert split(f"---\n? {key}\n: v\n---\n").values == {key: "v"}
    assert split(front_matter(f"{key}: v")).values == {key: "v"}
    assert len(mistakes(front_matter(f"{key}: v"))) == 1


# TOML


def test_toml_is_read_as_text_too() -> None:
    matter = split(
        """+++
title = "A \\"title\\""
id = 007.0
weight = 0x10
draft = true
date = 2024-01-31T10:00:00+01:00
day = 2024-01-31
time = 10:00:00
tags = ["a", "b"]
+++
text
""".replace("007.0", "7.50")
    )
    assert matter.values == {
        "title": 'A "title"',
        "id": "7.50",
        "weight": "16",
        "draft": "true",
        "date": "2024-01-31T10:00:00+01:00",
        "day": "2024-01-31",
        "time": "10:00:00",
        "tags": ["a", "b"],
    }
    assert (matter.body, matter.body_line) == ("text\n", 11)


def test_fields_of_toml_have_their_lines() -> None:
    matter = split('+++\n# first\nid = 1\n\n  date = 2024-01-31\n[seo]\ntitle = "a"\n"odd key" = 1\n[[related]]\n+++\n')
    assert matter.lines == {"id": 3, "date": 5, "seo": 6, "seo.title": 7, "seo.odd key": 8, "related": 9}
    assert split("+++\na.b = 1\n+++\n").lines == {"a.b": 2}


@pytest.mark.parametrize(
    ("toml", "line", "message", "values"),
    [
        ("a = 1\nb = ", 3, "Invalid value; read as plain text: b", {"a": "1", "b": ""}),
        ("b = 2024-02-30\na = 1", 2, "Invalid date or datetime; read as plain text: b", {"b": "2024-02-30", "a": "1"}),
        ('b = "x\na = 1', 2, "Illegal character '\\n'; read as plain text: b", {"b": "x", "a": "1"}),
        ("a = 1\nb = [1,", 3, "Invalid value; read as plain text: b", {"a": "1", "b": ["1", ""]}),
        (
            "a = 1\n[c]\nd = \n[e]\nf = 2",
            4,
            "Invalid value; left out: lines without a name",
            {"a": "1", "e": {"f": "2"}},
        ),
        ("[[c]]\nd = 1\n[[c]]\nd = 2\n[e]\nx = ?", 7, "Invalid value; left out", {"c": [{"d": "1"}, {"d": "2"}]}),
        ("a = 1" + "0" * 5_000, 2, "a number has thousands of digits", {"a": "1" + "0" * 5_000}),
        ("a = " + "[" * 100_000, 2, "its values are nested too deep", None),
        ("a = 1\na = 2", 3, "Cannot overwrite a value", {"a": "2"}),
    ],
)
def test_broken_toml_is_read_field_by_field(
    toml: str, line: int, message: str, values: dict[str, object] | None
) -> None:
    text = f"+++\n{toml}\n+++\ntext\n"
    ((severity, found_line, found_message),) = mistakes(text)
    assert (severity, found_line) == ("warning", line)
    assert found_message.startswith(f"broken TOML: {message}")
    assert "at line" not in found_message
    assert split(text).body == "text\n"
    if values is not None:
        assert split(text).values == values


@pytest.mark.parametrize(
    ("toml", "line", "message"),
    [
        ("a = 1\n" + ".".join("a" * 20_000) + " = 1", 3, "TOML over a limit: a dotted key has more than 20 steps"),
        (
            "a = 1\nb = '" + "x" * 1_000_000 + "'",
            2,
            "TOML over a limit: it has 1,000,013 characters, over the limit of",
        ),
    ],
)
def test_toml_over_a_limit_is_an_error(toml: str, line: int, message: str) -> None:
    with pytest.raises(FrontMatterError, match=re.escape(message)) as caught:
        split(f"+++\n{toml}\n+++\n")
    assert (caught.value.code, caught.value.line) == ("toml", line)


def test_toml_that_is_nested_too_deeply_is_an_error() -> None:
    with pytest.raises(FrontMatterError, match="nested more than 100 levels") as caught:
        split(f"+++\na = {'[' * 200}{']' * 200}\n+++\n")
    assert caught.value.code == "too-deep"
    assert split("+++ a\n").body == "+++ a\n"
