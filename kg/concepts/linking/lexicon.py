"""The lexicon: names of the concepts in external vocabularies, as normal forms."""

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
"""A label with a qualifier that tells homonyms apart: "Mercury (planet)"."""


class LexiconEntry(NamedTuple):
    """A concept of an external vocabulary: the index of the vocabulary, and the index of the concept in it."""

    vocabulary: int
    concept: int


class Lexicon:
    """The names of all concepts of some vocabularies.

    A name is the normal form of a label of an entry. It counts as preferred if it comes from the preferred label, or
    from an acronym of that label. It does not count as preferred if the label had a qualifier in brackets, which was
    removed.

    Args:
        vocabularies: the external vocabularies; entries refer to them by index.
    """

    def __init__(self, vocabularies: Sequence[ExternalVocabulary] = ()) -> None:
        self.vocabularies = tuple(vocabularies)
        self.names: dict[str, dict[LexiconEntry, bool]] = defaultdict(dict)
        """For each name, the entries that have it. The value of an entry tells whether the name counts as preferred."""
        self.acronyms: set[str] = set()
        """The names that are written as an acronym, or are the initials of a label of the same entry."""
        for number, vocabulary in enumerate(self.vocabularies):
            for at, concept in enumerate(vocabulary.concepts):
                self._add(LexiconEntry(number, at), concept)

    @property
    def digests(self) -> list[str]:
        """The SHA-256 of each vocabulary file, in hexadecimal."""
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
        """Return the concept of an entry."""
        return self.vocabularies[entry.vocabulary].concepts[entry.concept]

    @property
    def looked_for(self) -> list[str]:
        """The sorted names to search for in texts. Ambiguous names are left out, since they are not linked."""
        return sorted(self.names.keys() - self.ambiguous.keys())

    @cached_property
    def ambiguous(self) -> dict[str, list[list[LexiconEntry]]]:
        """The names that several concepts of one vocabulary share.

        For each name, there is one list of entries for each vocabulary in which several concepts share it.
        """
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
        """Return the entries directly above an entry (skos:broader)."""
        numbers = self._numbers[entry.vocabulary]
        return [LexiconEntry(entry.vocabulary, numbers[iri]) for iri in self.concept(entry).broader]

    def beside(self, entry: LexiconEntry) -> list[LexiconEntry]:
        """Return the entries related to an entry (skos:related)."""
        numbers = self._numbers[entry.vocabulary]
        return [LexiconEntry(entry.vocabulary, numbers[iri]) for iri in self.concept(entry).related]

    @cached_property
    def below(self) -> dict[LexiconEntry, list[LexiconEntry]]:
        """The entries directly below each entry (skos:narrower)."""
        found: dict[LexiconEntry, list[LexiconEntry]] = defaultdict(list)
        for number, vocabulary in enumerate(self.vocabularies):
            for at in range(len(vocabulary.concepts)):
                for broader in self.above(LexiconEntry(number, at)):
                    found[broader].append(LexiconEntry(number, at))
        return found


def _preferred(label: str) -> list[tuple[str, bool]]:
    """Split a preferred label from its qualifier in brackets.

    Returns:
        A list of one pair: the label without the qualifier, and whether it counts as preferred. It does if there was no
        qualifier. There are two pairs if the label is an acronym of the qualifier, or the reverse: "SAN (storage area
        network)" gives "SAN" and "storage area network", and both count as preferred.
    """
    found = _QUALIFIED.fullmatch(label)
    if found is None:
        return [(label, True)]
    if are_initials(found[2], found[1]) or are_initials(found[1], found[2]):
        return [(found[1], True), (found[2], True)]
    return [(found[1], False)]
