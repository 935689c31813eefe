"""The type of a dialect, which describes everything that depends on the tool with which a folder is managed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePosixPath

from kg.read.syntax.extension import Extension


@dataclass(frozen=True, slots=True)
class Place:
    """The address of an article, and its title, subject and date as far as they follow from the path of its file."""

    url: str
    title: str
    subject: str | None
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Keys of a tool's configuration file for the title and the address of the site."""

    files: tuple[str, ...]
    """Names that the configuration file can have. The file with the first of these names that exists is read."""
    title: str
    """Key of the title."""
    address: tuple[str, ...]
    """Keys of the parts of the address."""


class EmptyArticle(Enum):
    """Meaning of a file without text in a dialect."""

    MISTAKE = auto()
    """The text is missing by mistake; this is an error."""
    UNWRITTEN = auto()
    """The note is not written yet; it is skipped with a warning."""
    LAYOUT = auto()
    """If the file has front matter, a layout fills the page, and the file is skipped. Else it is a mistake."""


def _never(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The conventions of one tool.

    Attributes:
        name: the value of `tool` in kg.toml.
        title: what messages call a folder of this dialect, such as "a Hugo site".
        precedence: rank of the dialect when a folder is recognised; dialects of lower numbers are tried first.
        place: function that returns the place of an article. Its arguments are the path of the file below the content
            folder, the last step of the address if the front matter has one (else None), and the categories in the
            front matter.
        recognise: function that looks for the tool's own files in a folder. If they show that the folder has this
            dialect, it returns the reason, else None.
        recognise_text: function that looks at the texts of the articles in a folder, and also returns a reason or None.
            It is called if no dialect's `recognise` has returned a reason.
        content_folder: function that returns the folder to which addresses are relative, as a path below the articles
            folder; "" is the articles folder itself. None, not a function, if the tool has no such folder.
        generated: globs of files that are not articles (generated files, templates, themes). They are relative to the
            folder that has the tool's configuration file.
        draft_folders: names of folders whose files are drafts.
        site: where the tool's configuration file has the site's title and address; None if it has neither.
        extensions: the constructs that the tool adds to Markdown, in the order in which they are tried.
        keywords_end_at_spaces: whether spaces separate keywords in a field that is a text without commas.
        keyword_prefix: prefix that is removed from keywords in front matter.
        any_heading_is_title: whether an article without a title takes its first heading of any level as its title. If
            false, it takes its first heading of level 1.
        empty_article: what it means that a file has no text.
        links_by_address: whether a relative link is first resolved against the page's address, as a browser does it.
        links_by_name: whether a Markdown link may refer to a file by its name, as a wiki link does.
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
