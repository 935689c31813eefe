"""The data of a page that shows a part of the graph: its nodes, its edges, and the contents of its side panel."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from kg.base.iris import Minter, page_address
from kg.base.model import PartName
from kg.base.plural import counted
from kg.graph.index import GraphIndex
from kg.graph.neighbourhood import Subgraph
from kg.graph.passages import SHOWN, Occurrence, best_occurrence, excerpt
from kg.graph.property_graph import EdgeKind, GraphNode, NodeKind
from kg.graph.rows import MentionRow
from kg.render.page_data import Drawn, PageEdge, PageGraph, Thing, placed

LISTED: Final = 12
"""Maximum number of entries in a list in the side panel of a page."""
_RELATIONS: Final = ("broader", "narrower", "related")
_LINK_WEIGHT: Final = 0.6
_BROADER_WEIGHT: Final = 0.6
_SENTENCE: Final = re.compile(r"\S.*?[.!?…](?=[\s”’\")\]]|$)")


class Things:
    """The numbering, from 0, of all articles, concepts and communities that a page refers to ("things").

    Callers must add the nodes of the page first, in the order of the nodes. Then each node has the same number among
    the things as among the nodes.
    """

    def __init__(self, index: GraphIndex, site: str | None) -> None:
        self._index = index
        self._site = site
        self._numbers: dict[tuple[str, str], int] = {}
        self._things: list[Thing] = []

    def add(self, kind: str, key: str, label: str) -> int:
        """Return the number of an article, concept or community. If it has no number yet, it gets the next number.

        `kind` is, for example, "article". `key` is the url of an article, or the slug of a concept or community.
        """
        number = self._numbers.setdefault((kind, key), len(self._things))
        if number == len(self._things):
            address = None
            if self._site is not None and kind == NodeKind.ARTICLE:
                address = page_address(self._site, key)
            self._things.append(Thing(label, kind, address))
        return number

    def article(self, url: str) -> int:
        """Return the number of the article with this url. The article may be missing, if a link leads to it."""
        title = self._index.titles.get(url)
        if title is not None:
            return self.add(NodeKind.ARTICLE, url, title)
        return self.add(NodeKind.MISSING, url, self._index.missing_titles.get(url) or url)

    def concept(self, slug: str) -> int:
        """Return the number of the concept with this slug."""
        return self.add(NodeKind.CONCEPT, slug, self._index.labels[slug])

    def all(self) -> tuple[Thing, ...]:
        """Return all articles, concepts and communities that have a number, in the order of their numbers."""
        return tuple(self._things)


def subgraph_page(index: GraphIndex, part: Subgraph, site: str | None = None) -> PageGraph:
    """Return the data of a page that shows a part of the graph.

    Args:
        index: look-ups in the tables of the whole graph.
        part: the nodes and edges to show.
        site: the web address of the site with the articles, or None if it is not known.
    """
    things = Things(index, site)
    keys = {node.id: _key(node, index.minter) for node in part.nodes}
    numbers = {node.id: things.add(node.kind, keys[node.id], node.label) for node in part.nodes}
    urls, slugs, missing = (
        [keys[node.id] for node in part.nodes if node.kind is kind]
        for kind in (NodeKind.ARTICLE, NodeKind.CONCEPT, NodeKind.MISSING)
    )
    texts = index.texts(urls)
    edges = [
        *_link_edges(part, numbers),
        *_mention_edges(index.mentions_between(urls, slugs), things, texts),
        *concept_edges(index, things, slugs),
    ]
    most = max((node.centrality or 0.0 for node in part.nodes), default=0.0)
    nodes, groups, kinds = placed(
        [
            Drawn(node.label, node.kind, node.community, _importance(node, part, most), node.x, node.y)
            for node in part.nodes
        ],
        edges,
        index.community_labels,
    )
    details = _Details(index, things, urls, missing, texts, edges)
    concepts = ConceptDetails(index, things, slugs)
    return PageGraph(
        title=part.focus.label,
        kind=part.focus.kind,
        focus=numbers.get(part.focus.iri),
        total=part.total,
        nodes=nodes,
        edges=tuple(edges),
        groups=groups,
        kinds=kinds,
        details=tuple(
            details.of_concept(concepts.of(keys[node.id]), numbers[node.id])
            if node.kind is NodeKind.CONCEPT
            else details.of(node, keys[node.id])
            for node in part.nodes
        ),
        things=things.all(),
    )


def _importance(node: GraphNode, part: Subgraph, most: float) -> float:
    return most if node.id == part.focus.iri else node.centrality or 0.0


def _key(node: GraphNode, minter: Minter) -> str:
    return node.url if node.url is not None else node.id.removeprefix(minter.concept(""))


def _link_edges(part: Subgraph, numbers: dict[str, int]) -> Iterator[PageEdge]:
    """Yield one edge for each pair of articles that are linked, in one direction or in both.

    `numbers` maps the IRI of each node to the number of the node.
    """
    linked = {
        (numbers[edge.source], numbers[edge.target]): None
        for edge in part.edges
        if edge.kind is EdgeKind.RELATION and edge.source != edge.target
    }
    for source, target in linked:
        if (target, source) not in linked:
            yield PageEdge(source, target, _LINK_WEIGHT, "related link", None)
        elif source < target:
            yield PageEdge(source, target, _LINK_WEIGHT, "related links in both directions", None)


def _mention_edges(
    mentions: Iterable[MentionRow], things: Things, texts: Mapping[str, Mapping[str, str]]
) -> Iterator[PageEdge]:
    labels = {number: thing.label for number, thing in enumerate(things.all())}
    for row in mentions:
        concept = things.concept(row.concept)
        says = "is about" if row.about else "mentions"
        why = f'{says} "{labels[concept]}" {_times(row.frequency)}, salience {row.salience:.2f}'
        if not row.frequency:
            why = f'has the keyword "{labels[concept]}", which its text does not say, salience {row.salience:.2f}'
        quote = _quote(texts[row.article], row.occurrences)
        yield PageEdge(things.article(row.article), concept, row.salience, why, quote)


def concept_edges(index: GraphIndex, things: Things, slugs: Collection[str]) -> Iterator[PageEdge]:
    """Yield one edge for each relation between two of the concepts `slugs`, sorted by the slugs of its two concepts."""
    shown = set(slugs)
    found = {row[:2]: row for rows in index.relations_by_concept(slugs).values() for row in rows}
    rows = [row for _, row in sorted(found.items()) if {row.source, row.target} <= shown]
    texts = index.texts(row.article for row in rows if row.article is not None)
    for row in rows:
        low, high = index.labels[row.source], index.labels[row.target]
        if row.npmi is None:
            weight, why = _BROADER_WEIGHT, f'"{low}" is narrower than "{high}"'
        else:
            weight, why = row.npmi, f"related: in {counted(row.article_count, 'article')} together, NPMI {row.npmi:.2f}"
        quote = None
        if row.article is not None and row.part is not None and row.start is not None and row.end is not None:
            quote = "".join(piece.text for piece in excerpt(texts[row.article][row.part], row.start, row.end, ()))
        yield PageEdge(things.concept(row.source), things.concept(row.target), weight, why, quote, dashed=True)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _quote(texts: Mapping[str, str], occurrences: Sequence[Occurrence]) -> str | None:
    """Return the sentence that best proves that an article has a concept, shortened if it is long.

    `texts` has the text of each part of the article; the keys are the names of the parts (question, answer or body).
    `occurrences` are those of the concept in the article. If there are none, the result is None.
    """
    found = best_occurrence(texts, occurrences)
    if found is None:
        return None
    marks = [(found["start"], found["end"])]
    pieces = excerpt(texts[found["part"]], found["sentence_start"], found["sentence_end"], marks)
    return "".join(piece.text for piece in pieces)


def _first_sentence(texts: Mapping[str, str]) -> str | None:
    """Return the first suitable sentence of an article, shortened if it is long, or None if there is none.

    A sentence is suitable if it is the first complete sentence of a paragraph and has more than 30 characters. `texts`
    has the text of each part of the article; the keys are the names of the parts. The part "question" is skipped.
    """
    for name, text in texts.items():
        if name != PartName.QUESTION:
            for paragraph in text[:4000].split("\n"):
                found = _SENTENCE.search(paragraph)
                if found is not None and len(found.group()) > 30:
                    sentence = found.group()
                    return sentence if len(sentence) <= SHOWN else f"{sentence[:SHOWN]}…"
    return None


class _Details:
    """The contents of the side panel for articles and missing articles, and quotes for the side panel of concepts."""

    def __init__(
        self,
        index: GraphIndex,
        things: Things,
        urls: list[str],
        missing: list[str],
        texts: Mapping[str, Mapping[str, str]],
        edges: Iterable[PageEdge],
    ) -> None:
        self._things = things
        self._texts = texts
        self._articles = index.articles(urls)
        self._mentions = index.mentions_by_article(urls)
        self._links = index.links_by_source(urls)
        self._linked = index.links_by_target(missing)
        self._quotes: dict[int, tuple[float, str, int]] = {}
        for edge in edges:
            if edge.quote is not None and edge.weight > self._quotes.get(edge.target, (-1.0,))[0]:
                self._quotes[edge.target] = (edge.weight, edge.quote, edge.source)

    def of(self, node: GraphNode, key: str) -> dict[str, Any]:
        """Return the contents of the side panel for an article or a missing article; `key` is the url of the article.

        The contents have the form that the page's script templates/panel.js reads.
        """
        if node.kind is NodeKind.MISSING:
            sources = [self._things.article(row.source) for row in self._linked[key][:LISTED]]
            return {"facts": ["not among these articles", key], "lists": [listed("Articles that link to it", sources)]}
        row = self._articles[key]
        mentions, links = self._mentions.get(key, []), self._links.get(key, [])
        concepts = [[self._things.concept(mention.concept), mention.salience] for mention in mentions[:LISTED]]
        related = [self._things.article(link.target) for link in links[:LISTED]]
        date = row.date.isoformat() if row.date is not None else None
        return {
            "facts": [fact for fact in (node.subject, date) if fact],
            "lead": _first_sentence(self._texts[key]),
            "lists": [
                listed("Concepts by salience", concepts, len(mentions)),
                listed("Related links", related, len(links)),
            ],
        }

    def of_concept(self, details: dict[str, Any], number: int) -> dict[str, Any]:
        """Return `details`, the contents of the side panel for a concept. If they have no definition, a quote is added.

        The quote is taken from the edge with the largest weight among the edges to the concept that have a quote.
        `number` is the number of the concept's node.
        """
        if "lead" in details or number not in self._quotes:
            return details
        _, quote, source = self._quotes[number]
        return {**details, "lead": quote, "from": source}


class ConceptDetails:
    """The contents of the side panel for concepts: definition, number of articles, related concepts and so on."""

    def __init__(self, index: GraphIndex, things: Things, slugs: Collection[str]) -> None:
        self._things = things
        self._rows = index.concepts(slugs)
        self._mentions = index.mentions_by_concept(slugs)
        self._relations = index.relations_by_concept(slugs)

    def of(self, slug: str) -> dict[str, Any]:
        """Return the contents of the side panel for the concept with this slug.

        The contents have the form that the page's script templates/panel.js reads.
        """
        row, mentions = self._rows[slug], self._mentions.get(slug, [])
        articles = [[self._things.article(mention.article), mention.salience] for mention in mentions[:LISTED]]
        details: dict[str, Any] = {
            "facts": [f"in {counted(len(mentions), 'article')}"],
            "aliases": row.alt_labels,
            "hidden": row.hidden_labels,
            "lists": [
                *(self._concepts(slug, how) for how in _RELATIONS),
                listed("Articles by salience", articles, len(mentions)),
            ],
        }
        if row.definition is not None and row.definition_article is not None:
            details |= {"lead": row.definition, "from": self._things.article(row.definition_article)}
        return details

    def _concepts(self, slug: str, how: str) -> dict[str, Any]:
        others = sorted(row.other(slug) for row in self._relations.get(slug, ()) if row.seen_from(slug) == how)
        concepts = [self._things.concept(other) for other in others[:LISTED]]
        return listed(f"{how.capitalize()} concepts", concepts, len(others))


def listed(title: str, rows: list[Any], total: int | None = None) -> dict[str, Any]:
    """Return a list for the side panel of a page, in the form that the page's script templates/panel.js reads.

    Args:
        title: the heading of the list.
        rows: the entries to show. Each is the number of an article, concept or community (see `Things`), or a list
            of such a number and the salience of a mention (see `kg.concepts.ranking`).
        total: the number of all entries, including those that are not shown; None if all are shown.
    """
    return {"title": title, "rows": rows, "total": len(rows) if total is None else total}
