"""Which concept is broader than which: from vocabularies, heads of compounds, what texts say, and sets of articles.

What is wanted is few and right. An edge needs a reason of its own: a compound is a kind of its head where the head is a
concept in its own right; a sentence, or two, says that the one is a kind of the other; or nearly all articles of the
one have the other, which is a field (after M. Sanderson and B. Croft, "Deriving concept hierarchies from text", SIGIR
1999). The edges form no cycle, and none of them says what a path of others says already (SKOS, section 8).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kg.annotate.extract.statements import Pattern
from kg.annotate.text.stopwords import GENERIC, JUDGING, ROLES
from kg.base.tables import each_row
from kg.concepts.relations.concept_index import ConceptIndex

MOST_BROADER: Final = 3
"""Broader concepts of one concept."""
EARNED: Final = 4
"""A word is a broader concept only where its compounds are at most so many times the articles that it is about."""
_LEAST_ABOUT: Final = 2
_CLASS: Final = 3
"""So many different things must be said to be a kind of a noun before any compound of it is taken for one."""
_STATED: Final = 1e6
"""The weight of what a vocabulary states: more than all guesses together."""
_SAID: Final = 2.0
_WEIGHTS: Final = {
    Pattern.TYPE_OF: 2.0,
    Pattern.IS_A: 2.0,
    Pattern.ARE: 2.0,
    Pattern.SUCH_AS: 1.0,
    Pattern.AND_OTHER: 1.0,
    Pattern.INCLUDING: 1.0,
}
_SUBSUMED: Final = 0.9
"""Of the articles of the narrower concept, the share that has the field."""
_LEAST_SUBSUMED: Final = 5
_LARGER: Final = 2
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
    """Why a concept is broader than another one."""

    HEAD = "head"
    PATTERN = "pattern"
    SUBSUMPTION = "subsumption"
    VOCABULARY = "vocabulary"


@dataclass(slots=True)
class Broader:
    """`broader` is a broader concept of `narrower`; both are numbers of a `ConceptIndex`."""

    narrower: int
    broader: int
    weight: float = 0.0
    reasons: set[Reason] = field(default_factory=set)
    proof: dict[str, Any] | None = None
    """The row of `kg.annotate.rows.KINDS` that says it best."""


def hierarchy(
    vocabulary: ConceptIndex, kinds: pa.Table, words: pa.Table, stated: Iterable[tuple[str, str]] = ()
) -> list[Broader]:
    """The broader concepts, by narrower and broader concept.

    Args:
        vocabulary: the concepts.
        kinds: rows of `kg.annotate.rows.KINDS`, without those of articles that repeat another one.
        words: rows of `kg.annotate.rows.WORDS`.
        stated: slugs of concepts and of broader ones, after external vocabularies; they win over what is found.
    """
    said = _Said(vocabulary, kinds)
    found: dict[tuple[int, int], Broader] = {}

    def add(narrower: int, broader: int, reason: Reason, weight: float) -> Broader:
        edge = found.setdefault((narrower, broader), Broader(narrower, broader))
        edge.weight += weight
        edge.reasons.add(reason)
        return edge

    heads = dict.fromkeys(_heads(vocabulary, _no_modifiers(words)))
    believed = {pair: files for pair, files in said.pairs.items() if _may_be_said(vocabulary, *pair)}
    children = Counter(broader for _, broader in heads | dict.fromkeys(believed))
    places = _Places(vocabulary, children)
    for narrower, broader in _endocentric(vocabulary, said, [pair for pair in heads if places.earned(pair[1])]):
        add(narrower, broader, Reason.HEAD, 2.0 + 0.1 * len(vocabulary.terms[broader].split()))
    for (narrower, broader), files in believed.items():
        weight = sum(files.values())
        if places.earned(broader) and (weight >= _SAID or (narrower, broader) in found):
            add(narrower, broader, Reason.PATTERN, weight).proof = said.proofs[narrower, broader]
    for narrower, broader, share in _subsumed(vocabulary, said.fields):
        if (narrower, broader) in found or places.earned(broader):
            add(narrower, broader, Reason.SUBSUMPTION, share)
    slugs = {slug: number for number, slug in enumerate(vocabulary.slugs)}
    for one, other in stated:
        add(slugs[one], slugs[other], Reason.VOCABULARY, _STATED)
    return _reduced(_acyclic(found.values()))


# Heads


def _no_modifiers(words: pa.Table) -> frozenset[str]:
    """Words that are mostly neither noun, gerund nor modifier: "reduces", "use"."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for word, use, count in zip(*(words[name].to_pylist() for name in ("word", "use", "count")), strict=True):
        counts[word.lower()][use] += count
    return frozenset(word for word, uses in counts.items() if 2 * uses["other"] > uses.total())


def _heads(vocabulary: ConceptIndex, no_modifiers: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Each compound with the longest concept that is its head."""
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
    """Whether a compound is to be cut there: "machine learning system" has no "learning system" in it."""
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


def _endocentric(vocabulary: ConceptIndex, said: _Said, pairs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pairs in which the compound is a kind of its head: no data lake is a lake."""
    alone = vocabulary.shared([pair[0] for pair in pairs], [pair[1] for pair in pairs], alone=True).tolist()
    for (narrower, broader), together in zip(pairs, alone, strict=True):
        head = vocabulary.terms[broader]
        first, *_, last = vocabulary.label(narrower).split() * 2
        named = last[:1].isupper() and not vocabulary.label(broader)[:1].isupper()
        named |= first[:1].isupper() and vocabulary.label(broader).istitle()  # James Watson is no kind of Watson
        if (narrower, broader) in said.pairs:
            yield narrower, broader
        elif said.fillers[head] < _CLASS and vocabulary.words(narrower)[0][-1].endswith("ing"):
            continue  # a sorting algorithm is one, but solving inequalities is none
        elif named and " " not in head:
            continue
        elif " " in head or said.fillers[head] >= _CLASS or 2 * together >= vocabulary.articles[narrower]:
            yield narrower, broader


class _Places:
    """Which concepts may have narrower ones."""

    def __init__(self, vocabulary: ConceptIndex, children: Counter[int]) -> None:
        self._vocabulary = vocabulary
        self._children = children

    def earned(self, number: int) -> bool:
        """Whether a concept stands for something by itself, and not for whatever is put before it."""
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


class _Said:
    """What the texts say of kinds, in concepts."""

    def __init__(self, vocabulary: ConceptIndex, kinds: pa.Table) -> None:
        self.pairs: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
        """By narrower and broader concept, the weight of the best sentence of each file."""
        self.proofs: dict[tuple[int, int], dict[str, Any]] = {}
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
        """How many different things are said to be a kind of a noun."""
        self.fields = sorted(number for number, files in fields.items() if len(files) >= 2)
        """The concepts that are said to be a field of knowledge."""


def _may_be_said(vocabulary: ConceptIndex, narrower: int, broader: int) -> bool:
    """Whether a sentence can be believed, whatever it says.

    No word is a kind of its own compound, and what has no meaning of its own ("a common issue") is a kind of nothing.
    """
    one, other = vocabulary.terms[narrower].split(), vocabulary.terms[broader].split()
    if len(one) == 1 and (one[0] in ROLES or one[0] in GENERIC):
        return False
    return one[0] not in _GRADING and not set(one) <= set(other)


# Sets of articles


def _subsumed(vocabulary: ConceptIndex, fields: list[int]) -> Iterator[tuple[int, int, float]]:
    """Concepts nearly all of whose articles have a field that is in many more; with the share of them."""
    for broader in fields:
        articles = np.zeros(vocabulary.article_count, np.bool_)
        articles[vocabulary.article[vocabulary.concept == broader]] = True
        both = np.bincount(vocabulary.concept[articles[vocabulary.article]], minlength=len(vocabulary))
        share = both / np.maximum(vocabulary.articles, 1)
        inside = (both >= _LEAST_SUBSUMED) & (share >= _SUBSUMED)
        inside &= vocabulary.articles * _LARGER <= vocabulary.articles[broader]
        for narrower in np.flatnonzero(inside).tolist():
            if narrower not in fields and _may_be_said(vocabulary, narrower, broader):
                yield narrower, broader, float(share[narrower])


# The shape


def _acyclic(edges: Iterable[Broader]) -> list[Broader]:
    """The heaviest edges that close no cycle, at most `MOST_BROADER` of each concept."""
    above: dict[int, list[int]] = {}
    kept: list[Broader] = []
    for edge in sorted(edges, key=lambda edge: (-edge.weight, edge.narrower, edge.broader)):
        own = above.setdefault(edge.narrower, [])
        if len(own) < MOST_BROADER and edge.narrower not in {edge.broader, *ancestors(above, edge.broader)}:
            own.append(edge.broader)
            kept.append(edge)
    return sorted(kept, key=lambda edge: (edge.narrower, edge.broader))


def _reduced(edges: list[Broader]) -> list[Broader]:
    """The edges that no path of others stands for."""
    above: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        above[edge.narrower].append(edge.broader)
    beyond = {
        number: {far for near in broader for far in ancestors(above, near)} for number, broader in [*above.items()]
    }
    return [edge for edge in edges if edge.broader not in beyond[edge.narrower]]


def ancestors(above: Mapping[int, Sequence[int]], number: int) -> set[int]:
    """All concepts that are broader than `number`, at any distance (skos:broaderTransitive).

    Args:
        above: the broader concepts of each.
        number: a concept.
    """
    found: set[int] = set()
    rim = [number]
    while rim:
        fresh = {broader for near in rim for broader in above.get(near, ())} - found
        found |= fresh
        rim = list(fresh)
    return found
