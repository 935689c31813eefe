"""The curation entries of kg.toml: rejected terms, and accepted, renamed and merged concepts."""

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


@dataclass(frozen=True, slots=True)
class CurationEntry:
    """One entry as written in kg.toml, with its normal form; `line` is 1-based, or None if it was not found."""

    field: str
    text: str
    form: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Curation:
    """All entries, in normal forms, so that case, plural and hyphens do not matter.

    A concept is what remains after merging. `accepted` and `labels` name concepts; `rejected` names terms.
    """

    rejected: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    """The accepted concepts and all names merged into them: the terms to look for in the texts."""
    labels: Mapping[str, str] = field(default_factory=dict)
    concepts: Mapping[str, str] = field(default_factory=dict)
    """The concept of each name that was merged away."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names merged into each concept, sorted."""
    spellings: Mapping[str, str] = field(default_factory=dict)
    """The spelling in kg.toml of each concept that others are merged into."""
    entries: tuple[CurationEntry, ...] = ()

    def concept(self, form: str) -> str:
        """Return the normal form of the concept that the term with normal form `form` belongs to."""
        return self.concepts.get(form, form)


def read_curation(options: Concepts, path: Path | None = None) -> Curation:
    """Read the curation entries in `options`.

    Args:
        options: the table `[concepts]` of a kg.toml.
        path: the kg.toml itself, if errors and warnings should name its lines.

    Raises:
        ConfigError: if two entries contradict each other, or an entry contains no word.
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
    """Return the entry and the new label of each renamed normal form."""
    renamed: dict[str, tuple[CurationEntry, str]] = {}
    for entry, text in zip(entries.all("rename", options.rename), options.rename.values(), strict=True):
        label = " ".join(text.split())
        if not label:
            raise entries.error(entry, f'the new label of "{entry.text}" is empty')
        if renamed.setdefault(entry.form, (entry, label))[1] != label:
            raise entries.error(entry, f'"{entry.text}" is renamed twice')
    return renamed


def _merged(options: Concepts, entries: _Entries) -> dict[str, tuple[CurationEntry, CurationEntry]]:
    """Return the entry of each normal form that is merged away, and the entry that it is merged into."""
    merged: dict[str, tuple[CurationEntry, CurationEntry]] = {}
    for target, names in zip(entries.all("merge", options.merge, note=False), options.merge.values(), strict=True):
        for name in entries.all("merge", names):
            if name.form == target.form:
                continue  # already the same concept
            _, other = merged.setdefault(name.form, (name, target))
            if other.form != target.form:
                raise entries.error(name, f'"{name.text}" is merged into "{other.text}" and into "{target.text}"')
    return merged


def _merge_target(form: str, merged: Mapping[str, tuple[CurationEntry, CurationEntry]], entries: _Entries) -> str:
    """Follow the chain of merges from `form` and return its last normal form."""
    at, passed = form, {form}
    while at in merged:
        name, target = merged[at]
        at = target.form
        if at in passed:
            raise entries.error(name, f'"{name.text}" and "{target.text}" are merged in a circle')
        passed.add(at)
    return at


class _Entries:
    """Creates entries from the values in kg.toml and finds their lines."""

    def __init__(self, path: Path | None) -> None:
        self.noted: list[CurationEntry] = []
        self._name = str(path or FILE_NAME)
        self._lines = path.read_text(encoding="utf-8").splitlines() if path is not None else []

    def all(self, name: str, texts: Iterable[str], *, note: bool = True) -> Iterator[CurationEntry]:
        """Yield the entries of the field `name`.

        With `note`, the entries are added to `noted`: each must match something in the articles.
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
        """Return the first line with `text` as a string or a key, at or after the first line with the field's name."""
        begins = re.compile(rf"[^#\"']*\b{name}\b")
        words = re.escape(text)
        key = rf"""(?:"{words}"|'{words}'|(?<![\w-]){words})\s*="""
        value = "" if name == "rename" else rf"""|"{words}"|'{words}'"""
        has = re.compile(rf"(?!\s*#).*(?:{key}{value})")
        begun = False
        for number, line in enumerate(self._lines, start=1):
            begun = begun or begins.match(line) is not None
            if begun and has.match(line):
                return number
        return None
