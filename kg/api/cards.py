"""Objects for single articles and concepts. Notebooks show them as small tables ("cards"), `print` as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from kg.base.plural import counted
from kg.base.terminal_text import wrapped

Row = tuple[str, str | None]
"""A row of a card: a name, and a value or None."""

_SHOWN: Final = 12
"""Maximum number of concepts, articles or links that a card shows of an object; the object has all of them."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of a concept in an article, as an item of `Article.concepts` or of `Concept.articles`.

    In `Article.concepts`, `key` and `label` are the slug and the label of the mentioned concept. In `Concept.articles`,
    they are the url and the title of the article that mentions the concept. `salience` is the probability that an
    author would choose the concept as a keyword of the article (see kg:salience in ontologies/kg.ttl), and `frequency`
    is the number of its occurrences in the text.
    """

    key: str
    label: str
    salience: float
    frequency: int

    def __str__(self) -> str:
        return f"{self.label} ({self.salience:.2f})"


@dataclass(frozen=True, slots=True, repr=False)
class Article:
    """An article of a build.

    `based_on` is the web address of a page of another site that the article is about. `concepts` has the concepts that
    the article mentions, the most salient first. `links` has the articles that the article links to, as a mapping from
    url to title. `parts` has the published text of each part, as a mapping from the name of the part ("question",
    "answer" or "body") to its text; offsets of mentions are offsets in these texts, in code points.
    """

    url: str
    iri: str
    title: str
    based_on: str | None
    subject: str | None
    date: dt.date | None
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    community: str | None
    centrality: float
    concepts: tuple[Mention, ...]
    links: dict[str, str]
    parts: dict[str, str]

    @property
    def text(self) -> str:
        """The published text of the article: the texts of its parts, with an empty line between them."""
        return "\n\n".join(self.parts.values())

    def __repr__(self) -> str:
        return f"<Article {self.url!r}: {self.title!r}, {len(self.concepts)} concepts, {len(self.links)} links>"

    def __str__(self) -> str:
        return block("Article", self.title, self._rows())

    def _repr_html_(self) -> str:
        return _card("Article", self.title, self._rows())

    def _rows(self) -> Iterator[Row]:
        yield "url", self.url
        yield "based on", self.based_on
        yield "subject", self.subject
        yield "date", self.date.isoformat() if self.date else None
        yield "authors", ", ".join(self.authors)
        yield "concepts", listed(map(str, self.concepts))
        yield "links to", listed(self.links.values())


@dataclass(frozen=True, slots=True, repr=False)
class Concept:
    """A concept of a build.

    `articles` has the articles that mention the concept; the article in which it is most salient comes first.
    `broader`, `narrower` and `related` have other concepts, which are broader or narrower than the concept or related
    to it, as mappings from slug to label.
    """

    slug: str
    iri: str
    label: str
    alt_labels: tuple[str, ...]
    hidden_labels: tuple[str, ...]
    definition: str | None
    broader: dict[str, str]
    narrower: dict[str, str]
    related: dict[str, str]
    community: str | None
    centrality: float
    frequency: int
    articles: tuple[Mention, ...]

    def __repr__(self) -> str:
        return f"<Concept {self.slug!r}: {self.label!r} in {len(self.articles)} articles>"

    def __str__(self) -> str:
        return block("Concept", self.label, self._rows())

    def _repr_html_(self) -> str:
        return _card("Concept", self.label, self._rows())

    def _rows(self) -> Iterator[Row]:
        yield "definition", self.definition
        yield "also written", ", ".join(self.alt_labels)
        yield "broader", listed(self.broader.values())
        yield "narrower", listed(self.narrower.values())
        yield "related", listed(self.related.values())
        yield "occurrences", f"{self.frequency:,} in {counted(len(self.articles), 'article')}"
        yield "articles", listed(map(str, self.articles))


def block(kind: str, title: str, rows: Iterable[Row]) -> str:
    """Return a card as lines of text: its kind and title, then a line for each of `rows`.

    Long values are wrapped. Rows without a value are left out.
    """
    there = [(name, value) for name, value in rows if value]
    width = max((len(name) for name, _ in there), default=0)
    lines = wrapped(f"{kind} {title}", "    ", first="")
    for name, value in there:
        lines += wrapped(value, " " * (width + 4), first=f"  {name.ljust(width)}  ")
    return "\n".join(lines)


def listed(texts: Iterable[str]) -> str:
    """Return the first texts, separated by dots, and the number of the others."""
    shown = list(texts)
    more = f" and {len(shown) - _SHOWN:,} more" if len(shown) > _SHOWN else ""
    return " · ".join(shown[:_SHOWN]) + more


def _card(kind: str, title: str, rows: Iterable[Row]) -> str:
    """Return an HTML table with a row for each pair of name and value in `rows`; rows without a value are left out."""
    cells = "".join(
        f'<tr><th style="text-align:left;vertical-align:top">{escape(name)}</th>'
        f'<td style="text-align:left"><bdi>{escape(value)}</bdi></td></tr>'
        for name, value in rows
        if value
    )
    caption = f'<caption style="text-align:left">{escape(kind)} <b><bdi>{escape(title)}</bdi></b></caption>'
    return f"<table>{caption}{cells}</table>"
