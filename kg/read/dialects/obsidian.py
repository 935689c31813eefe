"""An Obsidian vault: notes that link to each other by name. A Quartz site is a vault below the folder `content`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.base.paths import is_folder
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place, TitleHeading
from kg.read.dialects.paths import article_url, dated, folder_url, prefixed, subject
from kg.read.dialects.project import (
    find_file,
    globs_below,
    only_inner,
    projects,
    read_configuration,
    roots_below,
    text_at,
    where,
)
from kg.read.files import entries, files_below, spread, text_of
from kg.read.mathematics import spans
from kg.read.syntax.extension import Extension, Markup, Piece, hide_with_space_before
from kg.read.syntax.inline_fields import hidden_field, line_before, shown_field
from kg.read.syntax.web_addresses import BARE_ADDRESS
from kg.read.syntax.wiki_links import WIKI_LINK_OF_VAULT, wiki_names

_SEARCHED: Final = 500
"""Maximum number of files that are searched for a wiki link or for tags, to find out whether a folder is a vault."""
_MIN_TAGGED: Final = 0.5
"""If this share of the searched files has tags, the folder is a vault."""
_PROSE_WORDS: Final = 8
"""Minimum number of words of an inline field whose value is published as text."""

_NOT_IN_TAG: Final = r"\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s"
_TAG: Final = rf"#(?<![^\s\[*~=|]#)(?!\d+(?:[{_NOT_IN_TAG}]|\Z))[^{_NOT_IN_TAG}]+"
"""Finds tags by the rules of Obsidian: "-", "_" and "/" are the only punctuation, and one character is not a digit.

White space precedes a tag, or else the tag is the beginning of a line, a link, a cell or an emphasis.
"""
_LIKE_TAG = re.compile(rf"(?:^|(?<=[ \t]))(?!#[0-9a-fA-F]{{3,8}}\b){_TAG}(?![^{{\n]*\}})", re.MULTILINE)
"""Finds tags, but not colours such as `#fff`."""
_DIRECTIVE: Final = frozenset(
    {"define", "elif", "else", "endif", "error", "if", "ifdef", "ifndef", "include", "pragma"}
)
"""Matches preprocessor lines of C, such as `#include`, which look like tags."""

_FIELD_LINE = re.compile(
    r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[.\][ \t]+)?)?(?P<marks>[*_~]{0,3})"
    r"(?P<name>[^\s*_~`#:|<>\[\]{}()][^*~`#:|<>\[\]{}()]*?)[*_~]{0,3}[ \t]*"
)
_MAX_NAME_WORDS: Final = 4
_LINK: Final = r"\[\[[^\[\]\n]*\]\]|\[[^\[\]\n]*\]\([^()\s]*\)"
_IN_SENTENCE = re.compile(r"[\w,;] \Z")
_NAME: Final = r"[^\[\](){}:`|\n]{1,60}"

_QUARTZ: Final = ("quartz.config.ts", "quartz.layout.ts")
_QUARTZ_SETTING: Final = r"^[ \t]*%s[ \t]*:[ \t]*([\"'`])(.*?)\1"
_QUARTZ_IGNORED = re.compile(r"^[ \t]*ignorePatterns[ \t]*:[ \t]*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"([\"'`])(.*?)\1")


def _recognise(folder: Path) -> str | None:
    vault = _own_vault(folder)
    if vault is not None:
        return where(vault / ".obsidian", folder)
    path = _quartz(folder)
    return where(path, folder) if path else None


def _quartz(folder: Path) -> Path | None:
    """Return the configuration file of the Quartz site that contains a folder, or None if there is no such site."""
    for project in projects(folder):
        path = find_file([project], *_QUARTZ)
        if path:
            return path if roots_below(folder, project, [_quartz_root(project)]) else None
    return None


def _quartz_root(project: Path) -> ContentRoot:
    """Return the content root of a Quartz site. A site without notes in `content` is the documentation of Quartz."""
    has_notes = any(path.suffix == ".md" for path in files_below(project / "content"))
    return ContentRoot(folder="content" if has_notes else "docs", kind="quartz")


def _recognise_text(folder: Path, files: Sequence[str]) -> str | None:
    """Recognise a folder as a vault by a wiki link in one of its `files` that names one of these files, or by tags."""
    names = {PurePosixPath(file).stem.casefold() for file in files}
    searched = spread(files, _SEARCHED)
    tagged = 0
    for file in searched:
        text = text_of(folder / file)
        try:
            found = "[[" in text and any(name.rpartition("/")[2].casefold() in names for name in wiki_names(text))
            has_tag = "#" in text and _has_tag(text)
        except MemoryError:
            raise
        except Exception:  # reading the file as an article will report it
            continue
        if found:
            return f"{file} has a wiki link to another file"
        tagged += has_tag
    return "its files have tags" if tagged and tagged >= _MIN_TAGGED * len(searched) else None


def _has_tag(text: str) -> bool:
    """Whether a text has a tag outside code and mathematics. Anchors, colours and ids in braces are not tags."""
    taken = list(spans(text))
    return any(
        found[0][1:] not in _DIRECTIVE and not any(span.start <= found.start() < span.end for span in taken)
        for found in _LIKE_TAG.finditer(text)
    )


def _settings(folder: Path) -> ToolSettings:
    exclude = [glob for vault in _vaults(folder) for glob in globs_below(folder, vault, _templates(vault))]
    path = _quartz(folder)
    if path is None:
        roots = roots_below(folder, _own_vault(folder) or folder, [ContentRoot()])
        return ToolSettings(roots=roots, exclude=tuple(exclude))
    text = text_of(path) if path.name == _QUARTZ[0] else ""
    root = _quartz_root(path.parent)
    ignored = _QUARTZ_IGNORED.search(text)
    patterns = [pattern for _, pattern in _QUOTED.findall(ignored[1])] if ignored else []
    others = {"content", "docs", "quartz", "*.md"} - {root.folder}
    exclude += globs_below(folder, path.parent, sorted(others))
    for below in roots_below(folder, path.parent, [root]):
        exclude += (f"{below.folder}/{pattern}".lstrip("/") for pattern in patterns)
    base = _quartz_setting(text, "baseUrl")
    return ToolSettings(
        title=_quartz_setting(text, "pageTitle"),
        site=base and f"https://{base.removeprefix('https://').strip('/')}",
        roots=roots_below(folder, path.parent, [root]),
        exclude=tuple(exclude),
    )


def _own_vault(folder: Path) -> Path | None:
    """Return the folder itself or its only inner folder, whichever is a vault; None if neither is."""
    inner = only_inner(folder)
    return next((path for path in (folder, inner) if path and is_folder(path / ".obsidian")), None)


def _quartz_setting(text: str, name: str) -> str | None:
    found = re.search(_QUARTZ_SETTING % name, text, re.MULTILINE)
    return found[2].strip() or None if found else None


def _vaults(folder: Path) -> Iterator[Path]:
    """Yield the vaults that contain a folder, then the vaults directly inside it."""
    for path in dict.fromkeys([*projects(folder), *entries(folder)]):
        if is_folder(path / ".obsidian"):
            yield path


def _templates(vault: Path) -> Iterator[str]:
    """Yield the folders of a vault in which the plugins Templates and Templater look for templates."""
    settings = vault / ".obsidian"
    core = text_at(read_configuration(settings / "templates.json"), "folder")
    plugin = text_at(read_configuration(settings / "plugins/templater-obsidian/data.json"), "templates_folder")
    for name in (core, plugin):
        if name and name.strip("/"):
            yield name.strip("/")


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a note. Its title is the name of its file; a daily note, `2024-03-09.md`, has a date.

    On a Quartz site, `Folder/My note.md` is at `/Folder/My-note`, and `Folder/index.md` at `/Folder/`.
    """
    file = page.file
    date, found = dated(file.stem)[0], subject(file.parts[:-1])
    if page.root.kind != "quartz":
        return Place(article_url(file), file.stem, found, date)
    steps = file.parent.parts if file.stem == "index" else file.with_suffix("").parts
    url = folder_url(prefixed(page.root.prefix, [_quartz_step(step) for step in steps]))
    title = steps[-1] if steps else file.stem
    return Place(url if file.stem == "index" else url.rstrip("/"), title, found, date)


def _quartz_step(name: str) -> str:
    return re.sub(r"[?#]", "", re.sub(r"\s", "-", name).replace("&", "-and-").replace("%", "-percent"))


def _is_elsewhere(address: str, settings: ToolSettings, exists: Callable[[str], bool]) -> bool:
    """Whether an address is the address of a page that Quartz generates for a tag."""
    return address.startswith("/tags/") and any(root.kind == "quartz" for root in settings.roots)


def _left_out(values: Mapping[str, object]) -> str | None:
    is_drawing = "excalidraw-plugin" in values or "tldraw-file" in values
    return "is a drawing; it is left out" if is_drawing else None


def _read_tag(match: re.Match[str]) -> Iterator[Piece]:
    yield Markup(match.start(), match.end(), match[0], tag=match[0][1:].strip("/") or None)


def _read_field_line(match: re.Match[str]) -> Iterator[Piece]:
    """Read a line `name:: value`, which is a field of the plugin Dataview.

    A short value is metadata; it is not published. A long value is text; it is published without the name.
    """
    before = line_before(match)
    found = _FIELD_LINE.fullmatch(before[1]) if before else None
    if before is None or found is None or not _is_name(found["name"]):
        return
    source, start = match.string, before[0] + found.start("marks")
    end = source.find("\n", match.end())
    end = len(source) if end < 0 else end
    words = re.sub(r"\[\[[^\[\]\n]*\]\]", "", source[match.end() : end]).split()
    if len(words) < _PROSE_WORDS:
        yield from hidden_field(source, start, end, found["name"], _IN_FIELD)
    else:
        value = end - len(source[match.end() : end].lstrip(" \t*_~"))
        yield from shown_field(source, start, value, end, found["name"], _IN_FIELD)


def _read_field_in_brackets(match: re.Match[str]) -> Iterator[Piece]:
    """Read `[name:: value]` or `(name:: value)`, which are not published.

    Exception: the value of a field in parentheses is published if the field is a part of a sentence, as in
    "I met (person:: [[Jane]]) today".
    """
    source, start, end = match.string, match.start(), match.end()
    name = match[0][1:].partition("::")[0].strip()
    if not _is_name(name):
        return
    if match[0][0] == "(" and _IN_SENTENCE.search(source, max(0, start - 2), start):
        value = start + len(match[0]) - len(match[0].partition("::")[2].lstrip())
        yield from shown_field(source, start, value, end - 1, name, _IN_FIELD)
        yield Markup(end - 1, end)
    else:
        yield from hidden_field(source, start, end, name, _IN_FIELD)


def _is_name(name: str) -> bool:
    return any(map(str.isalpha, name)) and len(name.split()) <= _MAX_NAME_WORDS


_TAG_EXTENSION: Final = Extension("tag", "#", _TAG, _read_tag)
_IN_FIELD: Final = (WIKI_LINK_OF_VAULT, _TAG_EXTENSION)

DIALECT = Dialect(
    name="obsidian",
    title="an Obsidian vault",
    precedence=10,
    recognise=_recognise,
    recognise_text=_recognise_text,
    settings=_settings,
    place=_place,
    left_out=_left_out,
    extensions=(
        WIKI_LINK_OF_VAULT,
        BARE_ADDRESS,
        Extension("templater", "<", r"<%(?:(?!<%|%>).)*%>"),
        Extension("comment", "%", r"%%.*?%%"),
        Extension("block_id", "^", r"\^(?<!\S\^)[A-Za-z0-9-]+[ \t]*$", hide_with_space_before),
        Extension("field_in_brackets", "[", rf"\[{_NAME}::(?:{_LINK}|[^\[\]\n])*\]", _read_field_in_brackets),
        Extension(
            "field_in_parentheses", "(", rf"\({_NAME}::(?=[ \t\[])(?:\([^()\n]*\)|[^()\n])*\)", _read_field_in_brackets
        ),
        Extension("field_line", ":", r"::(?<=[^\s:]::)(?=[*_~]{0,3}(?:[ \t]|$|\[\[))", _read_field_line),
        _TAG_EXTENSION,
    ),
    keywords_end_at_spaces=True,
    keyword_prefix="#",
    title_heading=TitleHeading.NONE,
    empty_article=EmptyArticle.UNWRITTEN,
    links_by_name=True,
    is_elsewhere=_is_elsewhere,
    resolves=frozenset({LinkKind.PATH, LinkKind.NAME}),
)
