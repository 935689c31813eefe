"""Read marks around words that are not part of Markdown: `==mark==`, `++ins++`, `H~2~O`, `x^2^`, and CriticMarkup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from kg.read.syntax.extension import Extension, Markup, Piece


def around(before: int, after: int) -> Callable[[re.Match[str]], Iterator[Piece]]:
    """Return a reader that hides the first `before` and the last `after` characters of a match."""

    def read(match: re.Match[str]) -> Iterator[Piece]:
        yield Markup(match.start(), match.start() + before)
        yield Markup(match.end() - after, match.end())

    return read


def _replacement(match: re.Match[str]) -> Iterator[Piece]:
    """Hide the old text of `{~~old~>new~~}`."""
    yield Markup(match.start(), match.start() + match[0].index("~>") + 2)
    yield Markup(match.end() - 3, match.end())


def _between(mark: str, content: str) -> str:
    return rf"{mark}(?=[^\s{mark[-1]}]){content}(?<=[^\s{mark[-1]}]){mark}"


INLINE_MARKS: Final = (
    Extension("inserted", "{", r"\{\+\+[^{}\n]+\+\+\}", around(3, 3), is_container=True),
    Extension("marked", "{", r"\{==[^{}\n]+==\}", around(3, 3), is_container=True),
    Extension("replaced", "{", r"\{~~[^{}~\n]*~>[^{}\n]*~~\}", _replacement, is_container=True),
    Extension("deleted", "{", r"\{--[^{}\n]+--\}|\{>>[^{}\n]+<<\}"),
    Extension("highlight", "=", r"==(?<![=\w\\]==)(?=[^\s=])(?:(?!==)[^\n])*(?<=\S)==(?![=\w])", around(2, 2), True),
    Extension("keys", "+", r"\+\+(?<![\w+\\]\+\+)[\w\"'-]+(?:\+[\w\"'-]+)*\+\+(?![\w+])", around(2, 2)),
    Extension(
        "underlined",
        "+",
        r"\+\+(?<![\w+\\]\+\+)(?=\w\w)[^+\n]+(?<=\w\w)\+\+(?![\w+])",
        around(2, 2),
        is_container=True,
    ),
    Extension("superscript", "^", r"\^(?<=[\w)]\^)[\w+\u2212-]{1,20}\^(?![\w^])", around(1, 1)),
    Extension("subscript", "~", r"~(?<=[\w)]~)[\w+\u2212-]{1,20}~(?!~)", around(1, 1)),
    Extension(
        "struck", "~", r"~(?<![\w~/\\]~)(?=[^\s~/])[^~\n]*(?<=[^\s/])~(?![\w~/])", around(1, 1), is_container=True
    ),
)
"""The marks of Pandoc, Python-Markdown, GitHub and others. The words are published, except deleted words."""
