"""Read the entries of kg.toml that reject terms, and that accept, rename and merge concepts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from kg.annotate.text.normal_form import normal_form
from kg.base.config import FILE_NAME, Concepts
from kg.base.errors import ConfigError

# A string or a bare word in a line of TOML; "key" tells whether an equals sign follows.
_TEXT = re.compile(r"""(?P<comment>\#)|(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w-]+))(?P<key>\s*=)?""")


@dataclass(frozen=True, slots=True)
class CurationEntry:
    """A term that kg.toml names in the field `accept`, `reject`, `rename` or `merge` of its table `concepts`."""

    field: str
    """Name of the field of kg.toml that contains the term, such as "concepts.reject"."""
    text: str
    """The term as written in kg.toml."""
    form: str
    """Normal form of the term (its words in the singular and in lower case)."""
    line: int | None
    """Number, counted from 1, of the line of kg.toml that contains the term; None if the line was not found."""


@dataclass(frozen=True, slots=True)
class Curation:
    """The terms and concepts that kg.toml accepts, rejects, renames and merges.

    Terms and concepts are given as normal forms, so that case, plural and hyphens do not matter. If a term A is merged
    into a term B, the normal form of B identifies the concept, and A is another name of this concept. `accepted` and
    the keys of `labels` are concepts, so no term that is merged into another term is among them.
    """

    rejected: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    """The terms to look for in the texts: the accepted concepts, and all terms that are merged into these concepts."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Key: the normal form of a renamed concept. Value: the new label of the concept."""
    concepts: Mapping[str, str] = field(default_factory=dict)
    """Key: the normal form of a term that is merged into a concept. Value: the normal form of this concept."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key: the normal form of a concept. Value: the normal forms of the terms that are merged into it, sorted."""
    spellings: Mapping[str, str] = field(default_factory=dict)
    """Key: the normal form of a term into which other terms are merged. Value: the term as written in kg.toml."""
    entries: tuple[CurationEntry, ...] = ()

    def concept(self, form: str) -> str:
        """Return the normal form of the concept that a term names; `form` is the normal form of the term.

        The result is `form` itself unless the term is merged into another concept.
        """
        return self.concepts.get(form, form)


def read_curation(options: Concepts, path: Path | None = None) -> Curation:
    """Read the rejected terms, and the accepted, renamed and merged concepts, from `options`.

    Args:
        options: the table `[concepts]` of a kg.toml.
        path: the file kg.toml. If it is given, errors and warnings name the lines of this file.

    Raises:
        ConfigError: if two entries contradict each other (a term is accepted and rejected, for example), or an entry
            contains no word.
    """
    entries = _Entries(path)
    rejected = {entry.form: entry for entry in entries.all("reject", options.reject)}
    accepted = {entry.form: entry for entry in entries.all("accept", options.accept)}
    renamed = _renamed(options, entries)
    merged = _merged(options, entries)
    for entry in (*accepted.values(), *(entry for entry, _ in renamed.values()), *chain(*merged.values())):
        if entry.form in rejected:
            raise entries.error(entry, f'"{entry.text}" is rejected as well, by concepts.reject')
    for form, (entry, _) in renamed.items():
        if form in merged:
            raise entries.error(entry, f'"{entry.text}" is merged into "{merged[form][1].text}": rename the latter')
    concepts = {form: _merge_target(form, merged, entries) for form in merged}
    names: dict[str, list[str]] = defaultdict(list)
    for form, concept in sorted(concepts.items()):
        names[concept].append(form)
    kept = frozenset(concepts.get(form, form) for form in accepted)
    return Curation(
        rejected=frozenset(rejected),
        accepted=kept,
        wanted=kept | {name for concept in kept for name in names.get(concept, ())},
        labels={form: label for form, (_, label) in renamed.items()},
        concepts=concepts,
        names={concept: tuple(others) for concept, others in names.items()},
        spellings={target.form: target.text for _, target in merged.values()},
        entries=tuple(entries.noted),
    )


def _renamed(options: Concepts, entries: _Entries) -> dict[str, tuple[CurationEntry, str]]:
    """Return a mapping. Key: the normal form of a renamed concept. Value: its entry in kg.toml, and its new label."""
    renamed: dict[str, tuple[CurationEntry, str]] = {}
    for entry, text in zip(entries.all("rename", options.rename), options.rename.values(), strict=True):
        label = " ".join(text.split())
        if not label:
            raise entries.error(entry, f'the new label of "{entry.text}" is empty')
        if renamed.setdefault(entry.form, (entry, label))[1] != label:
            raise entries.error(entry, f'"{entry.text}" is renamed twice')
    return renamed


def _merged(options: Concepts, entries: _Entries) -> dict[str, tuple[CurationEntry, CurationEntry]]:
    """Return a mapping. Key: the normal form of a term that kg.toml merges into another term. Value: two entries.

    The first is the entry of the merged term. The second is the entry of the term that it is merged into.
    """
    merged: dict[str, tuple[CurationEntry, CurationEntry]] = {}
    for target, names in zip(entries.all("merge", options.merge, note=False), options.merge.values(), strict=True):
        for name in entries.all("merge", names):
            if name.form == target.form:
                continue  # both terms have the same normal form, so they are one concept anyway
            _, other = merged.setdefault(name.form, (name, target))
            if other.form != target.form:
                raise entries.error(name, f'"{name.text}" is merged into "{other.text}" and into "{target.text}"')
    return merged


def _merge_target(form: str, merged: Mapping[str, tuple[CurationEntry, CurationEntry]], entries: _Entries) -> str:
    """Return the normal form of the concept that the term `form` is merged into, directly or through other terms.

    For example, if A is merged into B, and B is merged into C, then the result for A is C.
    """
    at, passed = form, {form}
    while at in merged:
        name, target = merged[at]
        at = target.form
        if at in passed:
            raise entries.error(name, f'"{name.text}" and "{target.text}" are merged in a circle')
        passed.add(at)
    return at


class _Entries:
    """Factory of `CurationEntry` objects, which finds the line of kg.toml that contains each entry."""

    def __init__(self, path: Path | None) -> None:
        self.noted: list[CurationEntry] = []
        self._name = str(path or FILE_NAME)
        self._lines = path.read_text(encoding="utf-8").splitlines() if path is not None else []
        self._found: dict[str, dict[str, int]] = {}

    def all(self, name: str, texts: Iterable[str], *, note: bool = True) -> Iterator[CurationEntry]:
        """Yield an entry for each of `texts`, which are the terms in the field `name` of kg.toml.

        If `note` is true, each entry is also added to the list `noted`. A build warns of the entries in this list that
        have no effect.
        """
        for text in texts:
            entry = CurationEntry(f"concepts.{name}", text, normal_form(text), self._line(name, text))
            if not entry.form:
                raise self.error(entry, f'"{text}" has no word in it')
            if note:
                self.noted.append(entry)
            yield entry

    def error(self, entry: CurationEntry, message: str) -> ConfigError:
        where = self._name if entry.line is None else f"{self._name}:{entry.line}"
        return ConfigError(f"{where}: {entry.field}: {message}")

    def _line(self, name: str, text: str) -> int | None:
        """Return the number of the first line of kg.toml that contains `text`, a term in the field `name`.

        In kg.toml, the term is a string or the key of a table. The search begins at the first line that contains the
        name of the field. Return None if no line is found.
        """
        if name not in self._found:
            self._found[name] = self._find_all(name)
        return self._found[name].get(text)

    def _find_all(self, name: str) -> dict[str, int]:
        """Return a mapping. Key: a text that may be an entry of the field `name`. Value: the number of its line."""
        begins = re.compile(rf"[^#\"']*\b{name}\b")
        found: dict[str, int] = {}
        begun = False
        for number, line in enumerate(self._lines, start=1):
            begun = begun or begins.match(line) is not None
            for part in _TEXT.finditer(line) if begun else ():
                if part["comment"]:
                    break
                if part["key"] or (part["bare"] is None and name != "rename"):  # the values of `rename` are labels
                    text = next(text for text in (part["double"], part["single"], part["bare"]) if text is not None)
                    found.setdefault(text, number)
        return found
