"""How much a graph says: counted while it is written, for its description in VoID."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.publish.terms import TYPE, Node


@dataclass(slots=True)
class Statistics:
    """Of one graph: what it gives a type to, the triples of each property, and the instances of each class."""

    entities: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)

    @property
    def triples(self) -> int:
        """All of them."""
        return self.properties.total()

    def count(self, nodes: Sequence[Node]) -> None:
        """Add nodes, each of which comes once."""
        properties = Counter([predicate for node in nodes for predicate, _ in node.properties])
        types = [(node.iri, value) for node in nodes for predicate, value in node.properties if predicate == TYPE]
        self.entities += len({iri for iri, _ in types})
        self.properties.update({iri.value: count for iri, count in properties.items()})
        self.classes.update([value.value for _, value in types])
