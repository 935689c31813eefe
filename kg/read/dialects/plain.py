"""A plain folder: Markdown files that are not managed with any particular tool."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from kg.read.dialects.dialect import Dialect, Place
from kg.read.dialects.paths import article_url, subject


def _place(file: PurePosixPath, name: str | None, categories: Sequence[str]) -> Place:
    return Place(article_url(file), file.stem.replace("-", " "), subject(file.parts[:-1]))


DIALECT = Dialect(name="plain", title="a plain folder", precedence=100, place=_place, any_heading_is_title=True)
