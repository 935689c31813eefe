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

# Key: a part-of-speech tag. Value: the class of the tag. A class is one character, so that regular expressions can find
# sequences of tokens by their classes.
_CLASSES: Final = {
    "NN": "n", "NNS": "n", "NNP": "p", "NNPS": "p", "JJ": "a", "JJR": "a", "JJS": "a", "VBG": "g", "VBN": "v",
    "HYPH": "-", "POS": "s", "CD": "d", "IN": "l", "TO": "l", "DT": "l", "CC": "l",
}  # fmt: skip
_FUNCTION: Final = dict.fromkeys("CC DT EX IN MD PDT PRP PRP$ RB RP TO WDT WP WP$ WRB".split(), "f")
"""The tags of function words and of adverbs, with one class for all of them."""
_vocabulary: Final = LexemeTable()


class Tokens:
    """The tokens of an article. Each attribute is an array or a list with one element per token.

    Args:
        doc: the tagged text `view.text`.
        view: the article's text as the tagger gets it, with the positions of bold text, code and mathematics.
    """

    texts: list[str]
    normal: list[tuple[str, ...]]
    """Words of each token in the singular and in lower case, as in a normal form: ("network",) for "Networks"."""
    tags: Codes
    """Class of each token's part-of-speech tag, as the code of one character.

    The classes are n(oun), p(roper noun), a(djective), g(erund), v (past participle), - (hyphen), s (possessive),
    d (number), l (a word that may link noun phrases, such as a preposition) and o(ther).
    """
    classes: Codes
    """Class of each token: the class of its tag, corrected according to the word itself and its neighbours.

    In addition to the classes of `tags`, there are m (code or mathematics), i (preposition), t ("the" and "a"),
    c ("and") and . (the end of a sentence).
    """
    facts: Lexemes
    """Properties of each token's word that do not depend on the context, see `kg.annotate.extract.lexemes.LEXEME`."""
    starts: Ints
    """Offset of the beginning of each token in the text that the tagger gets."""
    ends: Ints
    """Offset of the end of each token in the text that the tagger gets."""
    published: tuple[Ints, Ints]
    """Offsets of the beginning and of the end of each token, in the published text of its part of the article."""
    lines: Ints
    """Number of the line of each token, which increases from one line of the published text to the next."""
    bold: Bools
    """Whether each token is bold."""
    code: Bools
    """Whether each token comes from code or mathematics."""
    functions: Bools
    """Whether each token is tagged as a function word or an adverb, and is not from code or mathematics."""
    running: Bools
    """Whether each token is in running prose, so that a capital is a sign of a proper noun.

    The token must not be bold, and must not follow a mark after which any word may have a capital, such as ":" or a
    quote. For the first token of a sentence, the value has no meaning.
    """

    def __init__(self, doc: Doc, view: View) -> None:
        values = doc.to_array([ORTH, TAG, SPACY, LENGTH]).reshape(-1, 4).T
        columns: Any = values[:2].tolist()  # numpy's stubs take unsigned 64-bit integers for floats
        orths, self._tags = columns
        spaces, lengths = values[2:].astype(np.int64)
        self.ends = np.cumsum(lengths + spaces) - spaces
        self.starts = self.ends - lengths
        self.published = view.published_each(self.starts, self.ends)
        self.lines = np.array(view.breaks, np.int64).searchsorted(self.starts)
        self.texts, self.normal, self.facts = _vocabulary.look_up(orths, doc.vocab.strings)
        self._tag_names = {tag: doc.vocab.strings[tag] for tag in set(self._tags)}
        self.tags = self.by_tag(_CLASSES)
        self.code = self._flags(view.masked)
        self.functions = (self.by_tag(_FUNCTION) == ord("f")) & ~self.code
        self.classes = self._corrected(spaces == 1)
        self.bold = self._flags(view.bold)
        self.running = ~self.bold
        self.running[1:] &= ~self.facts["opening"][:-1]

    def __len__(self) -> int:
        return len(self.texts)

    def by_tag(self, classes: Mapping[str, str]) -> Codes:
        """Return the class of each token's part-of-speech tag, as an array of character codes.

        `classes` maps tags to classes, which are single characters. A tag that is not in `classes` has the class "o".
        """
        codes = {tag: ord(classes.get(name, "o")) for tag, name in self._tag_names.items()}
        return np.array([codes[tag] for tag in self._tags], np.uint8)

    def _flags(self, stretches: list[tuple[int, int]]) -> Bools:
        """Return, for each token, whether it begins inside one of `stretches`.

        A stretch is a pair of offsets (start, end) in the text that the tagger gets.
        """
        flags = np.zeros(len(self), np.bool_)
        for first, last in self.starts.searchsorted(np.array(stretches, np.int64).reshape(-1, 2)).tolist():
            flags[first:last] = True
        return flags

    def _corrected(self, spaced: Bools) -> Codes:
        """Return the class of each token's tag, corrected according to the word itself and its neighbours.

        Args:
            spaced: whether a space follows each token.
        """
        facts = self.facts
        classes = np.where(self.tags == ord("l"), facts["link"], self.tags)
        classes = np.where(facts["override"] > 0, facts["override"], classes)
        classes[facts["breaking"] & is_in(classes, "agv")] = ord("o")
        joined = ~spaced
        joined[1:] &= ~spaced[:-1]
        joined[:1] = joined[-1:] = False
        for index in np.flatnonzero(facts["hyphen"]).tolist():
            if self.texts[index] == "/":  # it joins short words, as in "A/B test" and "CI/CD", but not "models/data"
                joined[index] &= facts["letters"][index - 1 : index + 2 : 2].max(initial=0) <= 3
            classes[index] = ord("-" if joined[index] else "o")
        # "Newton's law" is a term. "teacher's mistake" is not a term, but "teacher" and "mistake" may be terms.
        classes[(classes == ord("s")) & (before(classes, "p") != ord("p"))] = ord("o")
        # A word from code or mathematics is part of a term only if it modifies a noun.
        following = after(classes, "o")
        modifies = (following == ord("-")) | (is_in(following, "np") & (facts["letters"] > 1))
        for index in np.flatnonzero(self.code).tolist():
            classes[index] = ord("m" if modifies[index] and self.texts[index] != MASK else "o")
        return classes


def is_in(classes: Codes, wanted: str) -> Bools:
    """Return, for each element of `classes`, whether it is the code of a character in `wanted`."""
    found: Bools = np.zeros(256, np.bool_)
    found[[*wanted.encode()]] = True
    return found[classes]


def before(values: Codes, edge: str) -> Codes:
    """Return, for each element of `values`, the element before it; for the first element, the code of `edge`."""
    return np.concatenate([np.array([ord(edge)], np.uint8), values])[:-1]


def after(values: Codes, edge: str) -> Codes:
    """Return, for each element of `values`, the element after it; for the last element, the code of `edge`."""
    return np.append(values, np.uint8(ord(edge)))[1:]
