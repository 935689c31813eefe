"""Search for the file that a path or a name in a link means.

The rules are those of the tools with which such links are written, such as Obsidian.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename, dirname, join, normpath
from typing import Final

from kg.base.config import Read
from kg.read.dialects.registry import get_dialect
from kg.read.dialects.resolve import content_root

_INDEX_NAMES: Final = ("index", "_index", "README", "readme")
"""Names, without suffix, of index files. A link to a folder leads to the index file in this folder.

If a folder has several index files, the link leads to the one whose name comes first here.
"""

_PAGES: Final = (".html", ".htm")
_SUFFIX = re.compile(r"(?<=[^/])\.[A-Za-z][A-Za-z0-9]{0,4}$")


class Files:
    """The files of the articles folder, which can be looked up by the paths and names in links.

    A file is found by its path, with or without its suffix, or by its name. An index file, such as `a/index.md`, is
    also found by the path of its folder (`a`).
    """

    def __init__(self, paths: Iterable[str], options: Read, names: Mapping[str, Iterable[str]] | None = None) -> None:
        """Index the files.

        Args:
            paths: paths of the files, relative to the articles folder.
            options: the options with which the folder is read, resolved.
            names: maps files to names that replace their paths in wiki links. Wiki links do not find such a file by its
                path.
        """
        self._options = options
        self._suffixes = options.suffixes
        self._content = options.content or ""
        self._name_key = get_dialect(options.tool).name_key
        self._ignores_case = options.settings is not None and options.settings.ignores_case
        self._paths: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._own_names: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            stem = _nfc(self.stem(path))
            self._paths.setdefault(self._path_key(stem), path)
            self._paths[self._path_key(path)] = path
            own = tuple((names or {}).get(path, ()))
            for name in own:
                self._own_names[self._key(name)].append(path)
            if not own:
                self._names[basename(self._key(stem))].append(path)
            if basename(stem) in _INDEX_NAMES:
                folder = self._path_key(dirname(stem))
                self._folders[folder] = min(path, self._folders.get(folder, path), key=self._index)

    def inside(self, source: str, target: str) -> str | None:
        """Return the target of a link as a path below the articles folder; None if the target is outside this folder.

        The target need not exist. If `target` ends in a slash, the returned path does too.

        Args:
            source: the file that contains the link.
            target: a path relative to `source`. If it begins with a slash, it is relative to the content root of
                `source`; if it begins with `~/`, it is relative to the articles folder. The path of a folder may end in
                a slash.
        """
        if target.startswith("/"):
            root = content_root(source, self._options)
            below = join(self._content if root is None else root.folder, target.lstrip("/"))
        elif target.startswith("~/"):
            below = target[2:].lstrip("/")
        else:
            below = join(dirname(source), target)
        path = normpath(below) if below else "."
        if path == ".." or path.startswith("../"):
            return None
        return ("" if path == "." else path) + ("/" if target.endswith("/") else "")

    def at(self, path: str) -> str | None:
        """Return the file that has the path `path` below the articles folder; None if there is no such file.

        If `path` is the path of a folder, return the index file of this folder. `path` may lack the suffix of the file,
        or have the suffix of its web page: "a/b" and "a/b.html" both lead to "a/b.md".
        """
        folder = self._path_key(path.rstrip("/"))
        page = folder.rpartition(".")[0] if folder.endswith(_PAGES) else folder
        found = self._folders.get(folder) if path.endswith("/") or not path else self._paths.get(folder)
        return found or self._paths.get(page) or self._folders.get(page.removesuffix("index").rstrip("/") or page)

    def named(self, source: str, name: str) -> str | None:
        """Return the file that a wiki link leads to, by the rules of Obsidian.

        If `name` is the whole path of a file, this file is returned. Otherwise, files whose path ends in `name` match:
        "b/c" matches "a/b/c.md". Upper and lower case are ignored. If several files match, those below the folder of
        `source`, the file with the link, are preferred; among these, the one with the shortest path is chosen.
        """
        if name.startswith(("./", "../")):
            path = self.inside(source, name)
            return None if path is None else self.at(path)
        if own := self._own_names.get(self._key(name)):
            return self.nearest(source, own)
        wanted = self._key(self.stem(name.strip("/")))
        found = self._names.get(basename(wanted), [])
        keys = {path: self._key(self.stem(path)) for path in found}
        whole = {wanted, self._key(join(self._content, wanted))}
        if exact := [path for path in found if keys[path] in whole]:
            return exact[0]
        fitting = [path for path in found if keys[path].endswith("/" + wanted) and not name.startswith("/")]
        return self.nearest(source, fitting) or self.at(name.strip("/"))

    def nearest(self, source: str, paths: Iterable[str]) -> str | None:
        """Return the file in `paths` that a link in the file `source` most probably means; None if `paths` is empty.

        Files below the folder of `source` are preferred. Among the files below that folder, or among all files if there
        are none, the file with the shortest path is returned.
        """
        folder = join(dirname(source), "")
        return min(paths, key=lambda path: (not path.startswith(folder), len(path), path), default=None)

    def is_page(self, path: str) -> bool:
        """Return whether a path can be the path of an article or of its web page, judged by its suffix alone.

        The result is true for "a/b", "a/b.md" and "a/b.html". It is false, for example, for the picture "a/b.png".
        """
        suffix = _SUFFIX.search(path)
        return suffix is None or suffix[0].lower() in (*self._suffixes, *_PAGES)

    def is_article(self, path: str) -> bool:
        """Return whether a path ends in a suffix of articles, such as ".md"."""
        return path.lower().endswith(self._suffixes)

    def is_index(self, path: str) -> bool:
        """Return whether a path is the path of an index file."""
        return basename(self.stem(path)) in _INDEX_NAMES

    def possible(self, path: str, others: Iterable[str] = ()) -> Iterator[str]:
        """Yield the paths of the files and folders to which a link with the path `path` can lead.

        `others` has suffixes of pages, besides those of articles.
        """
        yield path
        page = path.rstrip("/")
        page = page.rpartition(".")[0] if page.endswith(_PAGES) else page
        if not self.is_article(page):
            for suffix in (*self._suffixes, *others):
                yield page + suffix
                yield from (join(page, name + suffix) for name in _INDEX_NAMES)

    def as_file(self, path: str) -> str:
        """Return the path of the missing file that a link with the target `path` leads to.

        The suffix of an article is added unless `path` already has the suffix of an article or of a web page: "a/b"
        becomes "a/b.md".
        """
        stem = path.rstrip("/")
        return stem if self.is_article(stem) or stem.endswith(_PAGES) else stem + self._suffixes[0]

    def stem(self, path: str) -> str:
        """Return a path without the suffix of an article."""
        suffix = next((suffix for suffix in self._suffixes if path.lower().endswith(suffix)), "")
        return path[: len(path) - len(suffix)]

    def _path_key(self, path: str) -> str:
        return _nfc(path).casefold() if self._ignores_case else _nfc(path)

    def _key(self, name: str) -> str:
        return self._name_key(_nfc(name).casefold())

    def _index(self, path: str) -> tuple[int, str]:
        return _INDEX_NAMES.index(basename(self.stem(path))), path


def _nfc(path: str) -> str:
    return unicodedata.normalize("NFC", path)
