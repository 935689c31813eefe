"""Addresses, titles and subjects that several dialects derive from a path in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from kg.base.iris import slug


def article_url(file: PurePosixPath) -> str:
    """Return the address of a file that is no page of a site: `article/drift/data-drift` for `drift/Data Drift.md`."""
    return "article/" + "/".join(slug(step) for step in file.with_suffix("").parts)


def folder_url(steps: Sequence[str]) -> str:
    """Return the address, such as `/guide/install/`, of a page that is a folder; `steps` are the names in its path.

    The address of the front page, which has no steps, is `/index.html`.
    """
    return "/" + "".join(f"{step}/" for step in steps) if steps else "/index.html"


def words(name: str) -> str:
    """Return a file name with spaces in place of hyphens and underscores."""
    return name.replace("-", " ").replace("_", " ").strip()


def subject(folders: Sequence[str]) -> str | None:
    """Return the subject of an article: the name of the topmost of its folders, or None if it is in no folder."""
    return folders[0].replace("-", " ") if folders else None
