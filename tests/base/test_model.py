"""The order of problems."""

from kg.base.model import Problem, Severity, in_order


def test_errors_come_first_and_notes_last() -> None:
    problems = [
        Problem(severity, "code", file, line, None, "said")
        for severity in (Severity.NOTE, Severity.WARNING, Severity.ERROR)
        for file, line in (("b.md", 1), ("a.md", 9), ("a.md", None))
    ]
    found = [(problem.severity.value, problem.file, problem.line) for problem in in_order(problems)]
    places = [("a.md", None), ("a.md", 9), ("b.md", 1)]
    assert found == [(severity, *place) for severity in ("error", "warning", "note") for place in places]
