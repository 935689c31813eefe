"""Reports on external vocabularies: how many of their concepts are matched, and which names a person should check."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa

from kg.annotate.text.normal_form import normal_form
from kg.base.model import MatchKind, Problem, Severity
from kg.base.report import Ambiguous, LinkedVocabulary
from kg.concepts.linking.lexicon import Lexicon, LexiconEntry


def linked_vocabularies(lexicon: Lexicon, concepts: pa.Table) -> list[LinkedVocabulary]:
    """Return a report on the matches of each vocabulary, in the order of `lexicon.vocabularies`.

    Args:
        lexicon: the vocabularies.
        concepts: the table `kg.base.tables.CONCEPTS_FOUND`.
    """
    found = [match for matches in concepts["matches"].to_pylist() for match in matches]
    linked = {match["iri"] for match in found}
    kinds = Counter((match["iri"], match["kind"]) for match in found)
    shared, doubted = _shared(lexicon, concepts), _doubted(lexicon, concepts, linked)
    result: list[LinkedVocabulary] = []
    for number, vocabulary in enumerate(lexicon.vocabularies):
        iris = [concept.iri for concept in vocabulary.concepts]
        result.append(
            LinkedVocabulary(
                file=vocabulary.file,
                scheme=vocabulary.scheme,
                title=vocabulary.title,
                sha256=vocabulary.sha256,
                concepts=len(iris),
                linked=len(linked.intersection(iris)),
                exact=sum(kinds[iri, MatchKind.EXACT.value] for iri in iris),
                close=sum(kinds[iri, MatchKind.CLOSE.value] for iri in iris),
                ambiguous=_listed(lexicon, number, shared),
                doubted=_listed(lexicon, number, doubted),
            )
        )
    return result


def ambiguous_labels(lexicon: Lexicon, concepts: pa.Table) -> list[Problem]:
    """Return a warning for each vocabulary in which names of the graph's concepts are ambiguous.

    A name is ambiguous in a vocabulary if several concepts of that vocabulary share it.

    Args:
        lexicon: the vocabularies.
        concepts: the table `kg.base.tables.CONCEPTS_FOUND`.
    """
    shared = _shared(lexicon, concepts)
    problems: list[Problem] = []
    for number, vocabulary in enumerate(lexicon.vocabularies):
        if labels := sorted({label for label, group in shared if group[0].vocabulary == number}, key=str.casefold):
            some = ", ".join(f'"{label}"' for label in labels[:3]) + (" ..." if len(labels) > 3 else "")
            message = f"ambiguous concept names, which are not linked: {len(labels)} ({some}); see report.json"
            problems.append(Problem(Severity.WARNING, "ambiguous-label", vocabulary.file, None, None, message))
    return problems


Found = list[tuple[str, list[LexiconEntry]]]


def _listed(lexicon: Lexicon, number: int, found: Found) -> list[Ambiguous]:
    listed = {
        (label, *(f"{lexicon.concept(entry).label} <{lexicon.concept(entry).iri}>" for entry in group))
        for label, group in found
        if group[0].vocabulary == number
    }
    ordered = sorted(listed, key=lambda row: (row[0].casefold(), row))
    return [Ambiguous(label, "vocabulary", list(senses)) for label, *senses in ordered]


def _shared(lexicon: Lexicon, concepts: pa.Table) -> Found:
    """Return the label of each concept of the graph that has an ambiguous name, and the entries that share this name.

    A name is ambiguous if several entries (concepts) of one vocabulary share it. The label is the preferred one. A
    concept is left out if it has an exact match, or if it is matched with one of these entries.
    """
    found: Found = []
    for row in _rows(concepts) if lexicon.ambiguous else ():
        names = dict.fromkeys((row["normal_form"], *(normal_form(label) for label in _labels(row))))
        matched = {match["iri"] for match in row["matches"]}
        exact = any(match["kind"] == MatchKind.EXACT for match in row["matches"])
        groups = (group for name in names for group in lexicon.ambiguous.get(name, ()))
        found += [
            (row["pref_label"], group)
            for group in groups
            if not exact and matched.isdisjoint(lexicon.concept(entry).iri for entry in group)
        ]
    return found


def _doubted(lexicon: Lexicon, concepts: pa.Table, linked: set[str]) -> Found:
    """Return pairs of a concept of the graph and an entry (a concept of a vocabulary) with the same name, but no match.

    The name is the normal form of the concept and of the entry's preferred label. `linked` has the IRIs of the entries
    that are matched with a concept of the graph. In a pair, the concept is given as its preferred label, and the entry
    as a list that contains only this entry.
    """
    return [
        (row["pref_label"], [entry])
        for row in _rows(concepts)
        for entry in sorted(lexicon.names.get(row["normal_form"], {}))
        if row["normal_form"] not in lexicon.ambiguous
        and lexicon.concept(entry).iri not in linked
        and normal_form(lexicon.concept(entry).label) == row["normal_form"]
    ]


def _rows(concepts: pa.Table) -> list[dict[str, Any]]:
    columns = ["pref_label", "normal_form", "alt_labels", "hidden_labels", "matches"]
    rows: list[dict[str, Any]] = concepts.select(columns).to_pylist()
    return rows


def _labels(row: dict[str, Any]) -> list[str]:
    return [row["pref_label"], *row["alt_labels"], *row["hidden_labels"]]
