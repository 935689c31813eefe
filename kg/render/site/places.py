"""Paths of the pages of IRIs on a web host that only serves files, and detection of IRIs that cannot have a page.

The page of an IRI is the file index.html in a folder; the path of the folder is the path of the IRI below the base IRI.
Every web host returns this file when a browser requests the IRI. The JSON-LD to embed in an article's own web page is
in a file whose path is that of the article's url. Names that Windows or macOS do not allow are not written on Linux
either, so that a build can be copied to any operating system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

import pyarrow.compute as pc

from kg.base.config import Config
from kg.base.iris import Minter, url_path
from kg.base.model import LinkStatus, Problem, Severity
from kg.base.tables import Tables
from kg.export.store.write_store import FOLDER as STORE

SITE: Final = "site"
EMBEDDED: Final = "site-jsonld"
RELATED: Final = "related"
OVERVIEW: Final = "overview.html"
"""The name that the start page of the build has on a web host, where index.html is the first page of the site."""
PAGE: Final = "index.html"
TURTLE: Final = "index.ttl"
JSON_LD: Final = "index.jsonld"
STYLE: Final = "site.css"
INDEX: Final = "index.json"
SUFFIX: Final = ".jsonld"

_NOT_PUBLISHED: Final = (SITE, STORE, OVERVIEW)
"""Names of files that the steps in docs/how-to/publish.md remove from the published folder, or add to it."""
_RESERVED_NAMES: Final = {PAGE, TURTLE, JSON_LD, STYLE}
_LONGEST_NAME: Final = 200
"""Maximum length of the name of a file or folder of a site, in bytes.

File systems allow 255 bytes, but some of them need a few of these bytes for themselves.
"""
_LONGEST_PATH: Final = 800
"""Maximum length of a path inside the folder of a site, in bytes.

macOS allows 1,024 bytes for a whole path, which begins with the path of the output folder of the build.
"""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
_DEVICE = re.compile(r"(?:aux|con|nul|prn|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\..*)?", re.IGNORECASE)
_PLAIN = re.compile(r"(?:(?!(?:aux|con|nul|prn|com[0-9]|lpt[0-9])(?:/|$))[a-z0-9][a-z0-9\-]{0,199}(?:/|$))+(?<!/)")


class NoFileError(ValueError):
    """An error that is raised if an IRI or a url cannot have a file.

    The message is the reason, as a clause that can follow the word "because".
    """


def page_folder(path: str) -> str:
    """Return the path of the folder that holds the page of an IRI; "" is the top-level folder of the site.

    `path` is the part of the IRI that follows the base IRI.

    >>> page_folder("concept/data-drift"), page_folder("learn/"), page_folder("learn/index.html"), page_folder("a%20b")
    ('concept/data-drift', 'learn', 'learn', 'a b')

    Raises:
        NoFileError: if `path` has a name that a file or folder cannot have.
    """
    names = _names(path)
    if names[-1] in ("", PAGE):
        names.pop()
    for name in names:
        if name.casefold() in _RESERVED_NAMES:
            raise NoFileError(f'"{name}" is the name of a file of the pages')
    return _joined(names)


def embedded_file(url: str) -> str:
    """Return the path of the JSON-LD file to embed in the web page of the article with this url.

    The path is relative to the folder site-jsonld.

    >>> embedded_file("/learn/drift"), embedded_file("/learn/"), embedded_file("https://example.org/drift.html")
    ('learn/drift.jsonld', 'learn/index.jsonld', 'drift.html.jsonld')

    Raises:
        NoFileError: if the url has a name that a file or folder cannot have.
    """
    return _file_of_article(url, SUFFIX)


def related_file(url: str) -> str:
    """Return the path of the JSON file with related articles of the article with this url.

    The path is relative to the folder related.

    >>> related_file("/learn/drift"), related_file("/learn/"), related_file("https://example.org/drift.html")
    ('learn/drift.json', 'learn/index.json', 'drift.html.json')

    Raises:
        NoFileError: if the url has a name that a file or folder cannot have.
    """
    return _file_of_article(url, ".json")


def _file_of_article(url: str, suffix: str) -> str:
    *folders, last = _names(url_path(url))
    for name in folders:
        if name.casefold().endswith((suffix, INDEX)):
            raise NoFileError(f'"{name}" may be the name of a file')
    return _joined([*folders, (last or "index") + suffix])


def _names(path: str) -> list[str]:
    """Split the path of an IRI at its slashes, and return the names, percent-decoded as a web host decodes them.

    The last name is "" if the path is empty or ends with a slash.
    """
    if _PLAIN.fullmatch(path):
        return path.split("/")
    if "?" in path:
        raise NoFileError("it has a query, which no file can answer")
    *folders, last = path.split("/")
    return [_name(folder) for folder in folders] + [_name(last) if last else ""]


def _name(escaped: str) -> str:
    try:
        name = unquote(escaped, errors="strict")
    except UnicodeDecodeError:
        raise NoFileError(f'"{escaped}" is not UTF-8') from None
    if not name:
        raise NoFileError("two slashes follow each other in it")
    if name.startswith("."):
        raise NoFileError(f'"{name}" begins with a dot: it is hidden, or leads elsewhere')
    if found := _FORBIDDEN.search(name):
        raise NoFileError(f"a file name cannot contain {found.group()!r} on every system")
    if name.endswith((".", " ")) or _DEVICE.fullmatch(name):
        raise NoFileError(f'Windows cannot hold a file "{name}"')
    if len(name.encode()) > _LONGEST_NAME:
        raise NoFileError(f'"{name[:20]}…" is longer than {_LONGEST_NAME} bytes')
    return name


def _joined(names: list[str]) -> str:
    path = "/".join(names)
    if len(path.encode()) > _LONGEST_PATH:
        raise NoFileError(f"it is longer than {_LONGEST_PATH} bytes")
    return path


@dataclass(frozen=True, slots=True)
class Unplaced:
    """The pages and files of single articles that cannot be written.

    The reason is either that the path of the file is not allowed, or that another file has this path already. `pages`
    has the IRIs that get no page. `embedded` has the urls of articles that get no JSON-LD file to embed, and `related`
    has those that get no file of related articles. `problems` has a warning for each of them.
    """

    pages: frozenset[str] = frozenset()
    embedded: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def without_file(tables: Tables, settings: Config, names: Iterable[str] = ()) -> Unplaced:
    """Find the pages and the files of single articles that kg.toml asks for, but that cannot be written.

    `names` has the names of the files and folders of the build, relative to the output folder. On a web host, the files
    are in one folder with the pages, so no page can have the name of a file. The name of a folder ends in a slash, and
    pages may be in such a folder.
    """
    base, publish = settings.base or "", settings.publish
    pages: dict[str, Problem] = {}
    embedded: dict[str, Problem] = {}
    related: dict[str, Problem] = {}
    if publish.site_pages:
        things = _things(tables, Minter(base))
        taken = {name.casefold() for name in (*names, *_NOT_PUBLISHED)}
        pages = _refused(things, lambda iri: _free_folder(iri[len(base) :], taken), "no-page", "no page of")
    if publish.site_jsonld or publish.site_faq:
        articles = zip(*(tables.articles[name].to_pylist() for name in ("url", "path", "no_index")), strict=True)
        indexed = ((url, path) for url, path, no_index in articles if not no_index)
        embedded = _refused(indexed, embedded_file, "no-site-jsonld", "no JSON-LD to embed for")
    if publish.related_json:
        files = zip(tables.articles["url"].to_pylist(), tables.articles["path"].to_pylist(), strict=True)
        related = _refused(files, related_file, "no-related-json", "no related articles for")
    problems = (*pages.values(), *embedded.values(), *related.values())
    return Unplaced(frozenset(pages), frozenset(embedded), frozenset(related), problems)


def _free_folder(path: str, taken: set[str]) -> str:
    """Return the path of the folder of a page, like `page_folder`, unless its first name is in `taken`.

    Raises:
        NoFileError: if there is no such folder.
    """
    folder = page_folder(path)
    first = folder.partition("/")[0]
    if first.casefold() in taken:
        raise NoFileError(f'"{first}" is the name of a file or folder of the build')
    return folder


def _things(tables: Tables, minter: Minter) -> Iterator[tuple[str, str]]:
    """Yield a pair for each IRI that is to have a page: the IRI, and the path of a source file to name in a warning.

    The IRI of an article has the path of the article's file. The IRI of a missing article has the path of an article
    that links to it. All other IRIs, such as those of concepts, have the path ".". The order matters: if several IRIs
    would have the same file as their page, the first of them gets the file.
    """
    subjects = sorted({minter.subject(label) for label in tables.articles["subject"].drop_null().unique().to_pylist()})
    authors = sorted({minter.author(name) for name in pc.list_flatten(tables.articles["authors"]).unique().to_pylist()})
    concepts = (minter.concept(slug) for slug in tables.concepts["slug"].to_pylist())
    communities = (minter.community(slug) for slug in tables.communities["slug"].to_pylist())
    for iri in (minter.concept_scheme, minter.subject_scheme, *subjects, *authors, *concepts, *communities):
        yield iri, "."
    files = dict(zip(*(tables.articles[name].to_pylist() for name in ("url", "path")), strict=True))
    for url, path in files.items():
        yield minter.article(url), path
    links = zip(*(tables.links[name].to_pylist() for name in ("source", "target", "status")), strict=True)
    for source, target, status in links:
        if status == LinkStatus.MISSING:
            yield minter.article(target), files.get(source, ".")


def _refused(
    things: Iterable[tuple[str, str]], place: Callable[[str], str], code: str, what: str
) -> dict[str, Problem]:
    """Return a warning for each thing that cannot have a file; the keys are the names (IRIs or urls) of these things.

    A thing cannot have a file if `place` raises a NoFileError, or if an earlier thing has the same file. Paths that
    differ only in upper and lower case count as the same file.

    Args:
        things: for each thing, its name, and the path of the source file that the warning names.
        place: function that returns the path of the file for a name.
        code: the code of the warnings.
        what: the first words of the message of each warning, such as "no page of".
    """
    seen: set[str] = set()
    taken: dict[str, str] = {}
    refused: dict[str, Problem] = {}
    for name, file in things:
        if name in seen:
            continue
        seen.add(name)
        try:
            found = place(name)
            other = taken.setdefault(unicodedata.normalize("NFC", found.casefold()), name)
            reason = f"{other} has the same file" if other != name else None
        except NoFileError as error:
            reason = str(error)
        if reason is not None:
            refused[name] = Problem(Severity.WARNING, code, file, None, "url", f"{what} {name}, because {reason}")
    return refused


class Places:
    """Look-up of the page of an IRI: the path of its folder, or its address relative to the site's top-level folder.

    An IRI has a page if it begins with the base IRI and is not among the IRIs that cannot have a file.
    """

    def __init__(self, base: str, without: frozenset[str]) -> None:
        self._base = base
        self._without = without
        self._links: dict[str, str | None] = {}

    def folder(self, iri: str) -> str | None:
        """Return the path of the folder with the page of an IRI (see `page_folder`), or None if the IRI has no page."""
        if iri in self._without or not iri.startswith(self._base):
            return None
        return page_folder(iri[len(self._base) :])

    def link(self, iri: str) -> str | None:
        """Return the address of the page of an IRI, or None if the IRI has no page.

        The address is relative to the top-level folder of the site.
        """
        if iri not in self._links:
            folder = self.folder(iri)
            self._links[iri] = None if folder is None else f"{quote(folder)}/{PAGE}" if folder else PAGE
        return self._links[iri]
