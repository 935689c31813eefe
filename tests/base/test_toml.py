"""TOML is read with limits, and every error of it is one kind of error with a line."""

import resource

import pytest

from kg.base.toml import MAX_LENGTH, MAX_STEPS, TomlError, parse_toml

STEPS = ".".join("a" * MAX_STEPS)


def test_values_are_those_of_tomllib() -> None:
    assert parse_toml("a = 1\nb.c = 'x'\n[d]\ne = 1.50", parse_float=str) == {
        "a": 1,
        "b": {"c": "x"},
        "d": {"e": "1.50"},
    }


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("a = 1\nb = ", 2, "Invalid value"),
        ("a = 1\nb = [1,\n\n", 2, "Invalid value"),
        ("a = 1" + "0" * 5_000, 1, "a number has thousands of digits"),
        ("a = " + "[" * 100_000, 1, "its values are nested too deep"),
        ("\na = '\1'", 2, "Found invalid character"),
        ("\n#" + "x" * MAX_LENGTH, 1, f"it has {MAX_LENGTH + 2:,} characters, over the limit of {MAX_LENGTH:,}"),
    ],
)
def test_an_error_has_a_line(source: str, line: int, reason: str) -> None:
    with pytest.raises(TomlError) as caught:
        parse_toml(source)
    assert caught.value.reason.startswith(reason)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "source",
    [
        f"{STEPS}.a = 1",
        f"[{STEPS}.a]",
        f"[[ {STEPS} . a ]]",
        f"a = {{ {STEPS}.a = 1 }}",
        f'\'x\' . "y\\"".{STEPS} = 1',
        '"""\n"""' + f" = 1\n{STEPS}.a = 1",
        ".".join("a" * 50_000) + " = 1",
    ],
)
def test_a_dotted_key_of_too_many_steps_is_an_error(source: str) -> None:
    with pytest.raises(TomlError, match=f"a dotted key has more than {MAX_STEPS} steps") as caught:
        parse_toml(f"x = 1\n{source}\n")
    assert caught.value.line == source[: source.find("a.a")].count("\n") + 2
    assert "(at line " not in caught.value.reason


@pytest.mark.parametrize(
    "source",
    [
        f"{STEPS} = 1",
        f"a = '{STEPS}.a'",
        f'a = "x\\" {STEPS}.a"',
        f'a = """\n" {STEPS}.a\n\\"\n"""',
        f"a = '''\n'{STEPS}.a\n'''",
        f"a = 1 # {STEPS}.a",
        "a = [" + "1.5, " * 100 + "]",
    ],
)
def test_what_is_no_such_key_is_none(source: str) -> None:
    assert list(parse_toml(source)) == ["a"]


def test_a_document_within_the_limits_takes_a_bounded_amount_of_memory() -> None:
    lines = (f"b{number}.{STEPS[:-4]} = 1" for number in range(100_000))
    source = "\n".join(lines)[:MAX_LENGTH].rpartition("\n")[0]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(parse_toml(source)) > 10_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000  # kilobytes


@pytest.mark.parametrize("mark", ['"""', "'''", '"', "'", "\\", '"\\', "a.", "'a'.", "#", '""\\"', "a-"])
def test_a_search_of_any_text_ends_soon(mark: str) -> None:
    with pytest.raises(TomlError):
        parse_toml("a = 1\n" + mark * (200_000 // len(mark)) + "\0")
