"""The immutable data types that all packages share. Where possible, their names are those of RDF vocabularies.

All offsets count Unicode code points from 0; ends are exclusive. They refer to the published text `Part.text`. So
`part.text[span.start:span.end]` is the text of a span
(Web Annotation, TextPositionSelector: https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_LINE_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


class PartName(StrEnum):
    """Name of a part of an article: its question, its answer or its body. It is also the fragment of the part's IRI."""

    QUESTION = "question"
    ANSWER = "answer"
    BODY = "body"


class SegmentKind(StrEnum):
    """Kind of a block of text, such as a paragraph or heading. Sentence splitting and ranking depend on the kind."""

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    CELL = "cell"
    VERBATIM = "verbatim"
    """A code block or displayed mathematics. The published text contains it, but it is not tagged."""


class MarkKind(StrEnum):
    """Kind of inline markup in a text."""

    BOLD = "bold"
    CODE = "code"
    MATH = "math"


class Origin(StrEnum):
    """Source of the statement that an article has a concept, such as the article's author; published as kg:origin."""

    AUTHOR = "author"
    EXTRACTED = "extracted"
    CURATED = "curated"
    VOCABULARY = "vocabulary"


class MatchKind(StrEnum):
    """Kind of match between a concept of the graph and a concept of an external vocabulary, as in SKOS."""

    EXACT = "exact"
    CLOSE = "close"


class RelationKind(StrEnum):
    """Kind of relation between two concepts, as in SKOS."""

    BROADER = "broader"
    RELATED = "related"


class AuthorKind(StrEnum):
    """Kind of an author; the values are the names of the classes of schema.org."""

    PERSON = "Person"
    ORGANIZATION = "Organization"


class LinkKind(StrEnum):
    """Kind of a related link, which is a link to another article. The kind decides how that article is found."""

    FIELD = "field"
    """A link in the front matter: the address of a page of the site, or the id and the title of an article."""
    PATH = "path"
    """A Markdown link: a path relative to the file with the link, or the address of a page of the site."""
    ADDRESS = "address"
    """A Markdown link with the whole web address of a page, host and all. It is stored without the site."""
    NAME = "name"
    """A wiki link: the file name of an article, the end of its path, or its alias."""
    TAG = "tag"
    """A tag that also links to an article: in some tools, `#bread` links to the article "bread", if it exists."""
    REFERENCE = "reference"
    """A link by Hugo's `ref` or `relref`. Its target is read as a path if a file has this path, else as a name."""
    LABEL = "label"
    """A link of MyST to a label. The label may be in another project, so a link whose label is not found is ignored."""


class LinkStatus(StrEnum):
    """Property, such as the url, by which the target of a link was found; MISSING if it was not found."""

    URL = "url"
    ID = "id"
    PATH = "path"
    NAME = "name"
    MISSING = "missing"


class Severity(StrEnum):
    """Severity of a problem, the most severe first.

    An error means that a file could not be read at all, or that a value does not fit its explicit type. A warning means
    that something looks wrong, but everything that could be read is used. A note means that nothing looks wrong, but
    something was not read or was handled in a special way.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Segment:
    """A block of a text, such as a paragraph, heading, list item or table cell. A sentence is always within one block.

    `start` and `end` are offsets in the published text.
    """

    start: int
    end: int
    kind: SegmentKind


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of bold text, inline code or inline mathematics; `start` and `end` are offsets in the published text."""

    start: int
    end: int
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an article: its question, its answer or its body, with its published text (without Markdown markup).

    `segments` are the blocks of the text, such as paragraphs. They are in text order and do not overlap. `marks` are
    the spans of inline markup.
    """

    name: PartName
    text: str
    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A related link (a link to another article) as the author wrote it, in line number `line` of the file (from 1).

    `url` is the target. Depending on `kind`, it is an address, a path or a name. In a link from the text, percent
    escapes are decoded, and an anchor (`#heading`) is removed.

    `property` is the name of the front-matter field that has the link, or of the field in the text (`name:: value`). It
    is None if the link is elsewhere in the text.
    """

    url: str | None
    id: str | None
    title: str | None
    subject: str | None
    line: int | None = None
    kind: LinkKind = LinkKind.FIELD
    property: str | None = None


@dataclass(frozen=True, slots=True)
class AuthorProfile:
    """The data on an author that the front matter gives in a mapping with a name.

    `url` is the IRI of a web page of the author.
    """

    name: str
    url: str | None = None
    kind: AuthorKind | None = None


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """An article as read from one file, identified by `url`."""

    url: str
    path: str
    line: int
    """Number, counted from 1, of the line of the file that gives the article's url; 1 if no line gives a url."""
    sha256: str
    title: str
    parts: tuple[Part, ...]
    id: str | None = None
    date: dt.date | None = None
    authors: tuple[str, ...] = ()
    author_profiles: tuple[AuthorProfile, ...] = ()
    """Further data on some of the authors."""
    language: str = "en"
    """The language of the text, as a tag of BCP 47 in lower case."""
    based_on: str | None = None
    """IRI of the web page that the article is about: a `url` that is not on the articles' own site."""
    subject: str | None = None
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other names that links may use. A name that begins with a slash is a former address of the article."""
    names: tuple[str, ...] = ()
    """Names by which wiki links refer to the article, if they are not the name and the path of its file."""
    links: tuple[Link, ...] = ()
    no_index: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with the input, described in a message for users. `line` is counted from 1."""

    severity: Severity
    code: str
    file: str
    line: int | None
    field: str | None
    message: str

    def __post_init__(self) -> None:
        """Put spaces in place of line breaks, so that a value in the message cannot begin a line of a report."""
        object.__setattr__(self, "message", _LINE_BREAKS.sub(" ", self.message))

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.message}"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems sorted by severity (errors first), then by file, line and message."""
    gravity = {severity: rank for rank, severity in enumerate(Severity)}
    return sorted(problems, key=lambda p: (gravity[p.severity], p.file, p.line or 0, p.message))


_MANY: Final = 4
"""Minimum number of problems with the same message that are reported in one line."""
_PLACES: Final = 3
"""Maximum number of places that such a line names."""


def said_once(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, and merge `_MANY` or more problems with the same message into one problem.

    The message of the merged problem ends with the number of places and the first `_PLACES` of them. Its file is ".".
    """
    together: dict[tuple[Severity, str, str], list[Problem]] = {}
    for problem in problems:
        together.setdefault((problem.severity, problem.code, problem.message), []).append(problem)
    result: list[Problem] = []
    for (severity, code, message), same in together.items():
        if len(same) < _MANY:
            result += same
        else:
            places = ", ".join(f"{problem.file}:{problem.line or 1}" for problem in same[:_PLACES])
            message = f"{message} ({len(same):,} times: {places}, ...)"
            result.append(Problem(severity, code, ".", None, same[0].field, message))
    return result
