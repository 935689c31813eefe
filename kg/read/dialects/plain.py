"""A plain folder: Markdown files that are not managed with a tool that kg knows.

If there are signs of a tool without a dialect, a note says so, and the special constructs of this tool are not
published. Links are followed by rules that hold for most tools.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.read.dialects.dialect import Dialect, Page, Place, TitleHeading
from kg.read.dialects.other_tools import TOOLS, OtherTool, find_tool
from kg.read.dialects.paths import article_url, dated, folder_title, is_language, subject
from kg.read.files import files_below, text_of
from kg.read.syntax.extension import Extension, Markup, Piece, Target, omission
from kg.read.syntax.macros import MACRO
from kg.read.syntax.mdx import imports_components
from kg.read.syntax.wiki_links import WIKI_LINK

_CONTENTS: Final = "SUMMARY.md"
_LEVELS: Final = 3
"""Maximum depth of the folders that are searched for a table of contents."""
_OF_CONTENTS = re.compile(r"\s*(?:#.*|(?:[-*+]|\d+[.)])\s.*|\[[^\]]*\]\([^)]*\)|---+|<!--.*-->)?")
"""Matches a line of a table of contents: a heading, an item of a list, a link, a rule or nothing."""
_BEFORE_WORD = re.compile(r"[,;:]?[ \t]+\w")
_ENGLISH = re.compile(r"/en(?:-[a-z]{2,4})?(?=/)", re.IGNORECASE)


def _recognise(folder: Path) -> str | None:
    found = find_tool(folder)
    return f"it looks like {found.tool.title} ({found.sign})" if found else None


def _settings(folder: Path) -> ToolSettings:
    contents = tuple(path.relative_to(folder).as_posix() for path in _tables_of_contents(folder))
    found = find_tool(folder)
    if found is None:
        return ToolSettings(exclude=contents)
    tool = found.tool
    options = [("tool", tool.title), *(("base", base) for base in found.bases())]
    note = (
        f"looks like {tool.title} ({found.sign}), which kg does not know: addresses are made of paths, and links are "
        "followed by general rules"
    )
    return ToolSettings(
        exclude=(*contents, *found.exclude(folder)),
        options=tuple(options),
        ignores_case=tool.is_of_windows,
        has_layouts=True,
        has_labels=tool.has_labels,
        notes=(note,),
    )


def _tables_of_contents(folder: Path) -> Iterator[Path]:
    """Yield each SUMMARY.md that is only a table of contents, as in GitBook and in nested books."""
    for path in sorted(path for path in files_below(folder, levels=_LEVELS) if path.name == _CONTENTS):
        text = text_of(path)
        if "](" in text and all(_OF_CONTENTS.fullmatch(line) for line in text.split("\n")):
            yield path


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a file. A name that begins with a date gives the date: `2024-01-31-frost.md`.

    Many tools publish this file as `frost` or `2024/01/31/frost`. So these are further addresses of the page. A slug in
    the front matter also gives further addresses, see `_slug_addresses`.
    """
    date, stem = dated(page.file.stem)
    folders = page.file.parts[:-1]
    addresses = list(_slug_addresses(page.slug.strip("/"), folders)) if page.slug else []
    if date and stem != page.file.stem:
        addresses += ("/".join(("", *folders, *step, stem)) for step in ((), (f"{date:%Y/%m/%d}",)))
    return Place(
        article_url(page.file),
        folder_title(page.file, stem),
        subject(folders),
        date,
        addresses=tuple(dict.fromkeys(addresses)),
    )


def _slug_addresses(slug: str, folders: tuple[str, ...]) -> Iterator[str]:
    """Yield the addresses that a slug can mean: one from the root of the site, and one beside the file.

    If the file is in the folder of a language, the first one begins with this language.
    """
    language = next((folder.lower() for folder in folders if is_language(folder)), None)
    if language is None or language.startswith("en"):
        yield f"/{slug}"
    if language is not None:
        yield from (f"/{language}/{slug}", f"/{language}/docs/{slug}")
    yield "/".join(("", *folders, slug))


def _other_addresses(address: str, root: ContentRoot, settings: ToolSettings) -> Iterator[str]:
    """Yield an address without a prefix that does not occur in the paths of files.

    Such a prefix is the path at which the site is published, or the language English, possibly followed by `docs`, as
    in `/en-US/docs/Glossary/Branch`.
    """
    for base in _bases(settings):
        if address.startswith(f"{base}/"):
            yield address.removeprefix(base)
    language, step, rest = address[1:].partition("/")
    if step and is_language(language):
        yield f"/{language.lower()}/{rest}"
    if found := _ENGLISH.match(address):
        without = address[found.end() :]
        yield without
        if without.startswith("/docs/"):
            yield without.removeprefix("/docs")


def _written_out(address: str, settings: ToolSettings) -> str:
    """Expand `@/x.md`, which in Zola is a path relative to the content folder."""
    tool = _tool(settings)
    address = address.replace("\\", "/") if tool is not None and tool.is_of_windows else address
    return address[1:] if address.startswith("@/") else address


def _is_elsewhere(address: str, settings: ToolSettings, exists: Callable[[str], bool]) -> bool:
    """Return whether an address is outside the path of this site, and so belongs to another site on the same host."""
    tool = _tool(settings)
    is_below = any(f"{address}/".startswith(f"{base}/") for base in _bases(settings))
    return tool is not None and tool.is_part_of_site and address.startswith("/") and not is_below


def _tool(settings: ToolSettings) -> OtherTool | None:
    title = settings.option("tool")
    return next((tool for tool in TOOLS if tool.title == title), None) if title else None


def _bases(settings: ToolSettings) -> tuple[str, ...]:
    """Return the paths at which the site is published."""
    return tuple(value for name, value in settings.options if name == "base")


def _more_extensions(settings: ToolSettings) -> tuple[Extension, ...]:
    tool = _tool(settings)
    return () if tool is None else tool.extensions


def _titled_by_target(match: re.Match[str]) -> Iterator[Piece]:
    """Read a link whose text is a placeholder for the title of its target: `[AUTOTITLE](/actions/caching)`.

    The title is not known while the article is read. So an ellipsis is published in its place if it is in a sentence:
    if a word precedes or follows it in its line.
    """
    address = match[0].partition("](")[2].rstrip(")")
    shown = "…" if _BEFORE_WORD.match(match.string, match.end()) else omission(match.string, match.start())
    yield Markup(match.start(), match.end(), shown, Target(address, LinkKind.PATH, None))


DIALECT = Dialect(
    name="plain",
    title="a plain folder",
    precedence=100,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    extensions=(
        WIKI_LINK,
        MACRO,
        Extension("autotitle", "[", r"\[AUTOTITLE\]\([^()\s]*\)", _titled_by_target),
        Extension("script", "<", r"<(?:script|style)(?=[\s>])(?:(?!</?(?:script|style)\b).)*</(?:script|style)[ \t]*>"),
    ),
    more_extensions=_more_extensions,
    is_mdx=imports_components,
    title_heading=TitleHeading.ANY_LEVEL,
    other_addresses=_other_addresses,
    written_out=_written_out,
    is_elsewhere=_is_elsewhere,
)
