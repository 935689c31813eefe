"""The type of a dialect: a description of the conventions of one tool."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path, PurePosixPath

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind, Severity
from kg.read.frontmatter import FrontMatter
from kg.read.syntax.extension import Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The file of an article, and the fields of its front matter on which its address can depend.

    Attributes:
        file: path of the file below its content root.
        root: the content root of the file.
        url: the address in the front matter, such as `/about/`. It may be a pattern, such as `/:categories/:title/`.
        slug: the last step of the address, from the front matter; None if the front matter does not have it.
        id: the id in the front matter.
        title: the title in the front matter.
        heading: the heading that can be the title of the page; see `TitleHeading`.
        date: the date in the front matter.
        categories: the categories in the front matter.
        aliases: the aliases in the front matter.
    """

    file: PurePosixPath
    root: ContentRoot = field(default_factory=ContentRoot)
    url: str | None = None
    slug: str | None = None
    id: str | None = None
    title: str | None = None
    heading: str | None = None
    date: dt.date | None = None
    categories: Sequence[str] = ()
    aliases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The address of an article, and the metadata that follow from the path of its file, such as a title and a subject.

    Attributes:
        url: the address.
        title: the default title, if the article has no title in its front matter and no heading.
        subject: the default subject, if the front matter has none.
        date: the default date, if the front matter has none.
        language: the default language, if the front matter has none and the language of the text is not recognised. It
            is a tag or a name from the tool's configuration. `kg.read.dialects.resolve.place` returns it as a tag.
        names: names by which wiki links refer to the article. If there are none, the file's name and path are used.
        addresses: further addresses of the article, each of which begins with a slash.
    """

    url: str
    title: str
    subject: str | None
    date: dt.date | None = None
    language: str | None = None
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


class EmptyArticle(Enum):
    """Meaning of a file without text in a dialect."""

    MISTAKE = auto()
    """The text is missing by mistake; this is an error."""
    UNWRITTEN = auto()
    """A note with properties, tags or embedded notes is an article.

    Any other such file is an unwritten note, and is skipped.
    """
    LAYOUT = auto()
    """A page can get its text from elsewhere: from a layout, if the file has front matter, or from includes.

    In these cases, the file is skipped. Otherwise the text is missing by mistake.
    """


class TitleHeading(Enum):
    """Kind of heading at the beginning of a text that can be the title, if the front matter has no title."""

    NONE = auto()
    """No heading. The title follows from the path of the file, see `Place.title`."""
    FIRST_LEVEL = auto()
    """A heading of level 1."""
    ANY_LEVEL = auto()
    """A heading of any level."""


def _never(*_: object) -> None:
    return None


def _default_settings(folder: Path) -> ToolSettings:
    return ToolSettings()


def _own_address(page: Page, settings: ToolSettings) -> str:
    return page.url or ""


def _no_addresses(address: str, root: ContentRoot, settings: ToolSettings) -> Iterable[str]:
    return ()


def _no_extensions(settings: ToolSettings) -> tuple[Extension, ...]:
    return ()


def _no_paths(address: str, path: str | None, root: ContentRoot, settings: ToolSettings) -> Iterable[str]:
    return ()


def _as_written(address: str, settings: ToolSettings) -> str:
    return address


def _nothing_elsewhere(address: str, settings: ToolSettings, exists: Callable[[str], bool]) -> bool:
    return False


def _never_mdx(text: str) -> bool:
    return False


def _no_names(name: str, settings: ToolSettings) -> Iterable[str]:
    return ()


def _same_root(path: str, root: ContentRoot, settings: ToolSettings) -> ContentRoot:
    return root


def _no_translations(path: str, language: str, settings: ToolSettings) -> Iterable[str]:
    return ()


def _same(name: str) -> str:
    return name


def _as_read(matter: FrontMatter, settings: ToolSettings) -> FrontMatter:
    return matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The conventions of one tool.

    Attributes:
        name: the value of `tool` in kg.toml.
        title: what messages call a folder of this dialect, such as "a Hugo site".
        precedence: rank of the dialect when a folder is recognised; dialects of lower numbers are tried first.
        place: function that returns the place of an article.
        recognise: function that looks for the tool's own files in a folder. It returns the reason why the folder has
            this dialect, or None.
        recognise_text: function that looks at the texts of the articles in a folder, and also returns a reason or None.
            It is called if no dialect's `recognise` has returned a reason.
        settings: function that reads the tool's own configuration of a folder. Paths in the result are relative to
            the folder.
        own_address: function that returns the address of a page whose front matter has an address. None means that the
            tool does not read an address there.
        root_of: function that adapts the content root of a file to the file's name, which may contain a language. Its
            arguments are the path of the file and the content root that contains it.
        translations: function that returns the possible paths of the translation of a file, in the order in which they
            are tried. Its arguments are the path of the file in any language, and the language.
        generated: globs of files that are not articles (generated files, templates, themes), relative to the folder
            that has the tool's configuration file. Files that depend on the configuration are in `settings` instead.
        left_out: function that looks at the front matter of a file. If it shows that the file is not an article, such
            as a drawing, the function returns a message, else None.
        front_matter: function that completes the front matter of a file with fields that the tool writes elsewhere.
        only_content: whether the tool publishes only files in its content roots.
        draft_folders: names of folders whose files are drafts.
        extensions: the constructs that the tool adds to Markdown, in the order in which they are tried. Wiki links are
            among them, see `kg.read.syntax.wiki_links`.
        more_extensions: function that returns further constructs, which only some folders of this dialect have.
        is_mdx: function that tells from the text of a file whether it is MDX: Markdown with JavaScript and components.
            `.mdx` files always are.
        indented_code: whether lines that are indented by four spaces are code, as in Markdown.
        keywords_end_at_spaces: whether spaces separate keywords in a field that is a text without commas.
        keyword_prefix: prefix that is removed from keywords in front matter.
        title_heading: which heading can be the title of an article.
        empty_article: the meaning of a file without text.
        links_by_address: whether a relative link is first resolved against the page's address, as a browser does it.
        links_by_name: whether a Markdown link may refer to a file by its name, as a wiki link does.
        tag_article: function that returns the name of the article that a tag means. None means that a tag is a keyword
            and nothing else.
        ignores_case: whether upper and lower case make no difference in addresses.
        resolves: the kinds of links in a text whose targets the tool finds by rules that this dialect knows. If the
            target of such a link is missing, it becomes a missing article; other broken links are only reported.
        missing_file: function that takes the name in a wiki link to a missing note, and returns the path of the file
            that the tool would create for this note. If None, the name is a path below the content root of the file
            with the link.
        missing_severity: severity of the problem that a wiki link leads to a missing article. NOTE means that such
            links, and empty files, are normal in the tool. Then a single note reports all of them.
        other_suffixes: suffixes of pages that the tool has besides Markdown files, such as ".org". kg does not read
            them, so links to them are ignored.
        name_key: function that returns the normal form of a name in a wiki link. Two names with the same normal form
            are the same name. Upper and lower case never make a difference.
        other_names: function that returns alternatives to a name in a wiki link, in the order in which they are tried.
        other_addresses: function that returns alternatives to the address in a link, in the order in which they are
            tried. Its arguments are the address, which begins with a slash, and the content root of the page that has
            the link. The address itself is tried first, unless it is among them.
        other_paths: function that returns alternatives to the path of a file in a link, in the order in which they are
            tried. The paths are relative to the articles folder. The arguments are the address as written; its usual
            path, or None if this is outside the articles folder; and the content root of the page that has the link.
        written_out: function that expands the tool's abbreviations in the address of a link. An address that begins
            with `~/` is a path relative to the articles folder.
        is_elsewhere: function that tells whether the tool publishes something other than an article at an address,
            which begins with a slash. Its last argument is a function that tells whether there is a file at a path,
            relative to the articles folder.
    """

    name: str
    title: str
    precedence: int
    place: Callable[[Page, ToolSettings], Place]
    recognise: Callable[[Path], str | None] = _never
    recognise_text: Callable[[Path, Sequence[str]], str | None] = _never
    settings: Callable[[Path], ToolSettings] = _default_settings
    own_address: Callable[[Page, ToolSettings], str] | None = _own_address
    root_of: Callable[[str, ContentRoot, ToolSettings], ContentRoot] = _same_root
    translations: Callable[[str, str, ToolSettings], Iterable[str]] = _no_translations
    generated: tuple[str, ...] = ()
    left_out: Callable[[Mapping[str, object]], str | None] = _never
    front_matter: Callable[[FrontMatter, ToolSettings], FrontMatter] = _as_read
    only_content: bool = False
    draft_folders: frozenset[str] = frozenset()
    extensions: tuple[Extension, ...] = ()
    more_extensions: Callable[[ToolSettings], tuple[Extension, ...]] = _no_extensions
    is_mdx: Callable[[str], bool] = _never_mdx
    indented_code: bool = True
    keywords_end_at_spaces: bool = False
    keyword_prefix: str = ""
    title_heading: TitleHeading = TitleHeading.FIRST_LEVEL
    empty_article: EmptyArticle = EmptyArticle.MISTAKE
    links_by_address: bool = False
    links_by_name: bool = False
    tag_article: Callable[[str], str] | None = None
    ignores_case: bool = False
    resolves: frozenset[LinkKind] = frozenset()
    missing_file: Callable[[str, ToolSettings], str] | None = None
    missing_severity: Severity = Severity.WARNING
    other_suffixes: tuple[str, ...] = ()
    name_key: Callable[[str], str] = _same
    other_names: Callable[[str, ToolSettings], Iterable[str]] = _no_names
    other_addresses: Callable[[str, ContentRoot, ToolSettings], Iterable[str]] = _no_addresses
    other_paths: Callable[[str, str | None, ContentRoot, ToolSettings], Iterable[str]] = _no_paths
    written_out: Callable[[str, ToolSettings], str] = _as_written
    is_elsewhere: Callable[[str, ToolSettings, Callable[[str], bool]], bool] = _nothing_elsewhere
