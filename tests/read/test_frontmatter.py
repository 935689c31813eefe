"""Front matter: YAML without guessing, the line of every field, and one clear problem for whatever is hostile."""

import subprocess
import sys

import pytest

from kg.read.frontmatter import FrontMatterError, split


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
        ("---\n# only a comment\n---\ntext", {}, "text"),
        ("---\na: 1\n---", {"a": "1"}, ""),
        ("---  \na: 1\n...\t\ntext\n---\n", {"a": "1"}, "text\n---\n"),
        ("--- a\ntext", {}, "--- a\ntext"),
        ("\n---\na: 1\n---\n", {}, "\n---\na: 1\n---\n"),
        ("---\na: |\n  b\n  ---\n---\ntext", {"a": "b\n---\n"}, "text"),
        ("---\n? [a]\n: b\n---\ntext", None, None),
    ],
)
def test_where_the_front_matter_begins_and_ends(text: str, values: dict[str, object] | None, body: str | None) -> None:
    if values is None:
        with pytest.raises(FrontMatterError, match="unhashable key"):
            split(text)
    else:
        assert (split(text).values, split(text).body) == (values, body)


def test_aliases_and_merge_keys_are_followed() -> None:
    matter = split("---\nbase: &b {a: 1, b: 2}\nmore: {<<: *b, b: 3}\nsame: *b\n? 1\n: x\n---\n")
    assert matter.values["more"] == {"a": "1", "b": "3"}
    assert matter.values["same"] == {"a": "1", "b": "2"}
    assert matter.lines["1"] == 5


@pytest.mark.parametrize(
    ("yaml", "line", "message"),
    [
        ("a: 1\nb: c: d", 3, "mapping values are not allowed"),
        ("a: [1,\n2", 4, "did not find expected"),
        ("a: 1\nb: *c", 3, "undefined alias"),
        ('a: "\\q"', 2, "unknown escape character"),
        ("a: 1\nb: !secret x", 3, "could not determine a constructor for the tag '!secret'"),
        ("a: !!python/object/apply:os.getcwd []", 2, "could not determine a constructor"),
        ("a: !!int many", 2, "invalid literal"),
        ("- a", 2, "not a list of fields"),
        ("just words", 2, "not a list of fields"),
        ("a: 1\nb: x\0y", 3, "control characters are not allowed"),
        ("é: 1\nb: x\ufffey", 3, "control characters are not allowed"),
        ("\U0001f600: é\nb: x\uffffy", 3, "control characters are not allowed"),
        ("a: x\x1by", 2, "control characters are not allowed"),
        ("<<: 1", 2, "expected a mapping or list of mappings"),
    ],
)
def test_broken_yaml_names_its_line(yaml: str, line: int, message: str) -> None:
    code, found_line, found_message = error_of(yaml)
    assert (code, found_line) == ("yaml", line)
    assert message in found_message


def test_front_matter_without_an_end_is_an_error_of_the_first_line() -> None:
    with pytest.raises(FrontMatterError, match='not closed by another "---"') as caught:
        split("---\na: 1\n\ntext\n")
    assert caught.value.line == 1


LISTS = "a0: &a0 x\n" + "\n".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]" for n in range(1, 10))
MERGES = "a0: &a0 {k: x}\n" + "\n".join(f"a{n}: &a{n} {{<<: [{f'*a{n - 1}, ' * 9}]}}" for n in range(1, 10))
CHAIN = "a0: &a0 [x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 2000))


@pytest.mark.parametrize("yaml", [LISTS, MERGES, CHAIN, "a: &a [*a]", "a: &a {b: *a}", "&a {<<: *a}", "? &a [*a]\n: b"])
def test_aliases_that_expand_without_bound(yaml: str) -> None:
    assert error_of(yaml) == (
        "alias-bomb",
        2,
        "the front matter has more than 10,000 values once its aliases are written out",
    )


def test_as_many_values_as_an_author_writes_are_fine() -> None:
    assert len(split("---\na:\n" + "- x\n" * 9_000 + "---\n").values["a"]) == 9_000  # type: ignore[arg-type]


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
    for _ in range(99):
        (value,) = value  # type: ignore[misc]
    assert value == "x"
    assert error_of(f"a: {'[' * 100}x{']' * 100}") == (
        "too-deep",
        2,
        "the front matter is nested more than 100 levels deep",
    )


def test_a_huge_key_is_a_key() -> None:
    key = "k" * 100_000
    assert split(f"---\n? {key}\n: v\n---\n").values == {key: "v"}
    assert error_of(f"{key}: v")[0] == "yaml"


# TOML


def toml_error(toml: str) -> tuple[str, int, str]:
    with pytest.raises(FrontMatterError) as caught:
        split(f"+++\n{toml}\n+++\ntext\n")
    return caught.value.code, caught.value.line, str(caught.value)


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
    ("toml", "line", "message"),
    [
        ("a = 1\nb = ", 3, "broken TOML: Invalid value"),
        ("a = 1\na = 2", 3, "broken TOML: Cannot overwrite a value"),
        ('a = "x\nb = 1"', 2, "broken TOML: Illegal character"),
        ("a = 1\nb = [1,", 3, "broken TOML: Invalid value"),
        ("a = 2024-02-30", 2, "broken TOML: Invalid date or datetime"),
        ("a = 1" + "0" * 5_000, 2, "broken TOML: Exceeds the limit"),
        ("a = 1\n" + ".".join("a" * 20_000) + " = 1", 3, "broken TOML: a dotted key has more than 20 steps"),
        ("a = 1\nb = '" + "x" * 1_000_000 + "'", 2, "broken TOML: it has 1,000,013 characters, over the limit of"),
        ("a = " + "[" * 100_000, 2, "broken TOML: maximum recursion depth"),
    ],
)
def test_broken_toml_names_its_line(toml: str, line: int, message: str) -> None:
    code, found_line, found_message = toml_error(toml)
    assert (code, found_line) == ("toml", line)
    assert found_message.startswith(message)
    assert "at line" not in found_message


def test_toml_without_an_end_or_without_bound_is_an_error() -> None:
    assert toml_error("a = " + "[" * 200 + "]" * 200)[0] == "too-deep"
    with pytest.raises(FrontMatterError, match=r'that begins with "\+\+\+" is not closed') as caught:
        split("+++\na = 1\n---\n")
    assert (caught.value.code, caught.value.line) == ("toml", 1)
    assert split("+++ a\n").body == "+++ a\n"
