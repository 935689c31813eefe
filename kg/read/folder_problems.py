"""Problems that concern many files of a folder and are reported only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from kg.base.model import Problem, Severity
from kg.base.plural import counted
from kg.read.language import is_same_language, language_name

DRAFT: Final = "draft"
EMPTY: Final = "empty"
DUPLICATE: Final = "duplicate-url"
LEFT_OUT: Final = "left-out"
FILLED: Final = "filled"
"""Code of the problem for a page that a layout fills.

It exists only so that links to such a page do not count as broken.
"""
_FOLDER: Final = "."
"""The path in problems that concern the whole articles folder."""
_MAX_NAMES: Final = 3
"""Maximum number of drafts that are named in the warning."""
_MAX_LANGUAGES: Final = 4
"""Maximum number of languages that are named in the note."""


def with_drafts_said_once(problems: Iterable[Problem]) -> list[Problem]:
    """Return `problems` with a single warning about all drafts in place of one warning for each draft.

    Pages that a layout fills are left out, because nothing is wrong with them.
    """
    result: list[Problem] = []
    drafts: list[str] = []
    for problem in problems:
        if problem.code == DRAFT:
            drafts.append(problem.file)
        elif problem.code != FILLED:
            result.append(problem)
    if drafts:
        named = ", ".join(sorted(drafts)[:_MAX_NAMES]) + (", ..." if len(drafts) > _MAX_NAMES else "")
        what = "1 draft is" if len(drafts) == 1 else f"{len(drafts):,} drafts are"
        message = f"{what} left out ({named}); set drafts = true in [read] of kg.toml to read drafts"
        result.append(_of_folder(Severity.WARNING, DRAFT, message))
    return result


def reasons_left_out(problems: Iterable[Problem], articles: Iterable[str]) -> dict[str, str | None]:
    """Return the reason why each left-out file is not an article. Key: its path. Value: the end of a sentence.

    The value is None for a file that is not meant to be an article, such as a drawing.

    Args:
        problems: the problems with files, and with the folder as a whole, which are ignored.
        articles: paths of the files that are articles.
    """
    reasons: dict[str, str | None] = {
        DRAFT: "is a draft, which is left out",
        EMPTY: "has no text and is left out",
        DUPLICATE: "is left out, because another article has its address",
        LEFT_OUT: None,
        FILLED: None,
    }
    return {file: reasons.get(code, "cannot be read") for file, code in _codes_left_out(problems, articles).items()}


def counts_left_out(problems: Iterable[Problem], articles: Sequence[str], files: int) -> dict[str, int]:
    """Count the files that look like articles but are left out, for each reason.

    The keys are "drafts", "without_text", "same_address", "not_meant" (for files such as drawings) and "unreadable".

    Args:
        problems: all problems.
        articles: paths of the files that are articles.
        files: the number of all files that look like articles.
    """
    keys = {DRAFT: "drafts", EMPTY: "without_text", FILLED: "without_text", DUPLICATE: "same_address"}
    keys[LEFT_OUT] = "not_meant"
    codes = _codes_left_out(problems, articles).values()
    counts = dict.fromkeys([*keys.values(), "unreadable"], 0) | Counter(keys.get(code, "unreadable") for code in codes)
    # A file without a problem is a page without text that its tool fills.
    counts["without_text"] += max(0, files - len(articles) - len(codes))
    return counts


def _codes_left_out(problems: Iterable[Problem], articles: Iterable[str]) -> dict[str, str]:
    """Return the code of the problem for which each file was left out. Key: the path of the file."""
    kept = {_FOLDER, *articles}
    return {
        problem.file: problem.code
        for problem in problems
        if problem.file not in kept and (problem.severity is not Severity.NOTE or problem.code in {LEFT_OUT, FILLED})
    }


def language_problems(languages: Sequence[str], pipeline: str) -> list[Problem]:
    """Return a note if some articles are in a language without a spaCy pipeline.

    Args:
        languages: for each article, the tag of its language.
        pipeline: the tag of the language of the spaCy pipeline.
    """
    counts = Counter(language_name(language) for language in languages if not is_same_language(language, pipeline))
    if not counts:
        return []
    in_order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    total = sum(counts.values())
    if len(in_order) == 1:
        where = in_order[0][0]
    else:
        named = [f"{name} ({count:,})" for name, count in in_order[:_MAX_LANGUAGES]]
        others = sum(count for _, count in in_order[_MAX_LANGUAGES:])
        where = f"{', '.join(named)} or another language ({others:,})" if others else _either(named)
    one = total == 1
    message = (
        f"{counted(total, 'article')} {'is' if one else 'are'} in {where}, for which no spaCy pipeline is set: "
        f"{'its' if one else 'their'} keywords, tags, links and vocabulary matches are used, "
        f"{'its text gives' if one else 'their texts give'} no concepts; set pipeline in [annotate] of kg.toml"
    )
    return [_of_folder(Severity.NOTE, "language", message)]


def _either(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _of_folder(severity: Severity, code: str, message: str) -> Problem:
    return Problem(severity, code, _FOLDER, None, None, message)
