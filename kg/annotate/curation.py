"""What kg.toml says of single concepts: which terms are none, which are some, how they are called, which are one."""

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
    """One entry as it is written in kg.toml, with its normal form; `line` is 1-based, where it could be found."""

    field: str
    text: str
    form: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Curation:
    """All entries, in normal forms, so that case, plural and hyphens do not matter.

    A concept is what is left after merging: `accepted` and `labels` name concepts, `rejected` terms.
    """

    rejected: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    """The accepted concepts and every other name of theirs: what is looked for in the texts."""
    labels: Mapping[str, str] = field(default_factory=dict)
    concepts: Mapping[str, str] = field(default_factory=dict)
    """Of each name that was merged away, the concept that it belongs to."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each concept that others were merged into, their names."""
    spellings: Mapping[str, str] = field(default_factory=dict)
    """How kg.toml writes them."""
    entries: tuple[CurationEntry, ...] = ()

    def concept(self, form: str) -> str:
        """The normal form of the concept that a term of this normal form belongs to."""
        return self.concepts.get(form, form)


def read_curation(options: Concepts, path: Path | None = None) -> Curation:
    """The curation that `options` ask for.

    Args:
        options: the table `[concepts]` of a kg.toml.
        path: that kg.toml, if errors and warnings should name its lines.

    Raises:
        ConfigError: two entries contradict each other, or one has no word in it.
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
            raise entries.error(entry, f'"{entry.text}" is merged into "{merged[form][1].text}": rename that')
    concepts = {form: _last(form, merged, entries) for form in merged}
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
    """The entry and the new label of each normal form."""
    renamed: dict[str, tuple[CurationEntry, str]] = {}
    for entry, text in zip(entries.all("rename", options.rename), options.rename.values(), strict=True):
        label = " ".join(text.split())
        if not label:
            raise entries.error(entry, f'the new label of "{entry.text}" is empty')
        if renamed.setdefault(entry.form, (entry, label))[1] != label:
            raise entries.error(entry, f'"{entry.text}" is renamed twice')
    return renamed


def _merged(options: Concepts, entries: _Entries) -> dict[str, tuple[CurationEntry, CurationEntry]]:
    """The entry of each normal form that is merged away, and that of what it is merged into."""
    merged: dict[str, tuple[CurationEntry, CurationEntry]] = {}
    for target, names in zip(entries.all("merge", options.merge, note=False), options.merge.values(), strict=True):
        for name in entries.all("merge", names):
            if name.form == target.form:
                continue  # one concept anyway
            _, other = merged.setdefault(name.form, (name, target))
            if other.form != target.form:
                raise entries.error(name, f'"{name.text}" is merged into "{other.text}" and into "{target.text}"')
    return merged


def _last(form: str, merged: Mapping[str, tuple[CurationEntry, CurationEntry]], entries: _Entries) -> str:
    """Where a chain of merges that begins at `form` ends."""
    at, passed = form, {form}
    while at in merged:
        name, target = merged[at]
        at = target.form
        if at in passed:
            raise entries.error(name, f'"{name.text}" and "{target.text}" are merged in a circle')
        passed.add(at)
    return at


class _Entries:
    """Makes entries from what kg.toml says, and knows their lines."""

    def __init__(self, path: Path | None) -> None:
        self.noted: list[CurationEntry] = []
        self._name = str(path or FILE_NAME)
        self._lines = path.read_text(encoding="utf-8").splitlines() if path is not None else []

    def all(self, name: str, texts: Iterable[str], *, note: bool = True) -> Iterator[CurationEntry]:
        """The entries of the field `name`; those of `note` must match something in the articles."""
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
        """The first line that has `text` as a string or a key, from the first line on that has the field's name."""
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
