"""Properties of words that do not depend on the context, such as the number of letters.

They are computed once for each distinct word. This saves time, because a corpus has far fewer distinct words than
tokens.
"""

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
        ("override", np.uint8),  # class of the word (see `Tokens.classes`) whatever its tag; 0 if it depends on the tag
        ("link", np.uint8),  # class of the word if it is tagged as a preposition, article or conjunction
        ("leading", np.bool_),  # whether a term can begin with the word only if it is tagged as a common noun
        ("breaking", np.bool_),  # whether no term contains the word as an adjective, gerund or participle
        ("hyphen", np.bool_),  # whether it is a hyphen or a slash, which may join two words
        ("counted", np.bool_),  # whether it is a word, and not a number or a punctuation mark
        ("opening", np.bool_),  # whether it is a mark, such as ":", after which any word may begin with a capital
        ("words", np.uint8),  # number of words in its normal form, such as 2 for "TCP/IP"
        ("letters", np.uint32),  # number of characters of the word
    ]
)
JOINTS: Final = frozenset("-/\u2010\u2011\u2012\u2013") | {"'s", "'"}
"""Tokens that may be between the words of a term: hyphens, slashes and the possessive ending."""
_HYPHENS: Final = JOINTS - {"'s", "'"}
_WORD: Final = re.compile(r"[^\W\d_][\w.+#&'/\-\u2010-\u2013]*|\d+[^\W\d_][\w.]*")
_SENTENCE_END: Final = frozenset({".", "!", "?", "..", "...", "…", "。"})
_OPENING: Final = frozenset(":\"“'(*.!?-–—")
_MOST: Final = 1 << 18
"""Maximum number of words in a `LexemeTable`. If there are more, it removes all its words before the next look-up."""


class LexemeTable:
    """A cache of the properties of all words that were looked up so far. Its keys are spaCy's hashes of the words."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._texts: list[str] = []
        self._normal: list[tuple[str, ...]] = []
        self._facts = np.zeros((1 << 10, LEXEME.itemsize), np.uint8)  # as bytes: numpy's `take` is then faster

    def look_up(self, orths: Sequence[int], strings: StringStore) -> tuple[list[str], list[tuple[str, ...]], Lexemes]:
        """Return three columns with one element per token.

        The columns have the text of each token, its words in the singular and in lower case, and its properties
        (`LEXEME`).

        Args:
            orths: spaCy's hash of each token.
            strings: spaCy's store of strings, which maps the hash of a token to the text of the token.
        """
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
        number = len(self._texts)
        if number == len(self._facts):
            self._facts = np.concatenate([self._facts, np.zeros_like(self._facts)])
        lower = text.lower()
        is_word = _WORD.fullmatch(text) is not None and "_" not in text
        override = ""
        if text in _SENTENCE_END:
            override = "."
        elif not is_word and text not in JOINTS:
            override = "d" if text.isdigit() else "o"
        elif len(text) > 1:  # for "a", only the tag tells whether it is an article or part of "A/B"
            override = LINKING.get(lower, "")
        normal = normal_word(text) if is_word or text.isdigit() else ()
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
        # Only a word without an error gets a number: the table is used for other articles after an error in one.
        self._texts.append(text)
        self._normal.append(normal)
        self._numbers[orth] = number
