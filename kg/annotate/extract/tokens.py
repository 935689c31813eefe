"""The tokens of a tagged article, in columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from spacy.attrs import LENGTH, ORTH, SPACY, TAG
from spacy.tokens import Doc

from kg.annotate.extract.lexemes import Lexemes, LexemeTable
from kg.annotate.extract.view import MASK, View
from kg.base.arrays import Bools, Ints

Codes = npt.NDArray[np.uint8]

# One character a token, so that a regular expression finds the runs.
_CLASSES: Final = {
    "NN": "n", "NNS": "n", "NNP": "p", "NNPS": "p", "JJ": "a", "JJR": "a", "JJS": "a", "VBG": "g", "VBN": "v",
    "HYPH": "-", "POS": "s", "CD": "d", "IN": "l", "TO": "l", "DT": "l", "CC": "l",
}  # fmt: skip
_vocabulary: Final = LexemeTable()


class Tokens:
    """The tokens of an article.

    Args:
        doc: `view.text`, tagged.
        view: where its segments, bold and masked stretches are.
    """

    texts: list[str]
    normal: list[tuple[str, ...]]
    """The normal words of each."""
    tags: Codes
    """What the tag says: n(oun), p(roper noun), a(djective), g(erund), v (past participle), - (hyphen), s (possessive),
    d (number), l (may link noun phrases), o(ther).
    """
    classes: Codes
    """The same, corrected by what a token is and by what it touches; there are also m(asked), i (preposition), t ("the"
    and "a"), c ("and") and . (the end of a sentence).
    """
    facts: Lexemes
    """As `kg.annotate.extract.lexemes.LEXEME`."""
    starts: Ints
    """Where each begins in the view."""
    ends: Ints
    published: tuple[Ints, Ints]
    """Where each begins and ends in the published text of its part."""
    bold: Bools
    running: Bools
    """Whether a token, where it is not the first of its sentence, stands in running prose."""

    def __init__(self, doc: Doc, view: View) -> None:
        values = doc.to_array([ORTH, TAG, SPACY, LENGTH]).reshape(-1, 4).T
        columns: Any = values[:2].tolist()  # numpy's stubs think that 64-bit numbers without a sign are floats
        orths, self._tags = columns
        spaces, lengths = values[2:].astype(np.int64)
        self.ends = np.cumsum(lengths + spaces) - spaces
        self.starts = self.ends - lengths
        self.published = view.published_each(self.starts, self.ends)
        self.texts, self.normal, self.facts = _vocabulary.look_up(orths, doc.vocab.strings)
        self._tag_names = {tag: doc.vocab.strings[tag] for tag in set(self._tags)}
        self.tags = self.by_tag(_CLASSES)
        self.classes = self._corrected(spaces == 1, self._flags(view.masked))
        self.bold = self._flags(view.bold)
        self.running = ~self.bold
        self.running[1:] &= ~self.facts["opening"][:-1]

    def __len__(self) -> int:
        return len(self.texts)

    def by_tag(self, classes: Mapping[str, str]) -> Codes:
        """Of each token, what is said of its tag, one character, or else "o"."""
        codes = {tag: ord(classes.get(name, "o")) for tag, name in self._tag_names.items()}
        return np.array([codes[tag] for tag in self._tags], np.uint8)

    def _flags(self, stretches: list[tuple[int, int]]) -> Bools:
        """One for each token that begins inside a stretch."""
        flags = np.zeros(len(self), np.bool_)
        for first, last in self.starts.searchsorted(np.array(stretches, np.int64).reshape(-1, 2)).tolist():
            flags[first:last] = True
        return flags

    def _corrected(self, spaced: Bools, masked: Bools) -> Codes:
        """The classes; `spaced` is what a space follows."""
        facts = self.facts
        classes = np.where(self.tags == ord("l"), facts["link"], self.tags)
        classes = np.where(facts["override"] > 0, facts["override"], classes)
        classes[facts["breaking"] & is_in(classes, "agv")] = ord("o")
        joined = ~spaced
        joined[1:] &= ~spaced[:-1]
        joined[:1] = joined[-1:] = False
        for index in np.flatnonzero(facts["hyphen"]).tolist():
            if self.texts[index] == "/":  # "A/B test", "CI/CD", but not "models/data"
                joined[index] &= facts["letters"][index - 1 : index + 2 : 2].max(initial=0) <= 3
            classes[index] = ord("-" if joined[index] else "o")
        # "Newton's law" is a term; of "teacher's mistake" only its parts may be.
        classes[(classes == ord("s")) & (before(classes, "p") != ord("p"))] = ord("o")
        # A masked word is part of a term only where it modifies a noun.
        following = after(classes, "o")
        modifies = (following == ord("-")) | (is_in(following, "np") & (facts["letters"] > 1))
        for index in np.flatnonzero(masked).tolist():
            classes[index] = ord("m" if modifies[index] and self.texts[index] != MASK else "o")
        return classes


def is_in(classes: Codes, wanted: str) -> Bools:
    """Which of the classes are among those of a string."""
    found: Bools = np.zeros(256, np.bool_)
    found[[*wanted.encode()]] = True
    return found[classes]


def before(values: Codes, edge: str) -> Codes:
    """Of each token, the class of the one before it; of the first one `edge`."""
    return np.concatenate([np.array([ord(edge)], np.uint8), values])[:-1]


def after(values: Codes, edge: str) -> Codes:
    """Of each token, the class of the one after it; of the last one `edge`."""
    return np.append(values, np.uint8(ord(edge)))[1:]
