"""The tokens of a tagged article, as columns: arrays or lists with one element per token."""

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

# Key: a tag. Value: its class, one character, so that a regular expression can find runs of tokens by their classes.
_CLASSES: Final = {
    "NN": "n", "NNS": "n", "NNP": "p", "NNPS": "p", "JJ": "a", "JJR": "a", "JJS": "a", "VBG": "g", "VBN": "v",
    "HYPH": "-", "POS": "s", "CD": "d", "IN": "l", "TO": "l", "DT": "l", "CC": "l",
}  # fmt: skip
_vocabulary: Final = LexemeTable()


class Tokens:
    """The tokens of an article; each attribute has one element per token.

    Args:
        doc: the tagged text of `view`.
        view: the view of the article, which has the segments and the bold and masked stretches.
    """

    texts: list[str]
    normal: list[tuple[str, ...]]
    """Words of each token as they are in a normal form: ("network",) for "Networks"."""
    tags: Codes
    """Class of each token's tag.

    The classes are n(oun), p(roper noun), a(djective), g(erund), v (past participle), - (hyphen), s (possessive),
    d (number), l (a word that may link noun phrases) and o(ther).
    """
    classes: Codes
    """Class of each token: that of its tag, corrected according to the word itself and its neighbours.

    In addition to the classes of `tags` there are m(asked), i (preposition), t ("the" and "a"), c ("and") and
    . (the end of a sentence).
    """
    facts: Lexemes
    """Facts about each token's word; see `kg.annotate.extract.lexemes.LEXEME`."""
    starts: Ints
    """Offset of each token's beginning in the text of the view."""
    ends: Ints
    """Offset of each token's end in the text of the view."""
    published: tuple[Ints, Ints]
    """Offsets of each token's beginning and end in the published text of its part."""
    bold: Bools
    """Whether each token is bold."""
    running: Bools
    """Whether each token is in running prose. For the first token of a sentence the value means nothing."""

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
        """Return the class to which `classes` maps the tag of each token; a tag that is not in `classes` gives "o"."""
        codes = {tag: ord(classes.get(name, "o")) for tag, name in self._tag_names.items()}
        return np.array([codes[tag] for tag in self._tags], np.uint8)

    def _flags(self, stretches: list[tuple[int, int]]) -> Bools:
        """Return a mask of the tokens that begin inside a stretch."""
        flags = np.zeros(len(self), np.bool_)
        for first, last in self.starts.searchsorted(np.array(stretches, np.int64).reshape(-1, 2)).tolist():
            flags[first:last] = True
        return flags

    def _corrected(self, spaced: Bools, masked: Bools) -> Codes:
        """Return the corrected class of each token.

        Args:
            spaced: whether a space follows each token.
            masked: whether each token is masked code or mathematics.
        """
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
        # "Newton's law" is a term. "teacher's mistake" is none, but "teacher" and "mistake" may be terms.
        classes[(classes == ord("s")) & (before(classes, "p") != ord("p"))] = ord("o")
        # A masked word is part of a term only if it modifies a noun.
        following = after(classes, "o")
        modifies = (following == ord("-")) | (is_in(following, "np") & (facts["letters"] > 1))
        for index in np.flatnonzero(masked).tolist():
            classes[index] = ord("m" if modifies[index] and self.texts[index] != MASK else "o")
        return classes


def is_in(classes: Codes, wanted: str) -> Bools:
    """Return, for each of `classes`, whether it is one of the characters of `wanted`."""
    found: Bools = np.zeros(256, np.bool_)
    found[[*wanted.encode()]] = True
    return found[classes]


def before(values: Codes, edge: str) -> Codes:
    """Return, for each token, the class of the token before it. The first token gets `edge`."""
    return np.concatenate([np.array([ord(edge)], np.uint8), values])[:-1]


def after(values: Codes, edge: str) -> Codes:
    """Return, for each token, the class of the token after it. The last token gets `edge`."""
    return np.append(values, np.uint8(ord(edge)))[1:]
