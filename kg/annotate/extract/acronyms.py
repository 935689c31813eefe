"""Acronyms that an article defines: "machine learning (ML)", "ML (machine learning)", "ML stands for machine learning".

The algorithm follows A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text", Pacific Symposium on Biocomputing 8 (2003): the letters of the short form (the acronym) are matched in
the long form from right to left, and the first letter must begin a word. This module is stricter, since a wrong pair of
short form and long form would merge two concepts. A short form must have two capitals. Every word of the long form
except function words must contain a matched letter, so that "machine learning techniques (ML)" is not taken for a
definition. A long form whose initials are the short form takes precedence: in "limited liability company (LLC)", the
paper's algorithm would match only "liability company".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.annotate.extract.view import View
from kg.annotate.text.normal_form import SEPARATOR, normal_form, normal_word

LONGEST: Final = 10
"""Maximum number of characters of an acronym, as in the paper by Schwartz and Hearst."""

_SHORT: Final = re.compile(r"[^\W_][\w.&/+\-\u2010\u2011]*")
_IN_BRACKETS: Final = re.compile(r"\(([^()\n]{2,120})\)")
_STANDS_FOR_WORDS: Final = (" stands for ", " is short for ")
_STANDS_FOR: Final = re.compile(r"([^\W_][\w.&/+-]{1,11}) (?:stands for|is short for)(?: the)? ([^().;:!?\n]{3,120})")
_BOUNDARY: Final = re.compile(r"[.;:!?]\s|[()\"“”|]")
_FUNCTION_WORDS: Final = frozenset("a an and as at by for from in is of on or the to with &".split())
_QUOTES: Final = "\"'“”‘’ "
_EDGES: Final = _QUOTES + ".,;:!?()[]*"
_POSSESSIVE: Final = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True, order=True)
class Acronym:
    """An acronym, such as "ML", and its long form, such as "machine learning"; both as written in a text."""

    short: str
    long: str

    @property
    def terms(self) -> tuple[str, str]:
        """The normal forms (singular, lower case) of the acronym and of its long form."""
        return normal_form(self.short), normal_form(self.long)


def definitions(view: View, keywords: Iterable[str] = ()) -> list[Acronym]:
    """Return the acronyms whose long forms an article gives in its text or keywords, sorted and without duplicates."""
    texts = [view.text[segment.start : segment.end] for segment in view.segments]
    return sorted({found for text in (*texts, *keywords) for found in _definitions(text)})


def is_short_form(word: str) -> bool:
    """Return whether a word is written like an acronym, as "ML", "IoT", "mRNA" and "GPT4" are.

    It must have two capitals, so that "Hz" and "Data" are not taken for acronyms.
    """
    return 2 <= len(word) <= LONGEST and sum(c.isupper() for c in word) >= 2 and _SHORT.fullmatch(word) is not None


def bare(word: str) -> str:
    """Return an acronym without its plural ending: "CNN" for "CNNs"."""
    return word[:-1] if len(word) > 2 and word.endswith("s") and word[-2].isupper() else word


def is_written_short(text: str) -> bool:
    """Return whether an occurrence in a text is written like an acronym; a plural or possessive ending may follow it.

    >>> is_written_short("APIs"), is_written_short("WHO's"), is_written_short("or"), is_written_short("Or")
    (True, True, False, False)
    """
    return is_short_form(bare(_POSSESSIVE.sub("", text.strip(_EDGES))))


def is_acronym(text: str) -> bool:
    """Return whether a keyword or a label is an acronym: at least half of its characters are capitals.

    A name such as "YouTube" has a capital inside, but is not an acronym.

    >>> is_acronym("IoT"), is_acronym("mRNAs"), is_acronym("YouTube")
    (True, True, False)
    """
    short = bare(text.strip(_EDGES))
    return is_short_form(short) and 2 * sum(map(str.isupper, short)) >= len(short)


def must_be_in_capitals(terms: Iterable[tuple[str, str]], stop_words: Collection[str]) -> dict[str, frozenset[str]]:
    """For each acronym, and each term that contains an acronym, return the words that must be in capitals in a text.

    Without this, "or" would be an occurrence of "OR" (operational risk), and "or gate" of "OR gate". In a term of
    several words, only stop words must be in capitals, since "sql injection" is still "SQL injection".

    Args:
        terms: the normal form of each term, and the term as someone writes it. If a term appears both in capitals and
            in small letters, it is a word and not an acronym.
        stop_words: the function words of the language, in lower case.

    Returns:
        A mapping. Key: a normal form. Value: its words that must be in capitals. Terms without such words are left out.
    """
    found: dict[str, frozenset[str]] = {}
    for form, text in terms:
        short = {part for word in SEPARATOR.split(text) if is_acronym(word) for part in normal_word(word)}
        words = frozenset(word for word in short if " " not in form or word in stop_words)
        found[form] = found.get(form, words) & words
    return {form: words for form, words in found.items() if words}


def _definitions(text: str) -> Iterator[Acronym]:
    for bracket in _IN_BRACKETS.finditer(text):
        before = text[max(0, bracket.start() - 200) : bracket.start()].rstrip(_QUOTES)
        inside = re.split(r"[,;]\s", bracket[1])[0].strip(_QUOTES)
        if is_short_form(bare(inside)):
            short, words = bare(inside), _last_clause(before).split()
            yield from _pair(short, words[-_max_words(short) :])
        else:
            word = bare(before[before.rfind(" ") + 1 :].strip(_QUOTES))
            if is_short_form(word):
                yield from _pair(word, bracket[1].strip(_QUOTES).split())
    for said in _STANDS_FOR.finditer(text) if any(words in text for words in _STANDS_FOR_WORDS) else ():
        short = bare(said[1])
        if is_short_form(short):
            words = re.split(r",\s", said[2])[0].split()
            for count in range(1, _max_words(short) + 1):  # try the shortest long form first
                found = list(_pair(short, [word.strip(_QUOTES) for word in words[:count]]))
                if found and found[0].long.split()[0] == words[0].strip(_QUOTES):
                    yield found[0]
                    break


def _last_clause(text: str) -> str:
    end = 0
    for boundary in _BOUNDARY.finditer(text):
        end = boundary.end()
    return text[end:]


def _max_words(short: str) -> int:
    """Return the maximum number of words in a long form of the acronym `short`, as in Schwartz and Hearst's paper."""
    return min(len(short) + 5, 2 * len(short))


def _pair(short: str, words: list[str]) -> Iterator[Acronym]:
    """Yield the acronym `short` with its long form if `words` ends with a long form of it; else yield nothing."""
    if not words or len(words) > 2 * _max_words(short):
        return
    long = _by_initials(short, words) or _long_form(short, " ".join(words))
    if long is None:
        return
    inner = long.split()
    fits = len(short) < len(long) and len(inner) <= _max_words(short) and all(bare(word) != short for word in inner)
    if fits and (len(inner) > 1 or (len(short) > 2 and not bare(long).isupper())):
        yield Acronym(short, long)


def are_initials(short: str, long: str) -> bool:
    """Return whether the initials of the words of `long` are the letters of `short`.

    The initials of function words, such as "of", may be counted or left out. `long` may be written as in a text or be a
    normal form.

    >>> are_initials("LLC", "limited liability company"), are_initials("DNA", "deoxyribonucleic acid")
    (True, False)
    """
    words = [word for word in re.split(r"[\s/\-\u2010-\u2015]+", long.lower()) if word]
    letters = "".join(c for c in short.lower() if c.isalnum())
    return letters in {"".join(w[0] for w in words), "".join(w[0] for w in words if w not in _FUNCTION_WORDS)}


def _by_initials(short: str, words: list[str]) -> str | None:
    """Return the shortest sequence of words at the end of `words` whose initials are the letters of `short`.

    Return None if there is no such sequence.
    """
    for count in range(1, min(len(words), _max_words(short)) + 1):
        long = " ".join(words[-count:]).strip(",.")
        if words[-count].lower() not in _FUNCTION_WORDS - {"a", "as", "on", "at"} and are_initials(short, long):
            return long
    return None


def _long_form(short: str, text: str) -> str | None:
    """Return the shortest sequence of words at the end of `text` that contains the letters of `short` in their order.

    Return None if there is no such sequence. This is the algorithm in figure 1 of the paper by Schwartz and Hearst,
    with the additional rule that every word of the result except function words must contain a matched letter.
    """
    at = len(text)
    matched: list[int] = []
    letters = [c.lower() for c in short if c.isalnum()]
    lower = text.lower()
    if len(lower) != len(text):  # a letter whose lower case has two characters would shift the offsets
        return None
    for index in range(len(letters) - 1, -1, -1):
        at = lower.rfind(letters[index], 0, at)
        while index == 0 and at > 0 and lower[at - 1].isalnum():
            at = lower.rfind(letters[index], 0, at)
        if at < 0:
            return None
        matched.append(at)
    start = text.rfind(" ", 0, at) + 1
    position = start
    for word in text[start:].split(" "):
        end = position + len(word)
        if word.lower() not in _FUNCTION_WORDS and not any(position <= place < end for place in matched):
            return None
        position = end + 1
    return text[start:].strip(",.")
