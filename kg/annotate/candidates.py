"""Candidate terms of a tagged article: runs of nouns and what modifies them, with every run inside them.

The pattern follows J. Justeson and S. Katz, "Technical terminology: some linguistic properties and an algorithm for
identification in text", Natural Language Engineering 1(1), 1995, without its preposition, and with gerunds, hyphens and
possessives, which their tag set did not tell apart.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from spacy.attrs import ORTH, SPACY, TAG
from spacy.tokens import Doc

from kg.annotate.normal_form import normal_word
from kg.annotate.stopwords import BREAKING, GENERIC, LEADING, NEVER_LAST
from kg.annotate.view import View
from kg.model import SegmentKind

MAX_WORDS: Final = 5
_MAX_TOKENS: Final = 9

# One character a token, so that a regular expression finds the runs.
_CLASSES: Final = {
    "NN": "n", "NNS": "n", "NNP": "p", "NNPS": "p", "JJ": "a", "VBG": "g", "VBN": "v", "HYPH": "-", "POS": "s"
}  # fmt: skip
_RUN: Final = re.compile(r"[apngvm](?:s?[apngv]|(?:-[apngvmd])+)*")
_WORD: Final = re.compile(r"[^\W\d_][\w.+#&'/]*|\d+[^\W\d_][\w.]*")
_HYPHENS: Final = frozenset({"-", "/"})
_JOINTS: Final = _HYPHENS | {"'s", "'"}
_SENTENCE_END: Final = frozenset({".", "!", "?", "..", "...", "…", "。"})
_QUOTE: Final = frozenset({'"', "'", "''", "”", "’", ")", "]", "»"})
_OPENING: Final = frozenset(":\"“'(*.!?")
_STRUCTURE: Final = frozenset({SegmentKind.HEADING, SegmentKind.CELL})


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a term stands: the part's number and code points in its published text; the sentence around it likewise."""

    part: int
    start: int
    end: int
    sentence_start: int
    sentence_end: int


@dataclass(slots=True)
class Candidate:
    """A term of one article: what a ranker needs to know of it, in tokens of the whole article."""

    term: str
    """The normal form."""
    shape: str
    """Class of the first and of the last word: n(oun), p(roper noun), a(djective), g(erund), v (past participle),
    m(asked).
    """
    words: int
    first: int
    last: int = 0
    alone: int = 0
    """Occurrences that are not part of a longer candidate."""
    proper: int = 0
    bold: int = 0
    heading: int = 0
    question: int = 0
    item_start: int = 0
    occurrences: list[Occurrence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a word whatever its context."""

    text: str
    normal: tuple[str, ...]
    class_override: str | None
    starts: bool
    breaking: bool


@dataclass(slots=True)
class Found:
    """The candidates of one article by normal form, and the forms and words seen, for labels.

    `forms` counts (normal form, surface, in running prose); `words` counts the surface of words in running prose.
    """

    tokens: int
    candidates: dict[str, Candidate] = field(default_factory=dict)
    forms: dict[tuple[str, str, bool], int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)


_tokens: dict[int, Token] = {}


def _token(orth: int, text: str) -> Token:
    """The token's facts, kept by spaCy's hash of its text."""
    known = _tokens.get(orth)
    if known is None:
        if len(_tokens) > 1 << 18:
            _tokens.clear()
        lower = text.lower()
        override = None
        if _WORD.fullmatch(text) is None and text not in _JOINTS:
            override = "d" if text.isdigit() else "o"
        if text in _SENTENCE_END:
            override = "."
        normal = normal_word(text) if _WORD.fullmatch(text) else ()
        starts = lower not in LEADING and lower not in BREAKING
        known = _tokens[orth] = Token(text, normal, override, starts, lower in BREAKING)
    return known


def is_term(words: Sequence[str]) -> bool:
    """Whether normal words can be a concept: not one letter, nor a word of discourse, nor headed by one."""
    if not words or words[-1] in NEVER_LAST:
        return False
    return len(words) > 1 or (len(words[0]) > 1 and words[0] not in GENERIC and not words[0].isdigit())


def find_candidates(doc: Doc, view: View, keywords: frozenset[str] = frozenset()) -> Found:
    """The candidate terms of a tagged article.

    Args:
        doc: `view.text`, tagged.
        view: where its segments, bold and masked stretches are.
        keywords: normal forms that are looked for whatever their tags.
    """
    return _Finder(doc, view).find(keywords)


class _Finder:
    def __init__(self, doc: Doc, view: View) -> None:
        self.view = view
        orths, tags, spaces = doc.to_array([ORTH, TAG, SPACY]).T.tolist() if len(doc) else ([], [], [])
        strings = doc.vocab.strings
        self.tokens = [known if (known := _tokens.get(orth)) else _token(orth, strings[orth]) for orth in orths]
        self.starts: list[int] = []
        position = 0
        for token, space in zip(self.tokens, spaces, strict=True):
            self.starts.append(position)
            position += len(token.text) + space
        tag_names = {tag: _CLASSES.get(strings[tag], "o") for tag in set(tags)}
        self.classes = [token.class_override or tag_names[tag] for token, tag in zip(self.tokens, tags, strict=True)]
        self.spaces = spaces
        self.bold = bytearray(len(orths))
        self._mark(view.bold, self.bold)
        masked = bytearray(len(orths))
        self._mark(view.masked, masked)
        self._fix_classes(masked)
        self.found = Found(len(orths))

    def _mark(self, stretches: list[tuple[int, int]], flags: bytearray) -> None:
        for start, end in stretches:
            index = max(bisect_right(self.starts, start) - 1, 0)
            while index < len(self.starts) and self.starts[index] < end:
                if self.starts[index] >= start:
                    flags[index] = 1
                index += 1

    def _fix_classes(self, masked: bytearray) -> None:
        """What the tags alone cannot tell: a hyphen joins only what touches it, a mask only what it modifies."""
        classes, spaces, tokens = self.classes, self.spaces, self.tokens
        last = len(classes) - 1
        for index, token in enumerate(tokens):
            if token.breaking and classes[index] in "agv":
                classes[index] = "o"
            elif token.text in _HYPHENS:
                joined = 0 < index < last and not spaces[index - 1] and not spaces[index]
                if token.text == "/":  # "A/B test", "CI/CD", but not "models/data"
                    joined = joined and max(len(tokens[index - 1].text), len(tokens[index + 1].text)) <= 3
                classes[index] = "-" if joined else "o"
        for index in range(last + 1):
            if masked[index]:
                before_hyphen = index < last and classes[index + 1] == "-"
                before_noun = index < last and classes[index + 1] in "np" and len(tokens[index].text) > 1
                classes[index] = "m" if before_hyphen or before_noun else "o"

    def find(self, keywords: frozenset[str]) -> Found:
        for segment in self.view.segments:
            first = bisect_right(self.starts, segment.start - 1)
            last = bisect_right(self.starts, segment.end - 1)
            self._segment(segment.kind, segment.part, first, last, keywords)
        return self.found

    def _segment(self, kind: SegmentKind, part: int, first: int, last: int, keywords: frozenset[str]) -> None:
        start = first
        for index in range(first, last):
            ends = self.classes[index] == "."
            if ends and index + 1 < last and self.tokens[index + 1].text in _QUOTE:
                continue
            if not ends and not (
                index > first and self.classes[index - 1] == "." and self.tokens[index].text in _QUOTE
            ):
                continue
            self._sentence(kind, part, start, index + 1, start == first, keywords)
            start = index + 1
        if start < last:
            self._sentence(kind, part, start, last, start == first, keywords)

    def _sentence(
        self, kind: SegmentKind, part: int, first: int, last: int, opens: bool, keywords: frozenset[str]
    ) -> None:
        sentence = self.view.published(self.starts[first], self.starts[last - 1] + len(self.tokens[last - 1].text))
        structure = kind in _STRUCTURE
        place = _Place(part, sentence, structure, opens and kind is SegmentKind.ITEM, first)
        if not structure:
            self._count_words(first, last)
        for run in _RUN.finditer("".join(self.classes[first:last])):
            self._run(first + run.start(), first + run.end(), place)
        if keywords:
            self._keywords(first, last, place, keywords)

    def _count_words(self, first: int, last: int) -> None:
        """How words are written in running prose, where a capital means something."""
        words = self.found.words
        for index in range(first + 1, last):
            if self.classes[index] in "npagv" and self._is_running(index):
                text = self.tokens[index].text
                words[text] = words.get(text, 0) + 1

    def _is_running(self, index: int) -> bool:
        """Whether a token stands in running prose, not first in a sentence, so that a capital means something."""
        return index > 0 and not self.bold[index] and self.tokens[index - 1].text[-1] not in _OPENING

    def _run(self, first: int, last: int, place: _Place) -> None:
        """All terms inside one maximal run of tokens."""
        classes, tokens = self.classes, self.tokens
        while last > first and not (
            classes[last - 1] in "np" or (classes[last - 1] == "g" and tokens[last - 1].starts)
        ):
            last -= 1
        while first < last and not (tokens[first].starts or classes[first] == "n"):
            first += 1
        for start in range(first, last):
            if classes[start] in "-s" or (start > 0 and classes[start - 1] == "-"):
                continue
            if not tokens[start].starts and classes[start] != "n":
                continue
            for end in range(start + 1, min(last, start + _MAX_TOKENS) + 1):
                kind = classes[end - 1]
                if kind not in "npg" or (end < len(classes) and classes[end] == "-"):
                    continue
                if kind == "g" and not tokens[end - 1].starts:
                    continue
                self._add(start, end, place, start == first and end == last)

    def _add(self, start: int, end: int, place: _Place, alone: bool) -> None:
        normal = [word for index in range(start, end) for word in self.tokens[index].normal]
        if len(normal) > MAX_WORDS or not is_term(normal):
            return
        self._note(" ".join(normal), len(normal), start, end, place, alone)

    def _note(self, term: str, words: int, start: int, end: int, place: _Place, alone: bool) -> None:
        tokens = self.tokens
        candidate = self.found.candidates.get(term)
        if candidate is None:
            shape = self.classes[start] + self.classes[end - 1]
            candidate = self.found.candidates[term] = Candidate(term, shape, words, start)
        begin = self.starts[start]
        finish = self.starts[end - 1] + len(tokens[end - 1].text)
        bold = self.bold[start]
        candidate.last = start
        candidate.alone += alone
        candidate.bold += bold
        candidate.heading += place.structure
        candidate.question += place.part == 0
        candidate.item_start += place.opens_item and start - place.sentence_first < 2
        candidate.occurrences.append(Occurrence(place.part, *self.view.published(begin, finish), *place.sentence))
        running = not place.structure and start > place.sentence_first and self._is_running(start)
        candidate.proper += running and self.classes[end - 1] == "p"
        form = (term, " ".join(self.view.text[begin:finish].split()), running)
        self.found.forms[form] = self.found.forms.get(form, 0) + 1

    def _keywords(self, first: int, last: int, place: _Place, keywords: frozenset[str]) -> None:
        """Occurrences of the author's keywords that the tag patterns leave out: "in-context learning", adjectives."""
        flat = [(word, index) for index in range(first, last) for word in self.tokens[index].normal]
        for at, (word, index) in enumerate(flat):
            for keyword in keywords:
                if not keyword.startswith(word):
                    continue
                wanted = keyword.split(" ")
                stretch = flat[at : at + len(wanted)]
                if [part for part, _ in stretch] != wanted:
                    continue
                known = self.found.candidates.get(keyword)
                span = self.view.published(
                    self.starts[index], self.starts[stretch[-1][1]] + len(self.tokens[stretch[-1][1]].text)
                )
                if known is None or not any(
                    (o.part, o.start, o.end) == (place.part, *span) for o in known.occurrences[-64:]
                ):
                    self._note(keyword, len(wanted), index, stretch[-1][1] + 1, place, False)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sentence stands."""

    part: int
    sentence: tuple[int, int]
    structure: bool
    opens_item: bool
    sentence_first: int
