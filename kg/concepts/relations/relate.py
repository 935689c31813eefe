"""Compute the definitions of the selected concepts, and the relations between the concepts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.base.model import RelationKind
from kg.base.tables import CONCEPTS_DEFINED, RELATIONS
from kg.concepts.relations.concept_index import ConceptIndex
from kg.concepts.relations.definitions import definitions, parts_of
from kg.concepts.relations.hierarchy import Broader, hierarchy
from kg.concepts.relations.relatedness import Related, related

_NOWHERE: Final = dict.fromkeys(("article", "part", "start", "end"))


def relate(
    concepts: pa.Table,
    mentions: pa.Table,
    articles: pa.Table,
    texts: pa.Table,
    kinds: pa.Table,
    sentences: pa.Table,
    words: pa.Table,
    without: Collection[str] = (),
    stated: Iterable[tuple[str, str]] = (),
) -> tuple[pa.Table, pa.Table]:
    """Compute the definitions of concepts, and the relations between concepts (skos:broader, skos:related).

    Args:
        concepts: the table `kg.base.tables.CONCEPTS_FOUND`.
        mentions: the table `kg.base.tables.MENTIONS`.
        articles: `file` and `url` of each article.
        texts: `url` and `parts` of each article, as in `kg.base.tables.ARTICLES`.
        kinds: rows of `kg.annotate.rows.KINDS`; rows of files that are not in `articles` are ignored.
        sentences: rows of `kg.annotate.rows.DEFINITIONS`; rows of files that are not in `articles` are ignored.
        words: rows of `kg.annotate.rows.WORDS`.
        without: URLs of articles that do not count as evidence, such as those that repeat another article.
        stated: the edges of the hierarchy that external vocabularies state. Each edge is a pair: the slug of the
            narrower concept and the slug of the broader concept.

    Returns:
        The tables `kg.base.tables.CONCEPTS_DEFINED` and `kg.base.tables.RELATIONS`.
    """
    vocabulary = ConceptIndex(concepts, mentions, without)
    left_out = pc.is_in(articles["url"], pa.array(sorted(without), pa.string()))
    files = articles["file"].filter(pc.invert(left_out)).combine_chunks()
    urls = dict(zip(articles["file"].to_pylist(), articles["url"].to_pylist(), strict=True))
    broader = hierarchy(vocabulary, kinds.filter(pc.is_in(kinds["file"], files)), words, stated)
    above: dict[int, list[int]] = defaultdict(list)
    for edge in broader:
        above[edge.narrower].append(edge.broader)
    everywhere = ConceptIndex(concepts, mentions)  # for the output: counts of all articles
    table = _relations(everywhere, _Proofs(urls, texts, broader), broader, related(vocabulary, above))
    defined = definitions(vocabulary, sentences.filter(pc.is_in(sentences["file"], files)), urls, texts)
    columns = [
        pa.array([getattr(defined.get(number), name, None) for number in range(len(vocabulary))], pa.string())
        for name in ("text", "article")
    ]
    return pa.Table.from_arrays([*concepts.columns, *columns], schema=CONCEPTS_DEFINED), table


def _relations(vocabulary: ConceptIndex, proofs: _Proofs, broader: list[Broader], others: list[Related]) -> pa.Table:
    slugs = vocabulary.slugs
    shared = vocabulary.shared([edge.narrower for edge in broader], [edge.broader for edge in broader]).tolist()
    both = vocabulary.shared([edge.one for edge in others], [edge.other for edge in others]).tolist()
    rows = [
        {
            "source": slugs[edge.narrower],
            "target": slugs[edge.broader],
            "kind": RelationKind.BROADER.value,
            "origins": sorted(edge.reasons),
            "article_count": count,
            "npmi": None,
            **proofs.place(edge),
        }
        for edge, count in zip(broader, shared, strict=True)
    ]
    rows += [
        {
            "source": slugs[edge.one],
            "target": slugs[edge.other],
            "kind": RelationKind.RELATED.value,
            "origins": ["cooccurrence"],
            "article_count": count,
            "npmi": edge.npmi,
            **_NOWHERE,
        }
        for edge, count in zip(others, both, strict=True)
    ]
    rows.sort(key=lambda row: (row["source"], row["target"]))
    return pa.Table.from_pylist(rows, schema=RELATIONS)


class _Proofs:
    """The positions of the sentences that state edges of the hierarchy (one concept is broader than another)."""

    def __init__(self, urls: Mapping[int, str], texts: pa.Table, broader: list[Broader]) -> None:
        self._urls = urls
        proving = {urls[edge.proof["file"]] for edge in broader if edge.proof is not None}
        self._parts = {url: [part["name"] for part in parts] for url, parts in parts_of(texts, proving)}

    def place(self, edge: Broader) -> dict[str, Any]:
        """Return the position of the best sentence that states an edge, as values for `kg.base.tables.RELATIONS`.

        The position is the URL of the article, the name of its part (such as "answer"), and the start and end of the
        sentence in code points. If no sentence states the edge, all four values are None.
        """
        if edge.proof is None:
            return _NOWHERE
        url = self._urls[edge.proof["file"]]
        part = self._parts[url][edge.proof["part"]]
        return {"article": url, "part": part, "start": edge.proof["start"], "end": edge.proof["end"]}
