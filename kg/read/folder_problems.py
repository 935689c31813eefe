"""What is so of many files of a folder, said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kg.base.model import Problem, Severity

DRAFT: Final = "draft"
_NAMED: Final = 3


def with_drafts_said_once(problems: Iterable[Problem]) -> list[Problem]:
    """`problems`, in which all drafts are one warning."""
    result: list[Problem] = []
    drafts: list[str] = []
    for problem in problems:
        if problem.code == DRAFT:
            drafts.append(problem.file)
        else:
            result.append(problem)
    if drafts:
        named = ", ".join(sorted(drafts)[:_NAMED]) + (", ..." if len(drafts) > _NAMED else "")
        what = "1 draft is" if len(drafts) == 1 else f"{len(drafts):,} drafts are"
        result.append(_of_folder(DRAFT, f"{what} left out ({named}); drafts = true in [read] of kg.toml takes them"))
    return result


def language_problems(are_english: Sequence[bool]) -> list[Problem]:
    """A warning where most articles are not in English.

    Args:
        are_english: of every article, whether it is.
    """
    foreign = sum(not is_english for is_english in are_english)
    if 2 * foreign <= len(are_english):
        return []
    message = (
        f"{foreign:,} of {len(are_english):,} articles are not in English: links, keywords and subjects are read, but "
        "the tagger and the stop words are English, so concepts will be few and poor"
    )
    return [_of_folder("not-english", message)]


def _of_folder(code: str, message: str) -> Problem:
    return Problem(Severity.WARNING, code, ".", None, None, message)
