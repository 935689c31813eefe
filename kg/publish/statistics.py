"""How much a graph says: counted while it is written, for its description in VoID."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

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

    def counted(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """`nodes` as they are; once they have passed, the statistics hold them too."""
        properties: Counter[NamedNode] = Counter()
        classes: Counter[NamedNode] = Counter()
        for node in nodes:
            typed = False
            for predicate, value in node.properties:
                properties[predicate] += 1
                if predicate == TYPE and isinstance(value, NamedNode):
                    classes[value] += 1
                    typed = True
            self.entities += typed
            yield node
        self.properties.update({iri.value: count for iri, count in properties.items()})
        self.classes.update({iri.value: count for iri, count in classes.items()})
