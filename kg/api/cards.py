"""Objects for single articles and concepts, which notebooks show as small tables ("cards")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

_SHOWN = 12
"""Maximum number of concepts, articles or links that a notebook shows of an object; the object has all of them."""


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
    url to title.
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

    def __repr__(self) -> str:
        return f"<Article {self.url!r}: {self.title!r}, {len(self.concepts)} concepts, {len(self.links)} links>"

    def _repr_html_(self) -> str:
        rows = [
            ("url", self.url),
            ("based on", self.based_on),
            ("subject", self.subject),
            ("date", self.date.isoformat() if self.date else None),
            ("authors", ", ".join(self.authors)),
            ("concepts", _listed(map(str, self.concepts))),
            ("links to", _listed(self.links.values())),
        ]
        return _card("Article", self.title, rows)


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

    def _repr_html_(self) -> str:
        rows = [
            ("definition", self.definition),
            ("also written", ", ".join(self.alt_labels)),
            ("broader", _listed(self.broader.values())),
            ("narrower", _listed(self.narrower.values())),
            ("related", _listed(self.related.values())),
            ("occurrences", f"{self.frequency:,} in {len(self.articles):,} articles"),
            ("articles", _listed(map(str, self.articles))),
        ]
        return _card("Concept", self.label, rows)


def _listed(texts: Iterable[str]) -> str:
    shown = list(texts)
    more = f" and {len(shown) - _SHOWN:,} more" if len(shown) > _SHOWN else ""
    return " · ".join(shown[:_SHOWN]) + more


def _card(kind: str, title: str, rows: Iterable[tuple[str, str | None]]) -> str:
    """Return an HTML table with a row for each pair of name and value in `rows`; rows without a value are left out."""
    cells = "".join(
        f'<tr><th style="text-align:left;vertical-align:top">{escape(name)}</th>'
        f'<td style="text-align:left"><bdi>{escape(value)}</bdi></td></tr>'
        for name, value in rows
        if value
    )
    caption = f'<caption style="text-align:left">{escape(kind)} <b><bdi>{escape(title)}</bdi></b></caption>'
    return f"<table>{caption}{cells}</table>"
