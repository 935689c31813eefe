"""Variants: different terms that denote the same concept, such as "ML" and "machine learning".

They are spellings of a compound ("data set", "dataset"), acronyms and their expansions, and terms that kg.toml merges.
Terms that differ only in case, number, hyphens, possessive or British spelling already have the same normal form. The
rules, and the measurements behind them, are in docs/decisions/0014-one-concept-one-node.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.curation import Curation
from kg.annotate.extract.acronyms import are_initials, bare, is_acronym, is_short_form, is_written_short
from kg.annotate.text.term_filter import is_term
from kg.concepts.terms.compounds import compounds
from kg.concepts.terms.corpus import Corpus, rows_of, texts
from kg.concepts.terms.stems import stems
from kg.concepts.terms.term_index import Postings, TermIndex, is_any, numbers_of, strings

DOMINANT: Final = 0.8
"""Minimum share of articles that makes one expansion of an acronym dominant.

The share refers to the articles in which the expansion of the acronym is known. These are the articles that define the
acronym, and the articles in which exactly one of its known expansions occurs. In all other articles, the acronym is
assumed to have the dominant expansion.
"""

PREFERRED: Final = 3
"""An acronym is the name of a thing if it occurs at least this many times as often as its expansion.

It is then the preferred label of the concept. For example, "RNA" is usually preferred to its expansion, whereas "ML" is
not preferred to "machine learning".
"""

_MAX_DEPTH: Final = 3
"""Maximum number of times that an expansion that is itself an acronym is replaced by the expansion of this acronym."""

Expansions = Mapping[str, Mapping[str, int]]
"""Key: an acronym. Value: its expansions, such as "machine learning" for "ML", each with a number of articles.

Two kinds of articles are counted: articles that define the acronym by this expansion, and articles that use the acronym
without defining it, but contain this expansion and no other known one. Articles that repeat another article are not
counted.
"""
Key = tuple[int, str]
"""A term in an article: the number of the article's file in the sorted list of all files, and the term."""


@dataclass(frozen=True)
class Variants:
    """The mapping of terms to the concepts that they denote.

    Terms and concepts are normal forms (singular, lower case, American spelling). A term that is in none of the
    attributes `everywhere`, `inside` and `curation` denotes the concept of the same name.
    """

    everywhere: Mapping[str, str] = field(default_factory=dict)
    """Key: a term. Value: the concept that the term denotes in every article, if `inside` has no entry for it."""
    inside: Mapping[Key, str] = field(default_factory=dict)
    """Key: a file number and a term. Value: the concept that the term denotes in the article of this file.

    This mapping takes precedence over `everywhere`.
    """
    curation: Curation = field(default_factory=Curation)
    """The curation entries of kg.toml. Their merges take precedence over `everywhere` and `inside`."""
    written: Mapping[str, str] = field(default_factory=dict)
    """Key: the expansion of an acronym. Value: its most frequent spelling in definitions of the acronym."""
    expansions: Expansions = field(default_factory=dict)
    """Key: an acronym. Value: its expansions, each with a number of articles, as explained at `Expansions`."""
    other_words: frozenset[Key] = frozenset()
    """The file number and the term of each article in which a term spelled like an acronym is an ordinary word.

    For example, the term is "cam" in an article about engines, while "CAM" is an acronym in the other articles.
    """

    @cached_property
    def acronymic(self) -> frozenset[str]:
        """The terms whose concept may differ from article to article: acronyms, and terms that contain an acronym."""
        return frozenset(term for _, term in self.inside)

    def concept(self, file: int, term: str) -> str:
        """Return the normal form of the concept that `term` denotes in the article with the file number `file`.

        If `file` is -1, only the rules that hold for all articles are used.
        """
        if term in self.curation.concepts:
            return self.curation.concept(term)
        found = self.inside.get((file, term)) or self.everywhere.get(term, term)
        return self.curation.concept(found)


def find_variants(corpus: Corpus, curation: Curation, acronyms: Collection[str] = ()) -> Variants:
    """Find the terms that denote the same concept, because of the spelling of a compound, an acronym, or kg.toml.

    Args:
        corpus: the annotations of all articles.
        curation: the curation entries of kg.toml, which take precedence over the other rules.
        acronyms: further terms that are acronyms if most articles write them in capitals, such as those of external
            vocabularies.
    """
    postings = corpus.postings()
    said = (corpus.keywords["form"], corpus.acronyms["long"])
    vocabulary = TermIndex(pa.chunked_array([postings.terms, *(c for column in said for c in column.chunks)]).unique())
    named = {*curation.rejected, *curation.accepted, *curation.labels, *curation.names, *curation.concepts}
    everywhere = _protect(compounds(vocabulary, corpus.words, corpus.read_forms), named)
    fullest = _same_expansions(corpus.acronyms, everywhere, named)
    everywhere = {term: fullest.get(concept, concept) for term, concept in everywhere.items()} | fullest
    finder = _Acronyms(corpus, postings, everywhere, named, {*acronyms, *_acronyms_named(corpus.keywords, curation)})
    inside = finder.resolve(corpus.keywords)
    holding = [term for term in finder.holding_a_short_form(vocabulary) if term not in named]
    everywhere |= finder.with_both_forms(holding)
    inside |= finder.inside_of_terms(holding, vocabulary, inside, corpus.keywords)
    return Variants(everywhere, inside, curation, finder.written, finder.expansions, finder.other_words)


def _acronyms_named(keywords: pa.Table, curation: Curation) -> set[str]:
    """Return the terms that authors or kg.toml write like an acronym at least as often as not."""
    counts: Counter[str] = Counter()
    columns = (keywords[name].to_pylist() for name in ("form", "label"))
    for form, text in [*zip(*columns, strict=True), *((entry.form, entry.text) for entry in curation.entries)]:
        if " " not in form:
            counts[form] += 1 if is_acronym(text) else -1
    return {form for form, count in counts.items() if count >= 0}


def _protect(found: dict[str, str], named: set[str]) -> dict[str, str]:
    """Return a copy of the mapping `found` that is changed so that no term of `named` is a key.

    If `found` maps a term A of `named` to a concept B, the copy reverses this: it maps B to A, and it maps all other
    terms of B to A. If B is in `named` too, the entry for A is only removed.
    """
    turned = {concept: term for term, concept in sorted(found.items(), reverse=True) if term in named}
    turned = {concept: term for concept, term in turned.items() if concept not in named}
    result = {term: turned.get(concept, concept) for term, concept in found.items() if term not in named}
    return result | turned


def _same_expansions(acronyms: pa.Table, everywhere: Mapping[str, str], named: set[str]) -> dict[str, str]:
    """Map equivalent expansions of an acronym to the one with the most words. Terms in `named` are not mapped.

    Two expansions are equivalent if their words have the same stems. Before this comparison, function words are left
    out, and acronyms among the words are expanded. Examples are "graphics processing unit" and "graphical processing
    unit", or "HTTP secure" and "hypertext transfer protocol secure". Two expansions are also equivalent if one of them
    has at least three words, and the other consists of the same words and one additional word. Equal stems alone are
    weak evidence that two terms are synonyms, but here the common acronym is further evidence.
    """
    longs: dict[str, Counter[str]] = defaultdict(Counter)
    for short, long in zip(acronyms["short"].to_pylist(), acronyms["long"].to_pylist(), strict=True):
        longs[everywhere.get(short, short)][everywhere.get(long, long)] += 1
    best = {short: min(found, key=lambda long: (-found[long], long)) for short, found in longs.items()}
    result: dict[str, str] = {}
    for _, found in sorted(longs.items()):
        groups: dict[str, list[str]] = defaultdict(list)
        for long in sorted(found, key=lambda long: (-long.count(" "), long)):
            words = (part for word in long.split(" ") for part in best.get(word, word).split(" "))
            longer = (other for other, group in groups.items() if any(_lacks_one_word(long, one) for one in group))
            own = stems(words)
            groups[own if own in groups else next(longer, own)].append(long)
        for group in groups.values():
            fullest = min(group, key=lambda long: (-long.count(" "), len(long), long))
            result |= {long: fullest for long in group if long != fullest and long not in named}
    return {long: _follow(long, result) for long in result}


def _lacks_one_word(term: str, longer: str) -> bool:
    """Return whether a term of three words or more has all words of `longer` but one, in the same order."""
    words, others = term.split(" "), longer.split(" ")
    if not 3 <= len(words) == len(others) - 1:
        return False
    return any(words == others[:at] + others[at + 1 :] for at in range(len(others)))


def _follow(term: str, found: Mapping[str, str]) -> str:
    """Look up `term` in `found`, then look up the result, and so on.

    Return the first result that is not a key of `found`. The look-ups end, since each result precedes the one before in
    a fixed order of expansions: by number of words (the largest first), then by number of characters, then
    alphabetically.
    """
    while term in found:
        term = found[term]
    return term


def _of_other_words(uses: list[Key], words: list[Key], acronyms: set[str], keywords: pa.Table) -> frozenset[Key]:
    """Return the occurrences in `words` that are ordinary words and not acronyms, see `Variants.other_words`.

    Args:
        uses: the articles in which a term is written like an acronym.
        words: the articles in which a term is written like an ordinary word.
        acronyms: the terms that may be acronyms. Such a term is an acronym if at least half of the articles write it
            like one.
        keywords: the table `Corpus.keywords`. A keyword of an article's author always denotes the concept.
    """
    balance = Counter(term for _, term in uses)
    balance.subtract(term for _, term in words)
    said = set(zip(keywords["file"].to_pylist(), keywords["form"].to_pylist(), strict=True))
    return frozenset(key for key in words if key[1] in acronyms and balance[key[1]] >= 0 and key not in said)


class _Acronyms:
    """Finder of the expansions of acronyms in all articles.

    An expansion is known if at least one article defines the acronym by it. The expansion of an acronym in a certain
    article is the first of these that exists:

    1. the expansion by which the article defines the acronym;
    2. the known expansion that occurs in the article, if no other known expansion of the acronym occurs there;
    3. the dominant expansion in all articles, see `DOMINANT`.

    If an article defines an acronym by several expansions, none of them is used. The attribute `expansions` has the
    numbers of articles for the cases 1 and 2.
    """

    def __init__(
        self, corpus: Corpus, postings: Postings, everywhere: Mapping[str, str], named: set[str], acronyms: set[str]
    ) -> None:
        self._postings = postings
        self._everywhere = everywhere
        self._defined: dict[Key, set[str]] = defaultdict(set)
        spelt: dict[str, Counter[str]] = defaultdict(Counter)
        self._stop_words: set[str] = set()
        for row in corpus.acronyms.to_pylist():
            long = everywhere.get(row["long"], row["long"])
            short = everywhere.get(row["short"], row["short"])
            if short != long and short not in named and is_term(long.split(" ")):
                self._defined[row["file"], short].add(long)
                spelt[long][row["long_form"]] += 1
                if row["is_stop_word"]:
                    self._stop_words.add(short)
        self.written = {long: min(found, key=lambda form: (-found[form], form)) for long, found in spelt.items()}
        self._longs: dict[str, set[str]] = defaultdict(set)
        for (_, short), longs in self._defined.items():
            self._longs[short] |= longs
        self._frequency: dict[Key, int] = {}
        self._spelt: Counter[str] = Counter()
        self._uses, words = self._files_of_short_forms(corpus, acronyms)
        self.other_words = _of_other_words(self._uses, words, acronyms, corpus.keywords)
        self._inferred = self._infer()
        self._shortened: Counter[tuple[str, str]] = Counter()
        for (file, short), long in (*self._singly_defined(), *self._inferred.items()):
            self._shortened[short, long] += self._frequency.get((file, short), 0)
        self.expansions = self._counted(set(corpus.repeated.tolist()))
        self.dominant = {short: long for short in sorted(self.expansions) if (long := self._dominant(short))}

    def _files_of_short_forms(self, corpus: Corpus, acronyms: set[str]) -> tuple[list[Key], list[Key]]:
        """Find the articles that use a short form as an acronym ("APP"), and those that use it as a word ("app").

        It is used as an acronym if more than half of the occurrences in the article are written like one. The terms in
        `acronyms` are looked up too.

        Returns:
            Two sorted lists of pairs: the file number of such an article, and the short form.
        """
        shorts = self._longs.keys() | acronyms
        longs = {long for found in self._longs.values() for long in found}
        longs |= {term for term, concept in self._everywhere.items() if concept in longs}
        rows = rows_of(corpus.read_candidates, shorts | longs, ["file", "term", "frequency", "occurrences"])
        columns = (rows[name].to_pylist() for name in ("file", "term", "frequency"))
        for file, term, count in zip(*columns, strict=True):
            self._frequency[file, term] = count
            self._spelt[self._everywhere.get(term, term)] += count
        rows = rows.filter(pa.array(is_any(rows["term"], shorts)))
        uses: list[Key] = []
        words: list[Key] = []
        for batch in rows.combine_chunks().to_batches(max_chunksize=4096):
            parts = texts(corpus.articles, batch["file"].to_pylist())
            for row in batch.to_pylist():
                own = parts[row["file"]]
                places = [own[place["part"]][place["start"] : place["end"]] for place in row["occurrences"]]
                is_acronym = 2 * sum(map(is_written_short, places)) > len(places)
                (uses if is_acronym else words).append((row["file"], row["term"]))
        return sorted(uses), sorted(words)

    def _singly_defined(self) -> Iterator[tuple[Key, str]]:
        """Yield the key and the expansion of each short form that an article defines in exactly one way."""
        return ((key, next(iter(longs))) for key, longs in self._defined.items() if len(longs) == 1)

    def _infer(self) -> dict[Key, str]:
        """Infer the expansion of a short form ("ML") in each article that uses the short form without defining it.

        An expansion is inferred if it occurs in the article, and no other known expansion of the short form does.
        """
        longs = {long for found in self._longs.values() for long in found}
        names = longs | {term for term, concept in self._everywhere.items() if concept in longs}
        postings: dict[int, set[str]] = defaultdict(set)
        for file, term in self._postings.pairs(names):
            postings[file].add(self._everywhere.get(term, term))
        inferred = {}
        for file, short in self._uses:
            found = self._longs.get(short, set()) & postings[file]
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
        """Return the dominant expansion of a short form (see `DOMINANT`), or None if there is none.

        A short form that is also a function word, such as "OR", has no dominant expansion, since it may be the function
        word in capitals. If only one article is evidence for an expansion, the expansion must have several words, and
        the short form must consist of their initials; or the short form must be the name of the thing there (see
        `PREFERRED`).
        """
        long, count = next(iter(self.expansions[short].items()))
        if short in self._stop_words or count < DOMINANT * sum(self.expansions[short].values()):
            return None
        is_sure = count > 1 or (" " in long and are_initials(short, long)) or self._is_name(short, long)
        return long if is_sure else None

    def _is_name(self, short: str, long: str) -> bool:
        """Return whether the short form is the name of a thing, in the articles that have its expansion `long`."""
        return self._shortened[short, long] >= PREFERRED * max(1, self._spelt[long])

    def resolve(self, keywords: pa.Table) -> dict[Key, str]:
        """Find the expansion of each short form in each article that has the short form in its text or keywords.

        Args:
            keywords: the table `Corpus.keywords`.

        Returns:
            A mapping. Key: a file number and a short form. Value: the expansion of the short form in this article.
            Short forms for which no expansion was found are left out.
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
        """Return the terms of `vocabulary` that contain a short form."""
        return strings(vocabulary.terms, vocabulary.holding(self._longs.keys()))

    def with_both_forms(self, terms: Iterable[str]) -> dict[str, str]:
        """Map each term that contains an acronym next to its expansion to the same term without the acronym.

        For example, the term "machine learning ML" is mapped to "machine learning".
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
        self, holding: Iterable[str], vocabulary: TermIndex, resolved: Mapping[Key, str], keywords: pa.Table
    ) -> dict[Key, str]:
        """Expand short forms inside longer terms: map "ML model" to "machine learning model", if that is a term too.

        A keyword need not be in the text. Its short form then has the dominant expansion.

        Args:
            holding: terms that contain a short form.
            vocabulary: the index of all terms.
            resolved: the result of `resolve`.
            keywords: the table `Corpus.keywords`.

        Returns:
            A mapping. Key: a file number and a term. Value: the expanded term, which the term denotes in this article.
        """
        result: dict[Key, str] = {}
        longer = {term for term in holding if " " in term}
        said = keywords.filter(pc.is_in(keywords["form"], pa.array(sorted(longer), pa.string())))
        columns = (said[name].to_pylist() for name in ("file", "form", "label"))
        is_short = {
            (file, form): any(map(is_written_short, label.split())) for file, form, label in zip(*columns, strict=True)
        }
        for file, term in [*self._postings.pairs(longer), *is_short]:
            words = self._everywhere.get(term, term).split(" ")
            others = self.dominant if is_short.get((file, term)) else {}
            full = " ".join(resolved.get((file, word), others.get(word, word)) for word in words)
            full = self._everywhere.get(full, full)
            if full != " ".join(words):
                result[file, term] = full
        known = numbers_of(vocabulary.terms, {*result.values(), *self._everywhere})
        concepts = {self._everywhere.get(term, term) for term in known}
        return {key: full for key, full in result.items() if full in concepts}
