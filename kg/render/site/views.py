"""The data of the site's pages about articles and concepts, made from the tables of a build."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.base.model import LinkStatus, PartName, RelationKind
from kg.base.plural import counted
from kg.export.rdf.authors import Author, Authors
from kg.export.rdf.similarities import SimilarPair
from kg.graph.index import GraphIndex
from kg.graph.passages import Occurrence, Piece, best_occurrence, excerpt
from kg.graph.rows import MentionRow
from kg.render.site.places import Places

Row = dict[str, Any]

_ORIGINS: Final = {
    "author": "keyword of the author",
    "extracted": "found in the text",
    "curated": "said by kg.toml",
    "vocabulary": "of a vocabulary",
}
_MATCHES: Final = {"exact": "the same", "close": "close"}


@dataclass(frozen=True, slots=True)
class Item:
    """A link on a page, with its label; `note` is a text that follows the label.

    `href` is the address that the link leads to. If it is None, only the label is shown.
    """

    label: str
    href: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MentionItem:
    """A mention of a concept in an article, as an entry of a list on a page.

    On the page of the article, `label` is the label of the concept, and `sentence` is empty. On the page of the
    concept, `label` is the title of the article, and `sentence` is the sentence that best proves that the article has
    the concept. The occurrences of the concept in this sentence are marked.
    """

    id: str
    label: str
    href: str | None
    salience: float
    frequency: int
    origins: str
    sentence: tuple[Piece, ...] = ()


class Names:
    """A maker of items (a name with a link to a page of the site) for articles, subjects, concepts and communities."""

    def __init__(self, index: GraphIndex, places: Places) -> None:
        self._index = index
        self._places = places
        self.minter = index.minter

    def link(self, iri: str) -> str | None:
        """Return the address of the page of `iri`, or None if the IRI has no page; see `Places.link`."""
        return self._places.link(iri)

    def article(self, url: str, title: str | None = None) -> Item:
        """Return an item for the article with this url.

        The name is the title of the article. If the article is missing (a link leads to it, but it does not exist), the
        name is `title`, or the url if `title` is None.
        """
        known = self._index.titles.get(url)
        href = self._places.link(self.minter.article(url))
        return Item(title or url, href, "missing") if known is None else Item(known, href)

    def concept(self, slug: str, note: str = "") -> Item:
        """Return an item for the concept with this slug; `note` is a text to show after its name."""
        return Item(self._index.labels[slug], self._places.link(self.minter.concept(slug)), note)

    def subject(self, label: str, note: str = "") -> Item:
        """Return an item for the subject with this label; `note` is a text to show after its name."""
        return Item(label, self._places.link(self.minter.subject(label)), note)

    def author(self, author: Author) -> Item:
        """Return an item for an author."""
        return Item(author.name, self._places.link(author.iri))

    def community(self, slug: str) -> Item:
        """Return an item for the community with this slug."""
        return Item(self._index.community_labels[slug], self._places.link(self.minter.community(slug)))


class ArticleViews:
    """The template values for the site's pages about articles."""

    def __init__(
        self, index: GraphIndex, names: Names, authors: Authors, urls: Collection[str], similar: Iterable[SimilarPair]
    ) -> None:
        self._names = names
        self._similar: dict[str, list[SimilarPair]] = defaultdict(list)
        for pair in similar:
            for end in pair[:2]:
                self._similar[end].append(pair)
        self._authors = authors
        self._mentions = index.mentions_by_article(urls)
        self._links = index.links_by_source(urls)
        self._linked = index.links_by_target(urls)

    def of(self, row: Row) -> dict[str, Any]:
        """Return the template values for the page of an article; `row` is the article's row of the articles table."""
        url, names = row["url"], self._names
        concepts = ((mention, names.concept(mention.concept)) for mention in self._mentions.get(url, ()))
        similar = sorted(self._similar.get(url, ()), key=_by_score)
        return {
            "title": row["title"],
            "language": row["language"],
            "based_on": row["based_on"],
            "date": row["date"],
            "authors": [names.author(author) for author in self._authors.of(row["authors"])],
            "subject": names.subject(row["subject"]) if row["subject"] is not None else None,
            "keywords": list(dict.fromkeys(row["keywords"])),
            "source": row["path"],
            "parts": _parts(row),
            "concepts": [_mention(mention, concept, f"mention-{mention.concept}") for mention, concept in concepts],
            "similar": [self._similar_article(url, *pair) for pair in similar],
            "related": [names.article(link.target, link.target_title) for link in self._links.get(url, ())],
            "linked": [
                names.article(link.source) for link in self._linked.get(url, ()) if link.status != LinkStatus.MISSING
            ],
        }

    def _similar_article(self, url: str, one: str, other: str, row: Row) -> tuple[str, Item]:
        """Return an item for the article that is similar to `url`, preceded by an id.

        The id is the fragment of the IRI of the pair's node; it is empty if that IRI begins with the IRI of the other
        article.
        """
        names = self._names
        page, _, fragment = names.minter.similarity(one, other).partition("#")
        concepts = ", ".join(names.concept(slug).label for slug in row["concepts"])
        item = dataclasses.replace(names.article(other if url == one else one), note=f"shares {concepts}")
        return fragment if page == names.minter.article(url) else "", item


def _by_score(pair: SimilarPair) -> tuple[float, str, str]:
    one, other, row = pair
    return -row["score"], one, other


def _parts(row: Row) -> list[dict[str, Any]]:
    """Return the name and the text of each part (question, answer or body) of an article.

    The text of the question is None if it is the same as the title. `row` is the article's row of the articles table.
    """
    title = " ".join(row["title"].split())
    said = [part["name"] == PartName.QUESTION and " ".join(part["text"].split()) == title for part in row["parts"]]
    return [
        {"name": part["name"], "text": None if is_title else part["text"]}
        for part, is_title in zip(row["parts"], said, strict=True)
    ]


class ConceptViews:
    """The template values for the site's pages about concepts."""

    def __init__(self, index: GraphIndex, names: Names, slugs: Collection[str]) -> None:
        self._names = names
        self._mentions = index.mentions_by_concept(slugs, occurrences=True)
        articles = {row.article for rows in self._mentions.values() for row in rows}
        self._texts = index.texts(articles)
        self._subjects = {url: row.subject for url, row in index.articles(articles).items()}
        self._relations = index.relations_by_concept(slugs)

    def of(self, row: Row) -> dict[str, Any]:
        """Return the template values for the page of a concept; `row` is the concept's row of the concepts table."""
        near = self._near(row["slug"])
        return {
            "title": row["pref_label"],
            "language": row["language"],
            "others": row["alt_labels"],
            "definition": row["definition"],
            "definition_article": self._names.article(row["definition_article"]) if row["definition_article"] else None,
            "community": self._names.community(row["community"]) if row["community"] is not None else None,
            "near": [(name, _by_label(near[name])) for name in ("broader", "narrower", "related") if name in near],
            "matches": [_match(match) for match in row.get("matches") or ()],
            "count": row["article_count"],
            "subjects": self._by_subject(row["slug"]),
            "articles": [self._article(mention) for mention in self._mentions.get(row["slug"], ())],
        }

    def _near(self, slug: str) -> dict[str, list[Item]]:
        """Return the broader, narrower and related concepts of a concept.

        The keys are "broader", "narrower" and "related". The note of a related concept tells how many articles have
        both this related concept and the concept `slug`.
        """
        near: dict[str, list[Item]] = defaultdict(list)
        for relation in self._relations.get(slug, ()):
            note = f"{counted(relation.article_count, 'article')} with both"
            how = relation.seen_from(slug)
            near[how].append(self._names.concept(relation.other(slug), note if how == RelationKind.RELATED else ""))
        return near

    def _by_subject(self, slug: str) -> list[tuple[str, Item]]:
        """Return an item for each subject of the articles with a concept, most articles first.

        Each item is preceded by the fragment of the IRI of the node with the number of these articles.
        """
        subjects = Counter(self._subjects[mention.article] for mention in self._mentions.get(slug, ()))
        by_count = sorted((-count, label) for label, count in subjects.items() if label is not None)
        fragments = (self._names.minter.subject_count(slug, label).partition("#")[2] for _, label in by_count)
        items = (self._names.subject(label, f"{-count:,}") for count, label in by_count)
        return list(zip(fragments, items, strict=True))

    def _article(self, mention: MentionRow) -> MentionItem:
        sentence = marked_sentence(self._texts[mention.article], mention.occurrences)
        return _mention(mention, self._names.article(mention.article), "", sentence)


def _match(match: Row) -> Item:
    """Return an item for a concept of an external vocabulary that matches a concept of the graph.

    The item links to the IRI of the vocabulary's concept, if this IRI is a web address.
    """
    iri: str = match["iri"]
    href = iri if iri.startswith(("https://", "http://")) else None
    return Item(match["label"] or iri, href, _MATCHES[match["kind"]])


def _mention(row: MentionRow, item: Item, name: str, sentence: tuple[Piece, ...] = ()) -> MentionItem:
    origins = ", ".join(_ORIGINS.get(origin, origin) for origin in row.origins)
    return MentionItem(name, item.label, item.href, row.salience, row.frequency, origins, sentence)


def marked_sentence(texts: Mapping[str, str], occurrences: Sequence[Occurrence]) -> tuple[Piece, ...]:
    """Return the sentence that best proves that an article has a concept, as pieces of text.

    The pieces that are occurrences of the concept are marked. `texts` has the text of each part of the article; the
    keys are the names of the parts. `occurrences` are those of the concept in the article. If there are none, the
    result is empty.
    """
    best = best_occurrence(texts, occurrences)
    if best is None:
        return ()
    marks = ((row["start"], row["end"]) for row in occurrences if row["part"] == best["part"])
    return excerpt(texts[best["part"]], best["sentence_start"], best["sentence_end"], marks)


def _by_label(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.label.casefold(), item.label))
