"""A part of the graph as a page shows it: what its panels say, and why its edges are there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.base.iris import Minter, page_address
from kg.base.model import LinkStatus, PartName, RelationKind
from kg.base.plural import counted
from kg.base.tables import Tables
from kg.graph.neighbourhood import Subgraph
from kg.graph.passages import SHOWN, best_occurrence, excerpt
from kg.graph.property_graph import EdgeKind, GraphNode, NodeKind
from kg.render.page_data import Drawn, PageEdge, PageGraph, Thing, placed

LISTED: Final = 12
"""Rows of a list in a panel."""
_RELATIONS: Final = ("Broader", "Narrower", "Related")
_LINK_WEIGHT: Final = 0.6
_SENTENCE: Final = re.compile(r"\S.*?[.!?…](?=[\s”’\")\]]|$)")


class Things:
    """All that a page names, each once; the nodes come first, under the numbers that they have as nodes."""

    def __init__(self, tables: Tables, site: str | None) -> None:
        self._site = site
        self._titles = pairs(tables.articles, "url", "title")
        self._labels = pairs(tables.concepts, "slug", "pref_label")
        self._lost = pairs(
            tables.links.filter(pc.equal(tables.links["status"], LinkStatus.MISSING.value)), "target", "target_title"
        )
        self._numbers: dict[tuple[str, str], int] = {}
        self._things: list[Thing] = []

    def add(self, kind: str, key: str, label: str) -> int:
        """The number of a thing; `key` is an article's url or a concept's or a community's slug."""
        number = self._numbers.setdefault((kind, key), len(self._things))
        if number == len(self._things):
            address = None
            if self._site is not None and kind == NodeKind.ARTICLE:
                address = page_address(self._site, key)
            self._things.append(Thing(label, kind, address))
        return number

    def article(self, url: str) -> int:
        """The number of an article, or of a missing one."""
        if url in self._titles:
            return self.add(NodeKind.ARTICLE, url, self._titles[url])
        return self.add(NodeKind.MISSING, url, self._lost.get(url) or url)

    def concept(self, slug: str) -> int:
        """The number of a concept."""
        return self.add(NodeKind.CONCEPT, slug, self._labels[slug])

    def all(self) -> tuple[Thing, ...]:
        """In the order of their numbers."""
        return tuple(self._things)


def subgraph_page(tables: Tables, minter: Minter, part: Subgraph, site: str | None = None) -> PageGraph:
    """What a page shows of `part`; `site` is where the articles are on the web."""
    things = Things(tables, site)
    numbers = {node.id: things.add(node.kind, _key(node, minter), node.label) for node in part.nodes}
    urls = [node.url for node in part.nodes if node.kind is NodeKind.ARTICLE]
    articles = _rows(tables.articles, "url", urls)
    mentions = Mentions(tables, urls, [_key(node, minter) for node in part.nodes if node.kind is NodeKind.CONCEPT])
    edges = [*_link_edges(part, numbers), *_mention_edges(mentions, things, articles)]
    most = max((node.centrality or 0.0 for node in part.nodes), default=0.0)
    nodes, groups, kinds = placed(
        [
            Drawn(node.label, node.kind, node.community, _importance(node, part, most), node.x, node.y)
            for node in part.nodes
        ],
        edges,
        pairs(tables.communities, "slug", "label"),
    )
    details = _Details(tables, things, mentions, articles, edges)
    return PageGraph(
        title=part.focus.label,
        kind=part.focus.kind,
        focus=numbers.get(part.focus.iri),
        total=part.total,
        nodes=nodes,
        edges=tuple(edges),
        groups=groups,
        kinds=kinds,
        details=tuple(details.of(node, numbers[node.id], minter) for node in part.nodes),
        things=things.all(),
    )


def _importance(node: GraphNode, part: Subgraph, most: float) -> float:
    return most if node.id == part.focus.iri else node.centrality or 0.0


def _key(node: GraphNode, minter: Minter) -> str:
    return node.url if node.url is not None else node.id.removeprefix(minter.concept(""))


def pairs(table: pa.Table, key: str, value: str) -> dict[str, Any]:
    """The values of one column by those of another."""
    return dict(zip(table[key].to_pylist(), table[value].to_pylist(), strict=True))


def _rows(table: pa.Table, key: str, values: list[str | None]) -> dict[str, dict[str, Any]]:
    wanted = table.filter(pc.is_in(table[key], pa.array(values, pa.string())))
    return {row[key]: row for row in wanted.to_pylist()}


class Mentions:
    """The mentions that a page's panels list, and, where both are nodes of it, the words that prove them."""

    def __init__(self, tables: Tables, urls: list[str | None], slugs: list[str]) -> None:
        all_of, short = tables.mentions, tables.mentions.drop_columns(["occurrences"])
        here = pc.is_in(all_of["article"], pa.array(urls, pa.string()))
        there = pc.is_in(all_of["concept"], pa.array(slugs, pa.string()))
        self.on_page: list[dict[str, Any]] = all_of.filter(pc.and_(here, there)).to_pylist()
        self.of_article: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in short.filter(here).to_pylist():
            self.of_article[row["article"]].append(row)
        self.of_concept: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in sorted(short.filter(there).to_pylist(), key=lambda row: (-row["salience"], row["article"])):
            self.of_concept[row["concept"]].append(row)


def _link_edges(part: Subgraph, numbers: dict[str, int]) -> Iterator[PageEdge]:
    """One edge for each pair of articles that are linked, in one direction or in both."""
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


def _mention_edges(mentions: Mentions, things: Things, articles: dict[str, dict[str, Any]]) -> Iterator[PageEdge]:
    labels = {number: thing.label for number, thing in enumerate(things.all())}
    for row in mentions.on_page:
        concept = things.concept(row["concept"])
        says = "is about" if row["about"] else "mentions"
        why = f'{says} "{labels[concept]}" {_times(row["frequency"])}, salience {row["salience"]:.2f}'
        if not row["frequency"]:
            why = f'has the keyword "{labels[concept]}", which its text does not say, salience {row["salience"]:.2f}'
        quote = _quote(articles[row["article"]]["parts"], row["occurrences"])
        yield PageEdge(things.article(row["article"]), concept, row["salience"], why, quote)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _quote(parts: list[dict[str, str]], occurrences: list[dict[str, Any]]) -> str | None:
    """The best sentence that holds the words; a part of it where it is long."""
    texts = {part["name"]: part["text"] for part in parts}
    found = best_occurrence(texts, occurrences)
    if found is None:
        return None
    marks = [(found["start"], found["end"])]
    pieces = excerpt(texts[found["part"]], found["sentence_start"], found["sentence_end"], marks)
    return "".join(piece.text for piece in pieces)


def _first_sentence(parts: list[dict[str, str]]) -> str | None:
    """The first whole sentence of an article's answer or body; None where it has none."""
    for part in parts:
        if part["name"] != PartName.QUESTION:
            for paragraph in part["text"][:4000].split("\n"):
                found = _SENTENCE.search(paragraph)
                if found is not None and len(found.group()) > 30:
                    sentence = found.group()
                    return sentence if len(sentence) <= SHOWN else f"{sentence[:SHOWN]}…"
    return None


class _Details:
    """What a panel says of a node."""

    def __init__(
        self,
        tables: Tables,
        things: Things,
        mentions: Mentions,
        articles: dict[str, dict[str, Any]],
        edges: list[PageEdge],
    ) -> None:
        self._things = things
        self._mentions = mentions
        self._articles = articles
        self._concepts = ConceptDetails(tables, things, mentions)
        self._quotes: dict[int, tuple[float, str, int]] = {}
        for edge in edges:
            if edge.quote is not None and edge.weight > self._quotes.get(edge.target, (-1.0,))[0]:
                self._quotes[edge.target] = (edge.weight, edge.quote, edge.source)
        urls = pa.array([*articles], pa.string())
        self._links: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._linked: dict[str, list[dict[str, Any]]] = defaultdict(list)
        links = tables.links
        touching = pc.or_(pc.is_in(links["source"], urls), pc.equal(links["status"], LinkStatus.MISSING.value))
        for row in links.filter(touching).to_pylist():
            self._links[row["source"]].append(row)
            self._linked[row["target"]].append(row)

    def of(self, node: GraphNode, number: int, minter: Minter) -> dict[str, Any]:
        """The details of a node, as the page's script reads them."""
        key = _key(node, minter)
        if node.kind is NodeKind.CONCEPT:
            return self._concept(number, key)
        if node.kind is NodeKind.MISSING:
            sources = [self._things.article(row["source"]) for row in self._linked[key][:LISTED]]
            return {"facts": ["not among these articles", key], "lists": [listed("Articles that link to it", sources)]}
        row = self._articles[key]
        mentions, links = self._mentions.of_article[key], sorted(self._links[key], key=lambda row: row["position"])
        concepts = [[self._things.concept(row["concept"]), row["salience"]] for row in mentions[:LISTED]]
        related = [self._things.article(row["target"]) for row in links[:LISTED]]
        date = row["date"].isoformat() if row["date"] is not None else None
        return {
            "facts": [fact for fact in (node.subject, date) if fact],
            "lead": _first_sentence(row["parts"]),
            "lists": [
                listed("Concepts by salience", concepts, len(mentions)),
                listed("Related links", related, len(links)),
            ],
        }

    def _concept(self, number: int, slug: str) -> dict[str, Any]:
        details = self._concepts.of(slug)
        if "lead" in details or number not in self._quotes:
            return details
        _, quote, source = self._quotes[number]
        return {**details, "lead": quote, "from": source}


class ConceptDetails:
    """What panels say of concepts: what defines them, how many articles have them, which others they hang on."""

    def __init__(self, tables: Tables, things: Things, mentions: Mentions) -> None:
        self._things = things
        self._mentions = mentions
        self._rows = _rows(
            tables.concepts.select(["slug", "alt_labels", "definition", "definition_article"]),
            "slug",
            [*mentions.of_concept],
        )
        self._around: dict[tuple[str, str], list[str]] = defaultdict(list)
        slugs = pa.array([*self._rows], pa.string())
        relations = tables.relations.select(["source", "target", "kind"])
        touching = pc.or_(pc.is_in(relations["source"], slugs), pc.is_in(relations["target"], slugs))
        for row in relations.filter(touching).to_pylist():
            is_broader = row["kind"] == RelationKind.BROADER
            self._around[row["source"], "Broader" if is_broader else "Related"].append(row["target"])
            self._around[row["target"], "Narrower" if is_broader else "Related"].append(row["source"])

    def of(self, slug: str) -> dict[str, Any]:
        """The details of one concept, as the page's script reads them."""
        row, mentioned = self._rows[slug], self._mentions.of_concept[slug]
        articles = [[self._things.article(found["article"]), found["salience"]] for found in mentioned[:LISTED]]
        details: dict[str, Any] = {
            "facts": [f"in {counted(len(mentioned), 'article')}"],
            "aliases": row["alt_labels"],
            "lists": [
                *(self._concepts(f"{how} concepts", self._around[slug, how]) for how in _RELATIONS),
                listed("Articles by salience", articles, len(mentioned)),
            ],
        }
        if row["definition"] is not None:
            details |= {"lead": row["definition"], "from": self._things.article(row["definition_article"])}
        return details

    def _concepts(self, title: str, slugs: list[str]) -> dict[str, Any]:
        return listed(title, [self._things.concept(slug) for slug in sorted(slugs)[:LISTED]], len(slugs))


def listed(title: str, rows: list[Any], total: int | None = None) -> dict[str, Any]:
    """A list in a panel: numbers of things, or pairs of these and a salience; `total` where there are more."""
    return {"title": title, "rows": rows, "total": len(rows) if total is None else total}
