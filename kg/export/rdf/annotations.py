"""The annotations of the core graph, and a fast serializer for them. An annotation connects an article and a concept.

Most nodes of the graph are annotations, and annotations of the same kind differ only in a few texts. Therefore one
annotation of each kind is serialized, with placeholders instead of these texts. The result is a pattern. Every
annotation of this kind is written by filling its texts into the pattern.
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
"""The kind of an annotation: whether the concept occurs in the article's text, and the origins of the annotation.

The origins are values of `Origin`, such as "author".
"""

Serialize = Callable[[Sequence[RdfNode]], tuple[bytes, ...]]
"""A function that serializes nodes in several syntaxes, such as Turtle; its result has the bytes for each syntax."""

_ORIGINS: Final = {origin.value: term(f"kg:{origin.value}") for origin in Origin}
_PLACEHOLDERS: Final = {
    "urn:kg:iri": "iri",
    "urn:kg:article": "article",
    "urn:kg:concept": "concept",
    "0.123456789": "salience",
    "987654321": "frequency",
}
"""For each placeholder in a pattern, the key in `Annotation.texts` of the text that replaces it.

Nothing else in a pattern looks like a placeholder.
"""


class Annotation(NamedTuple):
    """An annotation; `texts` has the keys "iri", "article", "concept", "salience" and "frequency".

    The texts have no characters that would have to be escaped in any of the syntaxes.
    """

    kind: Kind
    texts: dict[str, str]

    def node(self) -> RdfNode:
        """Return the annotation as a node."""
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
    """Return the node of an annotation of this kind. Each of its texts is a placeholder, such as "urn:kg:article"."""
    return Annotation(kind, {name: placeholder for placeholder, name in _PLACEHOLDERS.items()}).node()


class Patterns:
    """A serializer of nodes in several syntaxes. For annotations, it is faster than the given function `serialize`.

    `counts` holds, for each kind, the number of annotations that were serialized.
    """

    def __init__(self, serialize: Serialize) -> None:
        self._serialize = serialize
        self._patterns = cache(self._compile)
        self.counts: Counter[Kind] = Counter()

    def serialized(self, parts: Iterable[RdfNode | Annotation]) -> tuple[bytes, ...]:
        """Return the bytes of nodes and annotations in each syntax. They equal those that `serialize` would return."""
        runs = []
        for kind, run in groupby(parts, type):
            if kind is Annotation:
                runs.append(self._fill_in(cast(list[Annotation], [*run])))
            else:
                runs.append(self._serialize(cast(list[RdfNode], [*run])))
        return tuple(map(b"".join, zip(*runs, strict=True)))

    def _fill_in(self, annotations: list[Annotation]) -> tuple[bytes, ...]:
        self.counts.update([kind for kind, _ in annotations])
        filled = [[pattern.fill_in(texts) for pattern in self._patterns(kind)] for kind, texts in annotations]
        return tuple("".join(of_syntax).encode() for of_syntax in zip(*filled, strict=True))

    def _compile(self, kind: Kind) -> list[_Pattern]:
        return [_Pattern(text.decode()) for text in self._serialize([example(kind)])]


class _Pattern:
    """A text with placeholders, see `_PLACEHOLDERS`."""

    def __init__(self, text: str) -> None:
        self._pieces = re.split(f"({'|'.join(map(re.escape, _PLACEHOLDERS))})", text)
        self._values = itemgetter(*(_PLACEHOLDERS[placeholder] for placeholder in self._pieces[1::2]))

    def fill_in(self, texts: dict[str, str]) -> str:
        """Return the text with its placeholders replaced by `texts`.

        The text is kept as a list of pieces. Every second piece is a placeholder. Replacing these pieces takes a third
        of the time of formatting a string.
        """
        pieces = self._pieces.copy()
        pieces[1::2] = self._values(texts)
        return "".join(pieces)
