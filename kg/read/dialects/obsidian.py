"""An Obsidian vault: notes that link to each other by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from kg.base.config import ToolSettings
from kg.base.model import LinkKind
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place, TitleHeading
from kg.read.dialects.paths import article_url, dated, subject
from kg.read.syntax.extension import Extension, Markup, Piece, hide_with_space_before
from kg.read.syntax.wiki_links import WIKI_LINK_OF_VAULT, wiki_names

_SEARCHED: Final = 500
"""Maximum number of files that are searched for a wiki link, to find out whether a folder is a vault."""


def _recognise(folder: Path) -> str | None:
    return "it has a folder .obsidian" if (folder / ".obsidian").is_dir() else None


def _recognise_text(folder: Path, files: Sequence[str]) -> str | None:
    """Recognise a folder as a vault if a wiki link in one of its `files` names one of these files."""
    names = {PurePosixPath(file).stem.casefold() for file in files}
    for file in files[:: len(files) // _SEARCHED + 1]:
        try:
            text = (folder / file).read_text(encoding="utf-8", errors="replace")
            found = "[[" in text and any(name.rpartition("/")[2].casefold() in names for name in wiki_names(text))
        except MemoryError:
            raise
        except Exception:  # reading the file as an article will report it
            continue
        if found:
            return f"{file} has a wiki link to another file"
    return None


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a note. Its title is the name of its file; a daily note, `2024-03-09.md`, has a date."""
    return Place(article_url(page.file), page.file.stem, subject(page.file.parts[:-1]), dated(page.file.stem)[0])


def _tag(match: re.Match[str]) -> Iterator[Piece]:
    yield Markup(match.start(), match.end(), match[0], tag=match[0][1:].strip("/"))


DIALECT = Dialect(
    name="obsidian",
    title="an Obsidian vault",
    precedence=10,
    recognise=_recognise,
    recognise_text=_recognise_text,
    place=_place,
    extensions=(
        WIKI_LINK_OF_VAULT,
        Extension("comment", "%", r"%%.*?%%"),
        Extension("block_id", "^", r"\^(?<!\S\^)[A-Za-z0-9-]+[ \t]*$", hide_with_space_before),
        Extension("tag", "#", r"#(?<!\S#)(?!\d+(?![\w/-]))\w[\w/-]*", _tag),
    ),
    keywords_end_at_spaces=True,
    keyword_prefix="#",
    title_heading=TitleHeading.NONE,
    empty_article=EmptyArticle.UNWRITTEN,
    links_by_name=True,
    resolves=frozenset({LinkKind.PATH, LinkKind.NAME}),
)
