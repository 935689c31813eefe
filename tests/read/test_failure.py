"""An error that nobody foresaw becomes a problem of the file."""

import pytest

from kg.base.model import Severity
from kg.read.failure import failure
from kg.read.frontmatter import split


def raised(*arguments: object) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        split(*arguments)
    return caught.value


def test_the_problem_names_the_file_the_error_and_its_place_in_kg() -> None:
    problem = failure("a/b.md", raised(5))
    assert (problem.severity, problem.code, problem.file, problem.line) == (Severity.ERROR, "internal", "a/b.md", 1)
    assert problem.message.startswith("kg failed on this file (TypeError: ")
    assert ", in kg/read/frontmatter.py, line " in problem.message
    assert problem.message.endswith("so it is left out: this is a fault of kg, please report it")


@pytest.mark.parametrize(
    ("error", "said"), [(ValueError("one\n  two"), "(ValueError: one two)"), (KeyError(), "(KeyError)")]
)
def test_the_message_is_one_line(error: Exception, said: str) -> None:
    assert f"kg failed on this file {said}, so it" in failure("a.md", error).message


def test_a_long_error_is_cut() -> None:
    assert len(failure("a.md", ValueError("x" * 100_000)).message) < 400


def test_a_lack_of_memory_is_no_fault_of_the_file() -> None:
    with pytest.raises(MemoryError):
        failure("a.md", MemoryError())
