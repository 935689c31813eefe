"""The lexicon: a look-up of the concepts of external vocabularies by their names, which are normal forms of labels."""

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
"""A label with a qualifier in brackets, which distinguishes homonyms: "Mercury (planet)"."""


class LexiconEntry(NamedTuple):
    """A concept of an external vocabulary: the index of the vocabulary, and the index of the concept in it."""

    vocabulary: int
    concept: int


class Lexicon:
    """The names of all concepts of external vocabularies. A concept of a vocabulary is called an entry.

    A name is the normal form (singular, lower case, American spelling) of a label of an entry. It counts as preferred
    if it comes from the preferred label, or from another label that is an acronym of the preferred label. If the
    preferred label has a qualifier in brackets, such as "Mercury (planet)", the qualifier is removed, and the name does
    not count as preferred.

    Args:
        vocabularies: the external vocabularies. `LexiconEntry` refers to them by index.
    """

    def __init__(self, vocabularies: Sequence[ExternalVocabulary] = ()) -> None:
        self.vocabularies = tuple(vocabularies)
        self.names: dict[str, dict[LexiconEntry, bool]] = defaultdict(dict)
        """Key: a name. Value: a mapping from each entry with this name to whether the name counts as preferred."""
        self.acronyms: set[str] = set()
        """The names that are written like an acronym, or are the initials of another label of the same entry."""
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
        """Return the external concept to which an entry refers."""
        return self.vocabularies[entry.vocabulary].concepts[entry.concept]

    @property
    def looked_for(self) -> list[str]:
        """The sorted names to search for in the articles. Ambiguous names are left out, since they are not linked."""
        return sorted(self.names.keys() - self.ambiguous.keys())

    @cached_property
    def ambiguous(self) -> dict[str, list[list[LexiconEntry]]]:
        """The names that several concepts of the same vocabulary share.

        Key: such a name. Value: for each vocabulary in which several concepts have the name, a list of these concepts.
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
        """Return the entries that are directly broader than an entry (skos:broader)."""
        numbers = self._numbers[entry.vocabulary]
        return [LexiconEntry(entry.vocabulary, numbers[iri]) for iri in self.concept(entry).broader]

    def beside(self, entry: LexiconEntry) -> list[LexiconEntry]:
        """Return the entries that are related to an entry (skos:related)."""
        numbers = self._numbers[entry.vocabulary]
        return [LexiconEntry(entry.vocabulary, numbers[iri]) for iri in self.concept(entry).related]

    @cached_property
    def below(self) -> dict[LexiconEntry, list[LexiconEntry]]:
        """Key: an entry. Value: the entries that are directly narrower (skos:narrower)."""
        found: dict[LexiconEntry, list[LexiconEntry]] = defaultdict(list)
        for number, vocabulary in enumerate(self.vocabularies):
            for at in range(len(vocabulary.concepts)):
                for broader in self.above(LexiconEntry(number, at)):
                    found[broader].append(LexiconEntry(number, at))
        return found


def _preferred(label: str) -> list[tuple[str, bool]]:
    """Return the names in a preferred label, which may have a qualifier in brackets.

    Returns:
        Pairs of a name and whether it counts as preferred. A label without a qualifier counts as preferred. From a
        label with a qualifier ("Mercury (planet)"), the qualifier is removed, and the rest does not count as preferred.
        If one of the two is an acronym of the other ("SAN (storage area network)"), both count as preferred.
    """
    found = _QUALIFIED.fullmatch(label)
    if found is None:
        return [(label, True)]
    if are_initials(found[2], found[1]) or are_initials(found[1], found[2]):
        return [(found[1], True), (found[2], True)]
    return [(found[1], False)]
