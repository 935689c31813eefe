"""Labels of a concept with several names, which are the terms that denote it, such as "ML" and "machine learning".

The names of a concept are different spellings of a compound, an acronym and its expansions, or terms that kg.toml
merges.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from kg.annotate.extract.acronyms import bare, is_short_form
from kg.concepts.selection.labels import Casing, Forms, Labels, choose_labels
from kg.concepts.terms.variants import PREFERRED, Variants


def concept_labels(
    concept: str,
    names: Mapping[str, int],
    forms: Mapping[str, Forms],
    casing: Casing,
    variants: Variants,
    unexpanded: Forms,
) -> Labels:
    """Choose the labels of a concept. Several terms can denote a concept; they are called its names.

    If kg.toml has a preferred label for the concept, it is used. Otherwise, one of the written forms of the names
    becomes the preferred label. The other written forms are alternative labels.

    Args:
        concept: the normal form of the concept.
        names: key: a name. Value: the number of occurrences of the name that denote the concept. The mapping is empty
            if the concept has no name other than `concept`.
        forms: the written forms of each name.
        casing: the usual case of each word of the corpus.
        variants: tells which names are acronyms, and has the curation entries of kg.toml.
        unexpanded: the written forms of `concept` in the articles that have this concept. It is used only if `concept`
            is also an acronym of another concept in other articles, as "acid" is.
    """
    curation = variants.curation
    labels: dict[str, Labels] = {}
    for name in dict.fromkeys((concept, *sorted(names))):
        written = forms.get(name, Forms())
        if name in variants.expansions and name in variants.acronymic:
            written = unexpanded if name == concept else Forms(running=_acronym_forms(written))
        if written.running or written.elsewhere or written.author:
            labels[name] = choose_labels(name, written, casing)
    if labels.keys() == {concept} and concept not in curation.labels:  # the common case
        return labels[concept]
    own = [name for name in labels if name not in curation.concepts and name not in variants.acronymic]
    own = [concept, *(name for name in own if name != concept)] if concept in labels else own
    short = [
        name for name in labels if name not in curation.concepts and name in variants.acronymic and name != concept
    ]
    preferred = _fallback(concept, casing, variants)
    if own:
        preferred = labels[max(own, key=lambda name: names.get(name, 0))].preferred
    expansion = None
    if short and (concept not in curation.names and concept not in curation.labels):
        best = max(short, key=lambda name: names.get(name, 0))
        if names.get(best, 0) >= PREFERRED * max(1, sum(names.get(name, 0) for name in own)):
            preferred, expansion = labels[best].preferred, preferred
    preferred = curation.labels.get(concept, preferred)
    others: dict[str, str] = {preferred.casefold(): preferred}
    for found in labels.values():
        for label in (found.preferred, *found.alternative):
            others.setdefault(label.casefold(), label)
    return Labels(preferred, tuple(sorted(label for label in others.values() if label != preferred)), expansion)


def tell_apart(
    labels: Mapping[int, Labels], terms: Mapping[int, str], languages: Mapping[int, str]
) -> dict[int, Labels]:
    """Return the labels of all concepts, changed so that no two have the same preferred label in one language.

    If the label is an acronym, its expansion is added: "IP (Internet Protocol)". A concept whose expansion is not known
    keeps its label. If there are several such concepts, the normal form is added for all but the first. The normal form
    is also added if another concept already has the label with the expansion.

    Args:
        labels: the labels of each concept. Two concepts may have the same label if kg.toml renames one of them.
        terms: the normal form of each concept.
        languages: the tag of the language of each concept's labels.
    """
    result = dict(labels)
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in sorted(labels, key=terms.__getitem__):
        groups[labels[number].preferred, languages[number]].append(number)
    for (label, language), numbers in groups.items():
        if len(numbers) > 1:
            unexpanded = [number for number in numbers if labels[number].expansion is None]
            for number in {*numbers} - {*unexpanded[:1]}:
                notes = (note for note in (labels[number].expansion, terms[number]) if note is not None)
                longer = [f"{label} ({note})" for note in notes]
                preferred = next((one for one in longer if (one, language) not in groups), longer[-1])
                names = tuple(sorted({*labels[number].alternative, label}))
                result[number] = replace(labels[number], preferred=preferred, alternative=names)
    return result


def _acronym_forms(forms: Forms) -> dict[str, int]:
    """Return those forms that are written as an acronym, such as "APP" (but not "app"), with their counts."""
    counts: Counter[str] = Counter()
    for group in (forms.running, forms.elsewhere, forms.author):
        counts.update({form: count for form, count in group.items() if is_short_form(bare(form))})
    return dict(counts)


def _fallback(concept: str, casing: Casing, variants: Variants) -> str:
    """Return a label for a concept whose normal form does not occur as a term in the articles.

    The label is the spelling in kg.toml or, if the concept is the expansion of an acronym, the spelling where articles
    define the acronym. If there is neither, the label is the normal form.
    """
    if concept in variants.curation.spellings:
        return variants.curation.spellings[concept]
    return casing.phrase(variants.written[concept]) if concept in variants.written else concept
