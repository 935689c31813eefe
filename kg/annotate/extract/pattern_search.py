"""Find the sentences of an article that state a hypernym or a definition."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from kg.annotate.extract.hearst_patterns import Sentence
from kg.annotate.extract.statement_types import Definition, HypernymPair
from kg.annotate.extract.tokens import Tokens
from kg.annotate.extract.view import MASK, View
from kg.base.model import Part, PartName, SegmentKind

_TRIGGERS: Final = re.compile(
    r"(?<![\w'-])(?:such as|including|(?:and|or) other|is|are|refers? to|means|defined as)(?![\w'-])"
)
_TAGS: Final = {
    "NN": "n", "NNS": "n", "NNP": "p", "NNPS": "p", "JJ": "a", "VBG": "g", "VBN": "v", "HYPH": "-", "POS": "s",
    "DT": "D", "IN": "i", "CC": "c", "RB": "r", "WDT": "w", "WP": "w", "WRB": "w", "TO": "t",
    "VBZ": "V", "VBP": "V", "VBD": "V", "VB": "V", "MD": "V", "CD": "d",
}  # fmt: skip
_ENDS: Final = frozenset(".!?…。")
_MAX_TOKENS: Final = 150
"""Maximum number of tokens of a sentence that is searched for statements.

Longer sentences are mostly tables, or lists without full stops.
"""
_CLOSING: Final = frozenset({'"', "'", "''", "”", "’", ")", "]", "»"})


def find_patterns(tokens: Tokens, view: View, parts: Sequence[Part]) -> tuple[list[HypernymPair], list[Definition]]:
    """Return the hypernym pairs and the definitions that a tagged article states, in text order.

    Args:
        tokens: the tokens of `view.text`.
        view: the article's text as the tagger gets it, with its segments (blocks such as paragraphs).
        parts: the parts of the article: question and answer, or body. Definitions in a question are ignored.
    """
    kinds: list[HypernymPair] = []
    definitions: list[Definition] = []
    for sentence, triggers in _SentenceFinder(tokens, view).sentences():
        for trigger in triggers:
            kinds += sentence.kinds(trigger)
        if parts[sentence.part].name is not PartName.QUESTION and (definition := sentence.definition()):
            definitions.append(definition)
    return kinds, definitions


class _SentenceFinder:
    """Search for the sentences of an article that may state a hypernym pair or a definition.

    Such sentences contain "trigger words", for example "is", "such as" or "refers to".
    """

    def __init__(self, tokens: Tokens, view: View) -> None:
        self._view = view
        self._texts = tokens.texts
        self._starts: list[int] = tokens.starts.tolist()
        self._published = [column.tolist() for column in tokens.published]
        classes = tokens.by_tag(_TAGS)
        classes[[at for at, text in enumerate(tokens.texts) if text == MASK]] = ord("o")
        self._classes = classes.tobytes().decode()
        self._stops = [at for at, text in enumerate(tokens.texts) if text in _ENDS]

    def sentences(self) -> Iterator[tuple[Sentence, list[int]]]:
        """Yield each sentence that contains trigger words such as "is" or "such as", and the places of these words.

        A place is the index, in the sentence, of the first token of the trigger words.
        """
        position = dict.fromkeys({segment.part for segment in self._view.segments}, 0)
        for segment in self._view.segments:
            if segment.kind in (SegmentKind.HEADING, SegmentKind.CELL):
                continue
            first, last = bisect_left(self._starts, segment.start), bisect_left(self._starts, segment.end)
            found: dict[int, list[int]] = {}
            for trigger in _TRIGGERS.finditer(self._view.text, segment.start, segment.end):
                token = bisect_right(self._starts, trigger.start()) - 1
                if self._starts[token] == trigger.start():
                    found.setdefault(bisect_left(self._stops, token), []).append(token)
            stops = bisect_left(self._stops, first)
            before = position[segment.part]
            for stop, tokens in found.items():
                start, end = self._sentence_at(stop, first, last)
                if end - start <= _MAX_TOKENS and tokens[0] >= start:
                    sentence = self._sentence(segment.part, start, end, before + stop - stops)
                    yield sentence, [token - start for token in tokens if token < end]
            position[segment.part] = before + max(bisect_left(self._stops, last) - stops, 1)

    def _sentence_at(self, stop: int, first: int, last: int) -> tuple[int, int]:
        """Return the index of the first token of a sentence, and the index of the token after its last token.

        The sentence ends at the full stop `self._stops[stop]`, or at the end of its segment (a block such as a
        paragraph) if this comes first. The segment consists of the tokens from `first` to before `last`.
        """
        start = max(first, self._stops[stop - 1] + 1) if stop else first
        end = min(last, self._stops[stop] + 1) if stop < len(self._stops) else last
        while start < end and self._texts[start] in _CLOSING:
            start += 1
        while end > start and self._texts[end - 1].isspace():
            end -= 1
        return start, end

    def _sentence(self, part: int, start: int, end: int, position: int) -> Sentence:
        classes = self._classes[start:end]
        if classes.startswith("s"):
            classes = "o" + classes[1:]
        starts, ends = self._published
        return Sentence(
            part, self._texts[start:end], classes, position, starts[start:end], (starts[start], ends[end - 1])
        )
