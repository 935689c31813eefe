"""Extract hypernym pairs and a definition from one sentence.

A hypernym pair consists of a narrower term X and a broader term Y. The sentence states that X is a kind of Y. The
patterns for such statements are those of M. Hearst, "Automatic acquisition of hyponyms from large text corpora", COLING
1992, applied to tagged words. Nothing is extracted from an ambiguous sentence, such as a sentence with examples that
may belong to either of two nouns. Little is lost by this, since a corpus states most facts more than once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kg.annotate.extract.statement_types import Definition, HypernymPair, Pattern
from kg.annotate.extract.view import MASK
from kg.annotate.text.normal_form import normal_word
from kg.annotate.text.stopwords import BREAKING, JUDGING, LEADING, ROLES
from kg.annotate.text.term_filter import is_term

_PHRASE: Final = re.compile(r"[apngv](?:s?[apngv]|-[apngvd])*")
_TYPE_WORDS: Final = frozenset(
    """
    branch category class family form kind sort species subcategory subclass subfield subset subtype type variant
    """.split()
)
_SORTS: Final = _TYPE_WORDS | frozenset("range variety number set group list collection series field".split())
_ADVERBS: Final = frozenset(
    """
    also basically broadly commonly essentially formally generally mathematically often simply typically usually
    """.split()
)
_SOME: Final = frozenset({"a", "an", "any", "another", "some", "other"})
_CLAUSE: Final = frozenset("that which where who whose when in used for to designed by with based consisting".split())
_ALSO: Final = frozenset({"also", "or", "often", "sometimes", "commonly"})
_POINTING: Final = frozenset({"above", "below", "here", "our", "us", "we", "your"})
_ANAPHORIC: Final = frozenset({"example", "her", "his", "its", "such", "that", "their", "these", "this", "those"})
_PRONOUNS: Final = frozenset({"these", "this", "those"})
_NO_COMPARISON: Final = frozenset({"rather", "other", "more", "less"})
_COMPARATIVES: Final = frozenset({"more", "less"})
_TURNS: Final = frozenset("addition conclusion contrast fact other particular practice summary".split())
_MAX_DEFINITION: Final = 60
"""Maximum number of tokens of a definition, from its subject (the defined term) to the end of the sentence."""
_MIN_DEFINITION: Final = 7
"""Minimum number of tokens of a definition, from its subject (the defined term) to the end of the sentence."""
_MAX_ITEMS: Final = 12
"""Maximum number of items that are read from one list, such as the list after "such as"."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase in a sentence, without words such as "the" and "similar" at its beginning."""

    start: int
    """Index, in the sentence, of the first word of the noun phrase."""
    end: int
    """Index, in the sentence, of the word after the last word of the noun phrase."""
    term: tuple[str, ...]
    """The words of the noun phrase in the singular and in lower case, as in a normal form."""


class Sentence:
    """One sentence of an article, from which hypernym pairs and a definition can be extracted.

    Args:
        part: index of the part of the article (question, answer or body) that contains the sentence.
        words: the tokens of the sentence.
        classes: a string with one character per token, which is the class of the token's part-of-speech tag.
        position: number of sentences that precede this sentence in the same part of the article.
        starts: offset of the beginning of each token in the published text of the part.
        span: offsets of the beginning and of the end of the sentence in the published text of the part.
    """

    def __init__(
        self,
        part: int,
        words: list[str],
        classes: str,
        position: int,
        starts: Sequence[int],
        span: tuple[int, int],
    ) -> None:
        self.part = part
        self.words = words
        self.lower = [word.lower() for word in words]
        self.classes = classes
        self.position = position
        self._starts = starts
        self.span = span

    # Hypernyms

    def kinds(self, trigger: int) -> Iterator[HypernymPair]:
        """Yield the hypernym pairs that the sentence states by the words, such as "including", at index `trigger`."""
        match self.lower[trigger]:
            case "such":
                yield from self._from_list(Pattern.SUCH_AS, trigger, trigger + 2)
            case "including":
                yield from self._from_list(Pattern.INCLUDING, trigger, trigger + 1)
            case "and" | "or":
                yield from self._from_and_other(trigger)
            case "is" | "are":
                yield from self._from_copula(trigger)

    def _from_list(self, pattern: Pattern, trigger: int, after: int) -> Iterator[HypernymPair]:
        end = trigger - 1 if trigger and self.lower[trigger - 1] in {",", "("} else trigger
        broader = self._phrase_before(end)
        if broader is None or not self._is_class(broader) or self._is_attached(broader.start):
            return
        if end < trigger and self._is_in_clause(broader.start):
            return
        for narrower in self._items(after):
            yield from self._hypernym_pair(pattern, narrower, broader)

    def _is_class(self, phrase: _Phrase) -> bool:
        """Return whether a noun phrase can name a class of things.

        It can if it is in the plural, or if there is a word such as "a" or "any" before it.
        """
        before = self.lower[max(phrase.start - 4, 0) : phrase.start]
        plural = (normal_word(self.words[phrase.end - 1]) or ("",))[-1] != self.lower[phrase.end - 1]
        return plural or not _SOME.isdisjoint(before)

    def _is_in_clause(self, start: int) -> bool:
        """Return whether the word at index `start` is in a relative clause.

        For example, "analysis" is in a relative clause in "applications that need analysis".
        """
        for index in range(start - 1, -1, -1):
            if self.words[index] == ",":
                return False
            if self.classes[index] == "w":
                return True
        return False

    def _is_attached(self, start: int) -> bool:
        """Return whether the noun phrase at index `start` modifies an earlier noun, as in "tools for analysis".

        If the sentence goes on with "such as X", then X may be an example of either of the two nouns.
        """
        index = start - 1
        while index >= 0 and (self.classes[index] in "Darvg" or self.lower[index] in BREAKING):
            index -= 1
        if index < start - 1 and index >= 0 and self.classes[index] in "np" and "g" in self.classes[index:start]:
            return True  # as in "applications involving data"
        if index < 1 or self.classes[index] not in "it":
            return False
        noun = self.lower[index - 1]
        if self.lower[index] == "of" and (normal_word(noun) or ("",))[-1] in _SORTS:
            return False
        return self.classes[index - 1] in "npg" or noun == ")"

    def _items(self, start: int) -> Iterator[_Phrase]:
        """Yield the noun phrases in the list that begins at index `start`, such as "A, B and C".

        If there is no "and" or "or" before the last item, only the first item is yielded.
        """
        items: list[_Phrase] = []
        index = start
        closed = False
        if self._is_action(start):
            return
        for _ in range(_MAX_ITEMS):
            phrase, found = self._phrase_after(index), _PHRASE.match(self.classes, index)
            if phrase is not None and self._is_whole(phrase.end):
                items.append(phrase)
            elif phrase is None and found is None:
                break
            index = self._beyond_bracket(phrase.end if phrase is not None else found.end() if found else index)
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
        """Return whether a verb with its object begins at `index`.

        An example is "calculating means" in "such as calculating means".
        """
        follows = self.classes[index + 1 : index + 2]
        if self.classes[index : index + 1] != "g":
            return False
        return self.lower[index] in LEADING or follows in {"D", "a", "n", "p"}

    def _from_and_other(self, trigger: int) -> Iterator[HypernymPair]:
        end = trigger - 1 if trigger and self.lower[trigger - 1] == "," else trigger
        narrower, broader = self._phrase_before(end), self._phrase_after(trigger + 2)
        if narrower is not None and broader is not None and self._is_whole(broader.end):
            yield from self._hypernym_pair(Pattern.AND_OTHER, narrower, broader)

    def _from_copula(self, trigger: int) -> Iterator[HypernymPair]:
        subject = self._subject
        if subject is None or subject[1] != trigger or not subject[2]:
            return
        found = self._genus(trigger)
        if found is not None and found[0] is not Pattern.IS_THE:
            yield from self._hypernym_pair(found[0], subject[0], found[1])

    def _hypernym_pair(self, pattern: Pattern, narrower: _Phrase, broader: _Phrase) -> Iterator[HypernymPair]:
        if is_term(narrower.term) and is_term(broader.term) and narrower.term != broader.term:
            yield HypernymPair(pattern, " ".join(narrower.term), " ".join(broader.term), self.part, *self.span)

    # Definitions

    def definition(self) -> Definition | None:
        """Return the definition that the sentence states, or None if it states no definition.

        The sentence must begin with its subject (possibly after an introduction such as "In statistics,"). It must be
        understandable without the sentences around it.
        """
        subject = self._subject
        if subject is None or self.lower[-1] != "." or not is_term(subject[0].term):
            return None
        phrase, verb, bare = subject
        length = len(self.words) - phrase.start
        if not _MIN_DEFINITION <= length <= _MAX_DEFINITION or not _POINTING.isdisjoint(self.lower):
            return None
        if not _ANAPHORIC.isdisjoint(self.lower[:verb]) or self.words.count("(") != self.words.count(")"):
            return None
        if any(word in _PRONOUNS and not self._is_followed(at) for at, word in enumerate(self.lower)):
            return None
        pattern = self._defines(verb)
        if pattern is None:
            return None
        first = phrase.start
        while first and self.classes[first - 1] == "D":
            first -= 1
        start = self._starts[first] if ":" in self.words[:first] else self.span[0]
        return Definition(pattern, " ".join(phrase.term), self.position, length, bare, self.part, start, self.span[1])

    def _is_followed(self, index: int) -> bool:
        """Return whether a noun phrase follows the demonstrative at `index`, as in "this method".

        The noun phrase makes clear to what the demonstrative refers.
        """
        return self.classes[index + 1 : index + 2] in {"a", "n", "p", "g", "v", "d"}

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
        if judged or self._compares(verb, genus):
            return None
        if genus.term[-1] in ROLES and after not in {"that", "which", "where"}:
            return None
        if pattern is Pattern.TYPE_OF:
            return pattern
        if pattern is Pattern.IS_THE:
            return pattern if after in {"of", "that", "which", "by", "at", "where", "in"} else None
        return pattern if after in _CLAUSE or after == "of" else None

    def _compares(self, verb: int, genus: _Phrase) -> bool:
        """Return whether the sentence compares its subject with something else.

        Examples are "a more precise method" and "a method that is faster than". `verb` is the index of the verb, and
        `genus` is the noun phrase after the verb.
        """
        if not _COMPARATIVES.isdisjoint(self.lower[verb : genus.end]):
            return True
        near = range(genus.end, min(genus.end + 6, len(self.lower)))
        return any(self.lower[at] == "than" and self.lower[at - 1] not in _NO_COMPARISON for at in near)

    # Phrases

    @cached_property
    def _subject(self) -> tuple[_Phrase, int, bool] | None:
        """The subject at the beginning of the sentence, the index of its verb, and whether the subject is general.

        The subject is general if there is no "the" before it: "a graph" and "graphs" mean any graph, but "the graph"
        means a certain graph. The value is None if the sentence does not begin with a subject.
        """
        start = 0
        if ":" in self.words[:8]:  # what precedes the colon only introduces the sentence
            start = self.words.index(":") + 1
        if self.lower[start : start + 1] == ["in"] and "," in self.words[start : start + 8]:  # "In statistics, ..."
            comma = self.words.index(",", start)
            if not ("V" in self.classes[start:comma] or self.lower[start + 1] in _TURNS):
                start = comma + 1
        article = self.lower[start] if start < len(self.words) and self.classes[start] == "D" else ""
        if article not in {"", "a", "an", "the"}:
            return None
        phrase = self._phrase_after(start, strict=True)
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
        """Find the genus of the subject, which is the noun phrase Y in "X is a Y", after the verb at index `verb`.

        Return three values: the wording of the sentence, the genus, and whether the genus only judges the subject
        instead of describing it, as in "X is a popular choice". Return None if there is no genus.
        """
        index = verb + 1
        while index < len(self.words) and self.lower[index] in _ADVERBS:
            index += 1
        if index >= len(self.words):
            return None
        article = self.lower[index] if self.classes[index] == "D" else ""
        plural = self.lower[verb] == "are"
        if (article not in {"a", "an", "the"}) if not plural else article not in {"", "a", "an"}:
            return None
        phrase = self._phrase_after(index)
        if phrase is None or {"g", "v"} & {*self.classes[index : phrase.start]}:  # as in "are using data"
            return None
        if not article and "g" in self.classes[phrase.start] + self.classes[phrase.end - 1]:
            return None
        judging = sum(word in JUDGING for word in self.lower[index : phrase.end])
        told = len(phrase.term) - sum(word in JUDGING for word in phrase.term)
        judged = judging > 0 and (told < 2 or phrase.term[-1] in ROLES)
        of = self.lower[phrase.end : phrase.end + 1] == ["of"]
        if of and phrase.term[-1] in _TYPE_WORDS and article != "the":
            inner = self._phrase_after(phrase.end + 1)
            if inner is None or not self._is_whole(self._beyond_bracket(inner.end)):
                return None
            return Pattern.TYPE_OF, inner, False
        if article == "the":
            return Pattern.IS_THE, phrase, judged or "o" in self.classes[index + 1 : phrase.start]
        pattern = Pattern.ARE if plural else Pattern.IS_A
        if of:
            return Pattern.IS_THE, phrase, judged
        if not self._is_whole(self._beyond_bracket(phrase.end), "a" if plural else ""):
            return None
        return pattern, phrase, judged

    def _phrase_after(self, start: int, *, strict: bool = False) -> _Phrase | None:
        """Return the noun phrase that begins at index `start`, or None if no noun phrase begins there.

        The words "a", "an" and "the" at the beginning are skipped. If `strict` is false, adverbs and adjectives such as
        "similar" and "following" at the beginning are skipped, too.
        """
        index = start
        if index < len(self.words) and self.classes[index] == "D" and self.lower[index] in {"a", "an", "the"}:
            index += 1
        while not strict and index < len(self.words) and (self.classes[index] == "r" or self.lower[index] in BREAKING):
            index += 1
        found = _PHRASE.match(self.classes, index)
        return self._phrase(found.start(), found.end(), strict) if found else None

    def _phrase_before(self, end: int) -> _Phrase | None:
        """Return the noun phrase that ends right before index `end`, or None if no noun phrase ends there."""
        start = end
        while start > 0 and self.classes[start - 1] in "apngv-s":
            start -= 1
        while start < end and self.classes[start] in "-s":
            start += 1
        return self._phrase(start, end) if start < end and self.classes[end - 1] in "npg" else None

    def _phrase(self, start: int, end: int, strict: bool = False) -> _Phrase | None:
        """Return the noun phrase in the words from index `start` to before index `end`, or None if there is none.

        Unless `strict` is true, words that cannot be part of a term are dropped from the beginning of the noun phrase:
        adjectives such as "similar" and "following", and verb forms such as "using".
        """
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

    def _is_whole(self, end: int, others: str = "") -> bool:
        """Return whether a noun phrase really ends before index `end`, because the word at `end` cannot continue it.

        A noun or "of", for example, would continue the phrase. `others` names further classes of words that would
        continue it.
        """
        if end >= len(self.words):
            return True
        return self.classes[end] not in f"snpd-{others}" and self.lower[end] not in {"of", "/"}

    def _beyond_bracket(self, index: int) -> int:
        """Return the index after the text in brackets, such as "(CNN)", that begins at `index`.

        Return `index` if no text in brackets begins there, or if it has more than seven tokens.
        """
        if index < len(self.words) and self.words[index] == "(":
            for end in range(index + 1, min(index + 9, len(self.words))):
                if self.words[end] == ")":
                    return end + 1
        return index
