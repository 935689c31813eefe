"""A Dendron workspace: notes whose names are paths of a hierarchy, such as `bread.starter.md`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from kg.base.config import ContentRoot, ToolSettings
from kg.base.iris import slug
from kg.base.model import LinkKind
from kg.base.paths import is_folder
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place, TitleHeading
from kg.read.dialects.paths import words
from kg.read.dialects.project import find_file, mapping_at, projects, read_configuration, roots_below, text_at, where
from kg.read.syntax.extension import Extension, Markup, Piece, Target, hide_with_space_before, omit
from kg.read.syntax.wiki_links import label_first

_CONFIGURATION: Final = "dendron.yml"
_SCHEME: Final = "dendron://"
_DATE = re.compile(r"(?:^|\.)(\d{4})[.-](\d\d)[.-](\d\d)(?:\.|$)")
_ANOTHER_FILE = re.compile(r"/|\*")
"""Finds a slash (which shows that a link is the path of a file) or an asterisk (which stands for several notes)."""


def _configuration(folder: Path) -> Path | None:
    """Return the configuration file of the workspace that contains a folder, or None if there is no such workspace."""
    path = find_file(projects(folder), _CONFIGURATION)
    return path if path and _roots(path, folder) else None


def _roots(path: Path, folder: Path) -> tuple[ContentRoot, ...]:
    """Return the vaults of a workspace. The `kind` of a root is the name of its vault.

    If the configuration names no vault that exists, the folder of the configuration file is the vault.
    """
    configuration = read_configuration(path)
    named = mapping_at(configuration, "workspace").get("vaults") or configuration.get("vaults")
    roots = []
    for vault in named if isinstance(named, list) else []:
        below = text_at(vault, "fsPath") if isinstance(vault, Mapping) else None
        if below is None:
            continue
        below = "" if below in {".", "./"} else below.removeprefix("./").strip("/")
        name = text_at(vault, "name") or below.rpartition("/")[2] or path.parent.name
        inner = f"{below}/notes".lstrip("/")
        has_notes_inside = text_at(vault, "selfContained") == "true" and is_folder(path.parent / inner)
        if is_folder(path.parent / below):
            roots.append(ContentRoot(folder=inner if has_notes_inside else below, kind=name))
    if len(roots) > 1:
        roots = [ContentRoot(folder=root.folder, kind=root.kind, prefix=slug(root.kind)) for root in roots]
    return roots_below(folder, path.parent, roots or [ContentRoot()])


def _recognise(folder: Path) -> str | None:
    path = _configuration(folder)
    return where(path, folder) if path else None


def _settings(folder: Path) -> ToolSettings:
    path = _configuration(folder)
    if path is None:
        return ToolSettings()
    configuration = read_configuration(path)
    publishing = mapping_at(configuration, "publishing") or mapping_at(configuration, "site")
    address = text_at(publishing, "siteUrl")
    prefix = text_at(publishing, "assetsPrefix") or ""
    return ToolSettings(
        title=text_at(publishing, "seo", "title"),
        site=address and f"{address.rstrip('/')}/{prefix.strip('/')}".rstrip("/"),
        roots=_roots(path, folder),
    )


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a note.

    `bread.starter.md` is at `article/bread.starter`, and its subject is "bread". `daily.2024.03.09.md` has a date.
    Dendron publishes a note at an address that is made from the note's id.
    """
    stem = page.file.stem
    steps = stem.split(".")
    found = _DATE.search(stem)
    date = _as_date(found) if found else None
    note = ".".join(slug(step) for step in steps)
    names = (stem, *([f"{_SCHEME}{page.root.kind}/{stem}"] if page.root.kind else []))
    folders = [*page.root.prefix.split("/"), *(slug(step) for step in page.file.parts[:-1])]
    return Place(
        url="/".join(["article", *(step for step in folders if step), note]),
        title=f"{date}" if found and date and found.end() == len(stem) else words(steps[-1]),
        subject=words(steps[0]) if len(steps) > 1 else None,
        date=date,
        names=names,
        addresses=(f"/notes/{page.id}",) if page.id else (),
    )


def _as_date(found: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _missing_file(name: str, settings: ToolSettings) -> str:
    """Return the path of the file that Dendron would create for a note. The default vault is the first one."""
    vault, note = _split(name)
    root = next((root for root in settings.roots if root.kind == vault), settings.roots[0])
    return f"{root.folder}/{note}.md".lstrip("/")


def _split(name: str) -> tuple[str, str]:
    """Split `dendron://vault/note` into the name of the vault, which may be missing, and the name of the note."""
    vault, _, note = name.removeprefix(_SCHEME).partition("/") if name.startswith(_SCHEME) else ("", "", name)
    return vault, note


def _other_names(name: str, settings: ToolSettings) -> Iterable[str]:
    """Yield the name of a note without the name of its vault, if there is only one vault."""
    if name.startswith(_SCHEME) and len(settings.roots) == 1:
        yield _split(name)[1]


def _read_link(match: re.Match[str]) -> Iterator[Piece]:
    """Read `[[note]]`, `[[label|note#heading]]` or `![[note]]`, where the note may be `dendron://vault/note`."""
    label, place = label_first(match[0])
    name = place.partition("#")[0].strip()
    _, note = _split(name)
    target = Target(name, LinkKind.NAME, note) if note and not _ANOTHER_FILE.search(note) else None
    shown = label.strip() or note or place.strip().lstrip("#")
    yield Markup(match.start(), match.end(), "" if match[0].startswith("!") else shown, target)


def _read_tag(match: re.Match[str]) -> Iterator[Piece]:
    yield Markup(match.start(), match.end(), match[0], tag=match[0][1:])


def _read_user(match: re.Match[str]) -> Iterator[Piece]:
    yield Markup(match.start(), match.end(), match[0], Target(f"user.{match[0][1:]}", LinkKind.TAG, match[0][1:]))


def _tag_article(tag: str) -> str:
    return f"tags.{tag.removeprefix('tags.')}"


_IN_TAG: Final = r"[^\s#@|\[\](){}<>,.;:!?'\"`~$%^&*+=\\/]"

DIALECT = Dialect(
    name="dendron",
    title="a Dendron workspace",
    precedence=5,
    recognise=_recognise,
    settings=_settings,
    place=_place,
    own_address=None,
    extensions=(
        Extension("wiki_link", "![", r"!?(?<!\\)(?<!\\!)\[\[[^\[\]\n]+\]\](?!\()", _read_link),
        Extension("variable", "{", r"\{\{[^{}\n]*\}\}", omit),
        Extension("block_id", "^", r"\^(?<!\S\^)[A-Za-z0-9-]+[ \t]*$", hide_with_space_before),
        Extension("tag", "#", rf"#(?<![^\s(\[*~=|]#)(?!\d){_IN_TAG}+(?:\.{_IN_TAG}+)*", _read_tag),
        Extension("user", "@", rf"@(?<![^\s(\[*~=|]@){_IN_TAG}+(?:\.{_IN_TAG}+)*", _read_user),
    ),
    keyword_prefix="#",
    title_heading=TitleHeading.NONE,
    empty_article=EmptyArticle.UNWRITTEN,
    resolves=frozenset({LinkKind.PATH, LinkKind.NAME}),
    tag_article=_tag_article,
    missing_file=_missing_file,
    other_names=_other_names,
)
