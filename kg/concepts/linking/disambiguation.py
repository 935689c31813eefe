"""Entity disambiguation: link the terms of a corpus to entries of external vocabularies, by name and context.

An entry is a concept of an external vocabulary. A term and an entry can have the same name and different meanings,
since a word may have several meanings, and a vocabulary often has only one of them. If the meaning is the same, the
neighbours of the entry in the vocabulary (such as broader concepts) should occur in the same articles as the term. This
is called the support of a name by its context. For an exact match, a name of one word needs much support. A name of two
words needs less support, and a longer name or a proper name needs none. The measurements behind the thresholds are in
docs/decisions/0018-external-vocabularies.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from kg.annotate.extract.acronyms import bare, is_short_form
from kg.annotate.rows import FORMS
from kg.base.arrays import Ints
from kg.base.model import MatchKind
from kg.concepts.linking.lexicon import Lexicon, LexiconEntry
from kg.concepts.terms.candidate_store import Candidates
from kg.concepts.terms.corpus import ReadRows, rows_of
from kg.concepts.terms.stems import SMALL
from kg.concepts.terms.term_index import Postings, strings
from kg.concepts.terms.variants import Variants

BORNE_OUT: Final = 4.0
"""Minimum ratio of observed to expected articles that a name of one word needs for an exact match.

The observed articles have both the name and a neighbour of the external concept with this name in its vocabulary (such
as a broader concept). The expected number of such articles is the number that would result by chance.
"""
WITNESSES: Final = 2
"""Minimum number of articles that must have both a name of one word and a neighbour of the concept with this name.

The neighbours are those in the external vocabulary, such as broader concepts.
"""
CHANCE: Final = 0.05
"""Significance level of the tests of numbers of articles.

A number is significant if the probability that it, or a more extreme number, results by chance is at most this level.
"""
ALONE: Final = 0.25
"""A term is mostly inside longer terms if less than this share of its occurrences is outside all longer terms."""
NAMED: Final = 0.9
"""A name is a proper name if more than this share of its occurrences in prose is capitalised like its label."""
SEVERAL: Final = 3
"""Minimum number of articles for an exact match of a name of two words without significant support by its context.

The context is the other terms in the same articles. In fewer articles, the two words may be side by side by chance. The
constant has a second use: only terms with at least this many occurrences are tested for being mostly inside longer
terms (see `ALONE`).
"""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning of a term: a concept of an external vocabulary, and the kind of the match (exact or close)."""

    entry: LexiconEntry
    kind: MatchKind
    direct: bool
    """Whether the term equals a name of the external concept, and is not a variant of this name.

    A variant is, for example, another spelling of a compound.
    """


@dataclass(frozen=True)
class LinkedTerms:
    """The result of entity linking: the terms that were linked, and the external concepts that they denote."""

    meanings: Mapping[str, Sequence[Meaning]] = field(default_factory=dict)
    """Key: a linked term. Value: its meanings, of which there is at least one."""

    @property
    def certain(self) -> frozenset[str]:
        """The terms that have an exact match with a concept of a vocabulary."""
        kinds = {term: {meaning.kind for meaning in meanings} for term, meanings in self.meanings.items()}
        return frozenset(term for term, found in kinds.items() if MatchKind.EXACT in found)

    @property
    def likely(self) -> frozenset[str]:
        """The terms with an exact match, and the terms of several words with a close match.

        Single words with only a close match are left out, since they may have another meaning.
        """
        return self.certain | {term for term in self.meanings if " " in term}


def link_terms(
    lexicon: Lexicon,
    postings: Postings,
    candidates: Candidates,
    read_forms: ReadRows,
    variants: Variants,
    articles: int,
    chosen: Ints,
) -> LinkedTerms:
    """Link the terms of the articles to concepts of external vocabularies.

    Args:
        lexicon: the names in the vocabularies.
        postings: the terms that may become concepts, and the articles in which they occur.
        candidates: the candidates, with the same rows as `postings`.
        read_forms: reads `kg.annotate.rows.FORMS`, the table of the written forms of terms.
        variants: maps terms to concepts.
        articles: the number of all articles.
        chosen: the indices in `postings.terms` of the terms that are concepts even if they are not linked, because an
            author chose them or because of their salience.
    """
    if not lexicon.names:
        return LinkedTerms()
    named = _named(lexicon, postings.terms.to_pylist(), variants)
    files = _files(postings, named)
    inside = _inside(postings, candidates, named)
    certain = frozenset(strings(postings.terms, chosen))
    context = _Context(lexicon, named, files, articles)
    written = _WrittenForms(read_forms, [name for name in lexicon.names if name.count(" ") < 2])
    meanings: dict[str, list[Meaning]] = defaultdict(list)
    for term, entries in sorted(named.items()):
        for entry, use in sorted(entries.items()):
            having = files.get(term, 0)
            evidence = _Support(
                having.bit_count(),
                *context.counts(entry, having),
                context.exists(entry),
                term in certain,
                term in inside,
            )
            kind = _kind(use, term, evidence, written)
            if kind is not None:
                meanings[term].append(Meaning(entry, kind, use.name == term))
    return LinkedTerms(meanings)


@dataclass(frozen=True, slots=True)
class _Use:
    """A name of a concept in an external vocabulary, by which a term of the articles may denote this concept."""

    name: str
    preferred: bool
    """Whether the name counts as a preferred name, as explained at `Lexicon`."""
    label: str
    is_acronym: bool


Named = Mapping[str, Mapping[LexiconEntry, _Use]]


def _named(lexicon: Lexicon, terms: Collection[str], variants: Variants) -> dict[str, dict[LexiconEntry, _Use]]:
    """Return, for each term, the entries (concepts of vocabularies) that it may denote, each with its best name.

    A preferred name (see `Lexicon`) is better than any other name. Between two preferred names, or two other names, the
    name that equals the term is better. Names that several concepts of the same vocabulary share are skipped.
    """
    resolver = _Resolver(terms, variants)
    named: dict[str, dict[LexiconEntry, _Use]] = defaultdict(dict)
    expanded: list[tuple[str, LexiconEntry]] = []
    for name, entries in sorted(lexicon.names.items()):
        doubtful = {entry for group in lexicon.ambiguous.get(name, ()) for entry in group}
        term, is_expansion = resolver.term(name)
        if term is None:
            continue
        for entry, preferred in sorted(entries.items()):
            if entry in doubtful:
                continue
            if is_expansion:
                expanded += [(term, entry)] if preferred else []
            else:
                use = _Use(name, preferred, lexicon.concept(entry).label, name in lexicon.acronyms)
                known = named[term].get(entry)
                if known is None or (use.preferred, use.name == term) > (known.preferred, known.name == term):
                    named[term][entry] = use
    for term, entry in expanded:  # an acronym confirms an entry that the term also matches by name
        if (found := named.get(term, {}).get(entry)) is not None:
            named[term][entry] = replace(found, preferred=True)
    return {term: entries for term, entries in named.items() if entries}


class _Resolver:
    """A look-up: for a name in an external vocabulary, it finds the term of the articles that the name denotes."""

    def __init__(self, terms: Collection[str], variants: Variants) -> None:
        self._terms = frozenset(terms)
        self._variants = variants
        self._expansions: dict[str, set[str]] = defaultdict(set)
        for (_, short), concept in variants.inside.items():
            self._expansions[short].add(concept)
        self._squeezed: dict[str, set[str]] = defaultdict(set)
        for term in self._terms:
            self._squeezed[term.replace(" ", "")].add(term)

    def term(self, name: str) -> tuple[str | None, bool]:
        """Return the term that a name denotes, and whether the name is an acronym of this term.

        If the name denotes no term or several terms, None is returned in place of the term.
        """
        concept = self._variants.concept(-1, name)
        if concept in self._terms:
            return concept, False
        longs = {self._variants.curation.concept(long) for long in self._expansions.get(name, ())} & self._terms
        if longs:
            return (next(iter(longs)) if len(longs) == 1 else None), True
        same = self._squeezed.get(name.replace(" ", ""), set())
        return (next(iter(same)) if len(same) == 1 else None), False


class _WrittenForms:
    """The spellings in running prose of those names in vocabularies that have one or two words, with their counts."""

    def __init__(self, read_forms: ReadRows, words: Iterable[str]) -> None:
        found = rows_of(read_forms, words, FORMS.names)
        self._counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        columns = (found[name].to_pylist() for name in FORMS.names)
        for term, form, running, count in zip(*columns, strict=True):
            if running:
                self._counts[term][form] += count

    def as_vocabulary(self, use: _Use) -> bool:
        """Whether prose writes the name `use.name` as an acronym ("SAN") more often than as a word ("san").

        If the name is not an acronym in the vocabulary, the result is always True.
        """
        counts = self._counts.get(use.name, {})
        short = sum(count for form, count in counts.items() if is_short_form(bare(form)))
        return not use.is_acronym or 2 * short > sum(counts.values())

    def as_name(self, use: _Use) -> bool:
        """Whether the name `use.name` is a proper name: prose nearly always writes it like the label ("Bell Labs").

        If the label is all in lower case or all in capitals, the name is not a proper name.
        """
        counts = self._counts.get(use.name, {})
        same = sum(count for form, count in counts.items() if form.removesuffix("'s") == use.label)
        return use.label.lower() != use.label != use.label.upper() and same > NAMED * sum(counts.values())


def _kind(use: _Use, term: str, evidence: _Support, written: _WrittenForms) -> MatchKind | None:
    """Return the kind of the match between a term and the external concept with the name `use`; None for no match."""
    words = max(1, *(sum(word not in SMALL for word in name.split(" ")) for name in (use.name, term)))
    if words == 1 and not written.as_vocabulary(use):
        return None
    if words > 2 or written.as_name(use):
        sure, possible = True, True
    else:
        sure, possible = evidence.bears_out(words), not evidence.contradicts
    if not use.preferred:
        return MatchKind.CLOSE if sure else None
    return MatchKind.EXACT if sure else MatchKind.CLOSE if possible else None


@dataclass(frozen=True, slots=True)
class _Support:
    """The evidence in the articles that a term denotes a certain entry, which is a concept of an external vocabulary.

    The neighbours of the entry are concepts near it in the vocabulary, such as broader and related concepts.
    """

    articles: int
    """Number of articles that have the term."""
    observed: int
    """Number of articles that have both the term and a neighbour of the entry in the vocabulary."""
    expected: float
    """Number of articles that are expected by chance to have both the term and a neighbour of the entry."""
    known: bool
    """Whether the entry has any neighbours in the vocabulary."""
    chosen: bool
    """Whether the term is a concept even without the vocabulary, because of an author's choice or its salience."""
    inside: bool
    """Whether the term is mostly inside longer terms, as "dynamic memory" in "dynamic memory allocation"."""

    def bears_out(self, words: int) -> bool:
        """Whether the evidence suffices for an exact match of a term and a concept of a vocabulary.

        Args:
            words: the number of words of the name, without function words; it must be 1 or 2.
        """
        if self.inside:
            return False
        if at_least(self.observed, self.expected) <= CHANCE:
            return words > 1 or self.observed >= max(WITNESSES, BORNE_OUT * self.expected)
        if words == 1 or (self.expected >= 1 and self.observed < self.expected):
            return False
        if self.observed:
            return self.articles >= SEVERAL or self.chosen
        return self.articles >= SEVERAL and not self.known

    @property
    def contradicts(self) -> bool:
        """Whether significantly fewer articles with the term have a neighbour of the entry than expected by chance."""
        return 1 - at_least(self.observed + 1, self.expected) <= CHANCE


def at_least(observed: int, expected: float) -> float:
    """Return the probability of at least `observed` events, under a Poisson distribution with mean `expected`."""
    if expected <= 0:
        return float(observed <= 0)
    logarithm = math.log(expected)
    fewer = math.fsum(math.exp(count * logarithm - expected - math.lgamma(count + 1)) for count in range(observed))
    return max(0.0, 1.0 - fewer)


class _Context:
    """A look-up of the articles in which a neighbour of an entry (a concept of an external vocabulary) occurs.

    The neighbours of an entry in the vocabulary are its broader concepts at any distance, its children (the directly
    narrower concepts) and its related concepts (skos:related). The children of its children, of its related concepts
    and of its directly broader concepts are neighbours too. A set of articles is stored as an integer: bit n is 1 if
    the article with the file number n is in the set.
    """

    def __init__(self, lexicon: Lexicon, named: Named, files: Mapping[str, int], articles: int) -> None:
        self._lexicon = lexicon
        self._articles = max(articles, 1)
        self._of: dict[LexiconEntry, int] = defaultdict(int)
        for term, entries in named.items():
            for entry in entries:
                self._of[entry] |= files.get(term, 0)
        self._families: dict[LexiconEntry, tuple[int, int]] = {}

    def counts(self, entry: LexiconEntry, files: int) -> tuple[int, float]:
        """Return how many of the articles `files` have a neighbour of the entry, and how many would have one by chance.

        `files` is a set of articles, stored as an integer with one bit per file number.
        """
        near = self._neighbours(entry)
        return (near & files).bit_count(), near.bit_count() * files.bit_count() / self._articles

    def exists(self, entry: LexiconEntry) -> bool:
        """Whether the vocabulary has any broader, narrower or related concept of the entry."""
        near = (self._lexicon.above(entry), self._lexicon.below.get(entry), self._lexicon.beside(entry))
        return any(near)

    def _neighbours(self, entry: LexiconEntry) -> int:
        own = self._of.get(entry, 0)
        found = self._family(entry)[0]
        for near in (*self._lexicon.below.get(entry, ()), *self._lexicon.beside(entry)):
            found |= self._of.get(near, 0) | self._family(near)[0]
        for parent in self._lexicon.above(entry):
            some, several = self._family(parent)
            found |= several | (some & ~own)  # articles with a sibling of the entry, not only with the entry itself
        for above in self._above(entry):
            found |= self._of.get(above, 0)
        return found

    def _family(self, entry: LexiconEntry) -> tuple[int, int]:
        """Return two sets of articles: those with at least one child of the entry, and those with at least two.

        The children of an entry are the directly narrower concepts in the vocabulary.
        """
        if entry not in self._families:
            some = several = 0
            for child in self._lexicon.below.get(entry, ()):
                files = self._of.get(child, 0)
                some, several = some | files, several | (some & files)
            self._families[entry] = some, several
        return self._families[entry]

    def _above(self, entry: LexiconEntry) -> set[LexiconEntry]:
        """Return all entries that are broader than an entry, at any distance."""
        found: set[LexiconEntry] = set()
        rim = [entry]
        while rim:
            rim = [above for near in rim for above in self._lexicon.above(near) if above not in found]
            found.update(rim)
        return found - {entry}


def _files(postings: Postings, terms: Collection[str]) -> dict[str, int]:
    """Return, for each term, the set of the articles that have the term, as an integer with one bit per file number."""
    found: dict[str, int] = defaultdict(int)
    for file, term in postings.pairs(terms):
        found[term] |= 1 << file
    return found


def _inside(postings: Postings, candidates: Candidates, terms: Collection[str]) -> frozenset[str]:
    """Return the terms of two words that occur at least `SEVERAL` times, and mostly inside longer terms.

    Only terms of two words are tested. A single word is often inside longer terms ("marketing" in "marketing
    strategy"), and may still have the same meaning there. Two words joined by a function word ("point of view") cannot
    be tested, since `candidates` does not count their occurrences outside longer terms.
    """
    rows = postings.rows(term for term in terms if term.count(" ") == 1)
    number = postings.term[rows]
    size = len(postings.terms)
    found = candidates.take(rows, ["alone", "frequency"])
    alone, count = (
        np.bincount(number, weights=found[name].to_numpy(), minlength=size) for name in ("alone", "frequency")
    )
    return frozenset(strings(postings.terms, np.flatnonzero((alone < ALONE * count) & (count >= SEVERAL))))
