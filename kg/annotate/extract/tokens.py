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

# One character per token, so that regular expressions can find runs.
_CLASSES: Final = {
    "NN": "n", "NNS": "n", "NNP": "p", "NNPS": "p", "JJ": "a", "JJR": "a", "JJS": "a", "VBG": "g", "VBN": "v",
    "HYPH": "-", "POS": "s", "CD": "d", "IN": "l", "TO": "l", "DT": "l", "CC": "l",
}  # fmt: skip
_vocabulary: Final = LexemeTable()


class Tokens:
    """The tokens of an article, in columns of (tokens).

    Args:
        doc: `view.text`, tagged.
        view: has the segments, and the bold and masked stretches.
    """

    texts: list[str]
    normal: list[tuple[str, ...]]
    """Normal words of each token."""
    tags: Codes
    """Class of each token's tag: n(oun), p(roper noun), a(djective), g(erund), v (past participle), - (hyphen),
    s (possessive), d (number), l (may link noun phrases), o(ther).
    """
    classes: Codes
    """Class of each token: as in `tags`, but corrected by the word itself and its neighbours.

    Further classes are m(asked), i (preposition), t ("the" and "a"), c ("and") and . (the end of a sentence).
    """
    facts: Lexemes
    """Facts about each word, see `kg.annotate.extract.lexemes.LEXEME`."""
    starts: Ints
    """Start of each token in the view."""
    ends: Ints
    """End of each token in the view."""
    published: tuple[Ints, Ints]
    """Start and end of each token in the published text of its part."""
    bold: Bools
    running: Bools
    """Whether a token is in running prose; not meaningful for the first token of a sentence."""

    def __init__(self, doc: Doc, view: View) -> None:
        values = doc.to_array([ORTH, TAG, SPACY, LENGTH]).reshape(-1, 4).T
        columns: Any = values[:2].tolist()  # numpy's stubs take unsigned 64-bit integers for floats
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
        """Return the character that `classes` has for each token's tag, or "o" if it has none."""
        codes = {tag: ord(classes.get(name, "o")) for tag, name in self._tag_names.items()}
        return np.array([codes[tag] for tag in self._tags], np.uint8)

    def _flags(self, stretches: list[tuple[int, int]]) -> Bools:
        """Return a mask of the tokens that begin inside a stretch."""
        flags = np.zeros(len(self), np.bool_)
        for first, last in self.starts.searchsorted(np.array(stretches, np.int64).reshape(-1, 2)).tolist():
            flags[first:last] = True
        return flags

    def _corrected(self, spaced: Bools, masked: Bools) -> Codes:
        """Return the corrected classes; `spaced` marks the tokens before a space."""
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
        # "Newton's law" is a term; "teacher's mistake" is not, but its parts may be.
        classes[(classes == ord("s")) & (before(classes, "p") != ord("p"))] = ord("o")
        # A masked word is part of a term only if it modifies a noun.
        following = after(classes, "o")
        modifies = (following == ord("-")) | (is_in(following, "np") & (facts["letters"] > 1))
        for index in np.flatnonzero(masked).tolist():
            classes[index] = ord("m" if modifies[index] and self.texts[index] != MASK else "o")
        return classes


def is_in(classes: Codes, wanted: str) -> Bools:
    """Return a mask of the classes that are in `wanted`."""
    found: Bools = np.zeros(256, np.bool_)
    found[[*wanted.encode()]] = True
    return found[classes]


def before(values: Codes, edge: str) -> Codes:
    """Return the class of the token before each token; `edge` for the first token."""
    return np.concatenate([np.array([ord(edge)], np.uint8), values])[:-1]


def after(values: Codes, edge: str) -> Codes:
    """Return the class of the token after each token; `edge` for the last token."""
    return np.append(values, np.uint8(ord(edge)))[1:]
