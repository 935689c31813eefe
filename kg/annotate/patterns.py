"""What an article says outright: that one thing is a kind of another, and what a thing is.

The patterns for the first are those of M. Hearst, "Automatic acquisition of hyponyms from large text corpora", COLING
1992, over tagged words. Where a reading is doubtful, such as which noun a list is attached to, nothing is said: a corpus
says what is true more than once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from spacy.attrs import LENGTH, ORTH, SPACY, TAG
from spacy.tokens import Doc

from kg.annotate.candidates import is_term
from kg.annotate.normal_form import normal_word
from kg.annotate.stopwords import BREAKING, JUDGING, LEADING, ROLES
from kg.annotate.view import MASK, View
from kg.model import Part, PartName, SegmentKind


class Pattern(StrEnum):
    """The words by which a sentence says that X is a Y."""

    TYPE_OF = "type of"
    """X is a type of Y."""
    IS_A = "is a"
    """X is a Y that ..."""
    IS_THE = "is the"
    """X is the Y of ..., which defines X and says of no kind."""
    ARE = "are"
    """X are Y that ..."""
    REFERS_TO = "refers to"
    """X refers to, means, is defined as ...: a definition."""
    SUCH_AS = "such as"
    """Y such as X."""
    AND_OTHER = "and other"
    """X and other Y."""
    INCLUDING = "including"
    """Y, including X."""


@dataclass(frozen=True, slots=True)
class KindOf:
    """A sentence says that `narrower` is a kind of `broader`; both are normal forms of whole noun phrases."""

    pattern: Pattern
    narrower: str
    broader: str
    part: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence that says what `term` is, `words` long; it is the article's `position`-th, from 0."""

    pattern: Pattern
    term: str
    position: int
    words: int
    bare: bool
    """Whether the term has no article before it, or an indefinite one."""
    part: int
    start: int
    end: int


_TRIGGERS: Final = re.compile(
    r"(?<![\w'-])(?:such as|including|(?:and|or) other|is|are|refers? to|means|defined as)(?![\w'-])"
)
_TAGS: Final = {
    "NN": "n", "NNS": "n", "NNP": "p", "NNPS": "p", "JJ": "a", "VBG": "g", "VBN": "v", "HYPH": "-", "POS": "s",
    "DT": "D", "IN": "i", "CC": "c", "RB": "r", "WDT": "w", "WP": "w", "WRB": "w", "TO": "t",
    "VBZ": "V", "VBP": "V", "VBD": "V", "VB": "V", "MD": "V", "CD": "d",
}  # fmt: skip
_PHRASE: Final = re.compile(r"[apngv](?:s?[apngv]|(?:-[apngvd])+)*")
_ENDS: Final = (".", "!", "?", "…", "。")
_CLOSING: Final = frozenset({'"', "'", "''", "”", "’", ")", "]", "»"})
_TYPE_WORDS: Final = frozenset(
    "type kind form class category branch subfield subset subtype variant family sort species subclass subcategory "
    "example instance".split()
)
_SORTS: Final = _TYPE_WORDS | frozenset("range variety number set group list collection series field".split())
_ADVERBS: Final = frozenset(
    "also basically broadly commonly essentially formally fundamentally generally mathematically often simply typically "
    "usually".split()
)
_INDEFINITE: Final = frozenset({"a", "an"})
_CLAUSE: Final = frozenset("that which where who whose when in used for to designed by with based consisting".split())
_ALSO: Final = frozenset({"also", "or", "often", "sometimes", "commonly"})
_POINTING: Final = frozenset({"above", "below", "here", "our", "us", "we", "your"})
_ANAPHORIC: Final = frozenset({"example", "her", "his", "its", "such", "that", "their", "these", "this", "those"})
_LONGEST: Final = 60
_SHORTEST: Final = 7
_MOST_ITEMS: Final = 12


def find_patterns(doc: Doc, view: View, parts: Sequence[Part]) -> tuple[list[KindOf], list[Definition]]:
    """What a tagged article says of kinds, and the sentences of it that define something, in the order of its text.

    Args:
        doc: `view.text`, tagged.
        view: where its segments and masked stretches are.
        parts: of the article; a question defines nothing.
    """
    kinds: list[KindOf] = []
    definitions: list[Definition] = []
    for sentence, triggers in _Reader(doc, view).sentences():
        for trigger in triggers:
            kinds += sentence.kinds(trigger)
        if parts[sentence.part].name is not PartName.QUESTION and (definition := sentence.definition()):
            definitions.append(definition)
    return kinds, definitions


class _Reader:
    """Cuts those sentences out of an article that have words of a pattern in them."""

    def __init__(self, doc: Doc, view: View) -> None:
        values = doc.to_array([ORTH, TAG, LENGTH, SPACY]).astype(np.int64, copy=False) if len(doc) else None
        self._view = view
        self._strings = doc.vocab.strings
        if values is None:
            return
        self._orths = doc.to_array([ORTH])
        self._tags = doc.to_array([TAG])
        steps = values[:, 2] + values[:, 3]
        starts = np.cumsum(steps) - steps
        self._starts: list[int] = starts.tolist()
        self._ends: list[int] = (starts + values[:, 2]).tolist()
        ends = [self._strings[text] for text in _ENDS if text in self._strings]
        self._stops: list[int] = np.flatnonzero(np.isin(self._orths, np.array(ends, np.uint64))).tolist()

    def sentences(self) -> Iterator[tuple[_Sentence, list[int]]]:
        """Each such sentence, with where in it the words of a pattern begin."""
        position = {number: 0 for number in {segment.part for segment in self._view.segments}}
        for segment in self._view.segments:
            if segment.kind in (SegmentKind.HEADING, SegmentKind.CELL):
                continue
            found: dict[tuple[int, int], list[int]] = {}
            first, last = bisect_left(self._starts, segment.start), bisect_left(self._starts, segment.end)
            for trigger in _TRIGGERS.finditer(self._view.text, segment.start, segment.end):
                token = bisect_right(self._starts, trigger.start()) - 1
                if self._starts[token] == trigger.start():
                    found.setdefault(self._around(token, first, last), []).append(token)
            before = position[segment.part]
            stops = bisect_left(self._stops, first)
            for (start, end), tokens in found.items():
                number = before + bisect_left(self._stops, start) - stops
                yield self._sentence(segment.part, start, end, number), [token - start for token in tokens]
            position[segment.part] = before + max(bisect_left(self._stops, last) - stops, 1)

    def _around(self, token: int, first: int, last: int) -> tuple[int, int]:
        """The sentence around a token, within the tokens of its segment."""
        stop = bisect_left(self._stops, token)
        start = max(first, self._stops[stop - 1] + 1) if stop else first
        while start < token and self._text(start) in _CLOSING:
            start += 1
        end = min(last, self._stops[stop] + 1) if stop < len(self._stops) else last
        while end > token + 1 and self._text(end - 1).isspace():
            end -= 1
        return start, end

    def _text(self, token: int) -> str:
        return str(self._strings[int(self._orths[token])])

    def _sentence(self, part: int, start: int, end: int, position: int) -> _Sentence:
        words = [self._text(token) for token in range(start, end)]
        tags = [_TAGS.get(self._strings[int(tag)], "o") for tag in self._tags[start:end]]
        classes = "".join(
            "o" if word == MASK or not (tag != "s" or index) else tag
            for index, (word, tag) in enumerate(zip(words, tags, strict=True))
        )
        places = [self._view.published(self._starts[token], self._ends[token]) for token in (start, end - 1)]
        starts = self._starts[start:end]
        return _Sentence(self, part, words, classes, position, starts, (places[0][0], places[1][1]))

    def published_start(self, offset: int) -> int:
        """Where what begins at that offset of the view begins in the published text."""
        return self._view.published(offset, offset + 1)[0]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The noun phrase that is the words from `start` to before `end`, without what introduces it."""

    start: int
    end: int
    term: tuple[str, ...]


class _Sentence:
    """One sentence: its words, and one character a word for what its tag says."""

    def __init__(
        self,
        reader: _Reader,
        part: int,
        words: list[str],
        classes: str,
        position: int,
        starts: list[int],
        span: tuple[int, int],
    ) -> None:
        self._reader = reader
        self.part = part
        self.words = words
        self.lower = [word.lower() for word in words]
        self.classes = classes
        self.position = position
        self.starts = starts
        self.span = span

    # Kinds

    def kinds(self, trigger: int) -> Iterator[KindOf]:
        """What the words at `trigger` say of kinds."""
        match self.lower[trigger]:
            case "such":
                yield from self._listed(Pattern.SUCH_AS, trigger, trigger + 2)
            case "including":
                yield from self._listed(Pattern.INCLUDING, trigger, trigger + 1)
            case "and" | "or":
                yield from self._others(trigger)
            case "is" | "are":
                yield from self._stated(trigger)

    def _listed(self, pattern: Pattern, trigger: int, after: int) -> Iterator[KindOf]:
        end = trigger - 1 if trigger and self.lower[trigger - 1] in {",", "("} else trigger
        broader = self._before(end)
        if broader is None or self._is_attached(broader.start):
            return
        for narrower in self._items(after):
            yield from self._kind(pattern, narrower, broader)

    def _is_attached(self, start: int) -> bool:
        """Whether what follows a noun phrase at `start` may belong to another noun before it: "tools for analysis"."""
        index = start - 1
        while index >= 0 and (self.classes[index] in "Darvg" or self.lower[index] in BREAKING):
            index -= 1
        if index < start - 1 and index >= 0 and self.classes[index] in "np" and "g" in self.classes[index:start]:
            return True  # "applications involving data"
        if index < 1 or self.classes[index] not in "it":
            return False
        noun = self.lower[index - 1]
        if self.lower[index] == "of" and (normal_word(noun) or ("",))[-1] in _SORTS:
            return False
        return self.classes[index - 1] in "npg" or noun == ")"

    def _items(self, start: int) -> Iterator[_Phrase]:
        """The noun phrases of the list that begins there; of one that no "and" or "or" closes, the first only."""
        items: list[_Phrase] = []
        index = start
        closed = False
        if self._is_action(start):
            return
        for _ in range(_MOST_ITEMS):
            phrase = self._after(index)
            if phrase is None:
                break
            whole, index = self._is_whole(phrase.end), phrase.end
            if whole:
                items.append(phrase)
            index = self._beyond_bracket(index)
            if closed or index >= len(self.words):
                break
            if self.lower[index] == "," and index + 1 < len(self.words):
                index += 1
            elif self.lower[index] not in {"and", "or"}:
                break
            if self.lower[index] in {"and", "or"}:
                closed = True
                index += 1
        yield from items if closed and self.classes[index - 1 : index] != "c" else items[:1]

    def _is_action(self, index: int) -> bool:
        """Whether a verb with its object begins there: "such as calculating means"."""
        follows = self.classes[index + 1 : index + 2]
        if self.classes[index : index + 1] != "g":
            return False
        return self.lower[index] in LEADING or follows in {"D", "a", "n", "p"}

    def _others(self, trigger: int) -> Iterator[KindOf]:
        end = trigger - 1 if trigger and self.lower[trigger - 1] == "," else trigger
        narrower, broader = self._before(end), self._after(trigger + 2)
        if narrower is not None and broader is not None and self._is_whole(broader.end):
            yield from self._kind(Pattern.AND_OTHER, narrower, broader)

    def _stated(self, trigger: int) -> Iterator[KindOf]:
        subject = self._subject()
        if subject is None or subject[1] != trigger or not subject[2]:
            return
        found = self._genus(trigger)
        if found is not None and found[0] is not Pattern.IS_THE:
            yield from self._kind(found[0], subject[0], found[1])

    def _kind(self, pattern: Pattern, narrower: _Phrase, broader: _Phrase) -> Iterator[KindOf]:
        if is_term(narrower.term) and is_term(broader.term) and narrower.term != broader.term:
            yield KindOf(pattern, " ".join(narrower.term), " ".join(broader.term), self.part, *self.span)

    # Definitions

    def definition(self) -> Definition | None:
        """What the sentence defines, if it does: it has a subject from its start, and stands by itself."""
        subject = self._subject()
        if subject is None or self.lower[-1] != "." or not is_term(subject[0].term):
            return None
        phrase, verb, bare = subject
        length = len(self.words) - phrase.start
        if not _SHORTEST <= length <= _LONGEST or not _POINTING.isdisjoint(self.lower):
            return None
        if not _ANAPHORIC.isdisjoint(self.lower[:verb]):
            return None
        pattern = self._defines(verb)
        if pattern is None:
            return None
        first = phrase.start
        while first and self.classes[first - 1] == "D":
            first -= 1
        if ":" not in self.words[:first]:
            start = self.span[0]
        else:
            start = self._reader.published_start(self.starts[first])
        return Definition(
            pattern, " ".join(phrase.term), self.position, length, bare, self.part, start, self.span[1]
        )

    def _defines(self, verb: int) -> Pattern | None:
        rest = self.lower[verb : verb + 5]
        if rest[0] in {"refers", "refer"} or rest[0] == "means":
            follows = self.lower[verb + (2 if rest[0] != "means" else 1) :][:1]
            return Pattern.REFERS_TO if follows and follows[0] not in {"that", "to"} else None
        if "defined" in rest[1:4] and "as" in rest:
            return Pattern.REFERS_TO
        if rest[0] not in {"is", "are"}:
            return None
        found = self._genus(verb)
        if found is None:
            return None
        pattern, genus, judged = found
        after = self.lower[genus.end] if genus.end < len(self.words) else "."
        if judged or (genus.term and genus.term[-1] in ROLES and after not in {"that", "which", "where"}):
            return None
        if pattern is Pattern.TYPE_OF:
            return pattern
        if pattern is Pattern.IS_THE:
            return pattern if after in {"of", "that", "which", "by", "at", "where", "in"} else None
        return pattern if after in _CLAUSE or after == "of" else None

    # Phrases

    def _subject(self) -> tuple[_Phrase, int, bool] | None:
        """The sentence's subject, if it begins with it, its verb, and whether it is about the term in general."""
        start = 0
        if ":" in self.words[:8]:  # a lead-in
            start = self.words.index(":") + 1
        if self.lower[start : start + 1] == ["in"] and "," in self.words[start : start + 8]:  # "In statistics, ..."
            comma = self.words.index(",", start)
            start = start if "V" in self.classes[start:comma] else comma + 1
        article = self.lower[start] if start < len(self.words) and self.classes[start] == "D" else ""
        if article not in {"", "a", "an", "the"}:
            return None
        phrase = self._after(start, strict=True)
        if phrase is None:
            return None
        verb = self._beyond_bracket(phrase.end)
        if self.lower[verb : verb + 1] == [","] and self.lower[verb + 1 : verb + 2] and self.lower[verb + 1] in _ALSO:
            stretch = self.lower[verb + 1 : verb + 12]
            verb = verb + 2 + stretch.index(",") if "," in stretch else len(self.words)
        if verb < len(self.words) and self.lower[verb] in {"can", "may"}:
            if self.lower[verb + 1 : verb + 4] != ["be", "defined", "as"]:
                return None
            return phrase, verb, article != "the"
        if verb < len(self.words) and self.lower[verb] in {"is", "are", "refers", "refer", "means"}:
            return phrase, verb, article != "the"
        return None

    def _genus(self, verb: int) -> tuple[Pattern, _Phrase, bool] | None:
        """What the subject is said to be, by which pattern, and whether the words judge instead of telling."""
        index = verb + 1
        while index < len(self.words) and self.lower[index] in _ADVERBS:
            index += 1
        if index >= len(self.words):
            return None
        article = self.lower[index] if self.classes[index] == "D" else ""
        plural = self.lower[verb] == "are"
        if (article not in {"a", "an", "the"}) if not plural else article not in {"", "a", "an"}:
            return None
        phrase = self._after(index)
        if phrase is None or (not article and "g" in self.classes[index] + self.classes[phrase.end - 1]):
            return None
        judging = sum(word in JUDGING for word in self.lower[index : phrase.end])
        told = len(phrase.term) - sum(word in JUDGING for word in phrase.term)
        judged = judging > 0 and (told < 2 or phrase.term[-1] in ROLES)
        of = self.lower[phrase.end : phrase.end + 1] == ["of"]
        if of and phrase.term[-1] in _TYPE_WORDS and article != "the":
            inner = self._after(phrase.end + 1)
            if inner is None or self.lower[inner.end : inner.end + 1] == ["of"]:
                return None
            return Pattern.TYPE_OF, inner, False
        if article == "the":
            return Pattern.IS_THE, phrase, judged or "o" in self.classes[index + 1 : phrase.start]
        pattern = Pattern.ARE if plural else Pattern.IS_A
        if of:
            return Pattern.IS_THE, phrase, judged
        return pattern, phrase, judged

    def _after(self, start: int, *, strict: bool = False) -> _Phrase | None:
        """The noun phrase that begins at `start`, with its article and what it is graded by."""
        index = start
        if index < len(self.words) and self.classes[index] == "D" and self.lower[index] in {"a", "an", "the"}:
            index += 1
        while not strict and index < len(self.words) and (self.classes[index] == "r" or self.lower[index] in BREAKING):
            index += 1
        found = _PHRASE.match(self.classes, index)
        return self._phrase(found.start(), found.end(), strict) if found else None

    def _before(self, end: int) -> _Phrase | None:
        """The noun phrase that ends before `end`."""
        start = end
        while start > 0 and self.classes[start - 1] in "apngv-s":
            start -= 1
        while start < end and self.classes[start] in "-s":
            start += 1
        return self._phrase(start, end) if start < end and self.classes[end - 1] in "npg" else None

    def _phrase(self, start: int, end: int, strict: bool = False) -> _Phrase | None:
        """A phrase without adjectives that point and judge, and without a verb that leads into it, unless `strict`."""
        while end > start and self.classes[end - 1] not in "npg":
            end -= 1
        for index in range(end - 1, start - 1, -1):
            leading = self.lower[index] in BREAKING or (self.classes[index] in "gv" and self.lower[index] in LEADING)
            if leading and not strict and "-" not in self.classes[max(index - 1, 0) : index + 2]:
                start = index + 1
                break
        if start >= end:
            return None
        words = tuple(part for word in self.words[start:end] for part in normal_word(word))
        return _Phrase(start, end, words) if words and words != (MASK.lower(),) else None

    def _is_whole(self, end: int) -> bool:
        """Whether a noun phrase that ends before `end` is all that is meant: nothing of it follows."""
        return end >= len(self.words) or not (self.classes[end] in "snpd-" or self.lower[end] in {"of", "/"})

    def _beyond_bracket(self, index: int) -> int:
        """The index after a short bracket that begins there."""
        if index < len(self.words) and self.words[index] == "(":
            for end in range(index + 1, min(index + 9, len(self.words))):
                if self.words[end] == ")":
                    return end + 1
        return index
