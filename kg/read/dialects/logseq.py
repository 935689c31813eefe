"""A Logseq graph of files: pages and journals, which are outlines of blocks with properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from kg.base.config import ContentRoot, ToolSettings
from kg.base.iris import slug
from kg.base.model import LinkKind, Severity
from kg.base.paths import is_folder
from kg.read.date_formats import format_date, parse_date
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place, TitleHeading
from kg.read.dialects.paths import article_url, subject
from kg.read.dialects.project import find_file, globs_below, projects, roots_below, where
from kg.read.edn import read_edn
from kg.read.files import entries
from kg.read.frontmatter import FrontMatter
from kg.read.mathematics import SourceSpan, SpanKind
from kg.read.syntax.extension import Extension, Markup, Piece, Target, hide, line_breaks
from kg.read.syntax.inline_fields import hidden_field, line_before
from kg.read.syntax.inline_marks import around
from kg.read.syntax.wiki_links import is_note

_CONFIGURATION: Final = "logseq/config.edn"
_PAGES: Final = "pages"
_JOURNALS: Final = "journals"
_TITLE_FORMAT: Final = "MMM do, yyyy"
_FILE_FORMAT: Final = "yyyy_MM_dd"
_MORE_FORMATS: Final = (_TITLE_FORMAT, "yyyy-MM-dd", _FILE_FORMAT)
"""Formats of the names of journals, in addition to the format in the configuration."""


def _recognise(folder: Path) -> str | None:
    """Recognise a graph by its configuration or, without a configuration, by its folders."""
    path = find_file(projects(folder), _CONFIGURATION)
    if path is not None:
        return where(path, folder)
    is_graph = is_folder(folder / _PAGES) and any(
        path.match("[0-9]*_[0-9]*_[0-9]*.md") for path in entries(folder / _JOURNALS)
    )
    return f"it has the folders {_PAGES} and {_JOURNALS}" if is_graph else None


def _settings(folder: Path) -> ToolSettings:
    path = find_file(projects(folder), _CONFIGURATION) or folder / _CONFIGURATION
    graph = path.parent.parent
    values = read_edn(path)
    pages, journals, title, file, naming = (
        next(iter(values.get(name, ())), default)
        for name, default in (
            (":pages-directory", _PAGES),
            (":journals-directory", _JOURNALS),
            (":journal/page-title-format", _TITLE_FORMAT),
            (":journal/file-name-format", _FILE_FORMAT),
            (":file/name-format", ":legacy"),
        )
    )
    roots = [ContentRoot(folder=pages.strip("/"), kind=_PAGES), ContentRoot(folder=journals.strip("/"), kind=_JOURNALS)]
    hidden = [name.strip("/") for name in values.get(":hidden", ()) if name.strip("/")]
    return ToolSettings(
        roots=(*roots_below(folder, graph, roots), *roots_below(folder, graph, [ContentRoot()])),
        exclude=globs_below(folder, graph, ("logseq", *hidden)),
        options=(("title-format", title), ("file-format", file), ("naming", naming)),
    )


def _title_formats(settings: ToolSettings) -> tuple[str, ...]:
    return (settings.option("title-format") or _TITLE_FORMAT, *_MORE_FORMATS)


def _page_names(stem: str, settings: ToolSettings) -> list[str]:
    """Return the names of the page that is in a file: `term___sour dough` is "term/sour dough".

    Before Logseq had the setting `:file/name-format`, a dot stood for the slash, but people name files with dots, too.
    """
    legacy = [] if settings.option("naming") == ":triple-lowbar" else [stem.replace(".", "/")]
    decoded = (unquote(name.replace("___", "/"), errors="replace").split("/") for name in (*legacy, stem))
    return list(dict.fromkeys("/".join(step for step in steps if step) or stem for steps in decoded))


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a page. Its name is the property `title` or, by default, the name of its file.

    The address of a page is made from the name of its file, so that it stays the same if its title changes.
    """
    file = page.file
    if page.root.kind == _JOURNALS:
        formats = (settings.option("file-format") or _FILE_FORMAT, _FILE_FORMAT, *_title_formats(settings))
        date = parse_date(file.stem, formats)
        if date is not None:
            names = tuple(dict.fromkeys(format_date(date, form) for form in _title_formats(settings)))
            return Place(f"article/journals/{date}", names[0], _JOURNALS, date, names=names)
    names = tuple(_page_names(file.stem, settings))
    name = names[0]
    names = (page.title,) if page.title else names
    if page.root.kind != _PAGES:
        return Place(article_url(file), name, subject(file.parts[:-1]), names=names)
    steps = name.split("/")
    url = "article/" + "/".join(slug(step) for step in steps)
    return Place(url, name, subject(steps[:-1]), names=names)


def _missing_file(name: str, settings: ToolSettings) -> str:
    """Return the path of the file that Logseq would create for a page."""
    roots = {root.kind: root.folder for root in settings.roots}
    if date := parse_date(name, _title_formats(settings)):
        stem = format_date(date, settings.option("file-format") or _FILE_FORMAT)
        return f"{roots.get(_JOURNALS, '')}/{stem}.md".lstrip("/")
    stem = re.sub(r"[%.?*:\"<>|#\\]", lambda found: f"%{ord(found[0]):02X}", name.strip("/")).replace("/", "___")
    return f"{roots.get(_PAGES, '')}/{stem}.md".lstrip("/")


# Properties

_PROPERTY = re.compile(r"[ \t]*(?:[-*][ \t]+)?(?P<name>[^\s:#()\[\]{}\"`^,;]+)")
_PROPERTY_LINE = re.compile(rf"{_PROPERTY.pattern}::(?:[ \t]+(?P<value>.*))?")
_ITEM = re.compile(r"#?\[\[([^\[\]]+)\]\]|(?:(?<=[\s,])|^)#([^\s,#]+)|([^,\uff0c#\[\]]+)")
_REFERENCE = re.compile(r"#?\[\[([^\[\]]*)\]\]|(?:(?<=\s)|^)#(?=\S)")
_LISTS: Final = frozenset({"alias", "aliases", "author", "authors", "categories"})
_TAGS: Final = frozenset({"tags", "keywords"})
_NAMES: Final = frozenset({"title", "alias", "aliases"})
"""Properties with names of the page itself."""
_DATES: Final = frozenset({"date", "created", "published"})
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NOT_FIELDS: Final = frozenset({"id", "permalink", "slug", "question", "answer", "related"}) | _TAGS
"""Properties that are not read as fields. They have another meaning in Logseq, or are tags (read with the text)."""


def _front_matter(matter: FrontMatter, settings: ToolSettings) -> FrontMatter:
    """Add the properties of a page, which are the first lines of its text."""
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(matter.body.split("\n"), start=matter.body_line):
        found = _PROPERTY_LINE.fullmatch(line.rstrip())
        if found is None:
            if line.strip():
                break
            continue
        name = found["name"].lower()
        value = _value(name, found["value"] or "", settings)
        if value and name not in _NOT_FIELDS:
            values[name] = value
            lines[name] = number
    return replace(matter, values={**matter.values, **values}, lines={**matter.lines, **lines}) if values else matter


def _value(name: str, value: str, settings: ToolSettings) -> object:
    if name in _LISTS:
        return [item for _, _, item in _items(value)]
    text = _REFERENCE.sub(r"\1", value).strip()
    if name == "url":
        return text if re.match(r"https?://\S+$", text) else ""
    if name in _DATES:
        date = parse_date(text, _title_formats(settings))
        return date.isoformat() if date else text if _ISO_DATE.match(text) else ""
    return text


def _items(value: str) -> Iterator[tuple[int, int, str]]:
    """Yield the items of a list, such as `a b, [[c]] #d`, each with the positions of its beginning and its end."""
    for found in _ITEM.finditer(value):
        if item := " ".join((found[1] or found[2] or found[3]).split()):
            yield found.start(), found.end(), item


def _read_property(match: re.Match[str]) -> Iterator[Piece]:
    before = line_before(match)
    found = _PROPERTY.fullmatch(before[1]) if before else None
    if before is None or found is None:
        return
    end = match.string.find("\n", match.end())
    end = len(match.string) if end < 0 else end
    name = found["name"].lower()
    position = before[0] + found.start("name")
    if name in _TAGS:
        for start, stop, tag in _items(match.string[match.end() : end]):
            yield Markup(position, match.end() + start)
            yield Markup(match.end() + start, match.end() + stop, tag=tag)
            position = match.end() + stop
        yield Markup(position, end)
    else:
        yield from hidden_field(match.string, position, end, name, () if name in _NAMES else _IN_PROPERTY)


# Links, tags and macros


def _target(name: str) -> Target | None:
    name = name.strip().strip("/")
    return Target(name, LinkKind.NAME, name) if name and is_note(name) else None


def _read_link(match: re.Match[str]) -> Iterator[Piece]:
    name = match[0][2:-2].strip()
    yield Markup(match.start(), match.end(), name, _target(name))


def _read_tag(match: re.Match[str]) -> Iterator[Piece]:
    name = match[0][1:].removeprefix("[[").removesuffix("]]").strip()
    yield Markup(match.start(), match.end(), f"#{name}", tag=name or None)


def _read_tag_as_link(match: re.Match[str]) -> Iterator[Piece]:
    name = match[0][1:].removeprefix("[[").removesuffix("]]").strip()
    yield Markup(match.start(), match.end(), f"#{name}", Target(name, LinkKind.TAG, name))


def _read_block_reference(match: re.Match[str]) -> Iterator[Piece]:
    """Read `((id))`. If it is the target of a Markdown link, this link leads nowhere."""
    yield Markup(match.start(), match.end(), "", Target("#", LinkKind.PATH, None))


def _read_macro(match: re.Match[str]) -> Iterator[Piece]:
    name, _, value = match[0][2:-2].strip().partition(" ")
    embedded = re.fullmatch(r"\s*\[\[([^\[\]]+)\]\]\s*", value) if name == "embed" else None
    yield Markup(match.start(), match.end(), line_breaks(match[0]), _target(embedded[1]) if embedded else None)


def _read_cloze(match: re.Match[str]) -> Iterator[Piece]:
    yield Markup(match.start(), match.start() + len("{{cloze "))
    yield Markup(match.end() - 2, match.end())


def _read_block(match: re.Match[str]) -> Iterator[Piece]:
    """Read a block of Org mode: source code and examples are code, queries and comments are not published."""
    if re.match(r"#\+begin_(?:src|example)", match[0], re.IGNORECASE):
        first = match.start() + match[0].find("\n") + 1
        last = match.start() + len(match[0][: match[0].rfind("#+")].rstrip())
        if first < last:
            yield Markup(match.start(), first, "\n")
            yield SourceSpan(first, last, SpanKind.DISPLAY)
            yield Markup(last, match.end(), line_breaks(match.string[last : match.end()]))
            return
    yield from hide(match)


def _read_marker(match: re.Match[str]) -> Iterator[Piece]:
    """Read `- TODO` or `# TODO`. The `-` or `#` and the space after it belong to Markdown."""
    yield Markup(match.start() + 2, match.end())


_ORG_BLOCKS: Final = ("src", "example", "query", "comment", "export")


def _org_block(name: str) -> str:
    return rf"\#\+(?i:begin_{name})\b(?:(?!\#\+(?i:begin|end)_(?i:{name})).)*\#\+(?i:end_{name})\b[^\n]*"


_TAG_NAME: Final = r"[^\s#,;.!?'\":()\[\]{}<>|`*^\\\u3000-\u3003\uff01-\uff20]"
_TAG: Final = rf"#(?<![^\s(\[*~=>]#)(?:\[\[[^\[\]\n]+\]\]|(?!\d+(?![\w/-]))(?:{_TAG_NAME}|[.:](?=\w))+)"
_LINK: Final = Extension("wiki_link", "[", r"\[\[[^\[\]\n]+\]\](?!\((?!\())", _read_link)
_IN_PROPERTY: Final = (Extension("tag", "#", _TAG, _read_tag_as_link), _LINK)
_MARKER: Final = "TODO|DOING|DONE|NOW|LATER|WAITING|WAIT|STARTED|IN-PROGRESS|CANCELED|CANCELLED"

DIALECT = Dialect(
    name="logseq",
    title="a Logseq graph",
    precedence=3,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    own_address=None,
    front_matter=_front_matter,
    extensions=(
        Extension("org_block", "#", "|".join(map(_org_block, _ORG_BLOCKS)), _read_block),
        Extension("org_line", "#", r"#\+(?i:begin|end)_\w+[^\n]*"),
        Extension("tag", "#", _TAG, _read_tag),
        Extension("marker", "-#", rf"[-#] (?:{_MARKER})(?=[ \t\n])[ \t]*(?:\[\#[A-C]\][ \t]*)?", _read_marker),
        Extension("priority", "[", r"\[\#[A-C]\][ \t]*"),
        _LINK,
        Extension("block_reference", "(", r"\(\([0-9a-fA-F-]{36}\)\)", _read_block_reference),
        Extension("cloze", "{", r"\{\{cloze [^{}\n]*\}\}", _read_cloze, is_container=True),
        Extension("macro", "{", r"\{\{(?:[^{}\n]|\{[^{}\n]*\})*\}\}", _read_macro),
        Extension("size", "{", r"\{:(?:height|width)[^{}\n]*\}"),
        Extension("drawer", ":", r":(?i:logbook|properties):(?:(?!:(?i:end|logbook|properties):).)*:(?i:end):"),
        Extension("property", ":", r"::(?<=[^\s:]::)(?=[ \t]|$)", _read_property),
        Extension("time", "SD", r"(?:SCHEDULED|DEADLINE): ?<[^<>\n]*>"),
        Extension("highlight_marks", "^", r"\^\^(?=[^\s^])(?:(?!\^\^)[^\n])+\^\^", around(2, 2), is_container=True),
    ),
    indented_code=False,
    title_heading=TitleHeading.NONE,
    empty_article=EmptyArticle.UNWRITTEN,
    resolves=frozenset({LinkKind.PATH, LinkKind.NAME}),
    tag_article=str,
    missing_file=_missing_file,
    missing_severity=Severity.NOTE,
    other_suffixes=(".org", ".edn"),
)
