"""What the pages of articles and concepts show, from the rows of the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from kg.base.iris import Minter
from kg.base.model import LinkStatus, PartName, RelationKind
from kg.base.tables import Tables
from kg.graph.passages import Piece, best_occurrence, excerpt
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
    """Something that has a page, or None for `href`; `note` is what else is said of it."""

    label: str
    href: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MentionItem:
    """An article's concept, or a concept's article; `sentence` shows its words."""

    id: str
    label: str
    href: str | None
    salience: float
    frequency: int
    origins: str
    sentence: tuple[Piece, ...] = ()


class Names:
    """Articles, subjects, concepts and communities as items, each made once."""

    def __init__(self, tables: Tables, minter: Minter, places: Places) -> None:
        self.minter = minter
        self._places = places
        self._titles = _column(tables.articles, "url", "title")
        self._concepts = _column(tables.concepts, "slug", "pref_label")
        self._communities = _column(tables.communities, "slug", "label")

    def link(self, iri: str) -> str | None:
        """The page of that IRI."""
        return self._places.link(iri)

    def article(self, url: str, title: str | None = None) -> Item:
        """The article of that url; where it is missing, with the title that a link gives it."""
        known = self._titles.get(url)
        href = self._places.link(self.minter.article(url))
        return Item(title or url, href, "missing") if known is None else Item(known, href)

    def concept(self, slug: str, note: str = "") -> Item:
        """The concept of that slug."""
        return Item(self._concepts[slug], self._places.link(self.minter.concept(slug)), note)

    def subject(self, label: str, note: str = "") -> Item:
        """The subject of that label."""
        return Item(label, self._places.link(self.minter.subject(label)), note)

    def community(self, slug: str) -> Item:
        """The community of that slug."""
        return Item(self._communities[slug], self._places.link(self.minter.community(slug)))


def _column(table: Any, key: str, value: str) -> dict[str, str]:
    return dict(zip(table[key].to_pylist(), table[value].to_pylist(), strict=True))


class ArticleViews:
    """The values of articles' pages."""

    def __init__(self, tables: Tables, names: Names) -> None:
        self._names = names
        self._mentions = _grouped(tables.mentions.drop_columns(["occurrences"]).to_pylist(), "article")
        links = tables.links.to_pylist()
        self._links = _grouped(links, "source")
        self._linked = _grouped((link for link in links if link["status"] != LinkStatus.MISSING), "target")

    def of(self, row: Row) -> dict[str, Any]:
        """The values of the page of `row`."""
        url, names = row["url"], self._names
        links = sorted(self._links[url], key=lambda link: link["position"])
        concepts = ((mention, names.concept(mention["concept"])) for mention in self._mentions[url])
        return {
            "title": row["title"],
            "language": row["language"],
            "date": row["date"],
            "authors": list(dict.fromkeys(row["authors"])),
            "subject": names.subject(row["subject"]) if row["subject"] is not None else None,
            "keywords": list(dict.fromkeys(row["keywords"])),
            "source": row["path"],
            "parts": _parts(row),
            "concepts": [_mention(mention, concept, f"mention-{mention['concept']}") for mention, concept in concepts],
            "related": [names.article(link["target"], link["target_title"]) for link in links],
            "linked": [names.article(link["source"]) for link in self._linked[url]],
        }


def _parts(row: Row) -> list[dict[str, Any]]:
    """Name and text of each part; a question that the title says already has no text of its own."""
    title = " ".join(row["title"].split())
    said = [part["name"] == PartName.QUESTION and " ".join(part["text"].split()) == title for part in row["parts"]]
    return [
        {"name": part["name"], "text": None if is_title else part["text"]}
        for part, is_title in zip(row["parts"], said, strict=True)
    ]


class ConceptViews:
    """The values of concepts' pages."""

    def __init__(self, tables: Tables, names: Names) -> None:
        self._names = names
        self._mentions = _grouped(tables.mentions.to_pylist(), "concept")
        articles = tables.articles.select(["url", "parts"]).to_pylist()
        self._texts = {row["url"]: {part["name"]: part["text"] for part in row["parts"]} for row in articles}
        self._near: dict[str, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
        for row in tables.relations.select(["source", "target", "kind", "article_count"]).to_pylist():
            self._relate(row)

    def _relate(self, row: Row) -> None:
        source, target = row["source"], row["target"]
        if row["kind"] == RelationKind.BROADER:
            self._near[source]["broader"].append(self._names.concept(target))
            self._near[target]["narrower"].append(self._names.concept(source))
        else:
            note = (
                f"{row['article_count']:,} articles with both" if row["article_count"] != 1 else "1 article with both"
            )
            self._near[source]["related"].append(self._names.concept(target, note))
            self._near[target]["related"].append(self._names.concept(source, note))

    def of(self, row: Row) -> dict[str, Any]:
        """The values of the page of `row`."""
        near = self._near.get(row["slug"], {})
        mentions = sorted(self._mentions[row["slug"]], key=lambda mention: (-mention["salience"], mention["article"]))
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
            "articles": [self._article(mention) for mention in mentions],
        }

    def _article(self, mention: Row) -> MentionItem:
        url = mention["article"]
        sentence = marked_sentence(self._texts[url], mention["occurrences"])
        return _mention(mention, self._names.article(url), "", sentence)


def _match(match: Row) -> Item:
    """A concept of a vocabulary; its name is a link only if it leads to the web."""
    iri: str = match["iri"]
    href = iri if iri.startswith(("https://", "http://")) else None
    return Item(match["label"] or iri, href, _MATCHES[match["kind"]])


def _mention(row: Row, item: Item, name: str, sentence: tuple[Piece, ...] = ()) -> MentionItem:
    origins = ", ".join(_ORIGINS.get(origin, origin) for origin in row["origins"])
    return MentionItem(name, item.label, item.href, row["salience"], row["frequency"], origins, sentence)


def marked_sentence(texts: dict[str, str], occurrences: list[Row]) -> tuple[Piece, ...]:
    """The sentence that shows best how an article uses a concept, with all its words for it marked; none where there is
    none.
    """
    best = best_occurrence(texts, occurrences)
    if best is None:
        return ()
    marks = ((row["start"], row["end"]) for row in occurrences if row["part"] == best["part"])
    return excerpt(texts[best["part"]], best["sentence_start"], best["sentence_end"], marks)


def _by_label(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.label.casefold(), item.label))


def _grouped(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups
