"""Kinds of damage to a build, registered with the rules that each breaks."""

import dataclasses
from collections.abc import Callable

from tests.validate.damage import Damaged, iri


@dataclasses.dataclass(frozen=True)
class Mutation:
    """A kind of damage, and the rules that it breaks; `shapes` where pySHACL has to find it."""

    damage: Callable[[Damaged], None]
    rules: frozenset[str]
    shapes: bool
    module: str


MUTATIONS: dict[str, Mutation] = {}


def breaks(*rules: str, shapes: bool = False) -> Callable[[Callable[[Damaged], None]], Callable[[Damaged], None]]:
    """Register a kind of damage."""

    def register(damage: Callable[[Damaged], None]) -> Callable[[Damaged], None]:
        MUTATIONS[damage.__name__] = Mutation(damage, frozenset(rules), shapes, damage.__module__)
        return damage

    return register


def consistently(*rules: str, shapes: bool = False) -> Callable[[Callable[[Damaged], None]], Callable[[Damaged], None]]:
    """Register damage to the triples that all files and the store have then."""

    def register(damage: Callable[[Damaged], None]) -> Callable[[Damaged], None]:
        def everywhere(build: Damaged) -> None:
            damage(build)
            build.write()

        everywhere.__name__, everywhere.__module__ = damage.__name__, damage.__module__
        return breaks(*rules, shapes=shapes)(everywhere)

    return register


def label(build: Damaged, number: int = 0) -> tuple[str, str]:
    """A concept that is not a subject, with its label."""
    found = [
        line for line in build.core if iri("skos:prefLabel") in line and line.startswith(build.node("concept/")[:-1])
    ]
    subject, _, value = found[number][:-2].split(" ", 2)
    return subject, value


def lonely(build: Damaged) -> list[str]:
    """Concepts that have no relation to others."""
    hang = {
        part
        for predicate in ("skos:broader", "skos:related", "skos:topConceptOf")
        for line in build.core
        if iri(predicate) in line
        for part in line.split(" ")
    }
    return [node for node in build.of_class("skos:Concept") if node not in hang and "/concept/" in node]
