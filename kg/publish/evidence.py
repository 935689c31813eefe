"""The evidence graph: which words of which article stand behind each annotation of the core graph.

Selectors of the Web Annotation Data Model (https://www.w3.org/TR/annotation-model/#selectors); offsets are code points
of the part's schema:text, with an exclusive end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from kg.graph.passages import Occurrence, best_occurrence
from kg.iris import Minter
from kg.publish.core import Follower, Row
from kg.publish.terms import HAS_TARGET, TYPE, Node, term
from kg.tables import Tables, rows

FILE_NAME: Final = "evidence.nt.gz"
Which = Literal["top", "all"]
"""The best occurrence of each pair of an article and a concept, or all occurrences."""

SPECIFIC_RESOURCE: Final = term("oa:SpecificResource")
HAS_SOURCE: Final = term("oa:hasSource")
HAS_SCOPE: Final = term("oa:hasScope")
HAS_SELECTOR: Final = term("oa:hasSelector")
POSITION_SELECTOR: Final = term("oa:TextPositionSelector")
QUOTE_SELECTOR: Final = term("oa:TextQuoteSelector")
START: Final = term("oa:start")
END: Final = term("oa:end")
EXACT: Final = term("oa:exact")
PREFIX: Final = term("oa:prefix")
SUFFIX: Final = term("oa:suffix")
XSD_COUNT: Final = term("xsd:nonNegativeInteger")

_CONTEXT: Final = 32
"""Code points of a quote's prefix and suffix."""


def evidence_nodes(tables: Tables, minter: Minter, which: Which) -> Iterator[Node]:
    """The evidence graph, one node a subject, in a fixed order: by article, and in it by concept, the most salient
    first: the targets of the annotation, then each target followed by its selectors. No graph is held in memory.
    """
    mentions = Follower(rows(tables.mentions.select(["article", "concept", "occurrences"])), "article")
    for row in rows(tables.articles.select(["url", "parts"])):
        article = _Article(minter, row["url"], {part["name"]: part["text"] for part in row["parts"]})
        for mention in mentions.rows_of(row["url"]):
            yield from article.nodes(mention, which)


class _Article:
    """The targets in one article."""

    def __init__(self, minter: Minter, url: str, texts: Mapping[str, str]) -> None:
        self._minter = minter
        self._url = url
        self._texts = texts
        self._article = NamedNode(minter.article(url))
        self._parts = {name: NamedNode(minter.part(url, name)) for name in texts}

    def nodes(self, mention: Row, which: Which) -> Iterator[Node]:
        """What stands behind one annotation."""
        chosen: Sequence[Occurrence] = mention["occurrences"]
        if which == "top":
            best = best_occurrence(self._texts, chosen)
            chosen = [best] if best is not None else []
        if not chosen:
            return
        slug = mention["concept"]
        targets = [self._minter.target(self._url, slug, found["part"], found["start"]) for found in chosen]
        annotation = NamedNode(self._minter.mention(self._url, slug))
        yield Node(annotation, [(HAS_TARGET, NamedNode(target)) for target in targets])
        for target, found in zip(targets, chosen, strict=True):
            yield from self._target(target, found["part"], found["start"], found["end"])

    def _target(self, target: str, part: str, start: int, end: int) -> Iterator[Node]:
        position, quote = NamedNode(f"{target}-position"), NamedNode(f"{target}-quote")
        text = self._texts[part]
        yield Node(
            NamedNode(target),
            [
                (TYPE, SPECIFIC_RESOURCE),
                (HAS_SOURCE, self._parts[part]),
                (HAS_SCOPE, self._article),
                (HAS_SELECTOR, position),
                (HAS_SELECTOR, quote),
            ],
        )
        yield Node(position, [(TYPE, POSITION_SELECTOR), (START, _count(start)), (END, _count(end))])
        yield Node(
            quote,
            [
                (TYPE, QUOTE_SELECTOR),
                (EXACT, RdfLiteral(text[start:end])),
                (PREFIX, RdfLiteral(text[max(0, start - _CONTEXT) : start])),
                (SUFFIX, RdfLiteral(text[end : end + _CONTEXT])),
            ],
        )


def _count(value: int) -> RdfLiteral:
    return RdfLiteral(str(value), datatype=XSD_COUNT)
