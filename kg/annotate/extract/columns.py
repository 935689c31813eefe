"""The candidate terms of an article, as columns: arrays with one element per term, occurrence or sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from kg.annotate.extract.spans import Spans
from kg.annotate.extract.tokens import Tokens
from kg.base.arrays import Bools, Ints

_USES: Final = {"n": "noun", "p": "noun", "g": "gerund", "a": "modifier", "v": "modifier"}


@dataclass(frozen=True, eq=False, slots=True)
class Sentences:
    """The sentences of an article in text order; each column has one element per sentence."""

    first: Ints
    """Index of the sentence's first token."""
    last: Ints
    """Index of the token after the sentence's last one."""
    part: Ints
    """Index of the part of the article that contains the sentence."""
    structure: Bools
    """Whether the sentence is a heading or a table cell."""
    opens_item: Bools
    """Whether the sentence is the first one of a list item."""

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, bool, bool]]) -> Self:
        """Create the columns from one tuple per sentence, with its values in the order of the attributes."""
        first, last, part, structure, opens_item = np.array([*rows], np.int64).reshape(-1, 5).T
        return cls(first, last, part, structure == 1, opens_item == 1)


@dataclass(frozen=True, eq=False, slots=True)
class Occurrences:
    """Occurrences of terms in an article; each column has one element per occurrence."""

    begin: Ints
    """Index of the occurrence's first token."""
    end: Ints
    """Index of the token after the occurrence's last one."""
    terms: Sequence[str]
    """Normal form of the term."""
    links: Sequence[str]
    """Class of the word that joins the two noun phrases of the term: i (preposition) or c ("and").

    It is empty if the term has only one noun phrase.
    """
    alone: Bools
    """Whether the occurrence is outside of all longer candidates."""

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, str, str]]) -> Self:
        """Create the columns from one tuple (begin, end, term, link) per occurrence; `alone` is false everywhere."""
        begin, end = np.array([row[:2] for row in rows], np.int64).reshape(-1, 2).T
        return cls(begin, end, [row[2] for row in rows], [row[3] for row in rows], np.zeros(len(rows), np.bool_))

    def among(self, terms: Collection[str]) -> Self:
        """Return the occurrences of the given terms."""
        kept = [at for at, term in enumerate(self.terms) if term in terms]
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

    Also the surface forms of the candidates and the words in running prose, which labels and ranking need.
    """

    tokens: int
    """Number of the article's tokens."""
    terms: Sequence[str]
    """Normal form of each candidate."""
    shapes: Sequence[str]
    """Shape of each candidate, taken from its first occurrence.

    It consists of two or three letters: the class of the first word, the class of the last word and, if the term has
    two noun phrases, the class of the word that joins them (see `Occurrences.links`). For example, the shape of "law of
    large numbers" is "nni". The classes of the first and last words are n(oun), p(roper noun), a(djective),
    g(erund), v (past participle), m(asked) and d (number).
    """
    columns: Mapping[str, Ints]
    """Key: a column of `kg.annotate.rows.CANDIDATES`. Value: an array with one number per candidate.

    The numbers of `first` and `last` are indices of tokens. In `CANDIDATES`, they are divided by the number of tokens.
    """
    spans: Spans
    """The occurrences of the candidates; each is a span of tokens."""
    places: Mapping[str, Ints]
    """Key: a field of `kg.annotate.rows.OCCURRENCE`. Value: an array with one number per occurrence.

    The occurrences are in the order of `spans`. Offsets are those in the published text.
    """
    forms: Sequence[tuple[str, str, bool]]
    """For each occurrence: the normal form, the surface form, and whether the occurrence is in running prose."""
    words: Sequence[tuple[str, str]]
    """For each word in running prose: its surface form and its use ("noun", "gerund", "modifier" or "other")."""


def in_columns(found: Sequence[Occurrences], sentences: Sentences, tokens: Tokens, text: str) -> Found:
    """Return the candidates of an article.

    Args:
        found: the occurrences of the candidates, without duplicates.
        sentences: all sentences of the article.
        tokens: all tokens of the article.
        text: the text of the tokens.
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
    running = tokens.running[begin] & (begin > first) & ~structure
    counted = {
        "alone": alone[order],
        "proper": running & (tokens.classes[end - 1] == ord("p")),
        "bold": tokens.bold[begin],
        "heading": structure,
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


def _word_uses(sentences: Sentences, tokens: Tokens) -> list[tuple[str, str]]:
    """Return the surface form and the use of each word in running prose.

    Other words are left out, because outside running prose capitals mean nothing and tags are not reliable.
    """
    prose = np.zeros(len(tokens), np.bool_)
    for first, last in zip(sentences.first[~sentences.structure], sentences.last[~sentences.structure], strict=True):
        prose[first + 1 : last] = True
    chosen = np.flatnonzero(prose & tokens.running & tokens.facts["counted"])
    uses = [_USES.get(chr(tag), "other") for tag in tokens.tags[chosen].tolist()]
    return [*zip([tokens.texts[at] for at in chosen.tolist()], uses, strict=True)]
