"""Annotations, which join an article and a concept: most nodes are annotations, and all of them look alike.

So what serializers make of one is a pattern, and the others are written by filling in their texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple, cast

from pyoxigraph import Literal, NamedNode

from kg.base.model import Origin
from kg.export.rdf.terms import (
    ANNOTATION,
    FREQUENCY,
    HAS_BODY,
    HAS_TARGET,
    IDENTIFYING,
    MOTIVATED_BY,
    ORIGIN,
    SALIENCE,
    TAGGING,
    TYPE,
    XSD_DECIMAL,
    XSD_INTEGER,
    Property,
    RdfNode,
    term,
)

Kind = tuple[bool, tuple[str, ...]]
"""Whether the article says the concept at all, and where this is known from."""

Serialize = Callable[[Sequence[RdfNode]], tuple[bytes, ...]]
"""Writes nodes in several syntaxes."""

_ORIGINS: Final = {origin.value: term(f"kg:{origin.value}") for origin in Origin}
_MARKS: Final = {
    "urn:kg:iri": "iri",
    "urn:kg:article": "article",
    "urn:kg:concept": "concept",
    "0.123456789": "salience",
    "987654321": "frequency",
}
"""What stands for the texts of an annotation in a pattern, where nothing else is called so; and their names."""


class Annotation(NamedTuple):
    """An annotation; its `texts` have the names of `_MARKS`, and nothing in them that a syntax would escape."""

    kind: Kind
    texts: dict[str, str]

    def node(self) -> RdfNode:
        """What the graph says of it."""
        is_said, origins = self.kind
        properties: list[Property] = [
            (TYPE, ANNOTATION),
            (HAS_BODY, NamedNode(self.texts["concept"])),
            (HAS_TARGET, NamedNode(self.texts["article"])),
            (MOTIVATED_BY, IDENTIFYING if is_said else TAGGING),
            (SALIENCE, Literal(self.texts["salience"], datatype=XSD_DECIMAL)),
            (FREQUENCY, Literal(self.texts["frequency"], datatype=XSD_INTEGER)),
        ]
        properties += [(ORIGIN, _ORIGINS[origin]) for origin in origins]
        return RdfNode(NamedNode(self.texts["iri"]), properties)


def example(kind: Kind) -> RdfNode:
    """An annotation of that kind, with marks for texts."""
    return Annotation(kind, {name: mark for mark, name in _MARKS.items()}).node()


class Patterns:
    """Writes nodes in several syntaxes, annotations quicker than `serialize` does; `counts` says how many of a kind."""

    def __init__(self, serialize: Serialize) -> None:
        self._serialize = serialize
        self._patterns = cache(self._made)
        self.counts: Counter[Kind] = Counter()

    def serialized(self, parts: Iterable[RdfNode | Annotation]) -> tuple[bytes, ...]:
        """What `serialize` would make of all these nodes."""
        runs = []
        for kind, run in groupby(parts, type):
            if kind is Annotation:
                runs.append(self._filled(cast(list[Annotation], [*run])))
            else:
                runs.append(self._serialize(cast(list[RdfNode], [*run])))
        return tuple(map(b"".join, zip(*runs, strict=True)))

    def _filled(self, annotations: list[Annotation]) -> tuple[bytes, ...]:
        self.counts.update([kind for kind, _ in annotations])
        filled = [[pattern.filled(texts) for pattern in self._patterns(kind)] for kind, texts in annotations]
        return tuple("".join(of_syntax).encode() for of_syntax in zip(*filled, strict=True))

    def _made(self, kind: Kind) -> list[_Pattern]:
        return [_Pattern(text.decode()) for text in self._serialize([example(kind)])]


class _Pattern:
    """A text in which marks stand for other texts."""

    def __init__(self, text: str) -> None:
        self._pieces = re.split(f"({'|'.join(map(re.escape, _MARKS))})", text)
        self._wanted = itemgetter(*(_MARKS[mark] for mark in self._pieces[1::2]))

    def filled(self, texts: dict[str, str]) -> str:
        """With these texts for marks; to exchange pieces of a list takes a third of formatting."""
        pieces = self._pieces.copy()
        pieces[1::2] = self._wanted(texts)
        return "".join(pieces)
