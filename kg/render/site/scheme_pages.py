"""The data of the site's pages about concept schemes, subjects, authors, communities, missing articles and provenance.

A missing article is one that a link leads to, but that does not exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from pyoxigraph import Literal, NamedNode

from kg.base.iris import PREFIXES
from kg.base.model import LinkStatus
from kg.base.tables import Tables
from kg.export.rdf.authors import Author, Authors
from kg.export.rdf.terms import HAS_TOP_CONCEPT, NAME, PREF_LABEL, TITLE, WAS_GENERATED_BY
from kg.graph.distinctive import Distinctive
from kg.graph.index import GraphIndex
from kg.render.site.page_rdf import PageData
from kg.render.site.views import Item, Names

_LEADING: Final = 40
_COMMONEST: Final = 300


@dataclass(frozen=True, slots=True)
class PageSection:
    """A section of a page: a heading, and a list of items. The page shows a long list in columns."""

    heading: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Facts:
    """The properties of one resource; `said` has the name and the value of each property, as text.

    `id` is the fragment of the resource's IRI (the text after "#"), or None if the IRI has no fragment.
    """

    id: str | None
    said: list[tuple[str, str]]


class OtherViews:
    """The template values for all pages of the site that are not about an existing article or a concept."""

    def __init__(self, tables: Tables, index: GraphIndex, names: Names, authors: Authors, data: PageData) -> None:
        self._index = index
        self._names = names
        self._data = data
        minter = index.minter
        self._articles: dict[str, list[int]] = defaultdict(list)
        for number, subject in enumerate(tables.articles["subject"].to_pylist()):
            if subject is not None:
                self._articles[minter.subject(subject)].append(number)
        self._authors: dict[str, tuple[Author, list[int]]] = {author.iri: (author, []) for author in authors}
        for number, written in enumerate(tables.articles["authors"].to_pylist()):
            for author in authors.of(written):
                self._authors[author.iri][1].append(number)
        self._communities = {minter.community(slug): row for slug, row in index.communities.items()}
        self._linked: dict[str, set[str]] = defaultdict(set)
        for url, links in index.links_by_target(index.missing_titles).items():
            self._linked[minter.article(url)] |= {link.source for link in links if link.status == LinkStatus.MISSING}
        self._urls = [*index.titles]
        self._slugs = [*index.labels]
        self._distinctive = Distinctive(tables)

    def of(self, iri: str) -> dict[str, Any]:
        """Return the template values for the page with this IRI."""
        minter = self._names.minter
        if iri in self._articles:
            return self._page(iri, "Subject", self._subject(iri))
        if iri in self._authors:
            author, numbers = self._authors[iri]
            return self._page(iri, str(author.kind), [self._titles(numbers)], addresses=author.urls)
        if iri in self._communities:
            return self._page(iri, "Community", self._community(iri))
        if iri in self._linked:
            linked = [self._names.article(url) for url in sorted(self._linked[iri])]
            return self._page(iri, "Missing article", [PageSection("Links to it", linked)], no_index=True)
        if iri == minter.concept_scheme:
            return self._page(iri, "Concept scheme", [*self._concepts(), self._build(iri)])
        if iri == minter.subject_scheme:
            return self._page(iri, "Concept scheme", [self._subjects(), self._build(iri)])
        return self._page(iri, "Provenance", [], facts=self._facts(iri))

    def home(self, title: str) -> dict[str, Any]:
        """Return the template values for the top-level page of the site; `title` is the title of the graph."""
        numbers = ((self._urls, "articles"), (self._slugs, "concepts"), (self._communities, "communities"))
        facts = [Facts(None, [(name, f"{len(things):,}") for things, name in numbers])]
        rows = sorted(self._communities.values(), key=lambda row: (-row.article_count, row.slug))
        communities = [self._names.community(row.slug) for row in rows]
        sections = [self._subjects(), PageSection("Communities", communities)]
        return {
            "title": title,
            "kind": "Knowledge graph",
            "facts": facts,
            "addresses": (),
            "sections": sections,
            "no_index": False,
        }

    def _page(
        self,
        iri: str,
        kind: str,
        sections: list[PageSection],
        *,
        facts: list[Facts] | None = None,
        no_index: bool = False,
        addresses: Sequence[str] = (),
    ) -> dict[str, Any]:
        labels = {
            predicate: value.value
            for node in self._data.own(iri)
            for predicate, value in node.properties
            if node.iri.value == iri and predicate in (PREF_LABEL, TITLE, NAME)
        }
        title = labels.get(PREF_LABEL) or labels.get(TITLE) or labels.get(NAME) or iri
        return {
            "title": title,
            "kind": kind,
            "facts": facts or [],
            "addresses": addresses,
            "sections": sections,
            "no_index": no_index,
        }

    def _subject(self, iri: str) -> list[PageSection]:
        articles = np.array(self._articles[iri])
        leading = [
            self._concept(self._slugs[concept]) for concept in self._distinctive.of(articles)[:_LEADING].tolist()
        ]
        return [
            PageSection("Concepts that set it apart, with their articles", leading),
            self._titles(self._articles[iri]),
        ]

    def _titles(self, articles: list[int]) -> PageSection:
        """Return a section with the articles that have these row numbers."""
        titles = sorted((self._names.article(self._urls[number]) for number in articles), key=_by_title)
        return PageSection(f"Articles ({len(titles):,})", titles)

    def _community(self, iri: str) -> list[PageSection]:
        row = self._communities[iri]
        members = sorted(self._index.concepts_of_community(row.slug), key=self._by_articles)
        leading = [self._concept(slug) for slug in row.leading]
        return [
            PageSection("What it is about", leading),
            PageSection(f"Concepts ({len(members):,})", [self._concept(slug) for slug in members]),
        ]

    def _concepts(self) -> list[PageSection]:
        (scheme,) = self._data.own(self._names.minter.concept_scheme)
        start = len(self._names.minter.concept(""))
        tops = [value.value[start:] for predicate, value in scheme.properties if predicate == HAS_TOP_CONCEPT]
        commonest = sorted(self._slugs, key=self._by_articles)[:_COMMONEST]
        top = sorted((self._concept(slug) for slug in tops), key=_by_title)
        return [
            PageSection(f"Top concepts ({len(top):,})", top),
            PageSection(
                "Concepts in the most articles, with their number", [self._concept(slug) for slug in commonest]
            ),
        ]

    def _subjects(self) -> PageSection:
        by_count = sorted(self._index.subjects.items(), key=lambda item: (-item[1], item[0]))
        return PageSection(
            "Subjects, with their articles", [self._names.subject(label, f"{count:,}") for label, count in by_count]
        )

    def _concept(self, slug: str) -> Item:
        return self._names.concept(slug, f"{self._index.article_counts[slug]:,}")

    def _by_articles(self, slug: str) -> tuple[int, str]:
        """Return a sort key by which the concepts with the most articles come first."""
        return -self._index.article_counts[slug], slug

    def _build(self, scheme: str) -> PageSection:
        """Return a section that links to the build by which the concept scheme with the IRI `scheme` was generated."""
        made = (value for node in self._data.own(scheme) for name, value in node.properties if name == WAS_GENERATED_BY)
        return PageSection("Made by", [Item(iri.value, self._names.link(iri.value)) for iri in made])

    def _facts(self, iri: str) -> list[Facts]:
        """Return all properties of the resources on the page with this IRI.

        IRIs are shortened to prefixed names, such as skos:Concept, if their namespace has a prefix.
        """
        return [
            Facts(
                node.iri.value.partition("#")[2] or None,
                [(_short(name), _shown(value)) for name, value in node.properties],
            )
            for node in self._data.own(iri)
        ]


def _by_title(item: Item) -> tuple[str, str]:
    return item.label.casefold(), item.label


def _shown(value: NamedNode | Literal) -> str:
    return value.value if isinstance(value, Literal) else _short(value)


def _short(iri: NamedNode) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.value.startswith(namespace):
            return f"{prefix}:{iri.value[len(namespace) :]}"
    return iri.value
