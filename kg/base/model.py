"""The values that pass through the program: frozen, and named after the standards that they end up in.

All offsets are 0-based, count Unicode code points, and have an exclusive end. They point into `Part.text`, the text
that is published, so `part.text[span.start:span.end]` is always the words meant
(Web Annotation, TextPositionSelector: https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PartName(StrEnum):
    """What a part of an article is; also the fragment of its IRI."""

    QUESTION = "question"
    ANSWER = "answer"
    BODY = "body"


class SegmentKind(StrEnum):
    """What a stretch of text is, as far as a sentence splitter and a ranker care."""

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    CELL = "cell"
    VERBATIM = "verbatim"
    """A code block or displayed mathematics: published, never tagged."""


class MarkKind(StrEnum):
    """What the author marked up inside a segment."""

    BOLD = "bold"
    CODE = "code"
    MATH = "math"


class Origin(StrEnum):
    """Who says that an article has a concept; published as kg:origin."""

    AUTHOR = "author"
    EXTRACTED = "extracted"
    CURATED = "curated"
    VOCABULARY = "vocabulary"


class MatchKind(StrEnum):
    """How a concept of ours and one of an external vocabulary agree, after SKOS."""

    EXACT = "exact"
    CLOSE = "close"


class RelationKind(StrEnum):
    """How two concepts hang together, after SKOS."""

    BROADER = "broader"
    RELATED = "related"


class LinkKind(StrEnum):
    """Where a related link stands, which says how its target is looked for."""

    FIELD = "field"
    """In the front matter, or as the address of a page of the site."""
    PATH = "path"
    """A Markdown link, relative to the file that it stands in."""
    NAME = "name"
    """A wiki link: the target's file name, or the end of its path, or an alias."""
    REFERENCE = "reference"
    """Hugo's `ref` and `relref`: a path where one fits, else a name."""


class LinkStatus(StrEnum):
    """How a related link found its target."""

    URL = "url"
    ID = "id"
    PATH = "path"
    NAME = "name"
    MISSING = "missing"


class Severity(StrEnum):
    """An error means that something of an article was lost; a warning, that all was read but looks wrong."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Segment:
    """A block of a part that no sentence crosses: a paragraph, a heading, a list item, a table cell."""

    start: int
    end: int
    kind: SegmentKind


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked-up stretch inside a segment."""

    start: int
    end: int
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Part:
    """One published text of an article; segments are in order and do not overlap."""

    name: PartName
    text: str
    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A related link as the author wrote it; `line` is where, 1-based.

    `url` is what it leads to, by `kind`: an address, a path or a name, decoded and without a heading's anchor.
    """

    url: str | None
    id: str | None
    title: str | None
    subject: str | None
    line: int | None = None
    kind: LinkKind = LinkKind.FIELD


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """One article as read from one file; its identity is `url`."""

    url: str
    path: str
    line: int
    """Where the file says its url, 1-based; 1 where it does not."""
    sha256: str
    title: str
    parts: tuple[Part, ...]
    id: str | None = None
    date: dt.date | None = None
    authors: tuple[str, ...] = ()
    language: str = "en"
    is_english: bool = True
    """Whether `language` is English and the text reads like it."""
    subject: str | None = None
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    no_index: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the input, in the words that a user reads; `line` is 1-based."""

    severity: Severity
    code: str
    file: str
    line: int | None
    field: str | None
    message: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.message}"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Errors first, then by file and line."""
    return sorted(problems, key=lambda p: (p.severity, p.file, p.line or 0, p.message))
