"""Results of look-ups in a build: rows of tables, things found by name, neighbours and sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from kg.base.model import RelationKind
from kg.graph.passages import Occurrence, Piece


class FocusKind(StrEnum):
    """The kind of a `Focus`. Articles and concepts are nodes; subjects and communities are groups of nodes."""

    CONCEPT = "concept"
    SUBJECT = "subject"
    COMMUNITY = "community"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Focus:
    """An article, concept, subject or community that was found by its name.

    `key` is the url of an article, the slug of a concept or community, or the label of a subject.
    """

    kind: FocusKind
    key: str
    label: str
    iri: str


class ArticleRow(NamedTuple):
    """A row of the articles table, without the article's texts; see `kg.base.tables.ARTICLES`."""

    url: str
    path: str
    id: str | None
    title: str
    date: dt.date | None
    authors: Sequence[str]
    language: str
    based_on: str | None
    subject: str | None
    keywords: Sequence[str]
    no_index: bool
    word_count: int
    community: str | None
    centrality: float
    x: float
    y: float
    participation: float | None


class ConceptRow(NamedTuple):
    """A row of the concepts table; see `kg.base.tables.CONCEPTS`."""

    slug: str
    pref_label: str
    alt_labels: Sequence[str]
    hidden_labels: Sequence[str]
    language: str
    article_count: int
    frequency: int
    origins: Sequence[str]
    matches: Sequence[Mapping[str, Any]]
    definition: str | None
    definition_article: str | None
    community: str | None
    centrality: float
    x: float
    y: float


class MentionRow(NamedTuple):
    """A row of the mentions table: an article and a concept that it mentions; see `kg.base.tables.MENTIONS`.

    `occurrences` is empty unless the caller of the look-up asked for the occurrences.
    """

    article: str
    rank: int
    concept: str
    salience: float
    frequency: int
    about: bool
    origins: Sequence[str]
    occurrences: Sequence[Occurrence] = ()


class LinkRow(NamedTuple):
    """A row of the links table; see `kg.base.tables.LINKS`."""

    source: str
    target: str
    position: int
    status: str
    target_title: str | None
    property: str | None


class RelationRow(NamedTuple):
    """A row of the relations table.

    `source` and `target` are slugs. If `kind` is "broader", `target` is the broader concept. If `kind` is "related",
    `source` and `target` are the two related concepts. For the other fields, see `kg.base.tables.RELATIONS`.
    """

    source: str
    target: str
    kind: str
    origins: Sequence[str]
    article_count: int
    npmi: float | None
    article: str | None
    part: str | None
    start: int | None
    end: int | None

    def other(self, slug: str) -> str:
        """Return the slug of the other concept of this relation, given the slug of one of its two concepts."""
        return self.source if self.target == slug else self.target

    def seen_from(self, slug: str) -> str:
        """Return the role of the other concept, as seen from the given one: "broader", "narrower" or "related"."""
        is_narrower = self.kind == RelationKind.BROADER and self.target == slug
        return "narrower" if is_narrower else self.kind


class SimilarRow(NamedTuple):
    """A row of the table of similar articles; see `kg.base.tables.SIMILAR`.

    `target` is the url of an article that is like the article `source`, and `concepts` has the slugs of the concepts
    that contribute most to the similarity.
    """

    source: str
    rank: int
    target: str
    score: float
    similarity: float
    concepts: Sequence[str]


class SubjectRow(NamedTuple):
    """A subject; `article_count` is the number of its articles."""

    label: str
    article_count: int


class CommunityRow(NamedTuple):
    """A row of the communities table; `leading` has the slugs of the concepts that describe the community best."""

    slug: str
    label: str
    article_count: int
    concept_count: int
    leading: Sequence[str]


class EvidenceSentence(NamedTuple):
    """A sentence in which a concept occurs.

    `article` is the url of the article, and `part` is the name of the part that contains the sentence, such as
    "answer". `start` and `end` are the offsets of the sentence in the text of this part, in code points. `pieces` is
    the text of the sentence, divided so that the pieces with an occurrence of the concept can be highlighted.
    """

    article: str
    part: str
    start: int
    end: int
    pieces: tuple[Piece, ...]


class NeighbourKind(StrEnum):
    """The role of a neighbour of a node or group, for example "broader concept"."""

    BROADER = "broader"
    NARROWER = "narrower"
    RELATED = "related"
    MENTION = "mention"  # a concept that the article mentions, or an article that mentions the concept
    LINK = "link"  # an article that the article links to
    BACKLINK = "backlink"  # an article that links to the article
    SUBJECT = "subject"
    COMMUNITY = "community"
    MEMBER = "member"  # an article of the subject, or an article or a concept of the community


class Neighbour(NamedTuple):
    """A neighbour of a node or of a group of nodes; `focus` is the neighbour itself.

    `weight` depends on `kind`. For a mention, it is the salience. For a broader, narrower or related concept, it is the
    NPMI (normalised pointwise mutual information) of the two concepts, which may be None. For a member, it is the
    centrality of the member. For all other kinds, it is None.
    """

    kind: NeighbourKind
    focus: Focus
    weight: float | None
