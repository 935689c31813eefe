"""Use of the curation entries in kg.toml: drop rejected terms, and report entries that have no effect."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kg.annotate.curation import Curation, CurationEntry
from kg.base.config import FILE_NAME
from kg.base.model import Problem, Severity
from kg.concepts.terms.corpus import Corpus, rows_of
from kg.concepts.terms.term_index import is_any

_UNUSED: Final = {
    "concepts.reject": "no term and no keyword of these articles matches it",
    "concepts.accept": "it occurs in no text of these articles",
    "concepts.rename": "no concept of this build matches it",
    "concepts.merge": "no term and no keyword of these articles matches it",
}


def without_rejected(candidates: pa.Table, curation: Curation) -> pa.Table:
    """Return `candidates` without the rows whose term is rejected in kg.toml."""
    if not curation.rejected:
        return candidates
    return candidates.filter(pa.array(~is_any(candidates["term"], curation.rejected)))


def unused_entries(curation: Curation, corpus: Corpus, concepts: pa.Table) -> list[Problem]:
    """Return a warning for each curation entry of kg.toml (such as a term to reject) that has no effect.

    Args:
        curation: the curation entries.
        corpus: the annotations of all articles. The candidates are read only if there are curation entries.
        concepts: the table `kg.base.tables.CONCEPTS_FOUND`.
    """
    if not curation.entries:
        return []
    asked = {entry.form for entry in curation.entries}
    standing = set(rows_of(corpus.read_candidates, asked, ["term"])["term"].to_pylist())
    known = standing | set(corpus.keywords["form"].to_pylist())
    matches = {
        "concepts.reject": known,
        "concepts.accept": standing,
        "concepts.rename": set(concepts["normal_form"].to_pylist()),
        "concepts.merge": known,
    }
    problems: list[Problem] = []
    for entry in curation.entries:
        if entry.form not in matches[entry.field]:
            problems.append(_unused(entry, _UNUSED[entry.field]))
        elif entry.field == "concepts.merge" and entry.form not in curation.concepts:
            problems.append(_unused(entry, "the two are already one concept"))
    return problems


def _unused(entry: CurationEntry, reason: str) -> Problem:
    message = f'{entry.field}: "{entry.text}" has no effect: {reason}'
    return Problem(Severity.WARNING, "unused-entry", FILE_NAME, entry.line, entry.field, message)
