"""Which terms are one concept: compounds in one word or two, acronyms with their expansions, and what kg.toml merges.

What differs in case, plural, hyphen, possessive or British spelling has one normal form anyway. The rules, and what was
read to find them, are in docs/decisions/0014-one-concept-one-node.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.curation import Curation
from kg.annotate.extract.acronyms import are_initials, bare, is_short_form
from kg.annotate.text.term_filter import is_term
from kg.concepts.terms.compounds import compounds
from kg.concepts.terms.corpus import Corpus, rows_of, texts
from kg.concepts.terms.stems import stems
from kg.concepts.terms.term_index import Postings, TermIndex, numbers_of, strings

DOMINANT: Final = 0.8
"""The least share of the articles that tell an acronym's expansion, for it to hold in those that do not."""

_PARTS: Final = 3
"""How often an expansion may hold an acronym that is expanded in its turn ("mRNA", "messenger RNA")."""

Expansions = Mapping[str, Mapping[str, int]]
Key = tuple[int, str]


@dataclass(frozen=True)
class Variants:
    """Of each term the concept that it means; by normal form."""

    everywhere: Mapping[str, str] = field(default_factory=dict)
    """In every article."""
    inside: Mapping[Key, str] = field(default_factory=dict)
    """In the article of this file number; wins over `everywhere`."""
    curation: Curation = field(default_factory=Curation)
    """What kg.toml merges, which wins over both."""
    written: Mapping[str, str] = field(default_factory=dict)
    """How an article that defines an acronym writes the expansion of this normal form."""
    expansions: Expansions = field(default_factory=dict)
    """Of each acronym its expansions, with the number of articles that tell each."""

    @cached_property
    def acronymic(self) -> frozenset[str]:
        """The terms that mean something else in some articles: acronyms, and terms that hold one."""
        return frozenset(term for _, term in self.inside)

    def concept(self, file: int, term: str) -> str:
        """The normal form of the concept that `term` means in an article."""
        if term in self.curation.concepts:
            return self.curation.concept(term)
        found = self.inside.get((file, term)) or self.everywhere.get(term, term)
        return self.curation.concept(found)


def find_variants(corpus: Corpus, curation: Curation) -> Variants:
    """Decide for every term of a corpus which concept it means.

    Args:
        corpus: the rows of all articles.
        curation: terms that it names are concepts of their own or what it says; nothing found moves them.
    """
    acronyms, postings = corpus.acronyms, corpus.postings()
    said = (corpus.keywords["form"], acronyms["long"])
    vocabulary = TermIndex(pa.chunked_array([postings.terms, *(c for column in said for c in column.chunks)]).unique())
    named = {*curation.rejected, *curation.accepted, *curation.labels, *curation.names, *curation.concepts}
    everywhere = _kept(compounds(vocabulary, corpus.words, corpus.read_forms), named)
    fullest = _same_expansions(acronyms, everywhere, named)
    everywhere = {term: fullest.get(concept, concept) for term, concept in everywhere.items()} | fullest
    finder = _Acronyms(corpus, postings, everywhere, named)
    inside = finder.resolve(corpus.keywords)
    holding = finder.holding_a_short_form(vocabulary)
    everywhere |= finder.with_both_forms(term for term in holding if term not in named)
    inside |= finder.inside_of_terms(holding, vocabulary, inside)
    return Variants(everywhere, inside, curation, finder.written, finder.expansions)


def _kept(found: dict[str, str], named: set[str]) -> dict[str, str]:
    """`found` without moving a term of `named`: its twin goes to it, and not the other way."""
    turned = {concept: term for term, concept in sorted(found.items(), reverse=True) if term in named}
    turned = {concept: term for concept, term in turned.items() if concept not in named}
    result = {term: turned.get(concept, concept) for term, concept in found.items() if term not in named}
    return result | turned


def _same_expansions(acronyms: pa.Table, everywhere: Mapping[str, str], named: set[str]) -> dict[str, str]:
    """Expansions that differ in small words, derivation or an acronym inside, each with the fullest of its acronym.

    "HTTP secure" and "hypertext transfer protocol secure", "graphics …" and "graphical processing unit": the stems
    alone would only propose them, but the acronym is said of both.
    """
    longs: dict[str, Counter[str]] = defaultdict(Counter)
    for short, long in zip(acronyms["short"].to_pylist(), acronyms["long"].to_pylist(), strict=True):
        longs[everywhere.get(short, short)][everywhere.get(long, long)] += 1
    best = {short: min(found, key=lambda long: (-found[long], long)) for short, found in longs.items()}
    result: dict[str, str] = {}
    for _, found in sorted(longs.items()):
        groups: dict[str, list[str]] = defaultdict(list)
        for long in found:
            words = (part for word in long.split(" ") for part in best.get(word, word).split(" "))
            groups[stems(words)].append(long)
        for group in groups.values():
            fullest = min(group, key=lambda long: (-long.count(" "), len(long), long))
            result |= {long: fullest for long in group if long != fullest and long not in named}
    return {long: _end(long, result) for long in result}


def _end(term: str, found: Mapping[str, str]) -> str:
    """Where a chain ends; it does, since a fullest expansion is before all others in one order."""
    while term in found:
        term = found[term]
    return term


class _Acronyms:
    """What the corpus says of its acronyms.

    An article that defines one has its expansion; else that expansion, of those that the corpus knows, that alone
    stands in it; else the corpus's dominant one, if there is one. `expansions` counts the articles of the first two.
    """

    def __init__(self, corpus: Corpus, postings: Postings, everywhere: Mapping[str, str], named: set[str]) -> None:
        self._standing = postings
        self._everywhere = everywhere
        self._defined: dict[Key, set[str]] = defaultdict(set)
        spelt: dict[str, Counter[str]] = defaultdict(Counter)
        for row in corpus.acronyms.to_pylist():
            long = everywhere.get(row["long"], row["long"])
            short = everywhere.get(row["short"], row["short"])
            if short != long and short not in named and is_term(long.split(" ")):
                self._defined[row["file"], short].add(long)
                spelt[long][row["long_form"]] += 1
        self.written = {long: min(found, key=lambda form: (-found[form], form)) for long, found in spelt.items()}
        self._longs: dict[str, set[str]] = defaultdict(set)
        for (_, short), longs in self._defined.items():
            self._longs[short] |= longs
        self._uses = self._files_of_short_forms(corpus)
        self._told = self._told_by_company()
        self.expansions = self._counted(set(corpus.repeated.tolist()))
        self.dominant = {short: long for short in sorted(self.expansions) if (long := self._dominant(short))}

    def _files_of_short_forms(self, corpus: Corpus) -> list[Key]:
        """Where a short form stands as one, with capitals: "AIDS" and not "aids"."""
        rows = rows_of(corpus.read_candidates, self._longs, ["file", "term", "occurrences"])
        found = []
        for batch in rows.combine_chunks().to_batches(max_chunksize=4096):
            parts = texts(corpus.articles, batch["file"].to_pylist())
            for row in batch.to_pylist():
                own = parts[row["file"]]
                places = [own[place["part"]][place["start"] : place["end"]] for place in row["occurrences"]]
                if 2 * sum(is_short_form(bare(place.removesuffix("'s"))) for place in places) > len(places):
                    found.append((row["file"], row["term"]))
        return sorted(found)

    def _told_by_company(self) -> dict[Key, str]:
        """The expansion of each short form in an article that does not define it but has just one of its expansions."""
        longs = {long for found in self._longs.values() for long in found}
        names = longs | {term for term, concept in self._everywhere.items() if concept in longs}
        postings: dict[int, set[str]] = defaultdict(set)
        for file, term in self._standing.pairs(names):
            postings[file].add(self._everywhere.get(term, term))
        told = {}
        for file, short in self._uses:
            found = self._longs[short] & postings[file]
            if (file, short) not in self._defined and len(found) == 1:
                told[file, short] = next(iter(found))
        return told

    def _counted(self, repeated: set[int]) -> dict[str, dict[str, int]]:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for (file, short), longs in self._defined.items():
            if file not in repeated:
                counts[short].update(longs)
        for (file, short), long in self._told.items():
            if file not in repeated:
                counts[short][long] += 1
        return {
            short: dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
            for short, found in sorted(counts.items())
        }

    def _dominant(self, short: str) -> str | None:
        """The expansion that nearly all articles tell; of a single witness, only one by initials is believed."""
        long, count = next(iter(self.expansions[short].items()))
        if count < DOMINANT * sum(self.expansions[short].values()):
            return None
        return long if count > 1 or (" " in long and are_initials(short, long)) else None

    def resolve(self, keywords: pa.Table) -> dict[Key, str]:
        """The expansion of each short form in each article that has it in its text or among its keywords."""
        short = keywords.filter(pc.is_in(keywords["form"], pa.array([*self._longs], pa.string())))
        columns = (short[name].to_pylist() for name in ("file", "form", "label"))
        said = [(file, form) for file, form, label in zip(*columns, strict=True) if is_short_form(bare(label))]
        result: dict[Key, str] = {}
        for key in sorted({*self._uses, *said, *self._defined}):
            defined = self._defined.get(key, set())
            long = min(defined) if len(defined) == 1 else self._told.get(key)
            if not defined and long is None:
                long = self.dominant.get(key[1])
            if long is not None:
                result[key] = long
        return {(file, short): self._chained(result, file, long) for (file, short), long in result.items()}

    @staticmethod
    def _chained(resolved: Mapping[Key, str], file: int, long: str) -> str:
        for _ in range(_PARTS):
            long = resolved.get((file, long), long)
        return long

    def holding_a_short_form(self, vocabulary: TermIndex) -> list[str]:
        """The terms that have a short form among their words, or are one."""
        return strings(vocabulary.terms, vocabulary.holding(self._longs.keys()))

    def with_both_forms(self, terms: Iterable[str]) -> dict[str, str]:
        """Those of `terms` that say a concept twice, as keywords do: "machine learning (ML)" is "machine learning"."""
        result = {}
        for term in sorted(terms):
            padded = f" {term} "
            for short in self._longs.keys() & padded.split():
                for long in sorted(self._longs[short]):
                    for both in (f" {long} {short} ", f" {short} {long} "):
                        padded = padded.replace(both, f" {long} ")
            if padded.strip() != term:
                result[term] = self._everywhere.get(padded.strip(), padded.strip())
        return result

    def inside_of_terms(
        self, holding: Iterable[str], vocabulary: TermIndex, resolved: Mapping[Key, str]
    ) -> dict[Key, str]:
        """Those of `holding` that are longer and of which the corpus has the same with the expansion: "ML model"."""
        result: dict[Key, str] = {}
        for file, term in self._standing.pairs(term for term in holding if " " in term):
            words = self._everywhere.get(term, term).split(" ")
            full = " ".join(resolved.get((file, word), word) for word in words)
            full = self._everywhere.get(full, full)
            if full != " ".join(words):
                result[file, term] = full
        known = numbers_of(vocabulary.terms, {*result.values(), *self._everywhere})
        concepts = {self._everywhere.get(term, term) for term in known}
        return {key: full for key, full in result.items() if full in concepts}
