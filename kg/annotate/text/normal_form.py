"""The normal form of a term: its words in the singular, in lower case and in American spelling.

Terms with the same normal form are one concept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from kg.annotate.text.inflection import singular
from kg.annotate.text.spelling import american
from kg.base.model import MarkKind, PartName
from kg.read.markdown import to_part

SEPARATOR: Final = re.compile(r"[\s\-\u2010-\u2015_/]+")
"""Pattern of the characters that separate words.

`kg.base.iris.slug` splits texts at the same characters, so that two different normal forms never have the same slug.
"""
_WORD: Final = re.compile(r"[^\s\-\u2010-\u2015_/.,;:!?()\[\]{}\"]+")
_POSSESSIVE: Final = re.compile(r"(?:['\u2019]s?|(?<=s)['\u2019])$", re.IGNORECASE)
_EDGES: Final = ".,;:!?()[]{}\"“”‘’'*"
_MARKUP: Final = re.compile(r"[*_`$\\<>\[\]&~|]")
_CODE: Final = re.compile(r"[(){}=<>;|\\^_@$]|::|\.\w+\(|^[-/]|\w\.\w+\.\w")
_QUOTED: Final = re.compile(r"[\"'“‘]([^\"“”]+)[\"'”’]")
_ASIDE: Final = re.compile(r"(.{2,}?) \((?=[^()]*[^\W\d_]{2})[^()]+\)")
"""Pattern of a term with an explanation in brackets.

It matches "machine learning (ML)" and "Java (programming language)", but not "f (x)".
"""
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@lru_cache(maxsize=1 << 17)
def normal_word(word: str) -> tuple[str, ...]:
    """Return the words of a token in normal form: in the singular, in lower case and in American spelling.

    Most tokens give one word. A token that contains a separator, such as "/", gives several words. A token that
    consists of punctuation gives none.

    >>> normal_word("Systems"), normal_word("APIs"), normal_word("DBMS"), normal_word("TCP/IP"), normal_word("Bayes’")
    (('system',), ('api',), ('dbms',), ('tcp', 'ip'), ('bayes',))
    """
    bare = _POSSESSIVE.sub("", unicodedata.normalize("NFC", word))
    steps = (step.rstrip(_EDGES).lstrip(_EDGES[1:]) for step in SEPARATOR.split(bare))
    return tuple(_lower_singular(step) for step in steps if step)


def in_singular(text: str) -> str:
    """Return a text in lower case with each word in the singular. Spelling, separators and punctuation are kept.

    >>> in_singular("Data-Sets"), in_singular("APIs"), in_singular("colours"), in_singular("DBMS")
    ('data-set', 'api', 'colour', 'dbms')
    """
    return _WORD.sub(lambda word: _lower_acronym(word[0]) or singular(_fold(word[0])), text)


def _lower_singular(word: str) -> str:
    return _lower_acronym(word) or american(singular(_fold(word)))


def _lower_acronym(word: str) -> str | None:
    # A capital S at the end is not a plural ending ("DBMS", "SaaS"), except in long words in capitals ("SYSTEMS"). A
    # small s after capitals is a plural ending ("APIs").
    if word.endswith("S") and len(word) > 1 and (len(word) <= 5 or not word.isupper()):
        return _fold(word)
    if word.endswith("s") and len(word) > 2 and word[:-1].isupper():
        return _fold(word[:-1])
    return None


def _fold(word: str) -> str:
    return unicodedata.normalize("NFC", word.casefold())


def normal_form(term: str) -> str:
    """Return the normal form of a term: its words in the singular, in lower case and in American spelling.

    The words are joined by spaces.

    >>> normal_form("Machine-Learning Systems"), normal_form("Newton's laws of motion")
    ('machine learning system', 'newton law of motion')
    """
    return " ".join(part for word in term.split() for part in normal_word(word))


def is_identifier(source: str) -> bool:
    """Return whether code or mathematics can be read as a word, as `while` and `x` can; `source` has no delimiters."""
    return len(source) <= 20 and _IDENTIFIER.fullmatch(source) is not None


def unwrap(source: str) -> str:
    r"""Return an inline formula without its delimiters: "x" for `$x$` and for `\(x\)`."""
    return source[2:-2].strip() if source.startswith("\\(") else source.strip("$").strip()


@lru_cache(maxsize=1 << 16)
def keyword_label(keyword: str) -> str | None:
    """Return a label for the concept that an author's keyword names.

    The label is the keyword without markup and without an explanation in brackets. Return None if the keyword is code
    or mathematics.

    >>> [keyword_label(keyword) for keyword in ("**drift**", "`while` loop", "learning (ML)", "`predict()`", "$F_1$")]
    ['drift', 'while loop', 'learning', None, None]
    """
    label = keyword
    if _MARKUP.search(keyword):
        part = to_part(PartName.BODY, keyword)
        label = part.text
        for mark in reversed(part.marks):
            if mark.kind is MarkKind.BOLD:
                continue
            source = unwrap(label[mark.start : mark.end])
            if not is_identifier(source) or mark.end - mark.start == len(label):
                return None
            label = label[: mark.start] + source + label[mark.end :]
    label = " ".join(label.split()).lstrip(",;:!?* ").rstrip(",;:.!?* ")
    if quoted := _QUOTED.fullmatch(label):
        label = quoted[1]
    if aside := _ASIDE.fullmatch(label):
        label = aside[1]
    if not label or len(label) > 100 or _CODE.search(label) or not any(c.isalpha() for c in label):
        return None
    return label


def keyword_terms(keywords: Iterable[str]) -> list[tuple[str, str]]:
    """Return the normal form and the label of each keyword. Keywords that are code or mathematics are left out.

    The labels are those of the function `keyword_label`.
    """
    labels = (keyword_label(keyword) for keyword in keywords)
    return [(form, label) for label in labels if label and (form := normal_form(label))]
