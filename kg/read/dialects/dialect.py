"""The value of a dialect: everything that depends on the tool that a folder is kept with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePosixPath

from kg.read.syntax.extension import Extension


@dataclass(frozen=True, slots=True)
class Place:
    """An article's address, and what its path says about it."""

    url: str
    title: str
    subject: str | None
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The keys of a tool's configuration file that hold the site's title and the parts of its address.

    The first one of `files` that is there counts.
    """

    files: tuple[str, ...]
    title: str
    address: tuple[str, ...]


class EmptyArticle(Enum):
    """The meaning of a file without text."""

    MISTAKE = auto()
    UNWRITTEN = auto()
    """A note that is not written yet."""
    LAYOUT = auto()
    """With front matter, a page that a layout fills; else a mistake."""


def _never(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The conventions of one tool.

    Attributes:
        name: the value of `tool` in kg.toml.
        title: what a folder of this dialect is, for people, with its article.
        precedence: dialects are tried in ascending order when a folder is recognised.
        place: gives an article's place from the path of its file below the content folder, the last step of its address
            and its categories, if the front matter has them.
        recognise: tells from the tool's own files why a folder has this dialect; None if it does not.
        recognise_text: tells the same from the articles in a folder, if no dialect recognises the tool's own files.
        content_folder: finds the folder, below the articles folder, at which addresses begin; "" for the articles
            folder itself. None if the tool has no such folder.
        generated: globs of what the tool generates or fills in itself, below the folder that holds its configuration.
        draft_folders: names of folders whose files are drafts.
        site: where the tool's configuration says what the site is called and where it is on the web.
        extensions: the constructs that are added to Markdown, in the order in which they are tried.
        keywords_end_at_spaces: whether spaces separate keywords in a text without commas.
        keyword_prefix: what keywords in front matter may begin with, beside the keyword.
        any_heading_is_title: whether an untitled article is named by its first heading of any level, and not of the
            first level only.
        empty_article: the meaning of a file without text.
        links_by_address: whether a relative link is first read as a browser does, relative to the page's address.
        links_by_name: whether a Markdown link may lead to a file by name, as a wiki link does.
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
