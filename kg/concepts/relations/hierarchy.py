"""The hierarchy of concepts: broader concepts from vocabularies, heads of compounds, sentences and sets of articles.

Precision counts more than recall. Every edge needs one of these reasons:

- an external vocabulary states it;
- the narrower concept is a compound of which the broader one is the head, and the head is a concept in its own right;
- one or two sentences state that one concept is a kind of the other;
- the broader concept is a field of knowledge, and nearly all articles of the narrower concept have it too (after M.
  Sanderson and B. Croft, "Deriving concept hierarchies from text", SIGIR 1999).

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
"""Largest number of broader concepts that one concept may have."""
EARNED: Final = 4
"""Largest number of narrower concepts that a concept of one word may have for each article about the concept itself.

A concept that would have more is not used as a broader concept at all.
"""
_LEAST_ABOUT: Final = 2
"""A concept of one word is a broader concept only if at least this many articles are about it."""
_CLASS: Final = 3
"""A noun X is a class if sentences state that at least this many different terms are kinds of X.

Compounds with the head X are then taken to be kinds of X too.
"""
_STATED: Final = 1e6
"""Weight of an edge that a vocabulary states. All other evidence together weighs less."""
_LEAST_PATTERN: Final = 2.0
"""Least total weight of the sentences that state an edge, if there is no other evidence for it."""
_WEIGHTS: Final = {
    Pattern.TYPE_OF: 2.0,
    Pattern.IS_A: 2.0,
    Pattern.ARE: 2.0,
    Pattern.SUCH_AS: 1.0,
    Pattern.AND_OTHER: 1.0,
    Pattern.INCLUDING: 1.0,
}
_SUBSUMED: Final = 0.9
"""A concept is placed below a field of knowledge only if they share enough articles.

At least this share of the concept's articles must also have the field.
"""
_LEAST_SUBSUMED: Final = 5
"""Least number of articles that must have both the narrower concept and the field."""
_LARGER: Final = 2
"""The field must have at least this many times as many articles as the narrower concept."""
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
    """The kinds of evidence for an edge."""

    HEAD = "head"
    PATTERN = "pattern"
    SUBSUMPTION = "subsumption"
    VOCABULARY = "vocabulary"


@dataclass(slots=True)
class Broader:
    """An edge of the hierarchy; `narrower` and `broader` are concept numbers of a `ConceptIndex`."""

    narrower: int
    broader: int
    weight: float = 0.0
    reasons: set[Reason] = field(default_factory=set)
    proof: dict[str, Any] | None = None
    """The row of `kg.annotate.rows.KINDS` for the best sentence that states this edge; None if no sentence does."""


def hierarchy(
    vocabulary: ConceptIndex, kinds: pa.Table, words: pa.Table, stated: Iterable[tuple[str, str]] = ()
) -> list[Broader]:
    """Compute the edges of the hierarchy, sorted by narrower, then by broader concept.

    Args:
        vocabulary: the concepts.
        kinds: rows of `kg.annotate.rows.KINDS`, except those of articles that repeat another article.
        words: rows of `kg.annotate.rows.WORDS`.
        stated: the edges that external vocabularies state, which take precedence; each is a pair of slugs: the narrower
            and the broader concept.
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
    """Return the words with mostly "other" uses, such as "reduces": not as a noun, a gerund or a modifier."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for word, use, count in zip(*(words[name].to_pylist() for name in ("word", "use", "count")), strict=True):
        counts[word.lower()][use] += count
    return frozenset(word for word, uses in counts.items() if 2 * uses["other"] > uses.total())


def _heads(vocabulary: ConceptIndex, no_modifiers: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield pairs of concept numbers: a compound and its head.

    If several heads are possible, the longest one that is a concept is taken.
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
    """Whether the words `rest` form a unit within the compound `flat`.

    For example, "learning system" is not a unit within "machine learning system".
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
    """Yield those of `pairs` in which the compound is a kind of its head.

    Not every compound is a kind of its head: a data lake is not a lake.
    """
    alone = vocabulary.shared([pair[0] for pair in pairs], [pair[1] for pair in pairs], alone=True).tolist()
    for (narrower, broader), together in zip(pairs, alone, strict=True):
        head = vocabulary.terms[broader]
        first, *_, last = vocabulary.label(narrower).split() * 2
        named = last[:1].isupper() and not vocabulary.label(broader)[:1].isupper()
        named |= first[:1].isupper() and vocabulary.label(broader).istitle()  # James Watson is not a kind of Watson
        if (narrower, broader) in statements.pairs:
            yield narrower, broader
        elif statements.fillers[head] < _CLASS and vocabulary.words(narrower)[0][-1].endswith("ing"):
            continue  # "solving inequalities" is not a kind of inequality, unless sentences show otherwise
        elif named and " " not in head:
            continue
        elif " " in head or statements.fillers[head] >= _CLASS or 2 * together >= vocabulary.articles[narrower]:
            yield narrower, broader


class _Parents:
    """Decides which concepts may have narrower concepts."""

    def __init__(self, vocabulary: ConceptIndex, children: Counter[int]) -> None:
        self._vocabulary = vocabulary
        self._children = children

    def allowed(self, number: int) -> bool:
        """Whether a concept has a meaning of its own, rather than one that depends on the words before it."""
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
    """The statements in sentences that one concept is a kind of another."""

    def __init__(self, vocabulary: ConceptIndex, kinds: pa.Table) -> None:
        self.pairs: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
        """For each pair (narrower, broader), the files that state it.

        The value of a file is the weight of its best sentence that states the pair.
        """
        self.proofs: dict[tuple[int, int], dict[str, Any]] = {}
        """For each pair (narrower, broader): the row of `kg.annotate.rows.KINDS` with the largest weight."""
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
        """For each noun X, the number of different terms that sentences state to be kinds of X."""
        self.fields = sorted(number for number, files in fields.items() if len(files) >= 2)
        """The concepts that at least two files state to be a field of knowledge."""


def _is_plausible(vocabulary: ConceptIndex, narrower: int, broader: int) -> bool:
    """Whether a statement about two concepts can be true.

    It cannot be true if the broader concept has all words of the narrower one. Nor can it be true if the narrower one
    has no meaning of its own ("a common issue").
    """
    one, other = vocabulary.terms[narrower].split(), vocabulary.terms[broader].split()
    if len(one) == 1 and (one[0] in ROLES or one[0] in GENERIC):
        return False
    return one[0] not in _GRADING and not set(one) <= set(other)


# Sets of articles


def _subsumed(vocabulary: ConceptIndex, fields: list[int]) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of a concept and a field of knowledge, with the share of the concept's articles that have the field.

    The field must be in nearly all articles of the concept, and in many other articles.
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
    """Add the edges one by one, the largest weight first; leave out each edge that would close a cycle.

    At most `MOST_BROADER` edges are kept for each narrower concept.
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
    """Drop the edges that are implied by a path of other edges."""
    above: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        above[edge.narrower].append(edge.broader)
    beyond = {
        number: {far for near in broader for far in ancestors(above, near)} for number, broader in [*above.items()]
    }
    return [edge for edge in edges if edge.broader not in beyond[edge.narrower]]


def ancestors(above: Mapping[int, Sequence[int]], number: int) -> set[int]:
    """Return all broader concepts of a concept, at any distance (skos:broaderTransitive).

    Args:
        above: for each concept, the concepts directly above it.
        number: the concept.
    """
    found: set[int] = set()
    rim = [number]
    while rim:
        fresh = {broader for near in rim for broader in above.get(near, ())} - found
        found |= fresh
        rim = list(fresh)
    return found
