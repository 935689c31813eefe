"""How a concept is written: the form that a person would choose, in the case that running prose gives it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from kg.annotate.text.normal_form import SEPARATOR, normal_word
from kg.annotate.text.spelling import american
from kg.annotate.text.stopwords import LINKING

_WORDS: Final = re.compile(rf"({SEPARATOR.pattern})")
_CONJUNCTIONS: Final = tuple(word for word, kind in LINKING.items() if kind == "c")

LOWER: Final = 0.25
"""Of the times that a word stands with or without a capital, the share without that makes it no name. Definitions are
capitalised often ("Support Vector Machine (SVM)"), while nobody writes "google cloud".
"""
PLURAL_ONLY: Final = frozenset(
    """
    affairs arms belongings clothes communications customs damages dynamics earnings funds goods humanities manners
    minutes operations particulars quarters relations remains resources rights savings securities studies surroundings
    troops valuables wages
    """.split()
)
"""Last words of terms that have no singular, where none stands in the corpus ("public relations", "human resources");
most are in R. Quirk et al., A Comprehensive Grammar of the English Language (1985), section 5.77.
"""


@dataclass(slots=True)
class Forms:
    """The ways in which one term was written, with how often."""

    running: dict[str, int] = field(default_factory=dict)
    """In running prose, where a capital means something."""
    elsewhere: dict[str, int] = field(default_factory=dict)
    """In headings, bold lead-ins and first in a sentence."""
    author: dict[str, int] = field(default_factory=dict)
    """As a keyword."""


@dataclass(frozen=True, slots=True)
class Labels:
    """skos:prefLabel and skos:altLabel; no two are equal but for case."""

    preferred: str
    alternative: tuple[str, ...]


class Casing:
    """How each word of a corpus is mostly written in running prose."""

    def __init__(self, words: Mapping[str, int]) -> None:
        spellings: dict[str, dict[str, int]] = defaultdict(dict)
        for word, count in words.items():
            spellings[word.lower()][word] = count
        self._best = {lower: _usual(lower, found) for lower, found in spellings.items()}

    def __contains__(self, word: str) -> bool:
        return word.lower() in self._best

    def word(self, word: str) -> str:
        """`word` in its usual case; one never seen in prose keeps its capitals only if it looks like an acronym."""
        if word.lower() in self._best:
            return self._best[word.lower()]
        return word if word[1:] != word[1:].lower() else word.lower()

    def phrase(self, phrase: str) -> str:
        """A phrase with each of its words in its usual case, hyphenated ones part by part.

        A first word never seen in prose keeps its capital before a name: "Raymond Calvel".
        """
        words = phrase.split(" ")
        cased = ["-".join(self.word(part) for part in word.split("-")) for word in words]
        if len(words) > 1 and words[0] not in self and cased[1][:1].isupper() and cased[1][1:].islower():
            cased[0] = words[0]
        return " ".join(cased)


def _usual(lower: str, found: Mapping[str, int]) -> str:
    """The commonest spelling; a word that names take ("Protocol") is still one in lower case."""
    best = _commonest(found)
    return lower if best[1:] == lower[1:] and _is_lower(found.get(lower, 0), found[best]) else best


def _is_lower(lower: int, upper: int) -> bool:
    """Whether a word is no name, which is capitalised `upper` times and `lower` times not."""
    return lower >= LOWER * (lower + upper) and lower > 0


def choose_labels(term: str, forms: Forms, casing: Casing) -> Labels:
    """The labels of one term.

    The preferred one is the commonest singular form in running prose; failing that, an author's spelling; failing
    that, the commonest form from a heading, with every word in its usual case. A plural is made singular if its
    singular is a word of the corpus.
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
    """The commonest singular of `forms`, or one made of the commonest plural; `written` has all forms of the term."""
    if len(forms) == 1 and next(iter(forms)).casefold() == term:  # of most terms there is nothing else
        return next(iter(forms))
    last = term.rsplit(" ", 1)[-1]
    if (head := _head_before_link(term)) is not None:  # "segregation of duties" is the singular
        return _commonest({form: n for form, n in forms.items() if american(head).casefold() in _words(form)} or forms)
    singular = {
        form: count for form, count in forms.items() if _is_singular(term, form) and not _joins_plural(term, form)
    }
    if singular:
        return _commonest(singular)
    form = _commonest(forms)
    if _joins_plural(term, form):  # "roles and responsibilities" is written like that
        return form
    ending = _last_word(form)
    normal = normal_word(ending)
    if ending == f"{last.upper()}s":
        return form[:-1]
    if not form.endswith(ending) or not normal or normal[-1] != last or last not in casing:
        return form
    if ending[0].isupper() and not ending[:-1].isupper():
        return form  # a name, like "United States"; "APIs" is none
    every = (*written.running, *written.author, *written.elsewhere)
    if ending.lower() in PLURAL_ONLY and not any(_is_singular(term, other) for other in every):
        return form
    return form[: len(form) - len(ending)] + _in_case_of(ending, last)


def _head_before_link(term: str) -> str | None:
    """What is plural in the plural of a term with a preposition inside, or None where it has none."""
    if term.count(" ") < 2:
        return None
    words = term.split(" ")
    return next((before for before, word in pairwise(words[:-1]) if LINKING.get(word) == "i"), None)


def _joins_plural(term: str, form: str) -> bool:
    """Whether `form` has a plural before an "and"."""
    if not any(link in form.casefold() for link in _CONJUNCTIONS):
        return False
    pairs = zip(pairwise(_words(form)), pairwise(term.split(" ")), strict=False)
    return any(link in _CONJUNCTIONS and written != normal for (written, link), (normal, _) in pairs)


def _words(form: str) -> list[str]:
    return [american(word.casefold()) for word in SEPARATOR.split(form)]


def _is_singular(term: str, form: str) -> bool:
    return american(_last_word(form).casefold()) == term.rsplit(" ", 1)[-1]


def _in_usual_case(forms: Mapping[str, int], casing: Casing) -> dict[str, int]:
    """`forms` without the capitals of words that prose, in all of them and elsewhere, writes without often enough."""
    if all(map(str.islower, forms)):
        return dict(forms)
    split = {form: _WORDS.split(form) for form in sorted(forms)}
    lower: dict[tuple[int, int], int] = defaultdict(int)  # by the number of words and a word's place
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
    """`singular` with the capitals of `plural`: "APIs" gives "API"."""
    common = 0
    while common < min(len(plural), len(singular)) and plural[common].lower() == singular[common]:
        common += 1
    return plural[:common] + singular[common:]


def _commonest(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda form: (-counts[form], form))


def collect_forms(rows: Iterable[tuple[str, str, bool, int]]) -> defaultdict[str, Forms]:
    """Forms by term, from rows of `kg.annotate.rows.FORMS`."""
    result: defaultdict[str, Forms] = defaultdict(Forms)
    for term, form, running, count in rows:
        forms = result[term]
        group = forms.running if running else forms.elsewhere
        group[form] = group.get(form, 0) + count
    return result
