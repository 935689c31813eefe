"""The undirected, weighted network of articles and concepts.

Communities, centrality and layout are computed from this network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.arrays import Floats, Ints
from kg.base.model import LinkStatus

LINK_WEIGHT: Final = 1.0
"""Weight of a link between two articles.

The edge between an article and a concept has the same weight if the salience is 1 and no other article has the concept.
"""
_DAMPING: Final = 0.85
_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class Network:
    """A network with numbered nodes: first the articles, sorted by url, then the concepts, sorted by slug.

    `articles` holds urls, `concepts` holds slugs. `source` and `target` have the node numbers of the two ends of each
    edge. Each edge is listed once, with a positive weight.
    """

    articles: list[str]
    concepts: list[str]
    source: Ints
    target: Ints
    weight: Floats

    @property
    def size(self) -> int:
        """The number of nodes."""
        return len(self.articles) + len(self.concepts)


def network(articles: pa.Table, links: pa.Table, concepts: pa.Table, mentions: pa.Table) -> Network:
    """Return the network of the articles and concepts in these tables; for the schemas, see `kg.base.tables`.

    The weight of a mention (an edge between an article and a concept) is its salience multiplied by the specificity of
    the concept. The weight of a link between two articles is `LINK_WEIGHT`, or twice `LINK_WEIGHT` if each links to the
    other.
    """
    urls: pa.Array = articles["url"].combine_chunks()
    slugs: pa.Array = concepts["slug"].combine_chunks()
    there = links.filter(pc.not_equal(links["status"], LinkStatus.MISSING.value))
    article = _numbers(mentions["article"], urls)
    concept = _numbers(mentions["concept"], slugs) + len(urls)
    one, other = _numbers(there["source"], urls), _numbers(there["target"], urls)
    apart = one != other
    pairs = np.stack([np.minimum(one, other)[apart], np.maximum(one, other)[apart]])
    linked, count = np.unique(pairs, axis=1, return_counts=True)
    number = concept - len(urls)
    specific = specificity(np.bincount(number, minlength=len(slugs))[number], len(urls))
    source, target = np.concatenate([article, linked[0]]), np.concatenate([concept, linked[1]])
    weight = np.concatenate([mentions["salience"].to_numpy() * specific, LINK_WEIGHT * count])
    heavy = weight > 0
    return Network(urls.to_pylist(), slugs.to_pylist(), source[heavy], target[heavy], weight[heavy])


def specificity(article_count: Ints, articles: int) -> Floats:
    """Return the specificity of concepts: 1 if only one article has the concept, almost 0 if all articles have it.

    It is the inverse document frequency log((N + 1) / n), divided by its largest value, log(N + 1).

    Args:
        article_count: for each concept, the number n of articles that have it, at least 1.
        articles: the number N of all articles, at least 1.
    """
    share: Floats = np.log((articles + 1) / article_count) / np.log(articles + 1)
    return share


def _numbers(names: pa.ChunkedArray, all_names: pa.Array) -> Ints:
    numbers: Ints = pc.index_in(names, value_set=all_names).to_numpy().astype(np.int64)
    return numbers


def pagerank(graph: Network) -> Floats:
    """Return the PageRank of every node, scaled so that the mean is 1; it is computed by power iteration.

    Method: L. Page, S. Brin, R. Motwani, T. Winograd, "The PageRank Citation Ranking" (1999). Unlike there, edges are
    undirected and weighted.
    """
    source = np.concatenate([graph.source, graph.target])
    target = np.concatenate([graph.target, graph.source])
    weight = np.concatenate([graph.weight, graph.weight])
    strength = np.bincount(source, weights=weight, minlength=graph.size)
    share = weight / strength[source]
    rank = np.ones(graph.size)
    for _ in range(_STEPS):
        lost = rank[strength == 0].sum() / max(graph.size, 1)
        following = 1 - _DAMPING + _DAMPING * (np.bincount(target, rank[source] * share, graph.size) + lost)
        done = float(np.abs(following - rank).max(initial=0.0)) < 1e-6
        rank = following
        if done:
            break
    return rank
