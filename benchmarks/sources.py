"""The articles of a folder as they are written: what the floor tags, what subsets and synthetic corpora are made of."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.base.config import Config, find_config, load_config
from kg.read.dialects.resolve import resolve_config
from kg.read.files import find_articles
from kg.read.frontmatter import FrontMatterError, split


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path in the folder, the fields of its front matter, and its Markdown: the answer, or the body."""

    path: str
    fields: dict[str, Any]
    markdown: str

    @property
    def title(self) -> str:
        return " ".join(str(self.fields.get("title") or Path(self.path).stem).split())


def settings(folder: Path) -> tuple[Config, Path | None]:
    """What kg would read `folder` with, and the kg.toml that says so, if there is one."""
    found = find_config(folder)
    return resolve_config(folder, load_config(found) if found else Config(), found), found


def files_of(folder: Path) -> list[str]:
    """The paths in `folder` of the files that kg reads, sorted."""
    return find_articles(folder, settings(folder)[0].read)[0]


def read_sources(folder: Path, files: Iterable[str] | None = None) -> Iterator[Source]:
    """Every article whose front matter can be read and that has a text."""
    for path in files_of(folder) if files is None else files:
        try:
            matter = split((folder / path).read_text("utf-8-sig"))
        except (FrontMatterError, UnicodeDecodeError, OSError):
            continue  # kg reports it; there is nothing to tag
        answer = matter.values.get("answer")
        markdown = answer.replace("\\n", "\n") if isinstance(answer, str) else matter.body
        if markdown.strip():
            yield Source(path, dict(matter.values), markdown)


def by_hash(files: Iterable[str]) -> list[str]:
    """The files in an order that is random and always the same: its beginnings are nested samples of all subjects."""
    return sorted(files, key=lambda path: hashlib.sha256(path.encode()).digest())


def copy_articles(folder: Path, files: Iterable[str], target: Path) -> None:
    """Copy some files of `folder` to `target`, at the same paths; the folder itself is never written to."""
    for path in files:
        copy = target / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, copy)
