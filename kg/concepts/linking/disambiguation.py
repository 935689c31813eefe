"""What the terms of a corpus mean in external vocabularies, as far as names and the articles' company tell.

An equal name is no proof: a word has several meanings, and a vocabulary means one of them. What bears a meaning out is
company, the vocabulary's neighbouring concepts in the same articles. A name of one word must be borne out; a name of
several may not be contradicted. The figures behind the limits are in docs/decisions/0018-external-vocabularies.md.
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
"""How many times as often as by chance a word must have its company."""
WITNESSES: Final = 2
"""The least number of its articles that must have it."""
CHANCE: Final = 0.05
"""The greatest probability that it has so much of it by chance."""
ALONE: Final = 0.25
"""Of a term's occurrences, the share that must not be inside of longer terms."""
NAMED: Final = 0.9
"""Of the times that a word stands in prose, the share with the vocabulary's capitals that makes it a name."""
SEVERAL: Final = 3
"""Articles in which two words are a name in any company; in fewer, they may stand together by chance.
Of a term's occurrences, also how many must be inside of longer terms before that means something.
"""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a term means in an external vocabulary."""

    entry: LexiconEntry
    kind: MatchKind
    direct: bool
    """Whether the term is the preferred label itself, and not a variant of it."""


@dataclass(frozen=True)
class LinkedTerms:
    """The terms of a corpus that are names in external vocabularies."""

    meanings: Mapping[str, Sequence[Meaning]] = field(default_factory=dict)
    """By term, for at least one vocabulary each."""

    @property
    def certain(self) -> frozenset[str]:
        """The terms that are a vocabulary's concept exactly."""
        kinds = {term: {meaning.kind for meaning in meanings} for term, meanings in self.meanings.items()}
        return frozenset(term for term, found in kinds.items() if MatchKind.EXACT in found)

    @property
    def likely(self) -> frozenset[str]:
        """Those, and names of several words that are one of its concepts closely; one word may mean another thing."""
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
    """What the terms of a corpus mean in the vocabularies.

    Args:
        lexicon: the vocabularies' names.
        postings: the concepts that there may be, and where they stand.
        candidates: the rows of `postings`.
        read_forms: reads `kg.annotate.rows.FORMS`.
        variants: which concept a term means.
        articles: how many there are.
        chosen: the numbers of the terms that are concepts anyway, by an author or by their salience.
    """
    if not lexicon.names:
        return LinkedTerms()
    named = _named(lexicon, postings.terms.to_pylist(), variants)
    files = _files(postings, named)
    inside = _inside(postings, candidates, named)
    certain = frozenset(strings(postings.terms, chosen))
    company = _Company(lexicon, named, files, articles)
    written = _Written(read_forms, [name for name in lexicon.names if name.count(" ") < 2])
    meanings: dict[str, list[Meaning]] = defaultdict(list)
    for term, entries in sorted(named.items()):
        for entry, use in sorted(entries.items()):
            having = files.get(term, 0)
            evidence = _Support(
                having.bit_count(), *company.of(entry, having), company.known(entry), term in certain, term in inside
            )
            kind = _kind(use, term, evidence, written)
            if kind is not None:
                meanings[term].append(Meaning(entry, kind, use.name == term))
    return LinkedTerms(meanings)


@dataclass(frozen=True, slots=True)
class _Use:
    """A name of an entry that a term is."""

    name: str
    preferred: bool
    """Whether it is as good as the preferred label."""
    label: str
    is_acronym: bool


Named = Mapping[str, Mapping[LexiconEntry, _Use]]


def _named(lexicon: Lexicon, terms: Collection[str], variants: Variants) -> dict[str, dict[LexiconEntry, _Use]]:
    """Of each term the entries that it may be, each by its best name; ambiguous names are those of none."""
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
    for term, entry in expanded:  # an acronym tells something where both mean the same by it
        if (found := named.get(term, {}).get(entry)) is not None:
            named[term][entry] = replace(found, preferred=True)
    return {term: entries for term, entries in named.items() if entries}


class _Resolver:
    """The concept that a name means in the articles."""

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
        """The term, and whether the articles only come to it by an acronym; none, where it is not just one."""
        concept = self._variants.concept(-1, name)
        if concept in self._terms:
            return concept, False
        longs = {self._variants.curation.concept(long) for long in self._expansions.get(name, ())} & self._terms
        if longs:
            return (next(iter(longs)) if len(longs) == 1 else None), True
        same = self._squeezed.get(name.replace(" ", ""), set())
        return (next(iter(same)) if len(same) == 1 else None), False


class _Written:
    """How names of one or two words are written in the articles."""

    def __init__(self, read_forms: ReadRows, words: Iterable[str]) -> None:
        found = rows_of(read_forms, words, FORMS.names)
        self._counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        columns = (found[name].to_pylist() for name in FORMS.names)
        for term, form, running, count in zip(*columns, strict=True):
            if running:
                self._counts[term][form] += count

    def as_vocabulary(self, use: _Use) -> bool:
        """Whether a name that is an acronym is mostly written as one: "SAN", and not "san"."""
        counts = self._counts.get(use.name, {})
        short = sum(count for form, count in counts.items() if is_short_form(bare(form)))
        return not use.is_acronym or 2 * short > sum(counts.values())

    def as_name(self, use: _Use) -> bool:
        """Whether prose nearly always writes it as the vocabulary does and nobody writes words: "Bell Labs"."""
        counts = self._counts.get(use.name, {})
        same = sum(count for form, count in counts.items() if form.removesuffix("'s") == use.label)
        return use.label.lower() != use.label != use.label.upper() and same > NAMED * sum(counts.values())


def _kind(use: _Use, term: str, evidence: _Support, written: _Written) -> MatchKind | None:
    """How far an equal name can be believed: exactly, closely, or not at all."""
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
    """What the articles say of a term's meaning."""

    articles: int
    """That have the term."""
    observed: int
    """In which neighbours of the entry stand, too."""
    expected: float
    """In which they would by chance."""
    known: bool
    """Whether the vocabulary says what is near the entry at all."""
    chosen: bool
    """Whether some author or the ranker takes the term for a concept."""
    inside: bool
    """Whether it stands mostly inside of longer terms, as "dynamic memory" of "dynamic memory allocation"."""

    def bears_out(self, words: int) -> bool:
        """Whether the name of one or two words means what the vocabulary means by it."""
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
        """Whether the neighbours are missing more than chance allows."""
        return 1 - at_least(self.observed + 1, self.expected) <= CHANCE


def at_least(observed: int, expected: float) -> float:
    """The probability of at least `observed` events where `expected` are expected, after Poisson."""
    if expected <= 0:
        return float(observed <= 0)
    logarithm = math.log(expected)
    fewer = math.fsum(math.exp(count * logarithm - expected - math.lgamma(count + 1)) for count in range(observed))
    return max(0.0, 1.0 - fewer)


class _Company:
    """In which articles the neighbours of an entry stand: what is above, below and beside it, and what is below those.

    Sets of articles are integers, a bit an article.
    """

    def __init__(self, lexicon: Lexicon, named: Named, files: Mapping[str, int], articles: int) -> None:
        self._lexicon = lexicon
        self._articles = max(articles, 1)
        self._of: dict[LexiconEntry, int] = defaultdict(int)
        for term, entries in named.items():
            for entry in entries:
                self._of[entry] |= files.get(term, 0)
        self._families: dict[LexiconEntry, tuple[int, int]] = {}

    def of(self, entry: LexiconEntry, files: int) -> tuple[int, float]:
        """In how many of `files` the entry's neighbours stand, and in how many they would by chance."""
        near = self._neighbours(entry)
        return (near & files).bit_count(), near.bit_count() * files.bit_count() / self._articles

    def known(self, entry: LexiconEntry) -> bool:
        """Whether anything is above, below or beside the entry."""
        near = (self._lexicon.above(entry), self._lexicon.below.get(entry), self._lexicon.beside(entry))
        return any(near)

    def _neighbours(self, entry: LexiconEntry) -> int:
        own = self._of.get(entry, 0)
        found = self._family(entry)[0]
        for near in (*self._lexicon.below.get(entry, ()), *self._lexicon.beside(entry)):
            found |= self._of.get(near, 0) | self._family(near)[0]
        for parent in self._lexicon.above(entry):
            some, several = self._family(parent)
            found |= several | (some & ~own)  # without the entry itself
        for above in self._above(entry):
            found |= self._of.get(above, 0)
        return found

    def _family(self, entry: LexiconEntry) -> tuple[int, int]:
        """The articles that have at least one, and at least two, of the entries directly below one."""
        if entry not in self._families:
            some = several = 0
            for child in self._lexicon.below.get(entry, ()):
                files = self._of.get(child, 0)
                some, several = some | files, several | (some & files)
            self._families[entry] = some, several
        return self._families[entry]

    def _above(self, entry: LexiconEntry) -> set[LexiconEntry]:
        """All entries above one, at any distance."""
        found: set[LexiconEntry] = set()
        rim = [entry]
        while rim:
            rim = [above for near in rim for above in self._lexicon.above(near) if above not in found]
            found.update(rim)
        return found - {entry}


def _files(postings: Postings, terms: Collection[str]) -> dict[str, int]:
    """The articles that have each term, as bits."""
    found: dict[str, int] = defaultdict(int)
    for file, term in postings.pairs(terms):
        found[term] |= 1 << file
    return found


def _inside(postings: Postings, candidates: Candidates, terms: Collection[str]) -> frozenset[str]:
    """The terms of two words that stand several times, and mostly inside of longer ones.

    Of one word that says little ("marketing strategy"), and what a small word joins never counts as alone.
    """
    rows = postings.rows(term for term in terms if term.count(" ") == 1)
    number = postings.term[rows]
    size = len(postings.terms)
    found = candidates.take(rows, ["alone", "frequency"])
    alone, count = (
        np.bincount(number, weights=found[name].to_numpy(), minlength=size) for name in ("alone", "frequency")
    )
    return frozenset(strings(postings.terms, np.flatnonzero((alone < ALONE * count) & (count >= SEVERAL))))
