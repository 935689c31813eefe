"""What the Turtle and the JSON-LD of a page hold: of the core graph, all that is said of the page's thing.

To be read on their own they have more than that: what leads to the thing from elsewhere, and the labels of all that
is named. Every triple of them is one of the core graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import orjson
from pyoxigraph import NamedNode, RdfFormat, serialize

from kg.base.iris import PREFIXES
from kg.export.rdf.jsonld import Compactor, load_context
from kg.export.rdf.terms import (
    ABOUT,
    ASSOCIATED,
    ASSOCIATION,
    MEMBER,
    MENTIONS,
    PREF_LABEL,
    RELATION,
    SUBJECT,
    TITLE,
    TYPE,
    Property,
    RdfNode,
    triples,
)

_LABELS: Final = {PREF_LABEL, TITLE}
_LEADS_TO: Final = {ABOUT, MENTIONS, MEMBER, RELATION, SUBJECT}
"""What the data of a thing have of other things: that they lead to it by one of these."""


class PageData:
    """Nodes of the core graph by the page that they are on: that of their IRI without its fragment.

    An association has no page, and is on those of both its concepts.
    """

    def __init__(
        self, nodes: Iterable[RdfNode], is_page: Callable[[str], bool], subjects: Iterable[RdfNode] = ()
    ) -> None:
        """`is_page` says which IRIs have their page here; `subjects` are those of the whole graph, where `nodes` are
        only about some of its articles, which do not tell how all others write a subject.
        """
        self._own: dict[str, list[RdfNode]] = defaultdict(list)
        self._labels: dict[NamedNode, Property] = {}
        self._leading: dict[str, dict[NamedNode, list[Property]]] = defaultdict(dict)
        for node in nodes:
            for page in _pages_of(node):
                if is_page(page):
                    self._own[page].append(node)
            for predicate, value in node.properties:
                if predicate in _LABELS:
                    self._labels.setdefault(node.iri, (predicate, value))
                elif predicate in _LEADS_TO and is_page(value.value):
                    self._leading[value.value].setdefault(node.iri, []).append((predicate, value))
        for node in subjects:
            self._labels[node.iri] = next(found for found in node.properties if found[0] in _LABELS)

    @property
    def pages(self) -> list[str]:
        """The IRIs of all pages, sorted."""
        return sorted(self._own)

    def own(self, page: str) -> list[RdfNode]:
        """The nodes that the page of that IRI is about."""
        return self._own[page]

    def nodes(self, page: str) -> list[RdfNode]:
        """Those, then what leads to them and the labels of what they name; each is there once."""
        own = self._own[page]
        there = {node.iri for node in own}
        more: dict[NamedNode, list[Property]] = {}
        for node in own:
            for _, value in node.properties:
                if isinstance(value, NamedNode) and value not in there and value in self._labels:
                    more[value] = [self._labels[value]]
        for iri, properties in self._leading.get(page, {}).items():
            if iri not in there:
                more[iri] = [self._labels[iri], *properties]
        return [*own, *(RdfNode(iri, more[iri]) for iri in sorted(more, key=str))]


def _pages_of(node: RdfNode) -> list[str]:
    if node.properties[0] == (TYPE, ASSOCIATION):
        return [value.value for predicate, value in node.properties if predicate == ASSOCIATED]
    return [node.iri.value.partition("#")[0]]


def turtle(nodes: Iterable[RdfNode]) -> bytes:
    """`nodes` as Turtle."""
    written = serialize(triples(nodes), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert written is not None  # since it went to no file
    return written


class JsonLd:
    """Writes small documents of JSON-LD, each with the part of the context that it needs."""

    def __init__(self) -> None:
        self._context = load_context()
        self._compactor = Compactor(self._context)
        self._contexts: dict[frozenset[str], bytes] = {}

    def document(self, nodes: Iterable[RdfNode]) -> bytes:
        """`nodes` as a document that can be read with no network."""
        compacted = [self._compactor.compact(node) for node in nodes]
        used = frozenset(name for node in compacted for name in _names(node))
        if used not in self._contexts:
            self._contexts[used] = orjson.dumps(self._part(used))
        lines = b",\n".join(map(orjson.dumps, compacted))
        return b'{"@context":%b,\n"@graph":[\n%b\n]}\n' % (self._contexts[used], lines)

    def _part(self, used: frozenset[str]) -> dict[str, Any]:
        """The definitions of these names, in the order of the context, and of the prefixes that they need."""
        texts = (text for name in used & self._context.keys() for text in _texts(self._context[name]))
        kept = used | {text.partition(":")[0] for text in texts} | {"@version"}
        return {name: value for name, value in self._context.items() if name in kept}


def _names(node: dict[str, Any]) -> Iterator[str]:
    yield from node
    types = node.get("@type", ())
    yield from [types] if isinstance(types, str) else types


def _texts(definition: str | dict[str, str]) -> Iterable[str]:
    return (definition,) if isinstance(definition, str) else definition.values()
