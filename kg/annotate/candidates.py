"""Candidate terms of a tagged article: runs of nouns and what modifies them, with every run inside them.

The pattern follows J. Justeson and S. Katz, "Technical terminology: some linguistic properties and an algorithm for
identification in text", Natural Language Engineering 1(1), 1995, with gerunds, hyphens and possessives, which their tag
set did not tell apart, articles after the preposition ("area under the curve") and pairs ("supply and demand").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, compress, pairwise, repeat, takewhile
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from spacy.attrs import LENGTH, ORTH, SPACY, TAG
from spacy.tokens import Doc

from kg.annotate.names import Names
from kg.annotate.normal_form import normal_word
from kg.annotate.stopwords import BREAKING, LEADING, LINKING
from kg.annotate.terms import is_term
from kg.annotate.view import MASK, View, ViewSegment
from kg.model import SegmentKind

MAX_WORDS: Final = 6
_MAX_TOKENS: Final = 10
_MAX_SIDE: Final = 3
"""Words on each side of a preposition or an "and"."""

# One character a token, so that a regular expression finds the runs.
_CLASSES: Final = {
    "NN": "n", "NNS": "n", "NNP": "p", "NNPS": "p", "JJ": "a", "JJR": "a", "JJS": "a", "VBG": "g", "VBN": "v",
    "HYPH": "-", "POS": "s", "CD": "d", "IN": "l", "TO": "l", "DT": "l", "CC": "l",
}  # fmt: skip
_USES: Final = {"n": "noun", "p": "noun", "g": "gerund", "a": "modifier", "v": "modifier"}
_RUN: Final = re.compile(r"(?:d-)?[apngvm](?:s?[apngv]|(?:-[apngvmd])+|d(?=[np]))*")
_LINK: Final = re.compile(r"it?|c")
"""What joins two runs to one term; the class of its first token is the third letter of the term's shape."""
_WORD: Final = re.compile(r"[^\W\d_][\w.+#&'/\-\u2010-\u2013]*|\d+[^\W\d_][\w.]*")
_HYPHENS: Final = frozenset("-/\u2010\u2011\u2012\u2013")
_JOINTS: Final = _HYPHENS | {"'s", "'"}
_INSIDE: Final = _JOINTS | {"(", ")"}  # what an author's keyword may have between its words
_SENTENCE_END: Final = frozenset({".", "!", "?", "..", "...", "…", "。"})
_CLOSING: Final = frozenset({'"', "'", "''", "”", "’", ")", "]", "»"})
_OPENING: Final = frozenset(":\"“'(*.!?-–—")
_STRUCTURE: Final = frozenset({SegmentKind.HEADING, SegmentKind.CELL})


class Occurrence(NamedTuple):
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
    m(asked), d (number); then, where two noun phrases are joined, how: i (preposition), c ("and").
    """
    words: int
    first: int
    last: int = 0
    alone: int = 0
    """Occurrences that are not part of a longer candidate."""
    proper: int = 0
    bold: int = 0
    heading: int = 0
    item_start: int = 0
    occurrences: list[Occurrence] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Of each occurrence, the first token and the one after its last."""


@dataclass(slots=True)
class Found:
    """The candidates of one article by normal form, and the forms and words seen, for labels and ranking.

    `forms` counts (normal form, surface, in running prose); `words` counts, in running prose, (surface, use), where a
    use is "noun", "gerund", "modifier" or "other".
    """

    tokens: int
    candidates: dict[str, Candidate] = field(default_factory=dict)
    forms: dict[tuple[str, str, bool], int] = field(default_factory=dict)
    words: dict[tuple[str, str], int] = field(default_factory=dict)


_NO_NAMES: Final[Names] = MappingProxyType({})


def find_candidates(doc: Doc, view: View, keywords: frozenset[str] = frozenset(), names: Names = _NO_NAMES) -> Found:
    """The candidate terms of a tagged article.

    Args:
        doc: `view.text`, tagged.
        view: where its segments, bold and masked stretches are.
        keywords: normal forms that are looked for whatever their tags.
        names: others of several words, the same for all articles, and so in an index that is made once.
    """
    return _Finder(doc, view, keywords, names).found


@dataclass(frozen=True, slots=True)
class _Token:
    """What is known of a word whatever its context."""

    text: str
    normal: tuple[str, ...]
    override: str | None
    """Its class, where its tag does not matter."""
    link: str
    """Its class, where its tag says that it may join two noun phrases."""
    leading: bool
    """Leads into a term and is none of it, unless it is a common noun."""
    breaking: bool
    """Cuts a term off, as an adjective or a participle."""
    counted: bool
    """Is a word, and no number."""
    opening: bool
    """Comes before what has a capital wherever it stands."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sentence stands."""

    part: int
    sentence: tuple[int, int]  # in the published text
    first: int  # token
    structure: bool
    opens_item: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """A maximal run of tokens, and where the terms in it may begin and end."""

    first: int
    last: int
    begins: list[int]
    ends: list[int]


_known: dict[int, _Token] = {}


def _token(orth: int, text: str) -> _Token:
    """The facts of a word, kept by spaCy's hash of it: a corpus has far fewer words than tokens."""
    if len(_known) > 1 << 18:
        _known.clear()
    lower = text.lower()
    is_word = _WORD.fullmatch(text) is not None and "_" not in text
    override = None
    if text in _SENTENCE_END:
        override = "."
    elif not is_word and text not in _JOINTS:
        override = "d" if text.isdigit() else "o"
    elif len(text) > 1:  # of "a" the tag tells whether it is the first half of "A/B"
        override = LINKING.get(lower)
    breaking = lower in BREAKING
    normal = normal_word(text) if is_word or text.isdigit() else ()
    leading = breaking or lower in LEADING
    counted, opening = bool(normal) and not text.isdigit(), text[-1] in _OPENING
    token = _known[orth] = _Token(text, normal, override, LINKING.get(lower, "o"), leading, breaking, counted, opening)
    return token


class _Finder:
    """One pass over one article's tokens."""

    def __init__(self, doc: Doc, view: View, keywords: frozenset[str], names: Names) -> None:
        values = doc.to_array([ORTH, TAG, SPACY, LENGTH]).reshape(-1, 4).T
        columns: Any = values.tolist()  # numpy's stubs think that 64-bit numbers without a sign are floats
        orths, tags, self.spaces, _ = columns
        spaces, lengths = values[2:].astype(np.int64)
        ends = np.cumsum(lengths + spaces) - spaces
        strings = doc.vocab.strings
        classes = {tag: _CLASSES.get(strings[tag], "o") for tag in set(tags)}
        self.view = view
        self.starts: list[int] = (ends - lengths).tolist()
        self.ends: list[int] = ends.tolist()
        self.published = view.published_each(ends - lengths, ends)
        self.tokens = [_known.get(orth) or _token(orth, strings[orth]) for orth in orths]
        self.tags = [classes[tag] for tag in tags]
        self.bold = self._flags(view.bold)
        self.classes = self._classes()
        before = [False, *(token.opening for token in self.tokens)]
        self.running = [not (bold or opening) for bold, opening in zip(self.bold, before, strict=False)]
        """Whether a token, where it is not the first of its sentence, stands in running prose."""
        self.countable = [token.counted and running for token, running in zip(self.tokens, self.running, strict=False)]
        self.counted: list[int] = []
        self._index_words(keywords, names)
        self.found = Found(len(orths))
        for segment in view.segments:
            first, last = bisect_left(self.starts, segment.start), bisect_left(self.starts, segment.end)
            while first < last and self.tokens[last - 1].text.isspace():  # such a token may reach beyond the segment
                last -= 1
            for start, end in self._sentences(first, last):
                self._sentence(segment, start, end, start == first)
        used = ((self.tokens[index].text, _USES.get(self.tags[index], "other")) for index in self.counted)
        self.found.words = dict(Counter(used))

    def _index_words(self, keywords: frozenset[str], names: Names) -> None:
        """The normal words of all tokens, one after the other, and which of them may begin a keyword or a name."""
        self.words = [word for token in self.tokens for word in token.normal]
        self.word_at = [0, *accumulate(len(token.normal) for token in self.tokens)]
        self.keywords: dict[str, list[list[str]]] = defaultdict(list)
        for keyword in sorted(keywords):
            words = keyword.split(" ")
            self.keywords[words[0]].append(words)
        self.names = names
        self.heads = [at for at, word in enumerate(self.words) if word in self.keywords]
        if names:
            self.heads = sorted({*self.heads, *(at for at, pair in enumerate(pairwise(self.words)) if pair in names)})

    def _flags(self, stretches: list[tuple[int, int]]) -> bytearray:
        """One for each token that begins inside a stretch."""
        flags = bytearray(len(self.starts))
        for start, end in stretches:
            for index in range(bisect_left(self.starts, start), bisect_left(self.starts, end)):
                flags[index] = 1
        return flags

    def _classes(self) -> str:
        """One character a token: what its tag says, corrected by what it is and by what it touches."""
        pairs = zip(self.tokens, self.tags, strict=True)
        classes = [token.override or (token.link if tag == "l" else tag) for token, tag in pairs]
        last = len(classes) - 1
        for index, token in enumerate(self.tokens):
            if token.breaking and classes[index] in "agv":
                classes[index] = "o"
            elif token.text in _HYPHENS:
                joined = 0 < index < last and not self.spaces[index - 1] and not self.spaces[index]
                if token.text == "/":  # "A/B test", "CI/CD", but not "models/data"
                    joined = joined and max(len(self.tokens[near].text) for near in (index - 1, index + 1)) <= 3
                classes[index] = "-" if joined else "o"
            elif classes[index] == "s" and index and classes[index - 1] != "p":
                classes[index] = "o"  # "Newton's law" is a term; of "teacher's mistake" only its parts may be
        for index in compress(range(last + 1), self._flags(self.view.masked)):
            # A masked word is part of a term only where it modifies a noun.
            word = self.tokens[index].text
            following = classes[index + 1] if index < last else "o"
            modifies = following == "-" or (following in "np" and len(word) > 1)
            classes[index] = "m" if modifies and word != MASK else "o"
        return "".join(classes)

    def _sentences(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Stretches of tokens up to a full stop, question or exclamation mark and the quotes that close after it."""
        start = first
        while start < last:
            end = self.classes.find(".", start, last) + 1 or last
            while end < last and self.tokens[end].text in _CLOSING:
                end += 1
            yield start, end
            start = end

    def _sentence(self, segment: ViewSegment, first: int, last: int, opens: bool) -> None:
        published = self.published[0][first], self.published[1][last - 1]
        structure = segment.kind in _STRUCTURE
        place = _Place(segment.part, published, first, structure, opens and segment.kind is SegmentKind.ITEM)
        if not structure:  # a capital means something, and the tagger can be believed
            self.counted += compress(range(first + 1, last), self.countable[first + 1 : last])
        before: _Run | None = None
        for match in _RUN.finditer(self.classes, first, last):
            run = self._run(match.start(), match.end(), place)
            if before and run:
                self._link(before, run, place)
            before = run
        if self.heads:
            self._find_keywords(first, last, place)

    def _run(self, first: int, last: int, place: _Place) -> _Run | None:
        """All terms inside one maximal run of tokens; the run, without what may not be at its ends."""
        begins = [index for index in range(first, last) if self._may_begin(index)]
        ends = [index + 1 for index in range(first, last) if self._may_end(index)]
        if not begins or not ends or begins[0] >= ends[-1]:
            return None
        widest = begins[0], ends[-1]
        for begin in begins:
            for end in ends:
                if begin < end <= begin + _MAX_TOKENS:
                    self._try(begin, end, place, "", (begin, end) == widest)
        return _Run(first, last, begins, ends)

    def _link(self, left: _Run, right: _Run, place: _Place) -> None:
        """Terms of two runs that a preposition or an "and" joins, whole on the inside: "law of large numbers"."""
        kind = self.classes[left.last]
        joined = left.ends[-1] == left.last and right.begins[0] == right.first
        if not joined or not _LINK.fullmatch(self.classes, left.last, right.first):
            return
        begins = [begin for begin in left.begins if left.last - begin <= _MAX_SIDE]
        ends = [end for end in right.ends if end - right.first <= _MAX_SIDE]
        if kind == "c":  # a pair is whole: in "natural language and computer vision systems" there is none
            begins, ends = [b for b in begins if b == left.begins[0]], [e for e in ends if e == right.ends[-1]]
        for begin in begins:
            for end in ends:
                self._try(begin, end, place, kind, False)

    def _try(self, begin: int, end: int, place: _Place, kind: str, alone: bool) -> None:
        """Count the tokens as an occurrence of a term, if they can be one."""
        normal = self.words[self.word_at[begin] : self.word_at[end]]
        if len(normal) <= MAX_WORDS and is_term(normal):
            self._note(normal, begin, end, place, alone, kind)

    def _may_begin(self, index: int) -> bool:
        kind = self.classes[index]
        if (
            kind in "-s"
            or (kind == "d" and self.classes[index + 1 : index + 2] != "-")
            or (index > 0 and self.classes[index - 1] == "-")
        ):
            return False
        return kind == "n" or not self.tokens[index].leading

    def _may_end(self, index: int) -> bool:
        kind = self.classes[index]
        if index + 1 < len(self.classes) and self.classes[index + 1] == "-":
            return False
        hyphened = index > 0 and self.classes[index - 1] == "-"  # "decision-making"
        return kind in "np" or (kind == "g" and (hyphened or not self.tokens[index].leading))

    def _find_keywords(self, first: int, last: int, place: _Place) -> None:
        """Occurrences of keywords and names that the tag patterns leave out: "in-context learning", adjectives."""
        start, stop = self.word_at[first], self.word_at[last]
        noted: dict[str, set[tuple[int, int]]] = {}
        for at in self.heads[bisect_left(self.heads, start) : bisect_left(self.heads, stop)]:
            keywords = self.keywords.get(self.words[at], ())
            names = self.names.get((self.words[at], self.words[at + 1]), ()) if at + 1 < stop else ()
            begin = bisect_right(self.word_at, at) - 1
            for wanted, inside in chain(zip(keywords, repeat(_INSIDE)), zip(names, repeat(_JOINTS))):
                after = at + len(wanted)
                if after > stop or self.words[at:after] != [*wanted]:
                    continue
                end = bisect_left(self.word_at, after)
                between = {token.text for token in self.tokens[begin:end] if not token.normal}
                if not between <= inside:
                    continue
                if "(" in between and ")" not in between and end < last and self.tokens[end].text == ")":
                    end += 1
                term = " ".join(wanted)
                if term not in noted:
                    noted[term] = self._spans(term, first)
                if (begin, end) not in noted[term]:
                    noted[term].add((begin, end))
                    self._note(wanted, begin, end, place, False)

    def _spans(self, term: str, first: int) -> set[tuple[int, int]]:
        """The occurrences of a term in the last sentence that was read, which begins at the token `first`."""
        known = self.found.candidates.get(term)
        spans = reversed(known.spans) if known else ()
        return set(takewhile(lambda span: span[0] >= first, spans))

    def _note(self, normal: Sequence[str], begin: int, end: int, place: _Place, alone: bool, kind: str = "") -> None:
        """Count one occurrence of a term, which is the tokens from `begin` to before `end`."""
        term = " ".join(normal)
        candidate = self.found.candidates.get(term)
        if candidate is None:
            shape = self.classes[begin] + self.classes[end - 1] + kind
            candidate = self.found.candidates[term] = Candidate(term, shape, len(normal), begin)
        candidate.last = begin
        start, stop = self.published[0][begin], self.published[1][end - 1]
        candidate.occurrences.append(Occurrence(place.part, start, stop, *place.sentence))
        candidate.spans.append((begin, end))
        running = self.running[begin] and begin > place.first and not place.structure
        if running and self.classes[end - 1] == "p":
            candidate.proper += 1
        if alone:
            candidate.alone += 1
        if self.bold[begin]:
            candidate.bold += 1
        if place.structure:
            candidate.heading += 1
        elif place.opens_item and begin - place.first < 2:
            candidate.item_start += 1
        written = self.view.text[self.starts[begin] : self.ends[end - 1]]
        form = (term, " ".join(written.split()) if end > begin + 1 else written, running)
        self.found.forms[form] = self.found.forms.get(form, 0) + 1
