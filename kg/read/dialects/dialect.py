"""The type of a dialect: everything that depends on the tool that manages a folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePosixPath

from kg.read.syntax.extension import Extension


@dataclass(frozen=True, slots=True)
class Place:
    """The address of an article, and the title, subject and date that its path gives."""

    url: str
    title: str
    subject: str | None
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The keys of a tool's configuration file that hold the site's title and the parts of its address.

    The first one of `files` that exists is read.
    """

    files: tuple[str, ...]
    title: str
    address: tuple[str, ...]


class EmptyArticle(Enum):
    """The meaning of a file without text."""

    MISTAKE = auto()
    UNWRITTEN = auto()
    """A note that is not written yet; it is skipped with a warning."""
    LAYOUT = auto()
    """A page that a layout fills, if it has front matter; else a mistake."""


def _never(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The conventions of one tool.

    Attributes:
        name: the value of `tool` in kg.toml.
        title: the name of such a folder in messages, such as "a Hugo site".
        precedence: dialects are tried in ascending order when a folder is recognised.
        place: returns the place of an article, given the path of its file below the content folder, and from the front
            matter the last step of its address, or None, and its categories.
        recognise: returns the reason why a folder has this dialect, judged by the tool's own files, or None.
        recognise_text: returns the same, judged by the articles in a folder; called if no `recognise` gives a reason.
        content_folder: returns the folder, below the articles folder, at which addresses begin; "" for the articles
            folder itself. None if the tool has no such folder.
        generated: globs of files that are not articles (generated files, templates, themes), below the folder that
            holds the tool's configuration.
        draft_folders: names of folders whose files are drafts.
        site: the keys of the tool's configuration file for the site's title and address; None if it has none.
        extensions: the constructs that are added to Markdown, in the order in which they are tried.
        keywords_end_at_spaces: whether spaces separate keywords in a text without commas.
        keyword_prefix: a prefix of keywords in front matter that is removed.
        any_heading_is_title: whether the title of an untitled article is its first heading of any level, not only of
            the first level.
        empty_article: the meaning of a file without text.
        links_by_address: whether a relative link is first resolved against the page's address, as a browser does.
        links_by_name: whether a Markdown link may refer to a file by name, as a wiki link does.
    """

    name: str
    title: str
    precedence: int
    place: Callable[[PurePosixPath, str | None, Sequence[str]], Place]
    recognise: Callable[[Path], str | None] = _never
    recognise_text: Callable[[Path, Sequence[str]], str | None] = _never
    content_folder: Callable[[Path], str] | None = None
    generated: tuple[str, ...] = ()
    draft_folders: frozenset[str] = frozenset()
    site: SiteSettings | None = None
    extensions: tuple[Extension, ...] = ()
    keywords_end_at_spaces: bool = False
    keyword_prefix: str = ""
    any_heading_is_title: bool = False
    empty_article: EmptyArticle = EmptyArticle.MISTAKE
    links_by_address: bool = False
    links_by_name: bool = False
