"""Census of the nodes of a file. It takes a sample of each kind of node, and checks all literals and blank nodes.

By default, only the nodes of the sample are checked against the SHACL shapes. Two nodes are of the same kind if all of
these are equal: their classes; their properties; for each property, the kinds of its values (IRIs, or literals of the
same datatype and language); and the properties that occur more often than the shapes allow. Therefore a constraint
about the presence, number, datatype or language of values holds for all nodes of a kind or for none of them, and it is
enough to check a few nodes of each kind.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from heapq import heappush, heappushpop
from typing import Final
from zlib import crc32

import numpy as np

from kg.validate.core import TYPE
from kg.validate.rules import Findings
from kg.validate.triples import iri

PER_CLASS: Final = 200
"""Number of nodes of a class after which no more nodes of this class are added to the sample.

If a class has more kinds of node than this number, the sample still has one node of each kind.
"""

_XSD: Final = b"^^<http://www.w3.org/2001/XMLSchema#"
_DECIMAL: Final = re.compile(rb'"(?:0|-?[1-9][0-9]*|-0(?=\.0*[1-9]))\.(?:0|[0-9]*[1-9])"')
_INTEGER: Final = re.compile(rb'"(?:0|-?[1-9][0-9]*)"')
_FORMS: Final = {
    _XSD + b"decimal>": _DECIMAL,
    _XSD + b"integer>": _INTEGER,
    _XSD + b"nonNegativeInteger>": _INTEGER,
}


class Census:
    """The kinds of node of a file. Pass all triples to `add`, and then call `close` before any other method.

    Args:
        file: name of the file, which the findings mention.
        once: properties that a node may have only once, in N-Triples syntax.
        findings: receives findings about literals and blank nodes.
        keep_all: whether all nodes are kept for the checks, instead of a sample.
    """

    def __init__(self, file: str, once: Iterable[bytes], findings: Findings, *, keep_all: bool = False) -> None:
        self._file = file
        self._keep_all = keep_all
        self._once = frozenset(once)
        self._findings = findings
        self._numbers: dict[tuple[bytes, bytes], int] = {}
        self._form: list[re.Pattern[bytes] | None] = []
        self._is_once: list[bool] = []
        self._class: list[bytes | None] = []
        self._kinds: dict[tuple[int, ...], list[tuple[int, bytes]]] = defaultdict(list)
        self._seen: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._of_class: dict[bytes, array[int]] = defaultdict(lambda: array("q"))
        self._nodes: dict[bytes, None] = {}
        self._node = b""
        self._of_node: list[int] = []

    def add(self, triples: list[list[bytes]]) -> None:
        """Add triples, each as a list of subject, predicate and object.

        All triples with the same subject must be consecutive.
        """
        numbers, forms = self._numbers, self._form
        for subject, predicate, value in triples:
            if subject != self._node:
                self._close_node()
                self._node = subject
            if value[0] == 34:  # ord('"')
                key = predicate, value[value.rindex(b'"') + 1 :]
            elif predicate == TYPE:
                key = predicate, value
                self._of_class[value].append(hash(subject))
            else:
                key = predicate, value[:1]
            number = numbers.get(key)
            if number is None:
                number = self._new(*key)
            form = forms[number]
            if form is not None and not form.match(value):
                self._wrong_form(subject, predicate, value)
            elif value[:2] == b"_:" or subject[:2] == b"_:":
                self._blank(subject, predicate)
            self._of_node.append(number)

    def close(self) -> None:
        """Finish the last node. Call this when all triples have been added."""
        self._close_node()
        self._node = b""

    def chosen(self) -> list[bytes]:
        """Return the chosen nodes, in N-Triples syntax.

        If `keep_all` is true, the result is all nodes, in the order of the file. Otherwise, it is some nodes of each
        kind, sorted: those whose IRIs have the smallest checksums, so that the same graph always gives the same nodes.
        """
        if self._keep_all:
            return [*self._nodes]
        by_class: dict[bytes | None, list[list[bytes]]] = defaultdict(list)
        for kind, kept in sorted(self._kinds.items()):
            nodes = [node for _, node in sorted((-negative, node) for negative, node in kept)]
            for class_ in {self._class[number] for number in kind} - {None} or {None}:
                by_class[class_].append(nodes)
        chosen: dict[bytes, None] = {}
        for kinds in by_class.values():
            of_class: dict[bytes, None] = {}
            for round_ in range(PER_CLASS):
                if round_ and len(of_class) >= PER_CLASS:
                    break
                of_class.update((nodes[round_], None) for nodes in kinds if round_ < len(nodes))
            chosen.update(of_class)
        return sorted(chosen)

    def classes_of(self, nodes: Collection[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Yield pairs of a node and one of its classes, for all classes of the given nodes.

        The nodes of a class are stored as 64-bit hashes, so that each takes only 8 bytes.
        """
        hashed = np.fromiter((hash(node) for node in nodes), np.int64, len(nodes))
        for class_, members in self._of_class.items():
            inside = np.isin(hashed, np.frombuffer(members, np.int64))
            yield from ((node, class_) for node, is_in in zip(nodes, inside, strict=True) if is_in)

    @property
    def classes(self) -> set[bytes]:
        """The classes of all nodes, in N-Triples syntax."""
        return {*self._of_class}

    def _new(self, predicate: bytes, value: bytes) -> int:
        number = self._numbers[predicate, value] = len(self._numbers)
        self._form.append(_FORMS.get(value))
        self._is_once.append(predicate in self._once)
        self._class.append(value if predicate == TYPE else None)
        return number

    def _close_node(self) -> None:
        if not self._of_node:
            return
        if self._keep_all:
            self._nodes[self._node] = None
        numbers = tuple(self._of_node)
        kind = self._seen.get(numbers)
        if kind is None:
            kind = self._kind(numbers)
            if len(numbers) < 16:  # two nodes with more triples rarely have the same numbers
                self._seen[numbers] = kind
        kept = self._kinds[kind]
        entry = -crc32(self._node), self._node
        if len(kept) < PER_CLASS:
            heappush(kept, entry)
        elif entry > kept[0]:
            heappushpop(kept, entry)
        self._of_node = []

    def _kind(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        different = sorted({*numbers})
        if len(different) == len(numbers):
            return tuple(different)
        repeated = [-1 - number for number in different if self._is_once[number] and numbers.count(number) > 1]
        return (*different, *repeated)

    def _wrong_form(self, subject: bytes, predicate: bytes, value: bytes) -> None:
        message = f"{value.decode()[:80]} of {_name(predicate)} is not in its canonical form"
        self._findings.add("literal-form", message, _name(subject), file=self._file)

    def _blank(self, subject: bytes, predicate: bytes) -> None:
        message = f"{_name(subject)} has a blank node as {_name(predicate)}, or is one"
        self._findings.add("blank-node", message, _name(subject), file=self._file)


def _name(node: bytes) -> str:
    return iri(node) if node.startswith(b"<") else node.decode()
