"""The file of each IRI on a plain web host, and detection of IRIs that cannot have a file.

The page of a resource is the file index.html in a folder; the path of the folder is the path of the IRI. Every web host
serves such a page at the IRI. JSON-LD to embed in an article's own page is in a file at the path of the article's url.
File names are chosen so that a build can be copied to any operating system: names that Windows or macOS do not allow
are not written on Linux either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from kg.base.config import Config
from kg.base.iris import Minter, url_path
from kg.base.model import LinkStatus, Problem, Severity
from kg.base.tables import Tables

SITE: Final = "site"
EMBEDDED: Final = "site-jsonld"
PAGE: Final = "index.html"
TURTLE: Final = "index.ttl"
JSON_LD: Final = "index.jsonld"
STYLE: Final = "site.css"
INDEX: Final = "index.json"
SUFFIX: Final = ".jsonld"

_RESERVED_NAMES: Final = {PAGE, TURTLE, JSON_LD, STYLE}
_LONGEST_NAME: Final = 200
"""Maximum length of a file or folder name, in bytes. File systems allow 255, but some use a few of these bytes."""
_LONGEST_PATH: Final = 800
"""Maximum length of a path below OUT, in bytes. macOS allows 1,024, which includes the path of OUT itself."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
_DEVICE = re.compile(r"(?:aux|con|nul|prn|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\..*)?", re.IGNORECASE)
_PLAIN = re.compile(r"(?:(?!(?:aux|con|nul|prn|com[0-9]|lpt[0-9])(?:/|$))[a-z0-9][a-z0-9\-]{0,199}(?:/|$))+(?<!/)")


class NoFileError(ValueError):
    """Raised if a path cannot be written as a file. Its message is the reason, as a clause that follows "because"."""


def page_folder(path: str) -> str:
    """Return the folder of the page of an IRI, given the path of the IRI below the base; "" is the top-level folder.

    >>> page_folder("concept/data-drift"), page_folder("learn/"), page_folder("learn/index.html"), page_folder("a%20b")
    ('concept/data-drift', 'learn', 'learn', 'a b')

    Raises:
        NoFileError: if the path cannot be written as a file.
    """
    names = _names(path)
    if names[-1] in ("", PAGE):
        names.pop()
    for name in names:
        if name.casefold() in _RESERVED_NAMES:
            raise NoFileError(f'"{name}" is the name of a file of the pages')
    return _joined(names)


def embedded_file(url: str) -> str:
    """Return the path of the file with the JSON-LD to embed in the page of the article with this url.

    >>> embedded_file("/learn/drift"), embedded_file("/learn/"), embedded_file("https://example.org/drift.html")
    ('learn/drift.jsonld', 'learn/index.jsonld', 'drift.html.jsonld')

    Raises:
        NoFileError: if the url cannot be written as a file.
    """
    *folders, last = _names(url_path(url))
    for name in folders:
        if name.casefold().endswith((SUFFIX, INDEX)):
            raise NoFileError(f'"{name}" may be the name of a file')
    return _joined([*folders, (last or "index") + SUFFIX])


def _names(path: str) -> list[str]:
    """Return the names between the slashes of the path of an IRI, percent-decoded as a web host does.

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
    """The pages and JSON-LD files that cannot be written, because their paths are not possible or taken.

    `pages` has the IRIs that get no page, `embedded` has the urls of articles that get no JSON-LD to embed, and
    `problems` has the warnings about them.
    """

    pages: frozenset[str] = frozenset()
    embedded: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def without_file(tables: Tables, settings: Config) -> Unplaced:
    """Return the pages and JSON-LD files that cannot be written, among the outputs that kg.toml enables."""
    base, publish = settings.base or "", settings.publish
    pages: dict[str, Problem] = {}
    embedded: dict[str, Problem] = {}
    if publish.site_pages:
        things = _things(tables, Minter(base))
        pages = _refused(things, lambda iri: page_folder(iri[len(base) :]), "no-page", "no page of")
    if publish.site_jsonld or publish.site_faq:
        articles = zip(*(tables.articles[name].to_pylist() for name in ("url", "path", "no_index")), strict=True)
        indexed = ((url, path) for url, path, no_index in articles if not no_index)
        embedded = _refused(indexed, embedded_file, "no-site-jsonld", "no JSON-LD to embed for")
    return Unplaced(frozenset(pages), frozenset(embedded), (*pages.values(), *embedded.values()))


def _things(tables: Tables, minter: Minter) -> Iterator[tuple[str, str]]:
    """Yield the IRI of everything that is to have a page, and the path of the source file that a warning names.

    The path is "." for a thing, such as a concept, that has no source file. If several IRIs have the same place for
    their pages, the first one gets it.
    """
    subjects = sorted({minter.subject(label) for label in tables.articles["subject"].drop_null().unique().to_pylist()})
    concepts = (minter.concept(slug) for slug in tables.concepts["slug"].to_pylist())
    communities = (minter.community(slug) for slug in tables.communities["slug"].to_pylist())
    for iri in (minter.concept_scheme, minter.subject_scheme, *subjects, *concepts, *communities):
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
    """Return a warning for each thing that cannot have a file. The keys are the names (IRIs or urls) of the things.

    A thing cannot have a file if its name cannot be written as a file, or if an earlier thing has the same file. Paths
    that differ only in upper and lower case count as the same file.
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
    """Finds the page of each IRI below a base, as a folder or as a link relative to the top-level folder."""

    def __init__(self, base: str, without: frozenset[str]) -> None:
        self._base = base
        self._without = without
        self._links: dict[str, str | None] = {}

    def folder(self, iri: str) -> str | None:
        """Return the folder of the page of an IRI, or None if the IRI has no page."""
        if iri in self._without or not iri.startswith(self._base):
            return None
        return page_folder(iri[len(self._base) :])

    def link(self, iri: str) -> str | None:
        """Return the address of the page of an IRI, relative to the top-level folder; None if the IRI has no page."""
        if iri not in self._links:
            folder = self.folder(iri)
            self._links[iri] = None if folder is None else f"{quote(folder)}/{PAGE}" if folder else PAGE
        return self._links[iri]
