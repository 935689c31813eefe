"""Authors of articles: their IRIs, names and web pages, and whether an author is a person or an organization."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from pyoxigraph import Literal, NamedNode

from kg.base.iris import host_of
from kg.base.model import AuthorKind
from kg.export.rdf.metadata import ExportMetadata
from kg.export.rdf.terms import NAME, TYPE, URL, RdfNode, term

_ORGANIZATION: Final = re.compile(
    r"\b(?:inc|ltd|llc|gmbh|plc|corp|corporation|company|team|staff|editors|editorial|university|institute?|college|"
    r"school|foundation|association|society|agency|department|ministry|committee|council|organi[sz]ation|contributors|"
    r"universit(?:ät|é|à|a|ario|eit|et)|universidade?|redaktion|r[eé]daction|redacción|redazione|équipe|stiftung|"
    r"fondation|fundación|fondazione)\b",
    re.IGNORECASE,
)
"""Words that occur in names of organizations, but not in names of persons."""
_CLASSES: Final = {kind: term(f"schema:{kind}") for kind in AuthorKind}


@dataclass(frozen=True, slots=True)
class Author:
    """An author; `urls` has the IRIs of the author's web pages."""

    iri: str
    name: str
    kind: AuthorKind
    urls: tuple[str, ...] = ()

    def node(self) -> RdfNode:
        """Return the author as a node of the core graph."""
        urls = ((URL, NamedNode(url)) for url in self.urls)
        return RdfNode(NamedNode(self.iri), [(TYPE, _CLASSES[self.kind]), (NAME, Literal(self.name)), *urls])


class Authors:
    """The authors of all articles.

    Names that have the same slug, such as "Ada Lovelace" and "ada lovelace", are names of one author. The author gets
    the most frequent of these names. If the front matter of one article gives the author's kind or web page, it is used
    for all articles.

    If no front matter gives the kind, the author is an organization in these cases: kg.toml lists the name; the name is
    the title of the graph or the host of its site; or the name contains a word such as "university" or "team". Any
    other author is a person.

    Args:
        articles: the table of articles.
        edition: the metadata of the export.
    """

    def __init__(self, articles: pa.Table, edition: ExportMetadata) -> None:
        minter = edition.minter
        names: dict[str, Counter[str]] = defaultdict(Counter)
        for found in pc.value_counts(pc.list_flatten(articles["authors"])).to_pylist():
            names[minter.author(found["values"])][found["values"]] += found["counts"]
        urls: dict[str, set[str]] = defaultdict(set)
        kinds: dict[str, set[str]] = defaultdict(set)
        for profile in pc.list_flatten(articles["author_profiles"]).to_pylist():
            iri = minter.author(profile["name"])
            urls[iri] |= {profile["url"]} - {None}
            kinds[iri] |= {profile["kind"]} - {None}
        host = host_of(edition.site) if edition.site else None
        known = {minter.author(name) for name in (*edition.organizations, edition.title, host) if name}
        self._minter = minter
        self._authors: dict[str, Author] = {}
        for iri, spellings in sorted(names.items()):
            name = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
            if kinds[iri]:
                kind = AuthorKind(min(kinds[iri]))
            else:
                is_organization = iri in known or any(map(_ORGANIZATION.search, spellings))
                kind = AuthorKind.ORGANIZATION if is_organization else AuthorKind.PERSON
            self._authors[iri] = Author(iri, name, kind, tuple(sorted(urls[iri])))

    def __iter__(self) -> Iterator[Author]:
        """Return an iterator over all authors, sorted by their IRIs."""
        return iter(self._authors.values())

    def of(self, names: list[str]) -> list[Author]:
        """Return the authors with these names, in this order and each once."""
        return [self._authors[iri] for iri in dict.fromkeys(map(self._minter.author, names))]
