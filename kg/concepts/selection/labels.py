"""Labels of a term, chosen from its written forms in the articles, with upper and lower case as in running prose."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from kg.annotate.text.normal_form import SEPARATOR, in_singular, normal_word
from kg.annotate.text.spelling import american
from kg.annotate.text.stopwords import LINKING

_WORDS: Final = re.compile(rf"({SEPARATOR.pattern})")
_CONJUNCTIONS: Final = tuple(word for word, kind in LINKING.items() if kind == "c")

LOWER: Final = 0.25
"""A word is not a name if at least this share of its occurrences is in lower case.

The share is low for two reasons. Ordinary words are often capitalised in the definition of a term ("Support Vector
Machine (SVM)"). Names are hardly ever written in lower case ("google cloud").
"""
PLURAL_ONLY: Final = frozenset(
    """
    affairs arms belongings clothes communications customs damages dynamics earnings funds goods humanities manners
    minutes operations particulars quarters relations remains resources rights savings securities studies surroundings
    troops valuables wages
    """.split()
)
"""Plural words that stay plural at the end of a term ("public relations", "human resources").

They are put in the singular only if the articles also have the term with a singular. Most of the words are from R.
Quirk et al., A Comprehensive Grammar of the English Language (1985), section 5.77.
"""


@dataclass(slots=True)
class Forms:
    """The written forms of one term, such as "Neural network" and "neural networks".

    Each mapping has the forms in certain places as its keys, and their numbers of occurrences there as its values.
    """

    running: dict[str, int] = field(default_factory=dict)
    """Forms in running prose, where a capital shows that a word is a name."""
    elsewhere: dict[str, int] = field(default_factory=dict)
    """Forms where a capital has no meaning, such as in headings, in bold text and at the beginning of a sentence."""
    author: dict[str, int] = field(default_factory=dict)
    """Forms in the authors' keywords."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a concept: the preferred one, and all others. No two of them differ only in case.

    `split_alternatives` tells which of the others are skos:altLabels and which are skos:hiddenLabels.
    """

    preferred: str
    alternative: tuple[str, ...]
    expansion: str | None = None
    """If the preferred label is an acronym, the label that the concept would have without it."""


def split_alternatives(labels: Labels) -> tuple[list[str], list[str]]:
    """Split the alternative labels of a concept into alternative and hidden labels in the sense of SKOS.

    A label is hidden if it differs only in number and case from the preferred label, or from an alternative label that
    is not hidden. People do not need to see such a label, but a search should find it. All others are names that a
    person would use, such as synonyms, acronyms and other spellings. If several of them differ only in number, a
    singular is not hidden.

    Returns:
        The alternative labels that are not hidden, and the hidden labels, both sorted.
    """
    names = {in_singular(labels.preferred)}
    shown: list[str] = []
    hidden: list[str] = []
    for label in sorted(labels.alternative, key=lambda label: (label.casefold() != in_singular(label), label)):
        (hidden if in_singular(label) in names else shown).append(label)
        names.add(in_singular(label))
    return sorted(shown), sorted(hidden)


class Casing:
    """The usual spelling, in upper or lower case, of each word that occurs in running prose.

    Args:
        words: the words of running prose as they are written, each with its number of occurrences.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        spellings: dict[str, dict[str, int]] = defaultdict(dict)
        for word, count in words.items():
            spellings[word.lower()][word] = count
        self._best = {lower: _usual(lower, found) for lower, found in spellings.items()}

    def __contains__(self, word: str) -> bool:
        return word.lower() in self._best

    def word(self, word: str) -> str:
        """Return `word` in its usual case.

        A word that does not occur in running prose keeps its capitals if it has one after the first letter ("SVM").
        Otherwise it is put in lower case.
        """
        if word.lower() in self._best:
            return self._best[word.lower()]
        return word if word[1:] != word[1:].lower() else word.lower()

    def phrase(self, phrase: str) -> str:
        """Return a phrase with each word, and each part of a hyphenated word, in its usual case.

        The first word counts as a name, and is not changed, if it does not occur in running prose and the usual case of
        the second word has a capital ("Raymond Calvel").
        """
        words = phrase.split(" ")
        cased = ["-".join(self.word(part) for part in word.split("-")) for word in words]
        if len(words) > 1 and words[0] not in self and cased[1][:1].isupper() and cased[1][1:].islower():
            cased[0] = words[0]
        return " ".join(cased)


def _usual(lower: str, found: Mapping[str, int]) -> str:
    """Return the most frequent of the spellings `found`, or `lower` if this spelling is frequent enough (see `LOWER`).

    For example, "protocol" may be returned although "Protocol", which is often part of a name, is more frequent. If the
    most frequent spelling has a capital after the first letter, it is always returned.
    """
    best = _commonest(found)
    return lower if best[1:] == lower[1:] and _is_lower(found.get(lower, 0), found[best]) else best


def _is_lower(lower: int, upper: int) -> bool:
    """Whether a word is not a name, see `LOWER`.

    `lower` and `upper` are the numbers of its occurrences without and with a capital.
    """
    return lower >= LOWER * (lower + upper) and lower > 0


def choose_labels(term: str, forms: Forms, casing: Casing) -> Labels:
    """Choose the labels of one term.

    The preferred label is the most frequent singular form in running prose. If prose has no form of the term, the most
    frequent singular form in keywords is used. If keywords have none either, the most frequent singular form in other
    places is used, with every word in its usual case. If there are only plural forms, the most frequent one is put in
    the singular, provided that the singular of its last word occurs in running prose. All other forms become
    alternative labels.

    Args:
        term: the normal form.
        forms: the written forms of the term; there must be at least one.
        casing: the usual case of each word of the corpus.
    """
    if forms.running:
        preferred = _singular_form(term, _in_usual_case(forms.running, casing), casing, forms)
    elif forms.author:
        preferred = _singular_form(term, forms.author, casing, forms)
    else:
        cased = {casing.phrase(form): count for form, count in sorted(forms.elsewhere.items())}
        preferred = _singular_form(term, cased, casing, forms)
    folded = preferred.casefold()
    counts: dict[str, int] = defaultdict(int)
    for group in (forms.running, forms.author, forms.elsewhere):
        for form, count in group.items():
            if form.casefold() != folded and form.count("(") == form.count(")"):
                counts[form] += count
    others: dict[str, str] = {}
    for form in sorted(counts, key=lambda form: (-counts[form], form)):
        if form.casefold() not in others:
            is_cased = form in forms.running or form in forms.author
            others[form.casefold()] = form if is_cased else casing.phrase(form)
    return Labels(preferred, tuple(sorted(others.values())))


def _singular_form(term: str, forms: Mapping[str, int], casing: Casing, written: Forms) -> str:
    """Return the most frequent of the singular forms. If there is none, return the singular of the most frequent form.

    Args:
        term: the normal form of the term.
        forms: the written forms to choose from, with their numbers of occurrences.
        casing: the usual case of each word of the corpus.
        written: all written forms of the term. A term like "public relations" (see `PLURAL_ONLY`) stays plural unless
            one of these forms is singular.
    """
    if len(forms) == 1 and next(iter(forms)).casefold() == term:  # the common case
        return next(iter(forms))
    last = term.rsplit(" ", 1)[-1]
    if (head := _head_before_link(term)) is not None:  # "segregation of duties" is a singular
        return _commonest({form: n for form, n in forms.items() if american(head).casefold() in _words(form)} or forms)
    singular = {
        form: count for form, count in forms.items() if _is_singular(term, form) and not _joins_plural(term, form)
    }
    if singular:
        return _commonest(singular)
    form = _commonest(forms)
    if _joins_plural(term, form):  # "roles and responsibilities" stays plural
        return form
    ending = _last_word(form)
    normal = normal_word(ending)
    if ending == f"{last.upper()}s":
        return form[:-1]
    if not form.endswith(ending) or not normal or normal[-1] != last or last not in casing:
        return form
    if ending[0].isupper() and not ending[:-1].isupper():
        return form  # a name, like "United States", unlike "APIs"
    every = (*written.running, *written.author, *written.elsewhere)
    if ending.lower() in PLURAL_ONLY and not any(_is_singular(term, other) for other in every):
        return form
    return form[: len(form) - len(ending)] + _in_case_of(ending, last)


def _head_before_link(term: str) -> str | None:
    """Return the word before the first preposition inside a term, or None if there is no preposition.

    In the plural of the term, it is this word that has the ending, as in "points of view".
    """
    if term.count(" ") < 2:
        return None
    words = term.split(" ")
    return next((before for before, word in pairwise(words[:-1]) if LINKING.get(word) == "i"), None)


def _joins_plural(term: str, form: str) -> bool:
    """Whether the written form has a plural before a conjunction, as in "roles and responsibilities"."""
    if not any(link in form.casefold() for link in _CONJUNCTIONS):
        return False
    pairs = zip(pairwise(_words(form)), pairwise(term.split(" ")), strict=False)
    return any(link in _CONJUNCTIONS and written != normal for (written, link), (normal, _) in pairs)


def _words(form: str) -> list[str]:
    return [american(word.casefold()) for word in SEPARATOR.split(form)]


def _is_singular(term: str, form: str) -> bool:
    return american(_last_word(form).casefold()) == term.rsplit(" ", 1)[-1]


def _in_usual_case(forms: Mapping[str, int], casing: Casing) -> dict[str, int]:
    """Put words that are not names in lower case, and add up the counts of forms that become equal.

    A word is not a name if it is in lower case often enough (see `LOWER`), both in these forms and in running prose.
    """
    if all(map(str.islower, forms)):
        return dict(forms)
    split = {form: _WORDS.split(form) for form in sorted(forms)}
    lower: dict[tuple[int, int], int] = defaultdict(int)  # key: number of pieces of the form, index of the piece
    upper: dict[tuple[int, int], int] = defaultdict(int)
    for form, words in split.items():
        for place, word in enumerate(words):
            (lower if word[:1].islower() else upper)[len(words), place] += forms[form]
    result: dict[str, int] = defaultdict(int)
    for form, words in split.items():
        for place, word in enumerate(words):
            key = len(words), place
            if word[1:].islower() and _is_lower(lower[key], upper[key]) and casing.word(word).islower():
                words[place] = word[0].lower() + word[1:]
        result["".join(words)] += forms[form]
    return dict(result)


def _last_word(form: str) -> str:
    last = form.rsplit(" ", 1)[-1]
    return last if last.isalnum() else SEPARATOR.split(form)[-1]


def _in_case_of(plural: str, singular: str) -> str:
    """Return `singular` with the capitals of `plural`: the result for "APIs" and "api" is "API"."""
    common = 0
    while common < min(len(plural), len(singular)) and plural[common].lower() == singular[common]:
        common += 1
    return plural[:common] + singular[common:]


def _commonest(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda form: (-counts[form], form))


def collect_forms(rows: Iterable[tuple[str, str, bool, int]]) -> defaultdict[str, Forms]:
    """Return, for each term, its written forms.

    Args:
        rows: the rows of `kg.annotate.rows.FORMS`. Each has a term, a written form of the term, whether this form is in
            running prose, and its number of occurrences there.
    """
    result: defaultdict[str, Forms] = defaultdict(Forms)
    for term, form, running, count in rows:
        forms = result[term]
        group = forms.running if running else forms.elsewhere
        group[form] = group.get(form, 0) + count
    return result
