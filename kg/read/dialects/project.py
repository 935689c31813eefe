"""Read the configuration of a tool, and express its folders relative to the articles folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec
import yaml

from kg.base.config import ContentRoot, Read
from kg.base.paths import exists, is_file, is_folder
from kg.base.toml import parse_toml
from kg.read.files import entries, small_text
from kg.read.frontmatter import MAX_VALUES, expanded_size, has_alias

_LEVELS: Final = 4
"""Maximum number of folders above the articles folder in which a configuration file is looked for."""
_INNER: Final = ("docs", "website", "site", "documentation", "doc", "web", "www")
"""Names of folders in which the documentation site of a repository usually lies."""
_SUFFIXES: Final = Read().suffixes


def projects(folder: Path) -> Iterator[Path]:
    """Yield the folders to search for the configuration of the tool that manages `folder`.

    They are yielded in this order: `folder` itself; the folders above it up to the root of its Git repository; inside
    all of these, the folders with the usual names of documentation sites; and the only folder with articles that is
    directly in `folder`, if there is exactly one.
    """
    found = [folder]
    for _ in range(_LEVELS):
        if exists(found[-1] / ".git") or found[-1].parent == found[-1]:
            break
        found.append(found[-1].parent)
    yield from found
    yield from (outer / name for outer in found for name in _INNER)
    inner = only_inner(folder)
    if inner is not None:
        yield inner


def only_inner(folder: Path) -> Path | None:
    """Return the only folder directly in `folder` that has articles, or None if none or several have articles.

    Articles are looked for in such a folder and in its own folders, not at greater depth.
    """
    inside = (path for path in entries(folder) if not path.name.startswith(".") and not is_article(path))
    with_articles = (path for path in inside if is_folder(path) and _has_articles(path))
    first, second = next(with_articles, None), next(with_articles, None)
    return first if second is None else None


def is_article(path: Path) -> bool:
    """Return whether a path has a suffix of articles. Other suffixes in a kg.toml are ignored."""
    return path.suffix.lower() in _SUFFIXES


def _has_articles(folder: Path) -> bool:
    found = entries(folder)
    folders = (path for path in found if is_folder(path))
    return any(is_article(path) for path in chain(found, chain.from_iterable(map(entries, folders))))


def where(path: Path, folder: Path) -> str:
    """Return a phrase for users that tells where the file or folder `path` is, from inside a folder.

    >>> where(Path("notes/vault/dendron.yml"), Path("notes")), where(Path("dendron.yml"), Path("notes"))
    ('vault/dendron.yml lies in it', 'dendron.yml lies beside it')
    """
    common = Path(os.path.commonpath((path, folder)))
    return f"{path.relative_to(common).as_posix()} lies {'in' if common == folder else 'beside'} it"


def find_file(folders: Iterable[Path], *names: str) -> Path | None:
    """Return the first existing file, or None.

    The first name is tried in all folders, then the second name, and so on.
    """
    return next((path for folder in folders for name in names if is_file(path := folder / name)), None)


def read_configuration(path: Path | None) -> dict[str, Any]:
    """Return the contents of a configuration file in YAML, TOML or JSON.

    Every scalar is read as text, and tags of YAML are ignored, so that the result does not depend on the format. The
    result is empty if the file cannot be read, is not a mapping, or is over a limit of `parse_toml` or of front matter.
    """
    if path is None:
        return {}
    try:
        text = small_text(path)
        loaded: object
        match path.suffix:
            case ".toml":
                loaded = _as_text(parse_toml(text))
            case ".json":
                loaded = _as_text(json.loads(text))
            case _:
                loaded = _parse_yaml(text)
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _parse_yaml(text: str) -> object:
    """Return the values in a YAML document, within the limits of front matter.

    Raises:
        ValueError: if it is nested too deeply, or its aliases expand to too many values.
        yaml.YAMLError: if it is not valid YAML.
    """
    limit = MAX_VALUES + len(text)
    may_expand = has_alias(text, 1)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if may_expand and expanded_size(node, limit) > limit:
            raise ValueError("its aliases expand to too many values")
        return loader.construct_document(node)
    finally:
        loader.dispose()


def text_at(configuration: Mapping[str, Any], *keys: str) -> str | None:
    """Return the text at a path of keys, or None if it is absent, empty or not a text."""
    value = _value_at(configuration, keys)
    return value.strip() or None if isinstance(value, str) else None


def mapping_at(configuration: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Return the mapping at a path of keys; it is empty if it is absent or not a mapping."""
    value = _value_at(configuration, keys)
    return value if isinstance(value, Mapping) else {}


def _value_at(configuration: Mapping[str, Any], keys: Iterable[str]) -> object:
    value: object = configuration
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def roots_below(articles: Path, project: Path, roots: Iterable[ContentRoot]) -> tuple[ContentRoot, ...]:
    """Return content roots relative to the articles folder.

    If the articles folder is inside a root, the steps between them become part of the prefix. Roots that do not overlap
    with the articles folder are left out.

    Args:
        articles: the articles folder.
        project: the folder to which the folders of `roots` are relative.
        roots: the content roots as the configuration of the tool has them.
    """
    result = []
    for root in roots:
        folder = Path(_normal(project / root.folder))
        if folder.is_relative_to(articles):
            below = folder.relative_to(articles).as_posix()
            result.append(msgspec.structs.replace(root, folder="" if below == "." else below))
        elif articles.is_relative_to(folder):
            steps = (root.prefix, *articles.relative_to(folder).parts)
            result.append(msgspec.structs.replace(root, folder="", prefix="/".join(step for step in steps if step)))
    return tuple(dict.fromkeys(result))


def globs_below(articles: Path, project: Path, globs: Iterable[str]) -> tuple[str, ...]:
    """Convert globs that are relative to `project` into globs that are relative to the articles folder.

    The articles folder may contain `project`, or lie in it. Globs that match nothing below it are left out.
    """
    if articles == project:
        return tuple(globs)
    if articles.is_relative_to(project):
        inside = f"{articles.relative_to(project).as_posix()}/"
        return tuple(glob.removeprefix(inside) for glob in globs if glob.startswith((inside, "**/")))
    if not project.is_relative_to(articles):
        return ()
    return tuple(str(PurePosixPath(project.relative_to(articles).as_posix()) / glob) for glob in globs)


def _normal(path: Path) -> str:
    """Return an absolute path without the steps `.` and `..`; symbolic links are not followed."""
    steps: list[str] = []
    for step in path.parts:
        if step == "..":
            steps[1:] = steps[1:-1]
        else:
            steps.append(step)
    return str(Path(*steps))


def _as_text(value: object) -> object:
    match value:
        case dict():
            return {str(key): _as_text(part) for key, part in value.items()}
        case list():
            return [_as_text(part) for part in value]
        case bool():
            return str(value).lower()
        case None:
            return ""
        case _:
            return str(value)
