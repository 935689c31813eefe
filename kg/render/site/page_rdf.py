"""The Turtle and JSON-LD files that accompany each HTML page of the site.

The files of a page have all triples of the core graph whose subject is the page's resource, for example an article.
(The core graph is the graph without the evidence: the positions in the texts at which concepts occur.) A file also has
the triples in which other resources refer to the page's resource, and the labels of all resources in the file. So it
can be understood on its own. These triples are from the core graph too.
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
    AUTHOR,
    COMPARED,
    MEMBER,
    MENTIONS,
    NAME,
    PREF_LABEL,
    RELATION,
    SIMILARITY,
    SUBJECT,
    TITLE,
    Property,
    RdfNode,
    triples,
)

_LABELS: Final = {PREF_LABEL, TITLE, NAME}
_PAIRS: Final = {ASSOCIATION, SIMILARITY}
"""Classes whose nodes describe a pair of concepts or articles."""
_LEADS_TO: Final = {ABOUT, AUTHOR, MENTIONS, MEMBER, RELATION, SUBJECT}
"""Predicates by which other resources refer to the resource of a page.

The Turtle and JSON-LD files of the page include all triples that have one of these predicates and the page's resource
as their object.
"""


class PageData:
    """Nodes of the core graph (resources with their properties), grouped by the pages of the site.

    The IRI of a node's page is the IRI of the node without its fragment. An association, which describes a pair of
    related concepts, is on the pages of both concepts. A similarity, which describes a pair of similar articles, is on
    the pages of both articles.
    """

    def __init__(
        self, nodes: Iterable[RdfNode], is_page: Callable[[str], bool], shared: Iterable[RdfNode] = ()
    ) -> None:
        """Group `nodes` by page.

        Args:
            nodes: nodes of the core graph.
            is_page: function that tells whether an IRI is the IRI of a page that is to be written now.
            shared: the nodes of all subjects and authors of the graph, from which their labels are taken. They are
                needed if `nodes` was made from only some of the articles: it may then have another spelling of a
                subject or author than the whole graph has.
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
        for node in shared:
            self._labels[node.iri] = next(found for found in node.properties if found[0] in _LABELS)

    @property
    def pages(self) -> list[str]:
        """The IRIs of all pages to write, sorted."""
        return sorted(self._own)

    def own(self, page: str) -> list[RdfNode]:
        """Return the nodes of the core graph that are grouped under the page with this IRI, with all properties."""
        return self._own[page]

    def nodes(self, page: str) -> list[RdfNode]:
        """Return all nodes for the Turtle and JSON-LD files of the page with this IRI.

        They are the nodes that `own` returns, and nodes of other resources with only some of their properties. If a
        resource refers to the page's resource, the result has its label and the referring properties. If only the page
        refers to a resource, the result has just its label.
        """
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
    if node.properties[0][1] in _PAIRS:
        return [value.value for predicate, value in node.properties if predicate in {ASSOCIATED, COMPARED}]
    return [node.iri.value.partition("#")[0]]


def turtle(nodes: Iterable[RdfNode]) -> bytes:
    """Return `nodes` as Turtle."""
    written = serialize(triples(nodes), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert written is not None  # it is None only if the triples are written to a file
    return written


class JsonLd:
    """A maker of small JSON-LD documents.

    Each has a copy of the entries of kg's context that it uses, and no others.
    """

    def __init__(self) -> None:
        self._context = load_context()
        self._compactor = Compactor(self._context)
        self._contexts: dict[frozenset[str], bytes] = {}

    def document(self, nodes: Iterable[RdfNode]) -> bytes:
        """Return `nodes` as a self-contained JSON-LD document, which can be read without network access."""
        compacted = [self._compactor.compact(node) for node in nodes]
        used = frozenset(name for node in compacted for name in _names(node))
        if used not in self._contexts:
            self._contexts[used] = orjson.dumps(self._part(used))
        lines = b",\n".join(map(orjson.dumps, compacted))
        return b'{"@context":%b,\n"@graph":[\n%b\n]}\n' % (self._contexts[used], lines)

    def _part(self, used: frozenset[str]) -> dict[str, Any]:
        """Return those entries of the JSON-LD context that define the names in `used`, in the order of the context.

        The prefixes that the definitions of these names use are included.
        """
        texts = (text for name in used & self._context.keys() for text in _texts(self._context[name]))
        kept = used | {text.partition(":")[0] for text in texts}
        return {name: value for name, value in self._context.items() if name in kept}


def _names(node: dict[str, Any]) -> Iterator[str]:
    yield from node
    types = node.get("@type", ())
    yield from [types] if isinstance(types, str) else types


def _texts(definition: str | dict[str, str]) -> Iterable[str]:
    return (definition,) if isinstance(definition, str) else definition.values()
