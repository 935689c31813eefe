"""The hierarchy of concepts: the edges (skos:broader) that lead from narrower to broader concepts.

Precision counts more than recall. An edge needs at least one of these reasons:

- an external vocabulary states it;
- the narrower concept is a compound ("deep neural network"), and the broader concept is its head ("neural network");
- one or two sentences state that the narrower concept is a kind of the broader concept;
- the broader concept is a field of knowledge, and nearly all articles that have the narrower concept also have this
  field (after M. Sanderson and B. Croft, "Deriving concept hierarchies from text", SIGIR 1999).

The edges form no cycle, and no edge is implied by a path of other edges (SKOS, section 8).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kg.annotate.extract.statement_types import Pattern
from kg.annotate.text.stopwords import GENERIC, JUDGING, ROLES
from kg.base.tables import each_row
from kg.concepts.relations.concept_index import ConceptIndex

MOST_BROADER: Final = 3
"""Maximum number of broader concepts that one concept may have."""
EARNED: Final = 4
"""Maximum number of narrower concepts that a concept of one word may have, for each article that is about the concept.

If a concept would have more narrower concepts, it gets only those that a vocabulary states.
"""
_LEAST_ABOUT: Final = 2
"""Minimum number of articles that must be about a concept of one word, so that it can be a broader concept."""
_CLASS: Final = 3
"""Minimum number of different terms that sentences must state to be kinds of X, so that the noun X names a class.

Compounds with the head X are then taken to be kinds of X too.
"""
_STATED: Final = 1e6
"""Weight of an edge that an external vocabulary states. It is larger than the sum of all other weights of an edge."""
_LEAST_PATTERN: Final = 2.0
"""Minimum total weight of the sentences that state an edge, if there is no other evidence for this edge."""
_WEIGHTS: Final = {
    Pattern.TYPE_OF: 2.0,
    Pattern.IS_A: 2.0,
    Pattern.ARE: 2.0,
    Pattern.SUCH_AS: 1.0,
    Pattern.AND_OTHER: 1.0,
    Pattern.INCLUDING: 1.0,
}
_SUBSUMED: Final = 0.9
"""Minimum share of the articles of a concept that must also have a field of knowledge, so that the field is broader."""
_LEAST_SUBSUMED: Final = 5
"""Minimum number of articles that must have both a concept and a field of knowledge, so that the field is broader."""
_LARGER: Final = 2
"""A field of knowledge can be broader than a concept only if it is in at least this many times as many articles."""
_PREPOSITIONS: Final = frozenset(
    "about after against as at before behind between beyond by during for from in into of on over per through to under "
    "vs versus via with within without".split()
)
_CONJUNCTIONS: Final = frozenset({"and", "or", "&"})
_NEGATIONS: Final = frozenset("anti counter non pre post pseudo quasi semi sub un ex".split())
_GRADING: Final = JUDGING | frozenset(
    "additional advanced basic broad certain current emerging following general global high innovative large low "
    "modern new novel other practical real specific standard traditional typical various wide".split()
)
_FIELDS: Final = frozenset("branch discipline field science subfield subject area domain paradigm".split())


class Reason(StrEnum):
    """The kinds of evidence that one concept is broader than another concept.

    `HEAD`: the narrower concept is a compound, and the broader concept is its head. `PATTERN`: sentences state the
    relation. `SUBSUMPTION`: nearly all articles that have the narrower concept also have the broader concept.
    `VOCABULARY`: an external vocabulary states the relation.
    """

    HEAD = "head"
    PATTERN = "pattern"
    SUBSUMPTION = "subsumption"
    VOCABULARY = "vocabulary"


@dataclass(slots=True)
class Broader:
    """An edge of the hierarchy. `narrower` and `broader` are the numbers of its two concepts in a `ConceptIndex`."""

    narrower: int
    broader: int
    weight: float = 0.0
    reasons: set[Reason] = field(default_factory=set)
    proof: dict[str, Any] | None = None
    """The best sentence that states this edge, as a row of `kg.annotate.rows.KINDS`; None if no sentence states it."""


def hierarchy(
    vocabulary: ConceptIndex, kinds: pa.Table, words: pa.Table, stated: Iterable[tuple[str, str]] = ()
) -> list[Broader]:
    """Compute the edges of the hierarchy, sorted by narrower, then by broader concept.

    Args:
        vocabulary: the concepts.
        kinds: rows of `kg.annotate.rows.KINDS`, except those of articles that repeat another article.
        words: rows of `kg.annotate.rows.WORDS`.
        stated: the edges that external vocabularies state, and which take precedence over others. Each edge is a pair:
            the slug of the narrower concept and the slug of the broader concept.
    """
    statements = _Statements(vocabulary, kinds)
    found: dict[tuple[int, int], Broader] = {}

    def add(narrower: int, broader: int, reason: Reason, weight: float) -> Broader:
        edge = found.setdefault((narrower, broader), Broader(narrower, broader))
        edge.weight += weight
        edge.reasons.add(reason)
        return edge

    heads = dict.fromkeys(_heads(vocabulary, _no_modifiers(words)))
    believed = {pair: files for pair, files in statements.pairs.items() if _is_plausible(vocabulary, *pair)}
    children = Counter(broader for _, broader in heads | dict.fromkeys(believed))
    parents = _Parents(vocabulary, children)
    for narrower, broader in _endocentric(vocabulary, statements, [pair for pair in heads if parents.allowed(pair[1])]):
        add(narrower, broader, Reason.HEAD, 2.0 + 0.1 * len(vocabulary.terms[broader].split()))
    for (narrower, broader), files in believed.items():
        weight = sum(files.values())
        if parents.allowed(broader) and (weight >= _LEAST_PATTERN or (narrower, broader) in found):
            add(narrower, broader, Reason.PATTERN, weight).proof = statements.proofs[narrower, broader]
    for narrower, broader, share in _subsumed(vocabulary, statements.fields):
        if (narrower, broader) in found or parents.allowed(broader):
            add(narrower, broader, Reason.SUBSUMPTION, share)
    slugs = {slug: number for number, slug in enumerate(vocabulary.slugs)}
    for one, other in stated:
        add(slugs[one], slugs[other], Reason.VOCABULARY, _STATED)
    return _reduced(_acyclic(found.values()))


# Heads


def _no_modifiers(words: pa.Table) -> frozenset[str]:
    """Return the words that are mostly used as something other than a noun, gerund or modifier, such as "reduces".

    Args:
        words: rows of `kg.annotate.rows.WORDS`.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for word, use, count in zip(*(words[name].to_pylist() for name in ("word", "use", "count")), strict=True):
        counts[word.lower()][use] += count
    return frozenset(word for word, uses in counts.items() if 2 * uses["other"] > uses.total())


def _heads(vocabulary: ConceptIndex, no_modifiers: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield pairs of a compound ("machine learning model") and its head ("model"), given as concept numbers.

    If several heads are possible, the longest one that is a concept is taken. Compounds whose first word is in
    `no_modifiers` are left out.
    """
    for number in range(len(vocabulary)):
        flat = vocabulary.terms[number].split(" ")
        if len(flat) < 2 or not _CONJUNCTIONS.isdisjoint(flat):
            continue
        if vocabulary.label(number).split()[0].lower() in no_modifiers:  # "reduces vulnerability"
            continue
        groups = vocabulary.words(number)
        names = [group[0] if len(group) == 1 else "" for group in groups]
        stop = next((at for at, word in enumerate(names) if at and word in _PREPOSITIONS), len(groups))
        cuts = [groups[at:] for at in range(1, stop) if names[at - 1] not in _NEGATIONS]
        if stop < len(groups) and names[stop] == "of":
            cuts += [groups[at:stop] for at in range(stop)]
        for rest in cuts:
            head = vocabulary.numbers.get(" ".join(word for group in rest for word in group))
            if head is not None and head != number and _is_bracket(vocabulary, flat, rest):
                yield number, head
                break


def _is_bracket(vocabulary: ConceptIndex, flat: list[str], rest: list[list[str]]) -> bool:
    """Whether the words `rest` form a unit within the words of the compound `flat`.

    For example, "learning system" is not a unit within "machine learning system" if the concept "machine learning",
    which overlaps with it, occurs in at least as many articles.
    """
    words = [word for group in rest for word in group]
    at = len(flat) - len(words)
    if len(words) < 2 or flat[at:] != words:
        return True
    own = vocabulary.alone[vocabulary.numbers[" ".join(words)]]
    for start in range(at):
        across = vocabulary.numbers.get(" ".join(flat[start : at + 1]))
        if across is not None and vocabulary.alone[across] >= own:
            return False
    return True


def _endocentric(
    vocabulary: ConceptIndex, statements: _Statements, pairs: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs in which the compound is a kind of its head. A data lake, for example, is not a lake.

    Each pair has two concept numbers: that of the compound and that of its head.
    """
    alone = vocabulary.shared([pair[0] for pair in pairs], [pair[1] for pair in pairs], alone=True).tolist()
    for (narrower, broader), together in zip(pairs, alone, strict=True):
        head = vocabulary.terms[broader]
        first, *_, last = vocabulary.label(narrower).split() * 2
        named = last[:1].isupper() and not vocabulary.label(broader)[:1].isupper()
        named |= first[:1].isupper() and vocabulary.label(broader).istitle()  # not "James Watson" under "Watson"
        if (narrower, broader) in statements.pairs:
            yield narrower, broader
        elif statements.fillers[head] < _CLASS and vocabulary.words(narrower)[0][-1].endswith("ing"):
            continue  # "solving inequalities" is not a kind of inequality, unless sentences show otherwise
        elif named and " " not in head:
            continue
        elif " " in head or statements.fillers[head] >= _CLASS or 2 * together >= vocabulary.articles[narrower]:
            yield narrower, broader


class _Parents:
    """The decision whether a concept may have narrower concepts.

    Args:
        vocabulary: the concepts.
        children: for each concept number, the number of narrower concepts for which there is evidence.
    """

    def __init__(self, vocabulary: ConceptIndex, children: Counter[int]) -> None:
        self._vocabulary = vocabulary
        self._children = children

    def allowed(self, number: int) -> bool:
        """Whether the concept with the given number may have narrower concepts.

        A concept may not have any if its meaning depends on its context ("problem", "new method"), or if too few
        articles are about it.
        """
        words = self._vocabulary.terms[number].split()
        about = int(self._vocabulary.about[number])
        if words[0] in _GRADING:
            return False
        if len(words) > 1:
            return bool(self._vocabulary.alone[number] >= 2) and about > 0
        if words[0] in ROLES or words[0] in GENERIC:
            return False
        return about >= _LEAST_ABOUT and self._children[number] <= EARNED * about


# Sentences


class _Statements:
    """The statements "X is a kind of Y" that were found in sentences of articles."""

    def __init__(self, vocabulary: ConceptIndex, kinds: pa.Table) -> None:
        self.pairs: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
        """Key: a pair of concept numbers (narrower, broader). Value: the files with sentences that state this relation.

        The number of each file is mapped to the largest weight of such a sentence in the file.
        """
        self.proofs: dict[tuple[int, int], dict[str, Any]] = {}
        """Key: a pair of concept numbers (narrower, broader). Value: the best sentence that states this relation.

        The best sentence is the one with the largest weight. It is given as a row of `kg.annotate.rows.KINDS`.
        """
        things: dict[str, set[str]] = defaultdict(set)
        fields: dict[int, set[int]] = defaultdict(set)
        for row in each_row(kinds):
            words = row["broader"].split(" ")
            things[words[-1]].add(row["narrower"])
            narrower = vocabulary.numbers.get(row["narrower"])
            if narrower is None:
                continue
            if words[-1] in _FIELDS:
                fields[narrower].add(row["file"])
            names = (" ".join(words[at:]) for at in range(len(words)))
            broader = next((vocabulary.numbers[name] for name in names if name in vocabulary.numbers), None)
            if broader is None or broader == narrower:
                continue
            weight = _WEIGHTS[Pattern(row["pattern"])]
            files = self.pairs[narrower, broader]
            if weight > max(files.values(), default=0.0):
                self.proofs[narrower, broader] = row
            files[row["file"]] = max(weight, files.get(row["file"], 0.0))
        self.fillers = Counter({noun: len(found) for noun, found in things.items()})
        """Key: a noun X. Value: the number of different terms that sentences state to be kinds of X."""
        self.fields = sorted(number for number, files in fields.items() if len(files) >= 2)
        """The numbers of the concepts that sentences in at least two articles call a field, a science or the like."""


def _is_plausible(vocabulary: ConceptIndex, narrower: int, broader: int) -> bool:
    """Whether it is plausible that one concept is a kind of another concept.

    It is not plausible if the broader concept contains all words of the narrower concept, or if the narrower concept
    is too general ("common issue").
    """
    one, other = vocabulary.terms[narrower].split(), vocabulary.terms[broader].split()
    if len(one) == 1 and (one[0] in ROLES or one[0] in GENERIC):
        return False
    return one[0] not in _GRADING and not set(one) <= set(other)


# Sets of articles


def _subsumed(vocabulary: ConceptIndex, fields: list[int]) -> Iterator[tuple[int, int, float]]:
    """Yield the concepts that are narrower than a field of knowledge, since nearly all their articles have the field.

    A field is broader than a concept only if the field is also in many other articles.

    Args:
        vocabulary: the concepts.
        fields: the numbers of the concepts that are fields of knowledge.

    Yields:
        The number of the concept, the number of the field, and the share of the concept's articles that have the field.
    """
    for broader in fields:
        articles = np.zeros(vocabulary.article_count, np.bool_)
        articles[vocabulary.article[vocabulary.concept == broader]] = True
        both = np.bincount(vocabulary.concept[articles[vocabulary.article]], minlength=len(vocabulary))
        share = both / np.maximum(vocabulary.articles, 1)
        inside = (both >= _LEAST_SUBSUMED) & (share >= _SUBSUMED)
        inside &= vocabulary.articles * _LARGER <= vocabulary.articles[broader]
        for narrower in np.flatnonzero(inside).tolist():
            if narrower not in fields and _is_plausible(vocabulary, narrower, broader):
                yield narrower, broader, float(share[narrower])


# Cycles and transitive reduction


def _acyclic(edges: Iterable[Broader]) -> list[Broader]:
    """Return the edges without those that would close a cycle.

    The edges are tried one by one, those with the largest weight first. At most `MOST_BROADER` edges are kept for each
    narrower concept.
    """
    above: dict[int, list[int]] = {}
    kept: list[Broader] = []
    for edge in sorted(edges, key=lambda edge: (-edge.weight, edge.narrower, edge.broader)):
        own = above.setdefault(edge.narrower, [])
        if len(own) < MOST_BROADER and edge.narrower not in {edge.broader, *ancestors(above, edge.broader)}:
            own.append(edge.broader)
            kept.append(edge)
    return sorted(kept, key=lambda edge: (edge.narrower, edge.broader))


def _reduced(edges: list[Broader]) -> list[Broader]:
    """Return the edges without those that are implied by a path of other edges (transitive reduction)."""
    above: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        above[edge.narrower].append(edge.broader)
    beyond = {
        number: {far for near in broader for far in ancestors(above, near)} for number, broader in [*above.items()]
    }
    return [edge for edge in edges if edge.broader not in beyond[edge.narrower]]


def ancestors(above: Mapping[int, Sequence[int]], number: int) -> set[int]:
    """Return the numbers of all broader concepts of a concept, at any distance (skos:broaderTransitive).

    Args:
        above: for each concept number, the numbers of the directly broader concepts.
        number: the number of the concept.
    """
    found: set[int] = set()
    rim = [number]
    while rim:
        fresh = {broader for near in rim for broader in above.get(near, ())} - found
        found |= fresh
        rim = list(fresh)
    return found
