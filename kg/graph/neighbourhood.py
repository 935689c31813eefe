"""Selection of a part of the graph to show: the surroundings of a node, or the members of a subject or a community.

The number of selected nodes is limited. They are chosen as follows:

- Around an article or a concept: the nodes that are most relevant to it. The relevance of a path is the product of the
  weights of its edges, halved for each edge. The relevance of a node is the relevance of the most relevant path to this
  node. The selected nodes therefore always form a connected graph. The weights of links and mentions are those of
  `kg.graph.network`, and the weights of broader and related concepts those of `kg.graph.best_paths`.
- For a subject: its most central articles, and their concepts that are most distinctive of the subject (see
  `kg.graph.distinctive`).
- For a community: its most central articles, and the most central of the community's concepts in these articles.
- If a subject or community has fewer members than the limit, nodes around its members are added. They are chosen by
  relevance, as around a single node.
- Missing articles (targets of links that do not exist) are added last, as far as the limit allows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.iris import Minter
from kg.base.model import LinkStatus, RelationKind
from kg.base.tables import Tables
from kg.graph.best_paths import relation_edges
from kg.graph.distinctive import Distinctive
from kg.graph.network import Network, network, specificity
from kg.graph.property_graph import EdgeKind, GraphEdge, GraphNode, NodeKind, graph_edges, graph_nodes
from kg.graph.rows import Focus, FocusKind

MAX_NODES: Final = 300
"""Maximum number of nodes shown at once, unless the caller gives another maximum.

More nodes would overwhelm the reader and the browser.
"""
_ARTICLES_OF_A_GROUP: Final = 1 / 3
"""Share of the chosen nodes that are articles, if not all members of a subject or community can be shown.

It applies if there are too many articles as well as too many concepts.
"""
_STEP_FACTOR: Final = 0.5


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A part of the graph; `nodes` are sorted by their relevance to `focus`.

    `total` is the number of nodes from which `nodes` were chosen, including the chosen ones.
    """

    focus: Focus
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    total: int


def neighbourhood(tables: Tables, minter: Minter, focus: Focus, depth: int = 1, max_nodes: int = MAX_NODES) -> Subgraph:
    """Return the most relevant nodes that are at most `depth` edges away from `focus`, and the edges between them.

    If `focus` is a subject or a community, its articles and concepts count as one edge away from it.

    Args:
        tables: the whole graph.
        minter: makes the IRIs of the graph.
        focus: a node, or a group (a subject or a community), as found by `GraphIndex.resolve`.
        depth: maximum distance in edges, at least 1.
        max_nodes: maximum number of nodes, at least 1.
    """
    return Whole(tables, minter).part(focus, depth, max_nodes)


class Whole:
    """The whole graph, prepared so that several parts of it can be selected quickly."""

    def __init__(self, tables: Tables, minter: Minter) -> None:
        self._tables = tables
        self._minter = minter
        self._graph = network(tables.articles, tables.links, tables.concepts, tables.mentions)
        centrality = tables.articles["centrality"].to_pylist() + tables.concepts["centrality"].to_pylist()
        self._around = _Adjacency(_with_relations(self._graph, tables), centrality)

    @cached_property
    def _distinctive(self) -> Distinctive:
        return Distinctive(self._tables)

    def part(self, focus: Focus, depth: int = 1, max_nodes: int = MAX_NODES) -> Subgraph:
        """Return the part of the graph around `focus`; the arguments are those of the function `neighbourhood`."""
        graph, around = self._graph, self._around
        if focus.kind in (FocusKind.ARTICLE, FocusKind.CONCEPT):
            start = (
                graph.articles.index(focus.key)
                if focus.kind is FocusKind.ARTICLE
                else len(graph.articles) + graph.concepts.index(focus.key)
            )
            inner = around.within([start], depth - 1)
            reach = around.within(inner, 1)
            chosen = around.best_first([start], reach, max_nodes)
        else:
            articles, concepts = self._members(focus)
            inner = around.within([*articles, *concepts], depth - 2) if depth > 1 else set()
            reach = around.within(inner, 1) | {*articles, *concepts}
            group = _best_members(around, articles, concepts, max_nodes)
            chosen = group if len(group) < len(articles) + len(concepts) else around.best_first(group, reach, max_nodes)
        part, missing = _rows(self._tables, graph, chosen, inner, max_nodes - len(chosen))
        place = {iri: position for position, iri in enumerate(_iris(graph, self._minter, chosen))}
        nodes = [node for node in graph_nodes(part, self._minter) if node.kind is not NodeKind.SUBJECT]
        return Subgraph(
            focus,
            tuple(sorted(nodes, key=lambda node: (place.get(node.id, len(place)), node.id))),
            tuple(edge for edge in graph_edges(part, self._minter) if edge.kind is not EdgeKind.SUBJECT),
            len(reach) + missing,
        )

    def _members(self, focus: Focus) -> tuple[list[int], list[int]]:
        """Return two lists of node numbers: the articles and the concepts of the subject or community `focus`.

        The articles are sorted by centrality, most central first, and so are the concepts of a community. The concepts
        of a subject are all concepts that its articles mention, most distinctive first.
        """
        tables, first = self._tables, len(self._graph.articles)
        column = "subject" if focus.kind is FocusKind.SUBJECT else "community"
        articles = np.flatnonzero(pc.equal(tables.articles[column], focus.key).fill_null(False).to_numpy())
        central = tables.articles["centrality"].to_numpy()
        ordered = articles[np.lexsort((articles, -central[articles]))]
        if focus.kind is FocusKind.SUBJECT:
            concepts = self._distinctive.of(articles)
        else:
            within = np.flatnonzero(pc.equal(tables.concepts[column], focus.key).fill_null(False).to_numpy())
            central = tables.concepts["centrality"].to_numpy()
            concepts = within[np.lexsort((within, -central[within]))]
        return ordered.tolist(), (concepts + first).tolist()


def _with_relations(graph: Network, tables: Tables) -> Network:
    """Return the network with an edge for each relation between two concepts in addition."""
    slugs, count = tables.concepts["slug"].combine_chunks(), tables.concepts["article_count"].to_numpy()
    one, other = (
        pc.index_in(tables.relations[name], slugs).to_numpy().astype(np.int64) for name in ("source", "target")
    )
    first = len(graph.articles)
    edges = relation_edges(
        one + first,
        other + first,
        tables.relations["npmi"].to_numpy(),
        pc.equal(tables.relations["kind"], RelationKind.BROADER.value).to_numpy(),
        specificity(np.maximum(count[other], 1), max(first, 1)),
    )
    columns = ((getattr(graph, name), getattr(edges, name)) for name in ("source", "target", "weight"))
    return Network(graph.articles, graph.concepts, *map(np.concatenate, columns))


class _Adjacency:
    """For each node of a network, its neighbours and the weights of the edges to them."""

    def __init__(self, graph: Network, centrality: list[float]) -> None:
        source = np.concatenate([graph.source, graph.target])
        order = np.argsort(source, kind="stable")
        self._first = np.searchsorted(source[order], np.arange(graph.size + 1))
        self._other = np.concatenate([graph.target, graph.source])[order]
        self._weight = np.tile(graph.weight, 2)[order].clip(0.0, 1.0)
        self.centrality = centrality

    def of(self, node: int) -> list[int]:
        """Return the neighbours of `node`."""
        others: list[int] = self._other[self._first[node] : self._first[node + 1]].tolist()
        return others

    def within(self, start: Iterable[int], steps: int) -> set[int]:
        """Return the nodes of `start`, and all nodes that are at most `steps` edges away from one of them."""
        reach, rim = set(start), set(start)
        while rim and steps > 0:
            steps -= 1
            rim = {other for node in rim for other in self.of(node)} - reach
            reach |= rim
        return reach

    def best_first(self, start: list[int], reach: set[int], most: int) -> list[int]:
        """Return at most `most` nodes: first those in `start`, then the nodes in `reach` most relevant to these.

        The module docstring defines relevance. Nodes of equal relevance are sorted by centrality, most central first.
        """
        queue = [(-1.0, 0.0, position, node) for position, node in enumerate(start)]
        done: dict[int, None] = {}
        while queue and len(done) < most:
            relevance, _, _, node = heappop(queue)
            if node in done:
                continue
            done[node] = None
            weights = self._weight[self._first[node] : self._first[node + 1]].tolist()
            for other, weight in zip(self.of(node), weights, strict=True):
                if other in reach and other not in done:
                    heappush(queue, (relevance * weight * _STEP_FACTOR, -self.centrality[other], other, other))
        return list(done)


def _best_members(around: _Adjacency, articles: list[int], concepts: list[int], most: int) -> list[int]:
    """Return the first of `articles`, then the first of those `concepts` that these articles mention.

    Both lists are sorted, the best node first. The result has at most `most` nodes. It may contain an article without
    any of the concepts that the article mentions.
    """
    count = max(round(most * _ARTICLES_OF_A_GROUP), most - len(concepts))
    kept = articles[:count]
    mentioned = {other for article in kept for other in around.of(article)}
    return [*kept, *[concept for concept in concepts if concept in mentioned][: most - len(kept)]]


def _rows(tables: Tables, graph: Network, chosen: list[int], inner: set[int], room: int) -> tuple[Tables, int]:
    """Return the tables reduced to the chosen nodes, the edges between them, and at most `room` missing articles.

    Also return the number of all missing articles to which the articles in `inner` link. `inner` has all nodes whose
    neighbours are near enough to be shown. Missing articles to which only other articles link are too far away.
    """
    first = len(graph.articles)
    urls = pa.array([graph.articles[node] for node in sorted(chosen) if node < first], pa.string())
    slugs = pa.array([graph.concepts[node - first] for node in sorted(chosen) if node >= first], pa.string())
    status = pc.equal(tables.links["status"], LinkStatus.MISSING.value)
    near = pa.array([graph.articles[node] for node in sorted(inner) if node < first], pa.string())
    lost = tables.links.filter(pc.and_(status, pc.is_in(tables.links["source"], near)))
    counted = Counter(lost.filter(pc.is_in(lost["source"], urls))["target"].to_pylist())
    most = sorted(counted, key=lambda url: (-counted[url], url))[:room]
    part = induced_tables(tables, urls, slugs, pa.array(most, pa.string()))
    return part, len(set(lost["target"].to_pylist()))


def induced_tables(tables: Tables, urls: pa.Array, slugs: pa.Array, missing: pa.Array) -> Tables:
    """Return the tables of an induced subgraph: the given nodes, and all edges between them.

    Args:
        tables: the whole graph.
        urls: the urls of the articles to keep.
        slugs: the slugs of the concepts to keep.
        missing: the urls of the missing articles to keep. Only the links to them show that they are kept.
    """
    links, mentions, relations = tables.links, tables.mentions, tables.relations
    targets = pa.concat_arrays([urls, missing])
    return Tables(
        tables.articles.filter(pc.is_in(tables.articles["url"], urls)),
        links.filter(pc.and_(pc.is_in(links["source"], urls), pc.is_in(links["target"], targets))),
        tables.concepts.filter(pc.is_in(tables.concepts["slug"], slugs)),
        mentions.filter(pc.and_(pc.is_in(mentions["article"], urls), pc.is_in(mentions["concept"], slugs))),
        relations.filter(pc.and_(pc.is_in(relations["source"], slugs), pc.is_in(relations["target"], slugs))),
        tables.communities,
        tables.similar.filter(
            pc.and_(pc.is_in(tables.similar["source"], urls), pc.is_in(tables.similar["target"], urls))
        ),
    )


def _iris(graph: Network, minter: Minter, nodes: list[int]) -> Iterable[str]:
    first = len(graph.articles)
    for node in nodes:
        yield minter.article(graph.articles[node]) if node < first else minter.concept(graph.concepts[node - first])
