"""Validation of some or all nodes of a build with pySHACL, against the shapes in ontologies/shapes.ttl.

pySHACL holds its graph in memory, and takes some tenths of a millisecond for each node and property. So it gets only
some of the nodes at a time. The shapes also need facts about the neighbours of these nodes. So pySHACL also gets the
classes of the neighbours, and the triples that have a neighbour as subject and one of these nodes as object.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from typing import Final

from pyshacl import validate
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import BNode, Identifier, Literal, Node

from kg.validate.census import Census
from kg.validate.compare_triples import Stream
from kg.validate.core import TYPE
from kg.validate.rules import Findings, Rule, RuleSeverity
from kg.validate.triples import Block, iri, lexical, split

SHAPES: Final = "https://w3id.org/kg-builder/shapes#"
_REMEDY: Final = "Was the file edited? Build the graph again with --no-cache; if it comes back, report it."
_HARMLESS: Final = "Nothing has to be done; a reader of the graph would know more."
_TOO_FEW: Final = {"MinCountConstraintComponent", "QualifiedMinCountConstraintComponent", "HasValueConstraintComponent"}
_TOO_MANY: Final = {"MaxCountConstraintComponent", "QualifiedMaxCountConstraintComponent"}
_SEVERITIES: Final[dict[Node | None, RuleSeverity]] = {
    SH.Violation: RuleSeverity.VIOLATION,
    SH.Warning: RuleSeverity.WARNING,
    SH.Info: RuleSeverity.INFO,
}


class Shapes:
    """The shapes in ontologies/shapes.ttl."""

    def __init__(self) -> None:
        text = (files("kg") / "ontologies" / "shapes.ttl").read_text("utf-8")
        self.graph = Graph().parse(data=text, format="turtle")

    @cached_property
    def targets(self) -> dict[bytes, URIRef]:
        """The shape of each class that has one; the keys are the classes, in N-Triples syntax."""
        return {_written(class_): URIRef(str(shape)) for shape, class_ in self.graph.subject_objects(SH.targetClass)}

    @cached_property
    def of_the_chosen(self) -> Graph:
        """The shapes, changed so that the target class of each shape is the shape's own IRI.

        Each node to check is given the IRIs of its shapes as additional classes. So pySHACL checks only these nodes. It
        does not check their neighbours, which might seem invalid, because the graph has only a few of their triples.
        """
        graph = Graph()
        for subject, predicate, value in self.graph:
            graph.add((subject, predicate, subject if predicate == SH.targetClass else value))
        return graph

    @cached_property
    def once(self) -> set[bytes]:
        """The properties that at least one shape allows only once for a node, in N-Triples syntax."""
        limited = self.graph.subjects(SH.maxCount, Literal(1))
        paths = (self.graph.value(shape, SH.path) for shape in limited)
        return {_written(path) for path in paths if isinstance(path, URIRef)}

    @cached_property
    def inverse(self) -> set[bytes]:
        """The properties that a shape follows from object to subject (sh:inversePath), in N-Triples syntax."""
        return {_written(path) for path in self.graph.objects(None, SH.inversePath)}

    def rule(self, shape: Node) -> Rule:
        """Return the rule that a shape checks. The rule has the message and the severity of the shape."""
        severity = _SEVERITIES[self.graph.value(shape, SH.severity, default=SH.Violation)]
        name = str(shape).removeprefix(SHAPES)
        remedy = _REMEDY if severity is RuleSeverity.VIOLATION else _HARMLESS
        return Rule(f"shape:{name}", str(self.graph.value(shape, SH.message)), remedy, severity)


def check_shapes(
    shapes: Shapes,
    nodes: Iterable[bytes],
    streams: dict[str, Stream],
    censuses: dict[str, Census],
    short: Callable[[bytes], str],
    findings: Findings,
) -> None:
    """Check nodes against the shapes.

    Args:
        shapes: the shapes.
        nodes: the nodes to check, in N-Triples syntax.
        streams: maps the name of each file to its stream of triples.
        censuses: maps the name of each file to the census of its nodes.
        short: function that returns the name of a node for messages.
        findings: receives the findings.
    """
    focus = {node for node in nodes if node.startswith(b"<")}
    with _quiet():
        graph, home = _context_graph(focus, shapes, streams, censuses)
    for node in focus:
        for class_, shape in shapes.targets.items():
            if (_term(node), RDF.type, _term(class_)) in graph:
                graph.add((_term(node), RDF.type, shape))
    with _quiet():
        _, report, _ = validate(graph, shacl_graph=shapes.of_the_chosen, inplace=True)
    assert isinstance(report, Graph)
    for node, rule, message in sorted(_results(report, shapes, short), key=lambda found: (found[1].name, found[0])):
        findings.add(rule, message, iri(node), file=home.get(node, "graph.nt"))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for a literal that does not fit its datatype; a shape reports it instead."""
    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def _context_graph(
    focus: set[bytes], shapes: Shapes, streams: dict[str, Stream], censuses: dict[str, Census]
) -> tuple[Graph, dict[bytes, str]]:
    """Collect the triples that are needed to check the nodes `focus` against the shapes.

    Returns:
        A graph and a mapping. The graph has the triples whose subject is in `focus`, and the classes of the neighbours
        of these nodes. It also has triples whose object is in `focus`, if a shape follows their property from object to
        subject. The mapping gives, for each node in `focus`, the first file in which the node is a subject.
    """
    lines: set[bytes] = set()
    near: set[bytes] = set()
    home: dict[bytes, str] = {}
    for name, stream in streams.items():

        def look(block: Block, name: str = name) -> None:
            for line in block:
                subject, predicate, value = split(line)
                if subject in focus:
                    lines.add(line)
                    home.setdefault(subject, name)
                    if value.startswith(b"<") and predicate != TYPE:
                        near.add(value)
                elif predicate in shapes.inverse and value in focus:
                    lines.add(line)
                    near.add(subject)

        stream(look)
    graph = Graph()
    for line in sorted(lines):
        graph.add((*(_term(part) for part in split(line)),))  # type: ignore[arg-type]
    for census in censuses.values():
        for node, class_ in census.classes_of(sorted(near)):
            graph.add((_term(node), RDF.type, _term(class_)))
    return graph, home


def _results(report: Graph, shapes: Shapes, short: Callable[[bytes], str]) -> Iterator[tuple[bytes, Rule, str]]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, shape = report.value(result, SH.focusNode), report.value(result, SH.sourceShape)
        value = report.value(result, SH.value)
        if focus is None or shape is None:
            continue
        node = _written(focus)
        path = report.value(result, SH.resultPath)
        about = _shown(path) if isinstance(path, URIRef) else str(shape).rpartition("-")[2]
        component = str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2]
        if component in _TOO_FEW:
            what = f"lacks {about}"
        elif component in _TOO_MANY:
            what = f"has {about} too often"
        else:
            what = about if value is None else f"has {about} {_shown(value)}"
        yield node, shapes.rule(shape), f"{short(node)} {what}"


def _shown(term: Node) -> str:
    if isinstance(term, Literal):
        return f'"{str(term)[:80]}"'
    return str(term).rpartition("#")[2].rpartition("/")[2] or str(term)


def _term(node: bytes) -> Identifier:
    if node.startswith(b"<"):
        return URIRef(iri(node))
    kind = node[node.rindex(b'"') + 1 :].decode() if node.startswith(b'"') else ""
    if kind.startswith("@"):
        return Literal(lexical(node), lang=kind[1:])
    if kind:
        return Literal(lexical(node), datatype=URIRef(kind[3:-1]), normalize=False)
    return Literal(lexical(node)) if node.startswith(b'"') else BNode(node.decode()[2:])


def _written(term: Node) -> bytes:
    return f"<{term}>".encode() if isinstance(term, URIRef) else str(term).encode()
