"""Statistics of a graph, counted while it is written, for its description in VoID."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.export.rdf.terms import TYPE, RdfNode


@dataclass(slots=True)
class GraphStatistics:
    """Numbers of entities (IRIs with a type), of triples by property, and of instances by class."""

    entities: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)

    @property
    def triples(self) -> int:
        """Number of triples."""
        return self.properties.total()

    def count(self, nodes: Sequence[RdfNode], times: int = 1) -> None:
        """Add nodes; each is counted `times` times, as if under so many IRIs."""
        properties = Counter([predicate for node in nodes for predicate, _ in node.properties])
        types = [(node.iri, value) for node in nodes for predicate, value in node.properties if predicate == TYPE]
        classes = Counter([value for _, value in types])
        self.entities += times * len({iri for iri, _ in types})
        self.properties.update({iri.value: times * count for iri, count in properties.items()})
        self.classes.update({iri.value: times * count for iri, count in classes.items()})
