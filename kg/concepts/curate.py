"""Concepts as kg.toml wants them: what it rejects left out, what it merges united, what it renames relabelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.batch import keyword_set
from kg.annotate.curation import Curation, Entry
from kg.concepts.labels import Casing, Forms, Labels, choose_labels
from kg.config import FILE_NAME
from kg.model import Problem, Severity

Floats = npt.NDArray[np.float64]
Place = dict[str, Any]

_UNUSED: Final = {
    "concepts.reject": "no term and no keyword of these articles matches it",
    "concepts.accept": "no text of these articles has its words",
    "concepts.rename": "no concept of this build matches it",
    "concepts.merge": "no term and no keyword of these articles matches it",
}


def is_any(terms: pa.ChunkedArray, forms: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Which of `terms` are among `forms`."""
    found: npt.NDArray[np.bool_] = pc.is_in(terms, pa.array(sorted(forms), pa.string())).to_numpy()
    return found


def without_rejected(candidates: pa.Table, curation: Curation) -> pa.Table:
    """The candidates that may be concepts."""
    if not curation.rejected:
        return candidates
    return candidates.filter(pa.array(~is_any(candidates["term"], curation.rejected)))


def merge_candidates(candidates: pa.Table, salience: Floats, curation: Curation) -> tuple[pa.Table, Floats]:
    """One candidate for each article and concept: merged ones have all occurrences, and the largest salience.

    Args:
        candidates: rows of `kg.annotate.rows.CANDIDATES`.
        salience: of each of them.
        curation: which terms are one concept.

    Returns:
        The columns that are needed after ranking, and the salience of each row.
    """
    candidates = candidates.select(["file", "term", "frequency", "occurrences"])
    merged = is_any(candidates["term"], {*curation.concepts.keys(), *curation.concepts.values()})
    if not merged.any():
        return candidates, salience
    places: dict[tuple[int, str], list[Place]] = defaultdict(list)
    best: dict[tuple[int, str], float] = {}
    rows = candidates.filter(pa.array(merged)).to_pylist()
    for row, value in zip(rows, salience[merged].tolist(), strict=True):
        key = row["file"], curation.concept(row["term"])
        places[key] += row["occurrences"]
        best[key] = max(value, best.get(key, 0.0))
    united = [_united(places[key]) for key in best]
    table = pa.Table.from_pylist(
        [
            {"file": file, "term": term, "frequency": len(found), "occurrences": found}
            for (file, term), found in zip(best, united, strict=True)
        ],
        schema=candidates.schema,
    )
    rest = candidates.filter(pa.array(~merged))
    return pa.concat_tables([rest, table]), np.concatenate([salience[~merged], list(best.values())])


def _united(places: Iterable[Place]) -> list[Place]:
    """The occurrences of one concept in order, without those that lie inside another one."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda place: (place["part"], place["start"], -place["end"])):
        if not (kept and kept[-1]["part"] == place["part"] and place["end"] <= kept[-1]["end"]):
            kept.append(place)
    return kept


def curated_labels(concept: str, forms: Mapping[str, Forms], casing: Casing, curation: Curation) -> Labels:
    """The labels of a concept, with those of the names that were merged into it as further ones.

    Its own forms decide how it is written; where it has none, kg.toml's spelling does. A new label comes before all.
    """
    names = [name for name in (concept, *curation.names.get(concept, ())) if name in forms]
    found = [choose_labels(name, forms[name], casing) for name in names]
    preferred = found[0].preferred if concept in forms else curation.spellings.get(concept, concept)
    preferred = curation.labels.get(concept, preferred)
    others: dict[str, str] = {preferred.casefold(): preferred}
    for labels in found:
        for label in (labels.preferred, *labels.alternative):
            others.setdefault(label.casefold(), label)
    return Labels(preferred, tuple(sorted(label for label in others.values() if label != preferred)))


def unused_entries(curation: Curation, articles: pa.Table, candidates: pa.Table, concepts: pa.Table) -> list[Problem]:
    """A warning for each entry of kg.toml that changed nothing.

    Args:
        curation: the entries.
        articles: rows of `kg.annotate.rows.ARTICLES`.
        candidates: rows of `kg.annotate.rows.CANDIDATES`.
        concepts: the table `kg.tables.CONCEPTS_FOUND`.
    """
    if not curation.entries:
        return []
    standing = set(candidates["term"].unique().to_pylist())
    known = standing | keyword_set(keyword for keywords in articles["keywords"].to_pylist() for keyword in keywords)
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
            problems.append(_unused(entry, "the two are one concept anyway"))
    return problems


def _unused(entry: Entry, reason: str) -> Problem:
    message = f'{entry.field}: "{entry.text}" has no effect: {reason}'
    return Problem(Severity.WARNING, "unused-entry", FILE_NAME, entry.line, entry.field, message)
