"""The page about the communities of the graph, which are groups of densely connected articles and concepts.

On the page, each community is a node. Edges connect a community with the concepts that describe it best, and with the
communities that share the most links and concepts with it. Broader and related concepts among those shown are connected
with each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.plural import counted
from kg.base.tables import Tables
from kg.graph.index import GraphIndex
from kg.graph.neighbourhood import MAX_NODES
from kg.graph.network import Network, network
from kg.graph.property_graph import NodeKind
from kg.render.page_data import Drawn, PageEdge, PageGraph, placed
from kg.render.subgraph_page import LISTED, ConceptDetails, Things, concept_edges, listed

_KIND: Final = "community"
_LEADING: Final = 6
"""Maximum number of leading concepts (which describe a community best) that are shown for each community.

Fewer are shown if there are so many communities that the page would have more than `MAX_NODES` nodes.
"""
_LEAST_LEADING: Final = 2
"""Minimum number of leading concepts (which describe a community best) that are shown for each community.

It limits the number of communities on the page, since the page has at most `MAX_NODES` nodes.
"""
_NEAR: Final = 3
"""Minimum number of edges to other communities that are shown for each community.

The edges with the largest weights are shown. If a community has fewer edges than this, all of them are shown.
"""


def by_size(communities: pa.Table) -> list[dict[str, Any]]:
    """Return the rows of the table of communities, the community with the most articles first.

    The index of a community in this list is also the number of its node on the page of communities.
    """
    return sorted(communities.to_pylist(), key=lambda row: (-row["article_count"], row["slug"]))


def communities_page(tables: Tables, index: GraphIndex, site: str | None = None) -> PageGraph:
    """Return the data of the page about communities. Its nodes, at most 300, are communities and concepts.

    The page shows the 100 communities with the most articles, or all if there are fewer. For each of them, it shows two
    to six of the concepts that describe the community best. It shows fewer than six if there would otherwise be too
    many nodes.

    Args:
        tables: the tables of the whole graph.
        index: look-ups in `tables`.
        site: the web address of the site with the articles, or None if it is not known.
    """
    found = by_size(tables.communities)
    shown = found[: MAX_NODES // (1 + _LEAST_LEADING)]
    leading = min(_LEADING, MAX_NODES // max(len(shown), 1) - 1)
    things = Things(index, site)
    numbers = {row["slug"]: things.add(_KIND, row["slug"], row["label"]) for row in shown}
    members = [(row["slug"], slug) for row in shown for slug in row["leading"][:leading]]
    edges = [
        *_between(_Shared(tables), numbers),
        *(
            PageEdge(numbers[community], things.concept(slug), 0.4, "leading concept", None)
            for community, slug in members
        ),
        *concept_edges(index, things, [slug for _, slug in members]),
    ]
    drawn = [
        Drawn(row["label"], _KIND, row["slug"], row["article_count"], *_middle(tables, row["slug"])) for row in shown
    ]
    leaders = index.concepts(slug for _, slug in members)
    drawn += [
        Drawn(leaders[slug].pref_label, NodeKind.CONCEPT, community, 0.0, leaders[slug].x, leaders[slug].y)
        for community, slug in members
    ]
    nodes, groups, kinds = placed(drawn, edges, index.community_labels)
    concepts = ConceptDetails(index, things, [*leaders])
    details = [
        *(_details(row, index, things, edges, numbers[row["slug"]]) for row in shown),
        *(concepts.of(slug) for _, slug in members),
    ]
    return PageGraph(
        title="Communities",
        kind="overview",
        focus=None,
        total=len(found) + sum(row["concept_count"] for row in found),
        nodes=nodes,
        edges=tuple(edges),
        groups=groups,
        kinds=kinds,
        things=things.all(),
        details=tuple(details),
    )


class _Shared:
    """The edges of the network of articles and concepts whose two nodes are in different communities."""

    def __init__(self, tables: Tables) -> None:
        self.graph: Network = network(tables.articles, tables.links, tables.concepts, tables.mentions)
        self.community = tables.articles["community"].to_pylist() + tables.concepts["community"].to_pylist()
        self.labels = tables.concepts["pref_label"].to_pylist()

    def pairs(self) -> Iterator[tuple[tuple[str, str], float, str | None]]:
        """Yield each edge whose two ends are in different communities, as ((slug, slug), weight, label).

        The slugs are those of the two communities, in alphabetical order. If the edge is between an article and a
        concept, `label` is the label of this concept. If the edge is a link between two articles, `label` is None.
        """
        first = len(self.graph.articles)
        graph = self.graph
        rows = zip(graph.source.tolist(), graph.target.tolist(), graph.weight.tolist(), strict=True)
        for source, target, weight in rows:
            one, other = self.community[source], self.community[target]
            if one is not None and other is not None and one != other:
                yield (
                    (min(one, other), max(one, other)),
                    weight,
                    self.labels[target - first] if target >= first else None,
                )


def _between(shared: _Shared, numbers: dict[str, int]) -> Iterator[PageEdge]:
    """Yield the edges between communities to show: at least the three strongest edges of each community.

    If a community has fewer than three edges to other communities, all of them are yielded. The description of an edge
    tells how many links and how many concepts connect the two communities. `numbers` maps the slug of each community on
    the page to the number of its node.
    """
    weights: dict[tuple[str, str], float] = defaultdict(float)
    links: Counter[tuple[str, str]] = Counter()
    concepts: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for pair, weight, concept in shared.pairs():
        if pair[0] in numbers and pair[1] in numbers:
            weights[pair] += weight
            if concept is None:
                links[pair] += 1
            else:
                concepts[pair][concept] += weight
    ordered = sorted(weights, key=lambda pair: (-round(weights[pair], 6), pair))
    kept: Counter[str] = Counter()
    for pair in ordered:
        if min(kept[pair[0]], kept[pair[1]]) < _NEAR:
            kept.update(pair)
            found = concepts[pair]
            most = sorted(found, key=lambda label: (-round(found[label], 6), label))[:3]
            through = f"; most through {', '.join(most)}" if most else ""
            why = f"share {counted(links[pair], 'related link')} and {counted(len(found), 'concept')}{through}"
            yield PageEdge(numbers[pair[0]], numbers[pair[1]], weights[pair] / weights[ordered[0]], why, None)


def _middle(tables: Tables, community: str) -> tuple[float, float]:
    inside = tables.concepts.filter(pc.equal(tables.concepts["community"], community))
    return float(np.mean(inside["x"].to_numpy())), float(np.mean(inside["y"].to_numpy()))


def _details(
    row: dict[str, Any], index: GraphIndex, things: Things, edges: list[PageEdge], number: int
) -> dict[str, Any]:
    urls = index.articles_of_community(row["slug"])[:LISTED]
    near = [edge.target if edge.source == number else edge.source for edge in edges if _is_between(edge, number)]
    return {
        "facts": [counted(row["article_count"], "article"), counted(row["concept_count"], "concept")],
        "lists": [
            listed("Leading concepts", [things.concept(slug) for slug in row["leading"]], row["concept_count"]),
            listed("Most central articles", [things.article(url) for url in urls], row["article_count"]),
            listed("Nearest communities", near),
        ],
    }


def _is_between(edge: PageEdge, number: int) -> bool:
    return number in (edge.source, edge.target) and edge.why != "leading concept"
