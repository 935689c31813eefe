"""Find the candidate terms of a tagged article: noun phrases such as "neural network", and shorter ones inside them.

In this module, a "run" is a sequence of nouns and their modifiers, without other words in between, that is as long as
possible. All terms of one noun phrase are runs or parts of runs.

The pattern of part-of-speech tags follows J. Justeson and S. Katz, "Technical terminology: some linguistic properties
and an algorithm for identification in text", Natural Language Engineering 1(1), 1995. This module also accepts gerunds,
hyphens and possessives, which the tag set of Justeson and Katz did not distinguish. It also accepts an article after a
preposition ("area under the curve") and pairs of terms ("supply and demand").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain, pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from kg.annotate.extract.acronyms import is_written_short
from kg.annotate.extract.columns import Found, Occurrences, Sentences, in_columns
from kg.annotate.extract.lexemes import JOINTS
from kg.annotate.extract.tokens import Tokens, after, before, is_in
from kg.annotate.extract.view import View, ViewSegment
from kg.annotate.extract.vocabulary_names import Names
from kg.annotate.text.term_filter import is_term
from kg.base.arrays import Bools, Ints
from kg.base.model import SegmentKind

MAX_WORDS: Final = 6
"""Maximum number of words in the normal form of a term."""
_MAX_TOKENS: Final = 10
"""Maximum number of tokens in a term that has no preposition and no "and"."""
_MAX_SIDE: Final = 3
"""Maximum number of tokens that a term may have on each side of its preposition or its "and"."""

_MAX_KEYWORD: Final = 20
"""Maximum number of words of a keyword that is looked for in the text. It limits the time that the search takes."""

_RUN: Final = re.compile(r"(?:d-)?[apngvm](?:s?[apngv]|(?:-[apngvmd])+|d(?=[np]))*")
_LINKS: Final = {"i": "i", "it": "i", "c": "c"}
"""Sequences of tokens that may join two noun phrases into one term, as "of" in "law of large numbers".

Key: the classes of the tokens, one letter each. For example, "under the" has the key "it", since its tokens are a
preposition (i) and an article (t). Value: the third letter of the term's shape, see `Found.shapes`.
"""
_INSIDE: Final = JOINTS | {"(", ")"}  # tokens that may be between the words of an author's keyword
_CLOSING: Final = frozenset({'"', "'", "''", "”", "’", ")", "]", "»"})
_STRUCTURE: Final = frozenset({SegmentKind.HEADING, SegmentKind.CELL})

Capitals = Mapping[str, frozenset[str]]
"""Key: the normal form of a term. Value: its words that must be in capitals in a text, as in "OR gate"."""

_NO_NAMES: Final[Names] = MappingProxyType({})
_NO_CAPITALS: Final[Capitals] = MappingProxyType({})


def find_candidates(
    tokens: Tokens,
    view: View,
    keywords: frozenset[str] = frozenset(),
    names: Names = _NO_NAMES,
    only: Collection[str] | None = None,
    capitals: Capitals = _NO_CAPITALS,
    stop_words: frozenset[str] = frozenset(),
) -> Found:
    """Return the candidate terms of a tagged article.

    Args:
        tokens: the tokens of `view.text`.
        view: the article's text as the tagger gets it, with its segments (blocks such as paragraphs).
        keywords: normal forms of further terms to find, whatever the part-of-speech tags of their words are.
        names: index of further terms to find, which are names of several words from external vocabularies.
        only: None if any term may be found. If the tags are wrong, the normal forms of the only terms that may be
            found. In this case, the result has no uses of words, since they depend on the tags.
        capitals: the acronyms among the terms. An occurrence that is not written like the acronym is left out, since it
            is another word. If all its occurrences have a capital ("Python"), and none is written like the acronym
            ("PYTHON"), the capitals are only the author's style, and the term is not an acronym.
        stop_words: the most frequent words of the article's language, in lower case. Where one of them is tagged as a
            function word or an adverb, it is a term only in capitals: "OR", but not "or".
    """
    return _Finder(tokens, view, keywords, names, only, capitals, stop_words).found()


class _Segment(NamedTuple):
    """A segment (a block such as a paragraph), whose tokens are those from index `first` to before index `last`."""

    first: int
    last: int
    segment: ViewSegment


class _Runs(NamedTuple):
    """The runs in an article, which are sequences of nouns and their modifiers that are as long as possible.

    Each attribute is an array with one element per run.
    """

    first: Ints
    """Index of the first token of each run (sequence of nouns and their modifiers)."""
    last: Ints
    """Index of the token after the last token of each run (sequence of nouns and their modifiers)."""
    begin: Ints
    """Index of the first token of the longest possible term in each run (sequence of nouns and their modifiers)."""
    end: Ints
    """Index of the token after the longest possible term in each run (sequence of nouns and their modifiers).

    If the run contains no term, this index is not greater than `begin`.
    """


class _Finder:
    """Search for the candidate terms of one article."""

    def __init__(
        self,
        tokens: Tokens,
        view: View,
        keywords: frozenset[str],
        names: Names,
        only: Collection[str] | None,
        capitals: Capitals,
        stop_words: frozenset[str],
    ) -> None:
        self.view = view
        self.tokens = tokens
        self.classes = self.tokens.classes.tobytes().decode()
        self.may_begin, self.may_end = _bounds(self.tokens)
        self.words = [*chain.from_iterable(self.tokens.normal)]
        """The words of all tokens in the singular and in lower case: "network" for "Networks"."""
        self.word_at = [0, *accumulate(map(len, self.tokens.normal))]
        self.keywords = keywords
        self.names = names
        self.only = only
        self.capitals = capitals
        self.stop_words = stop_words

    def found(self) -> Found:
        """Return all candidate terms of the article, with their occurrences."""
        segments = self._segments()
        sentences = Sentences.of([*self._sentences(segments)])
        runs = self._runs(segments)
        tagged = [self._inside(runs), Occurrences.of([*self._linked(runs)])]
        if self.only is not None:
            tagged = [found.among(self.only) for found in tagged]
        others = Occurrences.of([*self._looked_for(sentences, tagged)])
        groups = self._as_written([self._without_function_words(found) for found in (*tagged, others)])
        found = in_columns(groups, sentences, self.tokens, self.view.text)
        return found if self.only is None else replace(found, words=())

    def _without_function_words(self, found: Occurrences) -> Occurrences:
        """Return the occurrences without function words, such as "or", unless they are written in capitals."""
        # If the tags are wrong, any word may be a function word.
        functions = self.tokens.functions if self.only is None else ~self.tokens.code
        is_function = functions[found.begin].tolist()
        places = zip(is_function, found.begin.tolist(), found.terms, strict=True)
        return found.where(
            [
                not (function and term in self.stop_words) or is_written_short(self.tokens.texts[begin])
                for function, begin, term in places
            ]
        )

    def _as_written(self, groups: Sequence[Occurrences]) -> list[Occurrences]:
        """Drop the occurrences of acronyms that are not written like the acronym."""
        written: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
        for found in groups:
            for begin, end, term in zip(found.begin.tolist(), found.end.tolist(), found.terms, strict=True):
                if words := self.capitals.get(term):
                    is_name = self.tokens.texts[begin][0].isupper() and not words & self.stop_words
                    written[term].append((self._in_capitals(begin, end, words), is_name))
        if not written:
            return [*groups]
        styled = {term for term, found in written.items() if all(name and not capital for capital, name in found)}
        places = {term: iter(found) for term, found in written.items()}
        return [
            found.where([term not in written or next(places[term])[0] or term in styled for term in found.terms])
            for found in groups
        ]

    def _in_capitals(self, begin: int, end: int, words: Collection[str]) -> bool:
        """Return whether all tokens from `begin` to before `end` that contain one of `words` are in capitals."""
        tokens = zip(self.tokens.texts[begin:end], self.tokens.normal[begin:end], strict=True)
        return all(is_written_short(text) for text, normal in tokens if any(word in words for word in normal))

    def _segments(self) -> list[_Segment]:
        segments = self.view.segments
        bounds = np.array([(segment.start, segment.end) for segment in segments], np.int64).reshape(-1, 2)
        result = []
        for segment, (first, last) in zip(segments, self.tokens.starts.searchsorted(bounds).tolist(), strict=True):
            # A token of white space at the end of a segment may extend beyond the segment.
            while first < last and self.tokens.texts[last - 1].isspace():
                last -= 1
            result.append(_Segment(first, last, segment))
        return result

    def _sentences(self, segments: Iterable[_Segment]) -> Iterator[tuple[int, int, int, bool, bool, bool]]:
        """Yield a tuple for each sentence, with the values for the attributes of `Sentences` in their order.

        A sentence includes its full stop (or other final mark) and the closing quotes and brackets after the full stop.
        """
        for first, last, segment in segments:
            structure, is_heading = segment.kind in _STRUCTURE, segment.kind is SegmentKind.HEADING
            is_item = segment.kind is SegmentKind.ITEM
            start = first
            while start < last:
                end = self.classes.find(".", start, last) + 1 or last
                while end < last and self.tokens.texts[end] in _CLOSING:
                    end += 1
                yield start, end, segment.part, structure, is_heading, is_item and start == first
                start = end

    def _runs(self, segments: Iterable[_Segment]) -> _Runs:
        """Return the runs (sequences of nouns and their modifiers) in the segments; each is within one sentence."""
        found = [match.span() for first, last, _ in segments for match in _RUN.finditer(self.classes, first, last)]
        first, last = np.array(found, np.int64).reshape(-1, 2).T
        begins, ends = np.flatnonzero(self.may_begin), np.flatnonzero(self.may_end) + 1
        begin = np.append(begins, len(self.tokens))[begins.searchsorted(first)]
        end = np.append(0, ends)[ends.searchsorted(last, "right")]
        return _Runs(first, last, begin, end)

    def _inside(self, runs: _Runs) -> Occurrences:
        """Return the occurrences of all terms inside runs (sequences of nouns and their modifiers)."""
        length = len(self.tokens)
        run_of = np.full(length + _MAX_TOKENS, -1)
        for number, (first, last) in enumerate(zip(runs.first.tolist(), runs.last.tolist(), strict=True)):
            run_of[first:last] = number
        begins = np.flatnonzero(self.may_begin & (run_of[:length] >= 0))
        last_tokens = begins[:, None] + np.arange(_MAX_TOKENS)
        may_end = np.append(self.may_end, np.zeros(_MAX_TOKENS, np.bool_))
        row, more = np.nonzero(may_end[last_tokens] & (run_of[last_tokens] == run_of[begins][:, None]))
        begin, end = begins[row], begins[row] + more + 1
        terms = [self._term(*tokens) for tokens in zip(begin.tolist(), end.tolist(), strict=True)]
        kept = [at for at, term in enumerate(terms) if term]
        begin, end = begin[kept], end[kept]
        run = run_of[begin]
        alone = (begin == runs.begin[run]) & (end == runs.end[run])
        return Occurrences(begin, end, [term for term in terms if term], [""] * len(kept), alone)

    def _term(self, begin: int, end: int) -> str:
        """Return the normal form of the tokens from `begin` to before `end`, or "" if they cannot be a term."""
        words = self.words[self.word_at[begin] : self.word_at[end]]
        return " ".join(words) if len(words) <= MAX_WORDS and is_term(words) else ""

    def _linked(self, runs: _Runs) -> Iterator[tuple[int, int, str, str]]:
        """Yield the terms in which a preposition or an "and" joins two noun phrases: "law of large numbers".

        Yield, for each term, the index of its first token, the index of the token after its last token, its normal
        form, and the class of the joining word. The first noun phrase must end with a token that can end a term, and
        the second noun phrase must begin with a token that can begin a term.
        """
        between = runs.first[1:] - runs.last[:-1]
        whole = (runs.begin < runs.end)[:-1] & (runs.begin < runs.end)[1:]
        whole &= (runs.end == runs.last)[:-1] & (runs.begin == runs.first)[1:] & (between <= max(map(len, _LINKS)))
        left = np.flatnonzero(whole)
        sides = (runs.begin[left], runs.last[left], runs.first[left + 1], runs.end[left + 1])
        may_begin, may_end = self.may_begin.tobytes(), self.may_end.tobytes()
        for begin, middle, start, end in zip(*(side.tolist() for side in sides), strict=True):
            link = _LINKS.get(self.classes[middle:start])
            if link is None:
                continue
            begins = [at for at in range(max(begin, middle - _MAX_SIDE), middle) if may_begin[at]]
            ends = [at + 1 for at in range(start, min(end, start + _MAX_SIDE)) if may_end[at]]
            if link == "c":  # only the longest terms, so that "A B and C D systems" does not give "B and C D"
                begins, ends = [at for at in begins if at == begin], [at for at in ends if at == end]
            for first in begins:
                for last in ends:
                    if term := self._term(first, last):
                        yield first, last, term, link

    def _looked_for(self, sentences: Sentences, found: Iterable[Occurrences]) -> Iterator[tuple[int, int, str, str]]:
        """Yield the occurrences of keywords and of names from external vocabularies that are not in `found`.

        The search by part-of-speech tags misses these occurrences: some are adjectives, and others begin with a
        preposition ("in-context learning").
        """
        noted = {key for part in found for key in zip(part.begin.tolist(), part.end.tolist(), part.terms, strict=True)}
        firsts, lasts = sentences.first.tolist(), sentences.last.tolist()
        for at, words, inside in chain(self._keywords(), self._names()):
            begin, end = bisect_right(self.word_at, at) - 1, bisect_left(self.word_at, at + len(words))
            sentence = bisect_right(firsts, begin) - 1
            if sentence < 0 or end > lasts[sentence]:
                continue
            tokens = zip(self.tokens.texts[begin:end], self.tokens.normal[begin:end], strict=True)
            between = {text for text, normal in tokens if not normal}
            if not between <= inside:
                continue
            if "(" in between and ")" not in between and end < lasts[sentence] and self.tokens.texts[end] == ")":
                end += 1
            occurrence = begin, end, " ".join(words)
            if occurrence not in noted:
                noted.add(occurrence)
                yield *occurrence, ""

    def _keywords(self) -> Iterator[tuple[int, Sequence[str], frozenset[str]]]:
        """Yield a tuple for each occurrence of a keyword.

        The tuple has three values: the index of the first word in `self.words`, the words of the keyword, and the
        tokens that may be between these words in the text, such as hyphens. The time that this takes is linear in the
        number of words and of keywords.
        """
        lengths: dict[str, set[int]] = defaultdict(set)
        for keyword in self.keywords:
            first, *others = keyword.split(" ")
            if len(others) < _MAX_KEYWORD:
                lengths[first].add(1 + len(others))
        places: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self.words):
            for length in lengths.get(word, ()):
                text = " ".join(self.words[at : at + length])
                if text in self.keywords and at + length <= len(self.words):
                    places[text].append(at)
        for keyword, found in sorted(places.items()):
            for at in found:
                yield at, keyword.split(" "), _INSIDE

    def _names(self) -> Iterator[tuple[int, Sequence[str], frozenset[str]]]:
        """Yield a tuple for each occurrence of a name from an external vocabulary.

        The tuple has three values: the index of the first word in `self.words`, the words of the name, and the tokens
        that may be between these words in the text, such as hyphens.
        """
        for at, pair in enumerate(pairwise(self.words)) if self.names else ():
            for name in self.names.get(pair, ()):
                if tuple(self.words[at : at + len(name)]) == name:
                    yield at, name, JOINTS


def _bounds(tokens: Tokens) -> tuple[Bools, Bools]:
    """Return two masks with one element per token: whether a term may begin or end with it.

    Both masks are false for a token without a word, such as an "'s" that is tagged as a noun. Otherwise "pro" would
    occur twice in "pro's", at the same place.
    """
    classes, leading = tokens.classes, tokens.facts["leading"]
    follows = before(classes, "o") == ord("-")
    leads = after(classes, "o") == ord("-")
    may_begin = ~follows & ~is_in(classes, "-s") & ((classes != ord("d")) | leads) & ((classes == ord("n")) | ~leading)
    is_gerund = (classes == ord("g")) & (follows | ~leading)  # "decision-making"
    has_word = tokens.facts["words"] > 0
    return may_begin & has_word, ~leads & (is_in(classes, "np") | is_gerund) & has_word
