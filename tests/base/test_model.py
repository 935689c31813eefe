"""Problems: their order, and one line for many."""

from kg.base.model import Problem, Severity, in_order, said_once


def problem(file: str, message: str = "gone", severity: Severity = Severity.WARNING) -> Problem:
    return Problem(severity, "code", file, 2, None, message)


def test_the_gravest_come_first() -> None:
    severities = [Severity.NOTE, Severity.WARNING, Severity.ERROR]
    assert [one.severity for one in in_order(problem("a.md", severity=severity) for severity in severities)] == [
        Severity.ERROR,
        Severity.WARNING,
        Severity.NOTE,
    ]


def test_many_problems_with_one_message_are_one_with_their_number_and_three_places() -> None:
    same = [problem(f"{name}.md") for name in "abcde"]
    assert [str(one) for one in said_once([*same, problem("f.md", "other")])] == [
        ".: gone (5 times: a.md:2, b.md:2, c.md:2, ...)",
        "f.md:2: other",
    ]


def test_a_few_problems_and_problems_of_other_severities_stay_apart() -> None:
    few = [problem(f"{name}.md") for name in "abc"] + [problem("d.md", severity=Severity.ERROR)]
    assert said_once(few) == few
