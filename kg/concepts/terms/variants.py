"""Variants: terms that denote the same concept, because of a compound's spelling, an acronym, or a merge in kg.toml.

Terms that differ in case, plural, hyphen, possessive or British spelling already share a normal form. The rules, and
the evidence behind them, are in docs/decisions/0014-one-concept-one-node.md.
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
"""Smallest share of articles that makes one expansion of an acronym dominant.

It is a share of the articles in which the expansion of the acronym is known. In the other articles, the acronym is
then taken to have the dominant expansion too.
"""

_MAX_DEPTH: Final = 3
"""Largest number of times that an expansion is itself expanded: "mRNA" is "messenger RNA", which contains "RNA"."""

Expansions = Mapping[str, Mapping[str, int]]
"""For each acronym and each of its expansions, the number of articles that support this expansion.

An article supports an expansion if it defines the acronym by it. An article that uses the acronym without defining it
supports the only known expansion that occurs in it. Articles that repeat another article are not counted.
"""
Key = tuple[int, str]
"""A file number and a term."""


@dataclass(frozen=True)
class Variants:
    """The concept that each term denotes; terms and concepts are normal forms."""

    everywhere: Mapping[str, str] = field(default_factory=dict)
    """By term, the concept that it denotes in all articles."""
    inside: Mapping[Key, str] = field(default_factory=dict)
    """By file number and term, the concept that the term denotes in this article.

    This mapping takes precedence over `everywhere`.
    """
    curation: Curation = field(default_factory=Curation)
    """The entries of kg.toml. Its merges take precedence over both mappings above."""
    written: Mapping[str, str] = field(default_factory=dict)
    """For each expansion, its most frequent spelling in the articles that define an acronym by it."""
    expansions: Expansions = field(default_factory=dict)
    """For each acronym, its expansions, with the number of articles that support each."""

    @cached_property
    def acronymic(self) -> frozenset[str]:
        """The terms whose concept depends on the article: acronyms, and terms that contain an acronym."""
        return frozenset(term for _, term in self.inside)

    def concept(self, file: int, term: str) -> str:
        """Return the normal form of the concept that `term` denotes in the article with the file number `file`.

        A file number of -1 gives the concept that the term denotes outside any article.
        """
        if term in self.curation.concepts:
            return self.curation.concept(term)
        found = self.inside.get((file, term)) or self.everywhere.get(term, term)
        return self.curation.concept(found)


def find_variants(corpus: Corpus, curation: Curation) -> Variants:
    """Find the concept that each term of a corpus denotes.

    Args:
        corpus: the annotations of all articles.
        curation: the entries of kg.toml. No other rule maps the terms that these entries name.
    """
    acronyms, postings = corpus.acronyms, corpus.postings()
    said = (corpus.keywords["form"], acronyms["long"])
    vocabulary = TermIndex(pa.chunked_array([postings.terms, *(c for column in said for c in column.chunks)]).unique())
    named = {*curation.rejected, *curation.accepted, *curation.labels, *curation.names, *curation.concepts}
    everywhere = _protect(compounds(vocabulary, corpus.words, corpus.read_forms), named)
    fullest = _same_expansions(acronyms, everywhere, named)
    everywhere = {term: fullest.get(concept, concept) for term, concept in everywhere.items()} | fullest
    finder = _Acronyms(corpus, postings, everywhere, named)
    inside = finder.resolve(corpus.keywords)
    holding = finder.holding_a_short_form(vocabulary)
    everywhere |= finder.with_both_forms(term for term in holding if term not in named)
    inside |= finder.inside_of_terms(holding, vocabulary, inside)
    return Variants(everywhere, inside, curation, finder.written, finder.expansions)


def _protect(found: dict[str, str], named: set[str]) -> dict[str, str]:
    """Return `found`, adjusted so that no term of `named` is mapped.

    An entry that maps a named term to another one is reversed: the other term is mapped to the named one, unless it is
    itself in `named`.
    """
    turned = {concept: term for term, concept in sorted(found.items(), reverse=True) if term in named}
    turned = {concept: term for concept, term in turned.items() if concept not in named}
    result = {term: turned.get(concept, concept) for term, concept in found.items() if term not in named}
    return result | turned


def _same_expansions(acronyms: pa.Table, everywhere: Mapping[str, str], named: set[str]) -> dict[str, str]:
    """Map equivalent expansions of an acronym to the fullest of them.

    Expansions are equivalent if they differ only in small words, in derivational endings, or in an acronym that one of
    them contains. Examples are "HTTP secure" and "hypertext transfer protocol secure", or "graphics processing unit"
    and "graphical processing unit". Equal stems are weak evidence: terms that share nothing else are only proposed for
    review. Expansions also share an acronym, which confirms that they are equivalent.
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
    return {long: _follow(long, result) for long in result}


def _follow(term: str, found: Mapping[str, str]) -> str:
    """Follow a chain of mappings to its end.

    The chain has an end: each step leads to a fuller expansion, and so never back to an earlier one.
    """
    while term in found:
        term = found[term]
    return term


class _Acronyms:
    """Resolves the acronyms of a corpus.

    The expansion of an acronym in an article is the first of these that exists:

    1. the expansion that the article defines;
    2. the known expansion of the acronym that occurs in the article, if no other known expansion occurs there too;
    3. the dominant expansion in the corpus, see `DOMINANT`.

    `expansions` counts the articles in which the first or the second case applies.
    """

    def __init__(self, corpus: Corpus, postings: Postings, everywhere: Mapping[str, str], named: set[str]) -> None:
        self._postings = postings
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
        self._inferred = self._infer()
        self.expansions = self._counted(set(corpus.repeated.tolist()))
        self.dominant = {short: long for short in sorted(self.expansions) if (long := self._dominant(short))}

    def _files_of_short_forms(self, corpus: Corpus) -> list[Key]:
        """Find the articles that use a short form as an acronym: most of its occurrences look like "AIDS", not "aids".

        Returns:
            The file number and the short form, for each such article and short form.
        """
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

    def _infer(self) -> dict[Key, str]:
        """Infer the expansion of a short form in articles that do not define it.

        An expansion is inferred if it is the only known expansion of the short form that occurs in the article.
        """
        longs = {long for found in self._longs.values() for long in found}
        names = longs | {term for term, concept in self._everywhere.items() if concept in longs}
        postings: dict[int, set[str]] = defaultdict(set)
        for file, term in self._postings.pairs(names):
            postings[file].add(self._everywhere.get(term, term))
        inferred = {}
        for file, short in self._uses:
            found = self._longs[short] & postings[file]
            if (file, short) not in self._defined and len(found) == 1:
                inferred[file, short] = next(iter(found))
        return inferred

    def _counted(self, repeated: set[int]) -> dict[str, dict[str, int]]:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for (file, short), longs in self._defined.items():
            if file not in repeated:
                counts[short].update(longs)
        for (file, short), long in self._inferred.items():
            if file not in repeated:
                counts[short][long] += 1
        return {
            short: dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
            for short, found in sorted(counts.items())
        }

    def _dominant(self, short: str) -> str | None:
        """Return the dominant expansion of a short form (see `DOMINANT`), or None.

        If only one article supports the expansion, the expansion must consist of several words, and their initials must
        be the short form.
        """
        long, count = next(iter(self.expansions[short].items()))
        if count < DOMINANT * sum(self.expansions[short].values()):
            return None
        return long if count > 1 or (" " in long and are_initials(short, long)) else None

    def resolve(self, keywords: pa.Table) -> dict[Key, str]:
        """Expand each short form in each article that has the short form in its text or keywords.

        Returns:
            The expansions, by file number and short form. A short form without a known expansion is left out.
        """
        short = keywords.filter(pc.is_in(keywords["form"], pa.array([*self._longs], pa.string())))
        columns = (short[name].to_pylist() for name in ("file", "form", "label"))
        said = [(file, form) for file, form, label in zip(*columns, strict=True) if is_short_form(bare(label))]
        result: dict[Key, str] = {}
        for key in sorted({*self._uses, *said, *self._defined}):
            defined = self._defined.get(key, set())
            long = min(defined) if len(defined) == 1 else self._inferred.get(key)
            if not defined and long is None:
                long = self.dominant.get(key[1])
            if long is not None:
                result[key] = long
        return {(file, short): self._follow_chain(result, file, long) for (file, short), long in result.items()}

    @staticmethod
    def _follow_chain(resolved: Mapping[Key, str], file: int, long: str) -> str:
        for _ in range(_MAX_DEPTH):
            long = resolved.get((file, long), long)
        return long

    def holding_a_short_form(self, vocabulary: TermIndex) -> list[str]:
        """Return the terms that contain a short form as a word, or are one."""
        return strings(vocabulary.terms, vocabulary.holding(self._longs.keys()))

    def with_both_forms(self, terms: Iterable[str]) -> dict[str, str]:
        """Map each term that contains an acronym beside its expansion to the term without the acronym.

        For example, "machine learning (ML)" is mapped to "machine learning".
        """
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
        """Expand short forms inside longer terms ("ML model"), if the corpus has the expanded term too.

        Args:
            holding: terms that contain a short form.
            vocabulary: the index of all normal forms of the corpus.
            resolved: the result of `resolve`.
        """
        result: dict[Key, str] = {}
        for file, term in self._postings.pairs(term for term in holding if " " in term):
            words = self._everywhere.get(term, term).split(" ")
            full = " ".join(resolved.get((file, word), word) for word in words)
            full = self._everywhere.get(full, full)
            if full != " ".join(words):
                result[file, term] = full
        known = numbers_of(vocabulary.terms, {*result.values(), *self._everywhere})
        concepts = {self._everywhere.get(term, term) for term in known}
        return {key: full for key, full in result.items() if full in concepts}
