"""The candidate terms of an article, in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from kg.annotate.extract.spans import Spans
from kg.annotate.extract.tokens import Tokens
from kg.base.arrays import Bools, Ints

_USES: Final = {"n": "noun", "p": "noun", "g": "gerund", "a": "modifier", "v": "modifier"}


@dataclass(frozen=True, eq=False, slots=True)
class Sentences:
    """The sentences of an article in text order, in columns of (sentences)."""

    first: Ints
    """First token."""
    last: Ints
    """Token after the last one."""
    part: Ints
    """Index of the article's part."""
    structure: Bools
    """Whether the sentence is a heading or a table cell."""
    opens_item: Bools
    """Whether the sentence is the first one of a list item."""

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, bool, bool]]) -> Self:
        """Create the columns from one tuple per sentence."""
        first, last, part, structure, opens_item = np.array([*rows], np.int64).reshape(-1, 5).T
        return cls(first, last, part, structure == 1, opens_item == 1)


@dataclass(frozen=True, eq=False, slots=True)
class Occurrences:
    """Stretches of tokens that are terms, from `begin` to before `end`."""

    begin: Ints
    end: Ints
    terms: Sequence[str]
    """Normal forms."""
    links: Sequence[str]
    """Class of the word that joins two noun phrases of the term: i (preposition), c ("and") or empty."""
    alone: Bools
    """Whether the occurrence is not part of a longer candidate."""

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, str, str]]) -> Self:
        """Create the columns from one tuple per occurrence, with `alone` false for all of them."""
        begin, end = np.array([row[:2] for row in rows], np.int64).reshape(-1, 2).T
        return cls(begin, end, [row[2] for row in rows], [row[3] for row in rows], np.zeros(len(rows), np.bool_))


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates of one article in text order, with the surface forms and words needed for labels and ranking."""

    tokens: int
    """Number of the article's tokens."""
    terms: Sequence[str]
    """Normal forms of the candidates."""
    shapes: Sequence[str]
    """Shape of each candidate's first occurrence: the classes of its first and its last word, then its link.

    Classes are n(oun), p(roper noun), a(djective), g(erund), v (past participle), m(asked) and d (number).
    """
    columns: Mapping[str, Ints]
    """Numbers of each candidate, named as in `kg.annotate.rows.CANDIDATES`; `first` and `last` are token indices."""
    spans: Spans
    places: Mapping[str, Ints]
    """Published offsets of each occurrence, named as in `kg.annotate.rows.OCCURRENCE`, in the order of `spans`."""
    forms: Sequence[tuple[str, str, bool]]
    """(normal form, surface form, in running prose) of each occurrence."""
    words: Sequence[tuple[str, str]]
    """(surface form, use) of each word in running prose; the use is "noun", "gerund", "modifier" or "other"."""


def in_columns(found: Sequence[Occurrences], sentences: Sentences, tokens: Tokens, text: str) -> Found:
    """Return the candidates of an article.

    Args:
        found: their occurrences, without duplicates.
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
    """Return the words in running prose with their uses; only there are capitals meaningful and tags reliable."""
    prose = np.zeros(len(tokens), np.bool_)
    for first, last in zip(sentences.first[~sentences.structure], sentences.last[~sentences.structure], strict=True):
        prose[first + 1 : last] = True
    chosen = np.flatnonzero(prose & tokens.running & tokens.facts["counted"])
    uses = [_USES.get(chr(tag), "other") for tag in tokens.tags[chosen].tolist()]
    return [*zip([tokens.texts[at] for at in chosen.tolist()], uses, strict=True)]
