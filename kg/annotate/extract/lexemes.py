"""Facts about words that do not depend on context, in columns: a corpus has far fewer distinct words than tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from spacy.strings import StringStore

from kg.annotate.text.normal_form import normal_word
from kg.annotate.text.stopwords import BREAKING, LEADING, LINKING

Lexemes = npt.NDArray[np.void]

LEXEME: Final = np.dtype(
    [
        ("override", np.uint8),  # class of the word regardless of its tag, or 0
        ("link", np.uint8),  # class of the word if its tag may join two noun phrases
        ("leading", np.bool_),  # precedes a term without being part of it, unless it is a common noun
        ("breaking", np.bool_),  # separates a term from other words, if it is an adjective or a participle
        ("hyphen", np.bool_),  # may join words
        ("counted", np.bool_),  # is a word, not a number
        ("opening", np.bool_),  # the next word may have a capital only because of its position
        ("words", np.uint8),  # number of its normal words
        ("letters", np.uint32),  # number of its characters
    ]
)
JOINTS: Final = frozenset("-/\u2010\u2011\u2012\u2013") | {"'s", "'"}
"""Tokens allowed between the words of a term."""
_HYPHENS: Final = JOINTS - {"'s", "'"}
_WORD: Final = re.compile(r"[^\W\d_][\w.+#&'/\-\u2010-\u2013]*|\d+[^\W\d_][\w.]*")
_SENTENCE_END: Final = frozenset({".", "!", "?", "..", "...", "…", "。"})
_OPENING: Final = frozenset(":\"“'(*.!?-–—")
_MOST: Final = 1 << 18
"""Words of the table, which is cleared when it has more."""


class LexemeTable:
    """The words looked up so far, by spaCy's hash."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._texts: list[str] = []
        self._normal: list[tuple[str, ...]] = []
        self._facts = np.zeros((1 << 10, LEXEME.itemsize), np.uint8)  # as bytes: numpy takes them much faster

    def look_up(self, orths: Sequence[int], strings: StringStore) -> tuple[list[str], list[tuple[str, ...]], Lexemes]:
        """Return the text, the normal words and the `LEXEME` of each token; `orths` are their hashes in `strings`."""
        if len(self._numbers) > _MOST:
            self._numbers, self._texts, self._normal = {}, [], []
        for orth in set(orths):
            if orth not in self._numbers:
                self._add(orth, strings[orth])
        numbers = [self._numbers[orth] for orth in orths]
        return (
            [self._texts[number] for number in numbers],
            [self._normal[number] for number in numbers],
            self._facts.take(numbers, axis=0).view(LEXEME)[:, 0],
        )

    def _add(self, orth: int, text: str) -> None:
        number = self._numbers[orth] = len(self._texts)
        if number == len(self._facts):
            self._facts = np.concatenate([self._facts, np.zeros_like(self._facts)])
        lower = text.lower()
        is_word = _WORD.fullmatch(text) is not None and "_" not in text
        override = ""
        if text in _SENTENCE_END:
            override = "."
        elif not is_word and text not in JOINTS:
            override = "d" if text.isdigit() else "o"
        elif len(text) > 1:  # the tag of "a" tells whether it is the first half of "A/B"
            override = LINKING.get(lower, "")
        normal = normal_word(text) if is_word or text.isdigit() else ()
        self._texts.append(text)
        self._normal.append(normal)
        self._facts.view(LEXEME)[number] = (
            ord(override or "\0"),
            ord(LINKING.get(lower, "o")),
            lower in BREAKING or lower in LEADING,
            lower in BREAKING,
            text in _HYPHENS,
            bool(normal) and not text.isdigit(),
            text[-1] in _OPENING,
            min(len(normal), 255),
            len(text),
        )
