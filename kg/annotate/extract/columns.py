"""The candidate terms of an article as columns, which are arrays with one element per term, occurrence or sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from kg.annotate.extract.spans import Spans
from kg.annotate.extract.tokens import Tokens
from kg.base.arrays import Bools, Ints

_MAX_VALUE: Final = 10
"""Maximum number of words after a label, see `_is_label`."""
_DASHES: Final = frozenset({"-", "–", "—"})
_USES: Final = {"n": "noun", "p": "noun", "g": "gerund", "a": "modifier", "v": "modifier"}


@dataclass(frozen=True, eq=False, slots=True)
class Sentences:
    """The sentences of an article in text order; each attribute is an array with one element per sentence."""

    first: Ints
    """Index of the first token of each sentence."""
    last: Ints
    """Index of the token after the last token of each sentence."""
    part: Ints
    """Index of the part of the article (question, answer or body) that contains each sentence."""
    structure: Bools
    """Whether each sentence is in a heading or in a table cell."""
    heading: Bools
    """Whether each sentence is in a heading."""
    opens_item: Bools
    """Whether each sentence is the first sentence of a list item."""

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, bool, bool, bool]]) -> Self:
        """Create the arrays from one tuple per sentence, which has a value for each attribute, in the same order."""
        first, last, part, structure, heading, opens_item = np.array([*rows], np.int64).reshape(-1, 6).T
        return cls(first, last, part, structure == 1, heading == 1, opens_item == 1)


@dataclass(frozen=True, eq=False, slots=True)
class Occurrences:
    """Occurrences of terms in an article; each attribute has one element per occurrence."""

    begin: Ints
    """Index of the first token of each occurrence."""
    end: Ints
    """Index of the token after the last token of each occurrence."""
    terms: Sequence[str]
    """Normal form (singular, lower case) of the term of each occurrence."""
    links: Sequence[str]
    """Class of the word that joins the two noun phrases of each term: i (preposition) or c ("and").

    An example is the "of" in "law of large numbers". The class is "" for a term that has only one noun phrase.
    """
    alone: Bools
    """Whether each occurrence is the longest possible term in a sequence of nouns and their modifiers.

    For example, in "a deep neural network", this is true of "deep neural network", but not of "neural network".
    """

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, str, str]]) -> Self:
        """Create the columns from one tuple (begin, end, term, link) per occurrence, with `alone` false for all."""
        begin, end = np.array([row[:2] for row in rows], np.int64).reshape(-1, 2).T
        return cls(begin, end, [row[2] for row in rows], [row[3] for row in rows], np.zeros(len(rows), np.bool_))

    def among(self, terms: Collection[str]) -> Self:
        """Return the occurrences of the given terms."""
        return self.where([term in terms for term in self.terms])

    def where(self, mask: Sequence[bool]) -> Self:
        """Return the occurrences for which `mask`, with one element per occurrence, is true."""
        if all(mask):
            return self
        kept = [at for at, is_kept in enumerate(mask) if is_kept]
        return replace(
            self,
            begin=self.begin[kept],
            end=self.end[kept],
            terms=[self.terms[at] for at in kept],
            links=[self.links[at] for at in kept],
            alone=self.alone[kept],
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The candidate terms of one article, in the order of their first occurrences.

    `forms` and `words` describe how terms and words are written and used. They are needed to choose labels and to rank
    candidates.
    """

    tokens: int
    """Number of tokens of the article."""
    terms: Sequence[str]
    """Normal form (singular, lower case) of each candidate."""
    shapes: Sequence[str]
    """Shape of each candidate: a text that describes the word classes in its first occurrence.

    The shape has two or three letters. The first two are the classes of the first and of the last word. If the term has
    two noun phrases, the third is the class of the word that joins them (see `Occurrences.links`). For example, the
    shape of "law of large numbers" is "nni". The classes of the first and last words are n(oun), p(roper noun),
    a(djective), g(erund), v (past participle), m (code or mathematics) and d (number).
    """
    columns: Mapping[str, Ints]
    """Key: a column of `kg.annotate.rows.CANDIDATES`. Value: an array with one number per candidate.

    The values of the keys "first" and "last" are indices of tokens. In `CANDIDATES`, these indices are divided by the
    article's number of tokens.
    """
    spans: Spans
    """The occurrences of the candidates, as spans of tokens."""
    places: Mapping[str, Ints]
    """Key: a field of `kg.annotate.rows.OCCURRENCE`. Value: an array with one number per occurrence.

    The occurrences are in the order of `spans`. Offsets refer to the published text of the part of the article.
    """
    forms: Sequence[tuple[str, str, bool]]
    """For each occurrence: the normal form of the term, the term as written, and whether capitals have a meaning there.

    Capitals have a meaning (a sign of proper nouns) in running prose, except in the first word of a sentence.
    """
    words: Sequence[tuple[str, str]]
    """For each word in running prose: the word as written, and its use ("noun", "gerund", "modifier" or "other")."""


def in_columns(found: Sequence[Occurrences], sentences: Sentences, tokens: Tokens, text: str) -> Found:
    """Return the candidate terms of an article as columns.

    Args:
        found: the occurrences of the candidates, in several groups. No occurrence appears twice.
        sentences: all sentences of the article.
        tokens: all tokens of the article.
        text: the text that was split into `tokens`.
    """
    begin, end, alone = (np.concatenate([getattr(part, name) for part in found]) for name in ("begin", "end", "alone"))
    terms, links = ([each for part in found for each in getattr(part, name)] for name in ("terms", "links"))
    in_text = np.lexsort((end, begin)).tolist()
    numbers: dict[str, int] = {}
    number = np.array([numbers.setdefault(terms[at], len(numbers)) for at in in_text], np.int64)
    order = np.array(in_text, np.int64)[np.argsort(number, kind="stable")]
    begin, end = begin[order], end[order]
    spans = Spans(begin, end, np.bincount(number, minlength=len(numbers)))
    sentence = sentences.first.searchsorted(begin, "right") - 1
    first, structure = sentences.first[sentence], sentences.structure[sentence]
    words = np.append(0, np.cumsum([len(normal) for normal in tokens.normal]))
    is_whole = words[_before_note(tokens, end, sentences.last[sentence])] == words[sentences.last[sentence]]
    is_whole &= words[begin] == words[first]
    names_section = (sentences.heading[sentence] & is_whole) | _is_label(tokens, words, begin, end)
    running = tokens.running[begin] & (begin > first) & ~structure
    counted = {
        "alone": alone[order],
        "proper": running & (tokens.classes[end - 1] == ord("p")),
        "bold": tokens.bold[begin],
        "heading": structure,
        "section_name": names_section,
        "item_start": ~structure & sentences.opens_item[sentence] & (begin - first < 2),
    }
    columns = {
        "words": np.array([term.count(" ") + 1 for term in numbers], np.int64),
        "frequency": spans.counts,
        "first": begin[spans.starts],
        "last": begin[spans.starts + spans.counts - 1],
        **dict(zip(counted, spans.totals([*counted.values()]), strict=True)),
    }
    starts, stops = tokens.published
    places = {
        "part": sentences.part[sentence],
        "start": starts[begin],
        "end": stops[end - 1],
        "sentence_start": starts[first],
        "sentence_end": stops[sentences.last[sentence] - 1],
    }
    classes = tokens.classes.tobytes().decode()
    firsts = zip(columns["first"].tolist(), end[spans.starts].tolist(), order[spans.starts].tolist(), strict=True)
    shapes = [classes[start] + classes[stop - 1] + links[at] for start, stop, at in firsts]
    surfaces = zip(tokens.starts[begin].tolist(), tokens.ends[end - 1].tolist(), strict=True)
    written = [text[start:stop] for start, stop in surfaces]
    forms = [*zip([terms[at] for at in order.tolist()], written, running.tolist(), strict=True)]
    return Found(len(tokens), [*numbers], shapes, columns, spans, places, forms, _word_uses(sentences, tokens))


def _before_note(tokens: Tokens, end: Ints, last: Ints) -> Ints:
    """Return the index of the token after a note in parentheses, if one begins at `end`; otherwise `end`.

    Only a note at the end of a sentence counts, as in the heading "Keywords (topics and people)".
    """
    opens = np.array([*(text == "(" for text in tokens.texts), False])
    closes = np.array([False, *(text == ")" for text in tokens.texts)])
    return np.where(opens[end] & closes[last], last, end)


def _is_label(tokens: Tokens, words: Ints, begin: Ints, end: Ints) -> Bools:
    """Return whether each occurrence from `begin` to `end` is a label at the beginning of a line.

    A label is followed by a colon or a dash and then at most `_MAX_VALUE` words, as in "Category: roses" and "book -
    Roses". A bold occurrence is not a label, because the text after it often explains it.

    Args:
        tokens: all tokens of the article.
        words: number of words before each token.
        begin: index of the first token of each occurrence.
        end: index of the token after the last token of each occurrence.
    """
    lines = tokens.lines[begin]
    line, line_end = tokens.lines.searchsorted(lines), tokens.lines.searchsorted(lines, "right")
    spaced = np.append(np.append(False, tokens.starts[1:] > tokens.ends[:-1]), False)
    separates = np.array(
        [one == ":" or (one in _DASHES and bool(spaced[index])) for index, one in enumerate(tokens.texts)] + [False]
    )
    is_short = words[line_end] - words[end] <= _MAX_VALUE
    found: Bools = separates[end] & is_short & (words[begin] == words[line]) & ~tokens.bold[begin]
    return found


def _word_uses(sentences: Sentences, tokens: Tokens) -> list[tuple[str, str]]:
    """Return, for each word inside a sentence in running prose, the word as written and its use, such as "noun".

    Words in headings and table cells, bold words and first words of sentences are left out, because their capitals mean
    nothing or their tags are not reliable.
    """
    prose = np.zeros(len(tokens), np.bool_)
    for first, last in zip(sentences.first[~sentences.structure], sentences.last[~sentences.structure], strict=True):
        prose[first + 1 : last] = True
    chosen = np.flatnonzero(prose & tokens.running & tokens.facts["counted"])
    uses = [_USES.get(chr(tag), "other") for tag in tokens.tags[chosen].tolist()]
    return [*zip([tokens.texts[at] for at in chosen.tolist()], uses, strict=True)]
