"""Codes of emoji become emoji, those of icons vanish."""

import pytest

from tests.read.texts import NAMES, published


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("- :runner: Pruning", "- 🏃 Pruning"),
        (":white_check_mark: :+1: :-1:", "✅ 👍 👎"),
        (":tada::heart:", "🎉❤"),
        ("**:rocket:** _:x:_", "🚀 ❌"),
        (":shrug: :us: :running_man:", "🤷 🇺🇸 🏃‍♂️"),
        (":material-saw: Winter :octicons-x-16: :fontawesome-solid-x:", " Winter  "),
        ("[:rocket: Go](a.md)", "🚀 Go"),
        ("| a |\n|---|\n| :x: |", "a\n\n❌"),
    ],
)
def test_codes(source: str, text: str, name: str) -> None:
    assert published(source, name) == text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "source",
    [
        "a:b:c and a:x:b",
        "at 10:30:00 or 10:100:00",
        "std::string::npos, x::key::y",
        "Ruby's :key => :value and :x",
        "see :class: and :orphan:",
        "key: value: other",
        "`:tada:`",
        "$:x:$",
        "[:alpha:]",
    ],
)
def test_what_is_no_code(source: str, name: str) -> None:
    assert published(source, name) == source.strip("`")


def test_codes_in_code_blocks_stay() -> None:
    assert published("```\n:tada:\n```\n\n    :x:", "plain") == "\n:tada:\n\n\n:x:"
