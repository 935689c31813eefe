"""A plain folder: Markdown files that are not managed with a tool that kg knows."""

from __future__ import annotations

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Dialect, Page, Place, TitleHeading
from kg.read.dialects.paths import article_url, dated, folder_title, subject
from kg.read.syntax.wiki_links import WIKI_LINK


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a file. A name that begins with a date gives the date: `2024-01-31-frost.md`."""
    date, stem = dated(page.file.stem)
    return Place(article_url(page.file), folder_title(page.file, stem), subject(page.file.parts[:-1]), date)


DIALECT = Dialect(
    name="plain",
    title="a plain folder",
    precedence=100,
    place=_place,
    extensions=(WIKI_LINK,),
    title_heading=TitleHeading.ANY_LEVEL,
)
