"""Statistics of a graph for its description in VoID, counted while the graph is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.export.rdf.terms import TYPE, RdfNode


@dataclass(slots=True)
class GraphStatistics:
    """Counts of the contents of a graph.

    `entities` is the number of IRIs that have an rdf:type. `properties` maps the IRI of each property to the number of
    its triples. `classes` maps the IRI of each class to the number of its instances.
    """

    entities: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)

    @property
    def triples(self) -> int:
        """Number of triples in the graph."""
        return self.properties.total()

    def count(self, nodes: Sequence[RdfNode], times: int = 1) -> None:
        """Add these nodes to the counts. Each node is counted as if there were `times` nodes like it."""
        properties = Counter([predicate for node in nodes for predicate, _ in node.properties])
        types = [(node.iri, value) for node in nodes for predicate, value in node.properties if predicate == TYPE]
        classes = Counter([value for _, value in types])
        self.entities += times * len({iri for iri, _ in types})
        self.properties.update({iri.value: times * count for iri, count in properties.items()})
        self.classes.update({iri.value: times * count for iri, count in classes.items()})
