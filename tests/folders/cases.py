"""Small folders of many kinds, each with what is expected of it: one file, KIND/NAME.toml, for each folder.

README.md, beside this module, describes the form of such a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import inf
from pathlib import Path
from typing import Final, Literal

import msgspec

from kg.base.iris import url_path
from kg.base.model import ParsedArticle, Problem, Severity

CASES_FOLDER: Final = Path(__file__).parent


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a case. A key that is misspelt is an error."""


class Piece(_Table, frozen=True, kw_only=True):
    """A piece of the content of a file: `text`, `times` times. `{n}` in it is the number of the repetition, from 1."""

    text: str
    times: int = 1
    encoding: str = "utf-8"

    def content(self) -> bytes:
        """Return the bytes of the piece."""
        repeated = (self.text.replace("{n}", str(number + 1)) for number in range(self.times))
        return "".join(repeated).encode(self.encoding)


class Article(_Table, frozen=True, kw_only=True):
    """What is expected of an article. None means that nothing is expected, and "" that there is no value.

    `text` and `no_text` are compared with the text on one line, in which each white space is one space.
    """

    url: str | None = None
    title: str | None = None
    date: str | None = None
    subject: str | None = None
    language: str | None = None
    keywords: list[str] | None = None
    text: list[str] = []
    no_text: list[str] = []
    optional: bool = False
    """Whether the article may be absent."""

    def differences(self, found: ParsedArticle) -> list[str]:
        """Return how `found` differs from this article, one sentence for each difference."""
        has = {
            "title": found.title,
            "date": found.date.isoformat() if found.date else "",
            "subject": found.subject or "",
            "language": found.language,
            "keywords": sorted(found.keywords),
        }
        wanted = {name: getattr(self, name) for name in has}
        if self.keywords is not None:
            wanted["keywords"] = sorted(self.keywords)
        if self.url is not None:
            has["url"], wanted["url"] = url_path(found.url), url_path(self.url)
        text = " ".join(" ".join(part.text for part in found.parts).split())
        return [
            *(f"{k} is {has[k]!r}, not {wanted[k]!r}" for k in has if wanted[k] is not None and wanted[k] != has[k]),
            *(f"text lacks {part!r}" for part in self.text if part not in text),
            *(f"text has {part!r}" for part in self.no_text if part in text),
        ]


class ExpectedProblem(_Table, frozen=True, kw_only=True):
    """A problem that is expected. It may have any line, code or message that is not given here."""

    severity: Severity
    file: str
    line: int | None = None
    code: str | None = None
    says: str = ""
    """A regular expression that is found in the message."""
    optional: bool = False
    """Whether the problem may be absent."""

    def fits(self, found: Problem) -> bool:
        """Return whether `found` is this problem."""
        return (
            (found.severity, found.file) == (self.severity, self.file)
            and self.line in {None, found.line}
            and self.code in {None, found.code}
            and re.search(self.says, found.message) is not None
        )


class Built(_Table, frozen=True, kw_only=True):
    """What is expected of a build, which needs the tagger."""

    concepts: dict[str, int] = {}
    """Key: a name of a concept. Value: how often it occurs in all articles."""
    no_concepts: list[str] = []
    """Names that no concept has."""
    without_concepts: list[str] = []
    """Paths of articles that have no concepts."""
    evidence: Literal["top", "all", "none"] = "top"
    seconds: float = inf
    """A number of seconds of processor time that only a program of quadratic time exceeds."""


class Expected(_Table, frozen=True, kw_only=True):
    """What is expected of a folder. All lists are complete."""

    tool: str | None = None
    exit: int = 0
    articles: dict[str, Article]
    edges: list[str] = []
    missing: list[str] = []
    problems: list[ExpectedProblem] = []
    seconds: float = inf
    """The same as in `Built`, but for reading alone."""
    build: Built | None = None


class Case(_Table, frozen=True, kw_only=True):
    """A folder and what is expected of it."""

    title: str
    report: str | list[str] = []
    folder: str = "."
    init: bool = False
    files: dict[str, str | list[Piece]]
    expected: Expected

    def write(self, root: Path) -> Path:
        """Write the files below `root`, and return the folder with the articles."""
        for name, content in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            pieces = [Piece(text=content)] if isinstance(content, str) else content
            path.write_bytes(b"".join(piece.content() for piece in pieces))
        return root / self.folder


def names() -> list[str]:
    """Return the names of all cases, such as "links/drafts"."""
    return sorted(path.relative_to(CASES_FOLDER).with_suffix("").as_posix() for path in CASES_FOLDER.glob("*/*.toml"))


def read_case(name: str) -> Case:
    """Return the case with a name."""
    return msgspec.toml.decode((CASES_FOLDER / f"{name}.toml").read_bytes(), type=Case)


def unlike(expected: Sequence[ExpectedProblem], found: Iterable[Problem]) -> list[str]:
    """Return the problems of `found` that are not expected, and the expected ones that are not in `found`."""
    left = list(found)
    absent = []
    for wanted in sorted(expected, key=lambda problem: problem.optional):
        fitting = next((problem for problem in left if wanted.fits(problem)), None)
        if fitting is not None:
            left.remove(fitting)
        elif not wanted.optional:
            absent.append(f"no problem is {msgspec.to_builtins(wanted)}")
    return [*absent, *(f"{problem.severity} {problem.code} at {problem} is not expected" for problem in left)]
