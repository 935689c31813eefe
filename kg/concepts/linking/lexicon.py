"""The names that external vocabularies give their concepts, in normal forms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple

from kg.annotate.extract.acronyms import are_initials, bare, is_short_form
from kg.annotate.text.normal_form import keyword_label, normal_form
from kg.annotate.text.term_filter import is_term
from kg.read.vocabulary import ExternalConcept, ExternalVocabulary

_QUALIFIED: Final = re.compile(r"(.{2,}?) \(([^()]{2,})\)")
"""A label that its vocabulary tells from its homonyms: "Mercury (planet)"."""


class LexiconEntry(NamedTuple):
    """A concept of an external vocabulary, by the numbers of both."""

    vocabulary: int
    concept: int


class Lexicon:
    """The names of all concepts of some vocabularies.

    A name is one of an entry's labels. It stands for the entry as its preferred label does if it is that label, or an
    acronym of it; a preferred label with a qualifier in brackets does so only with it.
    """

    def __init__(self, vocabularies: Sequence[ExternalVocabulary] = ()) -> None:
        self.vocabularies = tuple(vocabularies)
        self.names: dict[str, dict[LexiconEntry, bool]] = defaultdict(dict)
        """Of each name the entries that have it, and whether it is as good as the preferred label."""
        self.acronyms: set[str] = set()
        """The names that are written, or can be read, as an acronym."""
        for number, vocabulary in enumerate(self.vocabularies):
            for at, concept in enumerate(vocabulary.concepts):
                self._add(LexiconEntry(number, at), concept)

    @property
    def digests(self) -> list[str]:
        """The SHA-256 of each vocabulary's file."""
        return [vocabulary.sha256 for vocabulary in self.vocabularies]

    def _add(self, entry: LexiconEntry, concept: ExternalConcept) -> None:
        written = _preferred(concept.label)
        label = written[0][0]
        written += [(other, are_initials(other, label)) for other in concept.others]
        for text, preferred in written:
            plain = keyword_label(text)
            form = normal_form(plain) if plain else ""
            if plain is None or not is_term(form.split(" ")):
                continue
            known = self.names[form]
            known[entry] = preferred or known.get(entry, False)
            if " " not in form and (is_short_form(bare(plain)) or any(are_initials(plain, one) for one, _ in written)):
                self.acronyms.add(form)

    def concept(self, entry: LexiconEntry) -> ExternalConcept:
        """What the vocabulary says of it."""
        return self.vocabularies[entry.vocabulary].concepts[entry.concept]

    @property
    def looked_for(self) -> list[str]:
        """The names that are worth looking for in a text: an ambiguous one links nothing."""
        return sorted(self.names.keys() - self.ambiguous.keys())

    @cached_property
    def ambiguous(self) -> dict[str, list[list[LexiconEntry]]]:
        """The names that several concepts of one vocabulary have, with those of each such vocabulary."""
        found: dict[str, list[list[LexiconEntry]]] = {}
        for name, entries in self.names.items():
            groups: dict[int, list[LexiconEntry]] = defaultdict(list)
            for entry in sorted(entries):
                groups[entry.vocabulary].append(entry)
            if several := [group for _, group in sorted(groups.items()) if len(group) > 1]:
                found[name] = several
        return found

    @cached_property
    def _numbers(self) -> list[dict[str, int]]:
        return [{one.iri: at for at, one in enumerate(vocabulary.concepts)} for vocabulary in self.vocabularies]

    def above(self, entry: LexiconEntry) -> list[LexiconEntry]:
        """The entries directly above one."""
        numbers = self._numbers[entry.vocabulary]
        return [LexiconEntry(entry.vocabulary, numbers[iri]) for iri in self.concept(entry).broader]

    def beside(self, entry: LexiconEntry) -> list[LexiconEntry]:
        """The entries that its vocabulary relates to one."""
        numbers = self._numbers[entry.vocabulary]
        return [LexiconEntry(entry.vocabulary, numbers[iri]) for iri in self.concept(entry).related]

    @cached_property
    def below(self) -> dict[LexiconEntry, list[LexiconEntry]]:
        """Of each entry those directly below it."""
        found: dict[LexiconEntry, list[LexiconEntry]] = defaultdict(list)
        for number, vocabulary in enumerate(self.vocabularies):
            for at in range(len(vocabulary.concepts)):
                for broader in self.above(LexiconEntry(number, at)):
                    found[broader].append(LexiconEntry(number, at))
        return found


def _preferred(label: str) -> list[tuple[str, bool]]:
    """A preferred label without what stands in brackets, and whether it says all; also that, if one is an acronym."""
    found = _QUALIFIED.fullmatch(label)
    if found is None:
        return [(label, True)]
    if are_initials(found[2], found[1]) or are_initials(found[1], found[2]):
        return [(found[1], True), (found[2], True)]
    return [(found[1], False)]
