"""Find the articles of a folder, and read files."""

from __future__ import annotations

import errno
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar

from kg.base.config import Read, ToolSettings
from kg.base.errors import UsageError
from kg.base.model import Problem, Severity
from kg.base.paths import exists, is_file, is_folder, real_path
from kg.base.plural import counted
from kg.read.globs import matcher

_T = TypeVar("_T")

OTHER_SUFFIX: Final = "other-suffix"
_MAX_BYTES: Final = 1_000_000
"""Maximum size of a file beside the articles that is read, such as the configuration of a tool."""

# Characters that break or reverse a line of a report, and surrogates, which stand for invalid bytes in a file name.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


_DOCUMENTS: Final = frozenset(
    ".adoc .asciidoc .docx .htm .html .ipynb .markdn .mdown .mdtext .mdtxt .mdwn .mdx .mkd .mkdn .mkdown .odt .org "
    ".qmd .rmd .rst .tex .text .textile .txt .wiki".split()
)
"""Suffixes of files that can be articles in another format."""


def find_articles(folder: Path, options: Read, *, skip: Path | None = None) -> tuple[list[str], list[Problem]]:
    """Return the files of the articles below `folder`, and the problems found.

    The result has sorted relative paths with forward slashes. Hidden and excluded files and folders are skipped.
    Symbolic links are not followed. If a link leads to a file inside the folder, that file is found at its own path; a
    link that leads out of the folder is a problem. The problems include notes about the number of documents with other
    suffixes, and about the number of files outside the content of a site. The notes of the folder's tool are among the
    problems.

    Args:
        folder: the articles folder.
        options: the settings for suffixes, globs and the size limit.
        skip: the folder for the output. It is skipped if it is inside `folder`.

    Raises:
        UsageError: if `folder` is not a readable folder.
    """
    if not is_folder(folder):
        what = "is a file; give the folder that it is in" if is_file(folder) else "no such folder of articles"
        raise UsageError(f"{folder}: {what}")
    root = real_path(folder)
    skipped = str(real_path(skip)) if skip else None
    included, excluded = matcher(options.include), matcher(options.exclude)
    found: list[str] = []
    problems: list[Problem] = []
    others: Counter[str] = Counter()
    outside: list[str] = []
    settings = options.settings or ToolSettings()

    def is_left_out(entry: os.DirEntry[str], name: str) -> bool:
        if entry.name.startswith(".") or excluded.fullmatch(name):
            return True
        return entry.is_dir(follow_symlinks=False) and (entry.path == skipped or _is_build(Path(entry.path)))

    for entry, name in walk(root, is_left_out, problems):
        suffix = PurePosixPath(entry.name).suffix.lower()
        is_link = entry.is_symlink()
        if not (is_link or suffix in options.suffixes or suffix in _DOCUMENTS) or not included.fullmatch(name):
            continue
        if is_link:
            if wrong := _link_problem(Path(entry.path), root, options):
                problems.append(_error("link-outside", name, wrong))
        elif settings.only_content and not settings.has(name):
            outside += [name] if suffix in options.suffixes else []
        elif suffix not in options.suffixes:
            others[suffix] += 1
        elif problem := _file_problem(entry, name, options):
            problems.append(problem)
        else:
            found.append(name)
    if others:
        problems.append(_other_documents(others))
    if not found and not problems:
        message = f"no article was found: no file ends in {' or '.join(options.suffixes)}"
        problems.append(Problem(Severity.WARNING, "no-article", ".", None, None, message))
    if outside:
        problems.append(_outside_content(outside, settings))
    problems += (Problem(Severity.NOTE, "tool", ".", None, None, note) for note in settings.notes)
    return sorted(found), sorted(problems, key=lambda problem: problem.file)


def _file_problem(entry: os.DirEntry[str], name: str, options: Read) -> Problem | None:
    """Return the reason, as a problem, why a file with the suffix of an article is not read; None if it is read."""
    if not entry.is_file(follow_symlinks=False):
        return _error("unreadable", name, "is not a regular file; it is left out")
    try:
        size = entry.stat(follow_symlinks=False).st_size
    except OSError:  # it has just vanished, which is reported when it is read
        size = 0
    if size > options.max_file_bytes:
        limit = options.max_file_bytes / 1e6
        message = f"{size / 1e6:.1f} MB is over the limit of {limit:g} MB for one article ([read] max_file_bytes)"
        return _error("too-large", name, message)
    if _UNPRINTABLE.search(name):
        return _error("unreadable", name, "the file name is not valid text; rename the file")
    return None


def exists_below(folder: Path) -> Callable[[str], bool]:
    """Return a function that tells whether a path, relative to `folder`, exists. An invalid path does not exist."""

    return lambda path: exists(folder / path)


def file_size(path: Path) -> int:
    """Return the size of a file in bytes, or 0 if the file has just vanished.

    The missing file is reported later, when it is read.
    """
    try:
        return path.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def small_text(path: Path, *, errors: str = "strict", limit: int = _MAX_BYTES) -> str:
    """Return the text of a file beside the articles, such as the configuration of a tool.

    Args:
        path: the file.
        errors: how bytes that are not UTF-8 are handled, as in `open`.
        limit: maximum size of the file in bytes.

    Raises:
        OSError: if there is no regular file at `path` (reading a named pipe could last for ever), if the file is larger
            than `limit`, or if it cannot be read.
        UnicodeDecodeError: if `errors` is "strict" and the file is not UTF-8.
    """
    if not is_file(path):
        raise FileNotFoundError(errno.ENOENT, "no regular file", str(path))
    if path.stat().st_size > limit:
        raise OSError(errno.EFBIG, "too large", str(path))
    return path.read_text(encoding="utf-8-sig", errors=errors)


def text_of(path: Path, *, limit: int = _MAX_BYTES) -> str:
    """Return the text of a file beside the articles; it is empty if `small_text` cannot read the file.

    Bytes that are not UTF-8 are replaced.
    """
    try:
        return small_text(path, errors="replace", limit=limit)
    except OSError:
        return ""


def read_bytes(path: Path) -> bytes | OSError:
    """Return the bytes of a file, or the error that prevents reading it."""
    try:
        return path.read_bytes()
    except OSError as error:
        return error


def spread(items: Sequence[_T], most: int) -> Sequence[_T]:
    """Return at most `most` of the items, evenly spaced."""
    if len(items) <= most:
        return items
    return [items[index * len(items) // most] for index in range(most)]


def files_below(folder: Path, levels: int | None = None) -> Iterator[Path]:
    """Yield every file below `folder`, in any order. Links are not followed, and unreadable folders are left out.

    `levels` is the maximum depth of the folders that are searched; 0 means that only files directly in `folder` are
    yielded.
    """

    def is_too_deep(entry: os.DirEntry[str], name: str) -> bool:
        return levels is not None and name.count("/") + entry.is_dir(follow_symlinks=False) > levels

    return (Path(entry.path) for entry, _ in walk(folder, is_too_deep, []))


def entries(folder: Path) -> list[Path]:
    """Return the sorted paths of the files and folders directly in `folder`; none if it cannot be listed."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def walk(
    folder: Path, is_left_out: Callable[[os.DirEntry[str], str], bool], problems: list[Problem]
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Yield every file below `folder`, with its path relative to `folder`.

    Files and folders for which `is_left_out` returns true are skipped. Folders may be nested to any depth. For a folder
    that cannot be listed, a problem is added to `problems`.
    """
    pending = [(folder, "")]
    while pending:
        place, below = pending.pop()
        try:
            with os.scandir(place) as scan:
                found = list(scan)
        except OSError as error:
            problems.append(_error("unreadable", below.rstrip("/"), f"cannot be listed: {error.strerror}"))
            continue
        for entry in found:
            name = below + entry.name
            if is_left_out(entry, name):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append((Path(entry.path), f"{name}/"))
            else:
                yield entry, name


def _link_problem(path: Path, root: Path, options: Read) -> str | None:
    like_article = path.suffix.lower() in options.suffixes
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "is a link that leads nowhere" if like_article else None
    if target.is_relative_to(root) or not (like_article or is_folder(target)):
        return None
    return "is a link that leads out of the articles folder; it is not followed"


def _is_build(folder: Path) -> bool:
    """Whether a folder contains the output of a build. Such a folder is never read as articles."""
    return is_file(folder / "report.json") and is_file(folder / "graph.nt")


def _other_documents(counts: Counter[str]) -> Problem:
    """Return the note about documents that are not read. Key of `counts`: a suffix. Value: the number of files."""
    kinds = ", ".join(
        f"{count:,} {suffix}" for suffix, count in sorted(counts.items(), key=lambda item: (-item[1], item))
    )
    are, their = ("is", "its suffix") if counts.total() == 1 else ("are", "their suffixes")
    what = f"{counted(counts.total(), 'document')} {are} not read because of {their}"
    message = f"{what} ({kinds}); if a suffix is one of Markdown, add it to suffixes in [read] of kg.toml"
    return Problem(Severity.NOTE, OTHER_SUFFIX, ".", None, None, message)


def _outside_content(files: Sequence[str], settings: ToolSettings) -> Problem:
    """Return the note about files that the tool of a site does not publish."""
    are, them = ("is", "it") if len(files) == 1 else ("are", "them")
    folders = settings.roots[0].folder + " and others" * (len(settings.roots) > 1)
    message = (
        f"{counted(len(files), 'file')} {are} not in the content of the site ({folders}) and not read: {min(files)}"
        f'{" and others" * (len(files) > 1)}; to read {them}, set tool = "plain" in [read] of kg.toml'
    )
    return Problem(Severity.NOTE, "outside-content", ".", None, None, message)


def _error(code: str, file: str, message: str) -> Problem:
    shown = _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], file)
    return Problem(Severity.ERROR, code, shown, 1, None, message)
