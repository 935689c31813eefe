"""SKOS mapping: the matches of concepts with external vocabularies, and the broader concepts that follow from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from kg.base.model import MatchKind
from kg.concepts.linking.disambiguation import LinkedTerms
from kg.concepts.linking.lexicon import Lexicon, LexiconEntry

Match = dict[str, str | None]
"""A match with a concept of an external vocabulary, as a dictionary with the fields of `kg.base.tables.MATCH`."""


def matches(recognised: LinkedTerms, lexicon: Lexicon, terms: Iterable[str]) -> dict[str, list[Match]]:
    """Return, for each of `terms`, its matches with concepts of external vocabularies, sorted by IRI.

    A term can have only one exact match in a vocabulary, and an external concept can be the exact match of only one
    term. If there are several exact matches, only the direct one (in which the term equals a name in the vocabulary,
    see `Meaning.direct`) stays exact, and the others become close matches. If several or none of them are direct, all
    become close matches.

    Args:
        recognised: the terms that were linked, with their meanings.
        lexicon: the vocabularies.
        terms: normal forms of the concepts to match.
    """
    found = [(term, meaning) for term in sorted(terms) for meaning in recognised.meanings.get(term, ())]
    exact = {(term, one.entry): one.direct for term, one in found if one.kind is MatchKind.EXACT}
    for key in (
        lambda pair: (lexicon.concept(pair[1]).iri,),
        lambda pair: (pair[0], pair[1].vocabulary),
    ):
        groups: dict[Any, list[tuple[str, LexiconEntry]]] = defaultdict(list)
        for pair in exact:
            groups[key(pair)].append(pair)
        for pairs in groups.values():
            direct = [pair for pair in pairs if exact[pair]]
            if len(pairs) > 1:
                for pair in pairs:
                    if direct != [pair]:
                        del exact[pair]
    result: dict[str, dict[str, Match]] = defaultdict(dict)
    for term, meaning in found:
        one = lexicon.concept(meaning.entry)
        kind = MatchKind.EXACT if (term, meaning.entry) in exact else MatchKind.CLOSE
        scheme = lexicon.vocabularies[meaning.entry.vocabulary].scheme
        row = {"iri": one.iri, "kind": kind.value, "label": one.label, "scheme": scheme}
        if kind is MatchKind.EXACT or one.iri not in result[term]:
            result[term][one.iri] = row
    return {term: [row for _, row in sorted(rows.items())] for term, rows in result.items()}


def stated_broader(lexicon: Lexicon, concepts: pa.Table) -> list[tuple[str, str]]:
    """Return the edges of the hierarchy that follow from the vocabularies, as pairs of slugs: (narrower, broader).

    Both concepts of an edge have exact matches in a vocabulary, and the match of the broader concept is directly
    broader than the match of the narrower concept. If a directly broader external concept is not the exact match of any
    concept, its own directly broader concepts are used instead, and so on.

    Args:
        lexicon: the vocabularies.
        concepts: the table `kg.base.tables.CONCEPTS_FOUND`.
    """
    slugs: dict[str, str] = {}
    for slug, found in zip(concepts["slug"].to_pylist(), concepts["matches"].to_pylist(), strict=True):
        slugs |= {one["iri"]: slug for one in found if one["kind"] == MatchKind.EXACT}
    pairs: set[tuple[str, str]] = set()
    for number, vocabulary in enumerate(lexicon.vocabularies):
        for at, concept in enumerate(vocabulary.concepts):
            if concept.iri not in slugs:
                continue
            passed: set[LexiconEntry] = set()
            rim = lexicon.above(LexiconEntry(number, at))
            while rim:
                passed.update(rim)
                over = {entry: slugs.get(lexicon.concept(entry).iri) for entry in rim}
                pairs |= {(slugs[concept.iri], slug) for slug in over.values() if slug is not None}
                free = [entry for entry, slug in over.items() if slug is None]
                rim = [above for entry in free for above in lexicon.above(entry) if above not in passed]
    return sorted(pair for pair in pairs if pair[0] != pair[1])
