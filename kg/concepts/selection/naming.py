"""How a concept is written that has several names: compounds, acronyms, and what kg.toml merges and renames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from kg.annotate.extract.acronyms import bare, is_short_form
from kg.concepts.selection.labels import Casing, Forms, Labels, choose_labels
from kg.concepts.terms.variants import Variants

PREFERRED: Final = 3
"""How many times as often an acronym must stand as its expansion to be the preferred label: "RNA", but not "ML"."""


def concept_labels(
    concept: str, names: Mapping[str, int], forms: Mapping[str, Forms], casing: Casing, variants: Variants
) -> Labels:
    """The labels of a concept, with those of all its names as alternatives.

    Args:
        concept: its normal form.
        names: the terms that mean it, with how often each stands in that sense; empty if it has no other name.
        forms: how each of them is written.
        casing: how each word of the corpus is written.
        variants: which of the names are acronyms, and what kg.toml says of them; a new label of its comes before all.
    """
    curation = variants.curation
    every = dict.fromkeys((concept, *sorted(names)))
    labels = {name: found for name in every if (found := _of_name(name, forms, casing, variants))}
    if labels.keys() == {concept} and concept not in curation.labels:  # as most are
        return labels[concept]
    own = [name for name in labels if name not in curation.concepts and name not in variants.acronymic]
    own = [concept, *(name for name in own if name != concept)] if concept in labels else own
    short = [
        name for name in labels if name not in curation.concepts and name in variants.acronymic and name != concept
    ]
    preferred = _fallback(concept, casing, variants)
    if own:
        preferred = labels[max(own, key=lambda name: names.get(name, 0))].preferred
    if short and (concept not in curation.names and concept not in curation.labels):
        best = max(short, key=lambda name: names.get(name, 0))
        if names.get(best, 0) >= PREFERRED * max(1, sum(names.get(name, 0) for name in own)):
            preferred = labels[best].preferred
    preferred = curation.labels.get(concept, preferred)
    others: dict[str, str] = {preferred.casefold(): preferred}
    for found in labels.values():
        for label in (found.preferred, *found.alternative):
            others.setdefault(label.casefold(), label)
    return Labels(preferred, tuple(sorted(label for label in others.values() if label != preferred)))


def _of_name(name: str, forms: Mapping[str, Forms], casing: Casing, variants: Variants) -> Labels | None:
    found = forms.get(name)
    if found is not None and name in variants.expansions and name in variants.acronymic:
        found = Forms(running=_short(found))
    if found is None or not (found.running or found.elsewhere or found.author):
        return None
    return choose_labels(name, found, casing)


def _short(forms: Forms) -> dict[str, int]:
    """What is written as an acronym, as it is: "APP" may be one where "app" is a word."""
    counts: Counter[str] = Counter()
    for group in (forms.running, forms.elsewhere, forms.author):
        counts.update({form: count for form, count in group.items() if is_short_form(bare(form))})
    return dict(counts)


def _fallback(concept: str, casing: Casing, variants: Variants) -> str:
    """How a concept is written whose own words stand nowhere as a term."""
    if concept in variants.curation.spellings:
        return variants.curation.spellings[concept]
    return casing.phrase(variants.written[concept]) if concept in variants.written else concept
