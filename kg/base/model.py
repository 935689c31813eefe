"""The frozen values that pass through the program. Their names come from the standards that kg publishes in.

All offsets are 0-based and count Unicode code points; ends are exclusive. They refer to `Part.text`, the text that is
published. So `part.text[span.start:span.end]` is the text of a span
(Web Annotation, TextPositionSelector: https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PartName(StrEnum):
    """Name of a part of an article; also the fragment of the part's IRI."""

    QUESTION = "question"
    ANSWER = "answer"
    BODY = "body"


class SegmentKind(StrEnum):
    """Kind of a block of text. The sentence splitter and the ranker treat the kinds differently."""

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    CELL = "cell"
    VERBATIM = "verbatim"
    """A code block or displayed mathematics: published, but not tagged."""


class MarkKind(StrEnum):
    """Kind of inline markup inside a segment."""

    BOLD = "bold"
    CODE = "code"
    MATH = "math"


class Origin(StrEnum):
    """Who or what states that an article has a concept, such as the article's author; published as kg:origin."""

    AUTHOR = "author"
    EXTRACTED = "extracted"
    CURATED = "curated"
    VOCABULARY = "vocabulary"


class MatchKind(StrEnum):
    """Kind of match between a concept of the graph and one of an external vocabulary, as in SKOS."""

    EXACT = "exact"
    CLOSE = "close"


class RelationKind(StrEnum):
    """Kind of relation between two concepts, as in SKOS."""

    BROADER = "broader"
    RELATED = "related"


class LinkKind(StrEnum):
    """Kind of a related link. The kind decides how the target of the link is found."""

    FIELD = "field"
    """A link in the front matter, or the address of a page of the site."""
    PATH = "path"
    """A Markdown link, relative to its file."""
    NAME = "name"
    """A wiki link: the target's file name, the end of its path, or an alias."""
    REFERENCE = "reference"
    """A link by Hugo's `ref` or `relref`. Its target is read as a path if a file has this path, else as a name."""


class LinkStatus(StrEnum):
    """The property, such as its url, by which the target of a related link was found; MISSING if none was found."""

    URL = "url"
    ID = "id"
    PATH = "path"
    NAME = "name"
    MISSING = "missing"


class Severity(StrEnum):
    """Severity of a problem, the most severe first.

    In the case of an error, nothing could be read of a file, or a value has an explicit type that it does not fit. In
    the case of a warning, something looks wrong; what could be read is used. In the case of a note, nothing looks
    wrong, but something was not read or was done in a special way.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Segment:
    """A block of a part, such as a paragraph, heading, list item or table cell. A sentence never spans two blocks."""

    start: int
    end: int
    kind: SegmentKind


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of inline markup inside a segment."""

    start: int
    end: int
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Part:
    """One published text of an article. Its segments are in order and do not overlap."""

    name: PartName
    text: str
    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A related link as the author wrote it. `line` is its line in the file, counted from 1.

    `property` is the name of the front-matter field that has the link, or None if the link is in the text below the
    front matter.

    `url` is the target. Depending on `kind`, it is an address, a path or a name. It is decoded, and the anchor of a
    heading is removed.
    """

    url: str | None
    id: str | None
    title: str | None
    subject: str | None
    line: int | None = None
    kind: LinkKind = LinkKind.FIELD
    property: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """An article as read from one file, identified by `url`."""

    url: str
    path: str
    line: int
    """Number, counted from 1, of the line that gives the article's url; 1 if no line of the file gives it."""
    sha256: str
    title: str
    parts: tuple[Part, ...]
    id: str | None = None
    date: dt.date | None = None
    authors: tuple[str, ...] = ()
    language: str = "en"
    """The language of the text, as a tag of BCP 47 in lower case."""
    based_on: str | None = None
    """IRI of the web page that the article is about: a `url` that is not on the articles' own site."""
    subject: str | None = None
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other names that links may use. A name that begins with a slash is a former address of the article."""
    links: tuple[Link, ...] = ()
    no_index: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with the input, described in a message for users. `line` is 1-based."""

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
    """Return the problems sorted by severity (errors first, notes last), then by file, line and message."""
    order = [*Severity]
    return sorted(problems, key=lambda p: (order.index(p.severity), p.file, p.line or 0, p.message))
