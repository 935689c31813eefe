"""Names of articles, concepts, subjects and communities, by which they are found in upper and lower case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property


class Lookup:
    """A mapping from each case-folded name to the numbers of the rows that have this name.

    The row numbers of a name form a linked list: the last row number is stored for each name, and the previous row
    number with the same name is stored for each row. This takes less memory than a Python list for every name.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._last: dict[str, int] = {}
        self._before: list[int] = []
        for number, name in enumerate(names):
            folded = name.casefold()
            if folded == name:
                folded = name  # keep one string in memory, not two
            self._before.append(self._last.get(folded, -1))
            self._last[folded] = number

    def get(self, folded: str) -> list[int]:
        """Return, in ascending order, the row numbers that have the name `folded`, which is case-folded."""
        found = []
        number = self._last.get(folded, -1)
        while number >= 0:
            found.append(number)
            number = self._before[number]
        return found[::-1]

    def starting(self, folded: str) -> Iterator[int]:
        """Yield the row numbers whose case-folded name begins with `folded`."""
        for name in self._last:
            if name.startswith(folded):
                yield from self.get(name)


class Names:
    """The names of all things of one kind (articles, concepts, subjects or communities).

    For each row of the table of this kind, `keys` has the key, `labels` the preferred label, and `counts` the number of
    articles. `paths` maps the part of an IRI after the base IRI to row numbers. It is None until it is first needed.
    """

    def __init__(self, keys: list[str], labels: list[str], counts: list[int], *others: Sequence[Sequence[str]]) -> None:
        self.keys = keys
        self.labels = labels
        self.counts = counts
        self.paths: Lookup | None = None
        self._others = [(number, label) for kind in others for number, labels in enumerate(kind) for label in labels]

    @cached_property
    def _by_label(self) -> Lookup:
        return Lookup([*self.labels, *(label for _, label in self._others)])

    @cached_property
    def _by_key(self) -> Lookup:
        return Lookup(key.lstrip("/") for key in self.keys)

    @cached_property
    def _others_of(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for number, label in self._others:
            found.setdefault(number, []).append(label)
        return found

    def labels_of(self, number: int) -> list[str]:
        """Return the labels in a row, the preferred one first."""
        return [self.labels[number], *self._others_of.get(number, ())]

    def labelled(self, wanted: str) -> Iterator[tuple[int, str, bool]]:
        """Yield three values for each label that equals `wanted`, which is case-folded, ignoring case.

        The values are the number of the row that has the label, the label itself, and whether it is a preferred label.
        """
        for entry in self._by_label.get(wanted):
            yield self._entry(entry)

    def starting(self, wanted: str) -> Iterator[tuple[int, bool]]:
        """Yield two values for each label that begins with `wanted`, which is case-folded, ignoring case.

        The values are the number of the row that has the label, and whether it is a preferred label.
        """
        for entry in self._by_label.starting(wanted):
            number, _, is_preferred = self._entry(entry)
            yield number, is_preferred

    def keyed(self, wanted: str) -> Iterator[int]:
        """Yield the numbers of rows whose key equals `wanted`, which is case-folded, ignoring case.

        If the keys are urls, `wanted` may lack the slash at the beginning.
        """
        for number in self._by_key.get(wanted.lstrip("/")):
            folded = self.keys[number].casefold()
            if wanted in (folded, folded.lstrip("/")):
                yield number

    def all_labels(self) -> Iterator[str]:
        """Yield all preferred, alternative and hidden labels."""
        yield from self.labels
        yield from (label for _, label in self._others)

    def _entry(self, entry: int) -> tuple[int, str, bool]:
        if entry < len(self.labels):
            return entry, self.labels[entry], True
        number, label = self._others[entry - len(self.labels)]
        return number, label, False
