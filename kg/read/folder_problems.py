"""Problems that concern many files of a folder and are reported only once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kg.base.model import Problem, Severity

DRAFT: Final = "draft"
EMPTY: Final = "empty"
DUPLICATE: Final = "duplicate-url"
_MAX_NAMES: Final = 3
"""Maximum number of drafts that the warning names."""


def with_drafts_said_once(problems: Iterable[Problem]) -> list[Problem]:
    """Return `problems` with a single warning about all drafts in place of one warning for each draft."""
    result: list[Problem] = []
    drafts: list[str] = []
    for problem in problems:
        if problem.code == DRAFT:
            drafts.append(problem.file)
        else:
            result.append(problem)
    if drafts:
        named = ", ".join(sorted(drafts)[:_MAX_NAMES]) + (", ..." if len(drafts) > _MAX_NAMES else "")
        what = "1 draft is" if len(drafts) == 1 else f"{len(drafts):,} drafts are"
        message = f"{what} left out ({named}); set drafts = true in [read] of kg.toml to read drafts"
        result.append(_of_folder(DRAFT, message))
    return result


def reasons_left_out(problems: Iterable[Problem], articles: Iterable[str]) -> dict[str, str]:
    """Return the reason why each file that looks like an article is none. Key: its path. Value: the end of a sentence.

    Args:
        problems: the problems with single files.
        articles: paths of the files that are articles.
    """
    kept = set(articles)
    reasons = {
        DRAFT: "is a draft, which is left out",
        EMPTY: "has no text and is left out",
        DUPLICATE: "is left out, because another article has its address",
    }
    return {
        problem.file: reasons.get(problem.code, "cannot be read")
        for problem in problems
        if problem.file not in kept and problem.severity is not Severity.NOTE
    }


def language_problems(are_english: Sequence[bool]) -> list[Problem]:
    """Return a warning if most articles are not in English.

    Args:
        are_english: for each article, whether it is in English.
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
