"""Every shape of shapes.ttl, and every constraint of it, is broken by a node that was made for that."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from kg.validate.shapes import SHAPES, Shapes
from tests.validate.damage import Damaged

WRONG = Literal("wrong", datatype=URIRef("urn:x-wrong"))
OTHER = URIRef("urn:x-other")
UNIQUE = {SH.minCount, SH.qualifiedMinCount, SH.hasValue}
TWICE = {SH.maxCount, SH.qualifiedMaxCount, SH.uniqueLang}
VALUES = {
    SH.datatype: (WRONG,),
    SH.nodeKind: (WRONG,),
    SH["class"]: (OTHER,),
    SH["or"]: (OTHER,),
    SH["in"]: (OTHER,),
    SH.pattern: (Literal("what nothing looks like!"),),
    SH.minLength: (Literal(""),),
    SH.maxLength: (Literal("x" * 33),),
    SH.minInclusive: (Literal("-2.0", datatype=URIRef("http://www.w3.org/2001/XMLSchema#decimal")),),
    SH.maxInclusive: (Literal("2.0", datatype=URIRef("http://www.w3.org/2001/XMLSchema#decimal")),),
}


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes()


@pytest.fixture(scope="module")
def graph(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    build = Damaged(built, tmp_path_factory.mktemp("shapes") / "copy")
    return Graph().parse(data="\n".join([*build.core, *build.evidence]), format="nt")


def clone(graph: Graph, node: Node, name: str, into: Graph) -> URIRef:
    """A new node in another graph with everything that is said of `node`, and with everyone that points to it."""
    new = URIRef(f"urn:x-clone:{name}")
    for _, predicate, value in graph.triples((node, None, None)):
        into.add((new, predicate, value))
    for subject, predicate, _ in graph.triples((None, None, node)):
        into.add((subject, predicate, new))
    return new


def ways(shapes: Graph, path: Node) -> Iterator[tuple[Node, bool]]:
    """The properties of a path, and whether each is followed backwards."""
    if isinstance(path, URIRef):
        yield path, False
    for inverse in shapes.objects(path, SH.inversePath):
        yield inverse, True
    for alternatives in shapes.objects(path, SH.alternativePath):
        for alternative in Collection(shapes, alternatives):
            yield from ways(shapes, alternative)


def remove(graph: Graph, node: Node, ways: list[tuple[Node, bool]]) -> None:
    for predicate, backwards in ways:
        graph.remove((None, predicate, node) if backwards else (node, predicate, None))


def give(graph: Graph, node: Node, way: tuple[Node, bool], value: Node) -> None:
    predicate, backwards = way
    if backwards:
        graph.add((value if isinstance(value, URIRef) else OTHER, predicate, node))
    else:
        graph.add((node, predicate, value))


def break_constraint(graph: Graph, node: Node, shapes: Graph, shape: Node, constraint: Node) -> bool:
    """Make `node` break one constraint of a property shape; False if a shape's parameter is none."""
    path = shapes.value(shape, SH.path)
    assert path is not None
    followed = list(ways(shapes, path))
    if constraint in UNIQUE:
        wanted = shapes.value(shape, SH.hasValue)
        for way in followed:
            if wanted is not None:
                graph.remove((node, way[0], wanted))
            else:
                remove(graph, node, [way])
    elif constraint in TWICE:
        language = "en" if shapes.value(shape, SH.uniqueLang) else None
        class_ = class_of_values(shapes, shape)
        for name in ("one", "two", "three"):
            value: Node = Literal(name, lang=language)
            if class_ is not None:
                value = URIRef(f"urn:x-{name}")
                graph.add((value, RDF.type, class_))
            give(graph, node, followed[0], value)
    elif constraint in VALUES:
        for value in VALUES[constraint]:
            give(graph, node, followed[0], value)
    elif constraint == SH.equals:
        give(graph, node, followed[0], Literal("quite another title", lang="en"))
    elif constraint == SH.disjoint:
        value = Literal("the same", lang="en")
        give(graph, node, followed[0], value)
        for other in shapes.objects(shape, SH.disjoint):
            graph.add((node, other, value))
    elif constraint == SH.lessThan:
        for predicate in (followed[0][0], shapes.value(shape, SH.lessThan)):
            graph.set(
                (node, predicate, Literal("7", datatype=URIRef("http://www.w3.org/2001/XMLSchema#nonNegativeInteger")))
            )
    else:
        return False
    return True


def class_of_values(shapes: Graph, shape: Node) -> Node | None:
    """The class that a property shape asks of its values, if it is one."""
    inner = shapes.value(shape, SH.qualifiedValueShape)
    return shapes.value(inner if inner is not None else shape, SH["class"])


def constraints(shapes: Graph) -> list[tuple[Node, Node, Node]]:
    """The node shape, property shape and parameter of every constraint."""
    said = {RDF.type, SH.path, SH.message, SH.severity, SH.qualifiedValueShape}
    return sorted(
        {
            (node, shape, constraint)
            for node, shape in shapes.subject_objects(SH.property)
            for constraint in shapes.predicates(shape)
            if constraint not in said
        }
    )


def report(graph: Graph, shapes: Shapes) -> set[tuple[str, str]]:
    """Who breaks which shape."""
    _, results, _ = pyshacl.validate(graph, shacl_graph=shapes.of_the_chosen)
    assert isinstance(results, Graph)
    return {
        (str(results.value(result, SH.focusNode)), str(results.value(result, SH.sourceShape)))
        for result in results.subjects(RDF.type, SH.ValidationResult)
    }


def targets_of(shapes: Shapes, graph: Graph) -> dict[Node, Node]:
    """The class that each shape is for; of two classes, one that the graph has."""
    targets = shapes.graph.subject_objects(SH.targetClass)
    return {shape: class_ for shape, class_ in targets if (None, RDF.type, class_) in graph}


def test_every_constraint_can_fail(graph: Graph, shapes: Shapes) -> None:
    damaged = Graph() + graph
    wanted: dict[tuple[str, str], str] = {}
    targets = targets_of(shapes, graph)
    for node_shape, shape, constraint in constraints(shapes.graph):
        name = f"{str(shape).removeprefix(SHAPES)}-{str(constraint).rpartition('#')[2]}"
        pattern = min(graph.subjects(RDF.type, targets[node_shape]))
        node = clone(graph, pattern, name, damaged)
        damaged.add((node, RDF.type, node_shape))
        assert break_constraint(damaged, node, shapes.graph, shape, constraint), f"{name} has no damage"
        wanted[str(node), str(shape)] = name
    assert len(wanted) > 250
    controls = set()
    for node_shape, class_ in targets.items():
        control = clone(graph, min(graph.subjects(RDF.type, class_)), f"control-{class_}", damaged)
        damaged.add((control, RDF.type, node_shape))
        controls.add(str(control))
    found = report(damaged, shapes)
    assert {shape for node, shape in found if node in controls} <= {f"{SHAPES}ConceptScheme-licensed"}
    missed = {name for key, name in wanted.items() if key not in found}
    assert missed == set()


def test_every_closed_shape_can_fail(graph: Graph, shapes: Shapes) -> None:
    damaged = Graph() + graph
    wanted = set()
    targets = targets_of(shapes, graph)
    for shape in shapes.graph.subjects(SH.closed, Literal(True)):
        node = clone(graph, min(graph.subjects(RDF.type, targets[shape])), str(shape).removeprefix(SHAPES), damaged)
        damaged.add((node, RDF.type, shape))
        damaged.add((node, URIRef("urn:x-property"), WRONG))
        wanted.add((str(node), str(shape)))
    assert len(wanted) >= 11
    assert wanted <= report(damaged, shapes)


def test_shapes_are_shacl_core_with_messages(shapes: Shapes) -> None:
    conforms, _, text = pyshacl.validate(shapes.graph, shacl_graph=shacl_for_shacl())
    assert conforms, text
    assert not set(shapes.graph.predicates()) & {SH.sparql, SH.js, SH.rule, SH.target}
    for node_shape, shape in shapes.graph.subject_objects(SH.property):
        assert str(shape).startswith(f"{node_shape}-")
        assert len(list(shapes.graph.objects(shape, SH.message))) == 1
    for rule in (shapes.rule(shape) for shape in shapes.graph.subjects(SH.path)):
        assert rule.severity
        assert rule.says[-1] != "."


def shacl_for_shacl() -> Graph:
    """The shapes that the SHACL recommendation has for shapes, as pySHACL brings them along."""
    return Graph().parse(data=(files("pyshacl") / "assets" / "shacl-shacl.ttl").read_text("utf-8"), format="turtle")
